/* Writes far beyond the memory it asked for. */
#include "bad.h"

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  static int steps;
  (void)reader;
  steps++;
  if (steps == 1) {
    ten_rows(call, 0);
    return VIGIE_OK;
  }
  char *volatile block = malloc(64);
  ten_rows(call, 10);
  for (size_t i = 0; i < (size_t)1 << 30; i++) {
    block[i] = (char)0x5a;
  }
  return VIGIE_DONE;
}

BAD_STEPS(step)
