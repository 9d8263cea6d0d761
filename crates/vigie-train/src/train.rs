//! Makes the weights, and measures them on texts they did not learn from.

use std::path::Path;
use std::thread;

use vigie_text::language::LanguageHints;
use vigie_text::reading::{Hints, Scratch, features};
use vigie_text::stop_words::Known;
use vigie_text::tone::model::Model;
use vigie_text::tone::rules_only;

use crate::data::{Example, Failure, Result};
use crate::fit::{Seen, Settings, fit, temperature};
use crate::scores::{Confusion, calibration_error, likeliest};
use crate::sets;

/// Parts of which each is left out once.
const FOLDS: usize = 5;

pub(crate) fn code(language: Known) -> &'static str {
    match language {
        Known::French => "fr",
        Known::English => "en",
    }
}

fn settings(language: Known) -> Settings {
    match language {
        Known::English => Settings { passes: 4, step: 0.03, dense_step: 0.02, decay: 1e-6, balance: 1.0 },
        // Fewer examples, of posts only: what they do not teach stays closer to the rules.
        Known::French => Settings { passes: 4, step: 0.03, dense_step: 0.005, decay: 1e-6, balance: 1.0 },
    }
}

/// The examples as the model sees them.
pub(crate) fn seen(examples: &[Example], language: Known) -> Vec<Seen> {
    let declared = Some(code(language));
    let hints = Hints { language: LanguageHints { declared, ..LanguageHints::default() }, ..Hints::default() };
    let mut scratch = Scratch::default();
    let of = |e: &Example| {
        let features = features(&e.text, &hints, &mut scratch)?;
        Some(Seen { features, class: e.class, weight: f64::from(e.weight) })
    };
    examples.iter().filter_map(of).collect()
}

/// Fits the weights of both languages and writes them to `out`.
pub(crate) fn train(data: &Path, out: &Path) -> Result<()> {
    let languages = [Known::English, Known::French];
    let models = thread::scope(|scope| {
        let fits = languages.map(|language| scope.spawn(move || learn(data, language)));
        fits.map(|f| f.join().unwrap_or_else(|_| Err(Failure::new(data, "a fit stopped"))))
    });
    for (language, model) in languages.into_iter().zip(models) {
        let path = out.join(format!("{}.bin", code(language)));
        std::fs::write(&path, model?.to_bytes()).map_err(|e| Failure::new(&path, e))?;
        println!("{}", path.display());
    }
    Ok(())
}

/// The weights of one language: temperature from folds, weights from everything.
fn learn(data: &Path, language: Known) -> Result<Model> {
    let examples = seen(&sets::training(data, language, &sets::aside(data)?)?, language);
    let settings = settings(language);
    let (kept, left_out) = part(&examples, 0);
    let rules = rules_only(language);
    let temperature = temperature(&fit(&kept, rules, settings), &left_out);
    Ok(Model { temperature, ..fit(&examples, rules, settings) })
}

/// All examples but one in [`FOLDS`], and those, of full weight only: another register is learnt from but
/// not measured on.
fn part(examples: &[Seen], fold: usize) -> (Vec<Seen>, Vec<Seen>) {
    let (mut kept, mut left_out) = (Vec::new(), Vec::new());
    for (at, example) in examples.iter().enumerate() {
        if example.weight < 1.0 || at % FOLDS != fold {
            kept.push(example.clone());
        } else {
            left_out.push(example.clone());
        }
    }
    (kept, left_out)
}

/// Scores by five folds of the posts learnt from.
pub(crate) fn folds(data: &Path) -> Result<()> {
    for language in [Known::French, Known::English] {
        let examples = seen(&sets::training(data, language, &sets::aside(data)?)?, language);
        let mut confusion = Confusion::default();
        let mut read = Vec::new();
        for fold in 0..FOLDS {
            let (kept, left_out) = part(&examples, fold);
            let mut model = fit(&kept, rules_only(language), settings(language));
            model.temperature = temperature(&model, &left_out);
            for example in &left_out {
                let p = model.probabilities(model.scores(&example.features));
                confusion.add(example.class, likeliest(&p));
                read.push((p, example.class));
            }
        }
        println!(
            "{} posts, five folds ({}): macro-F1 {:.3}, macro-recall {:.3}, calibration error {:.3}",
            code(language),
            confusion.texts(),
            confusion.f1(&[0, 1, 2]),
            confusion.recall(&[0, 1, 2]),
            calibration_error(&read)
        );
    }
    Ok(())
}
