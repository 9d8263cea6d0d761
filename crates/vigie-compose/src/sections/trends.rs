//! What is beginning?

use vigie_report::report::{Block, Section};
use vigie_report::text::Text;

use crate::Error;
use crate::builder::Builder;
use crate::figures::{Title, terms};

pub(crate) fn section(b: &mut Builder<'_>) -> Result<Section, Error> {
    let title = title(b)?;
    let lead = lead(b)?;
    let figure = terms::terms(b)?.map(|f| Block::Figure { figure: Box::new(f) });
    super::section(b, "trends", "trends", title, lead, figure.into_iter().collect())
}

fn title(b: &Builder<'_>) -> Result<Title, Error> {
    let slots = |l| vec![("of_client", b.of(l, 0)), ("period", b.period(l))];
    match b.analyses().terms.as_deref() {
        None => Ok(Title { id: "neutral", words: b.say("trends.title.neutral", slots)? }),
        Some([]) => Ok(Title { id: "trends.none", words: b.say("trends.title.none", slots)? }),
        Some([first, ..]) => {
            let words =
                b.say("trends.title.one", |l| vec![("term", terms::surface(first)), ("of_client", b.of(l, 0))])?;
            Ok(Title { id: "trends.first", words })
        }
    }
}

fn lead(b: &Builder<'_>) -> Result<Text, Error> {
    let Some(rising) = &b.analyses().terms else { return b.text("trends.lead.nohistory", |_| vec![]) };
    let key = if rising.is_empty() { "trends.lead.none" } else { "trends.lead" };
    let reference = terms::reference(b)?;
    b.text(key, |l| {
        vec![
            ("n", b.count_in(l, "count.terms", rising.len() as u64).unwrap_or_default()),
            ("of_client", b.of(l, 0)),
            ("reference", reference[&l].clone()),
        ]
    })
}
