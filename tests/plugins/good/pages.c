/* A source in C that reads pages over vigie.http/1. The service answers each page with a JSON array of mentions.
 * Options: {"url": "http://127.0.0.1:1234/page", "pages": 3, "mask": "...", "resume": true}. With resume it goes on after the
 * last page of the state; else it begins again.
 * mask is the secret "key", every byte of it xor 0x5a, in hexadecimal: at the end the plugin looks for the secret in its
 * own memory, without having it there itself, and logs how often it was found and how many sockets are open. */
#include "vigie_plugin.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const vigie_host_v1 *host;
static const vigie_http_v1 *http;
static char url[512];
static unsigned char mask[256];
static size_t mask_len;
static long pages, page;
static int resume;

static int32_t init(const vigie_host_v1 *table, vigie_call *call) {
  (void)call;
  host = table;
  http = (const vigie_http_v1 *)host->get_interface(VIGIE_HTTP_1);
  return VIGIE_OK;
}

static int32_t fail(vigie_call *call, int32_t code, const char *text, const char *detail, size_t len) {
  host->fail(call, code, text, strlen(text), detail, len);
  return code;
}

static int32_t spec(vigie_call *call) {
  static const char json[] = "{\"spec\":1,\"id\":\"pages\",\"version\":\"1.0.0\",\"tables\":[\"mentions/1\"],"
                             "\"config_schema\":{\"type\":\"object\"}}";
  host->reply(call, json, sizeof json - 1);
  return VIGIE_OK;
}

/* The text after "key":" in flat JSON without escapes. */
static void text(const char *json, const char *key, char *out, size_t size) {
  const char *at = strstr(json, key);
  size_t len = 0;
  out[0] = 0;
  if (at != NULL && (at = strchr(at, ':')) != NULL && (at = strchr(at, '"')) != NULL) {
    for (at++; at[len] != '"' && len + 1 < size; len++) {
      out[len] = at[len];
    }
    out[len] = 0;
  }
}

static int32_t open_source(vigie_call *call, const char *config, size_t len, vigie_source **out) {
  static int source;
  char hexadecimal[2 * sizeof mask + 1];
  const char *at = strstr(config, "\"pages\"");
  (void)len;
  if (http == NULL) {
    return fail(call, VIGIE_E_UNSUPPORTED, "the host offers no HTTP", "{}", 2);
  }
  text(config, "\"url\"", url, sizeof url);
  text(config, "\"mask\"", hexadecimal, sizeof hexadecimal);
  resume = strstr(config, "\"resume\":true") != NULL;
  pages = at != NULL ? strtol(strchr(at, ':') + 1, NULL, 10) : 1;
  for (mask_len = 0; hexadecimal[2 * mask_len] != 0; mask_len++) {
    char pair[3] = {hexadecimal[2 * mask_len], hexadecimal[2 * mask_len + 1], 0};
    mask[mask_len] = (unsigned char)strtol(pair, NULL, 16);
  }
  *out = (vigie_source *)&source;
  return VIGIE_OK;
}

static int32_t check(vigie_source *source, vigie_call *call) {
  (void)source, (void)call;
  return VIGIE_OK;
}

/* How often the masked bytes stand between start and end. */
static long found(const unsigned char *start, const unsigned char *end) {
  long count = 0;
  for (; start + mask_len <= end; start++) {
    size_t i = 0;
    while (i < mask_len && (start[i] ^ 0x5a) == mask[i]) {
      i++;
    }
    count += i == mask_len;
  }
  return count;
}

