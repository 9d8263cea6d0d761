//! A source in Zig: the entries of a guest book, given as JSON rows. One line of the book is one mention: time, author
//! and text between tabs. The state is the number of lines read.

const std = @import("std");
const vigie = @import("vigie_plugin.zig");

const spec_json = @embedFile("spec.json");

/// Lines between two checkpoints; few, so that the small recordings show several.
const lines_per_step = 4;

const FILE = opaque {};
extern "c" fn fopen(path: [*:0]const u8, mode: [*:0]const u8) ?*FILE;
extern "c" fn fclose(file: *FILE) c_int;
extern "c" fn fgetc(file: *FILE) c_int;

const allocator = std.heap.c_allocator;
var host: *const vigie.vigie_host_v1 = undefined;

const Source = struct { path: [:0]u8 };

const Reading = struct {
    book: *FILE,
    lines: u64 = 0,
    rows: u64 = 0,
    max_rows: u64 = 0,
    line: std.ArrayList(u8) = .empty,
    json: std.ArrayList(u8) = .empty,
};

fn fail(call: ?*vigie.vigie_call, code: i32, text: []const u8, detail: []const u8) i32 {
    host.fail.?(call, code, text.ptr, text.len, detail.ptr, detail.len);
    return code;
}

/// The parts of a request that matter here; the rest is ignored.
const Request = struct {
    state: ?struct { lines: u64 } = null,
    max_rows: u64 = 0,
};

const Config = struct { path: []const u8 };

fn parse(comptime T: type, text: []const u8) !std.json.Parsed(T) {
    return std.json.parseFromSlice(T, allocator, text, .{ .ignore_unknown_fields = true });
}

fn init(table: ?*const vigie.vigie_host_v1, _: ?*vigie.vigie_call) callconv(.c) i32 {
    host = table.?;
    return vigie.VIGIE_OK;
}

fn spec(call: ?*vigie.vigie_call) callconv(.c) i32 {
    host.reply.?(call, spec_json, spec_json.len);
    return vigie.VIGIE_OK;
}

fn open(call: ?*vigie.vigie_call, config: ?[*]const u8, len: usize, out: ?*?*vigie.vigie_source) callconv(.c) i32 {
    const parsed = parse(Config, config.?[0..len]) catch
        return fail(call, vigie.VIGIE_E_CONFIG, "path must name a file", "{\"config\":\"/path\"}");
    defer parsed.deinit();
    const source = allocator.create(Source) catch return fail(call, vigie.VIGIE_E_INTERNAL, "no memory", "{}");
    const path = parsed.value.path;
    const copy = allocator.alloc(u8, path.len + 1) catch {
        allocator.destroy(source);
        return fail(call, vigie.VIGIE_E_INTERNAL, "no memory", "{}");
    };
    @memcpy(copy[0..path.len], path);
    copy[path.len] = 0;
    source.* = .{ .path = copy[0..path.len :0] };
    out.?.* = @ptrCast(source);
    return vigie.VIGIE_OK;
}

fn ours(source: ?*vigie.vigie_source) *Source {
    return @ptrCast(@alignCast(source.?));
}

fn close(source: ?*vigie.vigie_source) callconv(.c) void {
    allocator.free(ours(source).path);
    allocator.destroy(ours(source));
}

fn noBook(call: ?*vigie.vigie_call) i32 {
    return fail(call, vigie.VIGIE_E_NOT_FOUND, "the guest book cannot be opened",
        \\{"config":"/path","hint":{"en":"check the path","fr":"vérifiez le chemin"}}
    );
}

fn check(source: ?*vigie.vigie_source, call: ?*vigie.vigie_call) callconv(.c) i32 {
    const ok =
        \\{"checks":[{"id":"book","status":"ok","message":{"en":"the guest book can be read","fr":"le livre d'or est lisible"}}]}
    ;
    const book = fopen(ours(source).path, "rb") orelse return noBook(call);
    _ = fclose(book);
    host.reply.?(call, ok, ok.len);
    return vigie.VIGIE_OK;
}

/// Reads one whole line into `reading.line`, without its end; false at the end of the book, or before a line that
/// somebody is still writing.
fn nextLine(reading: *Reading) !bool {
    reading.line.clearRetainingCapacity();
    while (true) {
        const c = fgetc(reading.book);
        if (c < 0) return false;
        if (c == '\n') break;
        try reading.line.append(allocator, @intCast(c));
    }
    if (std.mem.endsWith(u8, reading.line.items, "\r")) _ = reading.line.pop();
    reading.lines += 1;
    return true;
}

/// Writes `text` as a JSON string.
fn quote(reading: *Reading, text: []const u8) !void {
    const json = &reading.json;
    try json.append(allocator, '"');
    for (text) |byte| {
        if (byte < 0x20 or byte == '"' or byte == '\\') {
            const hex = "0123456789abcdef";
            try json.appendSlice(allocator, "\\u00");
            try json.append(allocator, hex[byte >> 4]);
            try json.append(allocator, hex[byte & 15]);
        } else {
            try json.append(allocator, byte);
        }
    }
    try json.append(allocator, '"');
}

