#include "commands/delivery_lines.hpp"

#include <fmt/format.h>

#include "api/codec.hpp"
#include "output/text.hpp"

namespace bookafy::commands {
namespace {

using output::Format;

/// `2026-11-23 09:30Z`; a text that is no time stays as it is.
std::string short_time(const std::string& text) {
  const auto time = parse_timestamp(text);
  if (!time) return text;
  std::string shown = format_timestamp(*time).substr(0, 16) + 'Z';
  shown[10] = ' ';
  return shown;
}

std::string text_of(const Value& value, std::string_view path) {
  const Value* member = value.at_path(path);
  const std::string* text = member ? member->string() : nullptr;
  return text ? *text : std::string();
}

/// The whole body; what bookings need of it when that nests deeper than codec keeps.
Value document_of(const delivery::Delivery& delivery) {
  std::string problem;
  auto document = codec::decode(delivery.body, problem);
  if (document) return std::move(*document);
  return delivery.document;
}

}  // namespace

std::string readable_line(const delivery::Delivery& delivery) {
  const Value& document = delivery.document;
  std::string line = fmt::format("{}  {}", short_time(delivery.created_at), delivery.event);
  auto add = [&](const std::string& text) {
    if (!text.empty()) line += "  " + text;
  };
  const std::string name = text_of(document, "payload.name");
  const std::string email = text_of(document, "payload.email");
  add(email.empty() ? name : fmt::format("{} <{}>", name, email));
  add(text_of(document, "payload.contact.name"));
  add(text_of(document, "payload.scheduled_event.name"));
  add(text_of(document, "payload.event.name"));
  if (const std::string start = text_of(document, "payload.scheduled_event.start_time"); !start.empty())
    add(short_time(start));
  if (const Value* rescheduled = document.at_path("payload.rescheduled");
      rescheduled && rescheduled->boolean() && *rescheduled->boolean())
    add("(rescheduled)");
  return output::printable(line);
}

DeliveryLines::DeliveryLines(output::Writer& out, const output::Layout& layout, bool terminal)
    : out_(out),
      terminal_(terminal),
      raw_(layout.fields.empty() && (layout.format == Format::json || layout.format == Format::jsonl ||
                                     (layout.format == Format::table && !terminal))),
      uri_(layout.format == Format::uri),
      width_(layout.width) {
  if (raw_ || (layout.format == Format::table && layout.fields.empty())) return;
  output::Layout streamed = layout;
  if (streamed.format == Format::json) streamed.format = Format::jsonl;  // an array would never be complete
  printer_.emplace(out_, streamed,
                   std::vector<std::string>{"created_at", "event", "payload.uri", "payload.name", "payload.email"},
                   output::Shape::many);
}

void DeliveryLines::print(const delivery::Delivery& delivery) {
  if (printer_ && uri_)
    printer_->print(Value::Object{{"uri", delivery.uri}});
  else if (printer_)
    printer_->print(document_of(delivery));
  else if (!raw_)
    out_.write((width_ > 0 ? output::cut_to_width(readable_line(delivery), width_) : readable_line(delivery)) + "\n");
  else if (terminal_)
    out_.write(codec::encode(document_of(delivery)) + "\n");  // strangers' control characters as escapes
  else
    out_.write(delivery::one_line(delivery.body) + "\n");
}

void DeliveryLines::flush() {
  if (printer_) printer_->flush();
  out_.flush();
}

}  // namespace bookafy::commands
