/* Exports an entry, but not the one its id asks for. */
#include "vigie_plugin.h"

VIGIE_EXPORT const vigie_plugin_v1 *vigie_other_entry_v0(void);
const vigie_plugin_v1 *vigie_other_entry_v0(void) { return NULL; }
