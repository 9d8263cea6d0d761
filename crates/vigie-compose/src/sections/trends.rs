//! What is beginning?

use vigie_analysis::terms::RisingTerm;
use vigie_report::report::{Block, Section};
use vigie_report::text::{Text, Words};

use super::so_what;
use crate::Error;
use crate::builder::Builder;
use crate::figures::{Title, terms};
use crate::shown;

/// From this net sentiment on, in points, a term is told to weigh for or against.
const TONED: f64 = 20.0;

pub(crate) fn section(b: &mut Builder<'_>) -> Result<Section, Error> {
    let title = title(b)?;
    let lead = lead(b)?;
    let figure = terms::terms(b)?.map(|f| Block::Figure { figure: Box::new(f) });
    let blocks = figure.into_iter().chain(so_what(boxes(b)?)).collect();
    super::section(b, "trends", "trends", title, lead, blocks)
}

/// The rising terms that weigh most against the client and for it.
fn boxes(b: &Builder<'_>) -> Result<Vec<(Words, Text)>, Error> {
    let rising = b.analyses().terms.as_deref().unwrap_or_default();
    let toned = || rising.iter().filter_map(|t| Some((t, t.net?)));
    let said = |heading: &str, key: &str, (term, net): (&RisingTerm, f64)| -> Result<_, Error> {
        let text = b.text(key, |l| vec![("term", terms::surface(term)), ("net", shown::net(l, net))])?;
        Ok((b.say(heading, |_| vec![])?, text))
    };
    let mut boxes = Vec::new();
    if let Some(worst) = toned().filter(|t| t.1 <= -TONED).min_by(|a, b| weight(a).total_cmp(&weight(b))) {
        boxes.push(said("sowhat.means", "sowhat.trends.worst", worst)?);
    }
    if let Some(best) = toned().filter(|t| t.1 >= TONED).max_by(|a, b| weight(a).total_cmp(&weight(b))) {
        boxes.push(said("sowhat.watch", "sowhat.trends.best", best)?);
    }
    Ok(boxes)
}

/// Positive minus negative mentions of a term.
fn weight((term, net): &(&RisingTerm, f64)) -> f64 {
    net * term.mentions as f64
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
