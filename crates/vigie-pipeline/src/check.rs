//! Everything wrong with a project's plugins and options, at once; its own files are checked when it
//! is loaded.

use vigie_config::settings::Project;
use vigie_model::diagnostic::Diagnostic;

use crate::sources::prepare;

/// Problems of the project's sources: plugins that are missing or refused, options that do not fit.
/// No code of a plugin runs.
pub fn check(project: &Project) -> Vec<Diagnostic> {
    let enabled = project.sources.iter().filter(|s| s.enabled);
    enabled.filter_map(|settings| prepare(project, settings).err()).flatten().collect()
}
