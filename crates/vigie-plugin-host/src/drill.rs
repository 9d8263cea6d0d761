//! Exercises for the test kit: a plugin's functions called as no reading calls them, in a child like any other.

use std::alloc::Layout;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use vigie_model::mention::MENTIONS;
use vigie_plugin::abi::{self, ArrowArray, ArrowSchema, HostTable, OpaqueSource, ReaderTable};

use crate::import;
use crate::load::Loaded;
use crate::runner::{answer, missing, open_source, read_source, release};
use crate::services::{self, Services};
use crate::stop::Stop;
use crate::table;

/// Times a thing is done over and over.
const TIMES: usize = 100;
/// Times after which memory is looked at first: what is made once is there by then.
const WARM: usize = 20;
/// No page of a machine vigie runs on is larger.
const PAGE: usize = 64 << 10;
/// Bytes a newer host's table has more.
const LONGER: usize = 64;

/// One exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drill {
    /// Asks for an interface that does not exist.
    UnknownInterface,
    /// Opens and closes, reads and releases, a hundred times.
    OverAndOver,
    /// Leaves readings in the middle, at their beginning, with a batch still held.
    Abandon,
    /// Reads everything, takes and validates every row, and keeps none.
    ReadAndDrop,
    /// Begins with a host table that ends where memory ends.
    OlderHost,
    /// Begins with a host table that is longer, its tail full of rubbish.
    NewerHost,
}

/// What came of an exercise that ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillReport {
    /// The unknown interface was answered with a table.
    pub answered_unknown: bool,
    /// Bytes of memory the process holds more at the end than after it had warmed up.
    pub memory_grown: i64,
    /// Descriptors it holds more.
    pub descriptors_grown: i64,
    /// How often the exercise was done between the two looks.
    pub times: usize,
}

/// The table a plugin is begun with.
pub(crate) fn host_table(drill: Option<Drill>) -> *const HostTable {
    match drill {
        Some(Drill::OlderHost) => at_the_end_of_memory(),
        Some(Drill::NewerHost) => with_a_poisoned_tail(),
        _ => &raw const services::HOST,
    }
}

/// The table of the plugin's own minor, behind which nothing may be read.
#[allow(clippy::cast_ptr_alignment, reason = "the address is a page's less a multiple of eight")]
fn at_the_end_of_memory() -> *const HostTable {
    unsafe extern "C" {
        fn mprotect(address: *mut u8, length: usize, protection: i32) -> i32;
    }
    let layout = Layout::from_size_align(2 * PAGE, PAGE).unwrap_or(Layout::new::<HostTable>());
    // SAFETY: the layout is not empty; the table ends where the second half begins, which nobody else uses. The
    // memory is never freed: the plugin keeps the table until the process ends.
    unsafe {
        let memory = std::alloc::alloc_zeroed(layout);
        let table = memory.add(PAGE - size_of::<HostTable>()).cast::<HostTable>();
        table.copy_from_nonoverlapping(&raw const services::HOST, 1);
        mprotect(memory.add(PAGE), PAGE, 0);
        table
    }
}

fn with_a_poisoned_tail() -> *const HostTable {
    let mut bytes = vec![0xA5_A5_A5_A5_A5_A5_A5_A5_u64; (size_of::<HostTable>() + LONGER) / 8];
    let table = bytes.as_mut_ptr().cast::<HostTable>();
    // SAFETY: the bytes are longer than the table, and never freed.
    unsafe {
        table.copy_from_nonoverlapping(&raw const services::HOST, 1);
        (*table).struct_size += LONGER as u32;
        (*table).abi_minor += 1;
    }
    std::mem::forget(bytes);
    table
}

/// Does the exercise.
pub(crate) fn run(
    services: &Services,
    loaded: &Loaded,
    drill: Drill,
    config: &Value,
    request: &Value,
) -> Result<DrillReport, Stop> {
    let stand = Stand { services, loaded, config, request };
    match drill {
        Drill::UnknownInterface => {
            let get = loaded.plugin.get_interface.ok_or_else(|| missing("get_interface"))?;
            // SAFETY: the id is NUL-terminated; the answer is not followed.
            let answer = unsafe { get(c"vigie.x.nothing/9".as_ptr()) };
            Ok(DrillReport { answered_unknown: !answer.is_null(), ..DrillReport::default() })
        }
        Drill::OverAndOver => stand.over_and_over(),
        Drill::Abandon => stand.abandon(),
        Drill::ReadAndDrop => stand.read_and_drop(),
        Drill::OlderHost | Drill::NewerHost => {
            let source = stand.open()?;
            let mut reader = stand.read(source)?;
            stand.one_batch(&mut reader)?;
            stand.close(source, reader);
            Ok(DrillReport::default())
        }
    }
}

struct Stand<'a> {
    services: &'a Services,
    loaded: &'a Loaded,
    config: &'a Value,
    request: &'a Value,
}

