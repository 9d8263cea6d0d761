/* A plugin with good manners: lines of a file as mentions, as the example in C gives them, with windows besides.
 * Compiled with the name of a fault, it has that one; each test of the conformance suite must find its own. */
#include "vigie_plugin.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char spec_json[] =
#include "spec.inc"
    ;

static const vigie_host_v1 *host;

struct vigie_source {
  char path[4096];
};

struct reading {
  FILE *book;
  char *line, *json;
  size_t room;
  long lines, before, rows, max_rows;
  char from[32], to[32], newest[32];
  int ended;
};

static int32_t fail(vigie_call *call, int32_t code, const char *text) {
  host->fail(call, code, text, strlen(text), "{}", 2);
  return code;
}

static const char *value(const char *json, const char *key) {
  const char *at = json ? strstr(json, key) : NULL;
  return at ? at + strlen(key) + 1 : NULL;
}

static void text_value(const char *at, char *out, size_t room) {
  size_t used = 0;
  for (at++; *at && *at != '"' && used + 1 < room; at++) {
    out[used++] = *at;
  }
  out[used] = 0;
}

static int32_t init(const vigie_host_v1 *table, vigie_call *call) {
  (void)call;
  host = table;
#ifdef TRUSTS_LONG_TABLES
  if (table->struct_size > sizeof *table) {
    ((void (*const *)(void))(table + 1))[0]();
  }
#endif
  return VIGIE_OK;
}

static int32_t spec(vigie_call *call) {
#ifdef OTHER_SPEC
  char other[sizeof spec_json];
  memcpy(other, spec_json, sizeof other);
  memcpy(strstr(other, "0.1.0"), "0.1.1", 5);
  host->reply(call, other, sizeof other - 1);
#else
  host->reply(call, spec_json, sizeof spec_json - 1);
#endif
  return VIGIE_OK;
}

static int32_t open_source(vigie_call *call, const char *config, size_t len, vigie_source **out) {
  vigie_source *source = calloc(1, sizeof *source);
  const char *path = value(config, "\"path\"");
  (void)len;
#ifndef BELIEVES_OPTIONS
  if (!path || *path != '"') {
    free(source);
    return fail(call, VIGIE_E_CONFIG, "path must name a file");
  }
#endif
  text_value(path, source->path, sizeof source->path);
#ifdef LEAKS_MEMORY
  /* Volatile: a compiler leaves out a leak that nobody looks at. */
  static void *volatile leaked;
  leaked = malloc(1 << 20);
  memset(leaked, 1, 1 << 20);
#endif
#ifdef LEAKS_FILES
  /* Not each time: the process may hold 64. */
  static int opens;
  if (++opens % 8 == 0 && open("/dev/null", O_RDONLY) < 0) {
    return fail(call, VIGIE_E_INTERNAL, "no descriptor is left");
  }
#endif
  *out = source;
  return VIGIE_OK;
}

static void close_source(vigie_source *source) { free(source); }

static int32_t check(vigie_source *source, vigie_call *call) {
  (void)source;
  host->reply(call, "{\"checks\":[]}", 13);
  return VIGIE_OK;
}

/* Length of the UTF-8 character at `at`, 0 when it is none; surrogates are not looked for. */
static int character(const unsigned char *at) {
  int length = *at < 0x80 ? 1 : *at >= 0xC2 && *at < 0xE0 ? 2 : *at >= 0xE0 && *at < 0xF0 ? 3 : *at >= 0xF0 && *at < 0xF5 ? 4 : 0;
  for (int i = 1; i < length; i++) {
    if ((at[i] & 0xC0) != 0x80) {
      return 0;
    }
  }
  return length;
}

static int is_utf8(const char *text) {
  const unsigned char *at = (const unsigned char *)text;
  int length;
  while (*at && (length = character(at))) {
    at += length;
  }
  return *at == 0;
}

static void quote(char **out, const char *text) {
  *(*out)++ = '"';
  for (; *text; text++) {
    *out += (unsigned char)*text < 0x20 || *text == '"' || *text == '\\' ? sprintf(*out, "\\u%04x", *text)
                                                                        : sprintf(*out, "%c", *text);
  }
  *(*out)++ = '"';
  *(*out) = 0;
}

