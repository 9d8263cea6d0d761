/* vigie_plugin.h: the contract between vigie and a plugin, ABI major 0 (draft of major 1), minor 0.
 *
 * Compiles as C99 and C++11. Depends on nothing but stddef.h and stdint.h.
 * Rules: the first field of a table is its size, filled by the side that owns it; fields are only appended, eight
 * bytes each; a reader uses a field only if struct_size covers it. Text is UTF-8, pointer and length, borrowed for the
 * call; text given to the plugin is also NUL-terminated. No allocation crosses the border, Arrow structures excepted.
 * No exception, panic or longjmp may leave a plugin function.
 */
#ifndef VIGIE_PLUGIN_H
#define VIGIE_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define VIGIE_ABI_MAJOR 0
#define VIGIE_ABI_MINOR 0

/* Interface ids. */
#define VIGIE_SOURCE_1 "vigie.source/1"
#define VIGIE_HTTP_1 "vigie.http/1"
#define VIGIE_SECRET_1 "vigie.secret/1"
#define VIGIE_NOTICE_1 "vigie.notice/1"

/* Answers of functions. Above zero: an error, described by fail() before returning. */
#define VIGIE_OK 0
#define VIGIE_DONE (-1)
#define VIGIE_E_CONFIG 1
#define VIGIE_E_AUTH 2
#define VIGIE_E_NOT_FOUND 3
#define VIGIE_E_RATE_LIMITED 4
#define VIGIE_E_NETWORK 5
#define VIGIE_E_REMOTE 6
#define VIGIE_E_DATA 7
#define VIGIE_E_STATE 8
#define VIGIE_E_CANCELLED 9
#define VIGIE_E_UNSUPPORTED 10
#define VIGIE_E_INTERNAL 11
#define VIGIE_E_PANIC 12
#define VIGIE_E_QUOTA 13
#define VIGIE_E_DENIED 14
#define VIGIE_E_LIMIT 15

/* Levels of log(). */
#define VIGIE_LOG_ERROR 1
#define VIGIE_LOG_WARNING 2
#define VIGIE_LOG_INFO 3
#define VIGIE_LOG_DEBUG 4

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char *format;
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;
  void (*release)(struct ArrowSchema *);
  void *private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers;
  struct ArrowArray **children;
  struct ArrowArray *dictionary;
  void (*release)(struct ArrowArray *);
  void *private_data;
};

#endif /* ARROW_C_DATA_INTERFACE */

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
  int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
  const char *(*get_last_error)(struct ArrowArrayStream *);
  void (*release)(struct ArrowArrayStream *);
  void *private_data;
};

#endif /* ARROW_C_STREAM_INTERFACE */

/* The host's handle for the running invocation. */
typedef struct vigie_call vigie_call;
/* The plugin's opened source. */
typedef struct vigie_source vigie_source;

/* What the host offers. Functions may be called from any thread while the call is valid. */
typedef struct vigie_host_v1 {
  uint32_t struct_size;
  uint32_t abi_minor;
  const char *product; /* for logs only */
  const char *version; /* for logs only */
  void (*log)(vigie_call *call, int32_t level, const char *text, size_t len);
  void (*progress)(vigie_call *call, uint64_t done, uint64_t total_or_0, const char *unit, size_t len);
  int32_t (*cancelled)(vigie_call *call);
  int32_t (*sleep)(vigie_call *call, uint64_t milliseconds);
  int32_t (*rows)(vigie_call *call, const char *table, size_t table_len, const char *json_array, size_t len);
  void (*reject)(vigie_call *call, const char *json, size_t len);
  void (*reply)(vigie_call *call, const char *json, size_t len);
  void (*fail)(vigie_call *call, int32_t code, const char *text, size_t len, const char *detail_json,
               size_t detail_len);
  int32_t (*throttle)(vigie_call *call, const char *bucket, size_t len, uint32_t cost);
  const void *(*get_interface)(const char *id);
} vigie_host_v1;

/* What the plugin is. */
typedef struct vigie_plugin_v1 {
  uint32_t struct_size;
  uint32_t abi_minor;
  const char *id;
  const char *version;
  int32_t (*init)(const vigie_host_v1 *host, vigie_call *call);
  void (*deinit)(void); /* optional */
  const void *(*get_interface)(const char *id);
} vigie_plugin_v1;

