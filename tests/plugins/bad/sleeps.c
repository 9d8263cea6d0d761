/* Sleeps by itself instead of asking the host, much longer than its clock allows. */
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
  while (sleep(3600) > 0) {
  }
  return VIGIE_DONE;
}

BAD_STEPS(step)
