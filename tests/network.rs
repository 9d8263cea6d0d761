//! The real program, a plugin in C, a server on this machine: secrets, quotas and the network from `vigie.toml` to the
//! archive.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

#[path = "../crates/vigie-broker/tests/service/server.rs"]
#[allow(dead_code, reason = "other tests use the rest of it")]
mod server;
#[path = "bad_input/workshop.rs"]
#[allow(dead_code, reason = "other tests use the rest of it")]
mod workshop;

use server::{Server, reply};
use workshop::{Project, Said};

const SECRET: &str = "canary-52bd0e117f";

/// A project with a good source and source `pages`, which asks `url`; `options` are further lines.
fn project(url: &str, pages: u32, options: &str) -> Project {
    let rate = "[[rate]]\nbucket = \"default\"\nper = \"1d\"\nrequests = 3\nshared_by = \"secret:key\"\n";
    let source = format!(
        "\n[[source]]\nid = \"pages\"\nplugin = \"pages\"\n[source.options]\nurl = \"{url}\"\npages = {pages}\n{options}"
    );
    // A source that fails is not tried again in these tests.
    with_plugin(&format!("\n[plugins]\nretry_minutes = []\n{source}"), rate)
}

/// A project with a good source and the tables `rest`; the plugin `pages` has the rates `rate`.
fn with_plugin(rest: &str, rate: &str) -> Project {
    let project = Project::with_good_source(rest);
    let platforms = ["linux_amd64", "linux_arm64", "macos_amd64", "macos_arm64"];
    let libraries = platforms.map(|platform| format!("{platform} = \"plugin.so\"")).join("\n");
    let manifest = format!(
        "manifest = 1\nid = \"pages\"\nversion = \"1.0.0\"\nkinds = [\"source\"]\nabi = {{ major = 0, minor = 0 }}\n\
         name = {{ en = \"Pages\", fr = \"Pages\" }}\ndescription = {{ en = \"test\", fr = \"essai\" }}\nlicense = \"MIT\"\n\
         [library]\n{libraries}\n[network]\nhosts = [\"config:/url\"]\n\
         [[secret]]\nname = \"key\"\nrequired = true\nenv = \"VIGIE_PAGES_KEY\"\n\
         help = {{ en = \"ask the service for a key\", fr = \"demandez une clé au service\" }}\n\
         {rate}[data]\ntables = [\"mentions/1\"]\nresume = \"exact\"\n"
    );
    project.write("plugins/pages/plugin.toml", manifest);
    let spec = r#"{"spec":1,"id":"pages","version":"1.0.0","tables":["mentions/1"],"config_schema":{"type":"object",
        "properties":{"url":{"type":"string"},"pages":{"type":"integer"},"note":{"type":"string"},"resume":{"type":"boolean"}}}}"#;
    project.write("plugins/pages/spec.json", spec);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("cc")
        .args(["-std=gnu99", "-O1", "-shared", "-fPIC", "-o"])
        .arg(project.dir().join("plugins/pages/plugin.so"))
        .arg("-I")
        .arg(root.join("crates/vigie-plugin/include"))
        .arg(root.join("tests/plugins/good/pages.c"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for (file, mode) in [("", 0o755), ("plugin.toml", 0o644), ("spec.json", 0o644), ("plugin.so", 0o755)] {
        let path = project.dir().join("plugins/pages").join(file);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    vigie(&project, None, &["plugin", "trust", "plugins/pages", "--yes"]).expect(0);
    project
}

fn service() -> Server {
    Server::start(|seen, before| {
        if seen.headers.get("authorization").is_none_or(|v| v != &format!("Bearer {SECRET}")) {
            return reply(401, "");
        }
        let row = format!(
            "{{\"native_id\":\"{before}\",\"platform\":\"forum\",\"kind\":\"post\",\
             \"published_at\":\"2026-03-05T10:00:00Z\",\"text\":\"alto numéro {before}\"}}"
        );
        reply(200, format!("[{row}]"))
    })
}

fn vigie(project: &Project, secret: Option<&str>, arguments: &[&str]) -> Said {
    let mut command = project.command(arguments);
    command.env_remove("VIGIE_PAGES_KEY").env_remove("XDG_STATE_HOME").env_remove("XDG_CONFIG_HOME");
    if let Some(secret) = secret {
        command.env("VIGIE_PAGES_KEY", secret);
    }
    Said::from(command.output().unwrap())
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn pages_reach_the_archive_and_the_secret_does_not() {
    let server = service();
    let project = project(&server.url("/pages"), 2, "");
    vigie(&project, Some(SECRET), &["check"]).expect(0);
    assert!(server.seen().is_empty(), "a check asked the network");
    let said = vigie(&project, Some(SECRET), &["run"]);
    said.expect(0);
    assert_eq!(project.ledger("pages")["rows"]["read"], 2, "{}", said.whole());
    assert_eq!(server.seen().len(), 2);
    let agent = format!("vigie/{}", env!("CARGO_PKG_VERSION"));
    assert!(server.seen().iter().all(|seen| seen.headers["user-agent"].starts_with(&agent)));
    for file in files(&project.dir()) {
        let bytes = std::fs::read(&file).unwrap();
        let holds = bytes.windows(SECRET.len()).any(|w| w == SECRET.as_bytes());
        assert!(!holds, "{} holds the secret", file.display());
    }
    assert!(!said.whole().contains(SECRET));
}

#[test]
fn a_missing_secret_costs_its_source_and_names_its_variable() {
    let server = service();
    let project = project(&server.url("/pages"), 1, "");
    vigie(&project, None, &["check"]).expect(2).says(&[
        "P213",
        "plugin `pages` needs secret `key`, and VIGIE_PAGES_KEY is not set",
        "vigie.toml",
        "VIGIE_PAGES_KEY_FILE",
        "ask the service for a key",
    ]);
    vigie(&project, None, &["check", "--language", "fr"])
        .expect(2)
        .says(&["a besoin du secret `key`, et VIGIE_PAGES_KEY n'est pas définie", "demandez une clé au service"]);
    vigie(&project, None, &["run"]).expect(3);
    assert!(server.seen().is_empty());
    assert_eq!(project.ledger("good")["outcome"]["status"], "complete");
    let reason = project.ledger("pages").to_string();
    assert!(reason.contains("VIGIE_PAGES_KEY"), "{reason}");
}

#[test]
fn a_secret_in_the_options_is_an_error_at_its_line() {
    let project = project("http://127.0.0.1:9/", 1, &format!("note = \"the key is {SECRET}\"\n"));
    let said = vigie(&project, Some(SECRET), &["check"]);
    said.expect(2).says(&["P215", "this option holds secret `key`", "set VIGIE_PAGES_KEY"]);
    let line = std::fs::read_to_string(project.dir().join("vigie.toml")).unwrap();
    let number = line.lines().position(|l| l.starts_with("note")).unwrap() + 1;
    assert!(said.err.contains(&format!("vigie.toml:{number}:")), "{}", said.whole());
}

#[test]
fn a_quota_of_the_day_is_kept_across_runs() {
    let server = service();
    let project = project(&server.url("/pages"), 2, "");
    vigie(&project, Some(SECRET), &["collect"]).expect(0);
    // One of three is left; the first page of the second run arrives and is kept.
    let said = vigie(&project, Some(SECRET), &["collect"]);
    said.expect(3).says(&["P313", "3 of 3 units of `default` are used"]);
    assert_eq!(server.seen().len(), 3);
    vigie(&project, Some(SECRET), &["collect", "--language", "fr"])
        .expect(3)
        .says(&["3 unités sur 3 de `default` sont prises"]);
    assert_eq!(server.seen().len(), 3);
}

#[test]
fn a_refused_key_is_told_with_the_variable() {
    let server = service();
    let project = project(&server.url("/pages"), 1, "");
    vigie(&project, Some("wrong-key-0000"), &["collect"]).expect(3).says(&["P302", "the service answered 401"]);
}

#[test]
fn an_option_that_names_no_host_is_told_at_its_line() {
    let project = project("ftp://example.org/", 1, "");
    vigie(&project, Some(SECRET), &["check"]).expect(2).says(&[
        "P212",
        "`ftp` is neither http nor https",
        "vigie.toml",
    ]);
}

/// A project whose source `pages` has five pages to read; `collect` and `own` are lines of `[collect]` and the source.
fn budgeted(url: &str, collect: &str, own: &str) -> Project {
    with_plugin(
        &format!(
            "\n[collect]\n{collect}\n[[source]]\nid = \"pages\"\nplugin = \"pages\"\n{own}\n[source.options]\n\
             url = \"{url}\"\npages = 5\nresume = true\n"
        ),
        "",
    )
}

#[test]
fn a_budget_that_is_spent_is_told_kept_and_gone_on_from() {
    let server = service();
    let project = budgeted(&server.url("/pages"), "max_requests = 1", "max_requests = 2");
    let said = vigie(&project, Some(SECRET), &["run", "--language", "en"]);
    said.expect(3).says(&[
        "pages: 2 read, 2 kept",
        "source `pages` incomplete: [P316] the budget of requests is spent (2 in one run)",
        "the next run goes on from there",
        "`max_requests`",
    ]);
    assert!(!said.err.contains("read on from"), "it was tried again: {}", said.whole());
    let ledger = project.ledger("pages");
    assert_eq!(ledger["outcome"]["status"], "partial", "{ledger}");
    assert_eq!(project.ledger("good")["outcome"]["status"], "complete");
    assert_eq!(server.seen().len(), 2);
    let heard = |project: &Project| -> Vec<serde_json::Value> {
        vigie(project, None, &["archive", "export", ".", "--to", "out", "--table", "coverage", "--format", "ndjson"])
            .expect(0);
        let text = std::fs::read_to_string(project.dir().join("out/coverage.ndjson")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let first = heard(&project);
    assert_eq!(first.len(), 1);
    assert_eq!((&first[0]["source"], &first[0]["reason"]), (&"pages".into(), &"budget".into()));
    assert_eq!(
        (&first[0]["requests"], &first[0]["items"], &first[0]["truncated"]),
        (&2.into(), &2.into(), &true.into())
    );
    assert_eq!(first[0]["window_start"], "1970-01-01T00:00:00Z", "it was never read before");

    vigie(&project, Some(SECRET), &["collect", "--language", "fr"]).expect(3).says(&[
        "pages : 2 lues, 2 retenues",
        "source `pages` incomplète : [P316] le budget de requêtes est épuisé (2 en une exécution)",
        "la prochaine exécution reprend de là",
    ]);
    let second = heard(&project);
    assert_eq!(second.len(), 2);
    assert_eq!(second[1]["window_start"], second[0]["window_end"], "from where the last run ended");
    // The fifth page is the last: all is read, and nothing twice.
    vigie(&project, Some(SECRET), &["collect", "--language", "en"]).expect(0).says(&["pages: 1 read, 1 kept"]);
    assert_eq!(server.seen().len(), 5);
    assert_eq!(heard(&project).len(), 2);
}

#[test]
fn a_project_has_a_budget_for_sources_that_have_none() {
    let server = service();
    let project = budgeted(&server.url("/pages"), "max_requests = 4", "");
    vigie(&project, Some(SECRET), &["collect", "--language", "en"]).expect(3).says(&["(4 in one run)"]);
    assert_eq!(server.seen().len(), 4);
    for (wrong, language, piece) in [
        ("max_requests = 0", "en", "is not a whole number from 1 to 10 000 000"),
        ("max_requests = 2.5", "fr", "n'est pas un entier de 1 à 10 000 000"),
        ("max_request = 2", "en", "did you mean `max_requests`"),
        ("max_requests = \"two\"", "fr", "un nombre"),
    ] {
        for (collect, own) in [(wrong, ""), ("", wrong)] {
            let project = budgeted(&server.url("/pages"), collect, own);
            vigie(&project, Some(SECRET), &["check", "--language", language]).expect(2).says(&[piece, "vigie.toml:"]);
        }
    }
}
