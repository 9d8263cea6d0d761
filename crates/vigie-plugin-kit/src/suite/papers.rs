//! M1, M2, M4, L1: manifest, spec, permissions, pages for the user.

use serde_json::Value;
use vigie_plugin::abi::BUCKET_HEADER;
use vigie_plugin_host::Reach;
use vigie_plugin_host::manifest::{Manifest, Network, Resume, Words};
use vigie_plugin_host::rate::DEFAULT_BUCKET;

use super::case::CaseKind;
use super::stand::Stand;
use super::verdict::Verdict;

/// M1: what only a person can write is there, in both languages.
pub(crate) fn manifest(stand: &Stand) -> Verdict {
    let manifest = &stand.plugin.manifest;
    let mut missing = Vec::new();
    let words = |name: &str, words: &Words, missing: &mut Vec<String>| {
        for (language, text) in [("en", &words.en), ("fr", &words.fr)] {
            if text.trim().is_empty() {
                missing.push(format!("{name}.{language}"));
            }
        }
    };
    words("name", &manifest.name, &mut missing);
    words("description", &manifest.description, &mut missing);
    for secret in &manifest.secrets {
        match &secret.help {
            Some(help) => words(&format!("secret.{}.help", secret.name), help, &mut missing),
            None => missing.push(format!("secret.{}.help", secret.name)),
        }
    }
    if manifest.license.trim().is_empty() {
        missing.push("license".into());
    }
    // Terms are those of a service; a plugin that asks none has none.
    let asks_a_service = !manifest.network.hosts.is_empty() || manifest.network.raw;
    if asks_a_service && manifest.data.terms.as_deref().is_none_or(|t| t.trim().is_empty()) {
        missing.push("data.terms".into());
    }
    if manifest.description.en == manifest.description.fr {
        missing.push("description.fr".into());
    }
    if missing.is_empty() {
        return Verdict::Passed;
    }
    let list = missing.join(", ");
    Verdict::failed(
        (format!("plugin.toml does not give {list}"), format!("plugin.toml ne donne pas {list}")),
        (
            "users read these texts before they trust the plugin; write them in English and in French",
            "les utilisateurs lisent ces textes avant de faire confiance au greffon ; écrivez-les en français et en anglais",
        ),
    )
}

/// M2: the stored spec is the live one, and the papers agree.
pub(crate) fn spec(stand: &Stand) -> Verdict {
    let plugin = &stand.plugin;
    let live = match stand.runner.spec(plugin, &stand.limits) {
        Ok(live) => live,
        Err(failure) => {
            return Verdict::failed(
                (
                    format!("`spec` ended with [{}] {}", failure.code, failure.message.en),
                    format!("`spec` s'est terminé par [{}] {}", failure.code, failure.message.fr),
                ),
                (
                    "`spec` must reply with the text of spec.json, whatever else is wrong",
                    "`spec` doit répondre le texte de spec.json, quoi qu'il arrive",
                ),
            );
        }
    };
    let stored = std::fs::read_to_string(stand.folder.join("spec.json")).unwrap_or_default();
    let stored: Value = serde_json::from_str(&stored).unwrap_or_default();
    if live != stored {
        let key = different_key(&live, &stored);
        return Verdict::failed(
            (
                format!("spec.json and the answer of `spec` differ at `{key}`"),
                format!("spec.json et la réponse de `spec` diffèrent à `{key}`"),
            ),
            (
                "let the code give the text of spec.json itself, so that they cannot drift apart",
                "que le code rende le texte même de spec.json : ils ne pourront plus diverger",
            ),
        );
    }
    let data = &plugin.manifest.data;
    let resume = match &data.resume {
        Resume::Exact(exact) => Value::from(exact.as_str()),
        Resume::Overlap { overlap } => serde_json::json!({ "overlap": overlap }),
    };
    let agree = [
        ("tables", plugin.spec.tables == data.tables),
        ("incremental", plugin.spec.incremental == data.incremental),
        ("resume", plugin.spec.resume == resume),
    ];
    match agree.into_iter().find(|(_, same)| !same) {
        None => Verdict::Passed,
        Some((key, _)) => Verdict::failed(
            (
                format!("plugin.toml and spec.json do not say the same of `{key}`"),
                format!("plugin.toml et spec.json ne disent pas la même chose de `{key}`"),
            ),
            ("write the same value into both", "écrivez la même valeur dans les deux"),
        ),
    }
}

