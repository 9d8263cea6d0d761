//! A folder to begin a plugin with: it builds, passes the suite and is found at once.
//!
//! What is written is one of the examples of the repository, under another name: there is one text to keep true.

use std::path::{Path, PathBuf};

use vigie_model::diagnostic::Bilingual;
use vigie_plugin::abi::HEADER;
use vigie_plugin_host::manifest::valid_id;

/// Name of the examples, replaced by the plugin's.
const EXAMPLE: &str = "guestbook";

type Files = &'static [(&'static str, &'static str)];

/// Papers and recordings, the same for each language.
const SHARED: Files = &[
    ("plugin.toml", include_str!("../../../examples/plugins/rust/plugin.toml")),
    ("spec.json", include_str!("../../../examples/plugins/rust/spec.json")),
    ("README.md", include_str!("../../../examples/plugins/rust/README.md")),
    ("LISEZMOI.md", include_str!("../../../examples/plugins/rust/LISEZMOI.md")),
    ("tests/recordings/ten/case.toml", include_str!("../../../examples/plugins/rust/tests/recordings/ten/case.toml")),
    ("tests/recordings/ten/book.tsv", include_str!("../../../examples/plugins/rust/tests/recordings/ten/book.tsv")),
    (
        "tests/recordings/empty/case.toml",
        include_str!("../../../examples/plugins/rust/tests/recordings/empty/case.toml"),
    ),
    ("tests/recordings/empty/book.tsv", include_str!("../../../examples/plugins/rust/tests/recordings/empty/book.tsv")),
    ("tests/recordings/html/case.toml", include_str!("../../../examples/plugins/rust/tests/recordings/html/case.toml")),
    ("tests/recordings/html/book.tsv", include_str!("../../../examples/plugins/rust/tests/recordings/html/book.tsv")),
];
const C: Files = &[
    ("build.sh", include_str!("../../../examples/plugins/c/build.sh")),
    ("guestbook.c", include_str!("../../../examples/plugins/c/guestbook.c")),
];
const CPP: Files = &[
    ("build.sh", include_str!("../../../examples/plugins/cpp/build.sh")),
    ("guestbook.cpp", include_str!("../../../examples/plugins/cpp/guestbook.cpp")),
];
const ZIG: Files = &[
    ("build.sh", include_str!("../../../examples/plugins/zig/build.sh")),
    ("guestbook.zig", include_str!("../../../examples/plugins/zig/guestbook.zig")),
];
const RUST: Files = &[
    ("build.sh", include_str!("../../../examples/plugins/rust/build.sh")),
    ("Cargo.toml", include_str!("../../../examples/plugins/rust/Cargo.toml")),
    ("src/lib.rs", include_str!("../../../examples/plugins/rust/src/lib.rs")),
];

/// The SDK's own source, which travels with a Rust plugin as long as no registry has it.
const SDK: Files = &[
    ("src/abi.rs", include_str!("../../vigie-plugin/src/abi.rs")),
    ("src/arrow.rs", include_str!("../../vigie-plugin/src/arrow.rs")),
    ("src/columns.rs", include_str!("../../vigie-plugin/src/columns.rs")),
    ("src/context.rs", include_str!("../../vigie-plugin/src/context.rs")),
    ("src/error.rs", include_str!("../../vigie-plugin/src/error.rs")),
    ("src/export.rs", include_str!("../../vigie-plugin/src/export.rs")),
    ("src/http.rs", include_str!("../../vigie-plugin/src/http.rs")),
    ("src/lib.rs", include_str!("../../vigie-plugin/src/lib.rs")),
    ("src/mention.rs", include_str!("../../vigie-plugin/src/mention.rs")),
    ("src/output.rs", include_str!("../../vigie-plugin/src/output.rs")),
    ("src/partition.rs", include_str!("../../vigie-plugin/src/partition.rs")),
    ("src/record.rs", include_str!("../../vigie-plugin/src/record.rs")),
    ("src/request.rs", include_str!("../../vigie-plugin/src/request.rs")),
    ("src/source.rs", include_str!("../../vigie-plugin/src/source.rs")),
    ("src/time.rs", include_str!("../../vigie-plugin/src/time.rs")),
];
const SDK_MANIFEST: &str = r#"# The SDK as the vigie that wrote this folder knows it; not to be edited.
[package]
name = "vigie-plugin"
version = "VERSION"
edition = "2024"
license = "MIT OR Apache-2.0"
publish = false

