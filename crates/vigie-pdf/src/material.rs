//! From an edition to the files the template reads: drawings and attachments on their own, texts
//! made safe to print, everything checked that the typesetter could not explain.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use typst::foundations::Bytes;

use crate::csv::csv;
use crate::error::Error;
use crate::fonts::Fonts;
use crate::glyphs::Cover;
use crate::sheet::{Drawing, Sheet};
use crate::{LABELS, Options, Paper};

/// Keys whose values are names for machines, never printed.
const NAMES: [&str; 13] =
    ["id", "to", "k", "block", "section", "svg", "sparkline", "ridge", "logo", "accent", "deep", "goodness", "date"];

/// What is handed to the typesetter.
pub(crate) struct Material {
    /// Drawings and attachments by virtual path.
    pub(crate) files: BTreeMap<String, Bytes>,
    /// `report.json` without its `layout` member.
    pub(crate) report: Map<String, Value>,
    /// `layout` member: paper, fonts, attachments.
    pub(crate) layout: Map<String, Value>,
    /// Ids of the sections, in reading order.
    pub(crate) sections: Vec<String>,
    /// Name that identifies the document between revisions.
    pub(crate) ident: String,
    /// Characters, as a reader counts them, that no font covers.
    pub(crate) replaced: u64,
}

/// Prepares `edition` for printing.
///
/// # Errors
/// When the edition does not match the model, lacks a label, or holds a date, colour or logo that
/// cannot be used.
pub(crate) fn prepare(edition: &Value, options: &Options, fonts: &Fonts) -> Result<Material, Error> {
    let mut sheet: Sheet = serde_json::from_value(edition.clone())?;
    check(&sheet)?;
    name_document(&mut sheet);
    let mut cover = Cover::new(fonts, sheet.lang == "fr");
    let mut files = BTreeMap::new();
    let attachments = attach(&mut sheet, options.attachments, &mut files);
    take_drawings(&mut sheet, &mut cover, &mut files);
    take_logo(&mut sheet, &mut cover, &mut files)?;
    let ident = [&sheet.project, &sheet.period, &sheet.kind, &sheet.locale].map(String::as_str).join("_");
    let region = sheet.locale.split('-').nth(1).unwrap_or_default().to_owned();

    let mut report = serde_json::to_value(&sheet)?;
    cover_strings(&mut report, &mut cover);
    report["region"] = Value::from(region);
    let layout = json!({
        "paper": match options.paper { Paper::A4 => "a4", Paper::Letter => "letter" },
        "contents": options.contents && !sheet.sections.is_empty(),
        "extra_families": fonts.extra_families,
        "attachments": attachments,
        "replaced": cover.replaced(),
    });
    let sections = sheet.sections.iter().map(|section| section.id.clone()).collect();
    let object = |value: Value| {
        if let Value::Object(map) = value { map } else { Map::new() }
    };
    Ok(Material { files, report: object(report), layout: object(layout), sections, ident, replaced: cover.replaced() })
}

fn check(sheet: &Sheet) -> Result<(), Error> {
    if let Some(key) = LABELS.into_iter().find(|key| !sheet.labels.contains_key(*key)) {
        return Err(Error::Label { key });
    }
    for (field, value) in [("accent", &sheet.brand.accent), ("deep", &sheet.brand.deep)] {
        let hex = value.strip_prefix('#').unwrap_or_default();
        if hex.len() != 6 || !hex.chars().all(|c| c.is_ascii_hexdigit()) {
            return Err(Error::Color { field, value: value.clone() });
        }
    }
    if is_date(&sheet.date) { Ok(()) } else { Err(Error::Date { date: sheet.date.clone() }) }
}

/// Gives a document without title the name of the client: accessible documents have a title.
fn name_document(sheet: &mut Sheet) {
    for fallback in [sheet.cover.client.clone(), sheet.project.clone()] {
        if sheet.title.0.trim().is_empty() {
            sheet.title.0 = fallback;
        }
    }
}

/// Whether `text` is a real day written `YYYY-MM-DD`.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    if [year.len(), month.len(), day.len()] != [4, 2, 2] || !parts.concat().bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let number = |digits: &str| digits.parse::<u8>().unwrap_or(0);
    let year = year.parse().unwrap_or(0);
    typst::foundations::Datetime::from_ymd(year, number(month), number(day)).is_some()
}

