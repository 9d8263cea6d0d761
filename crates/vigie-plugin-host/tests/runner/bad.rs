//! Bad plugins: each ends in a message that names what happened, and nothing beyond the last checkpoint is kept.

use std::time::{Duration, Instant};

use serde_json::json;
use vigie_plugin_host::{Failure, Limits, Outcome, Runner};

use crate::workshop::{Kept, build, build_with, find, impatient, limits, read, read_on};

pub(crate) const TESTS: &[crate::Test] = &[
    ("bad::each_way_to_die_is_named", deaths),
    ("bad::each_lie_about_memory_is_refused", lies),
    ("bad::each_broken_rule_is_named", rules),
    ("bad::libraries_that_cannot_be_used_are_told_apart", libraries),
    ("bad::a_hanging_plugin_is_killed", hangs),
    ("bad::each_function_has_its_own_time", hangs_somewhere),
    ("bad::endless_rows_meet_the_limit", endless),
    ("bad::a_grandchild_does_not_hang_the_host", grandchild),
    ("bad::an_exception_of_cpp_is_a_crash", exception),
    ("bad::what_only_the_suite_can_see_does_no_harm", harmless),
    ("bad::two_crashes_at_one_checkpoint_stop_the_reading", crashes_twice),
];

fn failure_of(name: &str, limits: &Limits) -> (Failure, Kept) {
    let (outcome, kept) = read(&find(&build("bad", name, "bad", "1.0.0"), "bad"), &json!({}), None, limits);
    match outcome {
        Outcome::Failed(failure) => (*failure, kept),
        Outcome::Complete(summary) => panic!("{name}: {summary:?}"),
    }
}

/// Code and a piece of the message; the ten (or one) rows of the first checkpoint stay, the later ones do not.
fn expect(name: &str, code: &str, piece: &str) {
    expect_within(&limits(), name, code, piece);
}

fn expect_within(limits: &Limits, name: &str, code: &str, piece: &str) {
    let (failure, kept) = failure_of(name, limits);
    assert_eq!(failure.code, code, "{name}: {failure:?}");
    assert!(failure.message.en.contains(piece), "{name}: {}", failure.message.en);
    assert!(!failure.message.fr.is_empty() && failure.message.fr != failure.message.en, "{name}");
    assert!(kept.committed.len() == 10 || kept.committed == ["a"], "{name}: {:?}", kept.committed);
}

fn deaths() {
    expect("null_write", "P410", "SIGSEGV");
    expect("aborts", "P410", "SIGABRT");
    expect("memory", "P410", "SIGABRT");
    expect("stack_overflow", "P410", "SIG");
    expect("exit_zero", "P411", "status 0 before");
    expect("closes_channel", "P411", "status 3 before");
    expect("quick_exit", "P411", "status 0 before");
    expect("double_free", "P410", "SIGABRT");
    expect("heap_overrun", "P410", "SIG");
    expect("panics", "P312", "index out of bounds at source.rs:12");
}

fn lies() {
    expect("invalid_utf8", "P501", "not UTF-8 (column native_id, row 0)");
    expect("offsets_backwards", "P501", "backwards at row 1");
    expect("negative_offset", "P501", "backwards");
    expect("null_buffer", "P501", "a buffer is null");
    expect("huge_batch", "P315", "1099511627776 rows");
    expect("garbage", "P420", "frame of unknown kind 165");
    expect("ragged", "P501", "");
    expect("longer_child", "P501", "");
    expect("schema_change", "P501", "");
}

fn rules() {
    expect("silent_error", "P311", "code 6 without saying why");
    expect("wrong_column", "P502", "`titel`");
    expect("wrong_table", "P310", "`mention/1`");
    expect("no_id", "P504", "no `native_id`");
    expect("bad_state", "P505", "not a JSON object");
}

fn libraries() {
    let code = |name: &str, version: &str| {
        let (outcome, _) = read(&find(&build("bad", name, "bad", version), "bad"), &json!({}), None, &limits());
        let Outcome::Failed(failure) = outcome else { panic!("{name}: {outcome:?}") };
        (failure.code, failure.message.en, failure.hint.map(|h| h.en).unwrap_or_default())
    };
    let (number, message, _) = code("missing_symbol", "1.0.0");
    assert_eq!((number, message.as_str()), ("P131", "the library does not export `vigie_bad_entry_v0`"));
    let (number, _, hint) = code("other_major", "1.0.0");
    assert_eq!((number, hint.as_str()), ("P131", "it was built for ABI 1; this vigie serves ABI 0"));
    assert_eq!(code("newer_minor", "1.0.0").0, "P132");
    assert_eq!(code("other_version", "2.0.0").0, "P134");
    let (number, message, _) = code("undefined_symbol", "1.0.0");
    assert!(number == "P130" && message.contains("vigie_test_function_that_does_not_exist"), "{message}");
    let folder = build("bad", "hang", "bad", "1.0.0");
    std::fs::write(folder.join("plugin.so"), "not a library").unwrap();
    let (outcome, _) = read(&find(&folder, "bad"), &json!({}), None, &limits());
    let Outcome::Failed(failure) = outcome else { panic!("{outcome:?}") };
    assert_eq!(failure.code, "P130");
    // The file is named, not the descriptor it was opened through.
    assert!(failure.message.en.contains("plugin.so") && !failure.message.en.contains("/proc/"), "{failure:?}");
}

