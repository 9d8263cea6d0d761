//! The rules between a plugin's request and the network, against recordings and a clock that only waits move.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::path::Path;
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::clock::{Clock, VirtualClock};
use crate::hub::Settings;
use crate::recording::Replay;

const TABLES: &str = "[network]\nhosts = [\"a.example\", \"b.example\", \"http://plain.example\"]\nmethods = [\"GET\", \"POST\"]\n\
                      [[secret]]\nname = \"key\"\nenv = \"VIGIE_TRIAL_KEY\"\n";
const KEY: &str = "k3y-0123456789";

struct Room {
    session: Session,
    replay: Arc<Replay>,
    clock: Arc<VirtualClock>,
    said: Mutex<Vec<(Level, String)>>,
    stop: AtomicBool,
}

fn room(tables: &str, exchanges: &str) -> Room {
    let text = format!("recording = 1\n{exchanges}");
    let replay = Arc::new(Replay::parse(&text, Path::new("trial.toml")).unwrap());
    let clock = Arc::new(VirtualClock::at("2026-11-06T08:49:30Z".parse().unwrap()));
    let hub = Hub::with(Arc::clone(&replay) as _, Arc::clone(&clock) as _, &Settings::default());
    let manifest = crate::trial::manifest(tables);
    let secrets = Arc::new(Secrets::given(&manifest, [("key".to_owned(), KEY.to_owned())].into()));
    let limits = Limits { http_body: 1 << 20, http_requests: 12, ..Limits::of(&manifest) };
    let session = Session::new(hub, &manifest, &json!({}), secrets, &limits).unwrap();
    Room { session, replay, clock, said: Mutex::new(Vec::new()), stop: AtomicBool::new(false) }
}

/// `url status headers` by line.
fn exchanges(lines: &[(&str, u16, &str)]) -> String {
    let exchange = |(url, status, headers): &(&str, u16, &str)| {
        format!(
            "[[exchange]]\nurl = \"{url}\"\nstatus = {status}\nheaders = {{ {headers} }}\nbody = \"body {status}\"\n"
        )
    };
    lines.iter().map(exchange).collect()
}

impl Room {
    fn send(&self, request: &HttpRequest) -> Result<HttpResponse, Refusal> {
        let say = |level: Level, text: &str| self.said.lock().unwrap().push((level, text.to_owned()));
        self.session.send(request, Errand::new(&self.stop, &say))
    }

    fn get(&self, url: &str) -> Result<HttpResponse, Refusal> {
        self.send(&HttpRequest::new("GET", url))
    }

    fn seconds(&self) -> Vec<u64> {
        self.clock.waits().iter().map(Duration::as_secs).collect()
    }
}

const URL: &str = "https://a.example/x";

#[test]
fn too_many_requests_are_waited_out_as_the_service_says() {
    let cases = [
        ("retry-after = \"7\"", 7),
        ("retry-after = \"Fri, 06 Nov 2026 08:49:37 GMT\"", 7),
        ("x-rate-limit-reset = \"1793954977\"", 7),
        ("x-ratelimit-reset = \"7\"", 7),
        ("x-ratelimit-reset = \"2026-11-06T08:49:37Z\"", 7),
        ("x-app-usage = \"{\\\"estimated_time_to_regain_access\\\":2}\"", 120),
        ("", 1),
    ];
    for (header, seconds) in cases {
        let room = room(TABLES, &exchanges(&[(URL, 429, header), (URL, 200, "")]));
        assert_eq!(room.get(URL).unwrap().body, b"body 200", "{header}");
        assert_eq!(room.seconds(), [seconds], "{header}");
        let said = room.said.lock().unwrap();
        let level = if seconds >= 60 { Level::Warning } else { Level::Info };
        assert!(said.iter().any(|(l, t)| *l == level && t.contains("429; waiting")), "{said:?}");
    }
}

