/// A Writer that keeps what it was given.
#pragma once

#include <string>

#include "output/writer.hpp"

namespace bookafy::output {

class StringWriter final : public Writer {
 public:
  void write(std::string_view piece) override { text += piece; }
  void flush() override { ++flushes; }
  bool closed() const override { return false; }

  std::string text;
  int flushes = 0;
};

}  // namespace bookafy::output
