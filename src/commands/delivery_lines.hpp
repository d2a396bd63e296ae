/// Deliveries on standard output as they come in.
#pragma once

#include <optional>

#include "commands/context.hpp"
#include "delivery/delivery.hpp"
#include "output/printer.hpp"

namespace bookafy::commands {

/// In a pipe the delivery exactly as received, on one line; on a terminal a line to read; in the formats that were
/// asked for otherwise.
class DeliveryLines {
 public:
  DeliveryLines(output::Writer& out, const output::Layout& layout, bool terminal);

  void print(const delivery::Delivery& delivery);
  /// Throws Error (internal) when it cannot be written.
  void flush();
  /// The reader has gone.
  bool closed() const { return out_.closed(); }

 private:
  output::Writer& out_;
  bool terminal_;
  bool raw_;
  bool uri_;
  int width_;
  std::optional<output::Printer> printer_;
};

/// `2026-11-23 09:30Z  invitee.created  Ana Petrova <ana@example.org>  Intro call  2026-12-01 14:00Z`, safe for a
/// terminal.
std::string readable_line(const delivery::Delivery& delivery);

}  // namespace bookafy::commands
