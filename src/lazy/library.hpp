/// Shared libraries that are loaded on first use: each one linked costs every start its relocation and that of all it
/// needs, offline commands included. A file here defines the functions of one library that the program calls, each
/// passing on to the real one; with BOOKAFY_LAZY_LIBRARIES off these files are left out and the libraries are linked as
/// usual. Nobody else sees the difference.
#pragma once

#include <cstddef>
#include <cstdint>

namespace bookafy::lazy {

class Library {
 public:
  /// `package` is Debian's and Ubuntu's, for the hint.
  constexpr Library(const char* file, const char* package) : file_(file), package_(package) {}

  /// Loads the library at the first call. Throws Error (internal) when it or the symbol is not to be had.
  void* symbol(const char* name);

 private:
  const char* file_;
  const char* package_;
  void* handle_ = nullptr;
};

/// For packagers' tools: the note that systemd defined for libraries opened at run time
/// (https://systemd.io/ELF_DLOPEN_METADATA/).
template <std::size_t length>
struct DlopenNote {
  std::uint32_t name_size = 4;
  std::uint32_t description_size = length;
  std::uint32_t type = 0x407c0c0a;
  char name[4] = {'F', 'D', 'O', '\0'};
  char description[length];
};

template <std::size_t length>
constexpr DlopenNote<length> note_of(const char (&text)[length]) {
  DlopenNote<length> note{};
  for (std::size_t i = 0; i < length; ++i) note.description[i] = text[i];
  return note;
}

}  // namespace bookafy::lazy

/// Declares the library of this file, under the name that BOOKAFY_PASS_ON looks for.
#define BOOKAFY_LIBRARY(file, package, feature, purpose)                                                           \
  namespace {                                                                                                      \
  constexpr char note_text[] = "[{\"feature\":\"" feature "\",\"description\":\"" purpose                          \
                               "\",\"priority\":\"required\",\"soname\":[\"" file "\"]}]";                         \
  __attribute__((used, section(".note.dlopen"), aligned(4))) constexpr bookafy::lazy::DlopenNote<sizeof note_text> \
      dlopen_note = bookafy::lazy::note_of(note_text);                                                             \
  constinit bookafy::lazy::Library library(file, package);                                                         \
  }

/// The original of a function, looked up once.
// NOLINTNEXTLINE(bugprone-macro-parentheses): a declaration takes none
#define BOOKAFY_ORIGINAL(name) static auto* const original = reinterpret_cast<decltype(&name)>(library.symbol(#name))

/// Defines a function that passes on; one line a function.
// NOLINTNEXTLINE(bugprone-macro-parentheses)
#define BOOKAFY_PASS_ON(result, name, parameters, arguments) \
  result name parameters {                                   \
    BOOKAFY_ORIGINAL(name);                                  \
    return original arguments;                               \
  }
