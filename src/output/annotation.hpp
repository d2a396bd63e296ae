/// Errors as GitHub shows them beside a job and its files.
#pragma once

#include <string>

#include "bookafy/error.hpp"

namespace bookafy::output {

/// Workflow commands (`::error …::message`), a line each: one for every detail whose parameter is a place
/// (`FILE:LINE:COLUMN`), else one for the whole error. Text cannot leave its line or begin another command.
std::string annotations(const Error& error, const std::string& headline);

}  // namespace bookafy::output
