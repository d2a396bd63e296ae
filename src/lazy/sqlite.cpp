#include <sqlite3.h>

#include "lazy/library.hpp"

BOOKAFY_LIBRARY("libsqlite3.so.0", "libsqlite3-0", "storage", "Stores of deliveries and of the sandbox")

extern "C" {
BOOKAFY_PASS_ON(int, sqlite3_open_v2, (const char* file, sqlite3** handle, int flags, const char* system),
                (file, handle, flags, system))
BOOKAFY_PASS_ON(int, sqlite3_close, (sqlite3 * handle), (handle))
BOOKAFY_PASS_ON(int, sqlite3_busy_timeout, (sqlite3 * handle, int milliseconds), (handle, milliseconds))
BOOKAFY_PASS_ON(void, sqlite3_progress_handler, (sqlite3 * handle, int steps, int (*look)(void*), void* context),
                (handle, steps, look, context))
BOOKAFY_PASS_ON(int, sqlite3_errcode, (sqlite3 * handle), (handle))
BOOKAFY_PASS_ON(int, sqlite3_system_errno, (sqlite3 * handle), (handle))
BOOKAFY_PASS_ON(int, sqlite3_db_readonly, (sqlite3 * handle, const char* name), (handle, name))
BOOKAFY_PASS_ON(const char*, sqlite3_errmsg, (sqlite3 * handle), (handle))
BOOKAFY_PASS_ON(int, sqlite3_exec,
                (sqlite3 * handle, const char* sql, int (*row)(void*, int, char**, char**), void* context,
                 char** error),
                (handle, sql, row, context, error))
BOOKAFY_PASS_ON(int, sqlite3_prepare_v3,
                (sqlite3 * handle, const char* sql, int size, unsigned flags, sqlite3_stmt** statement,
                 const char** rest),
                (handle, sql, size, flags, statement, rest))
BOOKAFY_PASS_ON(int, sqlite3_finalize, (sqlite3_stmt * statement), (statement))
BOOKAFY_PASS_ON(int, sqlite3_step, (sqlite3_stmt * statement), (statement))
BOOKAFY_PASS_ON(int, sqlite3_reset, (sqlite3_stmt * statement), (statement))
BOOKAFY_PASS_ON(int, sqlite3_stmt_readonly, (sqlite3_stmt * statement), (statement))
BOOKAFY_PASS_ON(int, sqlite3_bind_int64, (sqlite3_stmt * statement, int at, sqlite3_int64 number),
                (statement, at, number))
BOOKAFY_PASS_ON(int, sqlite3_bind_null, (sqlite3_stmt * statement, int at), (statement, at))
BOOKAFY_PASS_ON(int, sqlite3_bind_text64,
                (sqlite3_stmt * statement, int at, const char* text, sqlite3_uint64 size, void (*free)(void*),
                 unsigned char encoding),
                (statement, at, text, size, free, encoding))
BOOKAFY_PASS_ON(int, sqlite3_bind_blob64,
                (sqlite3_stmt * statement, int at, const void* bytes, sqlite3_uint64 size, void (*free)(void*)),
                (statement, at, bytes, size, free))
BOOKAFY_PASS_ON(int, sqlite3_column_type, (sqlite3_stmt * statement, int at), (statement, at))
BOOKAFY_PASS_ON(int, sqlite3_column_bytes, (sqlite3_stmt * statement, int at), (statement, at))
BOOKAFY_PASS_ON(sqlite3_int64, sqlite3_column_int64, (sqlite3_stmt * statement, int at), (statement, at))
BOOKAFY_PASS_ON(const void*, sqlite3_column_blob, (sqlite3_stmt * statement, int at), (statement, at))
BOOKAFY_PASS_ON(const unsigned char*, sqlite3_column_text, (sqlite3_stmt * statement, int at), (statement, at))
}
