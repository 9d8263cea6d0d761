//! Collecting: sources to archive.

use jiff::Timestamp;
use vigie_collect::{AuthorKey, Collection, Event, Job};
use vigie_config::settings::Project;
use vigie_model::diagnostic::Bilingual;
use vigie_model::entity::Entity;
use vigie_plugin_host::{LockFile, Plugin, Request, Retries, TrustStore};
use vigie_store::{Archive, Lock, Place};

use crate::sources::{prepare, refused, unpinned};
use crate::{Error, network};

/// What of a project is collected, and on which terms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Sources to read; none means all that are enabled.
    pub only: Vec<String>,
    /// Plugins without a pin in `vigie.lock` are refused instead of pinned.
    pub locked: bool,
}

/// Reads the enabled sources of `project` into its archive. `now` is the moment of the run,
/// `author_key` the client's key when it comes from the environment.
///
/// # Errors
/// When the archive cannot be used, or a plugin is not the code that `vigie.lock` names; nothing was read then. A
/// source that fails is in the collection's ledger instead.
pub fn collect(
    project: &Project,
    terms: &Terms,
    now: Timestamp,
    author_key: Option<&str>,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Collection, Error> {
    let trust = TrustStore::standard();
    let (mut ready, mut unusable) = (Vec::new(), Vec::new());
    let wanted = |id: &String| terms.only.is_empty() || terms.only.contains(id);
    for settings in project.sources.iter().filter(|s| s.enabled && wanted(&s.id)) {
        match prepare(project, settings, &trust) {
            Ok(source) => ready.push(source),
            Err(problems) => unusable.push(refused(settings, &problems)),
        }
    }
    let pins = LockFile::load(&project.dir).map_err(|unusable| Error::Pins(vec![unusable]))?;
    let new = unpinned(&pins, &ready, terms.locked).map_err(Error::Pins)?;
    let place = place(project)?;
    let _lock = Lock::take(place.local())?;
    pin(pins, &new, tell);
    let key = AuthorKey::load(&project.dir, &place, author_key)?;
    let mut archive = Archive::open(place)?;
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
        at_once: project.plugins.at_once,
        retries: Retries { waits: project.plugins.retry_waits.clone() },
    };
    Ok(vigie_collect::collect(&mut archive, &job, tell)?)
}

/// Pins plugins that have no pin yet. A folder that cannot be written to is told, and no reason to collect nothing.
fn pin(mut lock: LockFile, new: &[&Plugin], tell: &mut dyn FnMut(Event<'_>)) {
    if new.is_empty() {
        return;
    }
    let labels = new.iter().map(|p| p.label()).collect::<Vec<_>>().join(", ");
    let words = match new.iter().try_for_each(|plugin| lock.pin(plugin)).and_then(|()| lock.save()) {
        Ok(()) => Bilingual::new(
            format!("vigie.lock now names {labels}; keep it with the project"),
            format!("vigie.lock nomme désormais {labels} ; gardez-le avec le projet"),
        ),
        Err(problem) => problem.message,
    };
    tell(Event::Noted { words: &words });
}

/// Where a project's archive lies: in its folder, or in the bucket that its settings name.
pub(crate) fn place(project: &Project) -> Result<Place, Error> {
    let folder = project.dir.join("archive");
    Ok(match &project.archive_url {
        Some(url) => Place::bucket(&folder, url)?,
        None => Place::folder(&folder)?,
    })
}
