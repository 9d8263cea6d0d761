//! Arrow arrays made by hand, good and bad, as a plugin would give them.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::ffi::{CStr, c_void};

use vigie_plugin::abi::{ArrowArray, ArrowSchema};

use super::{batch, layout};
use crate::batch::{Batch, Values};
use crate::stop::Stop;
use crate::table::BadRow;

/// A column: format, buffers, children, dictionary; everything lives as long as the test.
#[derive(Default)]
struct Made {
    format: &'static CStr,
    rows: i64,
    nulls: i64,
    offset: i64,
    buffers: Vec<*const c_void>,
    child: Option<Box<Made>>,
    dictionary: Option<Box<Made>>,
}

fn kept<T>(values: Vec<T>) -> *const c_void {
    Box::leak(values.into_boxed_slice()).as_ptr().cast()
}

fn leaked<T>(value: T) -> *mut T {
    Box::leak(Box::new(value))
}

impl Made {
    fn new(format: &'static CStr, rows: i64, buffers: Vec<*const c_void>) -> Self {
        let mut all = vec![std::ptr::null()];
        all.extend(buffers);
        Self { format, rows, buffers: all, ..Self::default() }
    }

    fn text(texts: &[&str]) -> Self {
        let mut ends = vec![0_i32];
        for text in texts {
            ends.push(ends[ends.len() - 1] + text.len() as i32);
        }
        Self::new(c"u", texts.len() as i64, vec![kept(ends), kept(texts.concat().into_bytes())])
    }

    fn nulls(mut self, bits: u8) -> Self {
        self.buffers[0] = kept(vec![bits]);
        self.nulls = -1;
        self
    }

    fn array(self) -> ArrowArray {
        let mut array = ArrowArray::empty();
        array.length = self.rows;
        array.null_count = self.nulls;
        array.offset = self.offset;
        array.n_buffers = self.buffers.len() as i64;
        array.buffers = kept(self.buffers).cast_mut().cast();
        if let Some(child) = self.child {
            array.n_children = 1;
            array.children = leaked(leaked(child.array()));
        }
        if let Some(dictionary) = self.dictionary {
            array.dictionary = leaked(dictionary.array());
        }
        array
    }

    fn schema(&self) -> ArrowSchema {
        let mut schema = ArrowSchema::empty();
        schema.format = self.format.as_ptr();
        schema.name = c"hashtags".as_ptr();
        if let Some(child) = &self.child {
            schema.n_children = 1;
            schema.children = leaked(leaked(child.schema()));
        }
        if let Some(dictionary) = &self.dictionary {
            schema.dictionary = leaked(dictionary.schema());
        }
        schema
    }
}

fn import(made: Made) -> Result<(Batch, Vec<BadRow>), Stop> {
    let mut schema = ArrowSchema::empty();
    schema.format = c"+s".as_ptr();
    schema.n_children = 1;
    schema.children = leaked(leaked(made.schema()));
    let mut array = ArrowArray::empty();
    array.length = made.rows;
    array.n_children = 1;
    array.children = leaked(leaked(made.array()));
    // SAFETY: everything was just made by the Arrow rules and is never freed.
    unsafe { batch(&layout(&schema)?, &array, "mentions/1") }
}

fn lists(made: Made) -> Vec<Option<Vec<String>>> {
    let (batch, _) = import(made).unwrap();
    let Values::TextList(column) = &batch.columns[0].values else { panic!("no lists") };
    (0..batch.rows).map(|row| column.get(row).map(|texts| texts.map(str::to_owned).collect())).collect()
}

fn texts(made: Made) -> Vec<Option<String>> {
    let (batch, _) = import(made).unwrap();
    let Values::Text(column) = &batch.columns[0].values else { panic!("no texts") };
    (0..batch.rows).map(|row| column.get(row).map(str::to_owned)).collect()
}

fn refused(made: Made) -> String {
    let stop = import(made).unwrap_err();
    assert!(!stop.fr.is_empty() && stop.fr != stop.en);
    stop.en
}

fn list(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|t| (*t).to_owned()).collect()
}

#[test]
fn lists_of_text_arrive_with_their_nulls() {
    let cut = |offsets: Vec<i32>, items: Made| Made {
        child: Some(Box::new(items)),
        ..Made::new(c"+l", offsets.len() as i64 - 1, vec![kept(offsets)])
    };
    let items = || Made::text(&["a", "é", "c", "d"]);
    assert_eq!(lists(cut(vec![0, 2, 2, 3], items())), [Some(list(&["a", "é"])), Some(list(&[])), Some(list(&["c"]))]);
    assert_eq!(lists(cut(vec![1, 2, 4], items()).nulls(0b01)), [Some(list(&["é"])), None]);
    // A null item is no item.
    assert_eq!(lists(cut(vec![0, 4], items().nulls(0b1011))), [Some(list(&["a", "é", "d"]))]);
    let sliced = Made { offset: 1, rows: 2, ..cut(vec![0, 2, 2, 3], items()) };
    assert_eq!(lists(sliced), [Some(list(&[])), Some(list(&["c"]))]);
    let wide = Made { child: Some(Box::new(items())), ..Made::new(c"+L", 1, vec![kept(vec![0_i64, 2])]) };
    assert_eq!(lists(wide), [Some(list(&["a", "é"]))]);
}

