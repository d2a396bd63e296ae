#include "commands/list.hpp"

#include <algorithm>

#include "commands/event_names.hpp"
#include "commands/subscriptions.hpp"
#include "output/printer.hpp"

namespace bookafy::commands {

ExitStatus run(const ListArgs& args, Context& context) {
  check_owner(args.owner, args.scope);
  warn_of_unknown_events(args.filter.events, context);
  SubscriptionsQuery query{.scope = args.scope, .owner = args.owner, .sort = args.sort, .page_size = args.page_size};
  query.ahead = !args.limit;
  if (args.limit && args.filter.empty())
    query.page_size = static_cast<int>(std::min<long long>(query.page_size, *args.limit));

  query.fields = output::looked_at(context.layout, subscription_columns(), output::Shape::many);
  if (!query.fields.empty()) {
    const auto& filtered = SubscriptionFilter::fields();
    query.fields.insert(query.fields.end(), filtered.begin(), filtered.end());
    query.fields.emplace_back("created_at");  // parts are merged by it
  }

  Subscriptions subscriptions(query, context);
  output::Printer printer(context.out, context.layout, subscription_columns(), output::Shape::many);
  while (auto row = subscriptions.next()) {
    if (args.filter.matches(*row)) printer.print(*row);
    if (args.limit && printer.count() == static_cast<std::size_t>(*args.limit)) break;
    if (subscriptions.at_page_end()) printer.flush();
    if (subscriptions.at_page_end() ? !context.out.has_reader() : context.out.closed()) return 0;
  }
  printer.finish();
  if (printer.count() == 0) context.messages.note(args.filter.empty() ? "no subscriptions" : "no subscription matches");
  return 0;
}

}  // namespace bookafy::commands
