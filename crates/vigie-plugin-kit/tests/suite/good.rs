//! Plugins that pass: the official one, and what `vigie plugin new` writes in each language.

use std::process::Command;

use vigie_plugin_kit::scaffold::{self, Language};
use vigie_plugin_kit::suite::{Choice, SuiteReport, Verdict};

use crate::caller::caller;
use crate::workshop::{
    build, empty_folder, failures, repository, suite, suite_with, there_is, there_is_a_sanitizer, whole_suite,
};

pub(crate) const TESTS: &[crate::Test] = &[
    ("good::the_file_plugin_passes_in_seconds", official),
    ("good::a_new_plugin_in_c_passes", c),
    ("good::a_new_plugin_in_cpp_passes", cpp),
    ("good::a_new_plugin_in_zig_passes", zig),
    ("good::a_source_of_a_service_passes", service),
    ("good::a_plugin_runs_in_this_process_for_a_debugger", in_process),
    ("good::a_source_over_http_is_read_from_its_recording", http),
];

fn official() {
    let started = cpu_seconds();
    let report = suite(&repository().join("plugins/vigie-source-file"), None);
    assert_eq!(failures(&report), Vec::<String>::new());
    // Of CPU, this process and its children: other work on the machine does not count.
    let took = cpu_seconds() - started;
    println!("{took:.1} s of CPU");
    assert!(took < 10.0, "{took} s");
}

/// CPU this process and the children it waited for have used; hundredths of seconds, as Linux counts them.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat[stat.rfind(')').unwrap()..].split_whitespace().collect();
    fields[12..16].iter().map(|ticks| ticks.parse::<f64>().unwrap() / 100.0).sum()
}

fn new(language: Language, compiler: &str) {
    if !there_is(compiler) {
        println!("did not run: there is no {compiler}");
        return;
    }
    let folder = empty_folder(&format!("visitors_{compiler}"));
    scaffold::write(&folder, "visitors", language).unwrap();
    build(&folder);
    let report = whole_suite(&folder);
    assert_eq!(failures(&report), Vec::<String>::new());
    let expected: &[&str] = &["C3", "R4", "R5", "S6", "E1", "E2", "E3", "E5", "D2"];
    let without: Vec<&str> = without(&report).into_iter().filter(|id| *id != "A5").collect();
    assert_eq!(without, expected);
    if language != Language::Zig && there_is_a_sanitizer() {
        assert_eq!(verdict(&report, "A5"), Verdict::Passed);
    }
}

/// Tests that had nothing to ask.
fn without(report: &SuiteReport) -> Vec<&'static str> {
    let tests = report.tests.iter().filter(|t| matches!(t.verdict, Verdict::NotApplicable { .. }));
    tests.map(|t| t.id).collect()
}

fn verdict(report: &SuiteReport, id: &str) -> Verdict {
    report.tests.iter().find(|t| t.id == id).unwrap().verdict.clone()
}

/// A source of a service, in Rust, whose recordings show everything the suite asks of one.
fn service() {
    let report = suite(&caller("none"), None);
    assert_eq!(failures(&report), Vec::<String>::new());
    assert_eq!(without(&report), ["R4"]);
}

/// For a debugger the plugin runs in this very process.
fn in_process() {
    let choice = Choice { in_process: true, ..Choice::default() };
    for folder in [repository().join("plugins/vigie-source-file"), caller("none")] {
        let report = suite_with(&folder, &choice);
        assert_eq!(failures(&report), Vec::<String>::new());
        for id in ["A2", "A4", "S2", "T3"] {
            assert!(without(&report).contains(&id), "{id}");
        }
        assert_eq!(verdict(&report, "R1"), Verdict::Passed);
    }
    let only = Choice { only: Some("R1".into()), ..choice };
    assert_eq!(
        failures(&suite_with(&caller("unstable_ids"), &only)),
        Vec::<String>::new(),
        "one process has one number"
    );
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

/// Two pages of a service, recorded; the service is not there.
fn http() {
    let folder = empty_folder("pages");
    let mut build = Command::new("cc");
    build.args(["-std=gnu99", "-shared", "-fPIC", "-fvisibility=hidden", "-I"]);
    build.arg(repository().join("crates/vigie-plugin/include")).arg("-o").arg(folder.join("pages.so"));
    let output = build.arg(repository().join("tests/plugins/good/pages.c")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let manifest = format!(
        "manifest = 1\nid = \"pages\"\nversion = \"1.0.0\"\nkinds = [\"source\"]\nabi = {{ major = 0, minor = 0 }}\n\
         name = {{ en = \"Pages\", fr = \"Pages\" }}\ndescription = {{ en = \"pages\", fr = \"des pages\" }}\nlicense = \"MIT\"\n\
         [library]\n{} = \"pages.so\"\n[network]\nhosts = [\"pages.example\"]\n\
         [[secret]]\nname = \"key\"\nenv = \"VIGIE_PAGES_KEY\"\n\
         [data]\ntables = [\"mentions/1\"]\nresume = \"exact\"\n",
        vigie_plugin_host::manifest::platform()
    );
    std::fs::write(folder.join("plugin.toml"), manifest).unwrap();
    let spec = r#"{"spec":1,"id":"pages","version":"1.0.0","tables":["mentions/1"],"config_schema":{"type":"object"}}"#;
    std::fs::write(folder.join("spec.json"), spec).unwrap();
    let case = folder.join("tests/recordings/two");
    std::fs::create_dir_all(&case).unwrap();
    std::fs::write(
        case.join("case.toml"),
        "shows = \"full\"\nrows = 2\n[options]\nurl = \"https://pages.example/page\"\npages = 2\n",
    )
    .unwrap();
    let page = |number: u32| {
        format!(
            "[[exchange]]\nurl = \"https://pages.example/page?page={number}&key={{{{secret:key}}}}\"\n\
             body = '[{{\"native_id\":\"{number}\",\"platform\":\"x\",\"kind\":\"post\",\"published_at\":\"2026-01-01T00:00:00Z\"}}]'\n"
        )
    };
    std::fs::write(case.join("http.toml"), format!("recording = 1\n{}{}", page(0), page(1))).unwrap();
    for id in ["R1", "R2", "C3", "E1"] {
        let report = suite(&folder, Some(id));
        assert_eq!(failures(&report), Vec::<String>::new(), "{id}");
        assert_eq!(report.tests[0].verdict, Verdict::Passed, "{id}");
    }
}
