//! What an audit says, as lines for a person and as JSON.

use serde_json::{Value, json};
use vigie_config::settings::Project;
use vigie_model::period::Period;
use vigie_pipeline::audit::{Audited, Corrected, DOUBTFUL, LEAST, Level};

/// Names of the classes, in the order of an audit.
const CLASSES: [(&str, &str); 3] = [("negative", "négatif"), ("neutral", "neutre"), ("positive", "positif")];

/// A number as the language writes it.
fn number(value: f64, digits: usize, french: bool) -> String {
    let shown = format!("{value:.digits$}");
    let shown = if shown.trim_start_matches(['-', '0', '.']).is_empty() { shown.replace('-', "") } else { shown };
    if french { shown.replace('.', ",") } else { shown }
}

/// `0.65 (0.56 to 0.73)`.
fn interval(level: &Level, scale: f64, digits: usize, french: bool) -> String {
    let [value, lo, hi] = [level.value, level.lo, level.hi].map(|x| number(scale * x, digits, french));
    format!("{value} ({lo} {} {hi})", if french { "à" } else { "to" })
}

/// The lines printed for a person.
pub(super) fn lines(project: &Project, period: &Period, audited: &Audited, french: bool) -> Vec<String> {
    let say = |en: String, fr: String| if french { fr } else { en };
    let readers = audited.reviewers.join(", ");
    let mut out = vec![say(
        format!("{period}: {} mentions read by {readers}, {} of them irrelevant", audited.labels, audited.irrelevant),
        format!(
            "{period} : {} mentions lues par {readers}, dont {} non pertinentes",
            audited.labels, audited.irrelevant
        ),
    )];
    if audited.lost > 0 {
        let lost = audited.lost;
        out.push(say(
            format!("{lost} labelled mentions are gone from the archive or not counted any more"),
            format!("{lost} mentions codées ont quitté l'archive ou ne sont plus comptées"),
        ));
    }
    if audited.learnt_from {
        out.push(say(
            "the project's model learnt from these labels: the shipped weights are audited".to_owned(),
            "le modèle du projet a appris de ces codages : ce sont les poids livrés qui sont vérifiés".to_owned(),
        ));
    }
    out.push(String::new());
    let name = |class: usize| if french { CLASSES[class].1 } else { CLASSES[class].0 };
    let head = say("person \\ machine".to_owned(), "personne \\ machine".to_owned());
    out.push(format!("{head:<20}{:>10}{:>10}{:>10}", name(0), name(1), name(2)));
    for (class, row) in audited.confusion.0.iter().enumerate() {
        out.push(format!("{:<20}{:>10}{:>10}{:>10}", name(class), row[0], row[1], row[2]));
    }
    let confusion = &audited.confusion;
    if let (Some(accuracy), Some(f1)) = (confusion.accuracy(), confusion.macro_f1()) {
        let kappa = confusion.kappa().map_or_else(|| "—".to_owned(), |k| interval(&k, 1.0, 2, french));
        let (accuracy, f1) = (interval(&accuracy, 1.0, 2, french), interval(&f1, 1.0, 2, french));
        out.push(say(
            format!("machine: accuracy {accuracy}, macro-F1 {f1}, kappa {kappa}"),
            format!("machine : exactitude {accuracy}, macro-F1 {f1}, kappa {kappa}"),
        ));
    }
    if let Some(agreement) = audited.between.value() {
        let (value, n) = (number(agreement, 2, french), audited.between.mentions);
        let measure = if audited.between.pairs.len() > 1 { "alpha" } else { "kappa" };
        out.push(say(
            format!("persons: {measure} {value}, over {n} mentions read twice"),
            format!("personnes : {measure} {value}, sur {n} mentions lues deux fois"),
        ));
        if agreement < DOUBTFUL {
            out.push(say(
                "they disagree too often for these labels to be relied on: settle with them what each tone means"
                    .to_owned(),
                "elles s'accordent trop peu pour qu'on se fie à ces codages : convenez avec elles du sens de chaque ton"
                    .to_owned(),
            ));
        }
    }
    if audited.audit.is_none() {
        let labels = audited.labels;
        out.push(say(
            format!("levels are corrected from {LEAST} labels on; there are {labels}"),
            format!("les niveaux sont corrigés à partir de {LEAST} codages ; il y en a {labels}"),
        ));
    }
    for corrected in audited.audit.iter().flat_map(|a| a.entities.iter().flatten()) {
        out.extend(entity(project, corrected, french));
    }
    out
}

