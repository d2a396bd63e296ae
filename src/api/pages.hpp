/// Lists of the API, page by page.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "api/connection.hpp"
#include "api/projection.hpp"
#include "net/query.hpp"

namespace bookafy {

struct Pages::State {
  /// `ahead`, `refusal_is_empty` and `fields` as in ListQuery.
  State(const std::shared_ptr<Connection>& list_connection, std::string list_path, Query list_query,
        std::string attempt, bool ahead = true, bool refusal_is_empty = false,
        const std::vector<std::string>& fields = {});

  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State();

  std::optional<std::vector<Value>> next();
  bool refused() const { return refused_; }
  bool ready() const;

 private:
  void ask(const std::string& token);
  void follow(const Value& body, const http::Response& response);

  std::weak_ptr<Connection> connection_;  ///< the client's
  std::string path_;
  Query query_;
  std::string attempted_;
  bool ahead_;
  bool refusal_is_empty_;
  Projection kept_;
  std::optional<std::uint64_t> ticket_;  ///< of the page under way
  std::string next_token_;               ///< of a page not asked for yet
  bool refused_ = false;
  int empty_pages_ = 0;                ///< in a row
  std::optional<Error> odd_row_;       ///< reported after the other rows of all pages
  std::set<std::size_t> seen_tokens_;  ///< hashes: a server that repeats itself would have us ask for ever
};

}  // namespace bookafy
