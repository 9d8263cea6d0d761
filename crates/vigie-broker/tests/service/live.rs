//! The real client against a server that behaves badly.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use vigie_broker::Settings;
use vigie_plugin_host::{Broker, Code, Errand, HttpRequest, Limits};

use crate::server::{Body, Server, reply};
use crate::workshop::{get, key, send, session, session_with};

pub(crate) const TESTS: &[crate::Test] = &[
    ("live::requests_are_polite_and_carry_their_secret", polite),
    ("live::posts_arrive_as_they_were_written", posts),
    ("live::compressed_answers_are_unpacked", compressed),
    ("live::a_service_that_comes_back_is_asked_again", comes_back),
    ("live::answers_that_are_too_long_are_refused", too_long),
    ("live::slow_answers_end", slow),
    ("live::broken_connections_are_told", broken),
    ("live::redirections_stay_within_the_manifest", redirections),
    ("live::what_has_not_changed_is_not_sent_again", unchanged),
    ("live::a_cancelled_request_ends_at_once", cancelled),
    ("live::only_trusted_certificates_are_trusted", encryption),
    ("live::one_request_at_a_time", one_at_a_time),
];

fn polite() {
    let server = Server::start(|_, _| reply(200, "hello").header("X-Two", "a").header("x-two", "b"));
    let mut request = HttpRequest::new("GET", server.url("/x?key={{secret:key}}"));
    request.headers.insert("authorization".into(), "Bearer {{secret:refresh}}".into());
    let answer = send(&session(), &request).unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (200, b"hello".as_slice()));
    assert_eq!(answer.headers["x-two"], ["a", "b"]);
    let seen = &server.seen()[0];
    assert_eq!(seen.headers["user-agent"], format!("vigie/{} (+mailto:us@example.org)", env!("CARGO_PKG_VERSION")));
    assert_eq!(seen.headers["accept-encoding"], "gzip, br");
    assert_eq!(seen.headers["authorization"], "Bearer first-refresh-token");
    assert_eq!(seen.target, format!("/x?key={}", key().replace('é', "%C3%A9")));
}

fn posts() {
    let server = Server::start(|_, _| reply(201, ""));
    let mut request = HttpRequest::new("POST", server.url("/token"));
    request.headers.insert("content-type".into(), "application/x-www-form-urlencoded".into());
    request.body = b"grant=refresh&token={{secret:refresh}}".to_vec();
    assert_eq!(send(&session(), &request).unwrap().status, 201);
    assert_eq!(server.seen()[0].body, b"grant=refresh&token=first-refresh-token");
    let head = HttpRequest::new("HEAD", server.url("/"));
    assert_eq!(send(&session(), &head).unwrap().body, b"");
}

