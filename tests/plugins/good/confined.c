/* Tries what a plugin may and may not do, and says in the log how it went: `NAME: ok`, or the error's number.
 * Options: {"allowed": FILE, "outside": FILE, "port": NUMBER}. Gives no rows. */
#define _GNU_SOURCE
#include "vigie_plugin.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static const vigie_host_v1 *host;
static char allowed[4096], outside[4096], folder[4096];
static long port;

static int32_t init(const vigie_host_v1 *table, vigie_call *call) {
  (void)call;
  host = table;
  return VIGIE_OK;
}

static int32_t spec(vigie_call *call) {
  static const char json[] = "{\"spec\":1,\"id\":\"confined\",\"version\":\"1.0.0\",\"tables\":[\"mentions/1\"],"
                             "\"config_schema\":{\"type\":\"object\"}}";
  host->reply(call, json, sizeof json - 1);
  return VIGIE_OK;
}

static void text_of(const char *json, const char *key, char *out, size_t capacity) {
  const char *at = strstr(json, key);
  const char *start = at ? strchr(strchr(at, ':'), '"') : NULL;
  const char *end = start ? strchr(start + 1, '"') : NULL;
  size_t length = end ? (size_t)(end - start - 1) : 0;
  if (length >= capacity) {
    length = 0;
  }
  memcpy(out, start ? start + 1 : "", length);
  out[length] = 0;
}

static int32_t open_source(vigie_call *call, const char *config, size_t len, vigie_source **out) {
  static int source;
  (void)call, (void)len;
  text_of(config, "\"allowed\"", allowed, sizeof allowed);
  text_of(config, "\"outside\"", outside, sizeof outside);
  text_of(config, "\"folder\"", folder, sizeof folder);
  const char *at = strstr(config, "\"port\"");
  port = at ? strtol(strchr(at, ':') + 1, NULL, 10) : 0;
  *out = (vigie_source *)&source;
  return VIGIE_OK;
}

static void close_source(vigie_source *source) { (void)source; }

static void said(vigie_call *call, const char *name, int failed) {
  char line[256];
  int length = failed ? snprintf(line, sizeof line, "%s: %s", name, strerrorname_np(errno))
                      : snprintf(line, sizeof line, "%s: ok", name);
  host->log(call, 3, line, (size_t)length);
}

static void number(vigie_call *call, const char *name, unsigned long long value) {
  char line[256];
  int length = snprintf(line, sizeof line, "%s: %llu", name, value);
  host->log(call, 3, line, (size_t)length);
}

static void opened(vigie_call *call, const char *name, const char *path, int flags) {
  int fd = open(path, flags | O_CLOEXEC, 0600);
  said(call, name, fd < 0);
  if (fd >= 0) {
    close(fd);
  }
}

static void sockets(vigie_call *call) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  said(call, "connect", connect(fd, (struct sockaddr *)&address, sizeof address) != 0);
  close(fd);
  fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  address.sin_port = htons((uint16_t)(port + 1));
  said(call, "bind", bind(fd, (struct sockaddr *)&address, sizeof address) != 0);
  close(fd);
}

static void limit(vigie_call *call, const char *name, int resource) {
  struct rlimit limit;
  getrlimit(resource, &limit);
  number(call, name, (unsigned long long)limit.rlim_max);
}

static void run_a_program(vigie_call *call) {
  int channel[2];
  if (pipe2(channel, O_CLOEXEC) != 0) {
    return;
  }
  pid_t child = fork();
  if (child == 0) {
    execl("/bin/true", "true", (char *)NULL);
    write(channel[1], &errno, sizeof errno);
    _exit(1);
  }
  close(channel[1]);
  int error = 0;
  ssize_t count = read(channel[0], &error, sizeof error);
  close(channel[0]);
  waitpid(child, NULL, 0);
  errno = error;
  said(call, "exec", count > 0);
}

static int32_t step(vigie_reader_v1 *reader, vigie_call *call) {
  char path[4200];
  (void)reader;
  opened(call, "read allowed", allowed, O_RDONLY);
  opened(call, "write allowed", allowed, O_WRONLY);
  opened(call, "read outside", outside, O_RDONLY);
  snprintf(path, sizeof path, "%s.new", outside);
  opened(call, "write outside", path, O_WRONLY | O_CREAT);
  snprintf(path, sizeof path, "%s/plugin.toml", folder);
  opened(call, "read own folder", path, O_RDONLY);
  opened(call, "write own folder", path, O_WRONLY);
  opened(call, "read users", "/etc/passwd", O_RDONLY);
  opened(call, "read hosts", "/etc/hosts", O_RDONLY);
  snprintf(path, sizeof path, "%s/scratch", getenv("TMPDIR"));
  opened(call, "write temp", path, O_RDWR | O_CREAT);
  sockets(call);
  said(call, "signal host", kill(getppid(), 0) != 0);
  run_a_program(call);
  limit(call, "memory", RLIMIT_AS);
  limit(call, "cpu", RLIMIT_CPU);
  limit(call, "files", RLIMIT_NOFILE);
  limit(call, "size", RLIMIT_FSIZE);
  limit(call, "core", RLIMIT_CORE);
  number(call, "no new privileges", (unsigned long long)prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
  int signal_number = 0;
  prctl(PR_GET_PDEATHSIG, &signal_number, 0, 0, 0);
  number(call, "death", (unsigned long long)signal_number);
  number(call, "own session", getsid(0) == getpid());
  unsigned long long low = 0, variables = 0;
  for (int fd = 3; fd < 40; fd++) {
    low += fcntl(fd, F_GETFD) != -1;
  }
  for (char **at = environ; *at != NULL; at++) {
    variables++;
  }
  number(call, "descriptors", low);
  number(call, "variables", variables);
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

static const vigie_plugin_v1 plugin = {sizeof plugin, 0, "confined", "1.0.0", init, NULL, get_interface};

VIGIE_EXPORT const vigie_plugin_v1 *vigie_confined_entry_v0(void);
const vigie_plugin_v1 *vigie_confined_entry_v0(void) { return &plugin; }
