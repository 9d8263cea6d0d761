// Lets a C++ exception cross the border.
#include <stdexcept>

extern "C" {
#include "bad.h"
}

static int32_t step(vigie_reader_v1 *, vigie_call *call) {
  static int steps;
  steps++;
  if (steps == 1) {
    ten_rows(call, 0);
    return VIGIE_OK;
  }
  ten_rows(call, 10);
  throw std::runtime_error("nobody catches this");
}

extern "C" {
BAD_STEPS(step)
}
