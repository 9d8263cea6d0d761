//! `notes/`: the analyst's own words about a period.

use std::ops::Range;
use std::path::Path;

use jiff::civil::{Date, date};
use vigie_model::diagnostic::{Bilingual, Diagnostic};
use vigie_model::period::Period;

use crate::page::Page;
use crate::settings::Note;
use crate::suggest::advice;

/// Keys of the front matter, French ones included.
const HEAD_KEYS: &[&str] = &["author", "auteur", "autrice", "date"];

/// Period and language told by a file name (`2026-10.fr.md`); `None` when it is no note's name.
fn parse_name(name: &str) -> Option<(Period, Option<bool>)> {
    let stem = name.strip_suffix(".md")?;
    let (period, french) = match stem.rsplit_once('.') {
        Some((period, "fr")) => (period, Some(true)),
        Some((period, "en")) => (period, Some(false)),
        // The dots of `2026-10-01..2026-10-31` are no language.
        _ => (stem, None),
    };
    if period == "last-month" {
        return None;
    }
    Some((Period::parse(period, date(2026, 1, 1)).ok()?, french))
}

/// The note in `page`, or nothing with a warning when its name tells no period.
pub(crate) fn read(page: &Page<'_>) -> Option<Note> {
    let name = page.file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let Some((period, french)) = parse_name(&name) else {
        page.report(misnamed(&page.file));
        return None;
    };
    let mut note = Note {
        period,
        french,
        author: None,
        date: None,
        markdown: page.text.trim().to_owned(),
        file: page.file.clone(),
    };
    if let Some((front, body)) = front_matter(page.text) {
        page.text[body..].trim().clone_into(&mut note.markdown);
        read_front(page, front, &mut note);
    }
    Some(note)
}

fn misnamed(file: &Path) -> Diagnostic {
    let file = file.display();
    Diagnostic::warning(
        "C115",
        Bilingual::new(
            format!("`{file}` is not read: its name tells no period"),
            format!("`{file}` n'est pas lu : son nom ne dit aucune période"),
        ),
    )
    .hint(Bilingual::new(
        "name it `2026-10.md`, or `2026-10.fr.md` and `2026-10.en.md`",
        "nommez-le `2026-10.md`, ou `2026-10.fr.md` et `2026-10.en.md`",
    ))
}

/// Bytes between two lines `---` at the top, and where the body begins.
fn front_matter(text: &str) -> Option<(Range<usize>, usize)> {
    let mut start = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        match (line.trim_end(), start) {
            ("---", None) => start = Some(end),
            ("---", Some(start)) => return Some((start..at, end)),
            (_, None) => return None,
            _ => {}
        }
        at = end;
    }
    None
}

fn read_front(page: &Page<'_>, front: Range<usize>, note: &mut Note) {
    let mut at = front.start;
    for line in page.text[front].split_inclusive('\n') {
        let span = at..at + line.trim_end().len();
        at += line.len();
        if line.trim().is_empty() {
            continue;
        }
        let (key, value) = line.split_once(':').map_or((line.trim(), ""), |(k, v)| (k.trim(), v.trim()));
        let value = value.trim_matches(['"', '\'']);
        match key {
            "author" | "auteur" | "autrice" => {
                note.author = (!value.is_empty()).then(|| value.to_owned());
            }
            "date" => {
                note.date = value.parse::<Date>().ok();
                if note.date.is_none() {
                    page.error("C106", span, not_a_date(value), None);
                }
            }
            other => page.error("C104", span, unknown(other), Some(advice(other, HEAD_KEYS))),
        }
    }
}

fn not_a_date(value: &str) -> Bilingual {
    Bilingual::new(
        format!("`{value}` is not a date; write 2026-11-03"),
        format!("`{value}` n'est pas une date ; écrivez 2026-11-03"),
    )
}

fn unknown(key: &str) -> Bilingual {
    Bilingual::new(
        format!("unknown field `{key}` at the head of the note"),
        format!("champ inconnu `{key}` en tête de la note"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_period_and_language() {
        let read = |n| parse_name(n).map(|(p, f)| (p.to_string(), f));
        assert_eq!(read("2026-10.md"), Some(("2026-10".into(), None)));
        assert_eq!(read("2026-10.fr.md"), Some(("2026-10".into(), Some(true))));
        assert_eq!(read("2026-10-05..2026-10-11.en.md"), Some(("2026-10-05..2026-10-11".into(), Some(false))));
        assert_eq!(read("2026-10-05..2026-10-11.md"), Some(("2026-10-05..2026-10-11".into(), None)));
        assert_eq!(read("octobre.md"), None);
        assert_eq!(read("last-month.md"), None);
    }

    #[test]
    fn front_matter_is_optional() {
        assert_eq!(front_matter("---\nauthor: A\n---\nBody"), Some((4..14, 18)));
        assert_eq!(front_matter("Body\n---\n"), None);
        assert_eq!(front_matter("---\nnever closed"), None);
    }
}
