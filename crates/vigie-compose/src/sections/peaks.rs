//! Days on which more was said than expected, with their company.

use vigie_analysis::causes::Causes;
use vigie_analysis::crisis::Episode;
use vigie_analysis::peaks::Series;
use vigie_model::locale::Locale;
use vigie_model::period::from_epoch_day;
use vigie_report::figure::{Cell, ColumnKind, Data};
use vigie_report::number;
use vigie_report::report::Block;

use crate::builder::Builder;
use crate::cells::text_cell;
use crate::{Error, shown};

/// Rows printed.
const MOST: usize = 8;
/// From this part of the rows on, one voice is told.
pub(crate) const ONE_VOICE: f64 = 0.6;

/// The table, or `None` when no day stands out.
pub(crate) fn table(b: &Builder<'_>) -> Result<Option<Block>, Error> {
    let mut episodes: Vec<&Episode> = b.analyses().episodes.iter().collect();
    let found = episodes.len();
    if found == 0 {
        return Ok(None);
    }
    let rival = |e: &Episode| e.peak.entity != 0;
    episodes.sort_by(|a, b| rival(a).cmp(&rival(b)).then(a.peak.p.total_cmp(&b.peak.p)));
    episodes.truncate(MOST);
    episodes.sort_by_key(|e| (e.peak.days.0, e.peak.entity, e.peak.series));
    let (text, numeric) = (ColumnKind::Text, ColumnKind::Number);
    let columns = vec![
        b.column("days", "tab.col.days", text)?,
        b.column("entity", "tab.col.brand", text)?,
        b.column("series", "tab.peaks.counted", text)?,
        b.column("seen", "tab.peaks.top", numeric)?,
        b.column("expected", "tab.peaks.expected", numeric)?,
        b.column("authors", "tab.peaks.authors", numeric)?,
        b.column("company", "tab.peaks.company", text)?,
    ];
    let rows = episodes.into_iter().map(|e| row(b, e)).collect::<Result<_, Error>>()?;
    let watched = b.analyses().watched as u64;
    Ok(Some(Block::Table {
        id: b.next_table(),
        title: b.say("tab.peaks.title", |_| vec![])?,
        note: b.say("tab.peaks.note", |l| {
            vec![("watched", number::count(l, watched)), ("found", number::count(l, found as u64))]
        })?,
        data: Data { columns, rows },
    }))
}

fn row(b: &Builder<'_>, episode: &Episode) -> Result<Vec<Cell>, Error> {
    let Episode { peak, causes, .. } = episode;
    let (first, last) = (from_epoch_day(peak.days.0), from_epoch_day(peak.days.1));
    let (series, key) = match peak.series {
        Series::All => ("all", "tab.peaks.all"),
        Series::Negative => ("negative", "tab.peaks.negative"),
    };
    let expected = b.each(|l| {
        let slots = [
            ("expected", number::integer(l, peak.expected)),
            ("lo", number::count(l, peak.range.0)),
            ("hi", number::count(l, peak.range.1)),
        ];
        b.say_in(l, "tab.peaks.expected.cell", &slots).unwrap_or_default()
    });
    Ok(vec![
        text_cell(&format!("{first}/{last}"), b.each(|l| number::date_range(l, first, last))),
        b.entity_cell(peak.entity),
        text_cell(series, b.say(key, |_| vec![])?),
        b.count_cell(peak.seen),
        Cell { raw: serde_json::Value::from(peak.expected), shown: expected },
        b.count_cell(causes.authors),
        text_cell(&causes.terms.join("; "), b.each(|l| company(b, l, episode))),
    ])
}

/// The level of a crisis, the terms of the days and, when it weighs, the share of one voice; a dash without any.
fn company(b: &Builder<'_>, l: Locale, episode: &Episode) -> String {
    let mut said = Vec::new();
    if episode.level > 0 {
        let slots = [("level", number::count(l, u64::from(episode.level)))];
        said.extend(b.say_in(l, "tab.peaks.crisis", &slots).ok());
    }
    said.extend(terms(l, &episode.causes));
    said.extend(voice(b, l, &episode.causes, "tab.peaks.voice"));
    if said.is_empty() { "—".to_owned() } else { said.join(", ") }
}

/// The terms of a peak, as printed.
pub(crate) fn terms(l: Locale, causes: &Causes) -> Vec<String> {
    causes.terms.iter().map(|t| number::typeset(l, &crate::figures::terms::cut(t))).collect()
}

/// What `key` says of a voice that weighs more than the others together.
pub(crate) fn voice(b: &Builder<'_>, l: Locale, causes: &Causes, key: &str) -> Option<String> {
    let slots = [("share", shown::share(l, 100.0 * causes.largest_voice))];
    (causes.largest_voice >= ONE_VOICE).then(|| b.say_in(l, key, &slots).ok()).flatten()
}
