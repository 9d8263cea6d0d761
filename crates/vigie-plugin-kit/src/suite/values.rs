//! D2, D3: ids, counters and times arrive as they were, or not at all.

use serde_json::{Map, Value};

use super::material::{At, New};
use super::probe::{Doing, Probe, Seen, all};
use super::stand::Stand;
use super::verdict::Verdict;

/// The first whole number that a double cannot say.
const BEYOND: &str = "9007199254740993";
/// A number that no recording counts to by chance.
const COUNTED: &str = "7654321";
/// Columns that count something.
const COUNTERS: [&str; 8] =
    ["likes", "shares", "replies", "views", "quotes", "saves", "author_followers", "rating_raw"];

/// D2: ids above 2^53 stay as they are; a counter that is not there is null, not zero.
pub(crate) fn numbers(stand: &Stand) -> Verdict {
    let probes = match all(stand) {
        Ok(probes) => probes,
        Err(verdict) => return verdict,
    };
    let mut any = false;
    for probe in probes {
        for check in [ids, counters] {
            match check(stand, probe) {
                Ok(applies) => any |= applies,
                Err(verdict) => return verdict,
            }
        }
    }
    if any {
        return Verdict::Passed;
    }
    Verdict::not_applicable(
        "no id and no counter of a row stands in a recording as it is",
        "aucun identifiant ni compteur d'une ligne ne figure tel quel dans un enregistrement",
    )
}

fn text_of<'a>(row: &'a Map<String, Value>, column: &str) -> &'a str {
    row.get(column).and_then(Value::as_str).unwrap_or_default()
}

fn ids(stand: &Stand, probe: &Probe) -> Result<bool, Verdict> {
    let id = text_of(probe.row(), "native_id");
    let own = (probe.column() == "native_id").then(|| (probe.at().clone(), id.to_owned()));
    let places = own.into_iter().chain(probe.material().neighbours(probe.at()));
    let Some((at, _)) = places.into_iter().find(|(_, text)| text == id) else { return Ok(false) };
    let doing = Doing::new(format!("the id {BEYOND}, above 2^53"), format!("l'identifiant {BEYOND}, au-delà de 2^53"));
    // As the service writes it: a number where there was one.
    let number = probe.material().is_number(&at);
    let new = if number { New::Number(BEYOND.into()) } else { New::Text(BEYOND.into()) };
    match probe.put(stand, &at, &new, &doing)? {
        Seen::Row { row, .. } if !text_of(&row, "native_id").contains(BEYOND) => {
            let came = text_of(&row, "native_id").to_owned();
            Err(doing.failed(
                (format!("it came as `{came}`"), format!("il est venu `{came}`")),
                (
                    "read ids as text, or as whole numbers of 64 bits; a double has 53",
                    "lisez les identifiants comme du texte ou des entiers de 64 bits ; un nombre flottant n'en a que 53",
                ),
            ))
        }
        Seen::Failed(failure) => Err(doing.failed(
            (
                format!("the whole reading stops with [{}] {}", failure.code, failure.message.en),
                format!("toute la lecture s'arrête sur [{}] {}", failure.code, failure.message.fr),
            ),
            ("an id is any text", "un identifiant est un texte quelconque"),
        )),
        _ => Ok(true),
    }
}

