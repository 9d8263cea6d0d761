/* Ends the process at once, without a word, with status 0. */
#include "bad.h"

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  static int steps;
  (void)reader;
  steps++;
  if (steps == 1) {
    ten_rows(call, 0);
    return VIGIE_OK;
  }
  ten_rows(call, 10);
  _exit(0);
}

BAD_STEPS(step)