#[test]
fn a_service_that_comes_back_is_asked_again() {
    let room = room(TABLES, &exchanges(&[(URL, 503, ""), (URL, 503, ""), (URL, 200, "")]));
    assert_eq!(room.get(URL).unwrap().status, 200);
    assert_eq!(room.seconds(), [1, 2]);
    assert_eq!(room.session.requests(), 3);
}

#[test]
fn six_tries_and_no_more() {
    let room = room(TABLES, &format!("{}repeat = true\n", exchanges(&[(URL, 500, "")])));
    assert_eq!(room.get(URL).unwrap().status, 500);
    assert_eq!(room.seconds(), [1, 2, 4, 8, 16]);
    // A post may have done something: it is not repeated, nor is anything when the plugin says so.
    let recorded = "[[exchange]]\nmethod = \"POST\"\nurl = \"https://a.example/x\"\nstatus = 500\n";
    let post = self::room(TABLES, recorded);
    assert_eq!(post.send(&HttpRequest::new("POST", URL)).unwrap().status, 500);
    assert_eq!(post.session.requests(), 1);
    let once = self::room(TABLES, &exchanges(&[(URL, 503, "")]));
    assert_eq!(once.send(&HttpRequest { retry: false, ..HttpRequest::new("GET", URL) }).unwrap().status, 503);
}

#[test]
fn a_wait_beyond_patience_is_the_plugins_to_decide() {
    let room = room(TABLES, &exchanges(&[(URL, 429, "retry-after = \"901\"")]));
    let answer = room.get(URL).unwrap();
    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("901")));
    assert_eq!(room.seconds(), [0; 0]);
    // Fifteen minutes in all, not each time.
    let twice = exchanges(&[(URL, 429, "retry-after = \"500\""), (URL, 429, "retry-after = \"500\"")]);
    let room = self::room(TABLES, &twice);
    assert_eq!(room.get(URL).unwrap().status, 429);
    assert_eq!(room.seconds(), [500]);
}

#[test]
fn refusals_of_a_service_are_answers() {
    for status in [400, 401, 403, 404, 410, 418] {
        let room = room(TABLES, &exchanges(&[(URL, status, "")]));
        assert_eq!(room.get(URL).unwrap().status, status);
        assert_eq!(room.session.requests(), 1);
    }
}

#[test]
fn no_network_is_said_in_both_languages() {
    for (failure, tries) in [("refused", 1), ("name", 1), ("encryption", 1), ("timeout", 6), ("broken", 6)] {
        let text = format!("[[exchange]]\nurl = \"{URL}\"\nfailure = \"{failure}\"\nrepeat = true\n");
        let room = room(TABLES, &text);
        let refusal = room.get(URL).unwrap_err();
        assert_eq!((refusal.code, room.session.requests()), (Code::Network, tries), "{failure}");
        assert!(refusal.message.en.starts_with("https://a.example/x: ") && refusal.message.fr.contains(" : "));
    }
}

#[test]
fn only_declared_hosts_methods_and_schemes() {
    let room = room(TABLES, "");
    let message = |url: &str| {
        let refusal = room.get(url).unwrap_err();
        assert_eq!(refusal.code, Code::Denied, "{url}");
        refusal.message.en
    };
    assert_eq!(message("https://evil.example/"), "host `evil.example` (https) is not in the manifest");
    assert_eq!(message("https://a.example:444/"), "host `a.example:444` (https) is not in the manifest");
    assert_eq!(message("http://a.example/"), "`a.example` is permitted over https, not http");
    assert_eq!(message("file:///etc/passwd"), "host `` (file) is not in the manifest");
    assert_eq!(room.send(&HttpRequest::new("DELETE", URL)).unwrap_err().code, Code::Denied);
    for name in ["user-agent", "host", "content-length"] {
        let mut request = HttpRequest::new("GET", URL);
        request.headers.insert(name.into(), "x".into());
        assert_eq!(room.send(&request).unwrap_err().code, Code::Denied, "{name}");
    }
    assert!(room.replay.asked().is_empty());
}