fn compressed() {
    let text = "l'été ".repeat(50_000);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(text.as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    let mut br = Vec::new();
    brotli::CompressorWriter::new(&mut br, 4_096, 5, 20).write_all(text.as_bytes()).unwrap();
    let server = Server::start(move |seen, _| {
        let (name, body) = if seen.target == "/gzip" { ("gzip", &gzip) } else { ("br", &br) };
        reply(200, body.clone()).header("content-encoding", name)
    });
    let session = session();
    for path in ["/gzip", "/br"] {
        let answer = get(&session, &server.url(path)).unwrap();
        assert_eq!(answer.body, text.as_bytes(), "{path}");
        assert!(answer.header("content-encoding").is_none() && answer.header("content-length").is_none());
    }
}

fn comes_back() {
    let server = Server::start(|_, before| match before {
        0 => reply(429, "").header("retry-after", "1"),
        1 => reply(503, "").header("retry-after", "1"),
        _ => reply(200, "at last"),
    });
    let start = Instant::now();
    let answer = send(&session(), &HttpRequest::new("GET", server.url("/"))).unwrap();
    assert_eq!(answer.body, b"at last");
    assert!(start.elapsed() >= Duration::from_secs(2), "{:?}", start.elapsed());
    assert_eq!(server.seen().len(), 3);
}

fn too_long() {
    let server = Server::start(|seen, _| match seen.target.as_str() {
        "/40MiB" => reply(200, "").body(Body::Zeros(40 << 20)),
        "/fits" => reply(200, "").body(Body::Zeros(20 << 20)),
        _ => reply(200, "").body(Body::Endless),
    });
    let session = session();
    for path in ["/40MiB", "/endless"] {
        let refusal = get(&session, &server.url(path)).unwrap_err();
        assert_eq!(refusal.code, Code::Limit, "{path}: {refusal:?}");
        assert!(refusal.message.fr.contains("la réponse est trop longue"), "{}", refusal.message.fr);
    }
    assert_eq!(get(&session, &server.url("/fits")).unwrap().body.len(), 20 << 20);
}

fn slow() {
    let server = Server::start(|seen, _| match seen.target.as_str() {
        "/silent" => reply(200, "late").after(Duration::from_secs(20)),
        _ => reply(200, "").body(Body::Drip(60, Duration::from_secs(1))),
    });
    for path in ["/silent", "/drip"] {
        let mut request = HttpRequest::new("GET", server.url(path));
        request.timeout = Some(Duration::from_millis(400));
        request.retry = false;
        let start = Instant::now();
        let refusal = send(&session(), &request).unwrap_err();
        assert_eq!(refusal.code, Code::Network, "{path}");
        assert!(refusal.message.en.contains("no answer in time"), "{}", refusal.message.en);
        assert!(start.elapsed() < Duration::from_secs(5), "{path}: {:?}", start.elapsed());
    }
}

fn broken() {
    // A port that was free a moment ago takes no connection.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let refusal = get(&session(), &format!("http://127.0.0.1:{port}/x?token=abc")).unwrap_err();
    assert_eq!(refusal.code, Code::Network);
    assert!(refusal.message.en.contains("no connection"), "{}", refusal.message.en);
    assert!(refusal.message.en.contains("?token=[hidden]"), "{}", refusal.message.en);
    let server = Server::start(|seen, _| match seen.target.as_str() {
        "/half" => reply(200, "").body(Body::Half),
        _ => reply(200, "x").header("content-encoding", "gzip"),
    });
    for path in ["/half", "/damaged"] {
        let refusal = get(&session(), &server.url(path)).unwrap_err();
        assert!(refusal.message.en.contains("the connection broke"), "{path}: {}", refusal.message.en);
    }
}

fn redirections() {
    let server = Server::start(|seen, _| match seen.target.as_str() {
        "/evil" => reply(302, "").header("location", "http://localhost:1/"),
        "/circle" => reply(302, "").header("location", "/circle"),
        "/post" => reply(303, "").header("location", "/here"),
        _ => reply(200, seen.method.clone()),
    });
    let session = session();
    assert_eq!(get(&session, &server.url("/evil")).unwrap_err().code, Code::Denied);
    assert_eq!(get(&session, &server.url("/circle")).unwrap_err().code, Code::Limit);
    let post = HttpRequest { body: b"x".to_vec(), ..HttpRequest::new("POST", server.url("/post")) };
    assert_eq!(send(&session, &post).unwrap().body, b"GET");
}

fn unchanged() {
    let server = Server::start(|seen, _| match seen.headers.get("if-none-match").map(String::as_str) {
        Some("\"v1\"") => reply(304, "").header("etag", "\"v1\""),
        _ => reply(200, "the page").header("etag", "\"v1\""),
    });
    let session = session();
    for _ in 0..3 {
        let answer = get(&session, &server.url("/")).unwrap();
        assert_eq!((answer.status, answer.body.as_slice()), (200, b"the page".as_slice()));
    }
    let asked: Vec<bool> = server.seen().iter().map(|s| s.headers.contains_key("if-none-match")).collect();
    assert_eq!(asked, [false, true, true]);
}

fn cancelled() {
    let server = Server::start(|_, _| reply(200, "late").after(Duration::from_secs(20)));
    let stop = AtomicBool::new(false);
    let session = session();
    let start = Instant::now();
    std::thread::scope(|scope| {
        let asking =
            scope.spawn(|| session.send(&HttpRequest::new("GET", server.url("/")), Errand::new(&stop, &|_, _| {})));
        std::thread::sleep(Duration::from_millis(200));
        stop.store(true, Ordering::Relaxed);
        assert_eq!(asking.join().unwrap().unwrap_err().code, Code::Cancelled);
    });
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

fn encryption() {
    const PEM: &[u8] = include_bytes!("server.pem");
    let certificate = CertificateDer::from_pem_slice(PEM).unwrap();
    let key = PrivateKeyDer::from_pem_slice(PEM).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    let server = Server::wrapped(
        |_, _| reply(200, "secret talk"),
        move |stream| {
            let connection = rustls::ServerConnection::new(Arc::clone(&config)).ok()?;
            Some(Box::new(rustls::StreamOwned::new(connection, stream)))
        },
    );
    let url = format!("https://127.0.0.1:{}/", server.port);
    let refusal = get(&session(), &url).unwrap_err();
    assert_eq!(refusal.code, Code::Network);
    assert!(refusal.message.en.contains("no secure connection"), "{}", refusal.message.en);
    let settings = Settings { roots: PEM.to_vec(), ..Settings::default() };
    assert_eq!(get(&session_with(&settings, &Limits::default()), &url).unwrap().body, b"secret talk");
}

fn one_at_a_time() {
    let under_way = Arc::new((AtomicBool::new(false), AtomicBool::new(false)));
    let seen = Arc::clone(&under_way);
    let server = Server::start(move |_, _| {
        if seen.0.swap(true, Ordering::SeqCst) {
            seen.1.store(true, Ordering::SeqCst);
        }
        std::thread::sleep(Duration::from_millis(30));
        seen.0.store(false, Ordering::SeqCst);
        reply(200, "x")
    });
    let session = session();
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| assert_eq!(get(&session, &server.url("/")).unwrap().status, 200));
        }
    });
    assert_eq!(server.seen().len(), 6);
    assert!(!under_way.1.load(Ordering::SeqCst), "two requests were under way at one host");
}
