//! The cases of a plugin: `tests/recordings/NAME/case.toml`, with whatever files its options name beside it.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};
use vigie_model::diagnostic::Bilingual;
use vigie_plugin_host::{Plugin, Request};

/// What a case shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseKind {
    /// A service that answers as it should: `rows` rows.
    Full,
    /// A service that has nothing.
    Empty,
    /// A service that answers rubbish: an error, or rejects, or a warning that something is missing; never silence.
    Broken,
    /// The service of the case `after`, later: `rows` rows that the first reading could not give.
    News,
    /// A service that stops at its cap: a row of `coverage/1` says that the listing is `truncated`.
    Capped,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    shows: CaseKind,
    #[serde(default)]
    rows: u64,
    rejects: Option<usize>,
    after: Option<String>,
    #[serde(default = "default_now")]
    now: String,
    #[serde(default)]
    options: toml::Table,
}

fn default_now() -> String {
    "2026-11-22T05:00:00Z".to_owned()
}

/// One case, its options complete and valid.
#[derive(Clone, Debug)]
pub struct Case {
    /// Name of its folder.
    pub name: String,
    /// Its folder; `http.toml` in it is what the services answered.
    pub folder: PathBuf,
    /// What it shows.
    pub kind: CaseKind,
    /// Rows of a full reading, or of the news.
    pub rows: u64,
    /// Items of a full reading that are rejected, where the case says it.
    pub rejects: Option<usize>,
    /// The case that was read before, for news.
    pub after: Option<String>,
    /// The only clock, RFC 3339.
    pub now: String,
    /// Options, defaults applied, paths absolute.
    pub options: Value,
}

impl Case {
    /// Reads every case of the plugin in `folder`, in the order of their names.
    ///
    /// # Errors
    /// What is wrong with the first case that cannot be used.
    pub fn read_all(folder: &Path, plugin: &Plugin) -> Result<Vec<Self>, Bilingual> {
        let recordings = folder.join("tests/recordings");
        let entries = std::fs::read_dir(&recordings).map(|e| e.filter_map(Result::ok)).into_iter().flatten();
        let mut folders: Vec<PathBuf> = entries.map(|e| e.path()).filter(|p| p.join("case.toml").is_file()).collect();
        folders.sort();
        folders.iter().map(|f| Self::read(f, plugin)).collect()
    }

    fn read(folder: &Path, plugin: &Plugin) -> Result<Self, Bilingual> {
        let file = folder.join("case.toml");
        let wrong = |en: String, fr: String| {
            Bilingual::new(format!("{}: {en}", file.display()), format!("{} : {fr}", file.display()))
        };
        let text = std::fs::read_to_string(&file).map_err(|e| wrong(e.to_string(), e.to_string()))?;
        let raw: Raw = toml::from_str(&text).map_err(|e| wrong(e.to_string(), e.to_string()))?;
        if (raw.shows == CaseKind::News) != raw.after.is_some() {
            return Err(wrong(
                "`after` and `shows = \"news\"` belong together".to_owned(),
                "`after` et `shows = \"news\"` vont ensemble".to_owned(),
            ));
        }
        if raw.now.parse::<jiff::Timestamp>().is_err() {
            return Err(wrong(
                format!("`now` is `{}`, which is no RFC 3339 time", raw.now),
                format!("`now` vaut `{}`, qui n'est pas un instant RFC 3339", raw.now),
            ));
        }
        let options = serde_json::to_value(&raw.options).unwrap_or_else(|_| Value::Object(Map::new()));
        if let Some(problem) = plugin.validate(&options).into_iter().next() {
            return Err(wrong(
                format!("its options are not valid: {}", problem.message.en),
                format!("ses options ne sont pas valides : {}", problem.message.fr),
            ));
        }
        let mut options = plugin.spec.with_defaults(&options);
        let base = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        plugin.spec.resolve_paths(&mut options, &base);
        let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let Raw { shows: kind, rows, rejects, after, now, .. } = raw;
        Ok(Self { name, folder: base, kind, rows, rejects, after, now, options })
    }

    /// The same case with the files that lie in `folder`.
    pub(crate) fn moved(&self, folder: &Path) -> Self {
        let (old, new) = (self.folder.to_string_lossy(), folder.to_string_lossy());
        let mut options = self.options.clone();
        moved(&mut options, &old, &new);
        Self { folder: folder.to_owned(), options, ..self.clone() }
    }

    /// A reading of everything since `state`.
    pub fn request(&self, plugin: &Plugin, state: Option<Value>) -> Request<Value> {
        let table = plugin.main_table().to_owned();
        let state_version = plugin.spec.state_version;
        Request { table, state_version, ..Request::incremental(self.now.clone(), state) }
    }
}

fn moved(value: &mut Value, old: &str, new: &str) {
    match value {
        Value::String(text) => {
            if let Some(rest) = text.strip_prefix(old).filter(|rest| rest.starts_with(['/', '\\'])) {
                *text = format!("{new}{rest}");
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| moved(item, old, new)),
        Value::Object(object) => object.values_mut().for_each(|item| moved(item, old, new)),
        _ => {}
    }
}
