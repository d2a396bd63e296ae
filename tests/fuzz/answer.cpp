// Whatever a server answers is a resource or an error of a size that a person can read. The input's first line is the
// status, the second one a header of that answer, the rest the body.
#include "api/answer.hpp"

#include <algorithm>

#include "bookafy/client.hpp"
#include "fuzz/bytes.hpp"
#include "net/retry.hpp"

using namespace bookafy;

namespace {

std::string_view take_line(std::string_view& text) {
  const auto line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

void check(const Error& error) {
  constexpr std::size_t readable = 5000;
  fuzz::promise(error.title.size() < readable && error.message.size() < readable);
  fuzz::promise(error.request_id.size() < readable && error.details.size() <= 100);
  fuzz::promise(!error.title.empty() || !error.message.empty());
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto text = fuzz::text(data, size);
  const int status = net::small_number(take_line(text)).value_or(200);
  const std::string header(take_line(text));
  for (const char* name : {"Content-Type", "X-Request-Id"}) {
    const std::vector<http::Header> headers{{name, header}, {"Content-Type", "application/json"}};
    try {
      const Value resource =
          expect_resource({http::Response{status, headers, std::string(text)}, false, {}}, "attempt");
      fuzz::promise(status >= 200 && status < 300 && resource.object());
      to_subscription(resource);
    } catch (const Error& error) {
      check(error);
    }
  }
  return 0;
}
