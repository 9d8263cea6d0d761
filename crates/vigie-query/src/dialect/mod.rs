//! Reads queries written for other tools and rewrites them in the canonical language, with notes on what
//! changes meaning. What each field becomes lives in [`fields`].

mod fields;
mod scan;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::problem::Message;
use fields::Translation;
use scan::{Piece, PieceKind, pieces};

/// Tools whose queries can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// Brandwatch.
    Brandwatch,
    /// Talkwalker.
    Talkwalker,
    /// Meltwater.
    Meltwater,
    /// Mention.
    Mention,
    /// X search and API.
    X,
    /// Media Cloud.
    MediaCloud,
}

impl Tool {
    /// Every tool with the name used to choose it.
    pub const ALL: &[(&'static str, Self)] = &[
        ("brandwatch", Self::Brandwatch),
        ("talkwalker", Self::Talkwalker),
        ("meltwater", Self::Meltwater),
        ("mention", Self::Mention),
        ("x", Self::X),
        ("mediacloud", Self::MediaCloud),
    ];

    /// The tool with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, tool)| *tool)
    }
}

/// Something that changes, or may change, meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Bytes of the source query.
    pub span: Range<usize>,
    /// What changes.
    pub message: Message,
    /// The construct has no equal and was left out of the result.
    pub removed: bool,
}

/// A rewritten query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The query in the canonical language. Not checked: read it with [`crate::Query::parse`].
    pub query: String,
    /// What changes, in the order of the source.
    pub notes: Vec<Note>,
}

/// Rewrites a query of another tool.
pub fn import(text: &str, tool: Tool) -> Imported {
    let mut importer = Importer {
        tool,
        text,
        notes: Vec::new(),
        out: Vec::new(),
        breaks: BTreeSet::new(),
        skip_operator: false,
        said: Vec::new(),
    };
    let mut end = 0;
    for piece in pieces(text) {
        if text.get(end..piece.span.start).is_some_and(|gap| gap.contains('\n')) {
            importer.breaks.insert(importer.out.len());
        }
        end = piece.span.end;
        importer.piece(&piece);
    }
    importer.finish()
}

/// What the result is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Item {
    Open,
    Close,
    /// AND, OR, NEAR…
    Binary(String),
    Not,
    Operand(String),
    /// A plain word that may join its neighbours in a phrase.
    Word(String),
}

struct Importer<'a> {
    tool: Tool,
    text: &'a str,
    notes: Vec<Note>,
    out: Vec<Item>,
    /// Items that begin a line, as they did in the source.
    breaks: BTreeSet<usize>,
    /// The operand before was left out: the operator that follows goes too.
    skip_operator: bool,
    /// Notes made once for the whole query.
    said: Vec<&'static str>,
}

