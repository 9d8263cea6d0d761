// A source in C++: the entries of a guest book, given as Arrow batches without any Arrow library. One line of the book
// is one mention: time, author and text between tabs. The state is the number of lines read.
//
// No exception may leave a function that the host calls: `guarded` turns each into an error of the contract.
#include "vigie_plugin.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <memory>
#include <new>
#include <string>
#include <vector>

struct vigie_source {
  std::string path;
};

namespace {

// Lines in a batch, and between two checkpoints; few, so that the small recordings show several.
const int LINES_PER_BATCH = 4;

const char SPEC[] =
#include "spec.inc"
    ;

const vigie_host_v1 *host;

int32_t fail(vigie_call *call, int32_t code, const std::string &text, const char *detail = "{}") {
  host->fail(call, code, text.data(), text.size(), detail, std::strlen(detail));
  return code;
}

template <typename Body> int32_t guarded(vigie_call *call, Body body) {
  try {
    return body();
  } catch (const std::exception &error) {
    return fail(call, VIGIE_E_INTERNAL, error.what());
  } catch (...) {
    return fail(call, VIGIE_E_INTERNAL, "an exception without a message");
  }
}

// The text behind "key": in flat JSON, up to and without its end. Enough for messages of a form we know.
const char *value(const char *json, const char *key) {
  const char *at = std::strstr(json, key);
  at = at ? std::strchr(at + std::strlen(key), ':') : nullptr;
  return at ? at + 1 + std::strspn(at + 1, " \t\r\n") : nullptr;
}

bool text_value(const char *at, std::string &out) {
  out.clear();
  if (!at || *at++ != '"') {
    return false;
  }
  for (; *at && *at != '"'; at++) {
    if (*at != '\\') {
      out += *at;
    } else if (*++at == 'u' || !*at) {
      return false;
    } else {
      out += *at == 'n' ? '\n' : *at == 't' ? '\t' : *at == 'r' ? '\r' : *at;
    }
  }
  return *at == '"';
}

bool is_utf8(const std::string &text) {
  for (size_t at = 0; at < text.size();) {
    const unsigned char first = static_cast<unsigned char>(text[at]);
    const size_t length = first < 0x80 ? 1 : first >= 0xC2 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3 : first >= 0xF0 && first < 0xF5 ? 4 : 0;
    if (length == 0 || at + length > text.size()) {
      return false;
    }
    for (size_t i = 1; i < length; i++) {
      if ((static_cast<unsigned char>(text[at + i]) & 0xC0) != 0x80) {
        return false;
      }
    }
    const unsigned char second = length > 1 ? static_cast<unsigned char>(text[at + 1]) : 0;
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) || (first == 0xF0 && second < 0x90) ||
        (first == 0xF4 && second > 0x8F)) {
      return false;
    }
    at += length;
  }
  return true;
}

// Microseconds since 1970 of "2026-10-01T09:15:00Z"; false for anything else.
bool parse_time(const std::string &text, int64_t &micros) {
  int year, month, day, hour, minute, second;
  char zone, rest;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%c%c", &year, &month, &day, &hour, &minute, &second, &zone, &rest) != 7 ||
      zone != 'Z' || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) {
    return false;
  }
  // Days of the Gregorian calendar; years begin in March, so that the leap day is their last.
  const int64_t y = month <= 2 ? year - 1 : year;
  const int64_t of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
  const int64_t days = y * 365 + y / 4 - y / 100 + y / 400 + of_year - 719468;
  micros = ((days * 24 + hour) * 60 + minute) * 60000000 + second * int64_t(1000000);
  return true;
}

// A column of text as Arrow wants it: where each text ends, and all texts in one piece.
struct Text {
  std::vector<int32_t> offsets{0};
  std::string bytes;

  void push(const std::string &text) {
    bytes += text;
    offsets.push_back(static_cast<int32_t>(bytes.size()));
  }
};

const int COLUMNS = 6;
const char *const NAMES[COLUMNS] = {"native_id", "platform", "kind", "author_name", "text", "published_at"};

// What one batch owns; freed when the host releases the batch.
struct Batch {
  Text texts[COLUMNS - 1];
  std::vector<int64_t> times;
  ArrowArray arrays[COLUMNS];
  ArrowArray *children[COLUMNS];
  const void *buffers[COLUMNS][3];
  const void *none[1];
};

