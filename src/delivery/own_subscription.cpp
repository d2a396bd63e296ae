#include "delivery/own_subscription.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "api/codec.hpp"
#include "bookafy/resource.hpp"
#include "bookafy/signature.hpp"
#include "system/file.hpp"

namespace bookafy::delivery {
namespace {

constexpr std::string_view prefix = "listener-";
constexpr std::string_view suffix = ".json";
constexpr const char* what = "the listener's record";

using Record = OwnSubscription::Record;

Value to_value(const Record& record) {
  return Value::Object{{"api_url", record.api_url}, {"url", record.url},
                       {"scope", record.scope},     {"organization", record.organization},
                       {"user", record.user},       {"begun", record.begun},
                       {"uri", record.uri}};
}

std::optional<Record> read_record(const std::string& file) {
  const auto text = system::read_private_file(file, what);
  std::string problem;
  const auto value = text ? codec::decode(*text, problem) : std::nullopt;
  if (!value) return std::nullopt;
  return Record{value->text_at("api_url"),      value->text_at("url"),  value->text_at("scope"),
                value->text_at("organization"), value->text_at("user"), value->text_at("begun"),
                value->text_at("uri")};
}

void remove_ignoring_missing(const std::string& uri, Client& client) {
  const auto resource = parse_resource_of(ResourceKind::subscription, uri);
  if (!resource) return;
  try {
    client.remove(*resource);
  } catch (const Error& error) {
    if (error.kind != ErrorKind::not_found) throw;
  }
}

/// The URIs of the subscriptions that the record can mean: its own, or those of its URL made since.
std::vector<std::string> meant_by(const Record& record, Client& client) {
  if (!record.uri.empty()) return {record.uri};
  constexpr std::chrono::minutes clock_skew{5};
  const auto begun = parse_timestamp(record.begun);
  const auto scope = parse_scope(record.scope);
  std::vector<std::string> uris;
  if (!begun || !scope) return uris;
  Pages pages =
      client.list({.scope = *scope, .organization = record.organization, .user = record.user, .group = {}, .sort = {}});
  while (auto page = pages.next())
    for (const Value& row : *page) {
      const auto created = parse_timestamp(row.text_at("created_at"));
      if (row.text_at("callback_url") == record.url && created && *created >= *begun - clock_skew)
        uris.push_back(row.text_at("uri"));
    }
  return uris;
}

std::string lock_of(const std::string& file) { return file + ".lock"; }

void forget(const std::string& file) {
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  std::filesystem::remove(lock_of(file), ignored);
}

/// A name that nobody else has: as random as a key, and as short as a name should be.
std::string new_file(const std::string& folder) {
  const Secret random = generate_signing_key();
  return fmt::format("{}/{}{}{}", folder, prefix, random.reveal().substr(0, 16), suffix);
}

}  // namespace

OwnSubscription::OwnSubscription(OwnSubscriptionOptions options)
    : options_(std::move(options)), file_(new_file(options_.folder)) {
  system::make_private_folder(options_.folder);
  if (auto lock = system::FileLock::take(lock_of(file_))) lock_.emplace(std::move(*lock));
}

OwnSubscription::Record OwnSubscription::record() const {
  return {.api_url = options_.api_url,
          .url = options_.wished.url,
          .scope = std::string(to_string(options_.wished.scope)),
          .organization = options_.wished.organization,
          .user = options_.wished.user,
          .begun = format_timestamp(options_.now),
          .uri = uri_};
}

Subscription OwnSubscription::create(Client& client) {
  write_record();
  Subscription made = client.create(options_.wished);
  uri_ = made.uri;
  write_record();
  return made;
}

void OwnSubscription::write_record() {
  system::replace_private_file(file_, codec::encode(to_value(record())) + "\n", what);
  recorded_ = true;
}

OwnSubscription::~OwnSubscription() {
  const auto warn = [this](const char* why) {
    options_.warn(
        fmt::format("the subscription to {} could not be deleted, the next listen --subscribe will try again: {}",
                    options_.wished.url, why));
  };
  try {
    if (recorded_)
      options_.with_client([this](Client& client) {
        for (const std::string& uri : meant_by(record(), client)) remove_ignoring_missing(uri, client);
      });
    forget(file_);
  } catch (const http::Interrupted&) {
    warn("interrupted");
  } catch (const std::exception& error) {
    warn(error.what());
  }
}

void sweep_left_behind(const std::string& folder, const std::string& api_url, Client& client,
                       const std::function<void(const std::string&)>& swept,
                       const std::function<void(const std::string&)>& warn) {
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    const std::string file = entry.path().string();
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix) || !name.ends_with(suffix)) continue;
    try {
      const auto lock = system::FileLock::take(lock_of(file));
      if (!lock) continue;  // that listener lives
      const auto record = read_record(file);
      if (record && record->api_url != api_url) continue;
      const auto uris = record ? meant_by(*record, client) : std::vector<std::string>();
      for (const std::string& uri : uris) {
        remove_ignoring_missing(uri, client);
        swept(uri);
      }
      forget(file);
    } catch (const Error& error) {
      warn(fmt::format("a subscription that an earlier listener left behind could not be deleted: {}", error.message));
    }
  }
}

}  // namespace bookafy::delivery
