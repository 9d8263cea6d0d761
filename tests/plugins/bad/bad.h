/* What the bad plugins share: tables, a good first step with a checkpoint, Arrow batches. Each source adds its fault.
 * Every bad plugin calls itself `bad` and stands in a folder of its own. */
#ifndef BAD_H
#define BAD_H

#include "vigie_plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const vigie_host_v1 *host;

#ifdef BAD_INIT
static int32_t bad_init(const vigie_host_v1 *table, vigie_call *call);
#else
static int32_t bad_init(const vigie_host_v1 *table, vigie_call *call) {
  (void)call;
  host = table;
  return VIGIE_OK;
}
#endif

#ifdef BAD_SPEC
static int32_t bad_spec(vigie_call *call);
#else
static int32_t bad_spec(vigie_call *call) {
  (void)call;
  return VIGIE_OK;
}
#endif

#ifdef BAD_OPEN
static int32_t bad_open(vigie_call *call, const char *config, size_t len, vigie_source **out);
#else
static int32_t bad_open(vigie_call *call, const char *config, size_t len, vigie_source **out) {
  static int source;
  (void)call, (void)config, (void)len;
  *out = (vigie_source *)&source;
  return VIGIE_OK;
}
#endif

/* The function that answers `check`, where there is one. */
#ifndef BAD_CHECK
#define BAD_CHECK NULL
#endif

static void bad_close(vigie_source *source) { (void)source; }

#ifndef BAD_YEAR
#define BAD_YEAR "2026"
#endif
#ifndef BAD_CHECKPOINT
#define BAD_CHECKPOINT "{\"rows\":10}"
#endif

/* True while the rows that the state covers are passed over, and whether there was a state at all. */
static int passing_over, resumed;

/* Ten rows as JSON, numbered from `first`. */
static void ten_rows(vigie_call *call, int first) {
  char json[4096];
  if (passing_over) {
    return;
  }
  size_t used = 0;
  for (int i = first; i < first + 10; i++) {
    used += (size_t)snprintf(json + used, sizeof json - used,
                             "%s{\"native_id\":\"%d\",\"platform\":\"forum\",\"kind\":\"post\","
                             "\"published_at\":\"" BAD_YEAR "-01-01T00:00:00Z\"}",
                             i == first ? "[" : ",", i);
  }
  used += (size_t)snprintf(json + used, sizeof json - used, "]");
  host->rows(call, "mentions/1", 10, json, used);
}

static int32_t bad_checkpoint(vigie_reader_v1 *reader, vigie_call *call) {
  (void)reader;
  host->reply(call, BAD_CHECKPOINT, sizeof BAD_CHECKPOINT - 1);
  return VIGIE_OK;
}

static void bad_release(vigie_reader_v1 *reader) { (void)reader; }

/* Whether the request holds a state of an earlier reading. */
static int remembers(const char *request) {
#ifdef BAD_FORGETS
  (void)request;
  return 0;
#else
  return strstr(request, "\"rows\":") != NULL;
#endif
}

/* Tables and entry for a plugin that gives rows by STEP. */
#define BAD_STEPS(STEP)                                                                                          \
  static int32_t bad_read(vigie_source *source, vigie_call *call, const char *request, size_t len,                \
                          vigie_reader_v1 *out) {                                                                \
    (void)source, (void)len;                                                                                     \
    out->step = STEP;                                                                                            \
    out->checkpoint = bad_checkpoint;                                                                            \
    out->release = bad_release;                                                                                  \
    resumed = remembers(request);                                                                                \
    if (resumed) {                                                                                               \
      passing_over = 1;                                                                                          \
      STEP(out, call);                                                                                           \
      passing_over = 0;                                                                                          \
    }                                                                                                            \
    return VIGIE_OK;                                                                                             \
  }                                                                                                              \
  BAD_TABLES(0)

#define BAD_TABLES(MINOR)                                                                                 \
  static const vigie_source_v1 bad_source = {sizeof bad_source, 0,        bad_spec, bad_open,                      \
                                             BAD_CHECK,         bad_read, bad_close};                             \
  static const void *bad_interface(const char *id) {                                                             \
    return strcmp(id, VIGIE_SOURCE_1) == 0 ? &bad_source : NULL;                                                 \
  }                                                                                                              \
  static const vigie_plugin_v1 bad_plugin = {sizeof bad_plugin, MINOR, "bad", "1.0.0", bad_init, NULL,             \
                                             bad_interface};                                                     \
  VIGIE_EXPORT const vigie_plugin_v1 *vigie_bad_entry_v0(void);                                                  \
  const vigie_plugin_v1 *vigie_bad_entry_v0(void) { return &bad_plugin; }

/* An Arrow batch of one row; `offsets` and `text` of the column native_id may be faulty. */
static void arrow_release(struct ArrowArray *array) { array->release = NULL; }
static void arrow_schema_release(struct ArrowSchema *schema) { schema->release = NULL; }

static int arrow_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
  static struct ArrowSchema fields[4];
  static struct ArrowSchema *children[4];
  static const char *names[4] = {"native_id", "platform", "kind", "published_at"};
  (void)stream;
  memset(out, 0, sizeof *out);
  for (int i = 0; i < 4; i++) {
    memset(&fields[i], 0, sizeof fields[i]);
    fields[i].name = names[i];
    fields[i].format = i == 3 ? "tsu:UTC" : "u";
    fields[i].release = arrow_schema_release;
    children[i] = &fields[i];
  }
  out->format = "+s";
  out->n_children = 4;
  out->children = children;
  out->release = arrow_schema_release;
  return 0;
}

static void arrow_batch(struct ArrowArray *out, int64_t rows, const int32_t *offsets, const char *text) {
  static struct ArrowArray columns[4];
  static struct ArrowArray *children[4];
  static const void *buffers[4][3];
  static const void *none[1];
  static const int32_t plain[3] = {0, 1, 2};
  static const int64_t times[2] = {0, 0};
  memset(out, 0, sizeof *out);
  for (int i = 0; i < 4; i++) {
    memset(&columns[i], 0, sizeof columns[i]);
    buffers[i][0] = NULL;
    buffers[i][1] = i == 3 ? (const void *)times : i == 0 ? (const void *)offsets : (const void *)plain;
    buffers[i][2] = i == 0 ? text : "xy";
    columns[i].length = rows;
    columns[i].n_buffers = i == 3 ? 2 : 3;
    columns[i].buffers = buffers[i];
    columns[i].release = arrow_release;
    children[i] = &columns[i];
  }
  out->length = rows;
  out->n_buffers = 1;
  out->buffers = none;
  out->n_children = 4;
  out->children = children;
  out->release = arrow_release;
}

static void arrow_stream_release(struct ArrowArrayStream *stream) { stream->release = NULL; }

/* Tables and entry for a plugin that gives Arrow batches by NEXT. */
#define BAD_STREAM(NEXT)                                                                                         \
  static int32_t bad_read(vigie_source *source, vigie_call *call, const char *request, size_t len,                \
                          vigie_reader_v1 *out) {                                                                \
    (void)source, (void)call, (void)request, (void)len;                                                          \
    out->stream.get_schema = arrow_schema;                                                                       \
    out->stream.get_next = NEXT;                                                                                 \
    out->stream.release = arrow_stream_release;                                                                  \
    out->checkpoint = bad_checkpoint;                                                                            \
    return VIGIE_OK;                                                                                             \
  }                                                                                                              \
  BAD_TABLES(0)

#endif