/// Puts one CSV per figure into `files`; what the template needs to attach them.
fn attach(sheet: &mut Sheet, wanted: bool, files: &mut BTreeMap<String, Bytes>) -> Vec<Value> {
    if !wanted {
        return Vec::new();
    }
    let description = sheet.labels.get("pdf_figure_data").cloned().unwrap_or_default().0;
    let mut attachments = Vec::new();
    for figure in sheet.figures_mut() {
        if figure.data.rows.is_empty() {
            continue;
        }
        let path = format!("figure-{:02}.csv", figure.number);
        files.insert(path.clone(), Bytes::new(csv(&figure.data)));
        attachments
            .push(json!({ "path": path, "description": description.replace("{n}", &figure.number.to_string()) }));
    }
    attachments
}

/// Moves every drawing to a file of its own and makes sure it is described.
fn take_drawings(sheet: &mut Sheet, cover: &mut Cover<'_>, files: &mut BTreeMap<String, Bytes>) {
    let mut store = |drawing: &mut Drawing, path: String| {
        if let Some(svg) = drawing.0.take() {
            files.insert(path.clone(), Bytes::new(cover.drawable(&svg).into_bytes()));
            drawing.0 = Some(path);
        }
    };
    for (position, figure) in sheet.figures_mut().enumerate() {
        store(&mut figure.svg, format!("svg/figure-{position}.svg"));
        let described = [figure.title.0.as_str(), figure.alt.0.as_str()].join(". ");
        figure.alt.0 = described.trim_matches(['.', ' ']).into();
        if figure.alt.0.is_empty() {
            figure.alt.0.clone_from(&figure.id);
        }
    }
    for (position, tile) in sheet.essentials.tiles.iter_mut().enumerate() {
        store(&mut tile.sparkline, format!("svg/tile-{position}.svg"));
        if tile.sparkline_alt.0.is_empty() {
            tile.sparkline_alt.0.clone_from(&tile.label.0);
        }
    }
    store(&mut sheet.cover.ridge, "svg/ridge.svg".to_owned());
    if sheet.cover.ridge_alt.0.is_empty() {
        sheet.cover.ridge_alt.0.clone_from(&sheet.title.0);
    }
}

fn take_logo(sheet: &mut Sheet, cover: &mut Cover<'_>, files: &mut BTreeMap<String, Bytes>) -> Result<(), Error> {
    let Some(uri) = sheet.cover.logo.take() else {
        return Ok(());
    };
    let refuse = |reason: &str| Error::Logo { reason: reason.to_owned() };
    let (media, encoded) = uri
        .strip_prefix("data:")
        .and_then(|rest| rest.split_once(";base64,"))
        .ok_or_else(|| refuse("the logo is not a base64 data URI"))?;
    let bytes = STANDARD.decode(encoded).map_err(|_| refuse("the logo is not valid base64"))?;
    let (path, content) = match media {
        "image/png" => ("logo.png", bytes),
        "image/svg+xml" => {
            let svg = String::from_utf8(bytes).map_err(|_| refuse("the logo is an SVG that is not UTF-8"))?;
            ("logo.svg", cover.drawable(&svg).into_bytes())
        }
        _ => return Err(refuse("the logo is neither PNG nor SVG")),
    };
    files.insert(path.to_owned(), Bytes::new(content));
    sheet.cover.logo = Some(path.to_owned());
    Ok(())
}

/// Makes every printed string safe, wherever it is.
fn cover_strings(value: &mut Value, cover: &mut Cover<'_>) {
    match value {
        Value::String(text) => *text = cover.line(text),
        Value::Array(items) => items.iter_mut().for_each(|item| cover_strings(item, cover)),
        Value::Object(map) => {
            for (_, inner) in map.iter_mut().filter(|(key, _)| !NAMES.contains(&key.as_str())) {
                cover_strings(inner, cover);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_real_days_are_dates() {
        assert!(is_date("2026-11-01") && is_date("2028-02-29"));
        for wrong in ["2026-02-29", "2026-13-01", "26-11-01", "2026-11-1", "2026/11/01", "+026-11-01", ""] {
            assert!(!is_date(wrong), "{wrong}");
        }
    }
}
