//! Collecting: sources to archive.

use jiff::Timestamp;
use vigie_collect::{AuthorKey, Collection, Event, Job};
use vigie_config::settings::Project;
use vigie_model::entity::Entity;
use vigie_plugin_host::Request;
use vigie_store::{Archive, Lock};

use crate::sources::{prepare, refused};
use crate::{Error, network};

/// Reads every enabled source of `project` into its archive. `now` is the moment of the run,
/// `author_key` the client's key when it comes from the environment.
///
/// # Errors
/// When the archive cannot be used. A source that fails is in the collection's ledger instead.
pub fn collect(
    project: &Project,
    now: Timestamp,
    author_key: Option<&str>,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Collection, Error> {
    let folder = archive_folder(project);
    let _lock = Lock::take(&folder)?;
    let mut archive = Archive::open(&folder)?;
    let key = AuthorKey::load(&project.dir, &folder, author_key)?;
    let (mut ready, mut unusable) = (Vec::new(), Vec::new());
    for settings in project.sources.iter().filter(|s| s.enabled) {
        match prepare(project, settings) {
            Ok(source) => ready.push(source),
            Err(problems) => unusable.push(refused(settings, &problems)),
        }
    }
    let mut sources = Vec::new();
    for opened in network::open(project, ready) {
        match opened {
            Ok(source) => sources.push(source),
            Err((id, problem)) => unusable.extend(project.source(&id).map(|s| refused(s, &[problem]))),
        }
    }
    let entities: Vec<Entity> = project.entities.iter().map(|t| t.entity.clone()).collect();
    let job = Job {
        sources,
        refused: unusable,
        entities: &entities,
        key,
        batch: now.strftime("%Y%m%dT%H%M%S%.6fZ").to_string(),
        now: now.as_microsecond(),
        request: Request::incremental(now.to_string(), None),
    };
    Ok(vigie_collect::collect(&mut archive, &job, tell)?)
}

/// Where a project's archive lies.
pub(crate) fn archive_folder(project: &Project) -> std::path::PathBuf {
    project.dir.join("archive")
}
