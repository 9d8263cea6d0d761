//! `spec.json`: the options of a plugin and what it can do, known without running it.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};
use vigie_model::diagnostic::{Bilingual, Diagnostic, Location};

use crate::schema;
pub use crate::schema::Problem;

/// Largest spec, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// A valid `spec.json`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Spec {
    /// Version of the form: 1.
    pub spec: u32,
    /// Plugin id.
    pub id: String,
    /// Plugin version.
    pub version: String,
    /// JSON Schema of the options.
    pub config_schema: Value,
    /// Tables offered.
    pub tables: Vec<String>,
    /// A second reading goes on where the first ended.
    #[serde(default)]
    pub incremental: bool,
    /// `exact` or an overlap.
    #[serde(default)]
    pub resume: Value,
    /// Version of the state it writes.
    #[serde(default)]
    pub state_version: u32,
    /// Versions of the state it reads.
    #[serde(default)]
    pub state_versions_read: Vec<u32>,
    /// `incremental`, `window`, `sample`.
    #[serde(default)]
    pub modes: Vec<String>,
}

impl Spec {
    /// Parses and validates the text of `file`.
    ///
    /// # Errors
    /// P104: not JSON, another version, or a schema outside the allowed subset.
    pub fn parse(file: &Path, text: &str) -> Result<Self, Diagnostic> {
        if text.len() > MAX_BYTES {
            // Its text is too much to be shown.
            return Err(refused(file, "", 0, "it is larger than 1 MiB", "il dépasse 1 Mio"));
        }
        let spec: Self = serde_json::from_str(text).map_err(|e| {
            let offset = text.split_inclusive('\n').take(e.line().saturating_sub(1)).map(str::len).sum();
            refused(file, text, offset, &e.to_string(), &e.to_string())
        })?;
        if spec.spec != 1 {
            return Err(refused(file, text, 0, "its version is not 1", "sa version n'est pas 1"));
        }
        match schema::check_schema(&spec.config_schema, "") {
            Ok(()) => Ok(spec),
            Err(what) => Err(refused(file, text, 0, &what.en, &what.fr)),
        }
    }

    /// Everything wrong with the options `config`, in their order.
    pub fn validate(&self, config: &Value) -> Vec<Problem> {
        let mut problems = Vec::new();
        schema::validate(&self.config_schema, config, "", &mut problems);
        problems
    }

    /// `config` with the schema's defaults where it says nothing.
    #[must_use]
    pub fn with_defaults(&self, config: &Value) -> Value {
        let mut complete = config.clone();
        schema::apply_defaults(&self.config_schema, &mut complete);
        complete
    }

    /// Makes relative paths absolute: options of format `path` are relative to `base`, the project file's folder.
    pub fn resolve_paths(&self, config: &mut Value, base: &Path) {
        schema::map_paths(&self.config_schema, config, &|path| base.join(path).to_string_lossy().into_owned());
    }

    /// The options marked `x-vigie-identity`: another value means another state slot.
    pub fn identity(&self, config: &Value) -> Value {
        let Some(properties) = self.config_schema.get("properties").and_then(Value::as_object) else {
            return Value::Null;
        };
        let marked = properties.iter().filter(|(_, schema)| schema.get("x-vigie-identity") == Some(&Value::Bool(true)));
        let chosen: Map<String, Value> =
            marked.filter_map(|(name, _)| config.get(name).map(|value| (name.clone(), value.clone()))).collect();
        Value::Object(chosen)
    }
}

fn refused(file: &Path, text: &str, at: usize, en: &str, fr: &str) -> Diagnostic {
    Diagnostic::error(
        "P104",
        Bilingual::new(
            format!("the spec cannot be used: {en}"),
            format!("la description des options est inutilisable : {fr}"),
        ),
    )
    .at(Location { file: file.to_owned(), text: text.to_owned(), span: at..at })
}
