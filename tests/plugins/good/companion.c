/* Keeps a helper process while it reads, and says at the end whether the helper is still there. One row. */
#include "vigie_plugin.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const vigie_host_v1 *host;

static int32_t init(const vigie_host_v1 *table, vigie_call *call) {
  (void)call;
  host = table;
  return VIGIE_OK;
}

static int32_t spec(vigie_call *call) {
  (void)call;
  return VIGIE_OK;
}

static int32_t open_source(vigie_call *call, const char *config, size_t len, vigie_source **out) {
  static int source;
  (void)call, (void)config, (void)len;
  *out = (vigie_source *)&source;
  return VIGIE_OK;
}

static void close_source(vigie_source *source) { (void)source; }

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  static const char row[] = "[{\"native_id\":\"1\",\"platform\":\"forum\",\"kind\":\"post\","
                            "\"published_at\":\"2026-01-01T00:00:00Z\"}]";
  (void)reader;
  pid_t helper = fork();
  if (helper == 0) {
    for (;;) {
      pause();
    }
  }
  host->log(call, 3, "ready", 5);
  host->sleep(call, 1500);
  int there = waitpid(helper, NULL, WNOHANG) == 0;
  host->log(call, 3, there ? "helper alive" : "helper dead", there ? 12 : 11);
  kill(helper, SIGKILL);
  waitpid(helper, NULL, 0);
  host->rows(call, "mentions/1", 10, row, sizeof row - 1);
  return VIGIE_DONE;
}

static void release(vigie_reader_v1 *reader) { (void)reader; }

static int32_t read_source(vigie_source *source, vigie_call *call, const char *request, size_t len,
                           vigie_reader_v1 *out) {
  (void)source, (void)call, (void)request, (void)len;
  out->step = step;
  out->release = release;
  return VIGIE_OK;
}

static const vigie_source_v1 source_table = {sizeof source_table, 0,           spec,        open_source,
                                             NULL,                read_source, close_source};

static const void *get_interface(const char *id) { return strcmp(id, VIGIE_SOURCE_1) == 0 ? &source_table : NULL; }

static const vigie_plugin_v1 plugin = {sizeof plugin, 0, "companion", "1.0.0", init, NULL, get_interface};

VIGIE_EXPORT const vigie_plugin_v1 *vigie_companion_entry_v0(void);
const vigie_plugin_v1 *vigie_companion_entry_v0(void) { return &plugin; }
