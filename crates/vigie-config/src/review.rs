//! `query-reviews.toml`: how many of the mentions a query finds a person found relevant. Written by
//! `vigie query sample --load`, read for the method page.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use toml::Spanned;
use vigie_model::diagnostic::Bilingual;

use crate::fields::Fields;
use crate::page::Page;
use crate::rewrite::rewrite;

/// Name of the file.
pub const REVIEWS_FILE: &str = "query-reviews.toml";

/// One review of one query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryReview {
    /// Name of the query or of the entity.
    pub query: String,
    /// Fingerprint of the query that was reviewed: another text is another query.
    pub fingerprint: String,
    /// Period the mentions were drawn from.
    pub period: String,
    /// When the labels were loaded.
    pub reviewed_on: Date,
    /// Mentions that the query found in the period.
    pub found: u64,
    /// Mentions read and found relevant.
    pub relevant: u64,
    /// Mentions read and found irrelevant.
    pub irrelevant: u64,
    /// Mentions read without a decision; they count on neither side.
    pub unsure: u64,
}

const KEYS: &[&str] = &["query", "fingerprint", "period", "reviewed_on", "found", "relevant", "irrelevant", "unsure"];

/// The reviews of a file; what is wrong is reported on `page`.
pub(crate) fn read(page: &Page<'_>) -> Vec<QueryReview> {
    let table = page.parse();
    let root = Fields::open(page, &table, REVIEWS_FILE, 0..0, &["review"]);
    root.tables("review")
        .into_iter()
        .filter_map(|(table, span)| review(&Fields::open(page, table, "[[review]]", span, KEYS)))
        .collect()
}

fn review(fields: &Fields<'_, '_>) -> Option<QueryReview> {
    for key in &KEYS[3..] {
        fields.require(key);
    }
    let text = |key: &str| fields.required_text(key).map(Spanned::into_inner);
    let (query, fingerprint, period) = (text("query"), text("fingerprint"), text("period"));
    let reviewed_on = fields.date("reviewed_on");
    let count = |key: &str| fields.count(key);
    let (found, relevant) = (count("found"), count("relevant"));
    let (irrelevant, unsure) = (count("irrelevant"), count("unsure"));
    Some(QueryReview {
        query: query?,
        fingerprint: fingerprint?,
        period: period?,
        reviewed_on: reviewed_on?.into_inner(),
        found: found?,
        relevant: relevant?,
        irrelevant: irrelevant?,
        unsure: unsure?,
    })
}

/// Keeps a review in the project of `dir`, instead of an earlier one of the same query and period. Gives the file.
///
/// # Errors
/// When the file there cannot be read as reviews, or cannot be written; it is then as it was.
pub fn keep(dir: &Path, review: QueryReview) -> Result<PathBuf, Bilingual> {
    let add = |reviews: &mut Vec<QueryReview>| {
        reviews.retain(|r| (&r.query, &r.period) != (&review.query, &review.period));
        reviews.push(review);
        reviews.sort_by(|a, b| (&a.query, &a.period).cmp(&(&b.query, &b.period)));
    };
    let print = |reviews: &[QueryReview]| Ok::<_, std::convert::Infallible>(print(reviews).into_bytes());
    rewrite(dir, REVIEWS_FILE, read, add, print).map(|(path, ())| path)
}

fn print(reviews: &[QueryReview]) -> String {
    use std::fmt::Write;
    let mut out = "# What a person found in samples of the queries: vigie query sample NAME --load FILE\n".to_owned();
    let quoted = |text: &str| toml::Value::from(text).to_string();
    for r in reviews {
        let _ = write!(
            out,
            "\n[[review]]\nquery = {}\nfingerprint = {}\nperiod = {}\nreviewed_on = {}\nfound = {}\nrelevant = {}\n\
             irrelevant = {}\nunsure = {}\n",
            quoted(&r.query),
            quoted(&r.fingerprint),
            quoted(&r.period),
            r.reviewed_on,
            r.found,
            r.relevant,
            r.irrelevant,
            r.unsure
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn review(period: &str, relevant: u64) -> QueryReview {
        QueryReview {
            query: "brand \"x\"".to_owned(),
            fingerprint: "abc".to_owned(),
            period: period.to_owned(),
            reviewed_on: date(2026, 11, 24),
            found: 120,
            relevant,
            irrelevant: 3,
            unsure: 1,
        }
    }

    fn kept(dir: &Path) -> Vec<QueryReview> {
        let text = std::fs::read_to_string(dir.join(REVIEWS_FILE)).unwrap();
        let page = Page::new(dir, REVIEWS_FILE, &text, &|_| None);
        let reviews = read(&page);
        assert!(page.into_problems().is_empty());
        reviews
    }

    #[test]
    fn a_second_review_of_a_period_replaces_the_first() {
        let dir = tempfile::tempdir().unwrap();
        for (period, relevant) in [("2026-10", 40), ("2026-09", 41), ("2026-10", 42)] {
            keep(dir.path(), review(period, relevant)).unwrap();
        }
        assert_eq!(kept(dir.path()), [review("2026-09", 41), review("2026-10", 42)]);
    }

    #[test]
    fn a_file_that_cannot_be_read_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(REVIEWS_FILE);
        std::fs::write(&path, "[[review]]\nquery = 3\n").unwrap();
        let error = keep(dir.path(), review("2026-10", 40)).unwrap_err();
        assert!(error.fr.contains("tel quel"), "{error:?}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "[[review]]\nquery = 3\n");
    }
}
