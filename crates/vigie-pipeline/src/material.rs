//! What reports are made with besides data: sentences, labels, fonts, colours, logo.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use vigie_chart::colour::Rgb;
use vigie_chart::theme::Palette;
use vigie_chart::{Branded, FontSet};
use vigie_compose::Error as ComposeError;
use vigie_config::settings::Project;
use vigie_model::locale::Locale;
use vigie_report::catalogue::{Catalogue, File};
use vigie_report::report::Labels;

use crate::Error;

const MESSAGES: &str = include_str!("../../../report-templates/monthly/messages.toml");
const LABELS: &str = include_str!("../../../report-templates/monthly/labels.toml");
const REGULAR: &[u8] = include_bytes!("../../../report-templates/fonts/VigieSans-Regular.ttf");
const SEMIBOLD: &[u8] = include_bytes!("../../../report-templates/fonts/VigieSans-SemiBold.ttf");

/// The sentences of the monthly report.
pub(crate) fn catalogue() -> Result<Catalogue, Error> {
    let files = [File { name: "report-templates/monthly/messages.toml", text: MESSAGES }];
    Ok(Catalogue::load(&files, &[]).map_err(ComposeError::from)?)
}

/// The words of the templates.
pub(crate) fn labels(editions: &[Locale]) -> Result<Labels, Error> {
    let files = [File { name: "report-templates/monthly/labels.toml", text: LABELS }];
    let catalogue = Catalogue::load(&files, &[]).map_err(ComposeError::from)?;
    // Slots of labels are filled by the templates: they stay as they are written.
    let said = |key: &str| {
        let slots: Vec<(&str, String)> = catalogue.slots(key).map(|slot| (slot, format!("{{{slot}}}"))).collect();
        let slots: Vec<(&str, &str)> = slots.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let words = editions.iter().map(|l| Ok((*l, catalogue.say(key, *l, &slots).map_err(ComposeError::from)?)));
        words.collect::<Result<_, Error>>()
    };
    catalogue.keys().map(|key| Ok((key.to_owned(), said(key)?))).collect()
}

/// Metrics of the fonts charts are drawn with.
pub(crate) fn fonts() -> Result<FontSet, Error> {
    Ok(FontSet::new(REGULAR, SEMIBOLD)?)
}

/// Colours of the project: its own where it has some, repaired until they can be read.
pub(crate) fn palette(project: &Project) -> Palette {
    let primary = project.brand.primary.as_deref().and_then(Rgb::parse);
    primary.map_or_else(Palette::default, |primary| Branded::new(primary).palette)
}

/// The logo as a data URI.
pub(crate) fn logo(project: &Project) -> Result<Option<String>, Error> {
    let Some(path) = &project.brand.logo else { return Ok(None) };
    let bytes = std::fs::read(path).map_err(|source| Error::ReadFile { path: path.clone(), source })?;
    let kind = if is_svg(path) { "image/svg+xml" } else { "image/png" };
    Ok(Some(format!("data:{kind};base64,{}", STANDARD.encode(bytes))))
}

fn is_svg(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("svg"))
}
