//! Plugins that are missing, of another ABI, or bad: they cost their own source, never the report.

use crate::Case;
use crate::workshop::{Project, csv_source, good_rows};

/// The table of a source that asks for plugin `plugin`.
fn source(plugin: &str) -> String {
    format!("\n[[source]]\nid = \"bad\"\nplugin = \"{plugin}\"\n")
}

/// A project whose source `bad` uses `tests/plugins/bad/<name>.c`; `more` goes into the manifest.
fn project(name: &str, major: u32, more: &str) -> Project {
    let project = Project::with_good_source(&source("bad"));
    project.bad_plugin(name, major, more);
    project
}

#[test]
fn a_plugin_that_is_not_there() {
    Case {
        project: &|| Project::with_good_source(&source("nowhere")),
        outcome: "failed",
        rows: [0, 0, 0],
        english: &["source `bad` stopped", "there is no plugin `nowhere`"],
        french: &["source `bad` arrêtée", "il n'y a pas de greffon `nowhere`"],
    }
    .check();
}

#[test]
fn a_plugin_whose_name_has_a_slip() {
    Case {
        project: &|| Project::with_good_source(&source("fille")),
        outcome: "failed",
        rows: [0, 0, 0],
        english: &["there is no plugin `fille`", "did you mean `file`?"],
        french: &["il n'y a pas de greffon `fille`", "vouliez-vous écrire `file` ?"],
    }
    .check();
}

#[test]
fn a_manifest_for_another_abi() {
    Case {
        project: &|| project("exit_zero", 9, ""),
        outcome: "failed",
        rows: [0, 0, 0],
        english: &["plugin `bad` was built for ABI 9.0", "install a version of the plugin for this vigie"],
        french: &["le greffon `bad` vise l'ABI 9.0", "installez une version du greffon pour ce vigie"],
    }
    .check();
}

#[test]
fn a_library_of_another_abi_than_its_manifest_says() {
    Case {
        project: &|| project("other_major", 0, ""),
        outcome: "failed",
        rows: [0, 0, 0],
        english: &["the library does not export `vigie_bad_entry_v0`", "it was built for ABI 1"],
        french: &["la bibliothèque n'exporte pas `vigie_bad_entry_v0`", "elle vise l'ABI 1"],
    }
    .check();
}

#[test]
fn a_plugin_that_crashes_keeps_the_rows_of_its_last_checkpoint() {
    Case {
        project: &|| project("null_write", 0, ""),
        outcome: "failed",
        rows: [10, 10, 0],
        english: &["source `bad` stopped", "the plugin crashed (SIGSEGV)", "tell its author"],
        french: &["source `bad` arrêtée", "le greffon s'est effondré (SIGSEGV)", "signalez-le à son auteur"],
    }
    .check();
}

#[test]
fn a_crash_twice_doubles_nothing() {
    let project = project("null_write", 0, "");
    project.vigie(&["collect", "."]).expect(3);
    project.vigie(&["--language", "en", "run", "."]).expect(3).says(&["bad: "]);
    let rows = project.ledger("bad")["rows"].clone();
    assert_eq!(rows["kept"], 10, "{rows}");
}

