#include "delivery/delivery.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "api/codec.hpp"
#include "bookafy/error.hpp"

namespace bookafy::delivery {
namespace {

constexpr std::size_t identity_bytes = 16;

/// The envelope, and what bookings and readable lines are made of: under load the rest would cost most of the time.
const Projection& looked_at() {
  static const Projection kept = [] {
    const std::vector<std::string> of_payload{"uri",
                                              "status",
                                              "rescheduled",
                                              "name",
                                              "email",
                                              "event",
                                              "updated_at",
                                              "old_invitee",
                                              "new_invitee",
                                              "cancellation",
                                              "no_show",
                                              "contact.name",
                                              "scheduled_event.uri",
                                              "scheduled_event.name",
                                              "scheduled_event.start_time",
                                              "scheduled_event.end_time"};
    Projection projection("payload", of_payload);
    projection.add("event");
    projection.add("created_at");
    return projection;
  }();
  return kept;
}

std::string digest(std::string_view text) {
  std::array<char, EVP_MAX_MD_SIZE> bytes{};
  std::size_t length = 0;
  if (EVP_Q_digest(nullptr, "SHA256", nullptr, text.data(), text.size(), reinterpret_cast<unsigned char*>(bytes.data()),
                   &length) != 1)
    throw Error(ErrorKind::internal, "OpenSSL: no SHA-256");
  return {bytes.data(), length};
}

/// Event, payload.uri, created_at and, if present, payload.updated_at tell deliveries apart; without payload.uri the
/// whole body does. JSON strings hold any character, so each part comes with its length.
std::string identity(const Delivery& delivery, const std::string& updated_at) {
  std::string text;
  const std::string body = delivery.uri.empty() ? digest(delivery.body) : "";
  const std::string updated = delivery.uri.empty() ? "" : updated_at;
  for (const std::string& part : {delivery.event, delivery.created_at, delivery.uri, body})
    text += std::to_string(part.size()) + ':' + part;
  if (!updated.empty()) text += std::to_string(updated.size()) + ':' + updated;
  return digest(text).substr(0, identity_bytes);
}

}  // namespace

std::string_view to_string(Verification verification) {
  return verification == Verification::valid ? "valid" : "unchecked";
}

std::optional<Delivery> read_delivery(std::string body, std::string& problem) {
  auto document = codec::decode(body, problem, looked_at());
  if (!document) return std::nullopt;
  Delivery delivery;
  delivery.event = document->text_at("event");
  delivery.created_at = document->text_at("created_at");
  const Value* payload = document->find("payload");
  if (delivery.event.empty())
    problem = "it has no event";
  else if (delivery.created_at.empty())
    problem = "it has no created_at";
  else if (!payload || !payload->object())
    problem = "it has no payload";
  if (!problem.empty()) return std::nullopt;
  delivery.uri = payload->text_at("uri");
  delivery.body = std::move(body);
  delivery.identity = identity(delivery, payload->text_at("updated_at"));
  delivery.document = std::move(*document);
  return delivery;
}

std::string one_line(std::string_view body) {
  std::string line(body.substr(0, body.find_last_not_of(" \t\r\n") + 1));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return line;
}

}  // namespace bookafy::delivery
