/* Gives rows of a table nobody knows, and ignores the refusal. */
#include "bad.h"

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  static int steps;
  (void)reader;
  steps++;
  if (steps == 1) {
    ten_rows(call, 0);
    return VIGIE_OK;
  }
  host->rows(call, "mention/1", 9, "[]", 2);
  return VIGIE_DONE;
}

BAD_STEPS(step)
