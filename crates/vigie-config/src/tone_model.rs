//! `tone-model.toml`: what the project's own labels change in the reading of tone. Written by `vigie learn`.

use std::path::{Path, PathBuf};

use vigie_model::diagnostic::{Bilingual, Diagnostic};
use vigie_text::reading::READER_VERSION;
use vigie_text::tone::{Adjustment, Adjustments};

use crate::fields::Fields;
use crate::page::Page;

/// Name of the file.
pub const TONE_MODEL_FILE: &str = "tone-model.toml";
/// Code of the warning that the model adjusts another reader, and is not used.
pub const STALE: &str = "C171";

/// The adjustment of one language and how it was judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LanguageModel {
    /// The adjustment.
    pub adjustment: Adjustment,
    /// Labels it was learnt from.
    pub labels: u64,
    /// Macro-recall of the shipped weights on these labels.
    pub before: f64,
    /// Macro-recall of adjustments that did not see the label.
    pub after: f64,
    /// Standard error of the difference.
    pub error: f64,
}

/// What was learnt from a project's labels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ToneModel {
    /// Version of the reader it adjusts.
    pub reader: String,
    /// Periods whose labels it learnt from.
    pub periods: Vec<String>,
    /// For French.
    pub french: Option<LanguageModel>,
    /// For English.
    pub english: Option<LanguageModel>,
}

impl ToneModel {
    /// Whether it adjusts the reader of this program, not one of an earlier version.
    pub fn is_current(&self) -> bool {
        self.reader == READER_VERSION
    }

    /// What to read with: nothing adjusted when the reader is another one.
    pub fn adjustments(&self) -> Adjustments {
        if !self.is_current() {
            return Adjustments::default();
        }
        let of = |language: &Option<LanguageModel>| language.as_ref().map(|l| l.adjustment);
        Adjustments { french: of(&self.french), english: of(&self.english) }
    }
}

const KEYS: &[&str] = &["reader", "periods", "french", "english"];
const LANGUAGE_KEYS: &[&str] = &["negative", "positive", "labels", "before", "after", "error"];

/// The model of a file; what is wrong is reported on `page`.
pub(crate) fn read(page: &Page<'_>) -> Option<ToneModel> {
    let table = page.parse();
    let root = Fields::open(page, &table, TONE_MODEL_FILE, 0..0, KEYS);
    let reader = root.required_text("reader")?.into_inner();
    let periods = root.texts("periods").unwrap_or_default().into_iter().map(toml::Spanned::into_inner).collect();
    let of = |name: &str| {
        let (table, span) = root.table(name)?;
        language(&Fields::open(page, table, format!("[{name}]"), span, LANGUAGE_KEYS))
    };
    let model = ToneModel { reader, periods, french: of("french"), english: of("english") };
    if !model.is_current() {
        let (theirs, ours) = (&model.reader, READER_VERSION);
        let words = Bilingual::new(
            format!("it adjusts {theirs}, this program reads with {ours}: it is not used"),
            format!("il règle {theirs}, ce programme lit avec {ours} : il n'est pas utilisé"),
        );
        let hint = Bilingual::new("run `vigie learn` again", "relancez `vigie learn`");
        page.report(Diagnostic::warning(STALE, words).at(page.place(0..page.text.find('\n').unwrap_or(0))).hint(hint));
    }
    Some(model)
}

fn language(fields: &Fields<'_, '_>) -> Option<LanguageModel> {
    for key in LANGUAGE_KEYS {
        fields.require(key);
    }
    let row = |key: &str| -> Option<[f64; 3]> {
        let numbers: Vec<f64> = fields.numbers(key)?.into_iter().map(toml::Spanned::into_inner).collect();
        let row: Option<[f64; 3]> = numbers.try_into().ok().filter(|row: &[f64; 3]| row.iter().all(|n| n.is_finite()));
        if row.is_none() {
            fields.invalid(key, fields.span(), ("needs three numbers", "demande trois nombres"), None);
        }
        row
    };
    let (negative, positive) = (row("negative"), row("positive"));
    let number = |key: &str| fields.number(key).map(toml::Spanned::into_inner);
    let (labels, before, after, error) = (fields.count("labels"), number("before"), number("after"), number("error"));
    let adjustment = Adjustment::from_rows(negative?, positive?);
    Some(LanguageModel { adjustment, labels: labels?, before: before?, after: after?, error: error? })
}

