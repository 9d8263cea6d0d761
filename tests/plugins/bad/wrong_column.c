/* Gives a column nobody knows. */
#include "bad.h"

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  static int steps;
  (void)reader;
  steps++;
  if (steps == 1) {
    ten_rows(call, 0);
    return VIGIE_OK;
  }
  static const char json[] = "[{\"titel\":\"x\"}]";
  host->rows(call, "mentions/1", 10, json, sizeof json - 1);
  return VIGIE_DONE;
}

BAD_STEPS(step)
