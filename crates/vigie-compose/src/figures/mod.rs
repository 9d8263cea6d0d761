//! The figures of the report, one file each: chart, data, words.

pub(crate) mod calendar;
pub(crate) mod changes;
pub(crate) mod competitors;
pub(crate) mod daily;
pub(crate) mod months;
pub(crate) mod platforms;
pub(crate) mod shares;
pub(crate) mod terms;
pub(crate) mod tone;

use std::collections::BTreeMap;

use vigie_model::locale::Locale;
use vigie_model::metric::Metric;
use vigie_report::figure::{Data, Figure};
use vigie_report::number;
use vigie_report::text::Words;

use crate::Error;
use crate::builder::{Builder, Drawn};

/// A title that was checked: its rule and its words.
pub(crate) struct Title {
    pub(crate) id: &'static str,
    pub(crate) words: Words,
}

/// What a figure says around its drawing.
pub(crate) struct Captions {
    pub(crate) title: Title,
    pub(crate) subtitle: Words,
    pub(crate) note: Words,
    pub(crate) alt: Words,
}

/// Definition, formula and doubt of the measures drawn, as keys of the catalogue.
const DEFINITIONS: [(&str, &str); 3] =
    [("sov", "def.sov.text"), ("net_sentiment", "def.net.text"), ("mentions", "def.mention.text")];

impl Builder<'_> {
    pub(crate) fn figure(
        &self,
        (number, id): (u32, String),
        metrics: &[Metric],
        captions: Captions,
        drawn: Drawn,
        n: u64,
        data: Data,
    ) -> Result<Figure, Error> {
        Ok(Figure {
            id,
            number,
            metrics: metrics.iter().map(ToString::to_string).collect(),
            title_id: captions.title.id.to_owned(),
            title: captions.title.words,
            subtitle: captions.subtitle,
            note: captions.note,
            alt: captions.alt,
            svg: drawn.svg,
            size: drawn.size,
            n,
            entities: Vec::new(),
            data,
            method: self.method(metrics)?,
        })
    }

    fn method(&self, metrics: &[Metric]) -> Result<BTreeMap<String, Words>, Error> {
        let mut method = BTreeMap::new();
        let known = metrics.iter().find_map(|m| DEFINITIONS.iter().find(|(id, _)| m.id.starts_with(id)));
        let definition = known.map_or("def.mention.text", |(_, key)| key);
        method.insert("definition".to_owned(), self.say(definition, |_| vec![])?);
        if metrics.iter().any(|m| m.id != "mentions") {
            method.insert("interval".to_owned(), self.say("def.interval.text", |_| vec![])?);
        }
        Ok(method)
    }

    /// "Source : vigie, Forums, Presse et X. n = 7 137." with the cautions that apply.
    pub(crate) fn source_note(&self, n: u64, cautions: &[&'static str]) -> Result<Words, Error> {
        self.say("fig.source", |l| {
            let mut gap = String::new();
            let gaps = self.has_gap().then_some("fig.source.gap");
            for key in gaps.iter().chain(cautions) {
                gap.push_str(&self.say_in(l, key, &[]).unwrap_or_default());
            }
            vec![("platforms", self.platform_list(l)), ("n", number::count(l, n)), ("gap", gap)]
        })
    }

    /// Platforms with mentions in the period, in words.
    pub(crate) fn platform_list(&self, l: Locale) -> String {
        let mut platforms: Vec<u32> = self.analyses().tally.current.voices.iter().map(|v| v.platform).collect();
        platforms.sort_unstable();
        platforms.dedup();
        let names: Vec<String> = platforms.into_iter().map(|p| self.platform(l, p)).collect();
        number::and(l, &names)
    }

    /// " Trait vertical : sept." when there is a previous period.
    pub(crate) fn tick_note(&self, l: Locale) -> String {
        if self.analyses().tally.previous.is_none() {
            return String::new();
        }
        self.say_in(l, "fig.tick", &[("previous", self.previous(l))]).unwrap_or_default()
    }

    /// "5 marques".
    pub(crate) fn entity_count(&self, l: Locale) -> String {
        self.count_in(l, "essentials.lead.entities", self.input.project.entities.len() as u64).unwrap_or_default()
    }
}
