//! For each test of the suite, a plugin with one fault that this test finds. What is faulty besides is not asked.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use vigie_plugin::abi::HEADER;
use vigie_plugin_kit::scaffold::{self, Language};
use vigie_plugin_kit::suite::{self, Verdict};

use crate::caller::caller;
use crate::workshop::{build, empty_folder, failures, repository, suite, there_is_a_sanitizer};

pub(crate) const TESTS: &[crate::Test] = &[
    ("bad::each_test_of_the_suite_finds_its_fault", each),
    ("bad::the_bad_collection_is_rejected", collection),
    ("bad::without_cases_nothing_is_proven", without_cases),
];

/// A fault in the papers: file, what stands there, what stands there instead.
struct Papers(&'static str, &'static str, &'static str);

/// A fault in the code: compiled with this macro.
struct Code(&'static str);

/// The test that finds the fault, a piece of what it says, the fault.
const IN_PAPERS: &[(&str, &str, Papers)] = &[
    ("M1", "description.fr", Papers("plugin.toml", "fr = \"Les entrées d'un livre d'or, une par ligne\"", "fr = \"\"")),
    ("M2", "`resume`", Papers("plugin.toml", "resume = \"exact\"", "resume = { overlap = \"1h\" }")),
    ("M4", "config:/folder", Papers("plugin.toml", "[\"config:/path\"]", "[\"config:/path\", \"config:/folder\"]")),
    (
        "C1",
        "an unknown option",
        Papers("spec.json", "\"additionalProperties\": false", "\"additionalProperties\": true"),
    ),
    ("C2", "`path` is not explained", Papers("spec.json", "\"x-vigie-fr\": \"Le", "\"title\": \"Le")),
    ("R1", "10 rows of `mentions/1`, 11 are", Papers("tests/recordings/ten/case.toml", "rows = 10", "rows = 11")),
    ("L1", "LISEZMOI", Papers("LISEZMOI.md", "## Ce qui manque", "Ce qui manque")),
];

const IN_CODE: &[(&str, &str, Code)] = &[
    ("M2", "differ at `version`", Code("OTHER_SPEC")),
    ("M3", "also exports another_symbol", Code("EXPORTS_MORE")),
    ("A1", "answers an unknown interface", Code("ANSWERS_ANYTHING")),
    ("A2", "KiB behind", Code("LEAKS_MEMORY")),
    ("A2", "descriptors more", Code("LEAKS_FILES")),
    ("A3", "leaving readings early: [P410]", Code("NEEDS_THE_END")),
    ("A4", "with a longer host table: [P410]", Code("TRUSTS_LONG_TABLES")),
    ("C1", "`open` ends with [P410]", Code("BELIEVES_OPTIONS")),
    ("R1", "read twice differs", Code("ASKS_THE_CLOCK")),
    ("R1", "a sample of at most 3 rows", Code("IGNORES_MAX_ROWS")),
    ("R2", "two rows have the key", Code("DOUBLES_KEYS")),
    ("R2", "after `now`", Code("SEES_THE_FUTURE")),
    ("R3", "no checkpoint", Code("NO_LAST_CHECKPOINT")),
    ("R3", "ended with [P306]", Code("FAILS_ON_NOTHING")),
    ("R4", "the window from", Code("IGNORES_THE_WINDOW")),
    ("S1", "comes again", Code("IGNORES_THE_STATE")),
    ("S1", "is lost", Code("SKIPS_AFTER_RESUME")),
    ("S3", "a second reading without news", Code("COUNTS_READINGS")),
    ("S5", "taken for a beginning", Code("FORGIVES_BROKEN_STATES")),
    ("E1", "no connection: the reading ended well", Code("CLAIMS_A_NETWORK")),
    ("E4", "ends well with 0 rows", Code("SWALLOWS_RUBBISH")),
    ("C3", "a row holds a secret", Code("SPILLS_THE_SECRET")),
    ("D1", "a text of 70 kB", Code("SMALL_BUFFER")),
    ("D1", "the character NUL", Code("TRUSTS_NUL")),
    ("S4", "has grown to", Code("SKIPS_LATE_ITEMS")),
    ("T3", "lines were printed", Code("PRINTS")),
    ("D9", "names the author", Code("LOGS_NAMES")),
    ("T1", "did not stop by itself", Code("NEVER_CANCELS")),
    ("T2", "a batch of", Code("HUGE_BATCHES")),
    ("T2", "of a file of 100000 lines", Code("KEEPS_EVERYTHING")),
];

/// Faults of a source of a service.
const IN_CALLS: &[(&str, &str, &str)] = &[
    ("C3", "the log, an error or a reject: signed with {{secret:sign}}", "leaks_in_the_log"),
    ("C3", "{{secret:sign}} failed", "leaks_in_errors"),
    ("C3", "a row holds a secret", "leaks_in_rows"),
    ("C3", "a checkpoint holds a secret", "leaks_in_states"),
    ("C3", "without its secrets the reading ended well", "hides_missing_secrets"),
    ("R1", "read twice differs", "unstable_ids"),
    ("R1", "the plugin panicked: tests/plugins/caller/src/faults.rs:", "panics"),
    ("R1", "the plugin panicked: a bad day", "panics_in_a_thread"),
    ("R1", "the budget of requests is spent (2000 in one run)", "asks_for_ever"),
    ("R5", "no row of `coverage/1` is `truncated`", "hides_the_cap"),
    ("S1", "is lost", "saves_early"),
    ("S2", "cut and continued", "saves_early"),
    ("S4", "brings 2 new rows, 3 are recorded", "only_new_ids"),
    ("S5", "it is not read: [P308]", "forgets_old_states"),
    ("S6", "brings 10 new rows, 3 are recorded", "one_cursor"),
    ("E1", "no connection: the reading ended well", "swallows_the_network"),
    ("E2", "429, retry-after: 7", "gives_up_waiting"),
    ("E3", "the service answers 401", "swallows_statuses"),
    ("E4", "an error inside a good answer: the reading ended well", "swallows_rubbish"),
    ("E5", "a body without end: the reading ended well", "swallows_refusals"),
    ("E6", "one item is damaged: the whole reading stops", "stops_at_bad_items"),
    ("D1", "a text of 70 kB", "cuts_texts"),
    ("D2", "it came as `9007199254740992`", "double_ids"),
    ("D2", "`likes` is null: 0 came", "zero_for_unknown"),
    ("D3", "the 45th of a 13th month", "guesses_dates"),
    ("D4", "a text about HTML", "decodes_twice"),
    ("D4", "shifted by 0: from character 15000 on \"\u{FFFD}\" stands", "cuts_characters"),
    ("D5", "a French sentence", "plain_spaces"),
    ("T3", "lines were printed", "prints"),
    ("N1", "host `tracker.example` (https) is not in the manifest", "asks_elsewhere"),
    ("N1", "method DELETE is not in the manifest", "other_methods"),
    ("N1", "header `user-agent` is for the host to set", "names_itself"),
];

/// Bugs that nobody sees yet, in code that is built by the suite.
const IN_MEMORY: &[(&str, &str)] =
    &[("heap-buffer-overflow", "OVERRUNS"), ("signed integer overflow", "SIGNED_OVERFLOW")];

/// Plugins that crash, lie and hang: the test that rejects them, and what it says.
const COLLECTION: &[(&str, &str, &str)] = &[
    ("aborts", "R1", "[P410]"),
    ("bad_state", "R1", "[P505]"),
    ("chatty", "T3", "lines were printed"),
    ("closes_channel", "R1", "[P411]"),
    ("daemon", "R1", "[P411]"),
    ("double_free", "R1", "[P410]"),
    ("duplicate_keys", "R2", "two rows have the key"),
    ("endless", "R1", "[P315]"),
    ("exit_zero", "R1", "[P411]"),
    ("flaky", "R1", "[P305]"),
    ("future", "R2", "after `now`"),
    ("garbage", "R1", "[P420]"),
    ("grandchild", "R1", "[P411]"),
    ("hang", "R1", "[P412]"),
    ("hang_init", "R1", "[P412]"),
    ("hang_open", "R1", "[P412]"),
    ("hang_read", "R1", "[P412]"),
    ("hang_spec", "M2", "[P412]"),
    ("heap_overrun", "R1", "[P410]"),
    ("huge_batch", "R1", "[P315]"),
    ("ignores_sigterm", "R1", "[P412]"),
    ("ignores_state", "S1", "comes again"),
    ("invalid_utf8", "R1", "[P501]"),
    ("longer_child", "R1", "[P501]"),
    ("memory", "R1", "[P410]"),
    ("missing_symbol", "R1", "[P131]"),
    ("negative_offset", "R1", "[P501]"),
    ("newer_minor", "R1", "[P132]"),
    ("no_id", "R1", "[P504]"),
    ("null_buffer", "R1", "[P501]"),
    ("null_write", "R1", "[P410]"),
    ("offsets_backwards", "R1", "[P501]"),
    ("other_major", "R1", "[P131]"),
    ("other_version", "R1", "[P134]"),
    ("panics", "R1", "[P312]"),
    ("quick_exit", "R1", "[P411]"),
    ("ragged", "R1", "[P501]"),
    ("schema_change", "R1", "[P501]"),
    ("silent_error", "R1", "[P311]"),
    ("skips_state", "S1", "comes again"),
    ("sleeps", "R1", "[P412]"),
    ("stack_overflow", "R1", "[P410]"),
    ("undefined_symbol", "R1", "[P130]"),
    ("wrong_column", "R1", "[P502]"),
    ("wrong_table", "R1", "[P310]"),
];

fn guestbook(name: &str) -> PathBuf {
    let folder = empty_folder(name);
    scaffold::write(&folder, "visitors", Language::C).unwrap();
    folder
}

fn found(folder: &Path, id: &str, piece: &str, fault: &str) {
    let report = suite(folder, Some(id));
    let failures = failures(&report);
    assert!(failures.len() == 1 && failures[0].contains(piece), "{fault}: {id} says {failures:?}, not {piece}");
}

fn each() {
    let good = guestbook("good");
    build(&good);
    for (id, piece, Papers(file, from, to)) in IN_PAPERS {
        let folder = guestbook("papers");
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        std::fs::write(folder.join(file), text.replacen(from, to, 1)).unwrap();
        build(&folder);
        found(&folder, id, piece, file);
    }
    let fine = manners("");
    assert_eq!(failures(&suite(&fine, None)), Vec::<String>::new(), "without a fault it passes");
    for (id, piece, Code(fault)) in IN_CODE {
        found(&manners(fault), id, piece, fault);
    }
    for (id, piece, fault) in IN_CALLS {
        found(&caller(fault), id, piece, fault);
    }
    sanitizers();
    let found = IN_PAPERS.iter().map(|f| f.0).chain(IN_CODE.iter().map(|f| f.0)).chain(IN_CALLS.iter().map(|f| f.0));
    let covered: BTreeSet<&str> = found.chain(["A5"]).collect();
    assert_eq!(covered, suite::ids().collect(), "every test of the suite rejects something");
}

/// What A5 finds needs a folder that builds itself, with the fault.
fn sanitizers() {
    if !there_is_a_sanitizer() {
        println!("did not run: this compiler has no shared sanitizer");
        return;
    }
    for (piece, fault) in IN_MEMORY {
        let folder = manners(fault);
        std::fs::copy(repository().join("tests/plugins/bad/manners.c"), folder.join("guestbook.c")).unwrap();
        let script = format!(
            "cd \"$(dirname \"$0\")\"\n\"$CC\" -std=gnu99 -O1 -shared -fPIC -fvisibility=hidden -I. -D{fault} -o libvisitors.so guestbook.c\n"
        );
        std::fs::write(folder.join("build.sh"), script).unwrap();
        let report = suite(&folder, Some("A5"));
        let failures = failures(&report);
        assert!(failures.len() == 1 && failures[0].contains(piece), "{fault}: {failures:?}");
        assert!(report.passed(), "A5 warns");
    }
}

/// The plugin with good manners, but for one fault.
fn manners(fault: &str) -> PathBuf {
    let folder = guestbook("manners");
    let sources = repository().join("tests/plugins/bad");
    let spec = std::fs::read_to_string(folder.join("spec.json")).unwrap();
    let spec = spec
        .replace("\"modes\": [\"incremental\", \"sample\"]", "\"modes\": [\"incremental\", \"window\", \"sample\"]");
    std::fs::write(folder.join("spec.json"), &spec).unwrap();
    if fault == "CLAIMS_A_NETWORK" {
        let manifest = std::fs::read_to_string(folder.join("plugin.toml")).unwrap();
        let network = "[network]\nhosts = [\"example.org\"]\n\n[files]";
        std::fs::write(folder.join("plugin.toml"), manifest.replace("[files]", network)).unwrap();
    }
    if fault == "SPILLS_THE_SECRET" {
        let manifest = std::fs::read_to_string(folder.join("plugin.toml")).unwrap();
        let secret = "[[secret]]\nname = \"token\"\nenv = \"VIGIE_VISITORS_TOKEN\"\nexposure = \"plugin\"\n\n[files]";
        std::fs::write(folder.join("plugin.toml"), manifest.replace("[files]", secret)).unwrap();
    }
    std::fs::write(folder.join("vigie_plugin.h"), HEADER).unwrap();
    let literal: String =
        spec.lines().map(|l| format!("\"{}\\n\"\n", l.replace('\\', "\\\\").replace('"', "\\\""))).collect();
    std::fs::write(folder.join("spec.inc"), literal).unwrap();
    let library = if cfg!(target_os = "macos") { "libvisitors.dylib" } else { "libvisitors.so" };
    let mut command = Command::new("cc");
    command.args(["-std=gnu99", "-O1", "-shared", "-fPIC", "-fvisibility=hidden", "-I"]).arg(&folder);
    if !fault.is_empty() {
        command.arg(format!("-D{fault}"));
    }
    let output = command.arg("-o").arg(folder.join(library)).arg(sources.join("manners.c")).output().unwrap();
    assert!(output.status.success(), "{fault}: {}", String::from_utf8_lossy(&output.stderr));
    folder
}

/// Plugins that crash, lie and hang are rejected as well, each for its fault, and none harms the suite.
fn collection() {
    let sources = repository().join("tests/plugins/bad");
    let mut names: Vec<String> = std::fs::read_dir(&sources)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "c"))
        .map(|p| p.file_stem().unwrap().to_string_lossy().into_owned())
        // Proven above, fault by fault; and one that takes a minute, which the host's own tests prove with another limit.
        .filter(|n| n != "manners" && n != "hang_check")
        .collect();
    names.sort();
    assert_eq!(names, COLLECTION.iter().map(|(name, ..)| *name).collect::<Vec<_>>());
    let mut wrong = Vec::new();
    for (name, id, piece) in COLLECTION {
        let folder = guestbook("collection");
        for file in ["plugin.toml", "spec.json"] {
            let text = std::fs::read_to_string(folder.join(file)).unwrap();
            let version = if *name == "other_version" { "2.0.0" } else { "1.0.0" };
            let text = text.replace("\"visitors\"", "\"bad\"").replace("0.1.0", version);
            // Hanging plugins are killed soon; others are slow where a machine has much to do.
            let soon = if *piece == "[P412]" { "[limits]\nidle_seconds = 1\n\n[data]" } else { "[data]" };
            std::fs::write(folder.join(file), text.replace("[data]", soon)).unwrap();
        }
        let output = Command::new("cc")
            .args(["-std=gnu99", "-O0", "-shared", "-fPIC", "-I"])
            .arg(&folder)
            .arg("-o")
            .arg(folder.join("libvisitors.so"))
            .arg(sources.join(format!("{name}.c")))
            .output()
            .unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        let failures = failures(&suite(&folder, Some(id)));
        if failures.len() != 1 || !failures[0].contains(piece) {
            wrong.push(format!("{name}: {id} says {failures:?}, not {piece}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn without_cases() {
    let folder = guestbook("no_cases");
    build(&folder);
    std::fs::remove_dir_all(folder.join("tests")).unwrap();
    let report = suite(&folder, None);
    let verdict = |id: &str| report.tests.iter().find(|t| t.id == id).map(|t| t.verdict.clone());
    for id in ["A2", "R1", "R2", "R3", "S1", "S2", "S4", "E4", "E6", "D1", "D2", "D3", "N1"] {
        assert!(matches!(verdict(id), Some(Verdict::Failed { .. })), "{id}: {:?}", verdict(id));
    }
}
