//! What a child may touch, what it leaves behind, and that what was checked is what runs.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::Path;

use serde_json::{Value, json};
use vigie_plugin_host::{Outcome, Plugin, Runner, Sandbox};

use crate::workshop::{build, build_with, find, limits, read};

pub(crate) const TESTS: &[crate::Test] = &[
    ("confined::a_plugin_reads_what_its_options_name_and_nothing_else", files),
    ("confined::a_plugin_without_raw_opens_no_connection", sockets),
    ("confined::raw_opens_connections_and_nothing_else", raw),
    ("confined::limits_and_surroundings_hold", surroundings),
    ("confined::what_was_checked_is_what_runs", replaced),
    ("confined::a_daemon_dies_with_its_plugin", daemon),
    ("confined::a_neighbour_keeps_its_helpers", neighbours),
    ("confined::packing_asks_the_code_and_gives_the_same_bytes_twice", packed),
];

/// The level of this kernel; a test that needs more than it has says that it did not run.
fn level(needed: u32) -> Option<Sandbox> {
    let level = Runner::current().unwrap().probe().unwrap();
    if level.landlock < needed {
        println!("not run: Landlock {needed} is needed, this kernel has {}", level.landlock);
        return None;
    }
    Some(level)
}

/// What the plugin said of each attempt.
fn attempts(raw: bool, port: u16) -> (BTreeMap<String, String>, Sandbox) {
    let more = format!("[network]\nraw = {raw}\n[files]\nread = [\"config:/allowed\"]\n");
    let folder = build_with(&["cc", "-std=gnu99"], ("good", "confined.c"), ("confined", "1.0.0"), &more);
    let room = tempfile::tempdir().unwrap();
    for name in ["allowed", "outside"] {
        std::fs::write(room.path().join(name), "text").unwrap();
    }
    let at = |name: &str| room.path().join(name).to_string_lossy().into_owned();
    let config = json!({"allowed": at("allowed"), "outside": at("outside"), "folder": folder, "port": port});
    let (outcome, kept) = read(&find(&folder, "confined"), &config, None, &limits());
    let Outcome::Complete(summary) = outcome else { panic!("{outcome:?}") };
    let said = kept.log.iter().filter_map(|l| l.split_once(": ")).map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
    (said, summary.sandbox)
}

fn compare(said: &BTreeMap<String, String>, expected: &[(&str, &str)]) {
    for (name, result) in expected {
        assert_eq!(said.get(*name).map(String::as_str), Some(*result), "{name}: {said:?}");
    }
}

fn files() {
    let Some(level) = level(3) else { return };
    let (said, told) = attempts(false, 9);
    assert_eq!(told, level, "a reading says what was enforced");
    compare(
        &said,
        &[
            ("read allowed", "ok"),
            ("write allowed", "EACCES"),
            ("read outside", "EACCES"),
            ("write outside", "EACCES"),
            ("read own folder", "ok"),
            ("write own folder", "EACCES"),
            ("read users", "EACCES"),
            ("read hosts", "ok"),
            ("write temp", "ok"),
            ("exec", "EACCES"),
        ],
    );
}

fn sockets() {
    let Some(level) = level(4) else { return };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (said, _) = attempts(false, listener.local_addr().unwrap().port());
    compare(&said, &[("connect", "EACCES"), ("bind", "EACCES")]);
    if level.scoped() {
        compare(&said, &[("signal host", "EPERM")]);
    }
}

