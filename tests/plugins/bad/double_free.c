/* Frees the same memory twice. */
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
  free(block);
  free(block);
  return VIGIE_DONE;
}

BAD_STEPS(step)
