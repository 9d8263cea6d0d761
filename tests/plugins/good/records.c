/* Rows of every table: a mention, a stub, a measured point, an event and what could be heard. The first reading gives
 * each once; the next corrects the mention and the point and adds a window. Option `way`: `step` gives all rows as
 * JSON, `stream` gives mentions as an Arrow stream and the rest from inside it, `crash` dies with rows of every table
 * that no checkpoint covers. */
#include "vigie_plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const vigie_host_v1 *host;
static vigie_call *reading;
static int rounds, steps;
static enum { STEP, STREAM, CRASH } way;

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
  (void)call, (void)len;
  way = strstr(config, "\"stream\"") ? STREAM : strstr(config, "\"crash\"") ? CRASH : STEP;
  *out = (vigie_source *)&source;
  return VIGIE_OK;
}

static void close_source(vigie_source *source) { (void)source; }

static void give(vigie_call *call, const char *table, const char *json) {
  host->rows(call, table, strlen(table), json, strlen(json));
}

/* Rows of reading `number` for the tables beside the mentions. */
static void side_rows(vigie_call *call, int number) {
  char json[512];
  snprintf(json, sizeof json,
           "[{\"series\":\"followers\",\"entity\":\"alto\",\"platform\":\"forum\",\"ts\":\"2026-03-01T00:00:00Z\","
           "\"value\":%d,\"dims\":\"{\\\"country\\\":\\\"CA\\\"}\"}]",
           1000 + number);
  give(call, "metric_points/1", json);
  if (number != 1) {
    snprintf(json, sizeof json,
             "[{\"entity\":\"alto\",\"ts\":\"2026-03-0%dT12:00:00Z\",\"type\":\"page_changed\","
             "\"url\":\"https://alto.example/prix\",\"title\":\"Prix\",\"added_words\":12}]",
             2 + number);
    give(call, "events/1", json);
  }
  snprintf(json, sizeof json,
           "[{\"window_start\":\"2026-03-0%dT00:00:00Z\",\"window_end\":\"2026-03-0%dT00:00:00Z\",\"items\":2,"
           "\"truncated\":%s,\"reason\":\"cap\"}]",
           1 + number, 2 + number, number == 0 ? "true" : "false");
  give(call, "coverage/1", json);
}

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  char json[512];
  (void)reader;
  int number = rounds + steps++;
  snprintf(json, sizeof json,
           "[{\"native_id\":\"m\",\"platform\":\"forum\",\"kind\":\"post\",\"published_at\":\"2026-03-05T10:00:00Z\","
           "\"author_handle\":\"julie\",\"text\":\"alto, %s\"}]",
           number == 0 ? "premier essai" : "essai corrigé");
  give(call, "mentions/1", json);
  if (number == 0) {
    give(call, "mentions/1",
         "[{\"native_id\":\"s\",\"platform\":\"forum\",\"kind\":\"post\",\"published_at\":\"2026-03-06T10:00:00Z\","
         "\"text_origin\":\"id_only\",\"url\":\"https://forum.example/s\"}]");
  }
  side_rows(call, number);
  return way == CRASH ? VIGIE_OK : VIGIE_DONE;
}

static int32_t checkpoint(vigie_reader_v1 *reader, vigie_call *call) {
  char json[32];
  (void)reader;
  if (way == CRASH && steps == 2) {
    abort();
  }
  snprintf(json, sizeof json, "{\"rounds\":%d}", rounds + 1);
  host->reply(call, json, strlen(json));
  return VIGIE_OK;
}

static void release(vigie_reader_v1 *reader) { (void)reader; }

/* Two mentions as an Arrow batch. */
static void schema_release(struct ArrowSchema *schema) { schema->release = NULL; }
static void array_release(struct ArrowArray *array) { array->release = NULL; }
static void stream_release(struct ArrowArrayStream *stream) { stream->release = NULL; }

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
  static const char *const names[] = {"native_id", "platform", "kind", "published_at"};
  static struct ArrowSchema fields[4], *children[4];
  (void)stream;
  memset(out, 0, sizeof *out);
  for (int i = 0; i < 4; i++) {
    fields[i] = (struct ArrowSchema){.format = i == 3 ? "tsu:UTC" : "u", .name = names[i], .release = schema_release};
    children[i] = &fields[i];
  }
  out->format = "+s";
  out->n_children = 4;
  out->children = children;
  out->release = schema_release;
  return 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
  static const int32_t ids[] = {0, 1, 2}, forums[] = {0, 5, 10}, posts[] = {0, 4, 8};
  static const int64_t times[] = {1772704800000000, 1772791200000000};
  static const void *buffers[4][3] = {
      {NULL, ids, "ms"}, {NULL, forums, "forumforum"}, {NULL, posts, "postpost"}, {NULL, times, NULL}};
  static const void *none[1];
  static struct ArrowArray columns[4], *children[4];
  (void)stream;
  memset(out, 0, sizeof *out);
  if (steps++ > 0) {
    return 0;
  }
  side_rows(reading, rounds);
  for (int i = 0; i < 4; i++) {
    columns[i] = (struct ArrowArray){
        .length = 2, .n_buffers = i == 3 ? 2 : 3, .buffers = buffers[i], .release = array_release};
    children[i] = &columns[i];
  }
  out->length = 2;
  out->n_buffers = 1;
  out->buffers = none;
  out->n_children = 4;
  out->children = children;
  out->release = array_release;
  return 0;
}

static int32_t read_source(vigie_source *source, vigie_call *call, const char *request, size_t len,
                           vigie_reader_v1 *out) {
  const char *state = strstr(request, "\"rounds\":");
  (void)source, (void)len;
  rounds = state ? atoi(state + 9) : 0;
  reading = call;
  out->checkpoint = checkpoint;
  if (way == STREAM) {
    out->stream = (struct ArrowArrayStream){.get_schema = get_schema, .get_next = get_next, .release = stream_release};
  } else {
    out->step = step;
    out->release = release;
  }
  return VIGIE_OK;
}

static const vigie_source_v1 source_table = {sizeof source_table, 0,           spec,        open_source,
                                             NULL,                read_source, close_source};

static const void *get_interface(const char *id) { return strcmp(id, VIGIE_SOURCE_1) == 0 ? &source_table : NULL; }

static const vigie_plugin_v1 plugin = {sizeof plugin, 0, "records", "1.0.0", init, NULL, get_interface};

VIGIE_EXPORT const vigie_plugin_v1 *vigie_records_entry_v0(void);
const vigie_plugin_v1 *vigie_records_entry_v0(void) { return &plugin; }
