/* Calls a function that no library has: must be found when the library is opened, not in the middle of a run. */
#include "bad.h"

void vigie_test_function_that_does_not_exist(void);

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  (void)reader, (void)call;
  vigie_test_function_that_does_not_exist();
  return VIGIE_DONE;
}

BAD_STEPS(step)
