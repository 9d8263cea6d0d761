/* Gives a negative offset. */
#include "bad.h"

static int next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
  static const int32_t good[2] = {0, 1};
  static int batches;
  (void)stream;
  if (batches++ == 0) {
    arrow_batch(out, 1, good, "a");
    return VIGIE_OK;
  }
  static const int32_t negative[2] = {-4, 1};
  arrow_batch(out, 1, negative, "a");
  return VIGIE_OK;
}

BAD_STREAM(next)