/// The place of the recording that `column` of the row comes from, found out by putting another number there.
fn counter(stand: &Stand, probe: &Probe, column: &str) -> Result<Option<At>, Verdict> {
    let Some(value) = probe.row().get(column).and_then(Value::as_f64) else { return Ok(None) };
    let doing = Doing::new(format!("another number for `{column}`"), format!("un autre nombre pour `{column}`"));
    let places = probe.material().neighbours(probe.at());
    for (at, _) in places.into_iter().filter(|(_, text)| text.trim().parse::<f64>() == Ok(value)) {
        let seen = probe.spoil(stand, &at, &New::Number(COUNTED.into()), &doing)?;
        if let Seen::Row { row, .. } = seen
            && row.get(column).and_then(Value::as_f64) == COUNTED.parse().ok()
        {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

fn counters(stand: &Stand, probe: &Probe) -> Result<bool, Verdict> {
    let mut any = false;
    for column in COUNTERS {
        let Some(at) = counter(stand, probe, column)? else { continue };
        any = true;
        let mut ways = vec![(New::Null, "null", "nul")];
        if at.in_json() {
            ways.push((New::Absent, "missing", "absent"));
            ways.push((New::Text(COUNTED.into()), "a text", "un texte"));
        }
        for (new, en, fr) in ways {
            let as_text = matches!(new, New::Text(_));
            let doing = Doing::new(format!("`{column}` is {en}"), format!("`{column}` est {fr}"));
            let seen = match probe.put(stand, &at, &new, &doing)? {
                Seen::Row { row, .. } => row.get(column).cloned().unwrap_or_default(),
                Seen::Rejected => continue,
                Seen::Failed(failure) => {
                    return Err(doing.failed(
                        (
                            format!("the whole reading stops with [{}] {}", failure.code, failure.message.en),
                            format!("toute la lecture s'arrête sur [{}] {}", failure.code, failure.message.fr),
                        ),
                        (
                            "a counter may be missing, null or written as text: one item, at most, is rejected for it",
                            "un compteur peut manquer, être nul ou écrit comme un texte : au plus, un élément est rejeté pour cela",
                        ),
                    ));
                }
            };
            let fine = seen.is_null() || (as_text && seen.as_f64() == COUNTED.parse().ok());
            if !fine {
                return Err(doing.failed(
                    (format!("{seen} came"), format!("{seen} est venu")),
                    (
                        "a counter that is not there is null; zero is a count",
                        "un compteur absent est nul (null) ; zéro est un compte",
                    ),
                ));
            }
        }
    }
    Ok(any)
}

/// What a date is replaced by, and what may come of it.
struct Change {
    en: String,
    fr: String,
    new: New,
    /// Beginnings of the time that do; none: the item must be rejected.
    days: &'static [&'static str],
    /// The exact moment, where it is known.
    exactly: Option<jiff::Timestamp>,
}

/// D3: times of any year and any zone arrive as they were, and what is no time is rejected.
pub(crate) fn dates(stand: &Stand) -> Verdict {
    let probes = match all(stand) {
        Ok(probes) => probes,
        Err(verdict) => return verdict,
    };
    let mut any = false;
    for probe in probes {
        match dates_of(stand, probe) {
            Ok(applies) => any |= applies,
            Err(verdict) => return verdict,
        }
    }
    if any {
        return Verdict::Passed;
    }
    Verdict::not_applicable(
        "no time of a row stands in a recording as YYYY-MM-DD or as seconds since 1970",
        "aucun instant d'une ligne ne figure dans un enregistrement sous la forme AAAA-MM-JJ ou en secondes depuis 1970",
    )
}

fn dates_of(stand: &Stand, probe: &Probe) -> Result<bool, Verdict> {
    let column = if probe.row().contains_key("published_at") { "published_at" } else { "ts" };
    let Ok(moment) = text_of(probe.row(), column).parse::<jiff::Timestamp>() else { return Ok(false) };
    let mut any = false;
    for (at, text) in probe.material().neighbours(probe.at()) {
        let changes = changes(&text, moment);
        let Some(first) = changes.first() else { continue };
        // The year 1970 shows whether this is the place.
        let doing = Doing::new(first.en.as_str(), first.fr.as_str());
        match probe.spoil(stand, &at, &first.new, &doing)? {
            Seen::Row { row, .. } if row == *probe.row() => continue,
            Seen::Row { row, .. } if text_of(&row, column) == text_of(probe.row(), column) => continue,
            _ => any = true,
        }
        for change in &changes {
            one_date(stand, probe, &at, column, change)?;
        }
        break;
    }
    Ok(any)
}

fn one_date(stand: &Stand, probe: &Probe, at: &At, column: &str, change: &Change) -> Result<(), Verdict> {
    let doing = Doing::new(change.en.as_str(), change.fr.as_str());
    let came = match probe.put(stand, at, &change.new, &doing)? {
        Seen::Row { row, .. } => text_of(&row, column).to_owned(),
        Seen::Rejected => return Ok(()),
        Seen::Failed(failure) => {
            return Err(doing.failed(
                (
                    format!("the whole reading stops with [{}] {}", failure.code, failure.message.en),
                    format!("toute la lecture s'arrête sur [{}] {}", failure.code, failure.message.fr),
                ),
                (
                    "an item whose time cannot be read is a `reject`; the others are delivered",
                    "un élément dont l'instant est illisible donne un `reject` ; les autres sont rendus",
                ),
            ));
        }
    };
    let exact = change.exactly.is_some() && came.parse::<jiff::Timestamp>().ok() == change.exactly;
    if exact || change.days.iter().any(|day| came.starts_with(day)) {
        return Ok(());
    }
    Err(doing.failed(
        (format!("`{column}` came as {came}"), format!("`{column}` est venu {came}")),
        (
            "hand over the very moment, or `reject` the item; never a nearby date, the present, or 1970",
            "rendez l'instant même, ou rejetez l'élément ; jamais une date voisine, le présent, ou 1970",
        ),
    ))
}

/// The day before and after too: the service's zone may not be UTC.
const EPOCH: &[&str] = &["1970-01-01", "1969-12-31", "1970-01-02"];
const FAR: &[&str] = &["9998-06-15", "9998-06-14", "9998-06-16"];
const LEAP: &[&str] = &["2016-12-31", "2017-01-01"];

/// How the date `text` of the row that was published at `moment` is changed; nothing when it is no such date.
fn changes(text: &str, moment: jiff::Timestamp) -> Vec<Change> {
    let change =
        |en: &str, fr: &str, new: New, days, exactly| Change { en: en.into(), fr: fr.into(), new, days, exactly };
    if let Ok(number) = text.parse::<i64>() {
        let (seconds, factor) =
            if number == moment.as_second() { (true, 1) } else { (number == moment.as_millisecond(), 1_000) };
        if !seconds {
            return Vec::new();
        }
        let at = |second: i64| New::Number((second * factor).to_string());
        return vec![
            change("a time in 1970", "un instant de 1970", at(43_200), EPOCH, None),
            change("a time in the year 9998", "un instant de l'an 9998", at(253_353_182_400), FAR, None),
        ];
    }
    let Some((day, rest)) = text.split_at_checked(10) else { return Vec::new() };
    let near = |days: i64| {
        let other = moment.checked_add(jiff::SignedDuration::from_hours(24 * days)).unwrap_or(moment);
        other.to_string().starts_with(day)
    };
    if !(-1..=1).any(near) {
        return Vec::new();
    }
    let with = |day: &str| New::Text(format!("{day}{rest}"));
    let mut list = vec![
        change("a time in 1970", "un instant de 1970", with("1970-01-01"), EPOCH, None),
        change("a time in the year 9998", "un instant de l'an 9998", with("9998-06-15"), FAR, None),
        change("the 45th of a 13th month", "le 45 d'un 13e mois", with("2026-13-45"), &[], None),
    ];
    let clock = rest.get(1..9).filter(|c| c.len() == 8 && c.as_bytes()[2] == b':' && c.as_bytes()[5] == b':');
    if let (Some(_), Some(tail)) = (clock, rest.get(9..)) {
        let leap = format!("2016-12-31{}23:59:60{tail}", &rest[..1]);
        list.push(change("a leap second", "une seconde intercalaire", New::Text(leap), LEAP, None));
        if tail == "Z" {
            let moved = format!("{day}{}+02:00", &rest[..9]);
            let earlier = moment.checked_sub(jiff::SignedDuration::from_hours(2)).ok();
            let moved = New::Text(moved);
            list.push(change("a time with an offset", "un instant avec décalage", moved, &[], earlier));
        }
    }
    list
}