#[test]
fn every_other_way_to_fail_leaves_the_report_whole() {
    let ways = [
        ("aborts", "", "SIGABRT"),
        ("exit_zero", "", "status 0 before"),
        ("stack_overflow", "", "SIG"),
        ("garbage", "", "garbage"),
        ("closes_channel", "", "before it had said everything"),
        ("grandchild", "", "status 0 before"),
        ("wrong_column", "", "`titel`"),
        ("hang", "[limits]\nidle_seconds = 1\n", "silent for 1 s"),
        ("memory", "", "SIGABRT"),
        ("double_free", "", "SIGABRT"),
        ("heap_overrun", "", "SIG"),
        ("panics", "", "index out of bounds at source.rs:12"),
        ("quick_exit", "", "status 0 before"),
        ("daemon", "", "status 0 before"),
        ("ignores_sigterm", "[limits]\nidle_seconds = 1\n", "silent for 1 s"),
        ("silent_error", "", "without saying why"),
    ];
    for (name, more, piece) in ways {
        let project = project(name, 0, more);
        let said = project.vigie(&["--language", "en", "collect", "."]);
        said.expect(3).says(&["source `bad` stopped", piece, "bad: 10 read, 10 kept", "good: 60 read, 60 kept"]);
        assert_eq!(project.orphans(), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn a_crash_is_tried_again_at_once_and_told_with_what_its_author_needs() {
    for (language, pieces) in [
        (
            "en",
            [
                "[P410] the plugin crashed (SIGSEGV); it is read on from its last checkpoint at once",
                "twice at the same checkpoint",
                "checkpoint: {\"rows\":10}",
                "to see it again: vigie collect /",
            ],
        ),
        (
            "fr",
            [
                "[P410] le greffon s'est effondré (SIGSEGV) ; lecture reprise aussitôt à son dernier point de reprise",
                "deux fois au même point de reprise",
                "point de reprise : {\"rows\":10}",
                "pour le revoir : vigie collect /",
            ],
        ),
    ] {
        let project = project("null_write", 0, "");
        project.vigie(&["--language", language, "collect", "."]).expect(3).says(&pieces);
        // The command that is named does show it again, and reads nothing else.
        let again = project.vigie(&["--language", language, "collect", ".", "--source", "bad"]);
        again.expect(3).says(&["SIGSEGV"]);
        assert!(!again.err.contains("good"), "{}", again.whole());
    }
}

#[test]
fn a_network_that_comes_back_costs_nothing_and_retries_can_be_switched_off() {
    for (language, pieces) in [
        ("en", ["[P305] the network failed: connection reset; it is read on", "bad: 20 read, 20 kept"]),
        ("fr", ["[P305] le réseau a fait défaut : connection reset ; lecture reprise", "bad : 20 lues, 20 retenues"]),
    ] {
        let project = Project::with_good_source(&format!("{}[plugins]\nretry_minutes = [0, 0.001]\n", source("bad")));
        project.bad_plugin("flaky", 0, "");
        project.vigie(&["--language", language, "collect", "."]).expect(0).says(&pieces);
    }
    let project = Project::with_good_source(&format!("{}[plugins]\nretry_minutes = []\n", source("bad")));
    project.bad_plugin("flaky", 0, "");
    let said = project.vigie(&["--language", "en", "collect", "."]);
    said.expect(3).says(&["the network failed: connection reset", "bad: 10 read, 10 kept"]);
    project.vigie(&["--language", "en", "collect", "."]).expect(0).says(&["bad: 10 read, 10 kept"]);
}

#[test]
fn settings_of_plugins_that_cannot_be_are_told_with_their_line() {
    for (setting, english, french) in [
        ("at_once = 0", "is not a whole number from 1 to 64", "n'est pas un entier de 1 à 64"),
        ("at_once = \"four\"", "a number", "un nombre"),
        ("retry_minutes = [1, -5]", "not from 0 to 1440 minutes", "pas de 0 à 1440 minutes"),
        ("retry_minutes = 5", "a list of numbers", "une liste de nombres"),
        ("retry_minute = [1]", "did you mean `retry_minutes`?", "vouliez-vous écrire `retry_minutes` ?"),
    ] {
        let project = Project::with_good_source(&format!("\n[plugins]\n{setting}\n"));
        project.vigie(&["--language", "en", "check", "."]).expect(2).says(&[english, "vigie.toml:"]);
        project.vigie(&["--language", "fr", "check", "."]).expect(2).says(&[french, "vigie.toml:"]);
    }
}

#[test]
fn sources_that_wait_wait_together() {
    // Each asks the host to wait for a second and a half, as one would for a slow service.
    let took = |at_once: u32| {
        let sources: String =
            (0..3).map(|i| format!("\n[[source]]\nid = \"slow{i}\"\nplugin = \"companion\"\n")).collect();
        let project = Project::with_good_source(&format!("{sources}[plugins]\nat_once = {at_once}\n"));
        project.strange_plugin("plugins/companion", "good/companion.c", ("companion", "1.0.0"), (0, ""));
        project.vigie(&["plugin", "trust", "companion", "--yes"]).expect(0);
        let started = std::time::Instant::now();
        project.vigie(&["collect", "."]).expect(0);
        started.elapsed()
    };
    let (together, apart) = (took(4), took(1));
    assert!(apart.as_millis() >= 4_500, "{apart:?}");
    assert!(together < apart, "{together:?} {apart:?}");
}

#[test]
fn rows_come_in_the_order_of_the_project_whoever_is_faster() {
    // Two sources bring the same mentions: the first of the project keeps them, every time.
    let make = |at_once: u32| {
        let project = Project::brands(&format!(
            "{}{}{}\n[plugins]\nat_once = {at_once}\n",
            source("bad"),
            csv_source("good", "data/good.csv", ""),
            csv_source("again", "data/good.csv", "")
        ));
        project.write("data/good.csv", good_rows(60));
        project.bad_plugin("chatty", 0, "");
        project.vigie(&["--quiet", "run", "."]).expect(0);
        project
    };
    let (one, many) = (make(1), make(4));
    for project in [&one, &many] {
        assert_eq!(project.ledger("bad")["rows"]["kept"], 20);
        assert_eq!(project.ledger("good")["rows"]["kept"], 60);
        assert_eq!(project.ledger("again")["rows"]["duplicates"], 60);
    }
    // The fingerprint of the settings is in the report too, and there the two differ.
    let told = |p: &Project| {
        let report = p.report();
        let fingerprint = report["manifest"]["settings"].as_str().unwrap().to_owned();
        report.to_string().replace(&fingerprint, "…").replace(&fingerprint[..12], "…")
    };
    assert!(told(&one) == told(&many), "the report depends on how many sources are read at once");
    let order = |p: &Project| -> Vec<String> {
        let report = p.report();
        report["ledger"].as_array().unwrap().iter().map(|l| l["source"].to_string()).collect()
    };
    assert_eq!(order(&one), order(&many));
}

#[test]
fn a_missing_library_is_said_by_check_too() {
    let project = project("hang", 0, "");
    std::fs::remove_file(project.dir().join("plugins/bad/plugin.so")).unwrap();
    for (language, piece) in
        [("en", "the library plugin.so of plugin `bad` is missing"), ("fr", "plugin.so du greffon `bad` manque")]
    {
        project.vigie(&["--language", language, "check", "."]).expect(2).says(&[piece]);
        project.vigie(&["--language", language, "run", "."]).expect(3).says(&[piece]);
    }
    project.documents();
}
