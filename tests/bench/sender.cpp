// sender PORT PATH BODY_FILE KEY HEADER HOW_MANY [FIRST]: posts signed deliveries over 16 kept connections, each
// sending its next one as soon as the last is answered. HEADER is Bookafy-Webhook-Signature (signed with the time,
// api.md 8.4) or X-Hub-Signature-256 (the body alone). HOW_MANY is a count, or a time like 3s. Each delivery speaks of
// an invitee of its own, made from its number, and is a millisecond younger than the one before; they begin with FIRST.
// Prints one line of JSON.
#include <openssl/evp.h>
#include <openssl/params.h>
#include <poll.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "faults/socket.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using faults::Socket;

constexpr std::size_t senders = 16;

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) text.append({digits[byte >> 4U], digits[byte & 15U]});
  return text;
}

/// A number as far from its neighbours' as ids are from each other (the finalizer of splitmix64).
std::uint64_t scattered(std::uint64_t number) {
  number = (number ^ (number >> 30U)) * 0xbf58476d1ce4e5b9U;
  number = (number ^ (number >> 27U)) * 0x94d049bb133111ebU;
  return number ^ (number >> 31U);
}

/// The time of day, so many milliseconds after midnight.
std::string time_of_day(std::uint64_t milliseconds) {
  const std::chrono::hh_mm_ss time{std::chrono::milliseconds(milliseconds % std::uint64_t{86'400'000})};
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%02d:%02d:%02d.%03d", static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
                static_cast<int>(time.subseconds().count()));
  return text.data();
}

/// The body of a delivery, with its time and the ids of its invitee and event replaced by those of a number.
class Body {
 public:
  explicit Body(const std::string& file) {
    std::ifstream stream(file);
    text_.assign(std::istreambuf_iterator<char>(stream), {});
    for (std::size_t id = 0; id < placeholders.size(); ++id)
      for (auto at = text_.find(placeholders[id]); at != std::string::npos; at = text_.find(placeholders[id], at + 1))
        places_.emplace_back(at, id);
    created_ = text_.find(midnight);
    if (places_.empty() || created_ == std::string::npos) throw std::runtime_error("no delivery in " + file);
  }

  const std::string& numbered(std::uint64_t number) {
    std::array<std::string, placeholders.size()> ids;
    for (std::size_t id = 0; id < ids.size(); ++id) {
      const std::uint64_t high = scattered(2 * number + id + 1);
      std::array<char, 37> uuid{};
      std::snprintf(uuid.data(), uuid.size(), "%08x-%04x-4%03x-8%03x-%012llx", static_cast<unsigned>(high >> 32U),
                    static_cast<unsigned>(high >> 16U & 0xffffU), static_cast<unsigned>(high >> 4U & 0xfffU),
                    static_cast<unsigned>(id), static_cast<unsigned long long>(number));
      ids[id] = uuid.data();
    }
    for (const auto& [at, id] : places_) ids[id].copy(text_.data() + at, ids[id].size());
    const std::string time = time_of_day(number);
    time.copy(text_.data() + created_, time.size());
    return text_;
  }

 private:
  static constexpr std::array<std::string_view, 2> placeholders{"00000000-0000-4000-8000-000000000000",
                                                                "00000000-0000-4000-8000-000000000001"};
  static constexpr std::string_view midnight = "00:00:00.000";
  std::string text_;
  std::vector<std::pair<std::size_t, std::size_t>> places_;
  std::size_t created_;
};

class Signer {
 public:
  Signer(const std::string& key, std::string header)
      : header_(std::move(header)), timed_(header_ == "Bookafy-Webhook-Signature") {
    EVP_MAC* hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    keyed_ = EVP_MAC_CTX_new(hmac);
    EVP_MAC_free(hmac);
    std::string digest = "SHA256";
    const std::array<OSSL_PARAM, 2> parameters{OSSL_PARAM_construct_utf8_string("digest", digest.data(), 0),
                                               OSSL_PARAM_construct_end()};
    EVP_MAC_init(keyed_, bytes(key), key.size(), parameters.data());
  }
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;
  ~Signer() { EVP_MAC_CTX_free(keyed_); }

  std::string line(const std::string& body) const {
    if (!timed_) return header_ + ": sha256=" + hex(sign("", body)) + "\r\n";
    const std::string now = std::to_string(std::time(nullptr));
    return header_ + ": t=" + now + ",v1=" + hex(sign(now + ".", body)) + "\r\n";
  }

 private:
  static const unsigned char* bytes(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  }

  std::string sign(const std::string& before, const std::string& body) const {
    EVP_MAC_init(keyed_, nullptr, 0, nullptr);
    EVP_MAC_update(keyed_, bytes(before), before.size());
    EVP_MAC_update(keyed_, bytes(body), body.size());
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    std::size_t size = 0;
    EVP_MAC_final(keyed_, digest.data(), &size, digest.size());
    return {reinterpret_cast<const char*>(digest.data()), size};
  }

  std::string header_;
  bool timed_;
  EVP_MAC_CTX* keyed_;
};

