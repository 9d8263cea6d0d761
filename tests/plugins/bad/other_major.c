/* Was built for a later major of the ABI. */
#include "vigie_plugin.h"

VIGIE_EXPORT const vigie_plugin_v1 *vigie_bad_entry_v1(void);
const vigie_plugin_v1 *vigie_bad_entry_v1(void) { return NULL; }
