//! Which answers are worth another try, and how long the service asks to wait.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use vigie_plugin_host::HttpResponse;

use crate::clock::Clock;
use crate::transport::Fault;

/// Most tries of one request.
pub(crate) const TRIES: u32 = 6;
/// Longest wait nobody asked for.
const LONGEST_BACKOFF: Duration = Duration::from_mins(5);
/// Shortest wait a service may ask for.
const SHORTEST: Duration = Duration::from_secs(1);
/// Headers that say when a limit starts anew, in the order they are believed.
const RESETS: [&str; 3] = ["x-rate-limit-reset", "x-ratelimit-reset", "ratelimit-reset"];
/// Headers of Meta's usage, JSON with minutes.
const USAGES: [&str; 3] = ["x-business-use-case-usage", "x-app-usage", "x-ad-account-usage"];
/// Numbers above are moments, below are seconds that remain.
const FIRST_EPOCH: f64 = 1e9;
/// Numbers above are moments in milliseconds.
const FIRST_EPOCH_MS: f64 = 1e12;

/// True when the service says that the same request may work later.
pub(crate) fn answer_may_change(method: &str, response: &HttpResponse) -> bool {
    match response.status {
        408 | 425 | 429 | 503 => true,
        // What was asked may have been done: only a question may be asked again.
        500.. => repeatable(method),
        // How GitHub says 429.
        403 => {
            response.header("retry-after").is_some()
                || response.header("x-ratelimit-remaining").map(str::trim) == Some("0")
        }
        _ => false,
    }
}

/// True when no answer may become one.
pub(crate) fn fault_may_pass(method: &str, fault: Fault) -> bool {
    matches!(fault, Fault::Timeout | Fault::Broken) && repeatable(method)
}

fn repeatable(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "OPTIONS" | "PUT" | "DELETE")
}

/// How long the service asks to wait from `now` on.
pub(crate) fn asked(response: &HttpResponse, now: Timestamp) -> Option<Duration> {
    if let Some(wait) = response.header("retry-after").and_then(|v| retry_after(v, now)) {
        return Some(wait.max(SHORTEST));
    }
    if !matches!(response.status, 429 | 403) {
        return None;
    }
    let reset = RESETS.iter().find_map(|name| response.header(name).and_then(|v| reset(v, now)));
    let ietf = || response.header("ratelimit").and_then(remaining);
    let usage = || USAGES.iter().find_map(|name| response.header(name).and_then(minutes));
    reset.or_else(ietf).or_else(usage).map(|wait| wait.max(SHORTEST))
}

/// The wait before try `next` (2 is the first repetition) when the service asks for none.
pub(crate) fn backoff(next: u32, clock: &dyn Clock) -> Duration {
    let longest = LONGEST_BACKOFF.min(Duration::from_secs(1 << next.saturating_sub(2).min(16)));
    longest.mul_f64(clock.chance())
}

/// Seconds, or an HTTP date.
fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        return seconds_left(seconds);
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(value).ok()?;
    Some(until(date, now))
}

/// A moment in seconds or milliseconds since 1970, seconds that remain, or an ISO 8601 moment.
fn reset(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    match value.parse::<f64>() {
        Ok(number) if number >= FIRST_EPOCH_MS => {
            Timestamp::from_millisecond(number as i64).ok().map(|at| until(at, now))
        }
        Ok(number) if number >= FIRST_EPOCH => {
            Timestamp::from_second(number.ceil() as i64).ok().map(|at| until(at, now))
        }
        Ok(number) => seconds_left(number),
        Err(_) => value.parse::<Timestamp>().ok().map(|at| until(at, now)),
    }
}

fn seconds_left(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds.ceil()).ok()
}

fn until(at: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(at.duration_since(now)).unwrap_or_default()
}

/// The `t` of `RateLimit: "default";r=0;t=30`.
fn remaining(value: &str) -> Option<Duration> {
    let seconds = value.split([';', ',']).find_map(|p| p.trim().strip_prefix("t="))?;
    seconds_left(seconds.trim().parse().ok()?)
}

