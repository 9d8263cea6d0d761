//! The `[[rate]]` lines of a manifest as numbers: paces of seconds to hours, quotas of days.

use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use vigie_model::diagnostic::Bilingual;

use crate::manifest::Rate;

/// Name of the bucket that every request draws one unit from, where a manifest declares it.
pub const DEFAULT_BUCKET: &str = "default";

/// A bucket: all its lines apply.
#[derive(Clone, Debug, PartialEq)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// What it allows.
    pub lines: Vec<Line>,
    /// The secret whose owner the service counts for; without one, the service counts for this machine.
    pub secret: Option<String>,
}

/// One line of a bucket.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// So many units in so much time, forgotten between runs.
    Pace {
        /// Units.
        units: u32,
        /// Time.
        per: Duration,
        /// Units that may come at once.
        burst: u32,
    },
    /// So many units in so many days, kept across runs.
    Quota {
        /// Units.
        units: u32,
        /// Days, 1 for "per day".
        days: u32,
        /// When a day begins.
        reset: Reset,
    },
}

/// When a service's day begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Reset {
    time: Time,
    zone: TimeZone,
}

impl Reset {
    /// First moment of the service's day that holds `now`.
    pub fn last(&self, now: Timestamp) -> Timestamp {
        let local = now.to_zoned(self.zone.clone());
        let today = self.at(&local);
        match today {
            Some(today) if today <= local => today.timestamp(),
            Some(_) => self.at(&local.saturating_sub(1.day())).map_or(now, |z| z.timestamp()),
            None => now,
        }
    }

    /// First moment of the next day.
    pub fn next(&self, now: Timestamp) -> Timestamp {
        let start = self.last(now).to_zoned(self.zone.clone());
        self.at(&start.saturating_add(1.day())).map_or(now, |z| z.timestamp())
    }

    /// The date of the service's day that holds `now`, which names it.
    pub fn day(&self, now: Timestamp) -> jiff::civil::Date {
        self.last(now).to_zoned(self.zone.clone()).date()
    }

    fn at(&self, day: &Zoned) -> Option<Zoned> {
        day.date().to_datetime(self.time).to_zoned(self.zone.clone()).ok()
    }
}

/// The buckets of a manifest, in the order of their first lines.
///
/// # Errors
/// The name of the first bucket with a line that cannot be, and why.
pub fn buckets(rates: &[Rate]) -> Result<Vec<Bucket>, (String, Bilingual)> {
    let mut buckets: Vec<Bucket> = Vec::new();
    for rate in rates {
        let wrong = |what| (rate.bucket.clone(), what);
        let line = line(rate).map_err(wrong)?;
        let secret = match rate.shared_by.as_deref() {
            None => None,
            Some(by) => match by.strip_prefix("secret:") {
                Some(name) if !name.is_empty() => Some(name.to_owned()),
                _ => {
                    return Err(wrong(Bilingual::new(
                        format!("shared_by `{by}` is not of the form `secret:name`"),
                        format!("shared_by `{by}` n'est pas de la forme `secret:nom`"),
                    )));
                }
            },
        };
        match buckets.iter_mut().find(|b| b.name == rate.bucket) {
            Some(bucket) => {
                bucket.lines.push(line);
                bucket.secret = bucket.secret.take().or(secret);
            }
            None => buckets.push(Bucket { name: rate.bucket.clone(), lines: vec![line], secret }),
        }
    }
    Ok(buckets)
}

fn line(rate: &Rate) -> Result<Line, Bilingual> {
    let units = match (rate.requests, rate.units) {
        (Some(n), None) | (None, Some(n)) if n > 0 => n,
        _ => {
            return Err(Bilingual::new(
                "give either `requests` or `units`, above zero",
                "donnez soit `requests`, soit `units`, au-dessus de zéro",
            ));
        }
    };
    let (number, unit) = rate.per.split_at(rate.per.len() - rate.per.chars().next_back().map_or(0, char::len_utf8));
    let bad = || {
        Bilingual::new(
            format!("per `{}` is not a time such as 1s, 15m, 1h, 1d", rate.per),
            format!("per `{}` n'est pas une durée telle que 1s, 15m, 1h, 1d", rate.per),
        )
    };
    let number: u32 = number.parse().ok().filter(|n| *n > 0).ok_or_else(bad)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => return Ok(Line::Quota { units, days: number.min(366), reset: reset(rate.reset.as_deref())? }),
        _ => return Err(bad()),
    };
    let burst = rate.burst.unwrap_or(1).clamp(1, units);
    Ok(Line::Pace { units, per: Duration::from_secs(u64::from(number) * seconds), burst })
}

/// `00:00 America/Los_Angeles`; midnight UTC when nothing is said.
fn reset(text: Option<&str>) -> Result<Reset, Bilingual> {
    let Some(text) = text else { return Ok(Reset { time: Time::midnight(), zone: TimeZone::UTC }) };
    let parsed = text.split_once(' ').and_then(|(time, zone)| {
        Some(Reset { time: Time::strptime("%H:%M", time).ok()?, zone: TimeZone::get(zone.trim()).ok()? })
    });
    parsed.ok_or_else(|| {
        Bilingual::new(
            format!("reset `{text}` is not of the form `00:00 America/Los_Angeles`"),
            format!("reset `{text}` n'est pas de la forme `00:00 America/Los_Angeles`"),
        )
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn rate(bucket: &str, per: &str) -> Rate {
        Rate {
            bucket: bucket.into(),
            per: per.into(),
            requests: Some(30),
            units: None,
            burst: None,
            reset: None,
            shared_by: None,
        }
    }

    #[test]
    fn lines_of_one_bucket_stay_together() {
        let found = buckets(&[rate("search", "15m"), rate("other", "1s"), rate("search", "7d")]).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].lines[0], Line::Pace { units: 30, per: Duration::from_mins(15), burst: 1 });
        assert!(matches!(found[0].lines[1], Line::Quota { units: 30, days: 7, .. }));
    }

    #[test]
    fn what_cannot_be_is_told() {
        for per in ["", "d", "0s", "5", "5w", "-1s", "é"] {
            assert!(buckets(&[rate("b", per)]).is_err(), "{per}");
        }
        let both = Rate { units: Some(3), ..rate("b", "1s") };
        assert!(buckets(&[both]).is_err());
        let shared = Rate { shared_by: Some("key".into()), ..rate("b", "1s") };
        assert!(buckets(&[shared]).unwrap_err().1.en.contains("secret:name"));
        let reset = Rate { reset: Some("midnight".into()), ..rate("b", "1d") };
        assert!(buckets(&[reset]).is_err());
    }

    #[test]
    fn a_day_begins_where_the_service_is() {
        let reset = reset(Some("00:00 America/Los_Angeles")).unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        // Nine in the evening in California is the next day already in London.
        assert_eq!(reset.last(at("2026-07-02T04:00:00Z")), at("2026-07-01T07:00:00Z"));
        assert_eq!(reset.next(at("2026-07-02T04:00:00Z")), at("2026-07-02T07:00:00Z"));
        assert_eq!(reset.day(at("2026-07-02T04:00:00Z")).to_string(), "2026-07-01");
        // The day on which clocks go back has 25 hours.
        assert_eq!(reset.last(at("2026-11-01T12:00:00Z")), at("2026-11-01T07:00:00Z"));
        assert_eq!(reset.next(at("2026-11-01T12:00:00Z")), at("2026-11-02T08:00:00Z"));
    }
}
