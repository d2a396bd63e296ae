#include "commands/signing_key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "api/unicode.hpp"
#include "bookafy/signature.hpp"
#include "system/file.hpp"

namespace bookafy::commands {

std::string key_problem(const Secret& key, KeyPurpose purpose) {
  if (key.empty()) return "is empty";
  std::string problem = system::encoding_problem(key);
  if (!problem.empty() || purpose == KeyPurpose::sign_or_verify) return problem;
  return unicode::is_valid(key.reveal()) ? "" : "is not valid UTF-8";
}

Secret read_signing_key(const std::string& file, Context& context, KeyPurpose purpose) {
  Secret key = system::read_secret(file, context.in, "the signing key file");
  if (const auto problem = key_problem(key, purpose); !problem.empty())
    throw Error(ErrorKind::usage,
                fmt::format("the signing key {} {}", file == "-" ? "on standard input" : "file " + file, problem));
  context.messages.add_secret(key);
  return key;
}

ChosenKey::ChosenKey(SigningKeyArgs args, Context& context) : args_(std::move(args)), context_(context) {
  if (context.key_for_curl && !(args_.file.empty() && args_.generate.empty())) {
    secret_ = context.key_for_curl;
    args_ = {};
  }
  if (!args_.file.empty()) secret_ = read_signing_key(args_.file, context, KeyPurpose::send_to_api);
  if (!args_.generate.empty() &&
      std::filesystem::symlink_status(args_.generate).type() != std::filesystem::file_type::not_found)
    throw Error(ErrorKind::usage, fmt::format("{} exists already: a new signing key wants a new file", args_.generate));
}

void ChosenKey::generate(bool dry_run) {
  if (args_.generate.empty()) return;
  secret_ = dry_run ? Secret("a new key") : generate_signing_key();
  if (dry_run) return;
  context_.messages.add_secret(*secret_);
  system::create_private_file(args_.generate, std::string(secret_->reveal()) + "\n", "the signing key file");
  new_file_ = args_.generate;
}

ChosenKey::~ChosenKey() {
  if (new_file_.empty()) return;
  if (is_unused()) {
    std::error_code ignored;
    std::filesystem::remove(new_file_, ignored);
  } else if (in_use_ != Certainty::yes && !explained_) {
    context_.messages.warning(fmt::format("the new signing key stays in {}: a subscription may have it", new_file_));
  }
}

void ChosenKey::after_create(Certainty created) {
  create_is_under_way_ = false;
  in_use_ = std::max(in_use_, created);
}

void ChosenKey::explain(Error& error) {
  if (new_file_.empty() || is_unused()) return;
  error.hint += fmt::format("{}the new signing key stays in {}: go on with --signing-key-file",
                            error.hint.empty() ? "" : "; ", new_file_);
  explained_ = true;
}

}  // namespace bookafy::commands
