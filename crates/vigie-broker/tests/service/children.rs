//! Plugins in children that ask for the network through their host.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vigie_broker::{Hub, Live, Recorder, Replay, Secrets, Session, Settings, SystemClock, VirtualClock};
use vigie_plugin_host::{Broker, Limits, Outcome, Request, Runner};

use crate::server::{Seen, Server, reply};
use crate::workshop::{Canned, Kept, key, manifest, pages, read, session, session_with, trial, values};

pub(crate) const TESTS: &[crate::Test] = &[
    ("children::a_c_plugin_reads_pages_and_never_sees_the_secret", in_c),
    ("children::a_rust_plugin_reads_pages_and_asks_only_for_news", in_rust),
    ("children::a_recording_stands_for_the_service", recorded),
    ("children::refusals_arrive_in_the_hosts_words", refused),
    ("children::statuses_have_their_classes", statuses),
    ("children::secrets_are_given_kept_and_hidden", secrets),
    ("children::a_checkpoint_with_a_secret_is_refused", leak),
    ("children::the_idle_clock_stands_still_while_the_host_works", idle),
    ("children::a_cancelled_request_ends_the_reading", cancelled),
    ("children::threads_of_a_plugin_get_their_own_answers", together),
    ("children::without_a_broker_there_is_no_network", unserved),
    ("children::a_question_takes_microseconds", rounds),
];

fn limits() -> Limits {
    Limits { idle: Duration::from_mins(1), memory_mib: 256, ..Limits::default() }
}

fn page(seen: &Seen) -> String {
    let number: u32 = seen.target.split("page=").nth(1).unwrap().split('&').next().unwrap().parse().unwrap();
    let row = |n: u32| {
        let id = number * 10 + n;
        format!(
            "{{\"native_id\":\"{id}\",\"platform\":\"forum\",\"kind\":\"post\",\"published_at\":\"2026-01-01T00:00:00Z\",\
             \"text\":\"numéro {id}\"}}"
        )
    };
    format!("[{}]", [row(1), row(2)].join(","))
}

fn in_c() {
    let server = Server::start(|seen, _| reply(200, page(seen)));
    let mask = key().bytes().fold(String::new(), |mut mask, byte| {
        let _ = write!(mask, "{:02x}", byte ^ 0x5a);
        mask
    });
    let config = json!({"url": server.url("/page"), "pages": 3, "mask": mask});
    let (outcome, kept) = read(&pages(), &config, None, Arc::new(session()), &limits());
    assert!(matches!(outcome, Outcome::Complete(_)), "{outcome:?}");
    assert_eq!(kept.texts, ["numéro 1", "numéro 2", "numéro 11", "numéro 12", "numéro 21", "numéro 22"]);
    assert_eq!(kept.state, Some(json!({"next": 3})));
    assert!(server.seen().iter().all(|seen| seen.headers["authorization"] == format!("Bearer {}", key())));
    assert!(kept.said("secret seen 0 times in all memory, 0 sockets"), "{:?}", kept.log);
    assert!(!format!("{:?}", kept.log).contains("canary"), "{:?}", kept.log);
    // The search finds what is there: the same plugin, with the secret as an option.
    let config = json!({"url": server.url("/page"), "pages": 1, "mask": mask, "told": key()});
    let (_, kept) = read(&pages(), &config, None, Arc::new(session()), &limits());
    assert!(kept.said("secret seen") && !kept.said("secret seen 0 times"), "{:?}", kept.log);
}

fn service() -> Server {
    Server::start(|seen, _| {
        if seen.headers.get("if-none-match").is_some_and(|v| v == "\"v7\"") {
            return reply(304, "");
        }
        let first = seen.target.contains("page=1");
        let next = if first { "2" } else { "null" };
        let (a, b) = if first { ("a", "b") } else { ("c", "d") };
        let body = format!(
            "{{\"items\":[{{\"id\":\"{a}\",\"text\":\"été {a}\"}},{{\"id\":\"{b}\",\"text\":\"été {b}\"}}],\"next\":{next}}}"
        );
        reply(200, body).header("etag", "\"v7\"").header("content-type", "application/json")
    })
}

const TEXTS: [&str; 4] = ["été a", "été b", "été c", "été d"];

fn in_rust() {
    let server = service();
    let config = json!({"what": "pages", "url": server.url("/api")});
    let (outcome, kept) = read(&trial(), &config, None, Arc::new(session()), &limits());
    assert!(matches!(outcome, Outcome::Complete(_)), "{outcome:?}");
    assert_eq!(kept.texts, TEXTS);
    assert_eq!(kept.state, Some(json!({"etag": "\"v7\""})));
    let seen = server.seen();
    assert_eq!(seen[0].target, "/api?page=1&q=l%27%C3%A9t%C3%A9");
    assert_eq!(seen[1].headers["authorization"], format!("Bearer {}", key()));
    let (outcome, again) = read(&trial(), &config, kept.state, Arc::new(session()), &limits());
    assert!(matches!(outcome, Outcome::Complete(_)), "{outcome:?}");
    assert!(again.texts.is_empty() && again.said("nothing new"), "{:?}", again.log);
}

