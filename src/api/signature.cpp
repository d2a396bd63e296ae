#include "bookafy/signature.hpp"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "bookafy/error.hpp"

namespace bookafy {
namespace {

using Digest = std::array<unsigned char, 32>;
constexpr std::size_t hex_length = 2 * std::tuple_size_v<Digest>;
/// Enough for 30 million years, and no sum or difference of two such times overflows.
constexpr std::size_t most_time_digits = 15;

[[noreturn]] void fail(const char* what) { throw Error(ErrorKind::internal, fmt::format("OpenSSL: {}", what)); }

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_time(std::string_view text) {
  return !text.empty() && text.size() <= most_time_digits &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

struct ParsedHeader {
  SignatureVerdict verdict = SignatureVerdict::valid;
  std::string_view time;  ///< exactly as sent: these digits were signed
  std::vector<std::string_view> signatures;
};

ParsedHeader parse(std::string_view header) {
  ParsedHeader parsed;
  bool has_time = false;
  for (bool more = true; more;) {
    const auto comma = header.find(',');
    more = comma != std::string_view::npos;
    const std::string_view element = trimmed(header.substr(0, comma));
    header.remove_prefix(more ? comma + 1 : header.size());
    if (element.empty()) continue;  // RFC 9110 section 5.6.1.2: empty list elements are ignored
    const auto equals = element.find('=');
    if (equals == std::string_view::npos) return {SignatureVerdict::malformed, {}, {}};
    const std::string_view key = trimmed(element.substr(0, equals));
    const std::string_view value = trimmed(element.substr(equals + 1));
    if (key == "v1") parsed.signatures.push_back(value);
    if (key != "t") continue;
    if (has_time) return {SignatureVerdict::repeated_time, {}, {}};
    if (!is_time(value)) return {SignatureVerdict::malformed, {}, {}};
    has_time = true;
    parsed.time = value;
  }
  if (!has_time)
    parsed.verdict = SignatureVerdict::no_time;
  else if (parsed.signatures.empty())
    parsed.verdict = SignatureVerdict::no_signature;
  return parsed;
}

std::string hex(const Digest& digest) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(hex_length);
  for (const unsigned char byte : digest) text.append(1, digits[byte >> 4U]).append(1, digits[byte & 15U]);
  return text;
}

std::optional<std::string> joined(const std::vector<http::Header>& headers, std::string_view name) {
  std::optional<std::string> value;
  for (const http::Header& one : headers)
    if (http::is_named(one, name)) value = value ? *value + ',' + one.value : one.value;
  return value;
}

}  // namespace

Secret generate_signing_key() {
  std::array<unsigned char, 32> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) fail("no random bytes");
  std::array<unsigned char, 45> encoded{};  // 44 characters of base64 and the terminating zero
  const int length = EVP_EncodeBlock(encoded.data(), bytes.data(), static_cast<int>(bytes.size()));
  std::string text(encoded.begin(), encoded.begin() + length);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  std::erase(text, '=');
  OPENSSL_cleanse(bytes.data(), bytes.size());
  OPENSSL_cleanse(encoded.data(), encoded.size());
  return Secret(std::move(text));
}

std::string_view to_string(SignatureVerdict verdict) {
  switch (verdict) {
    case SignatureVerdict::valid: return "the signature is valid";
    case SignatureVerdict::no_header: return "there is no signature header";
    case SignatureVerdict::malformed: return "the signature header is malformed";
    case SignatureVerdict::no_time: return "the signature header has no t";
    case SignatureVerdict::no_signature: return "the signature header has no v1";
    case SignatureVerdict::repeated_time: return "the signature header has t twice";
    case SignatureVerdict::mismatch: return "the signature does not match";
    case SignatureVerdict::too_old: return "the signature is too old";
    case SignatureVerdict::from_future: return "the signature is from the future";
  }
  return "the signature is refused";
}

std::optional<std::string> find_signature(const std::vector<http::Header>& headers) {
  auto value = joined(headers, signature_header_name);
  return value ? value : joined(headers, compatible_signature_header_name);
}

struct SigningKey::State {
  struct Free {
    void operator()(EVP_MAC* handle) const { EVP_MAC_free(handle); }
    void operator()(EVP_MAC_CTX* handle) const { EVP_MAC_CTX_free(handle); }
  };

  explicit State(std::string_view key) : mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr)) {
    context.reset(mac ? EVP_MAC_CTX_new(mac.get()) : nullptr);
    std::string name = "SHA256";
    const std::array parameters{OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
                                OSSL_PARAM_construct_end()};
    const auto* bytes = reinterpret_cast<const unsigned char*>(key.data());
    if (!context || EVP_MAC_init(context.get(), bytes, key.size(), parameters.data()) != 1) fail("no HMAC-SHA256");
  }

  /// Starting over without a key keeps the one that is there, already hashed into the state.
  Digest digest(std::string_view time, std::string_view body) const {
    Digest result{};
    std::size_t length = 0;
    auto update = [&](std::string_view text) {
      return EVP_MAC_update(context.get(), reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
    };
    if (EVP_MAC_init(context.get(), nullptr, 0, nullptr) != 1 || !update(time) || !update(".") || !update(body) ||
        EVP_MAC_final(context.get(), result.data(), &length, result.size()) != 1)
      fail("HMAC-SHA256 failed");
    return result;
  }

  std::unique_ptr<EVP_MAC, Free> mac;
  std::unique_ptr<EVP_MAC_CTX, Free> context;
};

SigningKey::SigningKey(const Secret& key) {
  if (key.empty()) throw Error(ErrorKind::usage, "the signing key is empty");
  state_ = std::make_unique<State>(key.reveal());
}
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;
SigningKey::~SigningKey() = default;

std::string SigningKey::sign(std::chrono::sys_seconds time, std::string_view body) const {
  const std::string seconds = std::to_string(time.time_since_epoch().count());
  return fmt::format("t={},v1={}", seconds, hex(state_->digest(seconds, body)));
}

SignatureVerdict SigningKey::verify(std::string_view header, std::string_view body, std::chrono::sys_seconds now,
                                    std::chrono::seconds tolerance) const {
  const ParsedHeader parsed = parse(header);
  if (parsed.verdict != SignatureVerdict::valid) return parsed.verdict;
  const std::string expected = hex(state_->digest(parsed.time, body));
  bool matches = false;
  for (const std::string_view given : parsed.signatures)
    if (given.size() == expected.size() && CRYPTO_memcmp(given.data(), expected.data(), expected.size()) == 0)
      matches = true;
  // Before the window: the time means nothing until it is known who wrote it.
  if (!matches) return SignatureVerdict::mismatch;

  std::int64_t seconds = 0;
  std::from_chars(parsed.time.data(), parsed.time.data() + parsed.time.size(), seconds);
  const auto age = now.time_since_epoch() - std::chrono::seconds(seconds);
  if (age > tolerance) return SignatureVerdict::too_old;
  if (age < -tolerance) return SignatureVerdict::from_future;
  return SignatureVerdict::valid;
}

std::string signature_header(const Secret& key, std::chrono::sys_seconds time, std::string_view body) {
  return SigningKey(key).sign(time, body);
}

}  // namespace bookafy
