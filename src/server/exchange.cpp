#include "server/exchange.hpp"

#include <fmt/format.h>

#include <charconv>
#include <new>
#include <utility>

#include "server/framing.hpp"

namespace bookafy::server {
namespace {

/// A body over the limit is read to its end and thrown away, for a client that sees its connection reset never reads
/// the answer. One that is this many times too large is cut off all the same.
constexpr std::size_t patience = 16;

http::Response plain(int status, std::string text) {
  return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(text)};
}

MHD_Result add_header(void* cls, MHD_ValueKind, const char* name, const char* value) {
  static_cast<std::vector<http::Header>*>(cls)->push_back({name, value ? value : ""});
  return MHD_YES;
}

Peer& peer_of(const Exchange& exchange) {
  return *static_cast<Peer*>(
      MHD_get_connection_info(exchange.connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context);
}

/// The body stays the exchange's, which libmicrohttpd keeps until the answer is written.
MHD_Result queue(Exchange& exchange) {
  exchange.switchboard->connections.drop(exchange);
  exchange.switchboard->connections.waits_again(peer_of(exchange));
  std::string& body = exchange.response.body;
  MHD_Response* response = MHD_create_response_from_buffer(body.size(), body.data(), MHD_RESPMEM_PERSISTENT);
  if (!response) return MHD_NO;
  for (const auto& [name, value] : exchange.response.headers)
    MHD_add_response_header(response, name.c_str(), value.c_str());
  const MHD_Result result =
      MHD_queue_response(exchange.connection, static_cast<unsigned>(exchange.response.status), response);
  MHD_destroy_response(response);
  return result;
}

MHD_Result refuse(Exchange& exchange, int status, std::string text, bool closes = false) {
  exchange.response = plain(status, std::move(text));
  if (closes) exchange.response.headers.push_back({"Connection", "close"});
  if (exchange.switchboard->refused) exchange.switchboard->refused(exchange.request, exchange.response);
  return queue(exchange);
}

std::size_t declared_length(const http::Request& request) {
  std::string_view text = http::header(request.headers, "Content-Length");
  std::size_t length = 0;
  std::from_chars(text.data(), text.data() + text.size(), length);
  return length;
}

MHD_Result refuse_coding(Exchange& exchange) {
  return refuse(exchange, 415,
                fmt::format("The body has the content coding {}; send it without one.", exchange.content_coding));
}

MHD_Result begin(Exchange& exchange, const char* method, const char* version) {
  exchange.begun = true;
  exchange.request.method = method;
  MHD_get_connection_values(exchange.connection, MHD_HEADER_KIND, add_header, &exchange.request.headers);
  if (auto problem = framing_problem(exchange.connection, method, version, exchange.request.headers))
    return refuse(exchange, problem->status, std::move(problem->text), true);
  exchange.content_coding = content_coding(exchange.request.headers);
  const std::size_t declared = declared_length(exchange.request);
  const std::size_t limit = exchange.switchboard->max_body;
  const bool asks_first = !http::header(exchange.request.headers, "Expect").empty();
  if (asks_first && !exchange.content_coding.empty()) return refuse_coding(exchange);
  if (declared <= limit) return MHD_YES;
  // Answered before the body, libmicrohttpd reads none of it and closes the connection.
  if (asks_first || declared / patience > limit) return refuse(exchange, 413, "The body is too large.");
  return MHD_YES;
}

MHD_Result receive(Exchange& exchange, const char* data, std::size_t& size) {
  const std::size_t limit = exchange.switchboard->max_body;
  const std::size_t arrived = std::exchange(size, 0);
  exchange.received += arrived;
  if (exchange.received / patience > limit) return MHD_NO;
  Connections& connections = exchange.switchboard->connections;
  const bool fits = exchange.received <= limit && !exchange.had_no_room;
  if (fits && connections.keep(exchange, arrived)) {
    exchange.request.body.append(data, arrived);
    return MHD_YES;
  }
  exchange.had_no_room = fits || exchange.had_no_room;
  connections.drop(exchange);
  return MHD_YES;
}

void call_handler(Exchange& exchange) {
  Switchboard& switchboard = *exchange.switchboard;
  try {
    switchboard.handler(std::move(exchange.request),
                        [self = exchange.self](http::Response given) { self->answer(std::move(given)); });
    return;
  } catch (const std::exception& problem) {
    if (switchboard.handler_failed) switchboard.handler_failed(problem.what());
  } catch (...) {
    if (switchboard.handler_failed) switchboard.handler_failed("unknown exception");
  }
  exchange.answer(plain(500, "The request could not be handled."));
}

MHD_Result handle(Exchange& exchange) {
  Switchboard& switchboard = *exchange.switchboard;
  if (exchange.received > switchboard.max_body) return refuse(exchange, 413, "The body is too large.");
  if (exchange.had_no_room) return refuse(exchange, 503, "The server holds as much as it may.");
  if (!exchange.content_coding.empty()) return refuse_coding(exchange);
  {
    std::lock_guard lock(switchboard.mutex);
    if (switchboard.stopping) return refuse(exchange, 503, "The server is stopping.");
    exchange.phase = Exchange::Phase::handling;
    ++switchboard.under_way;
  }
  exchange.handed_over = std::chrono::steady_clock::now();
  switchboard.connections.handed_over(peer_of(exchange));
  call_handler(exchange);

  std::lock_guard lock(switchboard.mutex);
  if (exchange.phase == Exchange::Phase::answered) return queue(exchange);
  if (switchboard.closed) {
    exchange.answer_locked(plain(503, "The server is stopping."));
    return queue(exchange);
  }
  exchange.phase = Exchange::Phase::suspended;
  exchange.slot = switchboard.suspended.size();
  switchboard.suspended.push_back(&exchange);
  MHD_suspend_connection(exchange.connection);
  return MHD_YES;
}

}  // namespace

void Switchboard::answer_late() {
  if (answer_time.count() == 0) return;
  const auto limit = std::chrono::steady_clock::now() - answer_time;
  const std::lock_guard lock(mutex);
  // An answer takes the last one's place: from the end, none is skipped.
  for (auto left = suspended.size(); left > 0; --left)
    if (Exchange& exchange = *suspended[left - 1]; exchange.handed_over < limit)
      exchange.answer_locked(plain(503, "The request could not be handled in time."));
}

void Exchange::answer(http::Response given) {
  std::lock_guard lock(switchboard->mutex);
  answer_locked(std::move(given));
}

void Exchange::answer_locked(http::Response given) {
  if (phase != Phase::handling && phase != Phase::suspended) return;
  response = std::move(given);
  if (std::exchange(phase, Phase::answered) != Phase::suspended) return;
  auto& sleepers = switchboard->suspended;
  sleepers[slot] = sleepers.back();
  sleepers[slot]->slot = slot;
  sleepers.pop_back();
  MHD_resume_connection(connection);
  switchboard->call_locked();
}

// No exception may pass through libmicrohttpd, which is C: without memory the connection is closed.

void* exchange_begun(void* cls, const char* target, MHD_Connection* connection) try {
  auto exchange = std::make_shared<Exchange>();
  exchange->switchboard = static_cast<Switchboard*>(cls)->shared_from_this();
  exchange->request.url = target;
  exchange->connection = connection;
  exchange->self = exchange;
  peer_of(*exchange).exchange = exchange.get();
  return exchange.get();
} catch (const std::bad_alloc&) {
  return nullptr;
}

MHD_Result exchange_continued(void*, MHD_Connection*, const char*, const char* method, const char* version,
                              const char* data, std::size_t* size, void** context) try {
  if (!*context) return MHD_NO;
  Exchange& exchange = *static_cast<Exchange*>(*context);
  if (!exchange.begun) return begin(exchange, method, version);
  if (*size > 0) return receive(exchange, data, *size);
  {
    std::lock_guard lock(exchange.switchboard->mutex);
    if (exchange.phase == Exchange::Phase::answered) return queue(exchange);
  }
  return handle(exchange);
} catch (const std::bad_alloc&) {
  return MHD_NO;
}

void exchange_ended(void*, MHD_Connection*, void** context, MHD_RequestTerminationCode) {
  auto* exchange = static_cast<Exchange*>(std::exchange(*context, nullptr));
  if (!exchange) return;
  const std::shared_ptr<Exchange> last = std::move(exchange->self);
  Switchboard& switchboard = *last->switchboard;
  Peer& peer = peer_of(*last);
  peer.exchange = nullptr;
  switchboard.connections.drop(*last);
  switchboard.connections.waits_again(peer);
  std::lock_guard lock(switchboard.mutex);
  if (std::exchange(last->phase, Exchange::Phase::finished) == Exchange::Phase::receiving) return;
  if (--switchboard.under_way == 0) switchboard.all_written.notify_all();
}

void connection_noticed(void* cls, MHD_Connection*, void** context, MHD_ConnectionNotificationCode what) {
  Connections& connections = static_cast<Switchboard*>(cls)->connections;
  if (what == MHD_CONNECTION_NOTIFY_STARTED)
    *context = connections.arriving();
  else
    connections.closed(*static_cast<Peer*>(*context));
}

}  // namespace bookafy::server