/// The longest `estimated_time_to_regain_access`, minutes, wherever it stands in the JSON.
fn minutes(value: &str) -> Option<Duration> {
    fn longest(value: &Value) -> u64 {
        match value {
            Value::Object(object) => object
                .iter()
                .map(|(key, v)| match key.as_str() {
                    "estimated_time_to_regain_access" => v.as_u64().unwrap_or(0),
                    _ => longest(v),
                })
                .max()
                .unwrap_or(0),
            Value::Array(items) => items.iter().map(longest).max().unwrap_or(0),
            _ => 0,
        }
    }
    let minutes = longest(&serde_json::from_str(value).ok()?);
    (minutes > 0).then(|| Duration::from_secs(minutes.saturating_mul(60)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use crate::clock::VirtualClock;

    fn answer(status: u16, headers: &[(&str, &str)]) -> HttpResponse {
        let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), vec![(*v).to_owned()])).collect();
        HttpResponse { status, headers, body: Vec::new() }
    }

    fn wait(headers: &[(&str, &str)]) -> Option<u64> {
        let now = "2026-11-06T08:49:30Z".parse().unwrap();
        asked(&answer(429, headers), now).map(|d| d.as_secs())
    }

    #[test]
    fn every_form_of_a_reset_is_understood() {
        let usage = r#"{"1784":[{"type":"pages","call_count":100,"estimated_time_to_regain_access":19}]}"#;
        let cases = [
            // seconds, HTTP date
            (vec![("retry-after", "37")], Some(37)),
            (vec![("retry-after", "Fri, 06 Nov 2026 08:49:37 GMT")], Some(7)),
            (vec![("retry-after", "Fri, 06 Nov 2026 08:00:00 GMT")], Some(1)),
            (vec![("retry-after", "soon")], None),
            // epoch seconds: X, GitHub, Bluesky
            (vec![("x-rate-limit-reset", "1793955000")], Some(30)),
            (vec![("x-ratelimit-reset", "1793955000")], Some(30)),
            (vec![("ratelimit-reset", "1793955000000")], Some(30)),
            // seconds left: Reddit, IETF drafts
            (vec![("x-ratelimit-reset", "249.0")], Some(249)),
            (vec![("ratelimit", "\"default\";r=0;t=30")], Some(30)),
            // ISO 8601: Mastodon
            (vec![("x-ratelimit-reset", "2026-11-06T08:55:00.122Z")], Some(330)),
            // minutes: Meta
            (vec![("x-business-use-case-usage", usage)], Some(19 * 60)),
            (vec![("x-app-usage", "{\"call_count\":28}")], None),
            // what is believed first
            (vec![("retry-after", "5"), ("x-rate-limit-reset", "1793955000")], Some(5)),
        ];
        for (headers, expected) in cases {
            assert_eq!(wait(&headers), expected, "{headers:?}");
        }
    }

    #[test]
    fn numbers_beyond_reason_do_no_harm() {
        for value in ["1e300", "-5", "NaN", "inf", "99999999999999999999", "1e400", ""] {
            let _ = wait(&[("retry-after", value)]);
            let _ = wait(&[("x-ratelimit-reset", value)]);
            let _ = wait(&[("x-app-usage", &format!("{{\"estimated_time_to_regain_access\":{value}}}"))]);
        }
        assert_eq!(wait(&[("retry-after", "-5")]), None);
    }

    #[test]
    fn only_questions_are_asked_again() {
        assert!(answer_may_change("GET", &answer(500, &[])) && answer_may_change("GET", &answer(599, &[])));
        assert!(!answer_may_change("POST", &answer(500, &[])) && answer_may_change("POST", &answer(503, &[])));
        assert!(answer_may_change("POST", &answer(429, &[])));
        assert!(!answer_may_change("GET", &answer(403, &[])));
        assert!(answer_may_change("GET", &answer(403, &[("x-ratelimit-remaining", "0")])));
        assert!(!answer_may_change("GET", &answer(404, &[])) && !answer_may_change("GET", &answer(200, &[])));
        assert!(fault_may_pass("GET", Fault::Timeout) && !fault_may_pass("POST", Fault::Timeout));
        assert!(!fault_may_pass("GET", Fault::Refused));
    }

    #[test]
    fn waits_double_up_to_five_minutes() {
        let clock = VirtualClock::at(Timestamp::UNIX_EPOCH);
        let seconds: Vec<u64> = [2, 3, 4, 5, 6, 20, 99].map(|n| backoff(n, &clock).as_secs()).into();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 300, 300]);
    }
}
