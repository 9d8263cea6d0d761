/* Gives rows of the year 2999. */
#define BAD_YEAR "2999"
#include "bad.h"

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  (void)reader;
  ten_rows(call, 0);
  return VIGIE_DONE;
}

BAD_STEPS(step)