fn entity(project: &Project, corrected: &Corrected, french: bool) -> Vec<String> {
    let say = |en: String, fr: String| if french { fr } else { en };
    let name = project.entities.get(corrected.entity).map_or("", |t| t.entity.short.as_str());
    let Corrected { labels, mentions, .. } = corrected;
    let mut out = vec![
        String::new(),
        say(
            format!("{name}: {labels} mentions read of {mentions}"),
            format!("{name} : {labels} mentions lues sur {mentions}"),
        ),
    ];
    let mut line = |what: &str, raw: f64, level: &Level, unit: &str| {
        let (raw, level) = (number(raw, 0, french), interval(level, 1.0, 0, french));
        let (counted, really) = if french { ("compté", "corrigé") } else { ("counted", "corrected") };
        out.push(format!("  {what:<18}{counted} {raw:>4}{unit:<3}{really} {level}{unit}"));
    };
    let percent = if french { " %" } else { "%" };
    for (class, (en, fr)) in CLASSES.iter().enumerate() {
        line(if french { fr } else { en }, corrected.raw[class], &corrected.levels.shares[class], percent);
    }
    line(if french { "tonalité nette" } else { "net sentiment" }, corrected.raw_net, &corrected.levels.net, "");
    let alone = interval(&corrected.alone.net, 1.0, 0, french);
    out.push(say(format!("  from its own labels alone: {alone}"), format!("  par ses seuls codages : {alone}")));
    if let Some(relevant) = corrected.relevant {
        let share = number(relevant, 0, french);
        out.push(say(format!("  relevant: {share}%"), format!("  pertinentes : {share} %")));
    }
    out
}

fn level(level: &Level) -> Value {
    json!({"value": level.value, "low": level.lo, "high": level.hi})
}

/// The same as one object. Shares are in percent, net sentiment in points.
pub(super) fn json(project: &Project, period: &Period, audited: &Audited) -> Value {
    let confusion = &audited.confusion;
    let optional = |found: Option<Level>| found.as_ref().map(level);
    let entities: Vec<Value> = audited
        .audit
        .iter()
        .flat_map(|a| a.entities.iter().flatten())
        .map(|c| {
            let shares = |of: &dyn Fn(usize) -> Value| json!({"negative": of(0), "neutral": of(1), "positive": of(2)});
            json!({
                "entity": project.entities.get(c.entity).map(|t| t.entity.id.as_str()),
                "labels": c.labels,
                "mentions": c.mentions,
                "relevant": c.relevant,
                "counted": {"shares": shares(&|i| json!(c.raw[i])), "net": c.raw_net},
                "alone": {"shares": shares(&|i| level(&c.alone.shares[i])), "net": level(&c.alone.net)},
                "corrected": {"shares": shares(&|i| level(&c.levels.shares[i])), "net": level(&c.levels.net)},
            })
        })
        .collect();
    json!({
        "period": period.to_string(),
        "labels": audited.labels,
        "irrelevant": audited.irrelevant,
        "lost": audited.lost,
        "reviewers": audited.reviewers,
        "confusion": confusion.0,
        "accuracy": optional(confusion.accuracy()),
        "macro_f1": optional(confusion.macro_f1()),
        "kappa": optional(confusion.kappa()),
        "persons": {"mentions": audited.between.mentions, "agreement": audited.between.value()},
        "lambda": audited.audit.as_ref().map(|a| a.lambda),
        "shipped_weights": audited.learnt_from,
        "entities": entities,
    })
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_written_as_the_language_does() {
        assert_eq!(number(0.654, 2, true), "0,65");
        assert_eq!((number(-0.3, 0, false), number(-12.6, 0, false)), ("0".to_owned(), "-13".to_owned()));
    }
}
