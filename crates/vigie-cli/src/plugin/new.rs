//! `vigie plugin new`.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde_json::json;
use vigie_model::diagnostic::Bilingual;
use vigie_plugin_kit::scaffold::{self, Language};

use crate::exit;
use crate::print::Printer;

/// Language of a new plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    Rust,
    C,
    Cpp,
    Zig,
}

impl Lang {
    fn language(self) -> Language {
        match self {
            Self::Rust => Language::Rust,
            Self::C => Language::C,
            Self::Cpp => Language::Cpp,
            Self::Zig => Language::Zig,
        }
    }
}

pub(super) fn run(name: &str, lang: Lang, dir: Option<&Path>, printer: &Printer) -> u8 {
    // In a project, the place where its plugins are looked for.
    let in_project = Path::new("vigie.toml").is_file();
    let folder = match dir {
        Some(dir) => dir.to_owned(),
        None if in_project => Path::new("plugins").join(name),
        None => PathBuf::from(name),
    };
    match scaffold::write(&folder, name, lang.language()) {
        Err(error) => {
            printer.error("P150", &error.words());
            exit::USAGE
        }
        Ok(files) => {
            for file in &files {
                printer.path(&folder.join(file));
            }
            let place = folder.display();
            let words = Bilingual::new(
                format!("plugin `{name}` is in {place}; next: `sh {place}/build.sh`, then `vigie plugin test {place}`"),
                format!(
                    "le greffon `{name}` est dans {place} ; ensuite : `sh {place}/build.sh`, puis `vigie plugin test {place}`"
                ),
            );
            printer.say("plugin_written", &words, json!({ "folder": folder, "files": files.len() }));
            exit::COMPLETE
        }
    }
}