void release_column(ArrowArray *array) { array->release = nullptr; }

void release_batch(ArrowArray *array) {
  Batch *batch = static_cast<Batch *>(array->private_data);
  for (ArrowArray &column : batch->arrays) {
    if (column.release) {
      column.release(&column);
    }
  }
  delete batch;
  array->release = nullptr;
}

void hand_over(std::unique_ptr<Batch> batch, ArrowArray *out) {
  const int64_t rows = static_cast<int64_t>(batch->times.size());
  for (int i = 0; i < COLUMNS; i++) {
    const bool text = i < COLUMNS - 1;
    batch->buffers[i][0] = nullptr; // no nulls
    batch->buffers[i][1] = text ? static_cast<const void *>(batch->texts[i].offsets.data()) : batch->times.data();
    batch->buffers[i][2] = text ? batch->texts[i].bytes.data() : nullptr;
    batch->arrays[i] = ArrowArray{rows, 0, 0, text ? 3 : 2, 0, batch->buffers[i], nullptr, nullptr, release_column, nullptr};
    batch->children[i] = &batch->arrays[i];
  }
  batch->none[0] = nullptr;
  *out = ArrowArray{rows, 0, 0, 1, COLUMNS, batch->none, batch->children, nullptr, release_batch, batch.get()};
  batch.release();
}

struct Reading {
  vigie_call *call;
  std::ifstream book;
  long lines = 0;
  long rows = 0;
  long max_rows = 0;
  bool ended = false;
};

void release_schema(ArrowSchema *schema) { schema->release = nullptr; }

int get_schema(ArrowArrayStream *, ArrowSchema *out) {
  static ArrowSchema fields[COLUMNS];
  static ArrowSchema *children[COLUMNS];
  for (int i = 0; i < COLUMNS; i++) {
    fields[i] = ArrowSchema{i < COLUMNS - 1 ? "u" : "tsu:UTC", NAMES[i], nullptr, 0, 0, nullptr, nullptr, release_schema, nullptr};
    children[i] = &fields[i];
  }
  *out = ArrowSchema{"+s", "", nullptr, 0, COLUMNS, children, nullptr, release_schema, nullptr};
  return VIGIE_OK;
}

// Takes one line apart; it becomes a row, or a reject.
void take(Reading &reading, Batch &batch, std::string line) {
  if (!line.empty() && line.back() == '\r') {
    line.pop_back();
  }
  const size_t author = line.find('\t');
  const size_t text = author == std::string::npos ? author : line.find('\t', author + 1);
  int64_t time = 0;
  if (text == std::string::npos || !is_utf8(line) || !parse_time(line.substr(0, author), time)) {
    const std::string json = "{\"table\":\"mentions/1\",\"reason\":\"no_entry\",\"place\":\"line " + std::to_string(reading.lines) + "\"}";
    host->reject(reading.call, json.data(), json.size());
    return;
  }
  const std::string cells[COLUMNS - 1] = {"line-" + std::to_string(reading.lines), "guestbook", "review",
                                          line.substr(author + 1, text - author - 1), line.substr(text + 1)};
  for (int i = 0; i < COLUMNS - 1; i++) {
    batch.texts[i].push(cells[i]);
  }
  batch.times.push_back(time);
  reading.rows++;
}

int get_next(ArrowArrayStream *stream, ArrowArray *out) {
  Reading &reading = *static_cast<Reading *>(stream->private_data);
  return guarded(reading.call, [&]() -> int32_t {
    std::memset(out, 0, sizeof *out);
    if (reading.ended) {
      return VIGIE_OK; // an array without release: the end
    }
    std::unique_ptr<Batch> batch(new Batch());
    for (int i = 0; i < LINES_PER_BATCH; i++) {
      if (host->cancelled(reading.call)) {
        return fail(reading.call, VIGIE_E_CANCELLED, "asked to stop");
      }
      std::string line;
      if (reading.max_rows && reading.rows >= reading.max_rows) {
        reading.ended = true;
        break;
      }
      if (!std::getline(reading.book, line) || reading.book.eof()) {
        // The end; or somebody is still writing, and the line waits for the next reading.
        reading.ended = true;
        break;
      }
      reading.lines++;
      take(reading, *batch, line);
    }
    // A batch without rows is no end: it carries the checkpoint.
    hand_over(std::move(batch), out);
    return VIGIE_OK;
  });
}

