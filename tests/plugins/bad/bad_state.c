/* Gives a checkpoint that is no JSON. */
#include "bad.h"

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  static int steps;
  (void)reader;
  steps++;
  if (steps == 1) {
    ten_rows(call, 0);
    return VIGIE_OK;
  }
  return VIGIE_DONE;
}

static int32_t no_json(vigie_reader_v1 *reader, vigie_call *call) {
  static int calls;
  if (calls++ == 0) {
    return bad_checkpoint(reader, call);
  }
  host->reply(call, "{rows", 5);
  return VIGIE_OK;
}

#define bad_checkpoint no_json
BAD_STEPS(step)
