/* Writes into every descriptor it can find, the host's channel among them. */
#include "bad.h"

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  static int steps;
  (void)reader;
  steps++;
  if (steps == 1) {
    ten_rows(call, 0);
    return VIGIE_OK;
  }
  char bytes[64];
  memset(bytes, 0xa5, sizeof bytes);
  for (int fd = 3; fd < 64; fd++) {
    if (write(fd, bytes, sizeof bytes) < 0) {
      continue;
    }
  }
  return VIGIE_DONE;
}

BAD_STEPS(step)
