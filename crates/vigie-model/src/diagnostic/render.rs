//! Diagnostics as a person reads them on a terminal or in a log. Nothing here decides what is wrong.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Bilingual, Diagnostic, Language, Location, Severity};

/// Whether escape sequences may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Color {
    /// Plain text, for files and pipes.
    #[default]
    Never,
    /// Terminal styles. Nothing is told by colour alone.
    Always,
}

const RESET: &str = "\u{1b}[0m";
const BOLD: &str = "\u{1b}[1m";
const RED: &str = "\u{1b}[1;91m";
const YELLOW: &str = "\u{1b}[1;33m";
const CYAN: &str = "\u{1b}[1;96m";

/// One diagnostic: severity and code, place with caret, hints. Ends with a line break.
///
/// Text that came from files cannot write escape sequences nor change the direction of writing:
/// such characters are shown as visible signs.
pub fn render(diagnostic: &Diagnostic, language: Language, color: Color) -> String {
    let mut out = title(diagnostic, language, color);
    if let Some(location) = &diagnostic.location {
        out.push('\n');
        out.push_str(&snippet(location, diagnostic.severity, color));
    }
    for hint in &diagnostic.hints {
        let (word, colon) = match language {
            Language::English => ("hint", ":"),
            Language::French => ("piste", "\u{a0}:"),
        };
        let label = paint(word, CYAN, color);
        out.extend(["\n", &label, colon, " ", &words(hint, language)]);
    }
    out.push('\n');
    out
}

/// All diagnostics in the order given, separated by an empty line.
pub fn render_all(diagnostics: &[Diagnostic], language: Language, color: Color) -> String {
    diagnostics.iter().map(|d| render(d, language, color)).collect::<Vec<_>>().join("\n")
}

fn title(diagnostic: &Diagnostic, language: Language, color: Color) -> String {
    let word = match (diagnostic.severity, language) {
        (Severity::Error, Language::English) => "error",
        (Severity::Error, Language::French) => "erreur",
        (Severity::Warning, Language::English) => "warning",
        (Severity::Warning, Language::French) => "avertissement",
    };
    let style = match diagnostic.severity {
        Severity::Error => RED,
        Severity::Warning => YELLOW,
    };
    let label = paint(&format!("{word}[{}]", diagnostic.code), style, color);
    let colon = if language == Language::French { "\u{a0}:" } else { ":" };
    let message = words(&diagnostic.message, language);
    format!("{label}{colon} {}", paint(&message, BOLD, color))
}

fn paint(text: &str, style: &str, color: Color) -> String {
    match color {
        Color::Never => text.to_owned(),
        Color::Always => format!("{style}{text}{RESET}"),
    }
}

/// The lines of the file with a caret, written by annotate-snippets on a text made harmless first.
fn snippet(location: &Location, severity: Severity, color: Color) -> String {
    let (text, span) = visible_source(&location.text, &location.span);
    let path = visible(&location.file.to_string_lossy());
    let renderer = match color {
        Color::Never => Renderer::plain(),
        Color::Always => Renderer::styled().hyperlink(false),
    };
    let level = match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let source = Snippet::source(text.as_str()).path(path.as_str()).annotation(AnnotationKind::Primary.span(span));
    renderer.render(&[Group::with_level(level).element(source)])
}

/// `text` and `span` after replacing what a terminal would obey; the span covers the same characters.
fn visible_source(text: &str, span: &Range<usize>) -> (String, Range<usize>) {
    let start = floor(text, span.start);
    // An empty span gets no caret, and one that runs over a line break hides the place.
    let line_end = text[start..].find('\n').map_or(text.len(), |i| start + i);
    let end = floor(text, span.end.min(line_end)).max(start);
    let mut out = String::with_capacity(text.len());
    let mut shown = 0..0;
    for (at, c) in text.char_indices() {
        if at == start {
            shown.start = out.len();
        }
        if at == end {
            shown.end = out.len();
        }
        match c {
            '\n' | '\t' => out.push(c),
            // The end of a Windows line is no mistake to be shown.
            '\r' if text[at..].starts_with("\r\n") => {}
            _ => out.push(sign(c)),
        }
    }
    if start >= text.len() {
        shown.start = out.len();
    }
    if end >= text.len() {
        shown.end = out.len();
    }
    (out, shown)
}

