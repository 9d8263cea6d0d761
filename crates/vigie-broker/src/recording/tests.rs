//! Recordings are read, written and compared.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use url::Url;

use super::*;

fn outgoing(method: &str, url: &str) -> Outgoing {
    Outgoing {
        method: method.into(),
        url: Url::parse("https://a.example/").unwrap(),
        headers: BTreeMap::new(),
        body: Vec::new(),
        timeout: Duration::from_secs(1),
        body_limit: 1 << 20,
        shown: Shown { method: method.into(), url: url.into(), ..Shown::default() },
    }
}

fn perform(transport: &dyn Transport, request: &Outgoing) -> Result<HttpResponse, TransportError> {
    transport.perform(request, Errand::new(&AtomicBool::new(false), &|_, _| {}))
}

fn replay(text: &str) -> Replay {
    Replay::parse(&format!("recording = 1\n{text}"), Path::new("trial.toml")).unwrap()
}

const TWICE: &str = "[[exchange]]\nurl = \"https://a.example/1\"\nstatus = 429\n\
                     [[exchange]]\nurl = \"https://a.example/1\"\nbody = \"yes\"\n";

#[test]
fn exchanges_of_one_request_answer_in_their_order() {
    let replay = replay(TWICE);
    let request = outgoing("GET", "https://a.example/1");
    assert_eq!(perform(&replay, &request).unwrap().status, 429);
    assert_eq!(replay.unused().len(), 1);
    assert_eq!(perform(&replay, &request).unwrap().body, b"yes");
    let error = perform(&replay, &request).unwrap_err();
    assert_eq!(error.fault, Fault::Unrecorded);
    assert!(error.detail.contains("recorded 2 times and asked once more"), "{error}");
    assert_eq!((replay.asked().len(), replay.unused().len()), (3, 0));
}

#[test]
fn the_last_answers_again_when_it_says_so() {
    let replay = replay(&format!("{TWICE}repeat = true\n"));
    let request = outgoing("GET", "https://a.example/1");
    let statuses: Vec<u16> = (0..4).map(|_| perform(&replay, &request).unwrap().status).collect();
    assert_eq!(statuses, [429, 200, 200, 200]);
}

#[test]
fn a_request_nobody_recorded_names_the_nearest() {
    let replay = replay(
        "[[exchange]]\nurl = \"https://a.example/page/1\"\nrequest_headers = { accept = \"text/html\" }\n\
         [[exchange]]\nurl = \"https://b.example/\"\nmethod = \"POST\"\nrequest_body = \"x=1\"\n",
    );
    let told = |method, url| perform(&replay, &outgoing(method, url)).unwrap_err().detail;
    assert!(told("GET", "https://a.example/page/2").contains("the nearest is GET https://a.example/page/1"));
    assert!(told("GET", "https://a.example/page/1").contains("recorded with another header accept"));
    assert!(told("POST", "https://b.example/").contains("recorded with another body"));
}

#[test]
fn failures_and_endless_bodies_can_be_played() {
    let replay = replay(
        "[[exchange]]\nurl = \"https://a.example/f\"\nfailure = \"timeout\"\n\
         [[exchange]]\nurl = \"https://a.example/l\"\nbody = \"ab\"\nlength = 5\n\
         [[exchange]]\nurl = \"https://a.example/h\"\nlength = 41943040\n",
    );
    assert_eq!(perform(&replay, &outgoing("GET", "https://a.example/f")).unwrap_err().fault, Fault::Timeout);
    assert_eq!(perform(&replay, &outgoing("GET", "https://a.example/l")).unwrap().body, b"ababa");
    assert_eq!(perform(&replay, &outgoing("GET", "https://a.example/h")).unwrap_err().fault, Fault::TooLong);
}

#[test]
fn mistakes_in_a_recording_have_a_line() {
    let wrong = |text: &str| Replay::parse(text, Path::new("t.toml")).err().unwrap().to_string();
    assert!(wrong("recording = 2\n").starts_with("t.toml:1: recording 2 is not known"));
    assert!(wrong("recording = 1\n\n[[exchange]]\nurll = \"x\"\n").starts_with("t.toml:4: unknown field `urll`"));
    let twice = "recording = 1\n[[exchange]]\nurl = \"x\"\nbody = \"\"\nbody_base64 = \"\"\n";
    assert!(wrong(twice).starts_with("t.toml:2: an exchange has more than one body"));
    let message =
        Replay::parse("recording = 1\n[[exchange]]\nurl = \"x\"\nbody_file = \"nowhere\"\n", Path::new("t.toml"));
    assert!(message.err().unwrap().message().fr.contains("inutilisable"));
}

/// Answers what it is told to.
struct Canned(HttpResponse);

impl Transport for Canned {
    fn perform(&self, _request: &Outgoing, _errand: Errand<'_>) -> Result<HttpResponse, TransportError> {
        Ok(self.0.clone())
    }
}

fn round_trip(body: &[u8]) -> (String, HttpResponse) {
    let headers = [
        ("content-type", vec!["application/json"]),
        ("link", vec!["<a>; rel=next", "<b>"]),
        ("set-cookie", vec!["sid=abc"]),
    ];
    let headers = headers.map(|(n, v)| (n.to_owned(), v.into_iter().map(str::to_owned).collect())).into();
    let recorder = Recorder::new(Canned(HttpResponse { status: 200, headers, body: body.to_vec() }));
    let mut request = outgoing("POST", "https://a.example/?q=é&key={{secret:key}}");
    request.shown.headers.insert("accept".into(), "text/html".into());
    request.shown.body = b"a=\"1\"\n".to_vec();
    perform(&recorder, &request).unwrap();
    let text = recorder.text(&|text| text.replace("hush-hush", "{{secret:key}}"));
    let replay = Replay::parse(&text, Path::new("t.toml")).unwrap();
    (text, perform(&replay, &request).unwrap())
}

#[test]
fn what_is_recorded_is_played_again() {
    for body in ["{\n  \"a\": 1,\r\n \"b\": \"'''\"}\n", "", "\n\n", "\"\"\" \\ \u{0}\u{7f}\t é 🙂", "'''"] {
        let (text, played) = round_trip(body.as_bytes());
        assert_eq!(played.body, body.as_bytes(), "{text}");
        assert_eq!(played.headers["link"], ["<a>; rel=next", "<b>"]);
        assert!(!text.contains("set-cookie") && !text.contains("body_base64"), "{text}");
    }
    let (text, played) = round_trip(b"\x89PNG\xff\x00");
    assert!(text.contains("body_base64"));
    assert_eq!(played.body, b"\x89PNG\xff\x00");
}

#[test]
fn a_recording_holds_no_secret() {
    let (text, played) = round_trip(br#"{"you": "hush-hush", "access_token": "fresh"}"#);
    assert!(!text.contains("hush-hush") && !text.contains("fresh"), "{text}");
    assert_eq!(played.body, br#"{"you": "{{secret:key}}", "access_token": "[hidden]"}"#);
}

proptest::proptest! {
    #[test]
    fn any_text_comes_back_as_it_was(body in proptest::prelude::any::<String>()) {
        proptest::prop_assert_eq!(round_trip(body.as_bytes()).1.body, body.as_bytes());
    }
}
