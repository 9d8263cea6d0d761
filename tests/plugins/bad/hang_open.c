/* Never comes back from `open`. */
#define BAD_OPEN
#include "bad.h"

static int32_t bad_open(vigie_call *call, const char *config, size_t len, vigie_source **out) {
  (void)call, (void)config, (void)len, (void)out;
  for (;;) {
    pause();
  }
}

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  (void)reader, (void)call;
  return VIGIE_DONE;
}

BAD_STEPS(step)