[dependencies]
serde = { version = "1", features = ["derive"] }
serde_json = { version = "1", features = ["float_roundtrip"] }
"#;
const IGNORED: &str = "target/\nspec.inc\nexports.map\n*.so\n*.dylib\n*.dll\n";

/// Language of the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Rust, with the SDK.
    Rust,
    /// C, JSON rows.
    C,
    /// C++, Arrow batches.
    Cpp,
    /// Zig, JSON rows.
    Zig,
}

impl Language {
    /// Every language, as it is asked for on the command line.
    pub const ALL: [(&'static str, Self); 4] =
        [("rust", Self::Rust), ("c", Self::C), ("cpp", Self::Cpp), ("zig", Self::Zig)];

    fn files(self) -> Files {
        match self {
            Self::Rust => RUST,
            Self::C => C,
            Self::Cpp => CPP,
            Self::Zig => ZIG,
        }
    }
}

/// Why no folder was written.
#[derive(Debug, thiserror::Error)]
pub enum ScaffoldError {
    /// The name cannot be an id.
    #[error("`{0}` cannot be a plugin's id: a to z first, then a to z, 0 to 9 and _, 2 to 32 of them")]
    Id(String),
    /// There is something already.
    #[error("{} is not empty", .0.display())]
    NotEmpty(PathBuf),
    /// A file cannot be written.
    #[error("{} cannot be written: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl ScaffoldError {
    /// In both languages.
    pub fn words(&self) -> Bilingual {
        let french = match self {
            Self::Id(id) => format!(
                "`{id}` ne peut être l'identifiant d'un greffon : a à z d'abord, puis a à z, 0 à 9 et _, de 2 à 32 signes"
            ),
            Self::NotEmpty(path) => format!("{} n'est pas vide", path.display()),
            Self::Io { path, source } => format!("{} ne peut être écrit : {source}", path.display()),
        };
        Bilingual::new(self.to_string(), french)
    }
}

/// Writes the plugin `id` into `folder`, which must be new or empty. Returns the files, relative to it, in order.
///
/// # Errors
/// A name that cannot be an id, a folder that is not empty, a file that cannot be written.
pub fn write(folder: &Path, id: &str, language: Language) -> Result<Vec<PathBuf>, ScaffoldError> {
    if !valid_id(id) {
        return Err(ScaffoldError::Id(id.to_owned()));
    }
    if std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(ScaffoldError::NotEmpty(folder.to_owned()));
    }
    let mut files: Vec<(PathBuf, String)> = Vec::new();
    for (name, text) in SHARED.iter().chain(language.files()) {
        files.push((PathBuf::from(renamed(name, id)), renamed(text, id)));
    }
    files.push((".gitignore".into(), IGNORED.to_owned()));
    if language == Language::Rust {
        let home = Home::of(folder);
        for (path, text) in &mut files {
            if path == Path::new("Cargo.toml") {
                *text = home.manifest(text);
            }
        }
        if matches!(home, Home::Elsewhere) {
            let sdk = Path::new("sdk/vigie-plugin");
            files.push((sdk.join("Cargo.toml"), SDK_MANIFEST.replace("VERSION", env!("CARGO_PKG_VERSION"))));
            files.push((sdk.join("include/vigie_plugin.h"), HEADER.to_owned()));
            files.extend(SDK.iter().map(|(name, text)| (sdk.join(name), (*text).to_owned())));
        }
    } else {
        files.push(("vigie_plugin.h".into(), HEADER.to_owned()));
    }
    for (name, text) in &files {
        let path = folder.join(name);
        let failed = |source| ScaffoldError::Io { path: path.clone(), source };
        std::fs::create_dir_all(path.parent().unwrap_or(folder)).map_err(failed)?;
        std::fs::write(&path, text).map_err(failed)?;
    }
    Ok(files.into_iter().map(|(name, _)| name).collect())
}

fn renamed(text: &str, id: &str) -> String {
    let title: String = id.split('_').map(capitalised).collect();
    text.replace(
        "name = { en = \"Guestbook\", fr = \"Livre d'or\" }",
        &format!("name = {{ en = \"{title}\", fr = \"{title}\" }}"),
    )
    .replace("# Livre d'or", &format!("# {title}"))
    .replace("Guestbook", &title)
    .replace(EXAMPLE, id)
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Where a Rust plugin finds the SDK.
enum Home {
    /// Somewhere on its own: a copy of the SDK goes with it.
    Elsewhere,
    /// In a clone of vigie: the SDK stands there. A folder of `plugins/` is a member of its workspace.
    Clone { sdk: PathBuf, member: bool },
}

impl Home {
    fn of(folder: &Path) -> Self {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        for (steps, root) in folder.ancestors().enumerate().skip(1) {
            if root.join("crates/vigie-plugin/src/abi.rs").is_file() {
                let sdk = std::iter::repeat_n("..", steps).collect::<PathBuf>().join("crates/vigie-plugin");
                return Self::Clone { sdk, member: folder.parent() == Some(&root.join("plugins")) };
            }
        }
        Self::Elsewhere
    }

    fn manifest(&self, text: &str) -> String {
        let (sdk, member) = match self {
            Self::Elsewhere => (PathBuf::from("sdk/vigie-plugin"), false),
            Self::Clone { sdk, member } => (sdk.clone(), *member),
        };
        let text = text.replace("../../../crates/vigie-plugin", &sdk.to_string_lossy());
        if !member {
            return text;
        }
        // A workspace has one root and one set of profiles.
        let text = text.replace("# A workspace of its own: it builds wherever the folder is put.\n[workspace]\n\n", "");
        text.replace("\n[profile.release]\nstrip = true\n", "")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn repository() -> &'static Path {
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
    }

    #[test]
    fn the_whole_sdk_travels() {
        let mut files: Vec<String> = std::fs::read_dir(repository().join("crates/vigie-plugin/src"))
            .unwrap()
            .map(|e| format!("src/{}", e.unwrap().file_name().to_string_lossy()))
            .collect();
        files.sort();
        let embedded: Vec<&str> = SDK.iter().map(|(name, _)| *name).collect();
        assert_eq!(embedded, files);
    }

    #[test]
    fn papers_and_recordings_are_the_same_in_every_language() {
        for (_, language) in Language::ALL {
            let folder = match language {
                Language::Rust => "rust",
                Language::C => "c",
                Language::Cpp => "cpp",
                Language::Zig => "zig",
            };
            for (name, text) in SHARED {
                let found = std::fs::read_to_string(repository().join("examples/plugins").join(folder).join(name));
                assert_eq!(found.unwrap(), *text, "{folder}/{name}");
            }
        }
    }

    #[test]
    fn nothing_of_the_example_but_its_book_is_left() {
        for (_, language) in Language::ALL {
            let temp = tempfile::tempdir().unwrap();
            let folder = temp.path().join("visitors_log");
            let files = write(&folder, "visitors_log", language).unwrap();
            for file in &files {
                let text = std::fs::read_to_string(folder.join(file)).unwrap();
                assert!(!text.contains(EXAMPLE) && !text.contains("Guestbook"), "{}", file.display());
                assert!(!file.to_string_lossy().contains(EXAMPLE), "{}", file.display());
            }
            assert!(matches!(write(&folder, "visitors_log", language), Err(ScaffoldError::NotEmpty(_))));
            assert!(matches!(write(&temp.path().join("b"), "Visitors", language), Err(ScaffoldError::Id(_))));
        }
    }

    #[test]
    fn in_a_clone_the_sdk_is_the_clone_s() {
        let temp = tempfile::tempdir().unwrap();
        let sdk = temp.path().join("crates/vigie-plugin/src");
        std::fs::create_dir_all(&sdk).unwrap();
        std::fs::write(sdk.join("abi.rs"), "").unwrap();
        let manifest = |place: &str| {
            let folder = temp.path().join(place);
            let files = write(&folder, "visitors", Language::Rust).unwrap();
            assert!(files.iter().all(|f| !f.starts_with("sdk")));
            std::fs::read_to_string(folder.join("Cargo.toml")).unwrap()
        };
        let member = manifest("plugins/visitors");
        assert!(member.contains("path = \"../../crates/vigie-plugin\"") && !member.contains("[workspace]"), "{member}");
        let other = manifest("examples/mine/visitors");
        assert!(other.contains("path = \"../../../crates/vigie-plugin\"") && other.contains("[workspace]"), "{other}");
    }
}
