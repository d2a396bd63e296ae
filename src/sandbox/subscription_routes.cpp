#include <algorithm>
#include <array>

#include "bookafy/event.hpp"
#include "sandbox/call.hpp"
#include "sandbox/sample.hpp"

namespace bookafy::sandbox {
namespace {

/// An organization, and for whom in it.
struct Place {
  Scope scope = Scope::user;
  std::string organization;
  std::string user;   ///< set for scope user
  std::string group;  ///< set for scope group
};

Place read_place(Fields& fields) {
  Place place;
  place.organization = fields.reference("organization", ResourceKind::organization, Need::required).value_or("");
  const auto scope = fields.scope();
  if (!scope) return place;
  place.scope = *scope;
  if (scope == Scope::user) place.user = fields.reference("user", ResourceKind::user, Need::required).value_or("");
  if (scope == Scope::group) place.group = fields.reference("group", ResourceKind::group, Need::required).value_or("");
  return place;
}

void check_known(const Call& call, const Place& place) {
  call.known(place.organization);
  if (place.scope == Scope::user) call.known(place.user);
  if (place.scope == Scope::group) call.known(place.group);
}

bool group_is_ours(const Call& call, const Place& place) {
  return call.access.organization_of_group(place.group) == place.organization &&
         call.access.manages_group(call.user, place.group);
}

/// Who may subscribe for whom.
void check_create_role(const Call& call, const Place& place) {
  const Access& access = call.access;
  if (!access.is_member(call.user, place.organization)) throw forbidden(text::no_permission);
  if (place.scope == Scope::organization && !access.manages(call.user, place.organization))
    throw forbidden(text::no_access);
  if (place.scope == Scope::user && !access.is_member(place.user, place.organization)) throw forbidden(text::no_access);
  if (place.scope == Scope::user && place.user != call.user) throw forbidden(text::no_permission);
  if (place.scope == Scope::group && !group_is_ours(call, place)) throw forbidden(text::no_access);
}

/// The same for listing, with the texts of that endpoint.
void check_list_role(const Call& call, const Place& place) {
  const Access& access = call.access;
  if (!access.is_member(call.user, place.organization)) throw forbidden(text::no_permission);
  if (place.scope == Scope::organization && !access.manages(call.user, place.organization))
    throw forbidden(text::no_access);
  if (place.scope == Scope::user && (place.user != call.user || !access.is_member(place.user, place.organization)))
    throw forbidden(text::unauthorized);
  if (place.scope == Scope::group && !group_is_ours(call, place)) throw forbidden(text::no_action);
}

/// Before validation, as far as the events can be read: a token that may not create at all is told so first.
void check_create_scopes(const Call& call) {
  std::vector<std::string_view> required{"webhooks:write"};
  const Value* named = call.body.find("events");
  if (const Value::Array* events = named ? named->array() : nullptr) {
    for (const Value& item : *events) {
      const std::string* name = item.string();
      const Event* event = name ? find_event(*name) : nullptr;
      if (event && std::find(required.begin(), required.end(), event->token_scope) == required.end())
        required.push_back(event->token_scope);
    }
  }
  if (!allows(call.token, required.front())) throw insufficient_scope(required);
  const bool all =
      std::all_of(required.begin(), required.end(), [&](std::string_view scope) { return allows(call.token, scope); });
  if (all) return;
  if (call.token.bare_refusals) throw invalid_arguments({});
  throw insufficient_scope(required);
}

/// An absolute http or https URL with a host: the service checks no more (ports, private addresses and localhost pass).
bool is_callback_url(std::string_view url) {
  for (std::string_view scheme : {"http://", "https://"}) {
    if (!url.starts_with(scheme)) continue;
    const std::string_view rest = url.substr(scheme.size());
    return !rest.empty() && std::string_view("/?#:@").find(rest.front()) == std::string_view::npos &&
           std::none_of(rest.begin(), rest.end(),
                        [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; });
  }
  return false;
}

void check_events(Fields& fields, const std::vector<std::string>& names, Scope scope) {
  const bool known = std::all_of(names.begin(), names.end(), [](const auto& name) { return find_event(name); });
  if (!known) return fields.complain("events", "is invalid");
  const bool allowed =
      std::all_of(names.begin(), names.end(), [&](const auto& name) { return allows(*find_event(name), scope); });
  if (!allowed) fields.complain("scope", "is invalid");
}

void check_plan(const Call& call, const Place& place, const std::vector<std::string>& events) {
  if (call.known(place.organization).document.text_at("stage") != "free") return;
  for (const std::string& event : events)
    if (event == "routing_form_submission.created" || event.starts_with("meeting_recap."))
      throw forbidden(text::plan_too_low);
}

/// One URL in one place: compared as exact texts.
void check_conflict(const Call& call, const Place& place, const std::string& url) {
  auto same = [](const Value& document, std::string_view key, std::string_view text) {
    const Value* member = document.find(key);
    const std::string* held = member ? member->string() : nullptr;
    return held ? *held == text : text.empty();
  };
  for (const auto& [number, record] : call.world.all("webhook_subscriptions")) {
    const Value& present = record.document;
    if (same(present, "callback_url", url) && same(present, "scope", to_string(place.scope)) &&
        same(present, "organization", place.organization) && same(present, "user", place.user) &&
        same(present, "group", place.group))
      throw already_exists(text::hook_exists);
  }
}

Value or_null(const std::string& path) { return path.empty() ? Value() : Value(path); }

Answer create(Call& call) {
  check_create_scopes(call);
  Fields fields(call.body);
  const auto url = fields.text("url", Need::required);
  if (url && !is_callback_url(*url)) fields.complain("url", "is invalid");
  const auto events = fields.texts("events");
  const Place place = read_place(fields);
  const auto key = fields.text("signing_key");
  if (call.body.find("scope") && parse_scope(call.body.text_at("scope"))) check_events(fields, events, place.scope);
  fields.check();
  check_known(call, place);
  check_create_role(call, place);
  check_plan(call, place, events);
  check_conflict(call, place, *url);

  const std::string now = format_timestamp(call.now);
  const std::string path = "/webhook_subscriptions/" + uuid(call.surroundings);
  Record record{0,
                Value::Object{{"callback_url", *url},
                              {"created_at", now},
                              {"creator", call.user},
                              {"events", Value::Array(events.begin(), events.end())},
                              {"group", or_null(place.group)},
                              {"organization", place.organization},
                              {"retry_started_at", nullptr},
                              {"scope", to_string(place.scope)},
                              {"state", "active"},
                              {"updated_at", now},
                              {"uri", path},
                              {"user", or_null(place.user)}},
                Secret(key.value_or(""))};
  Changes changes;
  changes.put.push_back(std::move(record));
  call.world.apply(std::move(changes));
  return resource(call.known(path).document, 201);
}

Answer list(Call& call) {
  Fields fields(call.query);
  const Place place = read_place(fields);
  const ListParameters parameters = list_parameters(fields, call.list, "created_at");
  fields.check();
  check_known(call, place);
  check_list_role(call, place);
  auto rows = select(call.world.all("webhook_subscriptions"), [&](const Value& row) {
    return row.text_at("scope") == to_string(place.scope) && row.text_at("organization") == place.organization &&
           row.text_at("user") == place.user && row.text_at("group") == place.group;
  });
  return {200, page(rows, parameters, call.list)};
}

Answer get(Call& call) {
  const Value& subscription = call.target().document;
  if (!call.access.owns_subscription(call.user, subscription)) throw forbidden(text::no_access);
  return resource(subscription);
}

Answer remove(Call& call) {
  if (!call.access.owns_subscription(call.user, call.target().document)) throw forbidden(text::no_access);
  call.world.apply({{}, {call.path}});
  return {204, {}};
}

Answer sample(Call& call) {
  Fields fields(call.query);
  const auto event = fields.text("event", Need::required);
  const Event* known = event ? find_event(*event) : nullptr;
  if (event && !known) fields.complain("event", "is invalid");
  const Place place = read_place(fields);
  if (known && parse_scope(call.query.text_at("scope")) && !allows(*known, place.scope))
    fields.complain("scope", "is invalid");
  fields.check();
  check_known(call, place);
  check_create_role(call, place);
  return {200, sample_delivery(*event, call.known(call.user).document, call.now)};
}

}  // namespace

std::span<const Route> subscription_routes() {
  static constexpr std::array routes{
      Route{"POST", "/webhook_subscriptions", "", create},
      Route{"GET", "/webhook_subscriptions", "webhooks:read", list},
      Route{"GET", "/webhook_subscriptions/*", "webhooks:read", get},
      Route{"DELETE", "/webhook_subscriptions/*", "webhooks:write", remove},
      Route{"GET", "/sample_webhook_data", "webhooks:read", sample},
  };
  return routes;
}

}  // namespace bookafy::sandbox
