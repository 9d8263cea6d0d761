/* Prints a thousand lines and more than a line may hold, on both outputs; its rows are good. */
#include "bad.h"

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  static int steps;
  (void)reader;
  steps++;
  if (steps == 1) {
    ten_rows(call, 0);
    return VIGIE_OK;
  }
  for (int line = 0; line < 1000; line++) {
    printf("line %d of what nobody asked for\n", line);
    fprintf(stderr, "\033[31mline %d in red\n", line);
  }
  for (int piece = 0; piece < 10000; piece++) {
    fputs("no end of line ", stdout);
  }
  fflush(stdout);
  ten_rows(call, 10);
  return VIGIE_DONE;
}

BAD_STEPS(step)
