/* A source in C: the entries of a guest book, given as JSON rows. One line of the book is one mention:
 * time, author and text between tabs. The state is the number of lines read. */
#include "vigie_plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Lines between two checkpoints; few, so that the small recordings show several. */
#define LINES_PER_STEP 4

static const char spec_json[] =
#include "spec.inc"
    ;

static const vigie_host_v1 *host;

struct vigie_source {
  char path[4096];
};

struct reading {
  FILE *book;
  char *line, *json; /* as long as the longest line so far, and what it becomes */
  size_t room;
  long lines;    /* read so far: the state */
  long rows;     /* given so far */
  long max_rows; /* 0: no limit */
};

static int32_t fail(vigie_call *call, int32_t code, const char *text, const char *detail) {
  host->fail(call, code, text, strlen(text), detail, strlen(detail));
  return code;
}

/* The value behind "key": in flat JSON, or NULL. Enough for messages of a form we know; use a library for more. */
static const char *value(const char *json, const char *key) {
  const char *at = strstr(json, key);
  at = at ? strchr(at + strlen(key), ':') : NULL;
  if (!at) {
    return NULL;
  }
  at++;
  return at + strspn(at, " \t\r\n");
}

/* Copies a JSON string of at most `room` bytes, escapes undone; 0 when it is not one. */
static int text_value(const char *at, char *out, size_t room) {
  size_t used = 0;
  if (!at || *at++ != '"') {
    return 0;
  }
  for (; *at && *at != '"'; at++) {
    if (used + 1 >= room) {
      return 0;
    }
    if (*at == '\\') {
      at++;
      if (*at == 'u') {
        return 0; /* the host writes everything but control characters as it is */
      }
      out[used++] = *at == 'n' ? '\n' : *at == 't' ? '\t' : *at == 'r' ? '\r' : *at;
    } else {
      out[used++] = *at;
    }
  }
  out[used] = 0;
  return *at == '"';
}

/* Length of the UTF-8 character at `at`, 0 when it is none. */
static int character(const unsigned char *at) {
  int length = *at < 0x80 ? 1 : *at >= 0xC2 && *at < 0xE0 ? 2 : *at >= 0xE0 && *at < 0xF0 ? 3 : *at >= 0xF0 && *at < 0xF5 ? 4 : 0;
  for (int i = 1; i < length; i++) {
    if ((at[i] & 0xC0) != 0x80) {
      return 0;
    }
  }
  /* No longer form than needed, no halves of pairs, nothing above U+10FFFF. */
  if ((*at == 0xE0 && at[1] < 0xA0) || (*at == 0xED && at[1] > 0x9F) || (*at == 0xF0 && at[1] < 0x90) ||
      (*at == 0xF4 && at[1] > 0x8F)) {
    return 0;
  }
  return length;
}

/* Writes `text` as a JSON string; bytes that are no UTF-8 become U+FFFD. */
static char *quote(char *out, const char *text) {
  const unsigned char *at = (const unsigned char *)text;
  *out++ = '"';
  while (*at) {
    int length = character(at);
    if (length == 0) {
      memcpy(out, "\xEF\xBF\xBD", 3);
      out += 3;
      at++;
    } else if (*at < 0x20 || *at == '"' || *at == '\\') {
      out += sprintf(out, "\\u%04x", *at++);
    } else {
      memcpy(out, at, (size_t)length);
      out += length;
      at += length;
    }
  }
  *out++ = '"';
  *out = 0;
  return out;
}

static int32_t init(const vigie_host_v1 *table, vigie_call *call) {
  (void)call;
  host = table;
  return VIGIE_OK;
}

static int32_t spec(vigie_call *call) {
  host->reply(call, spec_json, sizeof spec_json - 1);
  return VIGIE_OK;
}

static int32_t open_source(vigie_call *call, const char *config, size_t len, vigie_source **out) {
  vigie_source *source = calloc(1, sizeof *source);
  (void)len;
  if (!source) {
    return fail(call, VIGIE_E_INTERNAL, "no memory", "{}");
  }
  if (!text_value(value(config, "\"path\""), source->path, sizeof source->path) || !source->path[0]) {
    free(source);
    return fail(call, VIGIE_E_CONFIG, "path must name a file", "{\"config\":\"/path\"}");
  }
  *out = source;
  return VIGIE_OK;
}

static void close_source(vigie_source *source) { free(source); }

static FILE *open_book(vigie_source *source, vigie_call *call) {
  FILE *book = fopen(source->path, "rb");
  if (!book) {
    fail(call, VIGIE_E_NOT_FOUND, "the guest book cannot be opened",
         "{\"config\":\"/path\",\"hint\":{\"en\":\"check the path\",\"fr\":\"v\xC3\xA9rifiez le chemin\"}}");
  }
  return book;
}

static int32_t check(vigie_source *source, vigie_call *call) {
  static const char ok[] = "{\"checks\":[{\"id\":\"book\",\"status\":\"ok\",\"message\":"
                           "{\"en\":\"the guest book can be read\",\"fr\":\"le livre d'or est lisible\"}}]}";
  FILE *book = open_book(source, call);
  if (!book) {
    return VIGIE_E_NOT_FOUND;
  }
  fclose(book);
  host->reply(call, ok, sizeof ok - 1);
  return VIGIE_OK;
}

/* Reads one whole line, of whatever length, without its end. Returns its bytes, -1 at the end of the book or before a
 * line that somebody is still writing, -2 when there is no memory. */
