/// One webhook delivery as it was received.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bookafy/http.hpp"
#include "bookafy/timestamp.hpp"
#include "bookafy/value.hpp"

namespace bookafy::delivery {

enum class Verification {
  valid,      ///< signed with our key, within the window
  unchecked,  ///< received without a key to check against
};
std::string_view to_string(Verification verification);

struct Delivery {
  std::string event;
  std::string created_at;  ///< of the envelope, as sent
  std::string uri;         ///< `payload.uri`; empty where the event has none
  std::string identity;    ///< 16 bytes: the same for every repetition of one delivery
  Timestamp received_at{};
  Verification verification = Verification::unchecked;
  std::vector<http::Header> headers;
  std::string body;  ///< the raw bytes
  Value document;    ///< what they say, as far as bookings and readable lines need it
};

/// Reads the envelope. nullopt, with the reason in `problem`, unless it is a JSON object with the texts `event` and
/// `created_at` and an object `payload`.
std::optional<Delivery> read_delivery(std::string body, std::string& problem);

/// The body on one line: line ends, which in valid JSON can only be insignificant, become spaces. Compact JSON stays
/// byte for byte what it was.
std::string one_line(std::string_view body);

}  // namespace bookafy::delivery