fn raw() {
    if level(4).is_none() {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (said, _) = attempts(true, listener.local_addr().unwrap().port());
    compare(&said, &[("connect", "ok"), ("read outside", "EACCES"), ("write outside", "EACCES")]);
}

fn surroundings() {
    let (said, _) = attempts(false, 9);
    let memory = (limits().memory_mib << 20).to_string();
    let cpu = limits().cpu_seconds.to_string();
    compare(
        &said,
        &[
            ("memory", &memory),
            ("cpu", &cpu),
            ("files", "64"),
            ("size", "1073741824"),
            ("core", "0"),
            ("no new privileges", "1"),
            ("death", "9"),
            ("own session", "1"),
            ("variables", "3"),
        ],
    );
    // Channels and library have high numbers; plugins meet none of them by chance.
    let low: u32 = said["descriptors"].parse().unwrap();
    assert_eq!(low, 0, "{said:?}");
}

fn replaced() {
    let folder = build("good", "counter", "counter", "1.0.0");
    let plugin = find(&folder, "counter");
    let before = plugin.library_sha256().unwrap();
    // Another library under the same name, as an attacker between check and use would do it.
    let other = build("bad", "exit_zero", "bad", "1.0.0").join("plugin.so");
    let draft = folder.join("draft.so");
    std::fs::copy(other, &draft).unwrap();
    std::fs::rename(&draft, &plugin.library).unwrap();
    assert_eq!(plugin.library_sha256().unwrap(), before);
    let (outcome, kept) = read(&plugin, &json!({}), None, &limits());
    assert!(matches!(outcome, Outcome::Complete(_)), "{outcome:?}");
    assert_eq!(kept.committed.len(), 25);
}

/// The process `number` as the kernel tells it; a dead one has nothing.
fn state(number: &str) -> String {
    std::fs::read_to_string(Path::new("/proc").join(number).join("stat")).unwrap_or_default()
}

fn daemon() {
    let (outcome, kept) = read(&find(&build("bad", "daemon", "bad", "1.0.0"), "bad"), &json!({}), None, &limits());
    assert!(matches!(&outcome, Outcome::Failed(f) if f.code == "P411"), "{outcome:?}");
    let number = kept.log.iter().find_map(|l| l.strip_prefix("daemon ")).expect("the daemon's number");
    assert_eq!(state(number), "", "the daemon lives, or is a zombie");
}

fn neighbours() {
    let helper = find(&build("good", "companion", "companion", "1.0.0"), "companion");
    let daemon = find(&build("bad", "daemon", "bad", "1.0.0"), "bad");
    let reading = |plugin: Plugin| std::thread::spawn(move || read(&plugin, &Value::Null, None, &limits()));
    let slow = reading(helper);
    // Several ends of neighbours while the helper lives.
    for _ in 0..5 {
        let (outcome, _) = reading(daemon.clone()).join().unwrap();
        assert!(matches!(&outcome, Outcome::Failed(f) if f.code == "P411"), "{outcome:?}");
    }
    let (outcome, kept) = slow.join().unwrap();
    assert!(matches!(outcome, Outcome::Complete(_)), "{outcome:?}");
    assert_eq!(kept.log, ["ready", "helper alive"]);
}

fn packed() {
    let folder = build("good", "counter", "counter", "1.0.0");
    std::fs::remove_file(folder.join("spec.json")).unwrap();
    let runner = Runner::current().unwrap();
    let plugin = vigie_plugin_host::package::write_spec(&runner, &folder).unwrap();
    let written = std::fs::read_to_string(folder.join("spec.json")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), runner.spec(&plugin, &limits()).unwrap());

    let room = tempfile::tempdir().unwrap();
    let archives = ["one.tar.gz", "two.tar.gz"].map(|name| {
        let archive = room.path().join(name);
        vigie_plugin_host::package::pack(&plugin, &archive).unwrap();
        // Nothing of the disk goes in: not even the time of a file.
        std::thread::sleep(std::time::Duration::from_millis(1_100));
        std::fs::write(folder.join("spec.json"), &written).unwrap();
        std::fs::read(archive).unwrap()
    });
    assert!(archives[0] == archives[1] && archives[0].len() > 1_000);

    let place = room.path().join("plugins");
    let arrival = vigie_plugin_host::package::Arrival::receive(&room.path().join("one.tar.gz"), &place).unwrap();
    assert_eq!(arrival.plugin().sha256().unwrap(), plugin.sha256().unwrap());
    let settled = arrival.settle().unwrap();
    assert_eq!(settled.folder.as_deref(), Some(place.join("counter").as_path()));
    // A second time it takes the place of the first; nothing else is left there.
    vigie_plugin_host::package::Arrival::receive(&folder, &place).unwrap().settle().unwrap();
    let left: Vec<_> = std::fs::read_dir(&place).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["counter"]);
}
