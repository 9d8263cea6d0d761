/* The first published plugin: built against the header beside it, run on every host since. Never edited.
 * Numbers as mentions, given as JSON rows, ten a step, resumed from its state.
 * Options: {"count": 25}. State: {"next": 10}. Prints a line, which ends up in the log of the source. */
#include "vigie_plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const vigie_host_v1 *host;
static long count, next_number;

/* The number after "key": in flat JSON; -1 when it is not there. */
static long number(const char *json, const char *key) {
  const char *at = strstr(json, key);
  at = at ? strchr(at, ':') : NULL;
  return at ? strtol(at + 1, NULL, 10) : -1;
}

static int32_t fail(vigie_call *call, int32_t code, const char *text, const char *detail) {
  host->fail(call, code, text, strlen(text), detail, strlen(detail));
  return code;
}

static int32_t init(const vigie_host_v1 *table, vigie_call *call) {
  (void)call;
  host = table;
  return VIGIE_OK;
}

static int32_t spec(vigie_call *call) {
  static const char json[] = "{\"spec\":1,\"id\":\"frozen\",\"version\":\"1.0.0\",\"tables\":[\"mentions/1\"],"
                             "\"config_schema\":{\"type\":\"object\"}}";
  host->reply(call, json, sizeof json - 1);
  return VIGIE_OK;
}

static int32_t open_source(vigie_call *call, const char *config, size_t len, vigie_source **out) {
  static int source;
  (void)len;
  count = number(config, "\"count\"");
  if (count < 0) {
    return fail(call, VIGIE_E_CONFIG, "count may not be negative",
                "{\"config\":\"/count\",\"hint\":{\"en\":\"use 0 or more\",\"fr\":\"mettez 0 ou plus\"}}");
  }
  *out = (vigie_source *)&source;
  return VIGIE_OK;
}

static int32_t check(vigie_source *source, vigie_call *call) {
  static const char json[] = "{\"checks\":[{\"id\":\"ready\",\"status\":\"ok\",\"message\":"
                             "{\"en\":\"it counts\",\"fr\":\"il compte\"}}]}";
  (void)source;
  host->reply(call, json, sizeof json - 1);
  return VIGIE_OK;
}

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  char json[4096] = "[";
  size_t used = 1;
  long end = next_number + 10 < count ? next_number + 10 : count;
  (void)reader;
  if (host->cancelled(call)) {
    return fail(call, VIGIE_E_CANCELLED, "asked to stop", "{}");
  }
  for (long i = next_number; i < end; i++) {
    used += (size_t)snprintf(json + used, sizeof json - used,
                             "%s{\"native_id\":\"%ld\",\"platform\":\"forum\",\"kind\":\"post\","
                             "\"published_at\":\"2026-01-01T00:00:%02ldZ\",\"text\":\"num\xc3\xa9ro %ld\",\"likes\":%ld}",
                             i == next_number ? "" : ",", i, i % 60, i, i);
  }
  used += (size_t)snprintf(json + used, sizeof json - used, "]");
  if (host->rows(call, "mentions/1", 10, json, used) != VIGIE_OK) {
    return fail(call, VIGIE_E_INTERNAL, "the host refuses the rows", "{}");
  }
  next_number = end;
  return next_number < count ? VIGIE_OK : VIGIE_DONE;
}

static int32_t checkpoint(vigie_reader_v1 *reader, vigie_call *call) {
  char json[64];
  int used = snprintf(json, sizeof json, "{\"next\":%ld}", next_number);
  (void)reader;
  host->reply(call, json, (size_t)used);
  return VIGIE_OK;
}

static void release(vigie_reader_v1 *reader) { (void)reader; }

static int32_t read_source(vigie_source *source, vigie_call *call, const char *request, size_t len,
                           vigie_reader_v1 *out) {
  (void)source, (void)call, (void)len;
  next_number = number(request, "\"next\"");
  next_number = next_number < 0 ? 0 : next_number;
  printf("counting from %ld to %ld\n", next_number, count);
  fflush(stdout);
  out->step = step;
  out->checkpoint = checkpoint;
  out->release = release;
  return VIGIE_OK;
}

static void close_source(vigie_source *source) { (void)source; }

static const vigie_source_v1 source_table = {sizeof source_table, 0,           spec,        open_source,
                                             check,               read_source, close_source};

static const void *get_interface(const char *id) { return strcmp(id, VIGIE_SOURCE_1) == 0 ? &source_table : NULL; }

static const vigie_plugin_v1 plugin = {sizeof plugin, 0, "frozen", "1.0.0", init, NULL, get_interface};

VIGIE_EXPORT const vigie_plugin_v1 *vigie_frozen_entry_v0(void);
const vigie_plugin_v1 *vigie_frozen_entry_v0(void) { return &plugin; }
