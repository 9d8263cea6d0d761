//! What several processes share, and what only a process of its own can show: quotas, proxies.

use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde_json::json;
use vigie_broker::{Hub, Secrets, Session, Settings};
use vigie_plugin_host::{Broker, Code, Errand, Limits};

use crate::server::{Server, reply};
use crate::workshop::{get, manifest, session};

pub(crate) const TESTS: &[crate::Test] = &[
    ("processes::two_draw_no_more_than_the_day_has", quota),
    ("processes::a_name_that_leads_nowhere_is_told", name),
    ("processes::the_proxy_of_the_environment_is_used", proxy),
];

const DRAW: &str = "__draw";
const FETCH: &str = "__fetch";

/// The other process, when this is one.
pub(crate) fn run_if_asked() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.get(1).map(String::as_str) {
        Some(DRAW) => println!("{}", draw(&arguments[2])),
        Some(FETCH) => match get(&session(), &arguments[2]) {
            Ok(answer) => println!("{}", String::from_utf8_lossy(&answer.body)),
            Err(refusal) => println!("{}", refusal.message.en),
        },
        _ => return,
    }
    std::process::exit(0);
}

/// Draws 40 units one by one and tells how many it got.
fn draw(state: &str) -> u32 {
    let settings = Settings { state: Some(state.into()), ..Settings::default() };
    let manifest = manifest();
    // The same key in every process: the service counts for its owner.
    let secrets = Arc::new(Secrets::given(&manifest, [("key".to_owned(), "canary of all".to_owned())].into()));
    let hub = Hub::live(&settings).unwrap();
    let session = Session::new(hub, &manifest, &json!({}), secrets, &Limits::default()).unwrap();
    let mut drawn = 0;
    for _ in 0..40 {
        match session.throttle("day", 1, Errand::new(&AtomicBool::new(false), &|_, _| {})) {
            Ok(()) => drawn += 1,
            Err(refusal) => assert_eq!(refusal.code, Code::Quota, "{refusal:?}"),
        }
    }
    drawn
}

fn other(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(arguments).stdout(Stdio::piped());
    for name in ["http_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    command
}

fn number(output: &Output) -> u32 {
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap()
}

fn quota() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().to_str().unwrap();
    let both = [other(&[DRAW, state]).spawn().unwrap(), other(&[DRAW, state]).spawn().unwrap()];
    let drawn: u32 = both.map(|child| number(&child.wait_with_output().unwrap())).iter().sum();
    assert_eq!(drawn, 50);
    // A run that comes later finds nothing left.
    assert_eq!(number(&other(&[DRAW, state]).output().unwrap()), 0);
    let counts = std::fs::read_to_string(folder.path().join("quotas.json")).unwrap();
    assert!(counts.contains("trial/day/") && counts.contains("50"), "{counts}");
    assert!(!counts.contains("canary"), "{counts}");
}

fn name() {
    // Names under `.example` never exist.
    let output = other(&[FETCH, "http://plain.example/?token=abc"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.starts_with("http://plain.example/?token=[hidden]: "), "{said}");
    assert!(said.contains("leads nowhere") || said.contains("no answer in time"), "{said}");
}

fn proxy() {
    let proxy = Server::start(|seen, _| reply(200, format!("asked the proxy for {}", seen.target)));
    let address = format!("http://127.0.0.1:{}", proxy.port);
    let output = other(&[FETCH, "http://plain.example/x"]).env("http_proxy", &address).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "asked the proxy for http://plain.example/x");
    // This machine itself is reached without it.
    let near = Server::start(|_, _| reply(200, "near"));
    let output = other(&[FETCH, &near.url("/")]).env("http_proxy", &address).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "near");
}
