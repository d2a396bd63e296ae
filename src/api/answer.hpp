/// From what came back to what it means: a resource, a page, or an Error.
#pragma once

#include <string>
#include <string_view>

#include "api/projection.hpp"
#include "bookafy/error.hpp"
#include "bookafy/http.hpp"
#include "bookafy/value.hpp"
#include "net/request_queue.hpp"

namespace bookafy {

/// The 2xx answer; anything else is thrown as Error, `attempted` (`cannot list the subscriptions`) in front.
http::Response expect_success(net::Answer answer, std::string_view attempted);

/// Whether the request may have taken effect although it failed: no response came or it tells nothing, or the response
/// to an earlier try was lost.
bool may_have_taken_effect(const net::Answer& answer);

/// The JSON object of a 2xx answer, as far as it is kept. Throws Error (server) when it is something else.
Value decode_object(const http::Response& response, std::string_view attempted, const Projection& kept = {});

/// Its `resource`, an object.
Value expect_resource(net::Answer answer, std::string_view attempted, const Projection& kept = {});

/// What a response that is no success means. The title is empty unless the response is in the API's form: something
/// between here and the API may have sent it.
Error refusal_of(const http::Response& response, std::string_view attempted);

/// An Error of kind server: the answer is not what the API promises.
Error broken_promise(const http::Response& response, std::string_view attempted, const std::string& what);

}  // namespace bookafy
