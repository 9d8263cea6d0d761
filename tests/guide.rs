//! The guide for authors of sources, followed to the letter: its commands are run and its files written, in order.
//!
//! The plugin's build is measured on the way: the SDK promises few crates, little time and a small library.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]
#![allow(clippy::format_collect, reason = "small texts, written to be read")]
#![allow(clippy::print_stdout, reason = "figures, for who runs it with --nocapture")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Crates a new plugin may compile, its own among them.
const CRATES: usize = 20;
/// Bytes of its library.
const LIBRARY: u64 = 1 << 20;
/// CPU seconds of its clean release build; the promise is 20 on a machine of our own, a shared one may be slower.
const BUILD_SECONDS: f64 = 40.0;

/// One block of the guide: what stands behind its fence, and its text.
struct Block {
    info: String,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let page = std::fs::read_to_string(repository().join("docs").join(page)).unwrap();
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some(Block { info: info.to_owned(), text: String::new() }),
            (Some(_), Some("")) => blocks.extend(open.take()),
            (Some(block), _) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none() && blocks.len() > 8, "{} blocks", blocks.len());
    blocks
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A reader's machine: an empty folder, and `vigie` on the path.
struct Reader {
    folder: tempfile::TempDir,
    here: PathBuf,
    language: &'static str,
    cpu: f64,
}

impl Reader {
    fn new(language: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().to_owned();
        Self { folder, here, language, cpu: 0.0 }
    }

    /// Does what one block says.
    fn follow(&mut self, block: &Block) {
        let (kind, place) = block.info.split_once(' ').unwrap_or((&block.info, ""));
        match (kind, place.split_once('=')) {
            ("sh", None) => self.type_in(&block.text),
            ("diff", Some(("file", path))) => self.change(path, &block.text),
            (_, Some(("file", path))) => {
                let path = self.here.join(path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, &block.text).unwrap();
            }
            (_, Some(("append", path))) => {
                let mut file = std::fs::OpenOptions::new().append(true).open(self.here.join(path)).unwrap();
                file.write_all(block.text.as_bytes()).unwrap();
            }
            _ => panic!("the guide has a block that nobody can follow: {}", block.info),
        }
    }

    fn type_in(&mut self, commands: &str) {
        let script = format!("set -e\n{commands}\npwd >\"$VIGIE_GUIDE_PWD\"\ntimes >\"$VIGIE_GUIDE_TIMES\"\n");
        let output = self.shell(&script);
        assert!(
            output.status.success(),
            "{commands}\n{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        if commands.contains("plugin list") {
            let list = String::from_utf8_lossy(&output.stdout);
            assert!(list.lines().any(|l| l.starts_with("visitors")), "{list}");
        }
        self.here = std::fs::read_to_string(self.folder.path().join("pwd")).unwrap().trim().into();
        if commands.contains("build.sh") {
            self.lock_as_here();
            self.cpu = self.cpu.max(seconds(&std::fs::read_to_string(self.folder.path().join("times")).unwrap()));
        }
    }

    fn shell(&self, script: &str) -> Output {
        let home = self.folder.path();
        let vigie = Path::new(env!("CARGO_BIN_EXE_vigie")).parent().unwrap();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let paths = std::iter::once(vigie.to_owned()).chain(std::env::split_paths(&path));
        Command::new("sh")
            .args(["-c", script])
            .current_dir(&self.here)
            .env("PATH", std::env::join_paths(paths).unwrap())
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_DATA_HOME", home.join("data"))
            .env("VIGIE_GUIDE_PWD", home.join("pwd"))
            .env("VIGIE_GUIDE_TIMES", home.join("times"))
            .env("LC_ALL", if self.language == "fr" { "fr_CA.UTF-8" } else { "en_US.UTF-8" })
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("VIGIE_PLUGIN_PATH")
            .output()
            .unwrap()
    }

