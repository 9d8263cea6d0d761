//! What surrounds a query when it is read: dialect, accents, macros, lists, languages, today.

use std::collections::BTreeMap;

use jiff::civil::Date;

/// Which words are operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// `AND OR NOT NEAR`.
    #[default]
    Canonical,
    /// The same, and `ET OU SAUF PRES`.
    French,
}

/// Whether accents count when texts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Accents {
    /// `cote` finds `côté`.
    #[default]
    Folded,
    /// `cote` finds only `cote`.
    Strict,
}

/// What the query is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose {
    /// It sorts texts that are there already: it may be purely negative.
    #[default]
    Filter,
    /// It asks a source for texts: it must say what it wants.
    Collection,
}

/// What surrounds a query when it is read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Which words are operators.
    pub dialect: Dialect,
    /// Whether accents count.
    pub accents: Accents,
    /// What the query is for.
    pub purpose: Purpose,
    /// Named pieces of query, used as `$name`. A macro cannot use a macro.
    pub macros: BTreeMap<String, String>,
    /// Named lists of values, used as `site:@name`.
    pub lists: BTreeMap<String, Vec<String>>,
    /// Language codes that the program reads. Empty means: do not check (W12).
    pub languages: Vec<String>,
    /// The day that relative dates (`last-month`) start from. None makes them an error: a query never
    /// reads the clock.
    pub today: Option<Date>,
}
