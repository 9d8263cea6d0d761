/* Gives the same rows again and again. */
#include "bad.h"

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  static int steps;
  (void)reader;
  steps++;
  if (steps == 1) {
    ten_rows(call, 0);
    return VIGIE_OK;
  }
  ten_rows(call, 0);
  return steps < 5 ? VIGIE_OK : VIGIE_DONE;
}

BAD_STEPS(step)
