#include <array>

#include "sandbox/call.hpp"

namespace bookafy::sandbox {
namespace {

Answer list_forms(Call& call) {
  Fields fields(call.query);
  const auto organization = fields.reference("organization", ResourceKind::organization, Need::required);
  const ListParameters parameters = list_parameters(fields, call.list, "created_at");
  fields.check();
  call.known(*organization);
  if (!call.access.is_member(call.user, *organization)) throw forbidden(text::no_permission);
  auto rows = select(call.world.all("routing_forms"),
                     [&](const Value& row) { return row.text_at("organization") == *organization; });
  return {200, page(rows, parameters, call.list)};
}

void check_member(const Call& call, const std::string& form) {
  if (!call.access.is_member(call.user, call.known(form).document.text_at("organization")))
    throw forbidden(text::no_access);
}

Answer get_form(Call& call) {
  check_member(call, call.path);
  return resource(call.target().document);
}

Answer list_submissions(Call& call) {
  Fields fields(call.query);
  const auto form = fields.reference("form", ResourceKind::routing_form, Need::required);
  const ListParameters parameters = list_parameters(fields, call.list, "created_at");
  fields.check();
  check_member(call, *form);
  auto rows = select(call.world.all("routing_form_submissions"),
                     [&](const Value& row) { return row.text_at("routing_form") == *form; });
  return {200, page(rows, parameters, call.list)};
}

Answer get_submission(Call& call) {
  const Value& submission = call.target().document;
  check_member(call, submission.text_at("routing_form"));
  return resource(submission);
}

}  // namespace

std::span<const Route> form_routes() {
  static constexpr std::array routes{
      Route{"GET", "/routing_forms", "routing_forms:read", list_forms},
      Route{"GET", "/routing_forms/*", "routing_forms:read", get_form},
      Route{"GET", "/routing_form_submissions", "routing_forms:read", list_submissions},
      Route{"GET", "/routing_form_submissions/*", "routing_forms:read", get_submission},
  };
  return routes;
}

}  // namespace bookafy::sandbox
