/// What is shown of a plan and of its doing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bookafy/error.hpp"
#include "bookafy/plan.hpp"
#include "commands/context.hpp"
#include "commands/wishes.hpp"
#include "output/printer.hpp"

namespace bookafy::commands {

/// For people the plan comes first, a line a step, and then what was done; for programs each step is one row that says
/// how it ended. In a GitHub job the plan also goes to the job's summary.
class PlanReport {
 public:
  PlanReport(const Wishes& wishes, Context& context);

  void show(const std::vector<Step>& steps);
  /// A step that nothing is done about: it was kept, or only planned.
  void leave(const Step& step);
  void done(const Step& step, const std::string& new_uri);
  void failed(const Step& step, const Error& error, const std::string& new_uri);
  void finish();

 private:
  bool for_people() const { return context_.layout.format == output::Format::table; }
  std::string line(const Step& step) const;
  std::string whose(const Step& step) const;
  std::string detail(const Step& step) const;
  Value row(const Step& step, std::string_view result) const;
  void summarize(const std::vector<Step>& steps);

  const Wishes& wishes_;
  Context& context_;
  std::optional<output::Printer> printer_;  ///< for programs
};

/// Whether it takes something away.
bool is_destructive(const Step& step);

/// `1 to create, 0 to replace, 2 to keep, 0 to delete`
std::string count_text(const std::vector<Step>& steps);

}  // namespace bookafy::commands
