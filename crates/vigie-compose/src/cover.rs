//! The first page: client, sentence of the month, four facts, method in one line.

use vigie_chart::Width;
use vigie_chart::chart::{Chart, Ridge};
use vigie_model::diagnostic::Bilingual;
use vigie_model::locale::Locale;
use vigie_report::number;
use vigie_report::report::{Cover, Essentials};
use vigie_report::text::Words;

use crate::Error;
use crate::builder::Builder;
use crate::figures::daily::{peak, values};
use crate::sections::{grade_words, source_name};

/// Width of an A4 page in points: the ridge runs from edge to edge.
const PAGE: f64 = 595.28;

pub(crate) fn cover(b: &mut Builder<'_>, essentials: &Essentials) -> Result<Cover, Error> {
    let ridge = ridge(b)?;
    let alt = b.say("cover.ridge.alt", |_| vec![("client", b.client().to_owned())])?;
    let words = |l: Locale| (essentials.title[&l].clone(), alt[&l].clone());
    let drawn = b.draw("ridge", Width::Points(PAGE), words, |l| Ok(Chart::Ridge(ridge[&l].clone())))?;
    let report = &b.input.project.report;
    Ok(Cover {
        kind: b.say(if b.input.period.is_month() { "report.kind" } else { "report.kind.range" }, |_| vec![])?,
        client: b.input.project.name.clone(),
        sentence: sentence(b, essentials)?,
        period: b.each(|l| capitalised(&b.period(l))),
        facts: facts(b)?,
        meta: meta(b)?,
        method: method(b)?,
        ridge: drawn.svg,
        ridge_alt: alt,
        disclaimer: report.disclaimer.as_ref().map(|d| b.bilingual(d)),
        signature: report.signature.as_ref().map(|s| s.en.clone()).unwrap_or_default(),
        logo: b.input.logo.clone(),
    })
}

fn capitalised(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The essentials' title when it claims something, else what the report holds.
fn sentence(b: &Builder<'_>, essentials: &Essentials) -> Result<Words, Error> {
    match essentials.title_id.as_str() {
        "neutral" => b.say("cover.sentence.neutral", |l| vec![("period", b.period(l))]),
        "month.nothing" => b.say("cover.sentence.nothing", |_| vec![]),
        _ => Ok(essentials.title.clone()),
    }
}

fn facts(b: &Builder<'_>) -> Result<Vec<(Words, Words)>, Error> {
    let analyses = b.analyses();
    let mut platforms: Vec<u32> = analyses.tally.current.voices.iter().map(|v| v.platform).collect();
    platforms.sort_unstable();
    platforms.dedup();
    let fact = |key: &str, n: u64| -> Result<(Words, Words), Error> {
        Ok((b.each(|l| number::count(l, n)), b.count(key, n, |_| vec![])?))
    };
    Ok(vec![
        fact("cover.fact.mentions", analyses.tally.current.funnel.kept)?,
        fact("cover.fact.entities", b.input.project.entities.len() as u64)?,
        fact("cover.fact.platforms", platforms.len() as u64)?,
        (
            b.count("cover.days", b.input.period.days() as u64, |_| vec![])?,
            b.say("cover.fact.days", |l| vec![("range", b.range(l))])?,
        ),
    ])
}

fn meta(b: &Builder<'_>) -> Result<Vec<(Words, Words)>, Error> {
    let report = &b.input.project.report;
    let version = report.version.as_ref().map(|v| Bilingual::new(v.clone(), v.clone()));
    let lines = [
        ("cover.meta.for", report.prepared_for.clone()),
        ("cover.meta.by", report.prepared_by.clone()),
        ("cover.meta.version", version),
        ("cover.meta.distribution", report.distribution.clone()),
    ];
    lines
        .into_iter()
        .filter_map(|(key, words)| Some((key, words?)))
        .map(|(key, words)| Ok((b.say(key, |_| vec![])?, b.bilingual(&words))))
        .collect()
}

fn method(b: &Builder<'_>) -> Result<Words, Error> {
    let funnel = b.analyses().tally.current.funnel;
    let grade = grade_words(b)?;
    let entities = b.input.project.entities.len() as u64;
    b.say("cover.method", |l| {
        let sources: Vec<String> = b.input.ledger.iter().map(|line| source_name(b, l, line)).collect();
        vec![
            ("rows", number::count(l, funnel.rows)),
            ("mentions", number::count(l, funnel.kept)),
            ("entities", b.count_in(l, "cover.method.entities", entities).unwrap_or_default()),
            ("sources", number::and(l, &sources)),
            ("grade", grade[&l].clone()),
        ]
    })
}

/// Daily curves, the client in front, the others behind it in the reverse of the project's order.
fn ridge(b: &Builder<'_>) -> Result<vigie_model::locale::Localized<Ridge>, Error> {
    let volumes = &b.analyses().volumes;
    let series: Vec<Vec<Option<f64>>> = volumes.iter().rev().map(|v| values(&v.daily)).collect();
    b.editions()
        .map(|l| {
            let peak = peak(&volumes[0].daily).map(|(step, n)| {
                let slots = [("day", number::date_short(l, b.day(step))), ("n", number::count(l, n))];
                (step, b.say_in(l, "cover.ridge.peak", &slots).unwrap_or_default())
            });
            let names: Vec<&str> = (0..volumes.len()).rev().map(|e| b.short(e)).collect();
            let legend = b.say_in(l, "cover.ridge", &[("range", b.range(l)), ("names", names.join(", "))])?;
            Ok((l, Ridge { series: series.clone(), peak, legend }))
        })
        .collect()
}
