//! `vigie plugin test`.

use std::path::Path;

use serde_json::json;
use vigie_model::diagnostic::{Bilingual, Diagnostic, Language};
use vigie_plugin_host::package;
use vigie_plugin_kit::suite::{self, Choice, Line, NotStarted, Verdict};

use crate::exit;
use crate::print::Printer;

pub(super) fn run(dir: &Path, choice: &Choice, as_json: bool, printer: &Printer) -> u8 {
    let runner = match package::runner() {
        Ok(runner) => runner,
        Err(problems) => return super::told(&problems, printer),
    };
    if choice.in_process {
        let words = Bilingual::new(
            "the plugin runs in this process, without sandbox and limits: this is for debuggers and proves less",
            "le greffon tourne dans ce processus, sans bac à sable ni limites : c'est pour les débogueurs, et prouve moins",
        );
        printer.diagnostic(&Diagnostic::warning("P153", words));
    }
    let mut tell = |line: &Line| if as_json { data(line, printer) } else { text(line, printer) };
    match suite::run(dir, choice, runner, &mut tell) {
        Ok(report) => {
            let count = |wanted: fn(&Verdict) -> bool| report.tests.iter().filter(|t| wanted(&t.verdict)).count();
            let passed = count(|v| matches!(v, Verdict::Passed));
            let warned = count(|v| matches!(v, Verdict::Warned { .. }));
            let failed = count(|v| matches!(v, Verdict::Failed { .. }));
            let without = count(|v| matches!(v, Verdict::NotApplicable { .. }));
            let words = Bilingual::new(
                format!(
                    "{}: {passed} passed, {failed} failed, {warned} warnings, {without} not applicable",
                    report.plugin
                ),
                format!(
                    "{} : {passed} réussies, {failed} échouées, {warned} avertissements, {without} sans objet",
                    report.plugin
                ),
            );
            printer.say(
                "suite",
                &words,
                json!({ "passed": passed, "failed": failed, "warned": warned, "not_applicable": without }),
            );
            if report.passed() { exit::COMPLETE } else { exit::NO_REPORT }
        }
        Err(NotStarted::Papers(problems)) => super::told(&problems, printer),
        Err(NotStarted::Said(words)) => {
            printer.error("P151", &words);
            exit::USAGE
        }
    }
}

fn data(line: &Line, printer: &Printer) {
    printer.data(&serde_json::to_string(line).unwrap_or_default());
}

fn text(line: &Line, printer: &Printer) {
    let french = printer.language == Language::French;
    let title = line.title.get(printer.language);
    match &line.verdict {
        Verdict::Passed => printer.text(&format!("{}  {}  {title}", line.id, if french { "réussie" } else { "ok" })),
        Verdict::NotApplicable { reason } => {
            let word = if french { "sans objet" } else { "n/a" };
            printer.text(&format!("{}  {word}  {title} ({})", line.id, reason.get(printer.language)));
        }
        Verdict::Failed { found, advice } | Verdict::Warned { found, advice } => {
            let word = match (&line.verdict, french) {
                (Verdict::Warned { .. }, true) => "AVERTISSEMENT",
                (Verdict::Warned { .. }, false) => "WARNING",
                (_, true) => "ÉCHOUÉE",
                (_, false) => "FAILED",
            };
            printer.text(&format!("{}  {word}  {title}", line.id));
            printer.text(&format!("      {}", found.get(printer.language)));
            printer.text(&format!(
                "      {} {}",
                if french { "à faire :" } else { "to do:" },
                advice.get(printer.language)
            ));
        }
    }
}