static void look_around(vigie_call *call) {
  char line[512], link[64], path[288];
  long seen = 0, read = 0, sockets = 0;
  FILE *maps = fopen("/proc/self/maps", "r");
  DIR *descriptors = opendir("/proc/self/fd");
  struct dirent *entry;
  while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
    unsigned long start, end;
    char rights[8];
    if (sscanf(line, "%lx-%lx %7s", &start, &end, rights) == 3 && rights[0] == 'r' && strstr(line, "[v") == NULL) {
      read += (long)(end - start);
      seen += found((const unsigned char *)start, (const unsigned char *)end);
    }
  }
  while (descriptors != NULL && (entry = readdir(descriptors)) != NULL) {
    ssize_t len;
    snprintf(path, sizeof path, "/proc/self/fd/%s", entry->d_name);
    len = readlink(path, link, sizeof link - 1);
    sockets += len > 7 && strncmp(link, "socket:", 7) == 0;
  }
  snprintf(line, sizeof line, "secret seen %ld times in %s memory, %ld sockets", seen, read > 100000 ? "all" : "no",
           sockets);
  host->log(call, VIGIE_LOG_INFO, line, strlen(line));
}

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  static const char headers[] = "{\"Authorization\":\"Bearer {{secret:key}}\",\"accept\":\"application/json\"}";
  char address[600];
  vigie_http_request_v1 request;
  vigie_http_response_v1 response;
  int32_t code;
  (void)reader;
  memset(&request, 0, sizeof request);
  memset(&response, 0, sizeof response);
  snprintf(address, sizeof address, "%s?page=%ld&key={{secret:key}}", url, page);
  request.struct_size = sizeof request;
  request.method = "GET";
  request.method_len = 3;
  request.url = address;
  request.url_len = strlen(address);
  request.headers_json = headers;
  request.headers_len = sizeof headers - 1;
  request.timeout_ms = 20000;
  response.struct_size = sizeof response;
  code = http->send(call, &request, &response);
  if (code != VIGIE_OK) {
    /* The host's reason is ready for fail(). */
    fail(call, code, "", (const char *)response.body, response.body_len);
  } else if (response.status != 200) {
    char words[64];
    snprintf(words, sizeof words, "the service answered %d", (int)response.status);
    code = fail(call, response.status == 401 ? VIGIE_E_AUTH : VIGIE_E_REMOTE, words, "{}", 2);
  } else {
    code = host->rows(call, "mentions/1", 10, (const char *)response.body, response.body_len);
    code = code != VIGIE_OK ? fail(call, code, "not an array of mentions", "{}", 2) : code;
  }
  http->release(&response);
  http->release(&response); /* the second does nothing */
  if (code != VIGIE_OK) {
    return code;
  }
  page++;
  if (page < pages) {
    return VIGIE_OK;
  }
  if (mask_len > 0) {
    look_around(call);
  }
  return VIGIE_DONE;
}

static int32_t checkpoint(vigie_reader_v1 *reader, vigie_call *call) {
  char json[64];
  int used = snprintf(json, sizeof json, "{\"next\":%ld}", page);
  (void)reader;
  host->reply(call, json, (size_t)used);
  return VIGIE_OK;
}

static void release(vigie_reader_v1 *reader) { (void)reader; }

static int32_t read_source(vigie_source *source, vigie_call *call, const char *request, size_t len,
                           vigie_reader_v1 *out) {
  const char *next = resume ? strstr(request, "\"next\":") : NULL;
  (void)source, (void)call, (void)len;
  page = next != NULL ? strtol(next + 7, NULL, 10) : 0;
  out->step = step;
  out->checkpoint = checkpoint;
  out->release = release;
  return VIGIE_OK;
}

static void close_source(vigie_source *source) { (void)source; }

static const vigie_source_v1 source_table = {sizeof source_table, 0,           spec,        open_source,
                                             check,               read_source, close_source};

static const void *get_interface(const char *id) { return strcmp(id, VIGIE_SOURCE_1) == 0 ? &source_table : NULL; }

static const vigie_plugin_v1 plugin = {sizeof plugin, 0, "pages", "1.0.0", init, NULL, get_interface};

VIGIE_EXPORT const vigie_plugin_v1 *vigie_pages_entry_v0(void);
const vigie_plugin_v1 *vigie_pages_entry_v0(void) { return &plugin; }
