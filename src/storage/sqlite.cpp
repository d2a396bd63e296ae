#include "storage/sqlite.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <cerrno>
#include <mutex>
#include <system_error>
#include <utility>

#include "bookafy/error.hpp"

namespace bookafy::storage {
namespace {

constexpr int busy_milliseconds = 5000;
/// Of SQLite's virtual machine, between two looks: about a millisecond.
constexpr int steps_unwatched = 10'000;
constexpr const char* first_read = "PRAGMA foreign_keys = ON; SELECT count(*) FROM sqlite_schema";
constexpr const char* permissions_hint = "check the permissions of the file and of its folder";

/// SQLite creates files with mode 0644 less the umask; -wal and -shm copy the database's mode.
class PrivateUmask {
 public:
  PrivateUmask() : lock_(mutex()), usual_(umask(S_IRWXG | S_IRWXO)) {}
  PrivateUmask(const PrivateUmask&) = delete;
  PrivateUmask& operator=(const PrivateUmask&) = delete;
  ~PrivateUmask() { umask(usual_); }

 private:
  /// The umask belongs to the process, not to the thread.
  static std::mutex& mutex() {
    static std::mutex only;
    return only;
  }

  std::lock_guard<std::mutex> lock_;
  mode_t usual_;
};

}  // namespace

Database::Database(std::string file, Access access) : file_(std::move(file)), path_(literal_path(file_)) {
  try {
    open(access);
  } catch (Error& error) {
    sqlite3_close(handle_);
    error.kind = ErrorKind::usage;
    throw;
  } catch (...) {
    sqlite3_close(handle_);
    throw;
  }
}

void Database::open(Access access) {
  if (access == Access::read_only) return open_for_reading();
  {
    const PrivateUmask private_files;
    open_handle(path_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  }
  // SQLite opens for reading what it may not write.
  if (sqlite3_db_readonly(handle_, "main") == 1) {
    Error error(ErrorKind::usage, fmt::format("cannot write {}: {}", file_, std::generic_category().message(EACCES)));
    error.hint = permissions_hint;
    throw error;
  }
  if (access == Access::exclusive) execute("PRAGMA locking_mode = EXCLUSIVE");
  // Of a new file: a delivery has some 2.5 KiB, of which larger pages waste less than SQLite's usual ones do.
  execute("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  execute(first_read);
}

void Database::open_for_reading() {
  if (!file_exists(path_)) {
    Error error(ErrorKind::usage, fmt::format("cannot open {}: {}", file_, std::generic_category().message(ENOENT)));
    error.hint = "name the file that bookafy listen --store writes";
    throw error;
  }
  for (FileState state(path_);;) {
    try {
      return open_for_reading(state);
    } catch (const Error&) {
      const FileState now(path_);
      if (now == state) throw;
      state = now;
    }
    sqlite3_close(std::exchange(handle_, nullptr));
  }
}

/// A file that is complete is read as one that does not change (see is_stale): SQLite would create a log and its index
/// for it. Beside a log the locks of its index keep what is read consistent; readonly_shm neither creates nor changes
/// that index.
void Database::open_for_reading(const FileState& state) {
  if (state.lacks_wal_index()) {
    Error error(ErrorKind::usage, fmt::format("cannot read {0}: {0}-wal has changes, and {0}-shm is missing", file_));
    error.hint = "copy all three files, or start bookafy listen --store on it once";
    throw error;
  }
  opened_state_.reset();
  if (state.is_complete()) opened_state_ = state;
  const auto* parameters = state.is_complete() ? "mode=ro&immutable=1" : "mode=ro&readonly_shm=1";
  open_handle(sqlite_uri(path_, parameters), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
  execute(first_read);
}

void Database::open_handle(const std::string& name, int flags) {
  if (sqlite3_open_v2(name.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW, nullptr) != SQLITE_OK)
    fail("open");
  sqlite3_busy_timeout(handle_, busy_milliseconds);
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
  const int code = sqlite3_errcode(handle_);
  const int system_error = code == SQLITE_CANTOPEN || code == SQLITE_IOERR ? sqlite3_system_errno(handle_) : 0;
  const std::string reason = system_error ? std::generic_category().message(system_error) : sqlite3_errmsg(handle_);
  Error error(ErrorKind::internal, fmt::format("cannot {} {}: {}", attempted, file_, reason));
  if (code == SQLITE_BUSY) error.hint = "close the other program that uses the file";
  if (code == SQLITE_NOTADB) error.hint = "name another file";
  if (code == SQLITE_CANTOPEN || code == SQLITE_READONLY) error.hint = permissions_hint;
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
