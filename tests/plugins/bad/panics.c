/* Reports a panic, as the guard of the Rust kit does. */
#include "bad.h"

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  static int steps;
  (void)reader;
  steps++;
  if (steps == 1) {
    ten_rows(call, 0);
    return VIGIE_OK;
  }
  ten_rows(call, 10);
  host->fail(call, VIGIE_E_PANIC, "index out of bounds at source.rs:12", 35, "", 0);
  return VIGIE_E_PANIC;
}

BAD_STEPS(step)
