//! What is wrong, or doubtful, in a query: code, place, words in both languages, and the fix when sure.

use std::fmt;
use std::ops::Range;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The query is usable; it may not mean what was intended.
    Warning,
    /// The query cannot be used.
    Error,
}

/// The same sentence in both languages of the product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// English.
    pub en: String,
    /// French.
    pub fr: String,
}

impl Message {
    /// Pairs an English and a French sentence.
    pub fn new(en: impl Into<String>, fr: impl Into<String>) -> Self {
        Self { en: en.into(), fr: fr.into() }
    }
}

macro_rules! codes {
    ($($name:ident $text:literal $severity:ident $doc:literal $fr:literal;)*) => {
        /// The stable code of a problem. Codes never change meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $(#[doc = $doc] $name,)* }

        impl Code {
            /// Every code, in order.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The code as printed.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// What the code means, in English.
            pub fn english(self) -> &'static str {
                match self { $(Self::$name => $doc,)* }
            }

            /// What the code means, in French.
            pub fn french(self) -> &'static str {
                match self { $(Self::$name => $fr,)* }
            }

            /// How bad a problem with this code is.
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    OpenBracket "E01" Error "A bracket is opened and never closed." "Une parenthèse est ouverte et jamais fermée.";
    CloseBracket "E02" Error "A bracket is closed and was never opened." "Une parenthèse est fermée sans avoir été ouverte.";
    MissingOperand "E03" Error "An operator has nothing on one side." "Un opérateur n’a rien d’un côté.";
    OpenQuote "E04" Error "A quote is opened and never closed." "Un guillemet est ouvert et jamais fermé.";
    OpenBrace "E05" Error "A brace is opened and never closed, or closed alone." "Une accolade est ouverte et jamais fermée, ou fermée seule.";
    UnknownField "E06" Error "A field name does not exist." "Un nom de champ n’existe pas.";
    BadValue "E07" Error "A field does not accept this value." "Un champ n’accepte pas cette valeur.";
    BadWildcard "E08" Error "A wildcard breaks the rules." "Un joker ne suit pas les règles.";
    NotASpan "E09" Error "This expression has no place in the text and cannot be an operand here." "Cette expression n’a pas de place dans le texte et ne peut pas servir ici.";
    TooDeep "E10" Error "Brackets are nested too deep." "Les parenthèses s’emboîtent trop.";
    TooLong "E11" Error "The query is too long, as typed or once macros are replaced." "La requête est trop longue, telle quelle ou une fois les macros remplacées.";
    UnknownMacro "E12" Error "A macro is not defined." "Une macro n’est pas définie.";
    UnknownList "E13" Error "A list is not defined." "Une liste n’est pas définie.";
    RecursiveMacro "E14" Error "A macro uses a macro." "Une macro utilise une macro.";
    Empty "E15" Error "A query, group, phrase or exact form is empty." "Une requête, un groupe, une expression ou une forme exacte est vide.";
    OnlyNegative "E16" Error "A collection query says only what it does not want." "Une requête de collecte dit seulement ce qu’elle ne veut pas.";
    BadNumber "E17" Error "A distance or a count is missing, or out of range." "Une distance ou un nombre manque, ou dépasse les bornes.";
    BadFuzzy "E18" Error "A fuzzy mark has a bad value or place." "Une marque d’approximation a une mauvaise valeur ou place.";
    FunctionWithoutGroup "E19" Error "A function is not followed by a group." "Une fonction n’est pas suivie d’un groupe.";
    TooManyPatterns "E20" Error "Too many fuzzy or compound terms." "Trop de termes approximatifs ou composés.";
    NothingToSearch "E21" Error "A term has no letter, digit or emoji." "Un terme n’a ni lettre, ni chiffre, ni emoji.";
    ImplicitAnd "W01" Warning "Two terms stand side by side: read as AND." "Deux termes sont côte à côte : lus comme AND.";
    MixedOperators "W02" Warning "AND and OR are mixed without brackets." "AND et OR sont mêlés sans parenthèses.";
    ShortWildcard "W03" Warning "A wildcard has under four fixed characters." "Un joker a moins de quatre caractères fixes.";
    WideNear "W04" Warning "A NEAR distance is so wide that AND gives the same set." "La distance d’un NEAR est si grande que AND trouve la même chose.";
    Quotes "W05" Warning "Typographic quotes were unbalanced and were fixed." "Des guillemets typographiques dépareillés ont été corrigés.";
    LowerOperator "W06" Warning "An operator is written in small letters, or in the other language." "Un opérateur est écrit en minuscules, ou dans l’autre langue.";
    SocialForm "W07" Warning "The handle or hashtag form of a name is missing." "Il manque la forme @ ou # d’un nom.";
    Ambiguous "W08" Warning "A common word is used as a name without any context." "Un mot courant sert de nom, sans contexte.";
    DeadBranch "W09" Warning "A branch is a duplicate, or can never match." "Une branche est en double, ou ne peut rien trouver.";
    WideNot "W10" Warning "A NOT removes a large share of the archive's matches." "Un NOT retire une grande part de ce que trouve l’archive.";
    LostAccents "W11" Warning "Two spellings differ by accents alone, and accents are not compared." "Deux graphies ne diffèrent que par les accents, qui ne sont pas comparés.";
    Language "W12" Warning "A language that the program does not read." "Une langue que le programme ne lit pas.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One mistake or warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Stable code.
    pub code: Code,
    /// Byte range in the query text. Always on character borders.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: Message,
    /// What to do. None when the message says it all.
    pub hint: Option<Message>,
    /// The text that should replace the span. None when no fix is sure.
    pub fix: Option<String>,
}

impl Problem {
    pub(crate) fn new(code: Code, span: Range<usize>, en: impl Into<String>, fr: impl Into<String>) -> Self {
        Self { code, span, message: Message::new(en, fr), hint: None, fix: None }
    }

    pub(crate) fn hint(mut self, en: impl Into<String>, fr: impl Into<String>) -> Self {
        self.hint = Some(Message::new(en, fr));
        self
    }

    pub(crate) fn fix(mut self, text: impl Into<String>) -> Self {
        self.fix = Some(text.into());
        self
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}