fn reject(reading: *Reading, call: ?*vigie.vigie_call) !void {
    const raw = if (std.unicode.utf8ValidateSlice(reading.line.items)) reading.line.items else "";
    try reading.json.appendSlice(allocator, "{\"table\":\"mentions/1\",\"reason\":\"no_entry\",\"raw\":");
    try quote(reading, raw);
    try reading.json.append(allocator, '}');
    host.reject.?(call, reading.json.items.ptr, reading.json.items.len);
}

/// Takes one line apart; it becomes a row, or a reject.
fn take(reading: *Reading, call: ?*vigie.vigie_call) !void {
    reading.json.clearRetainingCapacity();
    const line = reading.line.items;
    const author = std.mem.indexOfScalar(u8, line, '\t') orelse return reject(reading, call);
    const text = std.mem.indexOfScalarPos(u8, line, author + 1, '\t') orelse return reject(reading, call);
    if (author < 20 or line[10] != 'T' or !std.unicode.utf8ValidateSlice(line)) return reject(reading, call);
    var id: [32]u8 = undefined;
    const json = &reading.json;
    try json.appendSlice(allocator, "[{\"platform\":\"guestbook\",\"kind\":\"review\",\"native_id\":");
    try quote(reading, try std.fmt.bufPrint(&id, "line-{d}", .{reading.lines}));
    try json.appendSlice(allocator, ",\"published_at\":");
    try quote(reading, line[0..author]);
    try json.appendSlice(allocator, ",\"author_name\":");
    try quote(reading, line[author + 1 .. text]);
    try json.appendSlice(allocator, ",\"text\":");
    try quote(reading, line[text + 1 ..]);
    try json.appendSlice(allocator, "}]");
    const table = "mentions/1";
    if (host.rows.?(call, table, table.len, json.items.ptr, json.items.len) != vigie.VIGIE_OK) return error.Refused;
    reading.rows += 1;
}

fn read(source: ?*vigie.vigie_source, call: ?*vigie.vigie_call, request: ?[*]const u8, len: usize, out: ?*vigie.vigie_reader_v1) callconv(.c) i32 {
    const parsed = parse(Request, request.?[0..len]) catch
        return fail(call, vigie.VIGIE_E_STATE, "the state is not one of this plugin", "{}");
    defer parsed.deinit();
    const book = fopen(ours(source).path, "rb") orelse return noBook(call);
    const reading = allocator.create(Reading) catch {
        _ = fclose(book);
        return fail(call, vigie.VIGIE_E_INTERNAL, "no memory", "{}");
    };
    reading.* = .{ .book = book, .max_rows = parsed.value.max_rows };
    const before = if (parsed.value.state) |state| state.lines else 0;
    while (reading.lines < before) {
        if (!(nextLine(reading) catch false)) break;
    }
    reading.lines = before;
    out.?.step = step;
    out.?.checkpoint = checkpoint;
    out.?.release = release;
    out.?.private_data = reading;
    return vigie.VIGIE_OK;
}

fn readingOf(reader: ?*vigie.vigie_reader_v1) *Reading {
    return @ptrCast(@alignCast(reader.?.private_data.?));
}

fn step(reader: ?*vigie.vigie_reader_v1, call: ?*vigie.vigie_call) callconv(.c) i32 {
    const reading = readingOf(reader);
    for (0..lines_per_step) |_| {
        if (host.cancelled.?(call) != 0) return fail(call, vigie.VIGIE_E_CANCELLED, "asked to stop", "{}");
        if (reading.max_rows > 0 and reading.rows >= reading.max_rows) return vigie.VIGIE_DONE;
        const more = nextLine(reading) catch return fail(call, vigie.VIGIE_E_INTERNAL, "no memory", "{}");
        if (!more) return vigie.VIGIE_DONE;
        take(reading, call) catch |problem| return fail(call, vigie.VIGIE_E_INTERNAL, @errorName(problem), "{}");
    }
    return vigie.VIGIE_OK;
}

fn checkpoint(reader: ?*vigie.vigie_reader_v1, call: ?*vigie.vigie_call) callconv(.c) i32 {
    var buffer: [48]u8 = undefined;
    const json = std.fmt.bufPrint(&buffer, "{{\"lines\":{d}}}", .{readingOf(reader).lines}) catch unreachable;
    host.reply.?(call, json.ptr, json.len);
    return vigie.VIGIE_OK;
}

fn release(reader: ?*vigie.vigie_reader_v1) callconv(.c) void {
    const reading = readingOf(reader);
    _ = fclose(reading.book);
    reading.line.deinit(allocator);
    reading.json.deinit(allocator);
    allocator.destroy(reading);
}

const source_table: vigie.vigie_source_v1 = .{
    .struct_size = @sizeOf(vigie.vigie_source_v1),
    .reserved = 0,
    .spec = spec,
    .open = open,
    .check = check,
    .read = read,
    .close = close,
};

fn getInterface(id: ?[*:0]const u8) callconv(.c) ?*const anyopaque {
    return if (std.mem.eql(u8, std.mem.span(id.?), vigie.VIGIE_SOURCE_1)) &source_table else null;
}

const plugin: vigie.vigie_plugin_v1 = .{
    .struct_size = @sizeOf(vigie.vigie_plugin_v1),
    .abi_minor = vigie.VIGIE_ABI_MINOR,
    .id = "guestbook",
    .version = "0.1.0",
    .init = init,
    .deinit = null,
    .get_interface = getInterface,
};

export fn vigie_guestbook_entry_v0() *const vigie.vigie_plugin_v1 {
    return &plugin;
}