impl Stand<'_> {
    fn open(&self) -> Result<*mut OpaqueSource, Stop> {
        open_source(self.services, self.loaded, self.config)
    }

    fn read(&self, source: *mut OpaqueSource) -> Result<ReaderTable, Stop> {
        read_source(self.services, self.loaded, source, self.request)
    }

    /// Takes one batch and gives it back; rows that came as JSON are dropped.
    fn one_batch(&self, reader: &mut ReaderTable) -> Result<(), Stop> {
        let mut array = self.hold_batch(reader)?;
        if let Some(release) = array.release {
            // SAFETY: filled by `get_next`, released once.
            unsafe { release(&raw mut array) }
        }
        self.services.drop_rows();
        Ok(())
    }

    /// Takes one batch without giving it back; an empty array on path B.
    fn hold_batch(&self, reader: &mut ReaderTable) -> Result<ArrowArray, Stop> {
        let mut array = ArrowArray::empty();
        if let (Some(get_schema), Some(get_next)) = (reader.stream.get_schema, reader.stream.get_next) {
            let mut schema = ArrowSchema::empty();
            // SAFETY: the stream was filled by `read`; the places are valid, the schema is released once.
            unsafe {
                answer(self.services, get_schema(&raw mut reader.stream, &raw mut schema), "get_schema")?;
                if let Some(release) = schema.release {
                    release(&raw mut schema);
                }
                answer(self.services, get_next(&raw mut reader.stream, &raw mut array), "get_next")?;
            }
        } else if let Some(step) = reader.step {
            // SAFETY: `read` filled the reader; the call handle is valid.
            let code = unsafe { step(&raw mut *reader, services::call()) };
            if code != abi::OK && code != abi::DONE {
                return Err(self.services.failure(code, "step"));
            }
        }
        Ok(array)
    }

    fn close(&self, source: *mut OpaqueSource, mut reader: ReaderTable) {
        release(&mut reader);
        self.close_source(source);
    }

    fn close_source(&self, source: *mut OpaqueSource) {
        if let Some(close) = self.loaded.source.close {
            // SAFETY: `open` made the source; nothing uses it any more.
            unsafe { close(source) }
        }
    }

    fn over_and_over(&self) -> Result<DrillReport, Stop> {
        let mut before = (0, 0);
        for round in 0..TIMES {
            if round == WARM {
                before = held();
            }
            let source = self.open()?;
            self.close_source(source);
            let source = self.open()?;
            let mut reader = self.read(source)?;
            self.one_batch(&mut reader)?;
            self.close(source, reader);
        }
        let after = held();
        Ok(DrillReport {
            memory_grown: after.0 - before.0,
            descriptors_grown: after.1 - before.1,
            times: TIMES - WARM,
            ..DrillReport::default()
        })
    }

    /// A reading without frames and without a pipe, for measurements.
    fn read_and_drop(&self) -> Result<DrillReport, Stop> {
        let source = self.open()?;
        let mut reader = self.read(source)?;
        let (Some(get_schema), Some(get_next)) = (reader.stream.get_schema, reader.stream.get_next) else {
            return Err(missing("get_next"));
        };
        let mut schema = ArrowSchema::empty();
        // SAFETY: the stream was filled by `read`; the place is valid.
        answer(self.services, unsafe { get_schema(&raw mut reader.stream, &raw mut schema) }, "get_schema")?;
        // SAFETY: the plugin filled the schema by the Arrow rules.
        let layout = unsafe { import::layout(&schema) }?;
        if let Some(release) = schema.release {
            // SAFETY: released once, by the consumer.
            unsafe { release(&raw mut schema) }
        }
        loop {
            let mut array = ArrowArray::empty();
            // SAFETY: as above.
            answer(self.services, unsafe { get_next(&raw mut reader.stream, &raw mut array) }, "get_next")?;
            let Some(release) = array.release else { break };
            // SAFETY: the plugin filled the array by the Arrow rules; it is copied, then released once.
            let (mut batch, bad) = unsafe { import::batch(&layout, &array, MENTIONS.name) }?;
            // SAFETY: as above.
            unsafe { release(&raw mut array) }
            table::fit(&mut batch, bad)?;
        }
        self.close(source, reader);
        Ok(DrillReport::default())
    }

    fn abandon(&self) -> Result<DrillReport, Stop> {
        let source = self.open()?;
        // Released before anything was asked for.
        let mut reader = self.read(source)?;
        release(&mut reader);
        // Released after one batch.
        let mut reader = self.read(source)?;
        self.one_batch(&mut reader)?;
        release(&mut reader);
        // A batch given back after its stream, as the Arrow rules allow.
        let mut reader = self.read(source)?;
        let mut array = self.hold_batch(&mut reader)?;
        self.services.drop_rows();
        self.close(source, reader);
        if let Some(release) = array.release {
            // SAFETY: filled by `get_next`, released once.
            unsafe { release(&raw mut array) }
        }
        // Closed without a reading.
        let source = self.open()?;
        self.close_source(source);
        Ok(DrillReport::default())
    }
}

/// Bytes of memory and descriptors this process holds; zero where the system does not say.
fn held() -> (i64, i64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse().ok());
    let descriptors = std::fs::read_dir("/proc/self/fd").map_or(0, |entries| entries.count() as i64);
    (resident.map_or(0, |kib: i64| kib << 10), descriptors)
}
