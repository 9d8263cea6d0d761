//! The real program and sources of a service with bad manners: whatever they do, it is told, costs their own source and
//! leaves nothing behind. What only the conformance suite can see is in `crates/vigie-plugin-kit/tests`.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

#[path = "../crates/vigie-broker/tests/service/server.rs"]
#[allow(dead_code, reason = "other tests use the rest of it")]
mod server;
#[path = "bad_input/workshop.rs"]
#[allow(dead_code, reason = "other tests use the rest of it")]
mod workshop;

use server::{Reply, Server, reply};
use workshop::{Project, Said};

const SECRET: &str = "canary-9d20c1b7aa";

/// A project with a good source and the source `bad`, which asks `url` and has `fault`.
fn project(url: &str, fault: &str) -> Project {
    let source = format!(
        "\n[[source]]\nid = \"bad\"\nplugin = \"caller\"\n[source.options]\nurl = \"{url}\"\nqueries = [\"alto\"]\n\
         fault = \"{fault}\"\n"
    );
    // A source that fails is not tried again in these tests.
    let project = Project::with_good_source(&format!("\n[plugins]\nretry_minutes = []\n{source}"));
    let platforms = ["linux_amd64", "linux_arm64", "macos_amd64", "macos_arm64"];
    let libraries = platforms.map(|platform| format!("{platform} = \"plugin.so\"")).join("\n");
    let manifest = format!(
        "manifest = 1\nid = \"caller\"\nversion = \"0.1.0\"\nkinds = [\"source\"]\nabi = {{ major = 0, minor = 0 }}\n\
         name = {{ en = \"Caller\", fr = \"Appelant\" }}\ndescription = {{ en = \"test\", fr = \"essai\" }}\n\
         license = \"MIT\"\n[library]\n{libraries}\n[network]\nhosts = [\"config:/url\"]\n\
         [[secret]]\nname = \"token\"\nrequired = true\nenv = \"VIGIE_CALLER_TOKEN\"\n\
         [[secret]]\nname = \"sign\"\nrequired = true\nenv = \"VIGIE_CALLER_SIGN\"\nexposure = \"plugin\"\n\
         [[rate]]\nbucket = \"default\"\nper = \"1s\"\nrequests = 5000\nburst = 100\n\
         [data]\ntables = [\"mentions/1\", \"coverage/1\"]\nincremental = true\nresume = \"exact\"\n"
    );
    project.write("plugins/caller/plugin.toml", manifest);
    project.write("plugins/caller/spec.json", include_str!("plugins/caller/spec.json"));
    // Cargo has put it beside this test.
    let built = std::env::current_exe().unwrap().with_file_name("libcaller_plugin.so");
    std::fs::copy(built, project.dir().join("plugins/caller/plugin.so")).unwrap();
    for (file, mode) in [("", 0o755), ("plugin.toml", 0o644), ("spec.json", 0o644), ("plugin.so", 0o755)] {
        let path = project.dir().join("plugins/caller").join(file);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    vigie(&project, &["plugin", "trust", "plugins/caller", "--yes"]).expect(0);
    project
}

fn vigie(project: &Project, arguments: &[&str]) -> Said {
    let mut command = project.command(arguments);
    command.env_remove("XDG_STATE_HOME").env("VIGIE_CALLER_TOKEN", "token-of-the-test");
    Said::from(command.env("VIGIE_CALLER_SIGN", SECRET).output().unwrap())
}

/// A page of three items; `next` is the number of the page after it, or `null`.
fn page(number: usize, next: &str) -> Reply {
    let items: Vec<String> = (1..4)
        .map(|i| {
            let id = number * 10 + i;
            format!(r#"{{"id":{id},"text":"alto, numéro {id}","created":"2026-03-05T10:00:00Z","likes":1}}"#)
        })
        .collect();
    reply(200, format!(r#"{{"items":[{}],"next":{next}}}"#, items.join(",")))
}

/// A service whose first page is good, and whose second page is `second`.
fn service(second: impl Fn() -> Reply + Send + Sync + 'static) -> Server {
    Server::start(move |seen, _| if seen.target.contains("page=1") { page(1, "2") } else { second() })
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// What must come of a collection: status, kept rows of `bad`, pieces of what is said in English and in French.
struct Expected<'a> {
    status: i32,
    kept: u64,
    english: &'a [&'a str],
    french: &'a [&'a str],
}

/// Collects in both languages, each time from nothing.
fn collects(url: &str, fault: &str, expected: &Expected<'_>) {
    for (language, pieces) in [("en", expected.english), ("fr", expected.french)] {
        let project = project(url, fault);
        let said = vigie(&project, &["--language", language, "run", "."]);
        said.expect(expected.status).says(pieces);
        assert_eq!(project.orphans(), Vec::<String>::new(), "{fault}");
        project.documents();
        let good = project.ledger("good");
        assert_eq!((&good["outcome"]["status"], &good["rows"]["kept"]), (&"complete".into(), &60.into()), "{fault}");
        let bad = project.ledger("bad");
        assert_eq!(bad["rows"]["kept"], expected.kept, "{fault}: {bad}\n{}", said.whole());
        assert!(!said.whole().contains(SECRET), "{fault}: {}", said.whole());
        for file in files(&project.dir()) {
            let bytes = std::fs::read(&file).unwrap();
            assert!(!bytes.windows(SECRET.len()).any(|w| w == SECRET.as_bytes()), "{fault}: {}", file.display());
        }
    }
}

#[test]
fn the_same_source_without_a_fault_is_complete() {
    let server = service(|| page(2, "null"));
    let none =
        Expected { status: 0, kept: 6, english: &["bad: 6 read, 6 kept"], french: &["bad : 6 lues, 6 retenues"] };
    collects(&server.url("/v1"), "none", &none);
}

#[test]
fn a_service_that_fails_is_told_although_the_source_ignores_it() {
    let server = service(|| reply(401, "{}"));
    let expected = Expected {
        status: 3,
        kept: 3,
        english: &["1 requests came to nothing, and the plugin says nothing of it", "page=2 answered 401"],
        french: &["1 requêtes n'ont rien donné, et le greffon n'en dit rien", "page=2 a répondu 401"],
    };
    collects(&server.url("/v1"), "swallows_statuses", &expected);
    // The same service, and a source that says what happened.
    let expected = Expected {
        status: 3,
        kept: 3,
        english: &["source `bad` stopped", "[P302] access was refused", "answered 401"],
        french: &["source `bad` arrêtée", "[P302] l'accès a été refusé", "a répondu 401"],
    };
    collects(&server.url("/v1"), "none", &expected);
}

#[test]
fn a_network_that_is_not_there_is_told_although_the_source_ignores_it() {
    let nobody = Server::start(|_, _| reply(200, "")).url("/v1");
    // The port of a server that has gone is nobody's: port 9 answers nothing on any machine of ours.
    let nobody = nobody.replace(nobody.split(':').next_back().unwrap(), "9/v1");
    let expected = Expected {
        status: 3,
        kept: 0,
        english: &["the plugin says nothing of it", "no connection"],
        french: &["le greffon n'en dit rien", "pas de connexion"],
    };
    collects(&nobody, "swallows_the_network", &expected);
}

#[test]
fn undeclared_hosts_are_not_asked_and_the_user_hears_of_it() {
    let server = service(|| page(2, "null"));
    let quiet = Expected {
        status: 3,
        kept: 6,
        english: &["the plugin says nothing of it", "host `tracker.example` (https) is not in the manifest"],
        french: &["le greffon n'en dit rien", "l'hôte `tracker.example` (https) n'est pas dans le manifeste"],
    };
    collects(&server.url("/v1"), "asks_elsewhere", &quiet);
    for (fault, english, french) in [
        ("insists_on_elsewhere", "`tracker.example` (https) is not in", "`tracker.example` (https) n'est pas dans"),
        ("other_methods", "method DELETE is not in the manifest", "la méthode DELETE n'est pas dans le manifeste"),
        ("names_itself", "header `user-agent` is for the host to set", "l'en-tête `user-agent` revient à l'hôte"),
    ] {
        let expected = Expected {
            status: 3,
            kept: 0,
            english: &["source `bad` stopped", "[P314] not permitted: ", english],
            french: &["source `bad` arrêtée", "[P314] non permis", french],
        };
        collects(&server.url("/v1"), fault, &expected);
    }
    // Led there by the service itself.
    let astray = service(|| reply(302, "").header("location", "https://tracker.example/next"));
    collects(&astray.url("/v1"), "swallows_refusals", &Expected { kept: 3, ..quiet });
}

#[test]
fn secrets_reach_neither_rows_nor_states_nor_logs_nor_errors() {
    let server = service(|| reply(403, "{}"));
    for (fault, status, kept, english, french) in [
        ("leaks_in_rows", 3, 0, "[P505] a row holds a secret", "[P505] une ligne contient un secret"),
        (
            "leaks_in_states",
            3,
            0,
            "[P505] a checkpoint holds a secret",
            "[P505] un point de reprise contient un secret",
        ),
        ("leaks_in_errors", 3, 3, "{{secret:sign}} failed", "{{secret:sign}} failed"),
        // The log of a source is no error: what it says is hidden, and the rest is as always.
        ("leaks_in_the_log", 3, 3, "[P302] access was refused", "[P302] l'accès a été refusé"),
    ] {
        collects(&server.url("/v1"), fault, &Expected { status, kept, english: &[english], french: &[french] });
    }
}

#[test]
fn a_source_that_asks_for_ever_meets_the_limit() {
    let server = service(|| page(2, "null"));
    let expected = Expected {
        status: 3,
        // The same page again and again: its three items, once.
        kept: 3,
        english: &["[P316] the budget of requests is spent (2000 in one run)"],
        french: &["[P316] le budget de requêtes est épuisé (2000 en une exécution)"],
    };
    collects(&server.url("/v1"), "asks_for_ever", &expected);
}

#[test]
fn panics_are_told_with_their_words() {
    let server = service(|| page(2, "null"));
    for fault in ["panics", "panics_in_a_thread"] {
        let expected = Expected {
            status: 3,
            kept: 0,
            english: &["source `bad` stopped", "the plugin panicked", "a bad day"],
            french: &["source `bad` arrêtée", "le greffon a paniqué", "a bad day"],
        };
        collects(&server.url("/v1"), fault, &expected);
    }
}
