//! The network of a case: what was recorded, or nobody at all. The real one is never used.

use std::collections::BTreeMap;
use std::sync::Arc;

use vigie_broker::{Fault, Hub, Outgoing, Replay, Secrets, Session, Settings, Transport, TransportError, VirtualClock};
use vigie_model::diagnostic::Bilingual;
use vigie_plugin_host::{Errand, HttpResponse, Limits, Plugin, Runner};

use super::case::Case;

/// A network where nobody answers.
struct Nobody;

impl Transport for Nobody {
    fn perform(&self, _request: &Outgoing, _errand: Errand<'_>) -> Result<HttpResponse, TransportError> {
        Err(TransportError::new(Fault::Refused, "the suite lets nobody answer"))
    }
}

/// The value given for a secret: nothing else contains it by chance.
pub(crate) fn value_of(secret: &str) -> String {
    format!("vigie-suite-secret-{secret}-7f3a91")
}

/// A runner whose children reach what `case` recorded; `None` lets nobody answer.
///
/// # Errors
/// A recording that cannot be used, or options that name no host where the manifest says they do.
pub(crate) fn runner(
    runner: &Runner,
    plugin: &Plugin,
    case: &Case,
    limits: &Limits,
    recorded: bool,
) -> Result<Runner, Bilingual> {
    let manifest = &plugin.manifest;
    let recording = case.folder.join("http.toml");
    let transport: Arc<dyn Transport> = if recorded && recording.is_file() {
        Arc::new(Replay::open(&recording).map_err(|error| error.message())?)
    } else {
        Arc::new(Nobody)
    };
    let clock = Arc::new(VirtualClock::at(case.now.parse().unwrap_or_default()));
    let hub = Hub::with(transport, clock, &Settings::default());
    let values: BTreeMap<String, String> =
        manifest.secrets.iter().map(|s| (s.name.clone(), value_of(&s.name))).collect();
    let secrets = Arc::new(Secrets::given(manifest, values));
    let session = Session::new(hub, manifest, &case.options, secrets, limits).map_err(|problems| {
        let nothing = || Bilingual::new("the case's options name no host", "les options du cas ne nomment aucun hôte");
        problems.into_iter().next().map_or_else(nothing, |(_, words)| words)
    })?;
    Ok(runner.clone().served_by(Arc::new(session)))
}