static long next_line(struct reading *reading) {
  size_t used = 0;
  for (int c; (c = fgetc(reading->book)) != '\n';) {
    if (c == EOF) {
      return -1;
    }
    if (used + 1 >= reading->room) {
      size_t room = reading->room ? 2 * reading->room : 4096;
      /* A byte takes at most six as JSON, and the other columns need little. */
      char *line = realloc(reading->line, room), *json = realloc(reading->json, 6 * room + 512);
      reading->line = line ? line : reading->line;
      reading->json = json ? json : reading->json;
      if (!line || !json) {
        return -2;
      }
      reading->room = room;
    }
    reading->line[used++] = (char)c;
  }
  if (used && reading->line[used - 1] == '\r') {
    used--;
  }
  if (reading->line) {
    reading->line[used] = 0;
  }
  return (long)used;
}

/* Takes the line of `length` bytes apart; it becomes a row, or a reject. Returns the number of rows, or -1 when the host
 * refuses. */
static int take(struct reading *reading, vigie_call *call, long length) {
  char *line = reading->line, *json = reading->json;
  char *author = strchr(line, '\t');
  char *text = author ? strchr(author + 1, '\t') : NULL;
  char *out = json;
  /* A line that holds NUL is longer than C can say. */
  if (!text || strlen(line) != (size_t)length || length < 20 || line[10] != 'T') {
    out += sprintf(out, "{\"table\":\"mentions/1\",\"reason\":\"no_entry\",\"raw\":");
    out = quote(out, line);
    out += sprintf(out, "}");
    host->reject(call, json, (size_t)(out - json));
    return 0;
  }
  *author++ = 0;
  *text++ = 0;
  out += sprintf(out, "[{\"native_id\":\"line-%ld\",\"platform\":\"guestbook\",\"kind\":\"review\",\"published_at\":", reading->lines);
  out = quote(out, line);
  out += sprintf(out, ",\"author_name\":");
  out = quote(out, author);
  out += sprintf(out, ",\"text\":");
  out = quote(out, text);
  out += sprintf(out, "}]");
  return host->rows(call, "mentions/1", 10, json, (size_t)(out - json)) == VIGIE_OK ? 1 : -1;
}

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  struct reading *reading = reader->private_data;
  for (int i = 0; i < LINES_PER_STEP; i++) {
    long length;
    int taken;
    if (host->cancelled(call)) {
      return fail(call, VIGIE_E_CANCELLED, "asked to stop", "{}");
    }
    if (reading->max_rows && reading->rows >= reading->max_rows) {
      return VIGIE_DONE;
    }
    length = next_line(reading);
    if (length == -2) {
      return fail(call, VIGIE_E_INTERNAL, "no memory", "{}");
    }
    if (length < 0) {
      return ferror(reading->book) ? fail(call, VIGIE_E_NOT_FOUND, "the guest book cannot be read", "{}") : VIGIE_DONE;
    }
    reading->lines++;
    taken = length ? take(reading, call, length) : 0;
    if (taken < 0) {
      return fail(call, VIGIE_E_INTERNAL, "the host refuses a row", "{}");
    }
    reading->rows += taken;
  }
  return VIGIE_OK;
}

static int32_t checkpoint(vigie_reader_v1 *reader, vigie_call *call) {
  char json[64];
  int used = sprintf(json, "{\"lines\":%ld}", ((struct reading *)reader->private_data)->lines);
  host->reply(call, json, (size_t)used);
  return VIGIE_OK;
}

static void release(vigie_reader_v1 *reader) {
  struct reading *reading = reader->private_data;
  fclose(reading->book);
  free(reading->line);
  free(reading->json);
  free(reading);
}

static int32_t read_source(vigie_source *source, vigie_call *call, const char *request, size_t len, vigie_reader_v1 *out) {
  const char *state = value(request, "\"state\"");
  const char *max_rows = value(request, "\"max_rows\"");
  const char *lines = NULL;
  struct reading *reading;
  (void)len;
  if (state && *state == '{') {
    lines = value(state, "\"lines\"");
    if (!lines || lines > strchr(state, '}') || *lines < '0' || *lines > '9') {
      return fail(call, VIGIE_E_STATE, "the state is not one of this plugin", "{}");
    }
  }
  reading = calloc(1, sizeof *reading);
  if (!reading) {
    return fail(call, VIGIE_E_INTERNAL, "no memory", "{}");
  }
  reading->book = open_book(source, call);
  if (!reading->book) {
    free(reading);
    return VIGIE_E_NOT_FOUND;
  }
  reading->max_rows = max_rows ? strtol(max_rows, NULL, 10) : 0;
  for (long left = lines ? strtol(lines, NULL, 10) : 0; left > 0; reading->lines++, left--) {
    for (int c = 0; c != '\n' && c != EOF;) {
      c = fgetc(reading->book);
    }
  }
  out->step = step;
  out->checkpoint = checkpoint;
  out->release = release;
  out->private_data = reading;
  return VIGIE_OK;
}

static const vigie_source_v1 source_table = {sizeof source_table, 0,           spec,        open_source,
                                             check,               read_source, close_source};

static const void *get_interface(const char *id) { return strcmp(id, VIGIE_SOURCE_1) == 0 ? &source_table : NULL; }

static const vigie_plugin_v1 plugin = {sizeof plugin, VIGIE_ABI_MINOR, "guestbook", "0.1.0", init, NULL, get_interface};

VIGIE_EXPORT const vigie_plugin_v1 *vigie_guestbook_entry_v0(void);
const vigie_plugin_v1 *vigie_guestbook_entry_v0(void) { return &plugin; }
