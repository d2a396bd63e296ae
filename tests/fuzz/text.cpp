// Strangers' text on a terminal: no control gets through, and cutting keeps to the width.
#include "output/text.hpp"

#include "api/unicode.hpp"
#include "fuzz/bytes.hpp"

using namespace bookafy;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string shown = output::printable(fuzz::text(data, size));
  for (std::size_t i = 0; i < shown.size();) {
    const auto c = unicode::decode_at(shown, i);
    fuzz::promise(c && !unicode::is_hidden(c->value));
    i += c->length;
  }
  fuzz::promise(output::printable(shown) == shown);
  for (const int width : {0, 1, 7, 80})
    fuzz::promise(output::display_width(output::cut_to_width(shown, width)) <= width);
  return 0;
}