#[test]
fn redirections_are_followed_within_the_manifest() {
    let to = |target: &str| format!("location = \"{target}\"");
    let follow = |lines: &[(&str, u16, &str)]| room(TABLES, &exchanges(lines)).get(URL);
    let fine = follow(&[
        (URL, 302, &to("/y")),
        ("https://a.example/y", 301, &to("https://b.example/z")),
        ("https://b.example/z", 200, ""),
    ]);
    assert_eq!(fine.unwrap().status, 200);
    let code = |lines: &[(&str, u16, &str)]| follow(lines).unwrap_err().code;
    assert_eq!(code(&[(URL, 302, &to("https://evil.example/"))]), Code::Denied);
    assert_eq!(code(&[(URL, 302, &to("http://plain.example/"))]), Code::Denied);
    assert_eq!(code(&[(URL, 302, &to("https://[oops"))]), Code::Remote);
    let circle = format!("{}repeat = true\n", exchanges(&[(URL, 302, &to(URL))]));
    let room = room(TABLES, &circle);
    assert_eq!(room.get(URL).unwrap_err().code, Code::Limit);
    assert_eq!(room.session.requests(), 6);
}

#[test]
fn a_secret_does_not_follow_to_another_host() {
    let lines = exchanges(&[(URL, 302, "location = \"https://b.example/z\""), ("https://b.example/z", 200, "")]);
    let room = room(TABLES, &lines);
    let mut request = HttpRequest::new("GET", URL);
    request.headers.insert("x-token".into(), "{{secret:key}}".into());
    request.headers.insert("accept".into(), "text/html".into());
    room.send(&request).unwrap();
    let asked = room.replay.asked();
    assert_eq!(asked[0].headers["x-token"], "{{secret:key}}");
    assert_eq!(asked[1].headers.keys().collect::<Vec<_>>(), ["accept"]);
    let post = "[[exchange]]\nmethod = \"POST\"\nurl = \"https://a.example/x\"\nstatus = 307\nheaders = { location = \"https://b.example/z\" }\n";
    let room = self::room(TABLES, post);
    let request = HttpRequest { body: b"k={{secret:key}}".to_vec(), ..HttpRequest::new("POST", URL) };
    assert_eq!(room.send(&request).unwrap_err().code, Code::Denied);
}

#[test]
fn secrets_travel_encrypted_and_come_back_hidden() {
    let room = room(TABLES, "");
    let refusal = room.get("http://plain.example/?key={{secret:key}}").unwrap_err();
    assert_eq!(refusal.message.en, "a secret would travel unencrypted over http");
    let echo = format!(
        "[[exchange]]\nurl = \"{URL}\"\nstatus = 401\nheaders = {{ x-you = \"{KEY}\" }}\nbody = \"bad key {KEY}!\"\n"
    );
    let room = self::room(TABLES, &echo);
    let answer = room.get(URL).unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (401, b"bad key {{secret:key}}!".as_slice()));
    assert_eq!(answer.header("x-you"), Some("{{secret:key}}"));
}

#[test]
fn no_line_of_the_log_holds_a_secret() {
    let url = "https://a.example/x?key={{secret:key}}&token=page7";
    let lines = exchanges(&[("https://a.example/x?key={{secret:key}}&token=[hidden]", 503, "")]);
    let room = room(TABLES, &format!("{lines}repeat = true\n"));
    room.get(url).unwrap();
    let refusal = room.get(&format!("https://evil.example/?q={KEY}")).unwrap_err();
    let said = room.said.lock().unwrap();
    assert!(said.len() > 6);
    let everything = format!("{said:?} {refusal:?} {:?}", room.replay.asked());
    assert!(!everything.contains(KEY) && !everything.contains("page7"), "{everything}");
    assert!(room.session.holds_secret(KEY));
}

