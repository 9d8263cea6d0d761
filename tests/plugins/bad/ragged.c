/* Gives columns of different lengths. */
#include "bad.h"

static int next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
  static const int32_t good[2] = {0, 1};
  static int batches;
  (void)stream;
  if (batches++ == 0) {
    arrow_batch(out, 1, good, "a");
    return VIGIE_OK;
  }
  arrow_batch(out, 1, good, "a");
  out->children[1]->length = 0;
  return VIGIE_OK;
}

BAD_STREAM(next)