fn hangs() {
    let started = Instant::now();
    expect_within(&impatient(), "hang", "P412", "silent for 1.5 s");
    assert!(started.elapsed() < Duration::from_secs(30));
    for name in ["ignores_sigterm", "sleeps"] {
        expect_within(&impatient(), name, "P412", "silent for 1.5 s");
    }
    let (failure, kept) = failure_of("hang_open", &impatient());
    assert_eq!((failure.code, kept.committed.len()), ("P412", 0));
    let total = Limits { total: Duration::from_millis(600), ..limits() };
    assert_eq!(failure_of("hang", &total).0.code, "P413");
}

/// What is given to a function is its own time only: the other clocks are far from their end.
fn hangs_somewhere() {
    let soon = Duration::from_millis(700);
    let find = |name: &str| find(&build("bad", name, "bad", "1.0.0"), "bad");
    let starting = Limits { start: soon, ..limits() };
    for (name, function) in [("hang_init", "init"), ("hang_open", "open")] {
        let (failure, kept) = failure_of(name, &starting);
        assert_eq!((failure.code, kept.committed.len()), ("P414", 0), "{name}");
        assert_eq!(failure.message.en, format!("killed: `{function}` not finished after 0.7 s"));
        assert_eq!(failure.message.fr, format!("arrêté de force : `{function}` pas fini après 0.7 s"));
    }
    let runner = Runner::current().unwrap();
    let failure = runner.spec(&find("hang_spec"), &Limits { spec: soon, ..limits() }).unwrap_err();
    assert_eq!((failure.code, failure.message.en.contains("`spec`")), ("P414", true), "{failure:?}");
    let slept = Limits { check: soon, ..limits() };
    let failure = runner.check(&find("hang_check"), &json!({}), &slept).unwrap_err();
    assert_eq!((failure.code, failure.message.en.contains("`check`")), ("P414", true), "{failure:?}");
    assert!(failure.hint.is_some_and(|h| h.en.contains("service") && h.fr.contains("service")));
    // Reading has no clock of its own but silence, whatever the others allow.
    let (failure, _) = failure_of("hang_read", &Limits { start: soon, spec: soon, check: soon, ..impatient() });
    assert_eq!(failure.code, "P412");
    // The others read, and are not killed for what they do not do.
    let all_short = Limits { start: Duration::from_secs(20), spec: soon, check: soon, ..limits() };
    for name in ["hang_spec", "hang_check"] {
        let (outcome, kept) = read(&find(name), &json!({}), None, &all_short);
        assert!(matches!(outcome, Outcome::Complete(_)) && kept.committed.len() == 10, "{name}: {outcome:?}");
    }
}

fn endless() {
    let (failure, kept) = failure_of("endless", &limits());
    assert_eq!(failure.code, "P315");
    assert!(failure.message.en.contains("more than 5000 rows"), "{}", failure.message.en);
    assert!(kept.committed.len() <= 5_000);
}

fn grandchild() {
    let started = Instant::now();
    expect("grandchild", "P411", "status 0 before");
    assert!(started.elapsed() < Duration::from_secs(20), "the host waited for the grandchild");
}

fn exception() {
    if std::process::Command::new("c++").arg("--version").output().is_err() {
        println!("not run: there is no c++ here");
        return;
    }
    let folder = build_with(&["c++"], ("bad", "throws.cpp"), ("bad", "1.0.0"), "");
    let (outcome, kept) = read(&find(&folder, "bad"), &json!({}), None, &limits());
    let Outcome::Failed(failure) = outcome else { panic!("{outcome:?}") };
    assert_eq!((failure.code, kept.committed.len()), ("P410", 10));
    assert!(
        failure.log_tail.iter().any(|l| l.contains("exception") || l.contains("runtime_error")),
        "{:?}",
        failure.log_tail
    );
}

/// Rows of these are well formed; that they are wrong shows only in comparison with what the service has.
fn harmless() {
    for (name, rows) in
        [("chatty", 20), ("duplicate_keys", 50), ("ignores_state", 20), ("future", 10), ("skips_state", 10)]
    {
        let (outcome, kept) = read(&find(&build("bad", name, "bad", "1.0.0"), "bad"), &json!({}), None, &limits());
        let Outcome::Complete(summary) = &outcome else { panic!("{name}: {outcome:?}") };
        assert_eq!((summary.rows, kept.committed.len()), (rows, rows as usize), "{name}");
        assert!(kept.log.len() <= 2_001 && kept.log.iter().all(|l| l.len() <= 8 << 10), "{name}: {}", kept.log.len());
    }
}

fn crashes_twice() {
    let (outcome, kept) = read_on(&find(&build("bad", "null_write", "bad", "1.0.0"), "bad"), &limits());
    let Outcome::Failed(failure) = outcome else { panic!("{outcome:?}") };
    assert_eq!(failure.code, "P410");
    assert_eq!(failure.message.en, "the plugin crashed (SIGSEGV), twice at the same checkpoint");
    assert_eq!(failure.message.fr, "le greffon s'est effondré (SIGSEGV), deux fois au même point de reprise");
    assert_eq!(failure.checkpoint, Some(json!({"rows": 10})));
    assert_eq!(kept.log, ["again after P410"], "one further try");
    assert_eq!(kept.committed.len(), 10, "the second try went on where the first had stopped");
}
