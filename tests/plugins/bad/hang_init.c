/* Never comes back from `init`. */
#define BAD_INIT
#include "bad.h"

static int32_t bad_init(const vigie_host_v1 *table, vigie_call *call) {
  (void)call;
  host = table;
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
