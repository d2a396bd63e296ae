#include "sandbox/outbox.hpp"

#include <fmt/format.h>

#include "api/codec.hpp"
#include "bookafy/signature.hpp"
#include "sandbox/reference.hpp"
#include "sandbox/retry_schedule.hpp"

namespace bookafy::sandbox {
namespace {

constexpr std::string_view deliveries_collection = "deliveries";
constexpr std::size_t most_per_subscription = 4;
constexpr std::size_t most_under_way = 256;

Value delivery_document(const std::string& path, const Value& subscription, const Occurrence& occurrence) {
  const std::string at = format_timestamp(occurrence.at);
  const Value* creator = subscription.find("creator");
  return Value::Object{{"attempts", Value::Array()},
                       {"callback_url", subscription.text_at("callback_url")},
                       {"created_at", at},
                       {"envelope", Value::Object{{"created_at", nullptr},
                                                  {"created_by", creator ? *creator : Value()},
                                                  {"event", occurrence.event},
                                                  {"payload", occurrence.payload}}},
                       {"event", occurrence.event},
                       {"next_attempt_at", at},
                       {"organization", occurrence.organization},
                       {"state", "pending"},
                       {"subscription", subscription.text_at("uri")},
                       {"updated_at", at},
                       {"uri", path}};
}

void forget_oldest(const World& world, Changes& changes) {
  const World::Table& deliveries = world.all(deliveries_collection);
  const std::size_t all = deliveries.size() + changes.put.size();
  std::size_t excess = all > kept_deliveries ? all - kept_deliveries : 0;
  for (auto row = deliveries.begin(); row != deliveries.end() && excess > 0; ++row, --excess)
    if (row->second.document.text_at("state") != "pending")
      changes.erased.push_back(row->second.document.text_at("uri"));
}

/// Headers exactly as the API sends them.
http::Request request_of(const Record& delivery, const Record& subscription, std::chrono::sys_seconds time,
                         const std::string& base_url) {
  Value envelope = *delivery.document.find("envelope");
  make_full(envelope, base_url);
  http::Request request{"POST", delivery.document.text_at("callback_url"), {}, codec::encode(envelope)};
  request.headers = {
      {"User-Agent", "Bookafy"}, {"Content-Type", "application/json"}, {"Accept", "*/*"}, {"Accept-Encoding", "gzip"}};
  if (!subscription.signing_key.empty())
    request.headers.push_back(
        {std::string(signature_header_name), signature_header(subscription.signing_key, time, request.body)});
  return request;
}

bool is_success(const http::Outcome& outcome) {
  const auto* response = std::get_if<http::Response>(&outcome);
  return response && response->status >= 200 && response->status <= 299;
}

/// The receiver wants no further delivery: its subscription is deleted.
bool is_gone(const http::Outcome& outcome) {
  const auto* response = std::get_if<http::Response>(&outcome);
  return response && response->status == 410;
}

/// Writes the outcome into the attempt that is under way.
void note_outcome(Value& attempt, const http::Outcome& outcome, const std::string& now) {
  attempt.set("ended_at", now);
  if (const auto* response = std::get_if<http::Response>(&outcome))
    attempt.set("status", response->status);
  else
    attempt.set("failure", std::get<http::Failure>(outcome).message);
}

/// One that was cut short by the end of the sandbox has no end.
Timestamp first_failure(const Value& delivery, Timestamp now) {
  for (const Value& attempt : *delivery.find("attempts")->array())
    if (const auto ended = parse_timestamp(attempt.text_at("ended_at"))) return *ended;
  return now;
}

void settle(Value& delivery, std::string_view state, const std::string& now) {
  delivery.set("state", state);
  delivery.set("next_attempt_at", nullptr);
  delivery.set("updated_at", now);
}

bool is_active(const Record* subscription) {
  return subscription && subscription->document.text_at("state") == "active";
}

}  // namespace

void add_deliveries(const World& world, Changes& changes) {
  if (changes.occurrences.empty()) return;
  std::int64_t number = world.last_number();
  for (const Occurrence& occurrence : changes.occurrences)
    for (const auto& [unused, record] : world.all("webhook_subscriptions"))
      if (is_active(&record) && covers(world, record.document, occurrence))
        changes.add(delivery_document(fmt::format("/sandbox/{}/{}", deliveries_collection, ++number), record.document,
                                      occurrence));
  forget_oldest(world, changes);
}

/// Working copies of records, applied together.
class Outbox::Edits {
 public:
  explicit Edits(World& world) : world_(world) {}

