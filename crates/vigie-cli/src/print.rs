//! The only printing: data on standard output, everything else on standard error.
#![allow(clippy::print_stderr, reason = "this is where printing belongs")]

use std::cell::RefCell;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use vigie_config::process_environment;
use vigie_model::diagnostic::render::{Color, render};
use vigie_model::diagnostic::{Bilingual, Diagnostic, Language, Severity};
use vigie_model::ledger::{SourceLedger, SourceOutcome};
use vigie_pipeline::Failure;

use crate::args::{LogFormat, Output, Speech};

/// Lines of a crashed plugin that are repeated, and how much of each.
const LAST_LINES: usize = 5;
const MAX_SHOWN: usize = 300;

/// How, and in which language, the program speaks.
pub(crate) struct Printer {
    pub(crate) language: Language,
    quiet: bool,
    format: LogFormat,
    color: Color,
    bar: RefCell<Option<ProgressBar>>,
}

impl Printer {
    pub(crate) fn new(output: &Output) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let plain = process_environment("NO_COLOR").is_some_and(|v| !v.is_empty());
        Self {
            language: match output.language {
                Some(Speech::Fr) => Language::French,
                Some(Speech::En) => Language::English,
                None => system_language(),
            },
            quiet: output.quiet,
            format: output.log_format,
            color: if terminal && !plain { Color::Always } else { Color::Never },
            bar: RefCell::new(None),
        }
    }

    /// Data: a path, a line of a plan.
    pub(crate) fn data(&self, line: &str) {
        self.hide_progress();
        // A reader that goes away (`| head`) has what it wanted.
        let _ = writeln!(std::io::stdout(), "{line}");
    }

    /// A line of data with text from outside in it.
    pub(crate) fn text(&self, line: &str) {
        self.data(&harmless(line));
    }

    /// Fields of one thing, apart by tabs.
    pub(crate) fn row(&self, fields: &[&str]) {
        self.data(&fields.iter().map(|f| harmless(f)).collect::<Vec<_>>().join("\t"));
    }

    /// A place that was looked at, and what was there.
    pub(crate) fn tried(&self, place: &str, result: &Bilingual) {
        let words = Bilingual::new(format!("{place}: {}", result.en), format!("{place} : {}", result.fr));
        self.say("tried", &words, json!({"place": place}));
    }

    /// A question to a person at the terminal; the answer follows on the same line.
    pub(crate) fn ask(&self, question: &Bilingual) {
        self.hide_progress();
        eprint!("{} ", question.get(self.language));
    }

    /// One thing that is wrong.
    pub(crate) fn diagnostic(&self, d: &Diagnostic) {
        self.hide_progress();
        if self.quiet && d.severity == Severity::Warning {
            return;
        }
        match self.format {
            LogFormat::Text => eprintln!("{}", render(d, self.language, self.color).trim_end()),
            LogFormat::Json => {
                let severity = if d.severity == Severity::Error { "error" } else { "warning" };
                let place = d.location.as_ref().map(|l| {
                    let line = l.text.get(..l.span.start).map_or(1, |before| before.matches('\n').count() + 1);
                    format!("{}:{line}", l.file.display())
                });
                let message = d.message.get(self.language);
                eprintln!("{}", json!({"event": severity, "code": d.code, "message": message, "place": place}));
            }
        }
    }

    /// An error without a place.
    pub(crate) fn error(&self, code: &'static str, message: &Bilingual) {
        self.diagnostic(&Diagnostic::error(code, message.clone()));
    }

    /// Something worth knowing; `event` and `fields` are for machines.
    pub(crate) fn say(&self, event: &str, words: &Bilingual, fields: serde_json::Value) {
        if self.quiet {
            return;
        }
        self.hide_progress();
        match self.format {
            LogFormat::Text => eprintln!("{}", harmless(words.get(self.language))),
            LogFormat::Json => {
                let mut line = json!({"event": event, "message": words.get(self.language)});
                if let (Some(line), serde_json::Value::Object(fields)) = (line.as_object_mut(), fields) {
                    line.extend(fields);
                }
                eprintln!("{line}");
            }
        }
    }

    /// Work that goes on; shown on a terminal only.
    pub(crate) fn progress(&self, words: &Bilingual) {
        if self.quiet || self.format == LogFormat::Json || !std::io::stderr().is_terminal() {
            return;
        }
        let mut bar = self.bar.borrow_mut();
        let bar = bar.get_or_insert_with(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        bar.set_message(harmless(words.get(self.language)));
    }

    /// Takes the progress line away.
    pub(crate) fn hide_progress(&self) {
        if let Some(bar) = self.bar.borrow_mut().take() {
            bar.finish_and_clear();
        }
    }

    /// What a source delivered in this run.
    pub(crate) fn ledger(&self, ledger: &SourceLedger) {
        let rows = &ledger.rows;
        let (state, reason) = match &ledger.outcome {
            SourceOutcome::Complete => ("complete", None),
            SourceOutcome::Partial { reason } => ("partial", Some(reason)),
            SourceOutcome::Failed { reason } => ("failed", Some(reason)),
        };
        let reasons: Vec<String> = rows.rejected_by_reason.iter().map(|(r, n)| format!("{n} {r}")).collect();
        let rejected = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) };
        let words = Bilingual::new(
            format!(
                "{}: {} read, {} kept, {} duplicates, {} rejected{rejected}",
                ledger.source, rows.read, rows.kept, rows.duplicates, rows.rejected
            ),
            format!(
                "{} : {} lues, {} retenues, {} doublons, {} rejetées{rejected}",
                ledger.source, rows.read, rows.kept, rows.duplicates, rows.rejected
            ),
        );
        self.say("source", &words, json!({"source": ledger.source, "state": state, "rows": rows}));
        if let Some(reason) = reason {
            self.left_out(&ledger.source, state == "failed", reason);
        }
        for warning in ledger.warnings.iter().filter(|w| Some(*w) != reason) {
            let words = Bilingual::new(
                format!("{}: {}", ledger.source, warning.en),
                format!("{} : {}", ledger.source, warning.fr),
            );
            self.diagnostic(&Diagnostic::warning("S002", words));
        }
    }

    /// A source that did not deliver everything: an error line, but the run goes on.
    fn left_out(&self, source: &str, failed: bool, reason: &Bilingual) {
        let (en, fr) = if failed { ("stopped", "arrêtée") } else { ("incomplete", "incomplète") };
        let words = Bilingual::new(
            format!("source `{source}` {en}: {}", reason.en),
            format!("source `{source}` {fr} : {}", reason.fr),
        );
        self.error("S001", &words);
    }

    /// A source that failed and is read on.
    pub(crate) fn retrying(&self, source: &str, failure: &Failure, wait: Duration) {
        let seconds = wait.as_secs();
        let (when, quand) = match seconds {
            0 => ("at once".to_owned(), "aussitôt".to_owned()),
            s => (format!("in {s} s"), format!("dans {s} s")),
        };
        let (code, Bilingual { en, fr }) = (failure.code, &failure.message);
        let words = Bilingual::new(
            format!("source `{source}`: [{code}] {en}; it is read on from its last checkpoint {when}"),
            format!("source `{source}` : [{code}] {fr} ; lecture reprise {quand} à son dernier point de reprise"),
        );
        self.say("retry", &words, json!({"source": source, "code": code, "seconds": seconds}));
    }

    /// What an author needs to find out why a plugin crashed.
    pub(crate) fn crashed(&self, source: &str, project: &Path, failure: &Failure) {
        let words = Bilingual::new(
            format!("source `{source}`: for the plugin's author"),
            format!("source `{source}` : pour l'auteur du greffon"),
        );
        let state = failure.checkpoint.as_ref().map_or_else(|| "—".to_owned(), ToString::to_string);
        let state: String = harmless(&state).chars().take(MAX_SHOWN).collect();
        let mut diagnostic = Diagnostic::warning("S004", words)
            .hint(Bilingual::new(format!("checkpoint: {state}"), format!("point de reprise : {state}")));
        for line in failure.log_tail.iter().rev().take(LAST_LINES).rev() {
            let line: String = harmless(line).chars().take(MAX_SHOWN).collect();
            diagnostic = diagnostic.hint(Bilingual::new(format!("it said: {line}"), format!("il a dit : {line}")));
        }
        let command = format!("vigie collect {} --source {source}", project.display());
        let hint = Bilingual::new(format!("to see it again: {command}"), format!("pour le revoir : {command}"));
        self.diagnostic(&diagnostic.hint(hint));
    }

    /// Rows that could not become mentions: how many, where the first is, what to do.
    pub(crate) fn rejected(&self, source: &str, rows: u64, place: &str, reason: &str, kept_in: &Path) {
        let words = Bilingual::new(
            format!("source `{source}`: {rows} rows rejected, the first at {place} ({reason}); the others are kept"),
            format!(
                "source `{source}` : {rows} lignes rejetées, la première à {place} ({reason}) ; les autres sont gardées"
            ),
        );
        let folder = kept_in.display();
        let hint = Bilingual::new(
            format!("see them in {folder}, mend the file or the source's options, then run again"),
            format!("voyez-les dans {folder}, corrigez le fichier ou les options de la source, puis relancez"),
        );
        self.diagnostic(&Diagnostic::warning("S003", words).hint(hint));
    }

    /// A path as a person can use it.
    pub(crate) fn path(&self, path: &Path) {
        self.data(&path.display().to_string());
    }
}

/// French when the system speaks it, English otherwise.
fn system_language() -> Language {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(process_environment).find(|v| !v.is_empty());
    if set.is_some_and(|v| v.starts_with("fr")) { Language::French } else { Language::English }
}

/// Text of files and plugins without what could drive a terminal or turn the direction of writing: nobody is to trust
/// a plugin whose name reads differently from what it is.
pub(crate) fn harmless(text: &str) -> String {
    let turns = |c: &char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|c| !c.is_control() && !turns(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_files_do_not_reach_the_terminal() {
        assert_eq!(harmless("a\u{1b}[31mb\u{7}"), "a[31mb");
        assert_eq!(harmless("vigie\u{202e}eigiv\u{2069}"), "vigieeigiv");
    }
}
