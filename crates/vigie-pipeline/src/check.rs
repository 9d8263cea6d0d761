//! Everything wrong with a project's plugins and options, at once; its own files are checked when it
//! is loaded.

use vigie_config::settings::Project;
use vigie_model::diagnostic::Diagnostic;
use vigie_plugin_host::{LockFile, TrustStore};

use crate::sources::{prepare, unpinned};

/// Problems of the project's sources: plugins that are missing, refused or other than the project was made with,
/// options that do not fit; with `locked`, plugins without a pin too. No code of a plugin runs.
pub fn check(project: &Project, locked: bool) -> Vec<Diagnostic> {
    let trust = TrustStore::standard();
    let (mut sources, mut problems) = (Vec::new(), Vec::new());
    for settings in project.sources.iter().filter(|s| s.enabled) {
        match prepare(project, settings, &trust) {
            Ok(source) => sources.push(source),
            Err(wrong) => problems.extend(wrong),
        }
    }
    let pins = LockFile::load(&project.dir).map_err(|unusable| vec![unusable]);
    problems.extend(pins.and_then(|lock| unpinned(&lock, &sources, locked).map(|_| ())).err().into_iter().flatten());
    problems
}