/// A session of the trial plugin over any transport.
fn over(hub: Arc<Hub>) -> Arc<Session> {
    let manifest = manifest();
    let secrets = Arc::new(Secrets::given(&manifest, values()));
    Arc::new(Session::new(hub, &manifest, &json!({}), secrets, &limits()).unwrap())
}

fn recorded() {
    let server = service();
    let config = json!({"what": "pages", "url": server.url("/api")});
    let recorder = Arc::new(Recorder::new(Live::new("vigie/test", &[]).unwrap()));
    let hub = Hub::with(Arc::clone(&recorder) as _, Arc::new(SystemClock), &Settings::default());
    let live = over(hub);
    let (outcome, _) = read(&trial(), &config, None, Arc::clone(&live) as _, &limits());
    assert!(matches!(outcome, Outcome::Complete(_)), "{outcome:?}");
    let text = recorder.text(&|text| live.redacted(text).into_owned());
    assert!(text.contains("Bearer {{secret:key}}") && !text.contains("canary"), "{text}");
    // The service comes back after one 429: an edit of the recording.
    let busy = format!(
        "[[exchange]]\nurl = \"{}?page=1&q=l%27%C3%A9t%C3%A9\"\nstatus = 429\nheaders = {{ retry-after = \"30\" }}\n\n",
        server.url("/api")
    );
    let edited = text.replacen("[[exchange]]", &format!("{busy}[[exchange]]"), 1);
    let replay = Arc::new(Replay::parse(&edited, Path::new("pages.toml")).unwrap());
    let clock = Arc::new(VirtualClock::at("2026-11-22T05:00:00Z".parse().unwrap()));
    let before = server.seen().len();
    let hub = Hub::with(Arc::clone(&replay) as _, Arc::clone(&clock) as _, &Settings::default());
    let (outcome, kept) = read(&trial(), &config, None, over(hub), &limits());
    assert!(matches!(outcome, Outcome::Complete(_)), "{outcome:?}");
    assert_eq!(kept.texts, TEXTS);
    assert_eq!((clock.waits(), replay.unused()), (vec![Duration::from_secs(30)], Vec::new()));
    assert_eq!(server.seen().len(), before, "the service was asked");
    // What the recording does not know stops the plugin, and says so.
    let other = json!({"what": "pages", "url": "http://127.0.0.1:9/api"});
    let hub = Hub::with(replay as _, clock as _, &Settings::default());
    let (outcome, _) = read(&trial(), &other, None, over(hub), &limits());
    let Outcome::Failed(failure) = outcome else { panic!("{outcome:?}") };
    assert!(failure.code == "P311" && failure.message.en.contains("not recorded; the nearest is"), "{failure:?}");
}

/// Code and words of a reading that fails.
fn failure(config: &Value, broker: Arc<dyn Broker>) -> (String, String, String) {
    let (outcome, kept) = read(&trial(), config, None, broker, &limits());
    let Outcome::Failed(failure) = outcome else { panic!("{config}: {outcome:?}") };
    assert!(!format!("{failure:?} {:?}", kept.log).contains("canary"), "{failure:?}");
    (failure.code.to_owned(), failure.message.en, failure.message.fr)
}

fn refused() {
    let told = |what: &str, url: &str| failure(&json!({"what": what, "url": url}), Arc::new(session()));
    let (code, en, fr) = told("pages", "https://elsewhere.example/?token=abc");
    assert_eq!(code, "P314");
    assert_eq!(en, "not permitted: host `elsewhere.example` (https) is not in the manifest");
    assert!(fr.ends_with(" : l'hôte `elsewhere.example` (https) n'est pas dans le manifeste"), "{fr}");
    let (code, en, _) = told("throttle", "");
    assert_eq!((code.as_str(), en.as_str()), ("P314", "not permitted: bucket `nowhere` is not in the manifest"));
    let (code, _, fr) = told("quota", "");
    assert_eq!(code, "P313");
    assert!(fr.contains("50 unités sur 50 de `day` sont prises"), "{fr}");
    let (code, en, _) = told("pages", "http://127.0.0.1:9/?key=hush");
    assert_eq!(code, "P305");
    assert!(en.contains("no connection") && en.contains("key=[hidden]"), "{en}");
    // A plugin in C passes the host's words on as they are.
    let (outcome, _) =
        read(&pages(), &json!({"url": "https://elsewhere.example/"}), None, Arc::new(session()), &limits());
    let Outcome::Failed(failure) = outcome else { panic!("{outcome:?}") };
    assert_eq!(failure.code, "P314");
    assert!(failure.message.en.contains("host `elsewhere.example`"), "{failure:?}");
    assert!(failure.message.fr.contains("l'hôte `elsewhere.example`"), "{failure:?}");
}