fn different_key(left: &Value, right: &Value) -> String {
    let keys = |v: &Value| v.as_object().map(|o| o.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    let all = keys(left).into_iter().chain(keys(right));
    all.into_iter().find(|k| left.get(k) != right.get(k)).unwrap_or_else(|| "/".into())
}

/// M4: what is asked for is used by some case.
pub(crate) fn permissions(stand: &Stand) -> Verdict {
    let manifest: &Manifest = &stand.plugin.manifest;
    let used =
        |pointer: &str| stand.cases(CaseKind::Full).any(|c| c.options.pointer(pointer).is_some_and(|v| !v.is_null()));
    let files = manifest.files.read.iter().filter(|right| right.strip_prefix("config:").is_none_or(|p| !used(p)));
    let mut unused: Vec<String> = files.cloned().collect();
    if !manifest.network.hosts.is_empty() || !manifest.secrets.is_empty() || !manifest.rates.is_empty() {
        unused.extend(unasked(stand));
    }
    if !unused.is_empty() {
        let list = unused.join(", ");
        return Verdict::failed(
            (format!("no case uses the right to {list}"), format!("aucun cas n'use du droit à {list}")),
            (
                "take the right out of plugin.toml, or add a case that needs it",
                "retirez ce droit de plugin.toml, ou ajoutez un cas qui en a besoin",
            ),
        );
    }
    if manifest.files.read.is_empty() && manifest.network.hosts.is_empty() && !manifest.network.raw {
        return Verdict::not_applicable("the plugin asks for no right", "le greffon ne demande aucun droit");
    }
    Verdict::Passed
}

/// Hosts, methods, secrets and buckets that no reading asks for.
fn unasked(stand: &Stand) -> Vec<String> {
    let manifest = &stand.plugin.manifest;
    let (mut asked, mut told) = (Vec::new(), Vec::new());
    for case in stand.cases.iter().filter(|c| c.after.is_none()) {
        let (_, reading) = stand.read(case, &case.request(&stand.plugin, None));
        told.extend(reading.told);
        asked.extend(reading.asked.into_iter().map(|request| (request, &case.options)));
    }
    let reaches = |host: &String| {
        let alone = Network { hosts: vec![host.clone()], pages: Vec::new(), ..manifest.network.clone() };
        asked.iter().any(|(request, options)| {
            let bare = request.url.split('?').next().unwrap_or_default();
            let reach = Reach::of(&alone, options);
            reach.is_ok_and(|reach| url::Url::parse(bare).is_ok_and(|url| reach.allow_url(&url)))
        })
    };
    let hosts = manifest.network.hosts.iter().filter(|host| !reaches(host)).cloned();
    let sent = |method: &str| asked.iter().any(|(request, _)| request.method == method);
    let usual = |method: &String| matches!(method.as_str(), "GET" | "HEAD");
    let methods = manifest.network.methods.iter().filter(|method| !usual(method) && !sent(method)).cloned();
    let written = |secret: &str| {
        let marks = [format!("{{{{secret:{secret}}}}}"), format!(":{secret}}}}}"), format!("{{{{basic:{secret}:")];
        asked.iter().any(|(request, _)| {
            let body = String::from_utf8_lossy(&request.body);
            let texts = [request.url.as_str(), &body];
            let mut texts = texts.into_iter().chain(request.headers.values().map(String::as_str));
            texts.any(|text| marks.iter().any(|mark| text.contains(mark.as_str())))
        })
    };
    let secrets = manifest.secrets.iter().map(|s| &s.name).filter(|s| !written(s) && !told.contains(s)).cloned();
    let named = |bucket: &str| {
        asked.iter().any(|(request, _)| match request.headers.get(BUCKET_HEADER) {
            Some(value) => value.split_whitespace().next() == Some(bucket),
            None => bucket == DEFAULT_BUCKET,
        })
    };
    let mut buckets: Vec<String> = manifest.rates.iter().map(|rate| rate.bucket.clone()).collect();
    buckets.dedup();
    let buckets = buckets.into_iter().filter(|bucket| !named(bucket) && !told.contains(bucket));
    hosts.chain(methods).chain(secrets).chain(buckets).collect()
}

/// L1: the user is told what is collected, what is not, and for how long it is kept.
pub(crate) fn pages(stand: &Stand) -> Verdict {
    let page = |name: &str| std::fs::read_to_string(stand.folder.join(name)).unwrap_or_default();
    let (english, french) = (page("README.md"), page("LISEZMOI.md"));
    let headings = |text: &str| text.lines().filter(|l| l.starts_with('#')).count();
    if english.len() < 200 || french.len() < 200 || headings(&english) != headings(&french) {
        return Verdict::failed(
            (
                "README.md and LISEZMOI.md are missing, too short, or not of the same parts",
                "README.md et LISEZMOI.md manquent, sont trop courts, ou n'ont pas les mêmes parties",
            ),
            (
                "say in both what is collected, under which terms, with which quota, for how long, and what is missed",
                "dites dans les deux ce qui est recueilli, à quelles conditions, avec quel quota, pour combien de temps, et ce qui manque",
            ),
        );
    }
    Verdict::Passed
}
