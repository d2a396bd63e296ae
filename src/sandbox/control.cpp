#include "sandbox/control.hpp"

#include "api/codec.hpp"

namespace bookafy::sandbox {

Value make_happen(Client& client, std::string_view endpoint, const Value& body) {
  try {
    const auto answer = client.request("POST", std::string(endpoint), {}, codec::encode_request(body));
    const Value* resource = answer ? answer->find("resource") : nullptr;
    if (resource && resource->object()) return *resource;
  } catch (Error& error) {
    if (error.status == 404)
      error.hint =
          "only a sandbox can do this: start one with bookafy sandbox, and name it with BOOKAFY_API_URL or --api-url";
    throw;
  }
  throw Error(ErrorKind::server, "the answer has no resource: this is no sandbox of this version");
}

}  // namespace bookafy::sandbox
