/* Starts from the beginning whatever state it is given. */
#define BAD_FORGETS
#include "bad.h"

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  static int steps;
  (void)reader;
  ten_rows(call, 10 * steps);
  return ++steps < 2 ? VIGIE_OK : VIGIE_DONE;
}

BAD_STEPS(step)