#[test]
fn a_run_has_a_budget_of_requests() {
    let room = room(TABLES, &format!("{}repeat = true\n", exchanges(&[(URL, 200, "")])));
    assert!((0..12).all(|_| room.get(URL).is_ok()));
    assert_eq!(room.session.budget_spent(), None, "nothing was refused yet");
    let refusal = room.get(URL).unwrap_err();
    assert_eq!(
        (refusal.code, refusal.message.en.as_str()),
        (Code::Quota, "the budget of requests is spent (12 in one run)")
    );
    assert!(refusal.hint.is_some_and(|h| h.fr.contains("`max_requests`")));
    assert_eq!((room.session.budget_spent(), room.session.requests()), (Some(12), 12));
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let text = format!(
        "[[exchange]]\nurl = \"{URL}\"\nheaders = {{ etag = \"v1\" }}\nbody = \"once\"\n[[exchange]]\nurl = \"{URL}\"\nstatus = 304\n"
    );
    let room = room(TABLES, &text);
    assert_eq!(room.get(URL).unwrap().body, b"once");
    let again = room.get(URL).unwrap();
    assert_eq!((again.status, again.body.as_slice()), (200, b"once".as_slice()));
    // A plugin that asks for itself gets the plain answer.
    let room = self::room(TABLES, &exchanges(&[(URL, 304, "")]));
    let mut own = HttpRequest::new("GET", URL);
    own.headers.insert("if-none-match".into(), "v1".into());
    assert_eq!(room.send(&own).unwrap().status, 304);
}

const RATES: &str = "[[rate]]\nbucket = \"default\"\nper = \"1s\"\nrequests = 2\n\
                     [[rate]]\nbucket = \"search\"\nper = \"10s\"\nrequests = 1\n\
                     [[rate]]\nbucket = \"quota\"\nper = \"1d\"\nunits = 250\nshared_by = \"secret:key\"\n";

#[test]
fn requests_draw_from_their_buckets() {
    let room = room(&format!("{TABLES}{RATES}"), &format!("{}repeat = true\n", exchanges(&[(URL, 200, "")])));
    for _ in 0..3 {
        room.get(URL).unwrap();
    }
    assert_eq!(room.clock.waits(), [Duration::from_millis(500); 2]);
    let mut search = HttpRequest::new("GET", URL);
    search.headers.insert("vigie-bucket".into(), "search".into());
    room.send(&search).unwrap();
    room.send(&search).unwrap();
    assert_eq!(room.clock.waits()[2..], [Duration::from_secs(10)]);
    assert!(room.replay.asked().iter().all(|shown| !shown.headers.contains_key("vigie-bucket")));
    search.headers.insert("vigie-bucket".into(), "search one".into());
    assert_eq!(room.send(&search).unwrap_err().code, Code::Internal);
    search.headers.insert("vigie-bucket".into(), "other".into());
    assert_eq!(room.send(&search).unwrap_err().code, Code::Denied);
}

#[test]
fn a_quota_ends_politely() {
    let room = room(&format!("{TABLES}{RATES}"), "");
    let draw = |cost| room.session.throttle("quota", cost, Errand::new(&room.stop, &|_, _| {}));
    assert!(draw(200).is_ok());
    let refusal = draw(100).unwrap_err();
    assert_eq!(refusal.code, Code::Quota);
    assert_eq!(
        refusal.message.fr,
        "200 unités sur 250 de `quota` sont prises ; le jour suivant commence à 2026-11-07 00:00 UTC"
    );
    let left = "2026-11-07T00:00:00Z".parse::<Timestamp>().unwrap().duration_since(room.clock.now());
    assert_eq!(refusal.retry_after_ms, Some(left.as_millis() as u64));
    assert_eq!(
        room.session.throttle("nothing", 1, Errand::new(&room.stop, &|_, _| {})).unwrap_err().code,
        Code::Denied
    );
}

#[test]
fn a_cancelled_run_sends_nothing() {
    let room = room(TABLES, &exchanges(&[(URL, 503, ""), (URL, 200, "")]));
    room.stop.store(true, Ordering::Relaxed);
    assert_eq!(room.get(URL).unwrap_err().code, Code::Cancelled);
    assert!(room.replay.asked().is_empty());
}

