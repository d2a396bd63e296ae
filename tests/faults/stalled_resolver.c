/* Preloaded into the program: a name server that never answers. */
#include <netdb.h>
#include <unistd.h>

int getaddrinfo(const char* name, const char* service, const struct addrinfo* hints, struct addrinfo** result) {
  static const char asked[] = "asked for a name\n";
  (void)name, (void)service, (void)hints, (void)result;
  if (write(STDERR_FILENO, asked, sizeof asked - 1) < 0) return EAI_SYSTEM;
  for (;;) pause();
}
