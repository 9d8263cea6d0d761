/* Never comes back from `check`, and sleeps inside the host, which stops the idle clock. */
#define BAD_CHECK bad_check
#include "vigie_plugin.h"

static int32_t bad_check(vigie_source *source, vigie_call *call);

#include "bad.h"

static int32_t bad_check(vigie_source *source, vigie_call *call) {
  (void)source;
  for (;;) {
    host->sleep(call, 1000);
  }
}

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  (void)reader;
  ten_rows(call, 0);
  return VIGIE_DONE;
}

BAD_STEPS(step)
