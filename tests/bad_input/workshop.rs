//! Small projects in a folder of their own, the real program run on them, and what it left behind.

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// The month all projects report on.
pub(crate) const PERIOD: &str = "2026-03";

/// What every project of these tests has: three brands.
const BRANDS: &str = r#"
[[entity]]
id = "alto"
name = "Alto"
role = "client"
query = "alto OR @alto"

[[entity]]
id = "boreal"
name = "Boreal"
role = "competitor"
query = "boreal"

[[entity]]
id = "cirrus"
name = "Cirrus"
role = "competitor"
query = "cirrus"
"#;

/// A project folder, a home and a folder for temporary files, all thrown away at the end.
pub(crate) struct Project {
    room: tempfile::TempDir,
}

/// What the program answered.
pub(crate) struct Said {
    pub(crate) status: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Project {
    /// A project with the tables `rest` after its head; no brand and no source of its own.
    pub(crate) fn bare(rest: &str) -> Self {
        let project = Self { room: tempfile::tempdir().unwrap() };
        for folder in ["project/data", "home", "tmp"] {
            std::fs::create_dir_all(project.room.path().join(folder)).unwrap();
        }
        let head = format!(
            "[project]\nid = \"trial\"\nname = \"Trial\"\ntimezone = \"America/Toronto\"\neditions = [\"fr-CA\", \"en-CA\"]\n\
             \n[report]\nperiod = \"{PERIOD}\"\ncounting = \"all\"\n"
        );
        project.write("vigie.toml", format!("{head}{rest}"));
        project
    }

    /// Three brands and the tables `rest`.
    pub(crate) fn brands(rest: &str) -> Self {
        Self::bare(&format!("{BRANDS}{rest}"))
    }

    /// Three brands, the good source `good` of 60 rows, and the tables `rest`.
    pub(crate) fn with_good_source(rest: &str) -> Self {
        let project = Self::brands(&format!("{}{rest}", csv_source("good", "data/good.csv", "")));
        project.write("data/good.csv", good_rows(60));
        project
    }

    /// The project's folder.
    pub(crate) fn dir(&self) -> PathBuf {
        self.room.path().join("project")
    }

    /// Writes a file of the project.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.dir().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// The program with `arguments`, in a room without settings of the machine.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        command
            .args(arguments)
            .current_dir(self.dir())
            .env_remove("VIGIE_AUTHOR_KEY")
            .env_remove("VIGIE_PLUGIN_PATH")
            .env_remove("XDG_DATA_HOME")
            .env_remove("XDG_CONFIG_HOME")
            .env("HOME", self.room.path().join("home"))
            .env("TMPDIR", self.temporary())
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn vigie(&self, arguments: &[&str]) -> Said {
        Said::from(self.command(arguments).output().unwrap())
    }

    /// Starts the program.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).spawn().unwrap()
    }

    /// Compiles `tests/plugins/bad/<name>.c` into the project as plugin `bad`, for the ABI `major`, and trusts it;
    /// `more` goes into its manifest.
    pub(crate) fn bad_plugin(&self, name: &str, major: u32, more: &str) {
        self.strange_plugin("plugins/bad", &format!("bad/{name}.c"), ("bad", "1.0.0"), (major, more));
        let trusted = self.vigie(&["plugin", "trust", "bad", "--yes"]).status;
        // One for another ABI is refused before it can be trusted.
        assert_eq!(trusted, Some(if major == 0 { 0 } else { 2 }));
    }

    /// Compiles `tests/plugins/<source>` into `folder` of the project, a plugin that nobody trusts yet.
    pub(crate) fn strange_plugin(&self, folder: &str, source: &str, (id, version): (&str, &str), more: (u32, &str)) {
        let (major, more) = more;
        let platforms = ["linux_amd64", "linux_arm64", "macos_amd64", "macos_arm64"];
        let libraries = platforms.map(|platform| format!("{platform} = \"plugin.so\"")).join("\n");
        let manifest = format!(
            "manifest = 1\nid = \"{id}\"\nversion = \"{version}\"\nkinds = [\"source\"]\npublisher = \"Somebody\"\n\
             abi = {{ major = {major}, minor = 0 }}\nname = {{ en = \"Bad\", fr = \"Mauvais\" }}\n\
             description = {{ en = \"test\", fr = \"essai\" }}\nlicense = \"MIT\"\n[library]\n{libraries}\n[data]\n\
             tables = [\"mentions/1\"]\nresume = \"exact\"\n{more}"
        );
        let spec = format!(
            r#"{{"spec":1,"id":"{id}","version":"{version}","tables":["mentions/1"],"config_schema":{{"type":"object"}}}}"#
        );
        self.write(&format!("{folder}/plugin.toml"), manifest);
        self.write(&format!("{folder}/spec.json"), spec);
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let output = Command::new("cc")
            .args(["-std=gnu99", "-O0", "-shared", "-fPIC", "-o"])
            .arg(self.dir().join(folder).join("plugin.so"))
            .arg("-I")
            .arg(root.join("crates/vigie-plugin/include"))
            .arg(root.join("tests/plugins").join(source))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        // Whatever the umask of whoever runs the tests: what others may write is refused.
        let mut path = self.dir().join(folder);
        for name in ["plugin.toml", "spec.json", "plugin.so"] {
            std::fs::set_permissions(path.join(name), std::fs::Permissions::from_mode(0o644)).unwrap();
        }
        while path != self.dir() {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
            path.pop();
        }
    }

    /// The user's home.
    pub(crate) fn home(&self) -> PathBuf {
        self.room.path().join("home")
    }

