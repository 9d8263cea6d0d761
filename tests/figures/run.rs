//! Runs the real program on a copy of a project, and finds what it wrote.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A project in a folder of its own, so that a test never touches the repository's files.
pub(crate) struct Copy {
    folder: tempfile::TempDir,
}

impl Copy {
    /// A copy of `examples/<name>`; its data is linked, not copied.
    pub(crate) fn of_example(name: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let example = repository().join("examples").join(name);
        copy_files(&example, folder.path());
        if example.join("notes").exists() {
            std::fs::create_dir(folder.path().join("notes")).expect("a folder for the notes");
            copy_files(&example.join("notes"), &folder.path().join("notes"));
        }
        if example.join("data").exists() {
            std::os::unix::fs::symlink(example.join("data"), folder.path().join("data")).expect("the data is linked");
        }
        Self { folder }
    }

    /// A project made of one `vigie.toml`.
    #[allow(dead_code, reason = "only some of the test targets make a project of their own")]
    pub(crate) fn of_text(vigie_toml: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("vigie.toml"), vigie_toml).expect("the project file is written");
        Self { folder }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// `vigie run` with `environment` added to this process's.
    pub(crate) fn run(&self, environment: &[(&str, &str)]) -> Output {
        let mut command = self.command("run");
        command.envs(environment.iter().copied()).output().expect("the program starts")
    }

    /// `vigie report` of another period, from the archive as it is.
    #[allow(dead_code, reason = "only the planted truths look at a second period")]
    pub(crate) fn report_of(&self, period: &str) -> PathBuf {
        let output = self.command("report").args(["--period", period]).output().expect("the program starts");
        assert_eq!(output.status.code(), Some(0), "vigie report did not end well:\n{}", said(&output));
        self.path().join("reports").join(period)
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        command.args([name, "--language", "en"]).arg(self.path());
        command
    }

    /// The same, which must end with status 0.
    pub(crate) fn run_whole(&self, environment: &[(&str, &str)]) -> String {
        let output = self.run(environment);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(0), "vigie run did not end well:\n{said}");
        said
    }

    /// The folder of the one report there is.
    pub(crate) fn report(&self) -> PathBuf {
        let entries = std::fs::read_dir(self.path().join("reports")).expect("there are reports");
        let mut folders: Vec<PathBuf> = entries.map(|e| e.expect("a readable folder").path()).collect();
        assert_eq!(folders.len(), 1, "one report is expected: {folders:?}");
        folders.pop().expect("one report")
    }
}

/// Copies the files of a folder, not its folders.
fn copy_files(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a readable folder") {
        let path = entry.expect("a readable folder").path();
        if path.is_file() {
            std::fs::copy(&path, to.join(path.file_name().expect("a file has a name"))).expect("a file is copied");
        }
    }
}

/// All a run said, both streams.
pub(crate) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The repository's folder.
pub(crate) fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Folder of the real data; `None`, said plainly, when `VIGIE_DATA` does not name one.
#[allow(dead_code, reason = "the planted truths need no real data")]
pub(crate) fn real_data(test: &str) -> Option<PathBuf> {
    use std::io::Write as _;
    let folder = std::env::var_os("VIGIE_DATA").filter(|v| !v.is_empty()).map(PathBuf::from);
    if folder.is_none() {
        // Written to the stream itself: the test harness keeps what `eprintln!` says of a test that passes.
        let _ = writeln!(std::io::stderr(), "{test}: not run: VIGIE_DATA is not set");
    }
    folder
}
