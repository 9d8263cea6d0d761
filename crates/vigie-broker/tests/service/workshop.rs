//! Manifests, sessions and plugins for the tests.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock, Mutex};

use serde_json::{Value, json};
use vigie_broker::{Hub, Secrets, Session, Settings};
use vigie_plugin_host::{
    Batch, Broker, Errand, HttpRequest, HttpResponse, Level, Limits, Manifest, Origin, Outcome, Plugin, Refusal,
    Reject, Request, Runner, SearchPath, Sink, SinkError,
};

/// A value that must turn up nowhere but at the server. Made when it is first needed: a constant would stand in the
/// memory of the child too, which is this program again.
pub(crate) fn key() -> &'static str {
    static KEY: LazyLock<String> = LazyLock::new(|| {
        let nanoseconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos();
        format!("canary-{:x}-é", nanoseconds ^ u128::from(std::process::id()))
    });
    &KEY
}

/// What every manifest of these tests permits.
pub(crate) const RIGHTS: &str = "[network]\nhosts = [\"127.0.0.1\", \"http://plain.example\"]\nmethods = [\"GET\", \"POST\", \"HEAD\"]\n\
    [[secret]]\nname = \"key\"\nenv = \"VIGIE_TRIAL_KEY\"\n\
    [[secret]]\nname = \"refresh\"\nenv = \"VIGIE_TRIAL_REFRESH\"\nexposure = \"plugin\"\nrotates = true\n\
    [[rate]]\nbucket = \"day\"\nper = \"1d\"\nunits = 50\nshared_by = \"secret:key\"\n";

pub(crate) fn manifest_text(id: &str, version: &str, library: &str) -> String {
    format!(
        "manifest = 1\nid = \"{id}\"\nversion = \"{version}\"\nkinds = [\"source\"]\nabi = {{ major = 0, minor = 0 }}\n\
         name = {{ en = \"{id}\", fr = \"{id}\" }}\ndescription = {{ en = \"test\", fr = \"essai\" }}\nlicense = \"MIT\"\n\
         [library]\n{} = \"{library}\"\n[data]\ntables = [\"mentions/1\"]\nresume = \"exact\"\n{RIGHTS}",
        vigie_plugin_host::manifest::platform()
    )
}

pub(crate) fn manifest() -> Manifest {
    Manifest::parse(Path::new("plugin.toml"), &manifest_text("trial", "0.1.0", "trial.so")).unwrap()
}

pub(crate) fn values() -> BTreeMap<String, String> {
    [("key", key()), ("refresh", "first-refresh-token")].map(|(n, v)| (n.to_owned(), v.to_owned())).into()
}

/// A session over the real network.
pub(crate) fn session_with(settings: &Settings, limits: &Limits) -> Session {
    let manifest = manifest();
    let secrets = Arc::new(Secrets::given(&manifest, values()));
    Session::new(Hub::live(settings).unwrap(), &manifest, &json!({}), secrets, limits).unwrap()
}

pub(crate) fn session() -> Session {
    session_with(&Settings { contact: Some("mailto:us@example.org".into()), ..Settings::default() }, &Limits::default())
}

pub(crate) fn send(session: &Session, request: &HttpRequest) -> Result<HttpResponse, Refusal> {
    session.send(request, Errand::new(&AtomicBool::new(false), &|_, _| {}))
}

pub(crate) fn get(session: &Session, url: &str) -> Result<HttpResponse, Refusal> {
    send(session, &HttpRequest { retry: false, ..HttpRequest::new("GET", url) })
}

