/* Leaves a daemon behind, in a session of its own, that holds the channel open; says its number; ends. */
#include "bad.h"

#include <sys/wait.h>

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  static int steps;
  (void)reader;
  steps++;
  if (steps == 1) {
    ten_rows(call, 0);
    return VIGIE_OK;
  }
  int numbers[2];
  if (pipe(numbers) != 0) {
    return VIGIE_E_INTERNAL;
  }
  pid_t first = fork();
  if (first == 0) {
    setsid();
    pid_t second = fork();
    if (second == 0) {
      pid_t own = getpid();
      write(numbers[1], &own, sizeof own);
      for (;;) {
        sleep(3600);
      }
    }
    _exit(0);
  }
  waitpid(first, NULL, 0);
  pid_t daemon_number = 0;
  read(numbers[0], &daemon_number, sizeof daemon_number);
  char line[64];
  int length = snprintf(line, sizeof line, "daemon %d", (int)daemon_number);
  host->log(call, 3, line, (size_t)length);
  _exit(0);
}

BAD_STEPS(step)
