/* Loses the network after its first checkpoint; the next time all is well. */
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
  if (!resumed) {
    host->fail(call, VIGIE_E_NETWORK, "connection reset", 16, "", 0);
    return VIGIE_E_NETWORK;
  }
  return VIGIE_DONE;
}

BAD_STEPS(step)
