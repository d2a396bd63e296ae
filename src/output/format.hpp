/// How results are shown, resolved from options, environment and terminal.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bookafy::output {

enum class Format { table, json, jsonl, csv, tsv, uri };

/// In the order of Format.
inline constexpr std::array<std::string_view, 6> format_names{"table", "json", "jsonl", "csv", "tsv", "uri"};

std::optional<Format> parse_format(std::string_view name);

struct Layout {
  Format format = Format::table;
  std::vector<std::string> fields{};  ///< dotted paths asked for with --fields; empty: the command's default
  bool color = false;
  int width = 0;  ///< columns of the terminal that standard output is; 0: not a terminal, nothing is cut
};

}  // namespace bookafy::output
