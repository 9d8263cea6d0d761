//! Collecting: sources to archive.

use jiff::Timestamp;
use vigie_collect::{AuthorKey, Collection, Event, Job};
use vigie_config::settings::Project;
use vigie_model::entity::Entity;
use vigie_plugin_host::Request;
use vigie_store::{Archive, Lock, Place};

use crate::Error;
use crate::sources::{prepare, refused};

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
    let place = place(project)?;
    let _lock = Lock::take(place.local())?;
    let key = AuthorKey::load(&project.dir, &place, author_key)?;
    let mut archive = Archive::open(place)?;
    let (mut sources, mut unusable) = (Vec::new(), Vec::new());
    for settings in project.sources.iter().filter(|s| s.enabled) {
        match prepare(project, settings) {
            Ok(source) => sources.push(source),
            Err(problems) => unusable.push(refused(settings, &problems)),
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

/// Where a project's archive lies: in its folder, or in the bucket that its settings name.
pub(crate) fn place(project: &Project) -> Result<Place, Error> {
    let folder = project.dir.join("archive");
    Ok(match &project.archive_url {
        Some(url) => Place::bucket(&folder, url)?,
        None => Place::folder(&folder)?,
    })
}
