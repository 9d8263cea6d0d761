//! What every part of the report is built with: sentences, drawings, numbering, quantities.

use std::cell::Cell;

use jiff::ToSpan;
use jiff::civil::Date;
use vigie_analysis::analyses::Analyses;
use vigie_chart::chart::{Caption, Chart, Drawing};
use vigie_chart::{Format, Width, draw_in};
use vigie_model::diagnostic::{Bilingual, Language};
use vigie_model::locale::{Locale, Localized};
use vigie_model::period::from_epoch_day;
use vigie_report::number;
use vigie_report::report::Quantity;
use vigie_report::text::{Text, Words, paragraph};

use crate::quantities::Quantities;
use crate::{Error, Input};

/// Slots of a sentence in one edition.
pub(crate) type Slots = Vec<(&'static str, String)>;

pub(crate) struct Builder<'a> {
    pub(crate) input: &'a Input<'a>,
    pub(crate) quantities: Quantities,
    figures: Cell<u32>,
    tables: Cell<u32>,
}

/// A drawing in every edition.
pub(crate) struct Drawn {
    pub(crate) svg: Localized<String>,
    pub(crate) size: (f64, f64),
}

impl<'a> Builder<'a> {
    pub(crate) fn new(input: &'a Input<'a>) -> Self {
        Self { input, quantities: Quantities::default(), figures: Cell::new(0), tables: Cell::new(0) }
    }

    pub(crate) fn into_quantities(self) -> Vec<Quantity> {
        self.quantities.into_vec()
    }