fn write(folder: &Path, id: &str, version: &str, library: &str) -> Plugin {
    std::fs::write(folder.join("plugin.toml"), manifest_text(id, version, library)).unwrap();
    let spec =
        json!({"spec": 1, "id": id, "version": version, "tables": ["mentions/1"], "config_schema": {"type": "object"}});
    std::fs::write(folder.join("spec.json"), spec.to_string()).unwrap();
    // Whatever the umask: what others may write is refused.
    for (file, mode) in [("", 0o755), ("plugin.toml", 0o644), ("spec.json", 0o644), ("plugin.so", 0o755)] {
        std::fs::set_permissions(folder.join(file), std::fs::Permissions::from_mode(mode)).unwrap();
    }
    SearchPath { folders: vec![(Origin::Given, folder.to_owned())], beside_executable: Vec::new() }
        .find(id)
        .unwrap()
        .plugin
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The plugin in C, compiled.
pub(crate) fn pages() -> Plugin {
    let folder = folder("pages");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = Command::new("cc")
        .args(["-std=gnu99", "-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC", "-o"])
        .arg(folder.join("plugin.so"))
        .arg("-I")
        .arg(root.join("crates/vigie-plugin/include"))
        .arg(root.join("tests/plugins/good/pages.c"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    write(&folder, "pages", "1.0.0", "plugin.so")
}

/// The plugin in Rust, which cargo has put beside this test.
pub(crate) fn trial() -> Plugin {
    let folder = folder("trial");
    let built = std::env::current_exe().unwrap().with_file_name("libtrial_plugin.so");
    std::fs::copy(&built, folder.join("plugin.so")).unwrap();
    write(&folder, "trial", env!("CARGO_PKG_VERSION"), "plugin.so")
}

/// Keeps everything.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) texts: Vec<String>,
    pub(crate) state: Option<Value>,
    pub(crate) log: Vec<(Level, String)>,
}

impl Kept {
    pub(crate) fn said(&self, what: &str) -> bool {
        self.log.iter().any(|(_, line)| line.contains(what))
    }
}

impl Sink for Kept {
    fn batch(&mut self, batch: Batch) -> Result<(), SinkError> {
        let texts = batch.text("text").unwrap();
        self.texts.extend((0..batch.rows).map(|row| texts.get(row).unwrap_or_default().to_owned()));
        Ok(())
    }

    fn checkpoint(&mut self, state: Value) -> Result<(), SinkError> {
        self.state = Some(state);
        Ok(())
    }

    fn reject(&mut self, _reject: Reject) {}

    fn log(&mut self, level: Level, text: &str) {
        self.log.push((level, text.to_owned()));
    }

    fn progress(&mut self, _done: u64, _total: u64, _unit: &str) {}
}

/// Reads `plugin` in a child that `broker` serves.
pub(crate) fn read(
    plugin: &Plugin,
    config: &Value,
    state: Option<Value>,
    broker: Arc<dyn Broker>,
    limits: &Limits,
) -> (Outcome, Kept) {
    let mut kept = Kept::default();
    let request = Request::incremental("2026-11-22T05:00:00Z", state);
    let outcome = Runner::current().unwrap().served_by(broker).read(plugin, config, &request, limits, &mut kept);
    (outcome, kept)
}

/// Answers every request with the same body.
pub(crate) struct Canned(pub(crate) Mutex<Vec<u8>>);

impl Broker for Canned {
    fn send(&self, _request: &HttpRequest, _errand: Errand<'_>) -> Result<HttpResponse, Refusal> {
        Ok(HttpResponse { status: 200, headers: BTreeMap::new(), body: self.0.lock().unwrap().clone() })
    }

    fn throttle(&self, _bucket: &str, _cost: u32, _errand: Errand<'_>) -> Result<(), Refusal> {
        Ok(())
    }

    fn secret(&self, _name: &str) -> Result<String, Refusal> {
        Err(Refusal::cancelled())
    }

    fn keep_secret(&self, _name: &str, _value: &str) -> Result<(), Refusal> {
        Ok(())
    }

    fn redacted<'t>(&self, text: &'t str) -> std::borrow::Cow<'t, str> {
        text.into()
    }

    fn holds_secret(&self, _text: &str) -> bool {
        false
    }
}
