//! Local days of instants.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use vigie_model::period::epoch_day;

/// Days since 1970-01-01 of the day in `zone` that holds `micros`; `None` outside the calendar.
pub(crate) fn local_day(zone: &TimeZone, micros: i64) -> Option<i32> {
    let instant = Timestamp::from_microsecond(micros).ok()?;
    Some(epoch_day(zone.to_datetime(instant).date()))
}

/// The hour in `zone`, 0 to 23; `None` outside the calendar.
pub(crate) fn local_hour(zone: &TimeZone, micros: i64) -> Option<i8> {
    let instant = Timestamp::from_microsecond(micros).ok()?;
    Some(zone.to_datetime(instant).hour())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_evening_in_montreal_is_the_same_local_day() {
        let zone = TimeZone::get("America/Toronto").unwrap();
        let day = |text: &str| local_day(&zone, text.parse::<Timestamp>().unwrap().as_microsecond());
        assert_eq!(day("2026-10-15T03:30:00Z"), day("2026-10-14T12:00:00Z"));
        assert_eq!(day("2026-10-15T04:00:00Z"), Some(20741));
    }
}
