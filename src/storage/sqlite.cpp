#include "storage/sqlite.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "bookafy/error.hpp"

namespace bookafy::storage {
namespace {

constexpr int busy_milliseconds = 5000;
/// Of SQLite's virtual machine, between two looks: about a millisecond.
constexpr int steps_unwatched = 10'000;

[[noreturn]] void refuse(const std::string& file, const std::string& reason) {
  throw Error(ErrorKind::internal, fmt::format("cannot open {}: {}", file, reason));
}

/// SQLite would create with the process's usual mode and follow a link; its -wal and -shm files copy this one's mode.
void prepare_file(const std::string& file, Access access) {
  int descriptor = -1;
  if (access != Access::read_only)
    descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (descriptor < 0 && (access == Access::read_only || errno == EEXIST))
    descriptor = open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) refuse(file, errno == ELOOP ? "it is a symbolic link" : std::generic_category().message(errno));
  struct stat status {};
  const bool regular = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  close(descriptor);
  if (!regular) refuse(file, "it is not a regular file");
}

}  // namespace

Database::Database(std::string file, Access access) : file_(std::move(file)) {
  prepare_file(file_, access);
  const int flags = access == Access::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  try {
    if (sqlite3_open_v2(file_.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK) fail("open");
    sqlite3_busy_timeout(handle_, busy_milliseconds);
    if (access == Access::exclusive) execute("PRAGMA locking_mode = EXCLUSIVE");
    // Of a new file: a delivery has some 2.5 KiB, of which larger pages waste less than SQLite's usual ones do.
    if (access != Access::read_only)
      execute("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    execute("PRAGMA foreign_keys = ON; SELECT count(*) FROM sqlite_schema");
  } catch (...) {
    sqlite3_close(handle_);
    throw;
  }
}

Database::~Database() { sqlite3_close(handle_); }

void Database::execute(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail("use");
}

std::int64_t Database::integer(const char* sql) {
  Statement statement(*this, sql);
  return statement.step() ? statement.integer(0) : 0;
}

void Database::fail(const std::string& attempted) {
  if (stopped_) std::rethrow_exception(std::exchange(stopped_, nullptr));
  Error error(ErrorKind::internal, fmt::format("cannot {} {}: {}", attempted, file_, sqlite3_errmsg(handle_)));
  if (sqlite3_errcode(handle_) == SQLITE_BUSY) error.hint = "another program is using the file";
  throw error;
}

Watch::Watch(Database& database, std::function<void()> check) : database_(database), check_(std::move(check)) {
  sqlite3_progress_handler(database_.handle_, steps_unwatched, look, this);
}

Watch::~Watch() { sqlite3_progress_handler(database_.handle_, 0, nullptr, nullptr); }

int Watch::look(void* self) {
  auto& watch = *static_cast<Watch*>(self);
  try {
    if (watch.check_) watch.check_();
    return 0;
  } catch (...) {
    watch.database_.stopped_ = std::current_exception();
    return 1;
  }
}

Statement::Statement(Database& database, std::string_view sql) : database_(database) {
  check(sqlite3_prepare_v3(database.handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                           &handle_, nullptr),
        "use");
}

Statement::~Statement() { sqlite3_finalize(handle_); }

Statement& Statement::bind(int parameter, std::int64_t number) {
  check(sqlite3_bind_int64(handle_, parameter, number), "use");
  return *this;
}

// A null pointer would bind NULL: an empty view may hold one.
Statement& Statement::bind(int parameter, std::string_view text) {
  const char* data = text.data() ? text.data() : "";
  check(sqlite3_bind_text64(handle_, parameter, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8), "use");
  return *this;
}

Statement& Statement::bind_blob(int parameter, std::string_view bytes) {
  const char* data = bytes.data() ? bytes.data() : "";
  check(sqlite3_bind_blob64(handle_, parameter, data, bytes.size(), SQLITE_TRANSIENT), "use");
  return *this;
}

Statement& Statement::bind_null(int parameter) {
  check(sqlite3_bind_null(handle_, parameter), "use");
  return *this;
}

bool Statement::step() {
  const int result = sqlite3_step(handle_);
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE) {
    try {
      check(result, sqlite3_stmt_readonly(handle_) ? "read" : "write");
    } catch (...) {
      sqlite3_reset(handle_);
      throw;
    }
  }
  sqlite3_reset(handle_);
  return false;
}

void Statement::run() {
  while (step()) {
  }
}

void Statement::reset() { sqlite3_reset(handle_); }

bool Statement::is_null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }

std::string_view Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  return data ? std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))) : "";
}

std::string_view Statement::blob(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(handle_, column));
  return data ? std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))) : "";
}

void Statement::check(int result, const char* attempted) const {
  if (result != SQLITE_OK) database_.fail(attempted);
}

Transaction::Transaction(Database& database) : database_(database) { database_.execute("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.execute("ROLLBACK");
  } catch (const std::exception&) {
    // A failed commit may have rolled back already; then there is nothing left to do.
  }
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

}  // namespace bookafy::storage
