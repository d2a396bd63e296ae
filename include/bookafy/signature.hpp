/// The signatures of webhook deliveries: `Bookafy-Webhook-Signature: t=<unix seconds>,v1=<HMAC-SHA256 in hex>`.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bookafy/http.hpp"
#include "bookafy/secret.hpp"

namespace bookafy {

inline constexpr std::string_view signature_header_name = "Bookafy-Webhook-Signature";
/// The same under the name that compatible services use. When a delivery has both, this one is not looked at.
inline constexpr std::string_view compatible_signature_header_name = "Calendly-Webhook-Signature";

/// How far the signed time may be from now, in both directions, unless the user says otherwise.
inline constexpr std::chrono::seconds default_signature_tolerance{180};

/// 32 random bytes in base64url without padding: 43 characters. Throws Error (internal) when there is no randomness.
Secret generate_signing_key();

/// What a check of a signature found. All but `valid` are refusals.
enum class SignatureVerdict {
  valid,
  no_header,      ///< the delivery is not signed
  malformed,      ///< not comma-separated `key=value`, or `t` is not a decimal number of 1 to 15 digits
  no_time,        ///< `t` is missing
  no_signature,   ///< `v1` is missing
  repeated_time,  ///< `t` is given twice
  mismatch,       ///< no `v1` is the signature of these bytes under this key
  too_old,        ///< genuine, but signed longer ago than the tolerance
  from_future,    ///< genuine, but signed further ahead than the tolerance
};

/// One clause in words: `the signature is too old`.
std::string_view to_string(SignatureVerdict verdict);

/// The signature header's value; fields of the same name are joined by a comma (RFC 9110 section 5.3). nullopt when
/// there is none.
std::optional<std::string> find_signature(const std::vector<http::Header>& headers);

/// A key made ready for many signatures. The key's bytes are used as they are, never decoded. One thread at a time.
class SigningKey {
 public:
  /// Throws Error (usage) for an empty key, Error (internal) when the cryptography cannot be set up.
  explicit SigningKey(const Secret& key);
  SigningKey(SigningKey&&) noexcept;
  SigningKey& operator=(SigningKey&&) noexcept;
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;
  ~SigningKey();

  /// The header's value for a body sent at that time.
  std::string sign(std::chrono::sys_seconds time, std::string_view body) const;
  /// `header` is the value of the signature header, `body` the raw bytes as they were received. The comparison takes
  /// the same time wherever a difference is.
  SignatureVerdict verify(std::string_view header, std::string_view body, std::chrono::sys_seconds now,
                          std::chrono::seconds tolerance = default_signature_tolerance) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The header's value for one body; for many make a SigningKey.
std::string signature_header(const Secret& key, std::chrono::sys_seconds time, std::string_view body);

}  // namespace bookafy