impl Importer<'_> {
    fn note(&mut self, span: &Range<usize>, removed: bool, en: impl Into<String>, fr: impl Into<String>) {
        self.notes.push(Note { span: span.clone(), message: Message::new(en, fr), removed });
    }

    fn note_once(&mut self, key: &'static str, span: &Range<usize>, en: &str, fr: &str) {
        if !self.said.contains(&key) {
            self.said.push(key);
            self.note(span, false, en, fr);
        }
    }

    fn piece(&mut self, piece: &Piece) {
        let span = &piece.span;
        match &piece.kind {
            PieceKind::Open => {
                self.side_by_side(span);
                self.out.push(Item::Open);
            }
            PieceKind::Close => self.close(),
            PieceKind::Word(word) => self.word(word, span),
            PieceKind::Phrase { text, slop } => self.phrase(text, slop.as_deref(), span),
            PieceKind::Exact(text) => self.operand(Item::Operand(format!("{{{text}}}")), span),
            PieceKind::Minus => {
                self.side_by_side(span);
                self.out.push(Item::Not);
            }
            PieceKind::Plus => self.plus(span),
            PieceKind::Field { name, value } => self.field(name, value, span),
        }
    }

    fn close(&mut self) {
        self.drop_operators();
        if self.out.last() == Some(&Item::Open) {
            self.out.pop();
            self.leave_out();
        } else {
            self.out.push(Item::Close);
            self.skip_operator = false;
        }
    }

    fn drop_operators(&mut self) {
        while matches!(self.out.last(), Some(Item::Binary(_) | Item::Not)) {
            self.out.pop();
        }
    }

    /// Forgets an operand and the operator that bound it.
    fn leave_out(&mut self) {
        let had_operator = matches!(self.out.last(), Some(Item::Binary(_) | Item::Not));
        self.drop_operators();
        let first = matches!(self.out.last(), None | Some(Item::Open));
        self.skip_operator = first || !had_operator;
        if !first && had_operator {
            self.skip_operator = false;
        }
    }

    /// Puts in the operator that the tool understands between two operands without one.
    fn side_by_side(&mut self, span: &Range<usize>) {
        self.skip_operator = false;
        if !matches!(self.out.last(), Some(Item::Operand(_) | Item::Word(_) | Item::Close)) {
            return;
        }
        let operator = if self.tool == Tool::MediaCloud { "OR" } else { "AND" };
        self.out.push(Item::Binary(operator.to_owned()));
        match self.tool {
            Tool::MediaCloud => self.note_once(
                "space",
                span,
                "in Media Cloud a bare space means OR; OR was written",
                "dans Media Cloud, l’espace seul veut dire OR ; OR a été écrit",
            ),
            _ => self.note_once(
                "space",
                span,
                "a bare space means AND; AND was written",
                "l’espace seul veut dire AND ; AND a été écrit",
            ),
        }
    }

    fn operand(&mut self, item: Item, span: &Range<usize>) {
        self.side_by_side(span);
        self.out.push(item);
    }

    fn word(&mut self, word: &str, span: &Range<usize>) {
        if let Some(operator) = self.operator(word, span) {
            if operator == Item::Not {
                let after_operand = matches!(self.out.last(), Some(Item::Operand(_) | Item::Word(_) | Item::Close));
                if after_operand {
                    self.out.push(Item::Binary("AND".to_owned()));
                }
                self.out.push(Item::Not);
            } else if !std::mem::take(&mut self.skip_operator) {
                self.out.push(operator);
            }
            return;
        }
        let joins = self.tool == Tool::Brandwatch && !word.contains(['*', '?', '~', '#', '@']);
        if joins && let Some(Item::Word(before)) = self.out.last_mut() {
            *before = format!("{before} {word}");
            self.note_once(
                "space",
                span,
                "in Brandwatch words side by side are a phrase; quotes were added",
                "dans Brandwatch, des mots côte à côte forment une expression ; des guillemets ont été ajoutés",
            );
            return;
        }
        let item = if joins { Item::Word(word.to_owned()) } else { Item::Operand(word.to_owned()) };
        self.check_word(word, span);
        self.operand(item, span);
    }

    fn check_word(&mut self, word: &str, span: &Range<usize>) {
        if self.tool == Tool::MediaCloud && word.contains('~') {
            self.note_once(
                "fuzzy",
                span,
                "word~ alone is two edits in Lucene; here word~ allows spaces and hyphens: write word~2 for edits",
                "mot~ seul vaut deux fautes dans Lucene ; ici mot~ permet espaces et traits d’union : écrivez mot~2 pour les fautes",
            );
        }
        if word.contains('*') && word.trim_end_matches('*').chars().count() < 4 {
            self.note_once(
                "wildcard",
                span,
                "short wildcards were limited there (number of letters, number per query); here they match every form",
                "les jokers courts y étaient limités (lettres, nombre par requête) ; ici ils trouvent toutes les formes",
            );
        }
    }

    fn operator(&mut self, word: &str, span: &Range<usize>) -> Option<Item> {
        let (name, number) = word.split_once('/').map_or((word, None), |(a, b)| (a, Some(b)));
        match (name, number) {
            ("AND" | "OR", None) => Some(Item::Binary(word.to_owned())),
            ("NOT", None) => Some(Item::Not),
            ("NEAR" | "ONEAR", None) => {
                self.note_once(
                    "near",
                    span,
                    "NEAR without a number means 4 words here, as in Meltwater; the number was written",
                    "NEAR sans nombre vaut ici 4 mots, comme dans Meltwater ; le nombre a été écrit",
                );
                Some(Item::Binary(format!("{name}/4")))
            }
            ("NEAR" | "ONEAR", Some(number)) => {
                let plain = number.trim_end_matches('f');
                if self.tool == Tool::Talkwalker {
                    self.note_once(
                        "jumps",
                        span,
                        "Talkwalker counts jumps, vigie counts the words between; the number was kept",
                        "Talkwalker compte des sauts, vigie les mots entre les deux ; le nombre a été gardé",
                    );
                }
                let ordered = name == "ONEAR" || number.ends_with('f');
                Some(Item::Binary(format!("{}/{plain}", if ordered { "ONEAR" } else { "NEAR" })))
            }
            _ => None,
        }
    }

    fn phrase(&mut self, text: &str, slop: Option<&str>, span: &Range<usize>) {
        let Some(slop) = slop else {
            self.operand(Item::Operand(format!("\"{text}\"")), span);
            return;
        };
        match self.tool {
            Tool::Talkwalker => self.note_once(
                "slop",
                span,
                "\"…\"~n counts jumps in Talkwalker and other words here: reversed words are found a little sooner",
                "\"…\"~n compte des sauts dans Talkwalker et d’autres mots ici : les mots inversés sont trouvés un peu plus tôt",
            ),
            Tool::MediaCloud => self.note_once(
                "slop",
                span,
                "\"…\"~n counts moves in Lucene (two to reverse two words) and other words here",
                "\"…\"~n compte des déplacements dans Lucene (deux pour inverser deux mots) et d’autres mots ici",
            ),
            _ => {}
        }
        self.operand(Item::Operand(format!("\"{text}\"~{slop}")), span);
    }

    /// `+word`: exact in Talkwalker, required in Lucene.
    fn plus(&mut self, span: &Range<usize>) {
        let body = self.text.get(span.start + 1..span.end).unwrap_or_default().trim_matches('"');
        if self.tool == Tool::MediaCloud {
            let body = body.to_owned();
            self.note(
                span,
                false,
                "+ means required in Lucene; AND was written",
                "+ veut dire obligatoire dans Lucene ; AND a été écrit",
            );
            if matches!(self.out.last(), Some(Item::Operand(_) | Item::Word(_) | Item::Close)) {
                self.out.push(Item::Binary("AND".to_owned()));
            }
            self.operand(Item::Operand(body), span);
        } else {
            self.operand(Item::Operand(format!("{{{body}}}")), span);
        }
    }

    fn field(&mut self, name: &str, value: &str, span: &Range<usize>) {
        match fields::translate(self.tool, name, value) {
            Translation::Same => self.operand(Item::Operand(format!("{}:{value}", name.to_lowercase())), span),
            Translation::As(text) => self.operand(Item::Operand(text), span),
            Translation::AsWithNote(text, note) => {
                self.note(span, false, note.en, note.fr);
                self.operand(Item::Operand(text), span);
            }
            Translation::Without(note) => {
                self.note(span, true, note.en, note.fr);
                self.leave_out();
            }
        }
    }

    fn finish(mut self) -> Imported {
        self.drop_operators();
        let mut query = String::new();
        let mut tight = true;
        for (index, item) in self.out.iter().enumerate() {
            let text = match item {
                Item::Open => "(".to_owned(),
                Item::Close => ")".to_owned(),
                Item::Not => "NOT".to_owned(),
                Item::Word(word) if word.contains(' ') => format!("\"{word}\""),
                Item::Binary(text) | Item::Operand(text) | Item::Word(text) => text.clone(),
            };
            if self.breaks.contains(&index) && index > 0 {
                query.push('\n');
            } else if !tight && *item != Item::Close {
                query.push(' ');
            }
            query.push_str(&text);
            tight = *item == Item::Open;
        }
        let query = query.replace("AND NOT ", "NOT ");
        Imported { query, notes: self.notes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, Query};

    fn check(tool: Tool, source: &str, wanted: &str, removed: usize) {
        let got = import(source, tool);
        assert_eq!(got.query, wanted, "{source}");
        assert_eq!(got.notes.iter().filter(|n| n.removed).count(), removed, "{:?}", got.notes);
        let parsed = Query::parse(&got.query, &Options::default());
        assert!(parsed.query.is_some(), "{wanted}: {:?}", parsed.diagnostics);
    }

    #[test]
    fn each_tool_reads_its_own_way() {
        check(Tool::Brandwatch, "apple juice AND NOT site:example.com", "\"apple juice\" NOT site:example.com", 0);
        check(Tool::Brandwatch, "raw:BT AND engagementType:RETWEET", "{BT} AND is:repost", 0);
        check(Tool::Brandwatch, "apple NEAR/3f juice", "apple ONEAR/3 juice", 0);
        check(Tool::Brandwatch, "(continent:europe OR apple)", "(apple)", 1);
        check(Tool::Talkwalker, "+NASA OR \"a b\"~3 AND sourcecountry:ca", "{NASA} OR \"a b\"~3 AND country:ca", 0);
        check(Tool::Meltwater, "apple NEAR juice AND ingress:recall", "apple NEAR/4 juice AND lead:recall", 0);
        check(Tool::Mention, "apple -juice", "apple NOT juice", 0);
        check(
            Tool::X,
            "apple (juice OR pie) -is:retweet from:nordet sample:10",
            "apple AND (juice OR pie) NOT is:repost AND author:nordet",
            1,
        );
        check(
            Tool::X,
            "apple has:media since:2026-08-01",
            "apple AND (has:image OR has:video) AND date:>=2026-08-01",
            0,
        );
        check(
            Tool::MediaCloud,
            "apple juice publish_date:[2026-01-01 TO 2026-01-31]",
            "apple OR juice OR date:2026-01-01..2026-01-31",
            0,
        );
        check(Tool::MediaCloud, "apple AND media_id:12 AND juice", "apple AND juice", 1);
    }

    #[test]
    fn notes_are_in_both_languages() {
        let got = import("apple juice \"a b\"~3 media_id:12", Tool::MediaCloud);
        assert!(got.notes.len() >= 3);
        assert!(got.notes.iter().all(|n| !n.message.en.is_empty() && !n.message.fr.is_empty()));
    }
}
