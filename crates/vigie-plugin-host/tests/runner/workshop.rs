//! Compiles C plugins into folders of their own, and a sink that keeps the prefix rule.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use vigie_plugin_host::{
    Batch, Failure, Level, Limits, Outcome, Plugin, Reject, Request, Resumable, Retries, Runner, SearchPath, Sink,
    SinkError,
};

/// The repository's plugin sources in C.
pub(crate) fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/plugins")
}

/// Compiles `kind/name.c` and writes its papers.
pub(crate) fn build(kind: &str, name: &str, id: &str, version: &str) -> PathBuf {
    build_with(&["cc", "-std=gnu99"], (kind, &format!("{name}.c")), (id, version), "")
}

/// Compiles `kind/source` with `compiler`; `more` goes into the manifest.
pub(crate) fn build_with(
    compiler: &[&str],
    (kind, source): (&str, &str),
    (id, version): (&str, &str),
    more: &str,
) -> PathBuf {
    let name = source.split('.').next().unwrap();
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("plugins").join(format!("{kind}-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let output = Command::new(compiler[0])
        .args(&compiler[1..])
        .args(["-O0", "-shared", "-fPIC", "-o"])
        .arg(folder.join("plugin.so"))
        .arg("-I")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../vigie-plugin/include"))
        .arg(sources().join(kind).join(source))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let manifest = format!(
        "manifest = 1\nid = \"{id}\"\nversion = \"{version}\"\nkinds = [\"source\"]\nabi = {{ major = 0, minor = 0 }}\n\
         name = {{ en = \"{id}\", fr = \"{id}\" }}\ndescription = {{ en = \"test\", fr = \"essai\" }}\nlicense = \"MIT\"\n\
         [library]\n{} = \"plugin.so\"\n[data]\ntables = [\"mentions/1\"]\nresume = \"exact\"\n{more}",
        vigie_plugin_host::manifest::platform()
    );
    std::fs::write(folder.join("plugin.toml"), manifest).unwrap();
    let spec = json!({"spec": 1, "id": id, "version": version, "tables": ["mentions/1"],
        "config_schema": {"type": "object", "properties": {"count": {"type": "integer", "default": 25}}}});
    std::fs::write(folder.join("spec.json"), spec.to_string()).unwrap();
    // Whatever the umask: what others may write is refused.
    for (file, mode) in [("", 0o755), ("plugin.toml", 0o644), ("spec.json", 0o644), ("plugin.so", 0o755)] {
        std::fs::set_permissions(folder.join(file), std::fs::Permissions::from_mode(mode)).unwrap();
    }
    folder
}

/// The plugin in `folder`.
pub(crate) fn find(folder: &Path, id: &str) -> Plugin {
    SearchPath { folders: vec![(vigie_plugin_host::Origin::Given, folder.to_owned())], beside_executable: Vec::new() }
        .find(id)
        .unwrap()
        .plugin
}

/// Keeps what checkpoints cover, and what a complete reading adds.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) committed: Vec<String>,
    pub(crate) waiting: Vec<String>,
    pub(crate) batches: Vec<Batch>,
    pub(crate) state: Option<Value>,
    pub(crate) rejects: Vec<Reject>,
    pub(crate) log: Vec<String>,
}

impl Sink for Kept {
    fn batch(&mut self, batch: Batch) -> Result<(), SinkError> {
        let ids = batch.text("native_id").unwrap();
        self.waiting.extend((0..batch.rows).map(|row| ids.get(row).unwrap().to_owned()));
        self.batches.push(batch);
        Ok(())
    }

    fn checkpoint(&mut self, state: Value) -> Result<(), SinkError> {
        self.committed.append(&mut self.waiting);
        self.state = Some(state);
        Ok(())
    }

    fn reject(&mut self, reject: Reject) {
        self.rejects.push(reject);
    }

    fn log(&mut self, _level: Level, text: &str) {
        self.log.push(text.to_owned());
    }

    fn progress(&mut self, _done: u64, _total: u64, _unit: &str) {}
}

impl Resumable for Kept {
    fn rewind(&mut self, failure: &Failure, _wait: std::time::Duration) -> Result<(), SinkError> {
        self.waiting.clear();
        self.log.push(format!("again after {}", failure.code));
        Ok(())
    }
}

/// Small limits on rows and memory; a patient clock, because a busy machine makes every plugin slow.
pub(crate) fn limits() -> Limits {
    Limits { idle: std::time::Duration::from_mins(1), max_rows: 5_000, memory_mib: 256, ..Limits::default() }
}

/// The same with a short idle clock, for plugins that hang.
pub(crate) fn impatient() -> Limits {
    Limits { idle: std::time::Duration::from_millis(1_500), ..limits() }
}

/// Reads everything since `state`.
pub(crate) fn read(plugin: &Plugin, config: &Value, state: Option<Value>, limits: &Limits) -> (Outcome, Kept) {
    let mut kept = Kept::default();
    let request = Request::incremental("2026-11-22T05:00:00Z", state);
    let config = plugin.spec.with_defaults(config);
    let outcome = Runner::current().unwrap().read(plugin, &config, &request, limits, &mut kept);
    (outcome, kept)
}

/// Reads everything, going on after failures without waiting.
pub(crate) fn read_on(plugin: &Plugin, limits: &Limits) -> (Outcome, Kept) {
    let mut kept = Kept::default();
    let request = Request::incremental("2026-11-22T05:00:00Z", None);
    let config = plugin.spec.with_defaults(&json!({}));
    let retries = Retries { waits: vec![std::time::Duration::ZERO; 3] };
    let outcome = Runner::current().unwrap().read_on(plugin, &config, &request, limits, &retries, &mut kept);
    (outcome, kept)
}