#[test]
fn hosts_of_the_options_that_cannot_be_are_told() {
    let manifest = crate::trial::manifest("[network]\nhosts = [\"config:/instance\"]\n");
    let room = room(TABLES, "");
    let secrets = Arc::new(Secrets::given(&manifest, BTreeMap::new()));
    let session = Session::new(
        Arc::clone(&room.session.hub),
        &manifest,
        &json!({"instance": "ftp://x"}),
        secrets,
        &Limits::default(),
    );
    assert_eq!(session.err().unwrap()[0].0, "/instance");
}

/// `a.example` is a site, `b.example` a service.
const PAGES: &str = "[network]\nhosts = [\"a.example\", \"b.example\"]\npages = [\"a.example\"]\n\
                     [[secret]]\nname = \"key\"\nenv = \"VIGIE_TRIAL_KEY\"\n";

fn robots_txt(body: &str) -> String {
    format!("[[exchange]]\nurl = \"https://a.example/robots.txt\"\nbody = \"{body}\"\n")
}

fn asked(room: &Room) -> Vec<String> {
    room.replay.asked().iter().map(|asked| asked.url.clone()).collect()
}

#[test]
fn a_site_is_asked_once_what_robots_may_read_and_a_service_never() {
    let pages = exchanges(&[
        ("https://a.example/news", 200, ""),
        ("https://a.example/more", 200, ""),
        ("https://b.example/private/x", 200, ""),
    ]);
    let room = room(PAGES, &format!("{}{pages}", robots_txt("User-agent: *\\nDisallow: /private")));
    room.get("https://a.example/news").unwrap();
    room.get("https://a.example/more").unwrap();
    room.get("https://b.example/private/x").unwrap();
    let refusal = room.get("https://a.example/private/x").unwrap_err();
    assert_eq!(
        (refusal.code, refusal.message.en.as_str()),
        (Code::Denied, "robots.txt of the site keeps robots out of https://a.example/private/x")
    );
    assert!(refusal.message.fr.contains("tient les robots à l'écart de https://a.example/private/x"));
    assert_eq!(
        asked(&room),
        [
            "https://a.example/robots.txt",
            "https://a.example/news",
            "https://a.example/more",
            "https://b.example/private/x"
        ]
    );
}

#[test]
fn a_redirection_into_a_forbidden_page_is_not_followed() {
    let pages = exchanges(&[("https://b.example/x", 302, "location = \"https://a.example/private\"")]);
    let room = room(PAGES, &format!("{pages}{}", robots_txt("User-agent: vigie\\nDisallow: /private")));
    assert_eq!(room.get("https://b.example/x").unwrap_err().code, Code::Denied);
    assert_eq!(asked(&room), ["https://b.example/x", "https://a.example/robots.txt"]);
}

#[test]
fn a_site_that_does_not_say_is_not_read() {
    let room = room(PAGES, &format!("{}repeat = true\n", exchanges(&[("https://a.example/robots.txt", 503, "")])));
    for _ in 0..2 {
        let refusal = room.get("https://a.example/news").unwrap_err();
        assert_eq!(refusal.code, Code::Network);
        assert_eq!(
            refusal.message.en,
            "robots.txt of https://a.example cannot be read, so no page there is asked for: it answered 503"
        );
    }
    assert_eq!(asked(&room).len(), 6, "six tries, once a run");
}

#[test]
fn a_site_says_how_fast() {
    let pages = exchanges(&[("https://a.example/n", 200, ""), ("https://a.example/n", 200, "")]);
    let room = room(PAGES, &format!("{}{pages}", robots_txt("User-agent: *\\nCrawl-delay: 20")));
    for _ in 0..2 {
        room.send(&HttpRequest { cache: false, ..HttpRequest::new("GET", "https://a.example/n") }).unwrap();
    }
    assert_eq!(room.seconds(), [20]);
}