static void row(struct reading *reading, vigie_call *call, long number, const char *time, const char *author, const char *text) {
  char *json = reading->json, *out = json;
#ifdef DOUBLES_KEYS
  number = number > 5 ? 5 : number;
#endif
#ifdef SEES_THE_FUTURE
  time = number == 7 ? "2026-12-24T18:00:00Z" : time;
#endif
  out += sprintf(out, "[{\"native_id\":\"line-%ld\",\"platform\":\"book\",\"kind\":\"review\",\"author_name\":", number);
  quote(&out, author);
  out += sprintf(out, ",\"published_at\":");
  quote(&out, time);
#ifdef SPILLS_THE_SECRET
  char secret[256] = "";
  size_t needed;
  const vigie_secret_v1 *secrets = host->get_interface(VIGIE_SECRET_1);
  if (secrets) {
    secrets->get(call, "token", 5, secret, sizeof secret - 1, &needed);
  }
  text = secret;
#endif
#ifdef ASKS_THE_CLOCK
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  out += sprintf(out, ",\"likes\":%ld", now.tv_nsec);
#endif
  out += sprintf(out, ",\"text\":");
  quote(&out, text);
  out += sprintf(out, "}]");
  if (host->rows(call, "mentions/1", 10, json, (size_t)(out - json)) == VIGIE_OK) {
    reading->rows++;
  }
#ifdef LOGS_NAMES
  host->log(call, VIGIE_LOG_INFO, author, strlen(author));
#endif
}

static void take(struct reading *reading, vigie_call *call, long length) {
  char *line = reading->line;
  char *author = strchr(line, '\t'), *text = author ? strchr(author + 1, '\t') : NULL;
#ifdef TRUSTS_NUL
  length = (long)strlen(line);
#endif
  if (!text || strlen(line) != (size_t)length || !is_utf8(line)) {
#ifndef SWALLOWS_RUBBISH
    static const char reject[] = "{\"table\":\"mentions/1\",\"reason\":\"no_entry\"}";
    host->reject(call, reject, sizeof reject - 1);
#endif
    return;
  }
  *author++ = 0;
  *text++ = 0;
#ifndef IGNORES_THE_WINDOW
  if (reading->from[0] && (strcmp(line, reading->from) < 0 || strcmp(line, reading->to) >= 0)) {
    return;
  }
#endif
#ifdef PRINTS
  puts("one more");
  fflush(stdout);
#endif
#ifdef OVERRUNS
  /* One byte beyond what was asked for: nothing is seen of it without a sanitizer. */
  char *copy = malloc(strlen(text));
  strcpy(copy, text);
  free(copy);
#endif
#ifdef SIGNED_OVERFLOW
  int overflow = 0x7ffffff0;
  overflow += (int)strlen(line) + (int)reading->lines;
  line[0] = overflow == 0 ? '1' : line[0];
#endif
#ifdef SKIPS_LATE_ITEMS
  /* What is not later than the last item of the reading before is taken for old. */
  if (reading->before && strcmp(line, reading->newest) <= 0) {
    return;
  }
#endif
  snprintf(reading->newest, sizeof reading->newest, "%s", line);
#ifdef KEEPS_EVERYTHING
  /* A little of each row, for ever: only a long reading feels it. */
  static void *volatile kept;
  kept = malloc(16 << 10);
  if (!kept) {
    abort();
  }
#endif
  row(reading, call, reading->lines, line, author, text);
#ifdef HUGE_BATCHES
  if (reading->lines == 10) {
    size_t used = 0, room = 4 << 20;
    char *many = malloc(room);
    for (int i = 0; i < 11000; i++) {
      used += (size_t)snprintf(many + used, room - used,
                               "%s{\"native_id\":\"many-%d\",\"platform\":\"book\",\"kind\":\"review\",\"published_at\":\"%s\"}",
                               i ? "," : "[", i, line);
    }
    many[used++] = ']';
    host->rows(call, "mentions/1", 10, many, used);
    free(many);
  }
#endif
}

/* One whole line without its end; -1 at the end of the book. */
static long next_line(struct reading *reading) {
#ifdef SMALL_BUFFER
  /* The rest of a long line is taken for the next one. */
  reading->room = 1 << 12;
  reading->line = realloc(reading->line, reading->room);
  reading->json = realloc(reading->json, 7 * reading->room);
  if (!fgets(reading->line, (int)reading->room, reading->book)) {
    return -1;
  }
  reading->line[strcspn(reading->line, "\r\n")] = 0;
  return (long)strlen(reading->line);
#else
  size_t used = 0;
  for (int c; (c = fgetc(reading->book)) != '\n' && (c != EOF || used);) {
    if (c == EOF) {
      break;
    }
    if (used + 1 >= reading->room) {
      reading->room = reading->room ? 2 * reading->room : 4096;
      reading->line = realloc(reading->line, reading->room);
      reading->json = realloc(reading->json, 7 * reading->room);
    }
    reading->line[used++] = (char)c;
  }
  if (feof(reading->book) && !used) {
    return -1;
  }
  if (reading->line) {
    reading->line[used] = 0;
  }
  return (long)used;
#endif
}

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  struct reading *reading = reader->private_data;
  long length;
