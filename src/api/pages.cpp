#include "api/pages.hpp"

#include "api/answer.hpp"

namespace bookafy {
namespace {

// A page may be empty when its rows went away meanwhile.
constexpr int most_empty_pages = 100;

/// A 403 of the API for the caller's role. One for the token's scopes names those, and is an error like any other.
bool is_refusal(const net::Answer& answer) {
  const auto* response = std::get_if<http::Response>(&answer.outcome);
  if (!response || response->status != 403) return false;
  const Error refusal = refusal_of(*response, {});
  return !refusal.title.empty() && refusal.required_scopes.empty();
}

}  // namespace

Pages::Pages(std::unique_ptr<State> state) : state_(std::move(state)) {}
Pages::Pages(Pages&&) noexcept = default;
Pages& Pages::operator=(Pages&&) noexcept = default;
Pages::~Pages() = default;

std::optional<std::vector<Value>> Pages::next() { return state_->next(); }
bool Pages::ready() const { return state_->ready(); }
bool Pages::refused() const { return state_->refused(); }

Pages::State::State(const std::shared_ptr<Connection>& list_connection, std::string list_path, Query list_query,
                    std::string attempt, bool ahead, bool refusal_is_empty, const std::vector<std::string>& fields)
    : connection_(list_connection),
      path_(std::move(list_path)),
      query_(std::move(list_query)),
      attempted_(std::move(attempt)),
      ahead_(ahead),
      refusal_is_empty_(refusal_is_empty),
      kept_("collection.*", fields),
      ticket_(list_connection->submit("GET", query_.after(path_))) {
  kept_.add("pagination");
}

Pages::State::~State() {
  const auto connection = connection_.lock();
  if (ticket_ && connection) connection->abandon(*ticket_);
}

bool Pages::State::ready() const {
  const auto connection = connection_.lock();
  return next_token_.empty() && (!ticket_ || !connection || connection->has_ended(*ticket_));
}

std::optional<std::vector<Value>> Pages::State::next() {
  if (!next_token_.empty()) ask(std::exchange(next_token_, {}));
  if (!ticket_) {
    if (odd_row_) throw Error(*std::exchange(odd_row_, std::nullopt));
    return std::nullopt;
  }
  const auto ticket = *ticket_;
  ticket_.reset();
  net::Answer answer = locked(connection_)->await(ticket);
  refused_ = refusal_is_empty_ && is_refusal(answer);
  if (refused_) return std::nullopt;
  const http::Response response = expect_success(std::move(answer), attempted_);
  Value body = decode_object(response, attempted_, kept_);
  Value* collection = body.find("collection");
  if (!collection || !collection->array())
    throw broken_promise(response, attempted_, "the server's answer has no collection");
  empty_pages_ = collection->array()->empty() ? empty_pages_ + 1 : 0;
  if (empty_pages_ > most_empty_pages)
    throw broken_promise(response, attempted_, "the server sends empty pages without end");
  const auto is_odd = [](const Value& row) { return !row.object(); };
  if (std::erase_if(*collection->array(), is_odd) > 0)
    odd_row_ = broken_promise(response, attempted_, "a row of the server's collection is not an object");
  follow(body, response);
  return std::move(*collection->array());
}

/// The next page is asked for by its token and never by the URL the server names: the token is what matters, and
/// our own must not follow a URL to another host.
void Pages::State::follow(const Value& body, const http::Response& response) {
  const Value* pagination = body.find("pagination");
  if (!pagination || !pagination->object())
    throw broken_promise(response, attempted_, "the server's answer has no pagination");
  // Taken for the end of the list, anything that cannot be read would cut it off.
  for (const char* key : {"next_page", "next_page_token"})
    if (const Value* member = pagination->find(key); member && !member->is_null() && !member->string())
      throw broken_promise(response, attempted_, "the server's pagination is not what the API promises");
  std::string token = pagination->text_at("next_page_token");
  if (token.empty()) token = query_value(pagination->text_at("next_page"), "page_token");
  if (token.empty()) {
    if (!pagination->text_at("next_page").empty())
      throw broken_promise(response, attempted_, "the server names a next page without a page token");
    return;
  }
  if (!seen_tokens_.insert(std::hash<std::string>{}(token)).second)
    throw broken_promise(response, attempted_, "the server's pages go round in a circle");
  if (ahead_)
    ask(token);
  else
    next_token_ = token;
}

void Pages::State::ask(const std::string& token) {
  Query query = query_;
  ticket_ = locked(connection_)->submit("GET", query.add("page_token", token).after(path_));
}

}  // namespace bookafy
