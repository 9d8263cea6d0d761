//! The analyst's own words: Markdown notes as paragraphs, beside what the machine found.

use vigie_model::locale::Localized;
use vigie_report::number;
use vigie_report::report::Block;
use vigie_report::text::{Paragraph, paragraph};

use crate::Error;
use crate::builder::Builder;

/// The note about the period, when one is written for at least one edition.
pub(crate) fn note(b: &Builder<'_>) -> Result<Option<Block>, Error> {
    let period = b.input.period;
    let notes = b.each(|l| b.input.project.note(period, l));
    if notes.values().all(Option::is_none) {
        return Ok(None);
    }
    let mut bylines = Localized::new();
    let mut by_edition: Localized<Vec<Paragraph>> = Localized::new();
    for (l, note) in notes {
        let mut who = String::new();
        if let Some(note) = note {
            let date = note.date.map(|d| number::date_long(l, d));
            for words in [note.author.clone(), date].into_iter().flatten() {
                who.push_str(", ");
                who.push_str(&words);
            }
            by_edition.insert(l, paragraphs(&note.markdown));
        }
        bylines.insert(l, b.say_in(l, "note.byline", &[("who", who)])?);
    }
    let longest = by_edition.values().map(Vec::len).max().unwrap_or(0);
    let paragraphs = (0..longest)
        .map(|i| b.each(|l| by_edition.get(&l).and_then(|p| p.get(i)).cloned().unwrap_or_default()))
        .collect();
    Ok(Some(Block::Note { byline: bylines, paragraphs }))
}

/// Paragraphs of a note. Headings and list marks become plain lines; only `**…**` is emphasis, so
/// that no markup of a note can reach a page.
fn paragraphs(markdown: &str) -> Vec<Paragraph> {
    markdown
        .split("\n\n")
        .map(|block| block.lines().map(plain).collect::<Vec<_>>().join(" "))
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
        .map(|text| paragraph(&text))
        .collect()
}

fn plain(line: &str) -> &str {
    let line = line.trim();
    ["- ", "* ", "> "]
        .iter()
        .find_map(|mark| line.strip_prefix(mark))
        .unwrap_or_else(|| line.trim_start_matches('#').trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_report::text::Run;

    #[test]
    fn a_note_becomes_paragraphs_with_emphasis() {
        let read = paragraphs("# Octobre\n\nLe **réseau** a tout\nemporté.\n\n\n- un point\n");
        assert_eq!(read.len(), 3);
        assert_eq!(read[0], vec![Run::T { t: "Octobre".into() }]);
        assert_eq!(read[1][1], Run::B { t: "réseau".into() });
        assert_eq!(read[2], vec![Run::T { t: "un point".into() }]);
    }
}
