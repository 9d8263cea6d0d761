/* Calls itself without end. */
#include "bad.h"

static volatile int bottom;
static int deeper(int depth) {
  volatile char room[4096];
  room[depth % 4096] = (char)depth;
  return bottom ? depth : deeper(depth + 1) + room[0];
}
static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  static int steps;
  (void)reader;
  steps++;
  if (steps == 1) {
    ten_rows(call, 0);
    return VIGIE_OK;
  }
  return deeper(1) == 0 ? VIGIE_OK : VIGIE_DONE;
}

BAD_STEPS(step)
