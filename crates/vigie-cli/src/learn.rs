//! `vigie learn`: whether the project's labels read its texts better than the shipped weights, and keeping what does.

use std::path::Path;

use serde_json::json;
use vigie_model::diagnostic::Bilingual;
use vigie_pipeline::learn::{self, LEAST_LABELS, LEAST_OF_CLASS, Learnt, TooFew};

use crate::commands::project;
use crate::exit;
use crate::print::Printer;

const CLASSES: [(&str, &str); 3] = [("negative", "négatif"), ("neutral", "neutre"), ("positive", "positif")];

/// Learns from all labels of the project in `dir`.
pub(crate) fn learn(dir: &Path, printer: &Printer) -> u8 {
    let Some(project) = project(dir, printer) else { return exit::USAGE };
    if project.labels.is_empty() {
        let words = Bilingual::new(
            "the project has no label yet; begin with: vigie audit sample",
            "le projet n'a encore aucun codage ; commencez par : vigie audit sample",
        );
        printer.error("L010", &words);
        return exit::USAGE;
    }
    let lesson = match learn::learn(&project) {
        Ok(lesson) => lesson,
        Err(error) => {
            printer.error("A001", &error.message());
            return exit::NO_REPORT;
        }
    };
    if lesson.lost > 0 {
        let lost = lesson.lost;
        let words = Bilingual::new(
            format!("{lost} labelled mentions are gone from the archive or not counted any more: they teach nothing"),
            format!("{lost} mentions codées ont quitté l'archive ou ne sont plus comptées : elles n'apprennent rien"),
        );
        printer.say("learn.lost", &words, json!({"lost": lost}));
    }
    let mut kept = false;
    for (code, language, learnt) in
        [("fr", ("French", "Français"), &lesson.french), ("en", ("English", "Anglais"), &lesson.english)]
    {
        kept |= learnt.is_ok_and(|l| l.is_better());
        printer.say("learn", &told(language, learnt), fields(code, learnt));
    }
    if kept {
        printer.path(&lesson.file);
    }
    let words = if kept {
        Bilingual::new(
            "reports and vigie read --project use it from now on; commit it with the project",
            "les rapports et vigie read --project l'utilisent désormais ; versionnez-le avec le projet",
        )
    } else {
        Bilingual::new("the shipped weights stay in use", "les poids livrés restent en usage")
    };
    printer.say("learn.done", &words, json!({"kept": kept}));
    exit::COMPLETE
}

fn told((en, fr): (&str, &str), learnt: &Result<Learnt, TooFew>) -> Bilingual {
    match learnt {
        Err(TooFew::Labels(n)) => Bilingual::new(
            format!("{en}: {n} labels, {LEAST_LABELS} are needed to learn anything"),
            format!("{fr} : {n} codages, il en faut {LEAST_LABELS} pour apprendre quoi que ce soit"),
        ),
        Err(TooFew::OfClass(class, n)) => {
            let (class_en, class_fr) = CLASSES[*class];
            Bilingual::new(
                format!("{en}: {n} labels say {class_en}, {LEAST_OF_CLASS} of each tone are needed"),
                format!("{fr} : {n} codages disent {class_fr}, il en faut {LEAST_OF_CLASS} de chaque ton"),
            )
        }
        Ok(learnt) => {
            let numbers = [learnt.before, learnt.after, learnt.after - learnt.before, learnt.error];
            let [before, after, gain, error] = numbers.map(|n| format!("{:.1}", 100.0 * n));
            let [avant, apres, ecart, erreur] = numbers.map(|n| format!("{:.1}", 100.0 * n).replace('.', ","));
            let labels = learnt.labels;
            let (kept, garde) = if learnt.is_better() {
                ("kept: more than its standard error", "gardé : plus que son erreur type")
            } else {
                ("not kept: not more than its standard error", "non gardé : pas plus que son erreur type")
            };
            Bilingual::new(
                format!(
                    "{en}: mean recall {before}% with the shipped weights, {after}% after learning ({labels} labels, ten \
                     folds): {gain} points, standard error {error}; {kept}"
                ),
                format!(
                    "{fr} : rappel moyen de {avant} % avec les poids livrés, de {apres} % après apprentissage ({labels} \
                     codages, dix parts) : {ecart} points, erreur type {erreur} ; {garde}"
                ),
            )
        }
    }
}

fn fields(language: &str, learnt: &Result<Learnt, TooFew>) -> serde_json::Value {
    match learnt {
        Ok(l) => json!({
            "lang": language, "labels": l.labels, "before": l.before, "after": l.after, "error": l.error,
            "kept": l.is_better(),
        }),
        Err(_) => json!({"lang": language, "kept": false}),
    }
}