    fn temporary(&self) -> PathBuf {
        self.room.path().join("tmp")
    }

    /// The folder of the month's report.
    pub(crate) fn report_folder(&self) -> PathBuf {
        self.dir().join("reports").join(PERIOD)
    }

    /// `report.json` of the month.
    pub(crate) fn report(&self) -> Value {
        json(&self.report_folder().join("report.json"))
    }

    /// The report's ledger line of `source`.
    pub(crate) fn ledger(&self, source: &str) -> Value {
        let report = self.report();
        let lines = report["ledger"].as_array().unwrap();
        let line = lines.iter().find(|l| l["source"] == source);
        line.unwrap_or_else(|| panic!("the ledger does not name `{source}`: {lines:?}")).clone()
    }

    /// The four documents, each made and not empty.
    pub(crate) fn documents(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for locale in ["fr-CA", "en-CA"] {
            for extension in ["html", "pdf"] {
                let path = self.report_folder().join(format!("trial_{PERIOD}_monthly_{locale}.{extension}"));
                let size = path.metadata().map_or(0, |m| m.len());
                assert!(size > 1_000, "{} has {size} bytes", path.display());
                found.push(path);
            }
        }
        found
    }

    /// Every rejected row, as the quarantine keeps it; a line that a killed run did not finish is none.
    pub(crate) fn quarantine(&self, source: &str) -> Vec<Value> {
        let folder = self.dir().join("archive/quarantine").join(source);
        let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
        let mut files: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
        files.sort();
        let lines = |file: &PathBuf| {
            let text = std::fs::read_to_string(file).unwrap();
            let whole = text.rfind('\n').map_or("", |end| &text[..end]);
            whole.lines().map(|l| serde_json::from_str(l).unwrap()).collect::<Vec<Value>>()
        };
        files.iter().flat_map(lines).collect()
    }

    /// Processes that still work in this project's folder of temporary files, given a moment to die.
    pub(crate) fn orphans(&self) -> Vec<String> {
        let mut left = Vec::new();
        for _ in 0..40 {
            left = running_under(&self.temporary());
            if left.is_empty() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        left
    }

    /// Whether a plugin's process works for this project.
    pub(crate) fn plugin_runs(&self) -> bool {
        !running_under(&self.temporary()).is_empty()
    }
}

/// Children have a folder of their own under the parent's `TMPDIR` as working directory.
fn running_under(folder: &Path) -> Vec<String> {
    let folder = folder.canonicalize().unwrap();
    let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
    let inside = processes.flatten().filter(|p| {
        let directory = std::fs::read_link(p.path().join("cwd"));
        directory.is_ok_and(|d| d.starts_with(&folder))
    });
    inside.map(|p| std::fs::read_to_string(p.path().join("status")).unwrap_or_default()).collect()
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Said {
    /// Both streams, for a message of a failing test.
    pub(crate) fn whole(&self) -> String {
        format!("status {:?}\n--- out\n{}\n--- err\n{}", self.status, self.out, self.err)
    }

    /// Stops the test unless the program ended with `status`, without a panic.
    pub(crate) fn expect(&self, status: i32) -> &Self {
        assert_eq!(self.status, Some(status), "{}", self.whole());
        assert!(!self.err.contains("panicked at"), "{}", self.whole());
        self
    }

    /// Stops the test unless standard error has every piece. Spaces of French typography count as spaces.
    pub(crate) fn says(&self, pieces: &[&str]) -> &Self {
        let err = plain(&self.err);
        for piece in pieces {
            assert!(err.contains(&plain(piece)), "missing: {piece}\n{}", self.whole());
        }
        self
    }
}

fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ").replace('\u{2019}', "'")
}

/// A JSON file.
pub(crate) fn json(path: &Path) -> Value {
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_slice(&bytes).unwrap()
}

/// The table of a source that reads a CSV file with the columns of [`good_rows`]; `more` are further options.
pub(crate) fn csv_source(id: &str, path: &str, more: &str) -> String {
    format!(
        "\n[[source]]\nid = \"{id}\"\nplugin = \"file\"\n[source.options]\npaths = [\"{path}\"]\nformat = \"csv\"\n\
         timezone = \"America/Toronto\"\ndate_formats = [\"%Y-%m-%d %H:%M\"]\n{more}\n[source.options.columns]\n\
         native_id = \"id\"\npublished_at = \"date\"\nauthor_handle = \"author\"\ntext = \"text\"\n\
         [source.options.constants]\nplatform = \"forum\"\nkind = \"post\"\n"
    )
}

/// The head of the files.
pub(crate) const HEAD: &str = "id,date,author,text\n";

/// `count` rows over February and March 2026, on all three brands, in two languages.
pub(crate) fn good_rows(count: u32) -> String {
    let mut text = HEAD.to_owned();
    for i in 0..count {
        text.push_str(&row("g", i, 2 + i % 2));
    }
    text
}

/// Row `i` of a file: id, date, author and text all differ from those of other rows.
pub(crate) fn row(prefix: &str, i: u32, month: u32) -> String {
    let words = [
        "Alto answered my question in five minutes, great service",
        "Encore une panne chez Boreal, vraiment tanné",
        "Cirrus raised its price again, terrible",
        "Merci à Alto pour le forfait, très content",
        "Boreal is fine where I live",
        "Je compare Alto et Cirrus avant de signer",
    ];
    let mut line = String::new();
    let (day, hour) = (i % 28 + 1, i % 24);
    let said = words[i as usize % words.len()];
    writeln!(line, "{prefix}{i},2026-{month:02}-{day:02} {hour:02}:15,user{},\"{said}, dossier {i}\"", i % 37).unwrap();
    line
}
