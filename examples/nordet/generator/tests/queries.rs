//! The five queries of `vigie.toml` separate the brands from their homonyms in every month. The evaluator here
//! is small and independent of vigie's own, on purpose: whole folded words, phrases, `word*`, AND OR NOT, brackets.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use nordet_generator::{COMMITTED_SEED, Clock, Entity, Nature, World, generate, month};

static WORLD: LazyLock<World> = LazyLock::new(|| generate(COMMITTED_SEED));

#[derive(Debug)]
enum Query {
    Any(Vec<Query>),
    All(Vec<Query>),
    Not(Box<Query>),
    Words(Vec<String>),
}

impl Query {
    fn matches(&self, words: &[String]) -> bool {
        match self {
            Self::Any(parts) => parts.iter().any(|part| part.matches(words)),
            Self::All(parts) => parts.iter().all(|part| part.matches(words)),
            Self::Not(part) => !part.matches(words),
            Self::Words(phrase) => words.windows(phrase.len()).any(|run| {
                run.iter().zip(phrase).all(|(word, wanted)| match wanted.strip_suffix('*') {
                    Some(start) => word.starts_with(start),
                    None => word == wanted,
                })
            }),
        }
    }
}

fn fold(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'à' | 'â' | 'ä' => out.push('a'),
            'é' | 'è' | 'ê' | 'ë' => out.push('e'),
            'î' | 'ï' => out.push('i'),
            'ô' | 'ö' => out.push('o'),
            'ù' | 'û' | 'ü' => out.push('u'),
            'ç' => out.push('c'),
            'œ' => out.push_str("oe"),
            other => out.push(other),
        }
    }
    out
}

/// Words; `@handle` and `#tag` keep their mark and are words of their own.
fn words(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in fold(text).chars().chain([' ']) {
        if c.is_alphanumeric() || (c == '_' && word.starts_with(['@', '#'])) {
            word.push(c);
        } else {
            if !word.is_empty() {
                all.push(std::mem::take(&mut word));
            }
            if c == '@' || c == '#' {
                word.push(c);
            }
        }
    }
    all
}

struct Parser {
    tokens: Vec<String>,
    at: usize,
}

impl Parser {
    fn parse(text: &str) -> Query {
        let spaced = text.replace('(', " ( ").replace(')', " ) ");
        let mut tokens: Vec<String> = Vec::new();
        let mut phrase: Option<String> = None;
        for piece in spaced.split_whitespace() {
            let whole = match phrase.take() {
                Some(start) => format!("{start} {piece}"),
                None => piece.to_owned(),
            };
            if whole.matches('"').count() == 1 { phrase = Some(whole) } else { tokens.push(whole) }
        }
        assert!(phrase.is_none(), "a phrase is not closed");
        let mut parser = Self { tokens, at: 0 };
        let query = parser.any();
        assert_eq!(parser.at, parser.tokens.len(), "text after the query");
        query
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.tokens.get(self.at).is_some_and(|token| token == word);
        self.at += usize::from(found);
        found
    }

    fn any(&mut self) -> Query {
        let mut parts = vec![self.all()];
        while self.take("OR") {
            parts.push(self.all());
        }
        Query::Any(parts)
    }

    fn all(&mut self) -> Query {
        let mut parts = vec![self.one()];
        while self.take("AND") {
            parts.push(self.one());
        }
        Query::All(parts)
    }

    fn one(&mut self) -> Query {
        if self.take("NOT") {
            return Query::Not(Box::new(self.one()));
        }
        if self.take("(") {
            let inner = self.any();
            assert!(self.take(")"), "a bracket is not closed");
            return inner;
        }
        let token = self.tokens[self.at].clone();
        self.at += 1;
        Query::Words(fold(&token.replace('"', "")).split(' ').map(str::to_owned).collect())
    }
}

fn queries() -> BTreeMap<Entity, Query> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vigie.toml");
    let text = std::fs::read_to_string(file).expect("vigie.toml is beside the generator");
    let project: toml::Table = text.parse().expect("vigie.toml is TOML");
    let entities = project["entity"].as_array().expect("[[entity]] tables");
    Entity::ALL
        .into_iter()
        .map(|entity| {
            let table = entities.iter().find(|t| t["id"].as_str() == Some(entity.id())).expect("every brand is there");
            (entity, Parser::parse(table["query"].as_str().expect("a query")))
        })
        .collect()
}

#[test]
fn every_query_is_precise_and_complete_in_every_month() {
    let queries = queries();
    let clock = Clock::default();
    // Found and right, found, to be found; spam is neither right nor wrong here: it is for the spam rules.
    let mut tallies: BTreeMap<(String, Entity), [u32; 3]> = BTreeMap::new();
    let mut misses = Vec::new();
    for row in WORLD.rows.iter().filter(|row| row.nature != Nature::Spam) {
        let text = format!("{} . {}", row.title.as_deref().unwrap_or(""), row.text);
        let words = words(&text);
        for (entity, query) in &queries {
            let found = query.matches(&words);
            let wanted = row.nature != Nature::Homonym && row.tone_of(*entity).is_some();
            let tally = tallies.entry((month(clock.local(row.at).date()), *entity)).or_default();
            tally[0] += u32::from(found && wanted);
            tally[1] += u32::from(found);
            tally[2] += u32::from(wanted);
            if found != wanted {
                misses.push(format!("{} found {found} wanted {wanted}: {text}", entity.id()));
            }
        }
    }
    assert_eq!(tallies.len(), 60);
    for (key, [right, found, wanted]) in tallies {
        let (precision, recall) = (f64::from(right) / f64::from(found), f64::from(right) / f64::from(wanted));
        let sample = &misses[..misses.len().min(20)];
        assert!(precision >= 0.99 && recall >= 0.99, "{key:?}: {precision:.4} {recall:.4}\n{sample:#?}");
    }
}

#[test]
fn a_naive_search_is_wrong_about_the_wind() {
    let naive = |row: &&nordet_generator::Row| words(&row.text).iter().any(|w| w == "nordet");
    let wind = WORLD.rows.iter().filter(naive).filter(|row| row.nature == Nature::Homonym).count();
    assert!(wind > 300, "{wind}");
}
