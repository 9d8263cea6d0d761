/* Never comes back from `spec`. */
#define BAD_SPEC
#include "bad.h"

static int32_t bad_spec(vigie_call *call) {
  (void)call;
  for (;;) {
    pause();
  }
}

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  (void)reader;
  ten_rows(call, 0);
  return VIGIE_DONE;
}

BAD_STEPS(step)