/// Keeps a model in the project of `dir`; without anything learnt, the file is removed. Gives the file.
///
/// # Errors
/// When it cannot be written; the file is then as it was.
pub fn keep(dir: &Path, model: &ToneModel) -> Result<PathBuf, std::io::Error> {
    let path = dir.join(TONE_MODEL_FILE);
    if model.french.is_none() && model.english.is_none() {
        return match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(path),
        };
    }
    let draft = dir.join(format!(".{TONE_MODEL_FILE}.new"));
    std::fs::write(&draft, print(model)).and_then(|()| std::fs::rename(&draft, &path))?;
    Ok(path)
}

fn print(model: &ToneModel) -> String {
    use std::fmt::Write;
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let periods: Vec<String> = model.periods.iter().map(|p| quoted(p)).collect();
    let mut out = format!(
        "# What this project's labels change in the reading of tone: vigie learn\n\
         # Scores of negative and of positive against neutral: parts of the shipped negative and positive, a constant.\n\
         reader = {}\nperiods = [{}]\n",
        quoted(&model.reader),
        periods.join(", ")
    );
    for (name, language) in [("french", &model.french), ("english", &model.english)] {
        let Some(l) = language else { continue };
        let [negative, positive] = l.adjustment.rows();
        let _ = write!(
            out,
            "\n[{name}]\nnegative = {negative:?}\npositive = {positive:?}\nlabels = {}\nbefore = {:?}\n\
             after = {:?}\nerror = {:?}\n",
            l.labels, l.before, l.after, l.error
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model() -> ToneModel {
        let adjustment = Adjustment { matrix: [[1.25, -0.1], [0.0, 0.8]], constant: [1e-7, -2.0] };
        ToneModel {
            reader: READER_VERSION.to_owned(),
            periods: vec!["2026-10".to_owned()],
            french: Some(LanguageModel { adjustment, labels: 212, before: 0.61, after: 0.66, error: 0.02 }),
            english: None,
        }
    }

    fn read_text(text: &str) -> (Option<ToneModel>, Vec<String>) {
        let page = Page::new(Path::new("."), TONE_MODEL_FILE, text, &|_| None);
        let model = read(&page);
        (model, page.into_problems().iter().map(|d| format!("{} {}", d.code, d.message.fr)).collect())
    }

    #[test]
    fn a_model_reads_back_to_the_bit_and_nothing_learnt_is_no_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = keep(dir.path(), &model()).unwrap();
        let (found, wrong) = read_text(&std::fs::read_to_string(&path).unwrap());
        assert_eq!((found, wrong), (Some(model()), vec![]));
        keep(dir.path(), &ToneModel { french: None, ..model() }).unwrap();
        assert!(!path.exists());
        keep(dir.path(), &ToneModel { french: None, ..model() }).unwrap();
    }

    #[test]
    fn a_model_of_another_reader_is_told_and_adjusts_nothing() {
        let text = print(&model()).replace(READER_VERSION, "reader-0");
        let (found, wrong) = read_text(&text);
        assert_eq!(found.unwrap().adjustments(), Adjustments::default());
        assert!(wrong[0].contains("C171") && wrong[0].contains("reader-0"), "{wrong:?}");
        assert!(model().adjustments().french.is_some());
        assert!(read_text("reader = \"reader-2\"\n[french]\nnegative = [1, 2]\n").1.len() >= 2);
    }
}
