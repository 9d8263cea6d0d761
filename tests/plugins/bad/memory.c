/* Takes memory without end. */
#include "bad.h"

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  static int steps;
  (void)reader;
  steps++;
  if (steps == 1) {
    ten_rows(call, 0);
    return VIGIE_OK;
  }
  for (;;) {
    char *block = malloc(1 << 20);
    if (block == NULL) {
      abort();
    }
    memset(block, 1, 1 << 20);
  }
}

BAD_STEPS(step)
