/* Rows for a measurement: ten columns, about 460 bytes each, as Arrow batches of 8192. Option: {"count": 1000000}. */
#include "vigie_plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 8192
#define COLUMNS 10
#define TEXTS 7

static const vigie_host_v1 *host;
static const char *const NAMES[COLUMNS] = {"native_id", "platform", "kind",  "author_handle", "title",
                                           "text",      "lang",     "likes", "shares",        "published_at"};

struct texts {
  int32_t offsets[ROWS + 1];
  char *bytes;
};

static struct texts texts[TEXTS];
static int64_t numbers[COLUMNS - TEXTS][ROWS];
static long count, given;

static void fill(struct texts *column, int row, const char *text) {
  size_t length = strlen(text);
  memcpy(column->bytes + column->offsets[row], text, length);
  column->offsets[row + 1] = column->offsets[row] + (int32_t)length;
}

/* Everything but the ids is the same in each batch: what is measured is the way, not the making. */
static void prepare(void) {
  static const char sentence[] = "Le réseau est tombé hier soir, et personne au comptoir ne savait dire pourquoi; ";
  char text[420];
  for (int i = 0; i < TEXTS; i++) {
    texts[i].bytes = malloc((size_t)ROWS * 420);
  }
  for (int row = 0; row < ROWS; row++) {
    size_t used = (size_t)snprintf(text, sizeof text, "%d ", row);
    while (used + sizeof sentence < 385) {
      memcpy(text + used, sentence, sizeof sentence);
      used += sizeof sentence - 1;
    }
    fill(&texts[1], row, "forum");
    fill(&texts[2], row, "post");
    fill(&texts[3], row, row % 2 ? "marianne_41" : "oliver_b");
    fill(&texts[4], row, "Panne de réseau au centre-ville");
    fill(&texts[5], row, text);
    fill(&texts[6], row, "fr");
    numbers[0][row] = row % 97;
    numbers[1][row] = row % 13;
    numbers[2][row] = INT64_C(1767225600000000) + row * INT64_C(1000000);
  }
}

static int32_t init(const vigie_host_v1 *table, vigie_call *call) {
  (void)call;
  host = table;
  prepare();
  return VIGIE_OK;
}

static int32_t spec(vigie_call *call) {
  static const char json[] = "{\"spec\":1,\"id\":\"million\",\"version\":\"1.0.0\",\"tables\":[\"mentions/1\"],"
                             "\"config_schema\":{\"type\":\"object\"}}";
  host->reply(call, json, sizeof json - 1);
  return VIGIE_OK;
}

static int32_t open_source(vigie_call *call, const char *config, size_t len, vigie_source **out) {
  static int source;
  const char *at = strstr(config, "\"count\":");
  (void)call, (void)len;
  count = at ? strtol(at + 8, NULL, 10) : 0;
  *out = (vigie_source *)&source;
  return VIGIE_OK;
}

static void close_source(vigie_source *source) { (void)source; }
static void schema_release(struct ArrowSchema *schema) { schema->release = NULL; }
static void array_release(struct ArrowArray *array) { array->release = NULL; }
static void stream_release(struct ArrowArrayStream *stream) { stream->release = NULL; }

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
  static struct ArrowSchema fields[COLUMNS];
  static struct ArrowSchema *children[COLUMNS];
  (void)stream;
  memset(out, 0, sizeof *out);
  for (int i = 0; i < COLUMNS; i++) {
    memset(&fields[i], 0, sizeof fields[i]);
    fields[i].name = NAMES[i];
    fields[i].format = i < TEXTS ? "u" : i < COLUMNS - 1 ? "l" : "tsu:UTC";
    fields[i].release = schema_release;
    children[i] = &fields[i];
  }
  out->format = "+s";
  out->n_children = COLUMNS;
  out->children = children;
  out->release = schema_release;
  return VIGIE_OK;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
  static struct ArrowArray columns[COLUMNS];
  static struct ArrowArray *children[COLUMNS];
  static const void *buffers[COLUMNS][3];
  static const void *none[1];
  long rows = count - given < ROWS ? count - given : ROWS;
  (void)stream;
  memset(out, 0, sizeof *out);
  if (rows == 0) {
    return VIGIE_OK;
  }
  for (int row = 0; row < rows; row++) {
    char id[24];
    sprintf(id, "%019ld", given + row);
    fill(&texts[0], row, id);
  }
  for (int i = 0; i < COLUMNS; i++) {
    memset(&columns[i], 0, sizeof columns[i]);
    buffers[i][1] = i < TEXTS ? (const void *)texts[i].offsets : (const void *)numbers[i - TEXTS];
    buffers[i][2] = i < TEXTS ? texts[i].bytes : NULL;
    columns[i].length = rows;
    columns[i].n_buffers = i < TEXTS ? 3 : 2;
    columns[i].buffers = buffers[i];
    columns[i].release = array_release;
    children[i] = &columns[i];
  }
  given += rows;
  out->length = rows;
  out->n_buffers = 1;
  out->buffers = none;
  out->n_children = COLUMNS;
  out->children = children;
  out->release = array_release;
  return VIGIE_OK;
}

static int32_t checkpoint(vigie_reader_v1 *reader, vigie_call *call) {
  char json[48];
  (void)reader;
  host->reply(call, json, (size_t)sprintf(json, "{\"given\":%ld}", given));
  return VIGIE_OK;
}

static int32_t read_source(vigie_source *source, vigie_call *call, const char *request, size_t len, vigie_reader_v1 *out) {
  (void)source, (void)call, (void)request, (void)len;
  given = 0;
  out->stream.get_schema = get_schema;
  out->stream.get_next = get_next;
  out->stream.release = stream_release;
  out->checkpoint = checkpoint;
  return VIGIE_OK;
}

static const vigie_source_v1 source_table = {sizeof source_table, 0,           spec,        open_source,
                                             NULL,                read_source, close_source};

static const void *get_interface(const char *id) { return strcmp(id, VIGIE_SOURCE_1) == 0 ? &source_table : NULL; }

static const vigie_plugin_v1 plugin = {sizeof plugin, VIGIE_ABI_MINOR, "million", "1.0.0", init, NULL, get_interface};

VIGIE_EXPORT const vigie_plugin_v1 *vigie_million_entry_v0(void);
const vigie_plugin_v1 *vigie_million_entry_v0(void) { return &plugin; }