const char *get_last_error(ArrowArrayStream *) { return nullptr; }

void release_stream(ArrowArrayStream *stream) {
  delete static_cast<Reading *>(stream->private_data);
  stream->release = nullptr;
}

int32_t checkpoint(vigie_reader_v1 *reader, vigie_call *call) {
  return guarded(call, [&]() -> int32_t {
    const Reading &reading = *static_cast<Reading *>(reader->stream.private_data);
    const std::string json = "{\"lines\":" + std::to_string(reading.lines) + "}";
    host->reply(call, json.data(), json.size());
    return VIGIE_OK;
  });
}

int32_t init(const vigie_host_v1 *table, vigie_call *) {
  host = table;
  return VIGIE_OK;
}

int32_t spec(vigie_call *call) {
  host->reply(call, SPEC, sizeof SPEC - 1);
  return VIGIE_OK;
}

int32_t open_source(vigie_call *call, const char *config, size_t, vigie_source **out) {
  return guarded(call, [&]() -> int32_t {
    std::unique_ptr<vigie_source> source(new vigie_source());
    if (!text_value(value(config, "\"path\""), source->path) || source->path.empty()) {
      return fail(call, VIGIE_E_CONFIG, "path must name a file", "{\"config\":\"/path\"}");
    }
    *out = source.release();
    return VIGIE_OK;
  });
}

void close_source(vigie_source *source) { delete source; }

int32_t no_book(vigie_call *call) {
  return fail(call, VIGIE_E_NOT_FOUND, "the guest book cannot be opened",
              "{\"config\":\"/path\",\"hint\":{\"en\":\"check the path\",\"fr\":\"v\xC3\xA9rifiez le chemin\"}}");
}

int32_t check(vigie_source *source, vigie_call *call) {
  return guarded(call, [&]() -> int32_t {
    static const char ok[] = "{\"checks\":[{\"id\":\"book\",\"status\":\"ok\",\"message\":"
                             "{\"en\":\"the guest book can be read\",\"fr\":\"le livre d'or est lisible\"}}]}";
    if (!std::ifstream(source->path)) {
      return no_book(call);
    }
    host->reply(call, ok, sizeof ok - 1);
    return VIGIE_OK;
  });
}

int32_t read_source(vigie_source *source, vigie_call *call, const char *request, size_t, vigie_reader_v1 *out) {
  return guarded(call, [&]() -> int32_t {
    const char *state = value(request, "\"state\"");
    const char *lines = nullptr;
    if (state && *state == '{') {
      lines = value(state, "\"lines\"");
      if (!lines || lines > std::strchr(state, '}') || *lines < '0' || *lines > '9') {
        return fail(call, VIGIE_E_STATE, "the state is not one of this plugin");
      }
    }
    std::unique_ptr<Reading> reading(new Reading());
    reading->call = call;
    reading->book.open(source->path, std::ios::binary);
    if (!reading->book) {
      return no_book(call);
    }
    const char *max_rows = value(request, "\"max_rows\"");
    reading->max_rows = max_rows ? std::strtol(max_rows, nullptr, 10) : 0;
    std::string line;
    for (const long before = lines ? std::strtol(lines, nullptr, 10) : 0; reading->lines < before; reading->lines++) {
      std::getline(reading->book, line);
    }
    out->stream = ArrowArrayStream{get_schema, get_next, get_last_error, release_stream, reading.get()};
    out->checkpoint = checkpoint;
    reading.release();
    return VIGIE_OK;
  });
}

const vigie_source_v1 SOURCE = {sizeof SOURCE, 0, spec, open_source, check, read_source, close_source};

const void *get_interface(const char *id) { return std::strcmp(id, VIGIE_SOURCE_1) == 0 ? &SOURCE : nullptr; }

const vigie_plugin_v1 PLUGIN = {sizeof PLUGIN, VIGIE_ABI_MINOR, "guestbook", "0.1.0", init, nullptr, get_interface};

} // namespace

extern "C" VIGIE_EXPORT const vigie_plugin_v1 *vigie_guestbook_entry_v0(void);
const vigie_plugin_v1 *vigie_guestbook_entry_v0(void) { return &PLUGIN; }