/// The last character border at or before `index`.
fn floor(text: &str, index: usize) -> usize {
    let mut index = index.min(text.len());
    while !text.is_char_boundary(index) {
        index -= 1;
    }
    index
}

/// The sentence of `language`, harmless and with the spaces and apostrophes of that language.
fn words(text: &Bilingual, language: Language) -> String {
    let text = visible(text.get(language));
    match language {
        Language::English => text,
        Language::French => french(&text),
    }
}

/// French spaces and apostrophes; what stands between back-ticks is code and stays as it is.
fn french(text: &str) -> String {
    let prose = |part: &str| {
        part.replace(" :", "\u{a0}:")
            .replace("« ", "«\u{a0}")
            .replace(" »", "\u{a0}»")
            .replace(" ;", "\u{202f};")
            .replace(" ?", "\u{202f}?")
            .replace(" !", "\u{202f}!")
            .replace('\'', "\u{2019}")
    };
    let parts = text.split('`').enumerate();
    parts.map(|(i, part)| if i % 2 == 0 { prose(part) } else { part.to_owned() }).collect::<Vec<_>>().join("`")
}

/// One line without anything a terminal obeys.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c == '\t' || c == '\n' { ' ' } else { sign(c) }).collect()
}

/// `c`, or a visible sign when `c` is a control or a change of writing direction.
fn sign(c: char) -> char {
    match c {
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => '\u{fffd}',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown_field(text: &str, span: Range<usize>) -> Diagnostic {
        Diagnostic::error(
            "C104",
            Bilingual::new("unknown field `periode` in `[report]`", "champ inconnu `periode` dans `[report]`"),
        )
        .at(Location { file: "vigie.toml".into(), text: text.into(), span })
        .hint(Bilingual::new("did you mean `period`?", "n'est-ce pas `l'un : b` ?"))
    }

    #[test]
    fn english_and_french_name_place_and_next_step() {
        let text = "# é\n[report]\nperiode = 1\n";
        let start = text.find("periode").unwrap();
        let d = unknown_field(text, start..start + 7);
        let english = "error[C104]: unknown field `periode` in `[report]`
 --> vigie.toml:3:1
  |
3 | periode = 1
  | ^^^^^^^
hint: did you mean `period`?
";
        let french = "erreur[C104]\u{a0}: champ inconnu `periode` dans `[report]`
 --> vigie.toml:3:1
  |
3 | periode = 1
  | ^^^^^^^
piste\u{a0}: n\u{2019}est-ce pas `l'un : b`\u{202f}?
";
        assert_eq!(render(&d, Language::English, Color::Never), english);
        assert_eq!(render(&d, Language::French, Color::Never), french);
        let colored = render(&d, Language::English, Color::Always);
        assert!(colored.contains("\u{1b}[") && colored.contains("C104"), "{colored:?}");
    }

    #[test]
    fn hostile_text_cannot_drive_the_terminal() {
        let text = "x = \"\u{1b}[2J\u{9b}31m\u{202e}\u{7}\" # \u{1b}]0;title\u{7}\r\ny = 1\r\n";
        let mut d = unknown_field(text, 4..text.find(" #").unwrap());
        d.message.en = "bad value `\u{1b}[2J`\n\u{9b}0m".into();
        d.hints.push(Bilingual::new("\u{1b}[8m", "\u{1b}[8m"));
        d.location.as_mut().unwrap().file = "vi\u{1b}gie.toml".into();
        let out = render(&d, Language::English, Color::Never);
        let bad = |c: &char| (c.is_control() && *c != '\n') || ('\u{202a}'..='\u{202e}').contains(c);
        assert_eq!(out.chars().find(bad), None, "{out}");
        assert!(out.contains("vi␛gie.toml:1:5"), "{out}");
    }

    #[test]
    fn spans_outside_the_text_do_not_break_the_message() {
        for span in [0..0, 90..99, 4..5] {
            let out = render(&unknown_field("a = é\n", span), Language::French, Color::Never);
            assert!(out.contains("vigie.toml:"), "{out}");
        }
        assert!(render(&unknown_field("", 0..0), Language::English, Color::Never).contains("vigie.toml"));
    }
}