fn statuses() {
    let status = Arc::new(Mutex::new(200));
    let now = Arc::clone(&status);
    let server = Server::start(move |_, _| match *now.lock().unwrap() {
        200 => reply(200, "<html>please log in</html>"),
        429 => reply(429, "").header("retry-after", "4000"),
        status => reply(status, ""),
    });
    let config = json!({"what": "pages", "url": server.url("/api")});
    for (given, code) in [(401, "P302"), (403, "P302"), (404, "P303"), (429, "P304"), (418, "P306"), (200, "P306")] {
        *status.lock().unwrap() = given;
        assert_eq!(failure(&config, Arc::new(session())).0, code, "{given}");
    }
}

fn secrets() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path();
    let manifest = manifest();
    let environment = |name: &str| Some(if name.ends_with("KEY") { key() } else { "first-refresh-token" }.to_owned());
    let secrets = || Arc::new(Secrets::of(&manifest, &environment, Some(state)).unwrap());
    let settings = Settings { state: Some(state.to_owned()), ..Settings::default() };
    let hub = Hub::live(&settings).unwrap();
    let session = Session::new(hub, &manifest, &json!({}), secrets(), &limits()).unwrap();
    let (outcome, kept) = read(&trial(), &json!({"what": "secrets", "url": ""}), None, Arc::new(session), &limits());
    let Outcome::Failed(failure) = outcome else { panic!("{outcome:?}") };
    // The last thing the plugin asks for is a secret of requests only.
    assert_eq!(failure.code, "P314", "{failure:?}");
    assert!(failure.message.en.contains("secret `key` is for requests only"), "{failure:?}");
    assert!(kept.said("the secret is {{secret:refresh}}") && kept.said("2000 bytes now"), "{:?}", kept.log);
    assert!(!format!("{:?}", kept.log).contains("first-refresh-token"));
    let again = Session::new(Hub::live(&settings).unwrap(), &manifest, &json!({}), secrets(), &limits()).unwrap();
    assert_eq!(again.secret("refresh").unwrap(), "n".repeat(2_000));
}

fn leak() {
    let (outcome, kept) = read(&trial(), &json!({"what": "leak", "url": ""}), None, Arc::new(session()), &limits());
    let Outcome::Failed(failure) = outcome else { panic!("{outcome:?}") };
    assert_eq!((failure.code, failure.message.fr.as_str()), ("P505", "un point de reprise contient un secret"));
    assert_eq!(kept.state, None);
}

fn idle() {
    let server = Server::start(|_, _| reply(200, "{\"items\":[],\"next\":null}").after(Duration::from_secs(3)));
    let impatient = Limits { idle: Duration::from_millis(1_500), ..limits() };
    let config = json!({"what": "pages", "url": server.url("/")});
    let (outcome, _) =
        read(&trial(), &config, None, Arc::new(session_with(&Settings::default(), &impatient)), &impatient);
    assert!(matches!(outcome, Outcome::Complete(_)), "{outcome:?}");
}

fn cancelled() {
    let server = Server::start(|_, _| reply(200, "late").after(Duration::from_secs(20)));
    let flag = Arc::new(AtomicBool::new(false));
    let runner = Runner::current().unwrap().served_by(Arc::new(session())).cancelled_by(Arc::clone(&flag));
    let config = json!({"what": "pages", "url": server.url("/")});
    let request = Request::incremental("2026-11-22T05:00:00Z", None);
    let start = Instant::now();
    let plugin = trial();
    let outcome = std::thread::scope(|scope| {
        let reading = scope.spawn(|| runner.read(&plugin, &config, &request, &limits(), &mut Kept::default()));
        std::thread::sleep(Duration::from_millis(500));
        flag.store(true, Ordering::Relaxed);
        reading.join().unwrap()
    });
    let Outcome::Failed(failure) = outcome else { panic!("{outcome:?}") };
    assert_eq!(failure.code, "P309", "{failure:?}");
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
}

fn together() {
    let server = Server::start(|seen, _| reply(200, seen.target.trim_start_matches("/?").to_owned()));
    let config = json!({"what": "together", "url": server.url("/")});
    let (outcome, _) = read(&trial(), &config, None, Arc::new(session()), &limits());
    assert!(matches!(outcome, Outcome::Complete(_)), "{outcome:?}");
}

fn unserved() {
    let config = json!({"what": "pages", "url": "http://127.0.0.1:9/"});
    let request = Request::incremental("2026-11-22T05:00:00Z", None);
    let outcome = Runner::current().unwrap().read(&trial(), &config, &request, &limits(), &mut Kept::default());
    let Outcome::Failed(failure) = outcome else { panic!("{outcome:?}") };
    assert_eq!(failure.code, "P310", "{failure:?}");
}

/// How long a question takes that is answered at once: the channel alone. The figures are in the output.
fn rounds() {
    for size in [1 << 10, 64 << 10] {
        let broker = Arc::new(Canned(Mutex::new(vec![b'x'; size])));
        let config = json!({"what": "rounds", "url": "http://127.0.0.1/"});
        let (outcome, kept) = read(&trial(), &config, None, broker, &limits());
        assert!(matches!(outcome, Outcome::Complete(_)), "{outcome:?}");
        let line = kept.log.iter().find(|(_, line)| line.starts_with(&format!("{size} bytes"))).unwrap();
        println!("{}", line.1);
    }
}