/* One reading. Zeroed and sized by the host, filled by read(): either `stream`, or `step` and `release`. */
typedef struct vigie_reader_v1 {
  uint32_t struct_size;
  uint32_t flags;
  struct ArrowArrayStream stream;
  int32_t (*step)(struct vigie_reader_v1 *reader, vigie_call *call);
  int32_t (*checkpoint)(struct vigie_reader_v1 *reader, vigie_call *call); /* optional */
  void (*release)(struct vigie_reader_v1 *reader);
  void *private_data;
} vigie_reader_v1;

/* Interface vigie.source/1 of the plugin. */
typedef struct vigie_source_v1 {
  uint32_t struct_size;
  uint32_t reserved;
  int32_t (*spec)(vigie_call *call);
  int32_t (*open)(vigie_call *call, const char *config_json, size_t len, vigie_source **out);
  int32_t (*check)(vigie_source *source, vigie_call *call);
  int32_t (*read)(vigie_source *source, vigie_call *call, const char *request_json, size_t len, vigie_reader_v1 *out);
  void (*close)(vigie_source *source);
} vigie_source_v1;

/* Interface vigie.http/1 of the host: it performs the request, within what the manifest permits.
 * {{secret:name}} in the url, a header or the body stands for a secret, {{basic:user:password}} in a header for Basic
 * authentication with two secrets. The header "vigie-bucket: search 100" draws 100 units from that bucket before each
 * try; without it, one unit from the bucket "default" where the manifest declares one. */
typedef struct vigie_http_request_v1 {
  uint32_t struct_size;
  uint32_t flags; /* 1 = no retry, 2 = no cache */
  const char *method;
  size_t method_len;
  const char *url;
  size_t url_len;
  const char *headers_json;
  size_t headers_len;
  const uint8_t *body;
  size_t body_len;
  uint64_t timeout_ms;
} vigie_http_request_v1;

/* struct_size is set before send(). Body and headers end in a NUL that their lengths do not count; headers are
 * {"name":"value"} or {"name":["value","value"]}, names in lower case. When send() returns an error, status is 0 and
 * body is the host's reason, a JSON object that fits fail() as its detail. Either way release() is called once. */
typedef struct vigie_http_response_v1 {
  uint32_t struct_size;
  int32_t status;
  const uint8_t *body;
  size_t body_len;
  const char *headers_json;
  size_t headers_len;
  void *handle;
} vigie_http_response_v1;

typedef struct vigie_http_v1 {
  uint32_t struct_size;
  uint32_t reserved;
  int32_t (*send)(vigie_call *call, const vigie_http_request_v1 *request, vigie_http_response_v1 *out);
  void (*release)(vigie_http_response_v1 *response);
} vigie_http_v1;

/* Interface vigie.secret/1 of the host: get() for secrets whose exposure is "plugin", put() for those that rotate.
 * The value is copied with a NUL; *needed is its length without it. Too small a buffer is VIGIE_E_LIMIT. */
typedef struct vigie_secret_v1 {
  uint32_t struct_size;
  uint32_t reserved;
  int32_t (*get)(vigie_call *call, const char *name, size_t len, char *buffer, size_t capacity, size_t *needed);
  int32_t (*put)(vigie_call *call, const char *name, size_t len, const char *value, size_t value_len);
} vigie_secret_v1;

/* Interface vigie.notice/1 of the host: a warning for the reader of the report.
 * {"code":"file_missing","partial":true,"message":{"en":"...","fr":"..."},"hint":{"en":"...","fr":"..."}}
 * partial: what the source delivers is not all it was asked for. */
typedef struct vigie_notice_v1 {
  uint32_t struct_size;
  uint32_t reserved;
  void (*notice)(vigie_call *call, const char *json, size_t len);
} vigie_notice_v1;

/* The entry: const vigie_plugin_v1 *vigie_<id>_entry_v0(void), the only exported symbol. */
typedef const vigie_plugin_v1 *(*vigie_entry_v0)(void);

#if defined(_WIN32)
#define VIGIE_EXPORT __declspec(dllexport)
#elif defined(__GNUC__)
#define VIGIE_EXPORT __attribute__((visibility("default")))
#else
#define VIGIE_EXPORT
#endif

#ifdef __cplusplus
}
#endif

#endif /* VIGIE_PLUGIN_H */
