/// What every fuzz target needs: its input as text, and a way to say that a promise was broken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fuzz {

inline std::string_view text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Ends the run when a promise does not hold; the fuzzer keeps the input.
inline void promise(bool holds) {
  if (!holds) __builtin_trap();
}

}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
