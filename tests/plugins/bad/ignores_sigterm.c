/* Ignores every signal that can be ignored, and hangs. */
#include "bad.h"

#include <signal.h>

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  static int steps;
  (void)reader;
  steps++;
  if (steps == 1) {
    ten_rows(call, 0);
    return VIGIE_OK;
  }
  for (int number = 1; number < 32; number++) {
    signal(number, SIG_IGN);
  }
  ten_rows(call, 10);
  for (;;) {
    pause();
  }
}

BAD_STEPS(step)
