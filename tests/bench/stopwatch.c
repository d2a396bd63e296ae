/* stopwatch REPORT COMMAND [ARGUMENT...]: runs the command and writes to the file REPORT what it took: wall time in
   nanoseconds, user and system time in microseconds, peak memory in KiB, exit status (128 + n for signal n).

   A process of its own, and a small one: a child's peak memory begins with that of the process that started it, which
   would be a whole Python. SIGTERM and SIGINT go on to the command, which does not outlive the one who asked for it. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile pid_t child;

static void pass_on(int number) {
  if (child > 0) kill(child, number);
}

static long long nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static long long microseconds(struct timeval time) { return time.tv_sec * 1000000LL + time.tv_usec; }

int main(int count, char** arguments) {
  if (count < 3) {
    fputs("usage: stopwatch REPORT COMMAND [ARGUMENT...]\n", stderr);
    return 2;
  }
  const struct sigaction action = {.sa_handler = pass_on};
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  prctl(PR_SET_PDEATHSIG, SIGTERM);

  const long long start = nanoseconds();
  child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    execvp(arguments[2], arguments + 2);
    perror(arguments[2]);
    _exit(127);
  }
  int status = 0;
  struct rusage used;
  while (wait4(child, &status, 0, &used) < 0)
    if (errno != EINTR) return 1;
  const long long end = nanoseconds();

  FILE* report = fopen(arguments[1], "w");
  if (!report) {
    perror(arguments[1]);
    return 1;
  }
  fprintf(report, "%lld %lld %ld %d\n", end - start, microseconds(used.ru_utime) + microseconds(used.ru_stime),
          used.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  return fclose(report) == 0 ? 0 : 1;
}
