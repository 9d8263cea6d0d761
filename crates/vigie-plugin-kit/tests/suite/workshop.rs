//! Folders of plugins made for one test, and the suite on them.

use std::path::{Path, PathBuf};
use std::process::Command;

use vigie_plugin_host::Runner;
use vigie_plugin_kit::suite::{self, Choice, Level, SuiteReport, Verdict};

pub(crate) fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// A new folder, empty, that no other run of the tests uses.
pub(crate) fn empty_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("kit-{}", std::process::id())).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Whether a program is on the path.
pub(crate) fn there_is(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|o| o.status.success())
        || Command::new(program).arg("version").output().is_ok_and(|o| o.status.success())
}

/// Whether the C compiler has the library that A5 needs.
pub(crate) fn there_is_a_sanitizer() -> bool {
    let output = Command::new("cc").arg("-print-file-name=libasan.so").output().unwrap();
    Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_absolute()
}

/// Runs the folder's own build script.
pub(crate) fn build(folder: &Path) {
    let output = Command::new("sh").arg(folder.join("build.sh")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "a warning: {}", String::from_utf8_lossy(&output.stderr));
}

pub(crate) fn suite(folder: &Path, only: Option<&str>) -> SuiteReport {
    suite_with(folder, &Choice { only: only.map(str::to_owned), ..Choice::default() })
}

/// Every test there is.
pub(crate) fn whole_suite(folder: &Path) -> SuiteReport {
    suite_with(folder, &Choice { level: Level::All, ..Choice::default() })
}

pub(crate) fn suite_with(folder: &Path, choice: &Choice) -> SuiteReport {
    suite::run(folder, choice, Runner::current().unwrap(), &mut |_| {})
        .unwrap_or_else(|e| panic!("{}: {e:?}", folder.display()))
}

/// Every failure and every warning in words; nothing when there is nothing to say.
pub(crate) fn failures(report: &SuiteReport) -> Vec<String> {
    let failed = report.tests.iter().filter_map(|t| match &t.verdict {
        Verdict::Failed { found, advice } | Verdict::Warned { found, advice } => {
            assert!(found.en != found.fr && advice.en != advice.fr, "{}: not in both languages", t.id);
            assert!(!advice.en.is_empty() && !advice.fr.is_empty(), "{}: no advice", t.id);
            Some(format!("{}: {}", t.id, found.en))
        }
        _ => None,
    });
    failed.collect()
}
