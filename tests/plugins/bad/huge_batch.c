/* Says it gives 2^40 rows. */
#include "bad.h"

static int next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
  static const int32_t good[2] = {0, 1};
  static int batches;
  (void)stream;
  if (batches++ == 0) {
    arrow_batch(out, 1, good, "a");
    return VIGIE_OK;
  }
  arrow_batch(out, (int64_t)1 << 40, good, "a");
  return VIGIE_OK;
}

BAD_STREAM(next)
