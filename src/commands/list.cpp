#include "commands/list.hpp"

#include "commands/subscriptions.hpp"
#include "output/printer.hpp"

namespace bookafy::commands {

ExitStatus run(const ListArgs& args, Context& context) {
  check_owner(args.owner, args.scope);
  Subscriptions subscriptions(args.owner, args.scope, args.page_size, "", context);
  output::Printer printer(context.out, context.layout, subscription_columns(), output::Shape::many);
  while (auto page = subscriptions.next_page()) {
    for (const Value& row : *page) printer.print(row);
    printer.flush();
    if (context.out.closed()) return 0;
  }
  printer.finish();
  if (printer.count() == 0) context.messages.note("no subscriptions");
  return 0;
}

}  // namespace bookafy::commands
