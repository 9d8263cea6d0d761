//! Gives sources the network: their secrets from the environment, what they may reach, one hub for all.

use std::num::NonZeroU64;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use vigie_broker::{Hub, Secrets, Session, Settings, state_folder};
use vigie_collect::Source;
use vigie_config::process_environment;
use vigie_config::settings::{Project, SourceSettings};
use vigie_model::diagnostic::{Bilingual, Diagnostic};
use vigie_plugin_host::{Limits, Manifest, Plugin, Reach};

/// A source whose options are right, with its secrets.
pub(crate) struct Ready {
    pub(crate) source: Source,
    pub(crate) secrets: Arc<Secrets>,
}

fn state() -> Option<PathBuf> {
    state_folder(&process_environment)
}

/// The secrets of a source, or what is wrong: values that are missing, values that stand in `vigie.toml`, hosts of
/// the options that are none.
pub(crate) fn secrets(plugin: &Plugin, settings: &SourceSettings, options: &Value) -> Result<Secrets, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    if let Err(wrong) = Reach::of(&plugin.manifest.network, options) {
        problems.extend(
            wrong
                .into_iter()
                .map(|(pointer, what)| Diagnostic::error("P212", what).at(settings.option_location(&pointer))),
        );
    }
    match Secrets::of(&plugin.manifest, &process_environment, state().as_deref()) {
        Ok(secrets) => {
            problems.extend(told(&secrets, settings, options));
            if problems.is_empty() {
                return Ok(secrets);
            }
        }
        Err(missing) => problems.extend(missing.into_iter().map(|problem| problem.at(settings.location.clone()))),
    }
    Err(problems)
}

/// Options that tell a secret.
fn told(secrets: &Secrets, settings: &SourceSettings, options: &Value) -> Vec<Diagnostic> {
    let problem = |(pointer, secret): (String, &vigie_plugin_host::manifest::Secret)| {
        let (name, env) = (&secret.name, &secret.env);
        Diagnostic::error(
            "P215",
            Bilingual::new(
                format!("this option holds secret `{name}`; secrets do not belong into vigie.toml"),
                format!("cette option contient le secret `{name}` ; les secrets n'ont pas leur place dans vigie.toml"),
            ),
        )
        .at(settings.option_location(&pointer))
        .hint(Bilingual::new(
            format!("remove it here and set {env}; the plugin finds it there"),
            format!("retirez-le d'ici et définissez {env} ; le greffon l'y trouvera"),
        ))
    };
    secrets.in_options(options).into_iter().map(problem).collect()
}

/// Gives every source its way to the network. Sources that cannot have one come back with the reason.
pub(crate) fn open(project: &Project, ready: Vec<Ready>) -> Vec<Result<Source, (String, Diagnostic)>> {
    let wants =
        |r: &Ready| !r.source.plugin.manifest.network.hosts.is_empty() || !r.source.plugin.manifest.secrets.is_empty();
    // Sources that read files wait for no certificates.
    let hub = ready
        .iter()
        .any(wants)
        .then(|| Hub::live(&Settings { contact: project.contact.clone(), state: state(), ..Settings::default() }));
    let with_broker = |ready: Ready| {
        let Some(hub) = hub.as_ref().filter(|_| wants(&ready)) else { return Ok(ready.source) };
        let Ready { mut source, secrets } = ready;
        let failed = |source: &Source, words: Bilingual| (source.id.clone(), Diagnostic::error("P216", words));
        let hub = hub.as_ref().map_err(|error| {
            let words = Bilingual::new(format!("no network: {error}"), format!("pas de réseau : {error}"));
            failed(&source, words)
        })?;
        let manifest = &source.plugin.manifest;
        let limits = limits(project, &source.id, manifest);
        let session = Session::new(Arc::clone(hub), manifest, &source.options, secrets, &limits)
            .map_err(|mut wrong| failed(&source, wrong.remove(0).1))?;
        source.requests = Some(limits.http_requests);
        source.broker = Some(Arc::new(session));
        Ok(source)
    };
    ready.into_iter().map(with_broker).collect()
}

/// What the plugin may take, and the budget of requests that the source has, or else the project.
fn limits(project: &Project, source: &str, manifest: &Manifest) -> Limits {
    let limits = Limits::of(manifest);
    let own = project.source(source).and_then(|s| s.max_requests);
    let budget = own.or(project.collect.max_requests).map_or(limits.http_requests, NonZeroU64::get);
    Limits { http_requests: budget, ..limits }
}