#[test]
fn lists_that_lie_are_refused() {
    let cut = |offsets: Vec<i32>| Made {
        child: Some(Box::new(Made::text(&["a", "b"]))),
        ..Made::new(c"+l", offsets.len() as i64 - 1, vec![kept(offsets)])
    };
    for offsets in [vec![0, 3], vec![0, 2, 1], vec![-1, 1]] {
        assert!(refused(cut(offsets)).contains("run backwards or beyond their items"));
    }
    assert!(refused(Made::new(c"+l", 1, vec![kept(vec![0_i32, 0])])).contains("a list must be of text"));
    let of_numbers = Made {
        child: Some(Box::new(Made::new(c"l", 1, vec![kept(vec![1_i64])]))),
        ..Made::new(c"+l", 1, vec![kept(vec![0_i32, 1])])
    };
    assert!(refused(of_numbers).contains("a list must be of text"));
}

#[test]
fn dictionaries_of_text_are_looked_up() {
    let dictionary = |indexes: Vec<i8>| Made {
        dictionary: Some(Box::new(Made::text(&["post", "reply"]))),
        ..Made::new(c"c", indexes.len() as i64, vec![kept(indexes)])
    };
    let named = |t: &str| Some(t.to_owned());
    assert_eq!(texts(dictionary(vec![1, 0, 1])), [named("reply"), named("post"), named("reply")]);
    assert_eq!(texts(dictionary(vec![1, 100]).nulls(0b01)), [named("reply"), None], "nulls are not looked up");
    assert!(refused(dictionary(vec![0, 2])).contains("row 1 points outside"));
    assert!(refused(dictionary(vec![-1])).contains("row 0 points outside"));
}

#[test]
fn text_views_are_read_inside_and_outside() {
    let long = "plus de douze octets, donc dehors";
    let inside = |text: &str| {
        let mut bytes = [0_u8; 16];
        bytes[0] = text.len() as u8;
        bytes[4..4 + text.len()].copy_from_slice(text.as_bytes());
        bytes.as_chunks::<4>().0.iter().map(|c| u32::from_le_bytes(*c)).collect::<Vec<u32>>()
    };
    let views = |length: u32, start: u32, size: i64| {
        let mut views = inside("été");
        views.extend([length, 0, 0, start]);
        Made::new(c"vu", 2, vec![kept(views), kept(long.as_bytes().to_vec()), kept(vec![size])])
    };
    let size = long.len() as i64;
    let named = |t: &str| Some(t.to_owned());
    assert_eq!(texts(views(16, 5, size)), [named("été"), named(&long[5..21])]);
    assert!(refused(views(16, 20, size)).contains("leads outside its buffer"));
    let other_block = Made::new(c"vu", 1, vec![kept(vec![13_u32, 0, 7, 0]), kept(vec![0_u8; 13]), kept(vec![13_i64])]);
    assert!(refused(other_block).contains("leads outside its buffer"));
}

#[test]
fn what_cannot_be_held_costs_its_row() {
    let (batch, bad) = import(Made::new(c"L", 3, vec![kept(vec![1_u64, u64::MAX, 3])])).unwrap();
    assert_eq!(bad, [BadRow { row: 1, reason: "bad_hashtags".into() }]);
    assert_eq!(batch.rows, 3);
    let (batch, bad) = import(Made::new(c"tss:UTC", 2, vec![kept(vec![i64::MAX, 2])])).unwrap();
    assert_eq!(bad, [BadRow { row: 0, reason: "bad_hashtags".into() }]);
    let Values::Time(times) = &batch.columns[0].values else { panic!("no times") };
    assert_eq!(times.get(1), Some(2_000_000));
    // A day that no archive can hold, found by fuzzing.
    let (batch, bad) = import(Made::new(c"tdD", 3, vec![kept(vec![i32::MAX, 2, i32::MIN])])).unwrap();
    assert_eq!(bad.iter().map(|b| b.row).collect::<Vec<_>>(), [0, 2]);
    let Values::Time(times) = &batch.columns[0].values else { panic!("no times") };
    assert_eq!(times.get(1), Some(2 * 86_400_000_000));
}

#[test]
fn a_column_of_nulls_is_left_out_but_its_name_is_not() {
    let nothing = || Made { nulls: 2, rows: 2, ..Made::new(c"u", 2, vec![std::ptr::null(), std::ptr::null()]) };
    assert!(import(nothing()).unwrap().0.columns.is_empty());
    let mut schema = ArrowSchema::empty();
    schema.format = c"+s".as_ptr();
    schema.n_children = 1;
    let mut wrong = nothing().schema();
    wrong.name = c"hashtag".as_ptr();
    schema.children = leaked(leaked(wrong));
    let mut array = ArrowArray::empty();
    array.length = 2;
    array.n_children = 1;
    array.children = leaked(leaked(nothing().array()));
    // SAFETY: as in `import`.
    let stop = unsafe { batch(&layout(&schema).unwrap(), &array, "mentions/1") }.unwrap_err();
    assert_eq!(stop.hint.unwrap().0, "did you mean `hashtags`?");
}
