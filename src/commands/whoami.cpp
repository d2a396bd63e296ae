#include "commands/whoami.hpp"

#include "bookafy/scope.hpp"
#include "output/printer.hpp"

namespace bookafy::commands {
namespace {

/// By the role matrix: owners and admins may subscribe for everybody, others for themselves.
Value subscription_scopes(const std::string& role) {
  Value::Array scopes{to_string(Scope::user)};
  if (role == "owner" || role == "admin") {
    scopes.emplace_back(to_string(Scope::organization));
    scopes.emplace_back(to_string(Scope::group));
  }
  return scopes;
}

}  // namespace

ExitStatus run(const WhoamiArgs&, Context& context) {
  const User me = context.client().me();
  const std::optional<std::string> role = context.client().role(me);
  Value document = me.document;
  document.set("role", role ? Value(*role) : Value());
  document.set("api_url", context.api_url());
  document.set("token_source", context.token_source());
  document.set("subscription_scopes", role ? subscription_scopes(*role) : Value());
  if (!role) context.messages.note("the token may not read memberships: the role is not known");

  output::Layout layout = context.layout;
  if (layout.fields.empty() && layout.format != output::Format::json && layout.format != output::Format::jsonl)
    layout.fields = {"name", "email",   "uri",          "current_organization",
                     "role", "api_url", "token_source", "subscription_scopes"};
  output::Printer printer(context.out, layout, {}, output::Shape::one);
  printer.print(document);
  printer.finish();
  return 0;
}

}  // namespace bookafy::commands