#ifdef NEVER_CANCELS
  for (;;) {
    host->progress(call, 1, 0, "turn", 4);
  }
#endif
  for (int i = 0; i < 4; i++) {
    if (host->cancelled(call)) {
      return fail(call, VIGIE_E_CANCELLED, "asked to stop");
    }
#ifndef IGNORES_MAX_ROWS
    if (reading->max_rows && reading->rows >= reading->max_rows) {
      reading->ended = 1;
      return VIGIE_DONE;
    }
#endif
    length = next_line(reading);
    if (length < 0) {
      reading->ended = 1;
#ifdef FAILS_ON_NOTHING
      if (reading->lines == 0) {
        return fail(call, VIGIE_E_REMOTE, "there is nothing");
      }
#endif
      return VIGIE_DONE;
    }
    reading->lines++;
    if (length > 0) {
      take(reading, call, length);
    }
  }
  return VIGIE_OK;
}

static int32_t checkpoint(vigie_reader_v1 *reader, vigie_call *call) {
  struct reading *reading = reader->private_data;
  char json[96];
  long lines = reading->lines;
#ifdef NO_LAST_CHECKPOINT
  if (reading->ended) {
    return VIGIE_OK;
  }
#endif
#ifdef SKIPS_AFTER_RESUME
  lines += reading->before == 0 && !reading->ended;
#endif
#ifdef SKIPS_LATE_ITEMS
  sprintf(json, "{\"lines\":%ld,\"newest\":\"%s\"}", lines, reading->newest);
#elif defined COUNTS_READINGS
  sprintf(json, "{\"lines\":%ld,\"readings\":%ld}", lines, reading->before + 1);
#else
  sprintf(json, "{\"lines\":%ld}", lines);
#endif
  host->reply(call, json, strlen(json));
  return VIGIE_OK;
}

static void release(vigie_reader_v1 *reader) {
  struct reading *reading = reader->private_data;
#ifdef NEEDS_THE_END
  if (!reading->ended) {
    abort();
  }
#endif
  fclose(reading->book);
  free(reading->line);
  free(reading->json);
  free(reading);
}

static int32_t read_source(vigie_source *source, vigie_call *call, const char *request, size_t len, vigie_reader_v1 *out) {
  const char *state = value(request, "\"state\""), *window = strstr(request, "\"window\":{"), *lines = NULL;
  struct reading *reading;
  (void)len;
  if (state && *state == '{') {
    lines = value(state, "\"lines\"");
#ifndef FORGIVES_BROKEN_STATES
    if (!lines) {
      return fail(call, VIGIE_E_STATE, "the state is not one of this plugin");
    }
#endif
  }
  reading = calloc(1, sizeof *reading);
  reading->book = fopen(source->path, "rb");
  if (!reading->book) {
    free(reading);
    return fail(call, VIGIE_E_NOT_FOUND, "the book cannot be opened");
  }
  reading->max_rows = strtol(value(request, "\"max_rows\""), NULL, 10);
  if (window) {
    text_value(value(window, "\"from\""), reading->from, sizeof reading->from);
    text_value(value(window, "\"to\""), reading->to, sizeof reading->to);
  }
#ifndef IGNORES_THE_STATE
  reading->before = lines ? strtol(lines, NULL, 10) : 0;
#endif
  while (reading->lines < reading->before && next_line(reading) >= 0) {
    reading->lines++;
  }
  reading->lines = reading->before;
#ifdef SKIPS_LATE_ITEMS
  if (lines) {
    text_value(value(state, "\"newest\""), reading->newest, sizeof reading->newest);
  }
#endif
  out->step = step;
  out->checkpoint = checkpoint;
  out->release = release;
  out->private_data = reading;
  return VIGIE_OK;
}

static const vigie_source_v1 source_table = {sizeof source_table, 0,           spec,        open_source,
                                             check,               read_source, close_source};

static const void *get_interface(const char *id) {
#ifdef ANSWERS_ANYTHING
  (void)id;
  return &source_table;
#else
  return strcmp(id, VIGIE_SOURCE_1) == 0 ? &source_table : NULL;
#endif
}

static const vigie_plugin_v1 plugin = {sizeof plugin, VIGIE_ABI_MINOR, "visitors", "0.1.0", init, NULL, get_interface};

#ifdef EXPORTS_MORE
VIGIE_EXPORT int another_symbol(void);
int another_symbol(void) { return 0; }
#endif

VIGIE_EXPORT const vigie_plugin_v1 *vigie_visitors_entry_v0(void);
const vigie_plugin_v1 *vigie_visitors_entry_v0(void) { return &plugin; }
