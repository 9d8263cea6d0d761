//! Plugins that pass: the official one, and what `vigie plugin new` writes in each language.

use std::time::{Duration, Instant};

use vigie_plugin_kit::scaffold::{self, Language};
use vigie_plugin_kit::suite::Verdict;

use crate::workshop::{build, empty_folder, failures, repository, suite, there_is};

pub(crate) const TESTS: &[crate::Test] = &[
    ("good::the_file_plugin_passes_in_seconds", official),
    ("good::a_new_plugin_in_c_passes", c),
    ("good::a_new_plugin_in_cpp_passes", cpp),
    ("good::a_new_plugin_in_zig_passes", zig),
];

fn official() {
    let started = Instant::now();
    let report = suite(&repository().join("plugins/vigie-source-file"), None);
    assert_eq!(failures(&report), Vec::<String>::new());
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}

fn new(language: Language, compiler: &str) {
    if !there_is(compiler) {
        println!("did not run: there is no {compiler}");
        return;
    }
    let folder = empty_folder(&format!("visitors_{compiler}"));
    scaffold::write(&folder, "visitors", language).unwrap();
    build(&folder);
    let report = suite(&folder, None);
    assert_eq!(failures(&report), Vec::<String>::new());
    let without: Vec<&str> =
        report.tests.iter().filter(|t| matches!(t.verdict, Verdict::NotApplicable { .. })).map(|t| t.id).collect();
    assert_eq!(without, ["R4", "E1"]);
}

fn c() {
    new(Language::C, "cc");
}

fn cpp() {
    new(Language::Cpp, "c++");
}

fn zig() {
    new(Language::Zig, "zig");
}