    /// Replaces, once, the lines that a difference takes away or keeps by those that it adds or keeps.
    fn change(&self, path: &str, difference: &str) {
        let path = self.here.join(path);
        let text = std::fs::read_to_string(&path).unwrap();
        let side = |left_out: char| -> String {
            difference.lines().filter(|l| !l.starts_with(left_out)).map(|l| format!("{}\n", &l[1..])).collect()
        };
        let (before, after) = (side('+'), side('-'));
        assert_eq!(text.matches(&before).count(), 1, "{} has not once\n{before}", path.display());
        std::fs::write(path, text.replace(&before, &after)).unwrap();
    }

    /// The versions the new plugin was resolved to are what the reader gets; how many they are is promised.
    fn lock_as_here(&self) {
        let lock = std::fs::read_to_string(self.here.join("plugins/visitors/Cargo.lock")).unwrap();
        let crates = lock.matches("[[package]]").count();
        let library = ["so", "dylib"]
            .iter()
            .find_map(|extension| self.here.join(format!("plugins/visitors/libvisitors.{extension}")).metadata().ok());
        let bytes = library.unwrap().len();
        println!("{crates} crates, a library of {} KiB", bytes >> 10);
        assert!(crates <= CRATES && bytes < LIBRARY, "{crates} crates, {bytes} bytes");
    }
}

/// CPU seconds of a shell's children, the second line of `times`: `0m1.50s 0m0.25s`.
fn seconds(times: &str) -> f64 {
    let children = times.lines().nth(1).unwrap();
    let part = |text: &str| {
        let (minutes, seconds) = text.trim_end_matches('s').split_once('m').unwrap();
        minutes.parse::<f64>().unwrap() * 60.0 + seconds.parse::<f64>().unwrap()
    };
    children.split_whitespace().map(part).sum()
}

#[test]
fn the_guide_can_be_followed_to_the_letter() {
    let mut reader = Reader::new("en");
    for block in blocks("first-source.md") {
        reader.follow(&block);
    }
    println!("a clean build of the plugin took {:.1} s of CPU", reader.cpu);
    assert!(reader.cpu < BUILD_SECONDS, "{} s of CPU", reader.cpu);
    let archived = reader.shell("ls archive/mentions/*.parquet && cat vigie.lock");
    let shown = String::from_utf8_lossy(&archived.stdout).into_owned();
    assert!(archived.status.success() && shown.contains("visitors"), "{shown}");
    suite_speaks(&reader);
}

/// The suite in both languages and as JSON, and a failure with what to do about it.
fn suite_speaks(reader: &Reader) {
    let said = |command: &str, status: i32| {
        let output = reader.shell(command);
        let shown = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(status), "{command}\n{shown}{}", String::from_utf8_lossy(&output.stderr));
        shown
    };
    let french = said("vigie --language fr plugin test plugins/visitors --only R1", 0);
    assert_eq!(french, "R1  réussie  une lecture est entière, et deux fois la même\n");
    let json = said("vigie plugin test plugins/visitors --level core --json", 0);
    let lines: Vec<serde_json::Value> = json.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert!(lines.len() > 10 && lines.iter().any(|l| l["id"] == "S1" && l["verdict"] == "passed"), "{json}");
    let lost = "sed -i 's/rows = 3/rows = 4/' plugins/visitors/tests/recordings/stars/case.toml";
    said(lost, 0);
    let english = said("vigie --language en plugin test plugins/visitors --only r1", 1);
    assert!(
        english.contains("R1  FAILED") && english.contains("gives 3 rows") && english.contains("to do: if"),
        "{english}"
    );
    let french = said("vigie --language fr plugin test plugins/visitors --only R1", 1);
    assert!(french.contains("R1  ÉCHOUÉE") && french.contains("à faire : si"), "{french}");
    said("vigie plugin test plugins/visitors --only Z9", 2);
    said("vigie plugin new Visitors", 2);
}

#[test]
fn the_french_guide_asks_for_the_same() {
    let (english, french) = (blocks("first-source.md"), blocks("premiere-source.md"));
    let texts =
        |blocks: &[Block]| -> Vec<String> { blocks.iter().map(|b| format!("{}\n{}", b.info, b.text)).collect() };
    assert_eq!(texts(&english), texts(&french));
}
