/* Closes every descriptor, the host's channel among them. */
#include "bad.h"

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  static int steps;
  (void)reader;
  steps++;
  if (steps == 1) {
    ten_rows(call, 0);
    return VIGIE_OK;
  }
  for (int fd = 3; fd < 64; fd++) {
    close(fd);
  }
  ten_rows(call, 10);
  return VIGIE_DONE;
}

BAD_STEPS(step)
