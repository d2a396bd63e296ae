/// SQLite with owners for its handles and exceptions for its errors. One thread at a time per Database.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "storage/database_file.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace bookafy::storage {

enum class Access {
  read_write,  ///< created when missing; other programs may read and write the file at the same time
  exclusive,   ///< created when missing; any other program is refused while the file is open
  read_only,   ///< must exist; creates and changes no file, and needs no permission to
};

/// Write-ahead log, and every commit synced to the disk before it returns. SQLite alone opens the file.
class Database {
 public:
  /// The name is taken literally. A new file has mode 0600 from its first byte on; a symbolic link as last part of the
  /// path is refused. Throws Error: usage when the file cannot be opened. The functions below throw Error (internal)
  /// with the file's name and SQLite's reason.
  Database(std::string file, Access access);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  /// Runs statements that have no parameters and no rows of interest.
  void execute(const char* sql);
  /// The one integer that a query answers.
  std::int64_t integer(const char* sql);
  const std::string& file() const { return file_; }
  /// A file that no other process has open is read without locks. True when it changed since it was opened: what was
  /// read may be inconsistent, and the database has to be opened again.
  bool is_stale() const { return opened_state_ && *opened_state_ != FileState(path_); }

 private:
  friend class Statement;
  friend class Watch;
  void open(Access access);
  void open_for_reading();
  void open_for_reading(const FileState& state);
  void open_handle(const std::string& name, int flags);
  [[noreturn]] void fail(const std::string& attempted);

  std::string file_;
  std::string path_;
  std::optional<FileState> opened_state_;
  sqlite3* handle_ = nullptr;
  std::exception_ptr stopped_;  ///< what a Watch's check threw
};

/// While it lives, `check` is called now and then during statements that take long. What it throws ends the statement
/// and comes out of it.
class Watch {
 public:
  Watch(Database& database, std::function<void()> check);
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch();

 private:
  static int look(void* self);

  Database& database_;
  std::function<void()> check_;
};

/// A prepared statement: bind, step until false, reset. It must not outlive its Database.
class Statement {
 public:
  Statement(Database& database, std::string_view sql);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  /// Parameters count from 1. Texts and blobs are copied.
  Statement& bind(int parameter, std::int64_t number);
  Statement& bind(int parameter, std::string_view text);
  Statement& bind_blob(int parameter, std::string_view bytes);
  Statement& bind_null(int parameter);

  /// True when there is a row. After false the statement is ready to be bound and run again.
  bool step();
  /// Runs a statement that answers no rows.
  void run();
  /// Forgets the rows that were not fetched; bindings stay.
  void reset();

  /// Columns of the present row count from 0; a view is valid until the next step.
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  std::string_view text(int column) const;
  std::string_view blob(int column) const;

 private:
  void check(int result, const char* attempted) const;

  Database& database_;
  sqlite3_stmt* handle_ = nullptr;
};

/// Rolled back unless committed.
class Transaction {
 public:
  explicit Transaction(Database& database);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace bookafy::storage
