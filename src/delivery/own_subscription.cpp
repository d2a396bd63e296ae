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
  return Value::Object{{"api_url", record.api_url}, {"url", record.url}, {"uri", record.uri}};
}

std::optional<Record> read_record(const std::string& file) {
  const auto text = system::read_private_file(file, what);
  std::string problem;
  const auto value = text ? codec::decode(*text, problem) : std::nullopt;
  if (!value) return std::nullopt;
  return Record{value->text_at("api_url"), value->text_at("url"), value->text_at("uri")};
}

void remove_ignoring_missing(const std::string& uri, Client& client) {
  const auto resource = parse_resource_of(ResourceKind::subscription, uri);
  if (!resource) throw Error(ErrorKind::server, fmt::format("the server's {} is not the URI of a subscription", uri));
  try {
    client.remove(*resource);
  } catch (const Error& error) {
    if (error.kind != ErrorKind::not_found) throw;
  }
}

/// Newest first: what was created last is on the first page.
Pages list_newest_first(Client& client, const NewSubscription& wished) {
  return client.list({.scope = wished.scope,
                      .organization = wished.organization,
                      .user = wished.user,
                      .group = wished.group,
                      .sort = "created_at:desc",
                      .ahead = false});
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

Subscription OwnSubscription::create(Client& client) {
  before_ = list_newest(client, options_.wished);
  write_record();
  created_ = Certainty::unknown;
  const CreateOutcome outcome = client.try_create(options_.wished);
  const Subscription* made = find_subscription(outcome);
  if (!made) {
    created_ = certainty_of(outcome);
    throw Error(*find_error(outcome));
  }
  if (std::holds_alternative<Recovered>(outcome) && !is_own(*made)) {
    created_ = Certainty::no;
    Error error(ErrorKind::conflict,
                fmt::format("the response was lost, and {} may not be this listener's", made->uri));
    error.attempted = "cannot create the subscription";
    throw error;
  }
  created_ = Certainty::yes;
  uri_ = made->uri;
  write_record();
  return *made;
}

/// nullopt when the server tells neither its subscriptions nor its time: nothing can be proven then.
std::optional<OwnSubscription::Before> OwnSubscription::list_newest(Client& client, const NewSubscription& wished) {
  Before before;
  try {
    if (const auto page = list_newest_first(client, wished).next())
      for (const Value& row : *page) before.uris.insert(row.text_at("uri"));
  } catch (const Error& error) {
    // The create would fail in the same way.
    if (error.kind == ErrorKind::network || error.kind == ErrorKind::unauthenticated) throw;
    return std::nullopt;
  }
  const auto date = client.last_response_date();
  if (!date) return std::nullopt;
  before.date = *date;
  return before;
}

bool OwnSubscription::is_own(const Subscription& subscription) const {
  const auto created = parse_timestamp(subscription.created_at);
  return before_ && created && *created >= before_->date && !before_->uris.contains(subscription.uri) &&
         same_place(subscription, options_.wished) && same_events(subscription, options_.wished);
}

void OwnSubscription::find_after_lost_response(Client& client) {
  std::vector<std::string> own;
  if (auto page = list_newest_first(client, options_.wished).next())
    for (Value& row : *page)
      if (const Subscription one = to_subscription(std::move(row)); is_own(one)) own.push_back(one.uri);
  // Of two, one is another's, and nothing tells which.
  if (own.size() != 1) return;
  created_ = Certainty::yes;
  uri_ = own.front();
}

void OwnSubscription::remove(Client& client) {
  if (created_ == Certainty::unknown) find_after_lost_response(client);
  if (created_ == Certainty::yes) return remove_ignoring_missing(uri_, client);
  options_.warn(
      fmt::format("the response to the create was lost: a subscription to {} may exist; bookafy list shows it",
                  options_.wished.url));
}

void OwnSubscription::write_record() const {
  const Record record{.api_url = options_.api_url, .url = options_.wished.url, .uri = uri_};
  system::replace_private_file(file_, codec::encode(to_value(record)) + "\n", what);
}

OwnSubscription::~OwnSubscription() {
  const auto warn = [this](const char* why) {
    options_.warn(fmt::format(
        "cannot delete the subscription to {}: {}; {}", options_.wished.url, why,
        uri_.empty() ? "bookafy list shows whether it exists" : "the next listen --subscribe will try again"));
  };
  try {
    if (created_ != Certainty::no) options_.with_client([this](Client& client) { remove(client); });
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
      if (record && record->uri.empty()) {
        warn(fmt::format("an earlier listener may have left a subscription to {} behind; bookafy list shows it",
                         record->url));
      } else if (record) {
        remove_ignoring_missing(record->uri, client);
        swept(record->uri);
      }
      forget(file);
    } catch (const Error& error) {
      warn(fmt::format("cannot delete a subscription that an earlier listener left behind: {}", error.message));
    }
  }
}

}  // namespace bookafy::delivery
