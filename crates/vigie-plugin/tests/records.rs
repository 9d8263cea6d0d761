//! A source of the SDK, called through its C tables as a host calls it: every kind of record, on both ways out.
#![allow(unsafe_code, reason = "the test is a host, and a host is on the other side of the C border")]
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::HashMap;
use std::ffi::{CStr, c_char};
use std::sync::{LazyLock, Mutex, Once};

use serde_json::{Value, json};
use vigie_plugin::abi::{self, ArrowArray, ArrowSchema, Call, HostTable, ReaderTable, SourceTable};
use vigie_plugin::{
    Context, Coverage, Event, Mention, MetricPoint, Output, Partitions, Report, Request, Result, Source, export_source,
};

struct Watcher;

impl Source for Watcher {
    type Config = serde::de::IgnoredAny;
    type State = Partitions;
    const TABLES: &'static [&'static str] = &["mentions/1", "metric_points/1"];

    fn open(_config: Self::Config, _context: &Context) -> Result<Self> {
        Ok(Self)
    }

    fn check(&mut self, _context: &Context) -> Result<Report> {
        Ok(Report::default())
    }

    fn read(
        &mut self,
        request: &Request<Partitions>,
        output: &mut Output<Partitions>,
        _context: &Context,
    ) -> Result<()> {
        let mut state = request.state.clone().unwrap_or_default();
        if request.table == "metric_points/1" {
            for day in 0..3 {
                let ts = day * 86_400_000_000;
                output.metric_point(&MetricPoint {
                    series: "followers",
                    entity: "nordik",
                    ts,
                    value: 5.5,
                    ..MetricPoint::default()
                })?;
                state.of("followers").page("next", Some(ts));
            }
            output.event(&Event { entity: "nordik", ts: 1, kind: "page_added", ..Event::default() })?;
        } else {
            let tags: &[&str] = &["hiver", "été"];
            for number in 0..3 {
                output.mention(&Mention {
                    native_id: &number.to_string(),
                    platform: "forum",
                    kind: "post",
                    hashtags: (number != 1).then_some(if number == 0 { tags } else { &[] }),
                    author_verified: Some(number == 2),
                    ..Mention::default()
                })?;
            }
            output.coverage(&Coverage { window_end: 5, truncated: true, ..Coverage::default() })?;
            output.row("mentions/1", &json!({"native_id": "3", "x_shelf": "b"}))?;
        }
        state.of("followers").end(1_000_000_000_000);
        output.checkpoint(&state)
    }
}

export_source!(Watcher, id = "watcher", spec = "{}");

unsafe extern "C" {
    safe fn vigie_watcher_entry_v0() -> *const abi::PluginTable;
}

type Said = HashMap<usize, Vec<(String, Value)>>;

/// What each call was told: table and rows, or the name of the function and its JSON.
static SAID: LazyLock<Mutex<Said>> = LazyLock::new(Mutex::default);

fn keep(call: *mut Call, what: String, json: &str) {
    SAID.lock().unwrap().entry(call as usize).or_default().push((what, serde_json::from_str(json).unwrap()));
}

unsafe fn text<'a>(text: *const c_char, len: usize) -> &'a str {
    // SAFETY: the plugin gives `len` bytes of UTF-8.
    std::str::from_utf8(unsafe { std::slice::from_raw_parts(text.cast::<u8>(), len) }).unwrap()
}

unsafe extern "C" fn rows(call: *mut Call, table: *const c_char, tl: usize, json: *const c_char, len: usize) -> i32 {
    // SAFETY: borrowed for the call.
    let (table, json) = unsafe { (text(table, tl), text(json, len)) };
    keep(call, table.to_owned(), json);
    abi::OK
}

unsafe extern "C" fn reply(call: *mut Call, json: *const c_char, len: usize) {
    // SAFETY: borrowed for the call.
    keep(call, "reply".into(), unsafe { text(json, len) });
}

static HOST: HostTable = HostTable {
    struct_size: size_of::<HostTable>() as u32,
    abi_minor: 0,
    product: c"test".as_ptr(),
    version: c"0".as_ptr(),
    log: None,
    progress: None,
    cancelled: None,
    sleep: None,
    rows: Some(rows),
    reject: None,
    reply: Some(reply),
    fail: None,
    throttle: None,
    get_interface: None,
};

/// A handle that the plugin only hands back.
fn handle(number: usize) -> *mut Call {
    std::ptr::without_provenance_mut(number)
}

/// Opens the source and begins a reading under the number of a call.
fn begin(call: usize, request: &Value) -> (&'static SourceTable, *mut abi::OpaqueSource, ReaderTable) {
    static INIT: Once = Once::new();
    let call = handle(call);
    // SAFETY: the tables are those of the source above; texts and places are valid for each call.
    unsafe {
        let plugin = &*vigie_watcher_entry_v0();
        INIT.call_once(|| assert_eq!((plugin.init.unwrap())(&raw const HOST, call), abi::OK));
        let source = &*(plugin.get_interface.unwrap())(c"vigie.source/1".as_ptr()).cast::<SourceTable>();
        let mut opened = std::ptr::null_mut();
        assert_eq!((source.open.unwrap())(call, c"{}".as_ptr(), 2, &raw mut opened), abi::OK);
        let json = request.to_string();
        let mut reader = ReaderTable::empty();
        let code = (source.read.unwrap())(opened, call, json.as_ptr().cast(), json.len(), &raw mut reader);
        assert_eq!(code, abi::OK);
        (source, opened, reader)
    }
}