  /// The copy, made at the first call; nullptr when there is no such record.
  Record* find(const std::string& path) {
    if (erased_.contains(path)) return nullptr;
    if (const auto present = records_.find(path); present != records_.end()) return &present->second;
    const Record* record = world_.find(path);
    return record ? &records_.emplace(path, *record).first->second : nullptr;
  }
  Record& delivery(std::int64_t number) {
    return *find(world_.all(deliveries_collection).at(number).document.text_at("uri"));
  }

  void erase(const std::string& path) {
    records_.erase(path);
    erased_.insert(path);
  }

  void apply() {
    Changes changes{.put = {}, .erased = {erased_.begin(), erased_.end()}};
    for (const auto& [path, record] : records_) changes.put.push_back(record);
    if (!changes.put.empty() || !changes.erased.empty()) world_.apply(std::move(changes));
  }

 private:
  World& world_;
  std::map<std::string, Record> records_;
  std::set<std::string> erased_;
};

Outbox::Outbox(World& world, const Surroundings& surroundings, std::string base_url)
    : world_(world), surroundings_(surroundings), base_url_(std::move(base_url)) {}

void Outbox::take_in() {
  const World::Table& deliveries = world_.all(deliveries_collection);
  for (auto row = deliveries.upper_bound(last_seen_); row != deliveries.end(); ++row) {
    last_seen_ = row->first;
    const Value& document = row->second.document;
    if (document.text_at("state") != "pending") continue;
    const auto due = parse_timestamp(document.text_at("next_attempt_at"));
    lanes_[document.text_at("subscription")].waiting.insert({due.value_or(surroundings_.now()), row->first});
  }
}

std::vector<Outbox::Picked> Outbox::pick() const {
  const Timestamp now = surroundings_.now();
  std::vector<Picked> picked;
  for (const auto& [subscription, lane] : lanes_) {
    std::size_t busy = lane.under_way;
    for (const auto& next : lane.waiting) {
      if (next.first > now || busy >= most_per_subscription) break;
      if (under_way() + picked.size() >= most_under_way) return picked;
      picked.push_back({subscription, next});
      ++busy;
    }
  }
  return picked;
}

std::optional<Attempt> Outbox::start(Edits& edits, std::int64_t number) const {
  const std::string now = format_timestamp(surroundings_.now());
  const auto outside = std::chrono::floor<std::chrono::seconds>(surroundings_.now_outside());
  Record& delivery = edits.delivery(number);
  const Record* subscription = world_.find(delivery.document.text_at("subscription"));
  if (!is_active(subscription)) {
    settle(delivery.document, "abandoned", now);
    return std::nullopt;
  }
  Value& envelope = *delivery.document.find("envelope");
  if (envelope.find("created_at")->is_null()) envelope.set("created_at", format_timestamp(outside));
  Value::Array& attempts = *delivery.document.find("attempts")->array();
  attempts.emplace_back(Value::Object{{"at", now},
                                      {"ended_at", nullptr},
                                      {"failure", nullptr},
                                      {"number", static_cast<std::int64_t>(attempts.size() + 1)},
                                      {"status", nullptr}});
  delivery.document.set("updated_at", now);
  return Attempt{static_cast<std::uint64_t>(number), request_of(delivery, *subscription, outside, base_url_)};
}

std::vector<Attempt> Outbox::begin() {
  take_in();
  const std::vector<Picked> picked = pick();
  std::vector<Attempt> attempts;
  Edits edits(world_);
  for (const auto& [subscription, next] : picked)
    if (auto attempt = start(edits, next.second)) attempts.push_back(std::move(*attempt));
  edits.apply();

  for (const auto& [subscription, next] : picked) lanes_[subscription].waiting.erase(next);
  for (const Attempt& attempt : attempts) {
    const std::string subscription =
        world_.all(deliveries_collection).at(static_cast<std::int64_t>(attempt.id)).document.text_at("subscription");
    ++lanes_[subscription].under_way;
    subscription_of_.emplace(attempt.id, subscription);
  }
  std::erase_if(lanes_, [](const auto& row) { return row.second.waiting.empty() && row.second.under_way == 0; });
  return attempts;
}

void Outbox::note_success(Edits& edits, Record& delivery) const {
  const std::string now = format_timestamp(surroundings_.now());
  settle(delivery.document, "delivered", now);
  Record* subscription = edits.find(delivery.document.text_at("subscription"));
  if (!is_active(subscription) || subscription->document.find("retry_started_at")->is_null()) return;
  subscription->document.set("retry_started_at", nullptr);
  subscription->document.set("updated_at", now);
}

void Outbox::note_failure(Edits& edits, Record& delivery) const {
  const Timestamp instant = surroundings_.now();
  const std::string now = format_timestamp(instant);
  Record* subscription = edits.find(delivery.document.text_at("subscription"));
  if (!is_active(subscription)) return settle(delivery.document, "abandoned", now);
  const auto failing_since = parse_timestamp(subscription->document.text_at("retry_started_at"));
  if (!failing_since) {
    subscription->document.set("retry_started_at", now);
    subscription->document.set("updated_at", now);
  } else if (instant >= *failing_since + retry_period) {
    subscription->document.set("state", "disabled");
    subscription->document.set("updated_at", now);
    return settle(delivery.document, "abandoned", now);
  }
  const Timestamp first = first_failure(delivery.document, instant);
  if (instant >= first + retry_period) return settle(delivery.document, "abandoned", now);
  const int failures = static_cast<int>(delivery.document.find("attempts")->array()->size());
  delivery.document.set("next_attempt_at", format_timestamp(next_attempt(failures, first, instant)));
  delivery.document.set("updated_at", now);
}

void Outbox::finish(const std::vector<http::Completed>& ended) {
  take_in();
  Edits edits(world_);
  const std::string now = format_timestamp(surroundings_.now());
  for (const http::Completed& one : ended) {
    Record& delivery = edits.delivery(static_cast<std::int64_t>(one.id));
    note_outcome(delivery.document.find("attempts")->array()->back(), one.outcome, now);
    if (is_gone(one.outcome)) edits.erase(subscription_of_.at(one.id));
    if (is_success(one.outcome))
      note_success(edits, delivery);
    else
      note_failure(edits, delivery);
  }
  std::set<std::string> ends;
  for (const http::Completed& one : ended) {
    const std::string& path = subscription_of_.at(one.id);
    if (is_active(edits.find(path)) || !ends.insert(path).second) continue;
    for (const auto& [due, number] : lanes_.at(path).waiting) settle(edits.delivery(number).document, "abandoned", now);
  }
  edits.apply();
  for (const std::string& path : ends) lanes_.at(path).waiting.clear();
  for (const http::Completed& one : ended) release(one.id);
}

void Outbox::release(std::uint64_t id) {
  const auto entry = subscription_of_.extract(id);
  const auto number = static_cast<std::int64_t>(id);
  Lane& lane = lanes_.at(entry.mapped());
  --lane.under_way;
  if (const auto due =
          parse_timestamp(world_.all(deliveries_collection).at(number).document.text_at("next_attempt_at")))
    lane.waiting.insert({*due, number});
  if (lane.waiting.empty() && lane.under_way == 0) lanes_.erase(entry.mapped());
}

std::optional<Timestamp> Outbox::due() const {
  std::optional<Timestamp> soonest;
  if (under_way() >= most_under_way) return soonest;
  for (const auto& [subscription, lane] : lanes_)
    if (!lane.waiting.empty() && lane.under_way < most_per_subscription)
      soonest = std::min(soonest.value_or(Timestamp::max()), lane.waiting.begin()->first);
  return soonest;
}

}  // namespace bookafy::sandbox
