//! The commands as a person types them: words, exit statuses, streams.
//!
//! Long answers are compared with files of `tests/commands/`. After a change of wording, run once with
//! `VIGIE_UPDATE_EXPECTED=1` and review the difference.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]
#![allow(clippy::format_collect, reason = "small texts, written to be read")]

#[allow(dead_code, reason = "other test targets use other parts")]
#[path = "bad_input/workshop.rs"]
mod workshop;

use std::path::Path;

use serde_json::Value;
use workshop::{Project, csv_source};

const COMMANDS: [&str; 14] = [
    "new", "check", "plan", "collect", "report", "run", "read", "query", "plugin", "archive", "doctor", "audit",
    "learn", "topics",
];

/// Compares `shown`, without blanks at the ends of lines, with the file `name` of `tests/commands/`.
fn golden(name: &str, shown: &str) {
    let shown: String = shown.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/commands").join(name);
    if std::env::var_os("VIGIE_UPDATE_EXPECTED").is_some() {
        std::fs::write(&path, &shown).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(shown == expected, "{name}\n--- shown\n{shown}\n--- expected\n{expected}");
}

/// A project with nothing in it: for commands that need none.
fn room() -> Project {
    Project::bare("")
}

#[test]
fn help_says_what_each_command_does() {
    let room = room();
    for language in ["en", "fr"] {
        let top = room.vigie(&["--language", language, "--help"]);
        golden(&format!("help.{language}.txt"), &top.expect(0).out);
        assert!(top.err.is_empty());
        for command in COMMANDS {
            assert!(top.out.contains(&format!("\n  {command} ")), "{}", top.out);
            let help = room.vigie(&[command, "--help", &format!("--language={language}")]);
            golden(&format!("help-{command}.{language}.txt"), &help.expect(0).out);
        }
    }
    let version = room.vigie(&["--version"]);
    assert_eq!(version.expect(0).out, format!("vigie {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn mistakes_of_the_command_line_are_status_two_and_say_what_to_do() {
    let room = room();
    for language in ["en", "fr"] {
        let mut shown = String::new();
        for arguments in [
            &["frobnicate"] as &[&str],
            &["runn"],
            &["run", "--perriod", "2026-03"],
            &["run", "--period"],
            &["run", "--quiet", "--quiet"],
            &["new"],
            &["--log-format", "xml", "check"],
        ] {
            let said = room.vigie(&[arguments, &["--language", language]].concat());
            said.expect(2);
            assert!(said.out.is_empty(), "{}", said.whole());
            shown.extend(["vigie ", &arguments.join(" "), "\n", &said.err, "\n"]);
        }
        golden(&format!("mistakes.{language}.txt"), &shown);
    }
    let nothing = room.vigie(&[]);
    nothing.expect(2).says(&["Usage: vigie", "collect"]);
    assert!(nothing.out.is_empty());
    // For cron, a mistake is a line of JSON like any other.
    let json = room.vigie(&["frobnicate", "--log-format", "json"]);
    let line: Value = serde_json::from_str(json.expect(2).err.trim()).unwrap();
    assert_eq!((line["event"].as_str(), line["code"].as_str()), (Some("error"), Some("C002")));
    room.vigie(&["--language", "de", "check"]).expect(2).says(&["`de`", "fr, en"]);
}

#[test]
fn a_new_project_runs_as_it_is_in_both_languages() {
    for (language, made, fine, again) in [
        ("en", "next: vigie run", "nothing wrong", "exists already; nothing was written"),
        ("fr", "ensuite : vigie run", "rien à signaler", "existe déjà ; rien n'a été écrit"),
    ] {
        let room = room();
        let vigie = |arguments: &[&str]| room.vigie(&[&["--language", language], arguments].concat());
        let new = vigie(&["new", "café-nord", "--name", "Café <du> Nord & \"fils\""]);
        new.expect(0).says(&[made]);
        for file in new.out.lines() {
            assert!(room.dir().join(file).is_file(), "{file}");
        }
        vigie(&["check", "café-nord"]).expect(0).says(&[fine]);
        let run = vigie(&["run", "café-nord"]);
        run.expect(0);
        let documents: Vec<&str> = run.out.lines().collect();
        assert_eq!(documents.len(), 4, "{}", run.whole());
        for document in documents {
            assert!(room.dir().join(document).metadata().unwrap().len() > 10_000, "{document}");
        }
        // A second run reads nothing anew, and is complete too.
        vigie(&["run", "café-nord"]).expect(0).says(&["sample", "0"]);
        vigie(&["new", "café-nord"]).expect(2).says(&[again]);
    }
}

/// Five mistakes of five kinds; each must be told with its line and a caret.
const FIVE_MISTAKES: &str = r#"[project]
id = "Démo"
name = "Demo"
timezone = "America/Torronto"

[report]
periode = "2026-10"

[[entity]]
id = "alto"
name = "Alto"
role = "client"
query = "alto AND (boreal"

[[source]]
id = "export"
plugin = "file"
enabled = "yes"
"#;

#[test]
fn check_shows_every_mistake_with_its_place() {
    let project = room();
    project.write("vigie.toml", FIVE_MISTAKES);
    for (language, word) in [("en", "error["), ("fr", "erreur[")] {
        let said = project.vigie(&["--language", language, "check", "."]);
        said.expect(2);
        assert!(said.out.is_empty(), "{}", said.whole());
        golden(&format!("five-mistakes.{language}.txt"), &said.err);
        assert_eq!(said.err.matches(word).count(), 5, "{}", said.err);
        for line in ["vigie.toml:2:", "vigie.toml:4:", "vigie.toml:7:", "vigie.toml:13:", "vigie.toml:18:"] {
            assert!(said.err.contains(line), "{line}\n{}", said.err);
        }
        assert!(said.err.matches('^').count() >= 5, "{}", said.err);
        // The other commands refuse for the same reasons, and do nothing.
        for command in ["plan", "collect", "report", "run"] {
            assert_eq!(project.vigie(&["--language", language, command, "."]).expect(2).err, said.err);
        }
    }
    assert!(!project.dir().join("archive").exists() && !project.dir().join("reports").exists());
}

#[test]
fn options_of_a_source_are_checked_with_their_place() {
    let source = csv_source("good", "data/good.csv", "delimeter = \";\"").replace("native_id =", "nativ_id =");
    let project = Project::brands(&source);
    for (language, piece) in [("en", "did you mean `delimiter`?"), ("fr", "vouliez-vous écrire `delimiter` ?")] {
        let said = project.vigie(&["--language", language, "check", "."]);
        said.expect(2).says(&[piece, "`native_id`", "vigie.toml:"]);
        assert!(said.err.contains('^'), "{}", said.err);
    }
}

#[test]
fn a_period_of_another_form_is_status_two() {
    let project = Project::with_good_source("");
    for (language, piece) in
        [("en", "is not a period; write 2026-10"), ("fr", "n'est pas une période ; écrivez 2026-10")]
    {
        for period in ["october", "2026", "2026-13", "2026-10-01", "2026-10-01..", "..", "", "2026-1O"] {
            for command in ["report", "run"] {
                project.vigie(&["--language", language, command, ".", "--period", period]).expect(2).says(&[piece]);
            }
        }
    }
    project
        .vigie(&["--language", "fr", "report", "--period", "2026-10-05..2026-10-01"])
        .expect(2)
        .says(&["finit avant de commencer"]);
    assert!(!project.dir().join("reports").exists());
}

#[test]
fn a_folder_that_is_no_project_is_status_two() {
    let room = room();
    std::fs::create_dir_all(room.dir().join("empty")).unwrap();
    for command in ["check", "plan", "collect", "report", "run"] {
        for folder in ["nowhere", "empty", "vigie.toml"] {
            let said = room.vigie(&["--language", "en", command, folder]);
            said.expect(2).says(&["error[", folder]);
            assert!(said.out.is_empty(), "{}", said.whole());
        }
    }
    assert_eq!(std::fs::read_dir(room.dir().join("empty")).unwrap().count(), 0, "nothing was put there");
    assert!(!room.dir().join("nowhere").exists());
}

#[test]
fn a_plan_names_plugin_and_library_and_touches_nothing() {
    let project = Project::with_good_source("");
    let said = project.vigie(&["plan", "."]);
    said.expect(0);
    assert!(said.err.is_empty(), "{}", said.whole());
    let fields: Vec<&str> = said.out.trim_end().split('\t').collect();
    let [source, plugin, library, hosts] = fields[..] else { panic!("{}", said.whole()) };
    assert_eq!((source, plugin, hosts), ("good", format!("file {}", env!("CARGO_PKG_VERSION")).as_str(), "—"));
    assert!(library.len() == 12 && library.chars().all(|c| c.is_ascii_hexdigit()), "{library}");
    assert!(!project.dir().join("archive").exists(), "a plan writes nothing");

    let broken = Project::with_good_source("\n[[source]]\nid = \"bad\"\nplugin = \"nowhere\"\n");
    let said = broken.vigie(&["--language", "fr", "plan", "."]);
    said.expect(2).says(&["il n'y a pas de greffon `nowhere`", "vigie.toml:"]);
    assert!(said.out.contains("good\tfile ") && said.out.contains("bad\t—"), "{}", said.whole());
}

#[test]
fn collecting_and_reporting_are_running() {
    let (one, two) = (Project::with_good_source(""), Project::with_good_source(""));
    one.vigie(&["collect", "."]).expect(0);
    assert!(!one.dir().join("reports").exists());
    one.vigie(&["report", "."]).expect(0);
    two.vigie(&["run", "."]).expect(0);
    for project in [&one, &two] {
        project.documents();
    }
    let bytes = |p: &Project, name: &str| std::fs::read(p.report_folder().join(name)).unwrap();
    for name in ["report.json", "trial_2026-03_monthly_fr-CA.html", "trial_2026-03_monthly_en-CA.pdf"] {
        assert!(bytes(&one, name) == bytes(&two, name), "{name} differs");
    }
}

/// Standard error as JSON lines.
fn lines(err: &str) -> Vec<Value> {
    err.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}"))).collect()
}

#[test]
fn json_logs_are_json_and_nothing_else() {
    let missing = csv_source("bad", "data/gone.csv", "");
    let project = Project::with_good_source(&missing);
    let said = project.vigie(&["--log-format", "json", "--language", "en", "run", "."]);
    let found = lines(&said.expect(3).err);
    let event = |name: &str| found.iter().filter(|l| l["event"] == name).collect::<Vec<_>>();
    assert!(found.iter().all(|l| l["event"].is_string() && l["message"].is_string()), "{found:?}");
    let good = event("source").into_iter().find(|l| l["source"] == "good").unwrap();
    assert_eq!((&good["state"], &good["rows"]["kept"]), (&"complete".into(), &60.into()));
    assert!(event("error").iter().any(|l| l["message"].as_str().unwrap().contains("gone.csv")), "{found:?}");
    let report = event("report")[0];
    let stages: Vec<&str> = report["stages"].as_array().unwrap().iter().map(|s| s["stage"].as_str().unwrap()).collect();
    for stage in ["read", "count", "analyse", "compose", "html", "pdf", "write"] {
        assert!(stages.contains(&stage), "{stages:?}");
    }

    let broken = room();
    broken.write("vigie.toml", FIVE_MISTAKES);
    let found = lines(&broken.vigie(&["--log-format", "json", "check", "."]).expect(2).err);
    assert_eq!(found.len(), 5);
    assert!(found.iter().all(|l| l["code"].is_string() && l["place"].as_str().unwrap().contains("vigie.toml:")));
    // A wrong period and a busy archive are errors like others.
    let said = project.vigie(&["--log-format", "json", "report", ".", "--period", "x"]);
    assert_eq!(lines(&said.expect(2).err)[0]["event"], "error");
}

#[test]
fn quiet_says_nothing_but_errors() {
    let project = Project::with_good_source("");
    for command in ["check", "collect", "run"] {
        let said = project.vigie(&["--quiet", command, "."]);
        assert_eq!(said.expect(0).err, "", "{command}");
    }
    // What was asked for is still given.
    assert_eq!(project.vigie(&["-q", "report", "."]).expect(0).out.lines().count(), 4);
    let broken = Project::with_good_source(&csv_source("bad", "data/gone.csv", ""));
    let said = broken.vigie(&["--quiet", "run", "."]);
    said.expect(3).says(&["gone.csv"]);
    assert!(!said.err.contains("good"), "{}", said.whole());
}

#[test]
fn several_projects_are_summed_up_and_the_worst_status_counts() {
    let room = room();
    let fine = Project::with_good_source("");
    let holed = Project::with_good_source(&csv_source("bad", "data/gone.csv", ""));
    let (fine_dir, holed_dir) = (fine.dir(), holed.dir());
    let (fine_dir, holed_dir) = (fine_dir.to_str().unwrap(), holed_dir.to_str().unwrap());
    let vigie = |language: &str, dirs: &[&str]| room.vigie(&[&["--language", language, "run"], dirs].concat());
    vigie("en", &[fine_dir, holed_dir]).expect(3).says(&["1 of 2 projects complete"]);
    fine.documents();
    holed.documents();
    vigie("fr", &[fine_dir, "nowhere", holed_dir]).expect(2).says(&["sur 3", "nowhere"]);
    vigie("en", &[fine_dir, fine_dir]).expect(0).says(&["2 of 2 projects complete"]);
}

#[test]
fn messages_follow_the_language_of_the_system() {
    let project = Project::with_good_source("");
    for (variable, value, piece) in [
        ("LC_ALL", "fr_CA.UTF-8", "rien à signaler"),
        ("LC_ALL", "en_US.UTF-8", "nothing wrong"),
        ("LC_ALL", "C", "nothing"),
    ] {
        let output = project.command(&["check", "."]).env(variable, value).output().unwrap();
        workshop::Said::from(output).expect(0).says(&[piece]);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_crash() {
    let project = Project::with_good_source("");
    for arguments in [&["plan", "."] as &[&str], &["--help"], &["run", "."]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = project.command(arguments).stdout(writer).output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!err.contains("panicked"), "{arguments:?}: {err}");
    }
}

#[test]
fn a_project_that_cannot_be_written_to_is_told_in_both_languages() {
    for (language, piece) in [("en", "archive"), ("fr", "archive")] {
        let project = Project::with_good_source("");
        project.write("archive", "a file where a folder must be");
        let said = project.vigie(&["--language", language, "run", "."]);
        said.expect(1).says(&[piece]);
        let english = said.err.contains("cannot");
        assert_eq!(english, language == "en", "{}", said.whole());
    }
}