fn said(call: usize) -> Vec<(String, Value)> {
    SAID.lock().unwrap().remove(&call).unwrap_or_default()
}

fn request(table: &str, max_rows: u64) -> Value {
    json!({"request": 1, "table": table, "now": "2026-11-22T05:00:00Z", "max_rows": max_rows})
}

#[test]
fn points_and_events_go_as_json_with_their_checkpoint() {
    let (source, opened, mut reader) = begin(1, &request("metric_points/1", 0));
    assert!(reader.stream.release.is_none(), "no Arrow where there are no mentions");
    let call = handle(1);
    // SAFETY: `read` filled the reader; it is released once, then the source is closed.
    unsafe {
        let step = reader.step.unwrap();
        while step(&raw mut reader, call) == abi::OK {
            assert_eq!((reader.checkpoint.unwrap())(&raw mut reader, call), abi::OK);
        }
        (reader.release.unwrap())(&raw mut reader);
        (source.close.unwrap())(opened);
    }
    let said = said(1);
    let names: Vec<&str> = said.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["metric_points/1", "events/1", "reply"]);
    assert_eq!(said[0].1.as_array().unwrap().len(), 3);
    assert_eq!(said[0].1[2]["ts"], "1970-01-03T00:00:00Z");
    assert_eq!(said[1].1[0]["type"], "page_added");
    assert_eq!(said[2].1, json!({"followers": {"high": 172_800_000_000_i64}}));
}

#[test]
fn a_sample_of_points_ends_at_its_limit() {
    let (source, opened, mut reader) = begin(2, &request("metric_points/1", 2));
    let call = handle(2);
    // SAFETY: as above.
    unsafe {
        while (reader.step.unwrap())(&raw mut reader, call) == abi::OK {}
        (reader.release.unwrap())(&raw mut reader);
        (source.close.unwrap())(opened);
    }
    let said = said(2);
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(said[0].1.as_array().unwrap().len(), 2);
}

#[test]
fn mentions_go_as_arrow_with_their_lists_and_side_rows_beside() {
    let (source, opened, mut reader) = begin(3, &request("mentions/1", 0));
    assert!(reader.step.is_none());
    // SAFETY: `read` filled the stream; what it gives is read by the Arrow rules and released once.
    unsafe {
        let mut schema = ArrowSchema::empty();
        assert_eq!((reader.stream.get_schema.unwrap())(&raw mut reader.stream, &raw mut schema), abi::OK);
        let fields = std::slice::from_raw_parts(schema.children, schema.n_children as usize);
        let at = |name: &CStr| fields.iter().position(|f| CStr::from_ptr((**f).name) == name).unwrap();
        let (tags, verified, text) = (at(c"hashtags"), at(c"author_verified"), at(c"text"));
        assert_eq!(CStr::from_ptr((*fields[tags]).format), c"+l");
        assert_eq!(CStr::from_ptr((**(*fields[tags]).children).format), c"u");
        assert_eq!(CStr::from_ptr((*fields[verified]).format), c"b");
        let mut array = ArrowArray::empty();
        assert_eq!((reader.stream.get_next.unwrap())(&raw mut reader.stream, &raw mut array), abi::OK);
        assert_eq!((array.length, array.n_children), (3, schema.n_children));
        let columns = std::slice::from_raw_parts(array.children, array.n_children as usize);
        let list = &*columns[tags];
        assert_eq!((list.null_count, list.n_buffers, list.n_children), (1, 2, 1));
        assert_eq!(std::slice::from_raw_parts((*list.buffers.add(1)).cast::<i32>(), 4), [0, 2, 2, 2]);
        let items = &**list.children;
        assert_eq!((items.length, items.null_count), (2, 0));
        assert_eq!(std::slice::from_raw_parts((*items.buffers.add(2)).cast::<u8>(), 8), "hiverét".as_bytes());
        let flags = &*columns[verified];
        assert_eq!(*(*flags.buffers.add(1)).cast::<u8>() & 0b111, 0b100);
        assert_eq!((*columns[text]).null_count, 3);
        (array.release.unwrap())(&raw mut array);
        (schema.release.unwrap())(&raw mut schema);
        (reader.stream.release.unwrap())(&raw mut reader.stream);
        (source.close.unwrap())(opened);
    }
    let said = said(3);
    assert_eq!(
        said[0],
        (
            "coverage/1".into(),
            json!([{"window_start": "1970-01-01T00:00:00Z",
        "window_end": "1970-01-01T00:00:00.000005Z", "truncated": true}])
        )
    );
    assert_eq!(said[1], ("mentions/1".into(), json!([{"native_id": "3", "x_shelf": "b"}])));
}
