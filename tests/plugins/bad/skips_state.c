/* Its checkpoint says that twenty rows were given when ten were: a second reading misses some. */
#define BAD_CHECKPOINT "{\"rows\":20}"
#include "bad.h"

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  (void)reader;
  ten_rows(call, 0);
  return VIGIE_DONE;
}

BAD_STEPS(step)
