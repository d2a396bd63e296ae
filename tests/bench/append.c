/* append FILE TEXT: adds a line to the file, and returns once it is on the disk. What `webhook` runs a delivery. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

int main(int count, char** arguments) {
  if (count != 3) {
    fputs("usage: append FILE TEXT\n", stderr);
    return 2;
  }
  const struct iovec parts[] = {{arguments[2], strlen(arguments[2])}, {"\n", 1}};
  const int file = open(arguments[1], O_WRONLY | O_APPEND | O_CREAT, 0600);
  if (file < 0 || writev(file, parts, 2) != (ssize_t)(parts[0].iov_len + 1) || fdatasync(file) != 0) {
    perror(arguments[1]);
    return 1;
  }
  return 0;
}
