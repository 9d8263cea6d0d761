/* Leaves a process behind that holds the channel open, and ends. */
#include "bad.h"

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  static int steps;
  (void)reader;
  steps++;
  if (steps == 1) {
    ten_rows(call, 0);
    return VIGIE_OK;
  }
  if (fork() == 0) {
    sleep(30);
    _exit(0);
  }
  _exit(0);
}

BAD_STEPS(step)
