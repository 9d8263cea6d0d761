//! Leftovers of HTML and JSON in a text: entities, tags, escapes.

/// Longest entity read, `&` and `;` included.
const MAX_ENTITY: usize = 12;
/// Longest tag read, in bytes: a text with many `<` costs at most this much for each.
const MAX_TAG: usize = 400;

/// Tags whose border is a paragraph border.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "td",
    "th",
    "tr",
    "table",
    "section",
    "article",
    "header",
    "footer",
    "figure",
    "figcaption",
    "pre",
    "hr",
];
/// Tags that are skipped without any border.
const INLINE: &[&str] = &[
    "a", "b", "i", "u", "s", "em", "strong", "span", "img", "small", "mark", "sup", "sub", "font", "code", "q", "cite",
    "abbr", "time",
];

const NAMED: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{A0}'),
    ("rsquo", '’'),
    ("lsquo", '‘'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("hellip", '…'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("euro", '€'),
    ("eacute", 'é'),
    ("egrave", 'è'),
    ("ecirc", 'ê'),
    ("euml", 'ë'),
    ("agrave", 'à'),
    ("acirc", 'â'),
    ("ccedil", 'ç'),
    ("icirc", 'î'),
    ("iuml", 'ï'),
    ("ocirc", 'ô'),
    ("ugrave", 'ù'),
    ("ucirc", 'û'),
    ("uuml", 'ü'),
    ("oelig", 'œ'),
    ("Eacute", 'É'),
    ("Egrave", 'È'),
    ("Agrave", 'À'),
    ("Ccedil", 'Ç'),
];

/// The entity that begins `text` (which starts with `&`): its character and its length in bytes.
pub(super) fn entity(text: &str) -> Option<(char, usize)> {
    let bytes = text.as_bytes();
    let end = bytes.iter().take(MAX_ENTITY).position(|b| *b == b';')?;
    let name = text.get(1..end)?;
    let c = if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        char::from_u32(code).filter(|c| !c.is_control())?
    } else {
        NAMED.iter().find(|(n, _)| *n == name)?.1
    };
    Some((c, end + 1))
}

/// The JSON escape that begins `text` (which starts with `\\`), as exports leave them in texts: its
/// character and its length in bytes. A pair of surrogates is one character.
pub(super) fn escape(text: &str) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let hex = text.get(at..at + 6)?.strip_prefix("\\u").filter(|h| h.bytes().all(|b| b.is_ascii_hexdigit()))?;
        u16::from_str_radix(hex, 16).ok()
    };
    let first = unit(0)?;
    match char::from_u32(u32::from(first)) {
        Some(c) => (!c.is_control()).then_some((c, 6)),
        None => char::decode_utf16([first, unit(6)?]).next()?.ok().map(|c| (c, 12)),
    }
}

/// What a tag does to the text around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    /// A paragraph border.
    Block,
    /// A line break.
    Line,
    /// Nothing.
    Inline,
}

/// The tag that begins `text` (which starts with `<`): what it does and its length in bytes. Only known
/// tags are read, so that `a < b` stays a comparison.
pub(super) fn tag(text: &str) -> Option<(Tag, usize)> {
    let bytes = text.as_bytes();
    let name_start = if bytes.get(1) == Some(&b'/') { 2 } else { 1 };
    let name_len = bytes[name_start.min(bytes.len())..].iter().take(11).position(|b| !b.is_ascii_alphanumeric())?;
    let name = text.get(name_start..name_start + name_len)?.to_ascii_lowercase();
    let kind = if BLOCKS.contains(&name.as_str()) {
        Tag::Block
    } else if name == "br" {
        Tag::Line
    } else if INLINE.contains(&name.as_str()) {
        Tag::Inline
    } else {
        return None;
    };
    let end = bytes.iter().take(MAX_TAG).position(|b| *b == b'>')?;
    Some((kind, end + 1))
}
