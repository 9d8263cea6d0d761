/* Says it is version 1.0.0; its manifest says otherwise. */
#include "bad.h"

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  (void)reader, (void)call;
  return VIGIE_DONE;
}

BAD_STEPS(step)
