/* Never comes back from `read`. */
#include "bad.h"

static int32_t bad_read(vigie_source *source, vigie_call *call, const char *request, size_t len,
                        vigie_reader_v1 *out) {
  (void)source, (void)call, (void)request, (void)len, (void)out;
  for (;;) {
    pause();
  }
}

BAD_TABLES(0)
