#include <microhttpd.h>

#include <cstdarg>

#include "lazy/library.hpp"

BOOKAFY_LIBRARY("libmicrohttpd.so.12", "libmicrohttpd12", "server", "The sandbox and the listener")

extern "C" {
BOOKAFY_PASS_ON(void, MHD_stop_daemon, (MHD_Daemon * daemon), (daemon))
BOOKAFY_PASS_ON(MHD_Result, MHD_run, (MHD_Daemon * daemon), (daemon))
BOOKAFY_PASS_ON(MHD_Result, MHD_get_timeout, (MHD_Daemon * daemon, MHD_UNSIGNED_LONG_LONG* milliseconds),
                (daemon, milliseconds))
BOOKAFY_PASS_ON(MHD_Result, MHD_add_connection,
                (MHD_Daemon * daemon, MHD_socket connection, const sockaddr* address, socklen_t size),
                (daemon, connection, address, size))
BOOKAFY_PASS_ON(void, MHD_suspend_connection, (MHD_Connection * connection), (connection))
BOOKAFY_PASS_ON(void, MHD_resume_connection, (MHD_Connection * connection), (connection))
BOOKAFY_PASS_ON(int, MHD_get_connection_values,
                (MHD_Connection * connection, MHD_ValueKind kind, MHD_KeyValueIterator each, void* context),
                (connection, kind, each, context))
BOOKAFY_PASS_ON(MHD_Response*, MHD_create_response_from_buffer,
                (std::size_t size, void* buffer, MHD_ResponseMemoryMode mode), (size, buffer, mode))
BOOKAFY_PASS_ON(MHD_Result, MHD_add_response_header, (MHD_Response * response, const char* name, const char* value),
                (response, name, value))
BOOKAFY_PASS_ON(MHD_Result, MHD_queue_response, (MHD_Connection * connection, unsigned status, MHD_Response* response),
                (connection, status, response))
BOOKAFY_PASS_ON(void, MHD_destroy_response, (MHD_Response * response), (response))

// Nothing that is asked of these two takes a further argument.
BOOKAFY_PASS_ON(const MHD_DaemonInfo*, MHD_get_daemon_info, (MHD_Daemon * daemon, MHD_DaemonInfoType type, ...),
                (daemon, type))
BOOKAFY_PASS_ON(const MHD_ConnectionInfo*, MHD_get_connection_info,
                (MHD_Connection * connection, MHD_ConnectionInfoType type, ...), (connection, type))

MHD_Daemon* MHD_start_daemon(unsigned flags, std::uint16_t port, MHD_AcceptPolicyCallback accept, void* accept_context,
                             MHD_AccessHandlerCallback handler, void* handler_context, ...) {
  static auto* const original = reinterpret_cast<decltype(&MHD_start_daemon_va)>(library.symbol("MHD_start_daemon_va"));
  std::va_list options;
  va_start(options, handler_context);
  auto* daemon = original(flags, port, accept, accept_context, handler, handler_context, options);
  va_end(options);
  return daemon;
}
}