    pub(crate) fn analyses(&self) -> &'a Analyses {
        self.input.analyses
    }

    pub(crate) fn editions(&self) -> impl Iterator<Item = Locale> + 'a {
        self.input.project.editions.iter().copied()
    }

    /// Number and id of the next figure.
    pub(crate) fn next_figure(&self) -> (u32, String) {
        self.figures.set(self.figures.get() + 1);
        (self.figures.get(), format!("FIG-{:02}", self.figures.get()))
    }

    /// Id of the next table.
    pub(crate) fn next_table(&self) -> String {
        self.tables.set(self.tables.get() + 1);
        format!("TAB-{:02}", self.tables.get())
    }

    // ── Words ────────────────────────────────────────────────────────────────────────────────

    /// One value per edition.
    pub(crate) fn each<T>(&self, mut f: impl FnMut(Locale) -> T) -> Localized<T> {
        self.editions().map(|l| (l, f(l))).collect()
    }

    /// A sentence of the catalogue; `slots` gives its values in an edition, more than it needs if
    /// that is simpler.
    pub(crate) fn say(&self, key: &str, slots: impl Fn(Locale) -> Slots) -> Result<Words, Error> {
        self.editions().map(|l| Ok((l, self.say_in(l, key, &slots(l))?))).collect()
    }

    /// The same in one edition. The client and the period are known to every sentence.
    pub(crate) fn say_in(&self, l: Locale, key: &str, slots: &[(&'static str, String)]) -> Result<String, Error> {
        let filled = self.filled(l, key, slots);
        let slots: Vec<(&str, &str)> = filled.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Ok(one_period(self.input.catalogue.say(key, l, &slots)?))
    }

    /// The slots a sentence wants, of those given and of those every sentence may use.
    fn filled(&self, l: Locale, key: &str, given: &[(&'static str, String)]) -> Slots {
        let wanted: Vec<&str> = self.input.catalogue.slots(key).collect();
        let mut slots: Slots = given.iter().filter(|(name, _)| wanted.contains(name)).cloned().collect();
        let mut known = |name: &'static str, value: String| {
            if wanted.contains(&name) && slots.iter().all(|(n, _)| *n != name) {
                slots.push((name, value));
            }
        };
        known("client", self.client().to_owned());
        known("of_client", self.of(l, 0));
        known("period", self.period(l));
        slots
    }

    /// A sentence as a paragraph with emphasis.
    pub(crate) fn text(&self, key: &str, slots: impl Fn(Locale) -> Slots) -> Result<Text, Error> {
        Ok(self.say(key, slots)?.into_iter().map(|(l, words)| (l, paragraph(&words))).collect())
    }

    /// "1 234 mentions", in one edition.
    pub(crate) fn count_in(&self, l: Locale, key: &str, n: u64) -> Result<String, Error> {
        Ok(self.input.catalogue.say_count(key, l, n, &[])?)
    }

    /// A sentence whose form depends on a number.
    pub(crate) fn count(&self, key: &str, n: u64, slots: impl Fn(Locale) -> Slots) -> Result<Words, Error> {
        self.editions()
            .map(|l| {
                let filled = self.filled(l, key, &slots(l));
                let slots: Vec<(&str, &str)> = filled.iter().map(|(name, value)| (*name, value.as_str())).collect();
                Ok((l, one_period(self.input.catalogue.say_count(key, l, n, &slots)?)))
            })
            .collect()
    }

    /// The same as a paragraph with emphasis.
    pub(crate) fn count_text(&self, key: &str, n: u64, slots: impl Fn(Locale) -> Slots) -> Result<Text, Error> {
        Ok(self.count(key, n, slots)?.into_iter().map(|(l, words)| (l, paragraph(&words))).collect())
    }

    /// Words of a person, typeset for each edition.
    pub(crate) fn bilingual(&self, words: &Bilingual) -> Words {
        self.each(|l| number::typeset(l, words.get(language(l))))
    }

    /// The same words in every edition.
    pub(crate) fn same(&self, words: &str) -> Words {
        self.each(|_| words.to_owned())
    }

    // ── Time ─────────────────────────────────────────────────────────────────────────────────

    /// The period: "octobre 2026".
    pub(crate) fn period(&self, l: Locale) -> String {
        number::period(l, self.input.period)
    }

    /// Its first and last day: "1er au 31 octobre 2026".
    pub(crate) fn range(&self, l: Locale) -> String {
        number::date_range_long(l, self.input.period.start, self.last_day())
    }

    pub(crate) fn last_day(&self) -> Date {
        self.input.period.end.saturating_sub(1.day())
    }

    /// "sept." for a month, "période préc." otherwise.
    pub(crate) fn previous(&self, l: Locale) -> String {
        let previous = self.input.period.previous();
        if previous.is_month() {
            return number::month_name_short(l, previous.start);
        }
        self.say_in(l, "previous.range", &[]).unwrap_or_default()
    }

    /// "vs sept."
    pub(crate) fn versus(&self, l: Locale) -> Result<String, Error> {
        self.say_in(l, "versus", &[("period", self.previous(l))])
    }

    /// "en septembre", "sur la période précédente"; `capital` at the head of a sentence.
    pub(crate) fn in_previous(&self, l: Locale, capital: bool) -> Result<String, Error> {
        let previous = self.input.period.previous();
        let key = match (previous.is_month(), capital) {
            (true, false) => "in.previous",
            (true, true) => "In.previous",
            (false, false) => "in.previous.range",
            (false, true) => "In.previous.range",
        };
        self.say_in(l, key, &[("period", number::month_name(l, previous.start))])
    }

    /// Local day number `index` of the period.
    pub(crate) fn day(&self, index: usize) -> Date {
        from_epoch_day(self.analyses().health.first_day + index as i32)
    }

    // ── Names ────────────────────────────────────────────────────────────────────────────────

    pub(crate) fn client(&self) -> &'a str {
        self.short(0)
    }

    /// Short name of an entity.
    pub(crate) fn short(&self, entity: usize) -> &'a str {
        let tracked = self.input.project.entities.get(entity);
        tracked.map_or("", |t| t.entity.short.as_str())
    }

    /// "de Nordet", "d'Ondéa", "of Nordet".
    pub(crate) fn of(&self, l: Locale, entity: usize) -> String {
        number::of(l, self.short(entity))
    }

    /// Printed name of a platform: ours where we have one, else its id.
    pub(crate) fn platform(&self, l: Locale, platform: u32) -> String {
        let id = self.analyses().names.platforms.get(platform as usize).map_or("", String::as_str);
        self.say_in(l, &format!("platform.{id}"), &[]).unwrap_or_else(|_| id.to_owned())
    }

    /// Printed name of a source.
    pub(crate) fn source(&self, l: Locale, source: u32) -> String {
        let id = self.analyses().names.sources.get(source as usize).map_or("", String::as_str);
        self.input.project.source(id).map_or_else(|| id.to_owned(), |s| number::typeset(l, s.name.get(language(l))))
    }

    // ── Drawings ─────────────────────────────────────────────────────────────────────────────

    /// Draws in every edition.
    pub(crate) fn draw(
        &self,
        id: &str,
        width: Width,
        words: impl Fn(Locale) -> (String, String),
        chart: impl Fn(Locale) -> Result<Chart, Error>,
    ) -> Result<Drawn, Error> {
        let mut svg = Localized::new();
        let mut size = (0.0, 0.0);
        for l in self.editions() {
            let (title, desc) = words(l);
            let caption = Caption { id: id.to_lowercase(), title, desc };
            let format = Format { palette: self.input.palette.clone(), ..Format::new(width) };
            let Drawing { svg: drawing, width, height, .. } = draw_in(&chart(l)?, &caption, self.input.fonts, &format)
                .map_err(|source| Error::Chart { figure: id.to_owned(), source })?;
            size = (width, height);
            svg.insert(l, drawing);
        }
        Ok(Drawn { svg, size })
    }
}

/// "… du 6 au 8 oct.." ends with one period: that of the abbreviation. Three are an ellipsis.
fn one_period(sentence: String) -> String {
    if !sentence.contains("..") {
        return sentence;
    }
    sentence.split("...").map(|part| part.replace("..", ".")).collect::<Vec<_>>().join("...")
}

/// Language of an edition.
pub(crate) fn language(l: Locale) -> Language {
    if l.is_french() { Language::French } else { Language::English }
}

#[cfg(test)]
mod tests {
    use super::one_period;

    #[test]
    fn an_abbreviation_ends_its_sentence_and_an_ellipsis_stays() {
        assert_eq!(one_period("du 6 au 8 oct.. Suite".to_owned()), "du 6 au 8 oct. Suite");
        assert_eq!(one_period("« Attendez... » dit-il. En sept..".to_owned()), "« Attendez... » dit-il. En sept.");
    }
}