/// Whether this is all of an answer; both receivers say its length.
bool is_whole(std::string_view answer) {
  const auto end = answer.find("\r\n\r\n");
  if (end == std::string_view::npos) return false;
  std::string head(answer.substr(0, end));
  std::transform(head.begin(), head.end(), head.begin(), [](unsigned char c) { return std::tolower(c); });
  const auto length = head.find("content-length:");
  if (length == std::string::npos) throw std::runtime_error("an answer without its length: " + head);
  return answer.size() >= end + 4 + static_cast<std::size_t>(std::atoll(head.c_str() + length + 15));
}

struct Connection {
  Socket socket;
  std::string answer;
  Clock::time_point sent;
};

struct Tally {
  std::map<int, long long> statuses;
  std::vector<double> microseconds;  ///< from the last byte given to the system to the last byte of the answer
};

struct Load {
  int port;
  std::string head;
  Body body;
  Signer signer;
  std::uint64_t first;
  std::uint64_t count;
  Clock::duration time;
};

void send_next(Load& load, Connection& connection, std::uint64_t number) {
  const std::string& body = load.body.numbered(number);
  std::string request = load.head + load.signer.line(body);
  request.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  connection.answer.clear();
  if (!connection.socket.is_open()) connection.socket = Socket::connected_to(load.port);
  connection.sent = Clock::now();
  if (!connection.socket.send(request)) throw std::runtime_error("the receiver hung up");
}

/// True once the answer is complete.
bool receive(Connection& connection, Tally& tally) {
  const std::string more = connection.socket.receive();
  if (more.empty()) throw std::runtime_error("the receiver hung up");
  connection.answer += more;
  if (!is_whole(connection.answer)) return false;
  tally.microseconds.push_back(std::chrono::duration<double, std::micro>(Clock::now() - connection.sent).count());
  ++tally.statuses[std::atoi(connection.answer.c_str() + std::string_view("HTTP/1.1 ").size())];
  if (connection.answer.find("onnection: close") != std::string::npos) connection.socket.close();
  return true;
}

Tally run(Load& load) {
  std::vector<Connection> connections(senders);
  Tally tally;
  std::uint64_t next = load.first;
  std::size_t busy = 0;
  const auto end = Clock::now() + load.time;
  auto go_on = [&](Connection& connection) {
    if (next == load.first + load.count || Clock::now() >= end) return;
    send_next(load, connection, next++);
    ++busy;
  };
  for (Connection& connection : connections) go_on(connection);
  while (busy > 0) {
    std::array<pollfd, senders> watched{};
    for (std::size_t i = 0; i < senders; ++i) watched[i] = {connections[i].socket.descriptor(), POLLIN, 0};
    if (poll(watched.data(), watched.size(), 30'000) == 0) throw std::runtime_error("no answer for 30 seconds");
    for (std::size_t i = 0; i < senders; ++i) {
      if (watched[i].revents == 0 || !receive(connections[i], tally)) continue;
      --busy;
      go_on(connections[i]);
    }
  }
  return tally;
}

double own_cpu() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

void report(Tally& tally, double seconds) {
  auto& times = tally.microseconds;
  std::sort(times.begin(), times.end());
  auto percentile = [&](std::size_t percent) {
    return times[std::min(times.size() - 1, times.size() * percent / 100)];
  };
  std::printf(R"({"seconds": %.6f, "answered": %zu, "p50": %.1f, "p99": %.1f, "cpu": %.3f, "statuses": {)", seconds,
              times.size(), percentile(50), percentile(99), own_cpu());
  const char* between = "";
  for (const auto& [status, count] : tally.statuses) {
    std::printf("%s\"%d\": %lld", between, status, count);
    between = ", ";
  }
  std::puts("}}");
}

Load load_of(char** arguments, bool numbered) {
  const std::string amount = arguments[6];
  const bool timed = amount.back() == 's';
  const std::string port = arguments[1];
  return {
      .port = std::atoi(port.c_str()),
      .head = std::string("POST ") + arguments[2] + " HTTP/1.1\r\nHost: 127.0.0.1:" + port +
              "\r\nUser-Agent: Bookafy\r\nContent-Type: application/json\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n",
      .body = Body(arguments[3]),
      .signer = Signer(arguments[4], arguments[5]),
      .first = numbered ? std::strtoull(arguments[7], nullptr, 10) : 0,
      .count = timed ? ~0ULL : std::strtoull(amount.c_str(), nullptr, 10),
      .time =
          timed ? std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(std::atof(amount.c_str())))
                : std::chrono::hours(1)};
}

}  // namespace

int main(int count, char** arguments) try {
  if (count != 7 && count != 8)
    return std::fputs("usage: sender PORT PATH BODY_FILE KEY HEADER HOW_MANY [FIRST]\n", stderr), 2;
  Load load = load_of(arguments, count == 8);
  const auto start = Clock::now();
  Tally tally = run(load);
  report(tally, std::chrono::duration<double>(Clock::now() - start).count());
} catch (const std::exception& error) {
  std::fprintf(stderr, "sender: %s\n", error.what());
  return 1;
}
