//! Words after which a full stop does not end the sentence, and words that do begin one. Folded forms.

/// Always followed by something: titles, references.
const OPEN: &[&str] = &[
    "mme", "mmes", "mlle", "mm", "mr", "mrs", "ms", "dr", "drs", "pr", "prof", "me", "mgr", "st", "ste", "sr", "jr",
    "ex", "cf", "vs", "no", "nos", "art", "fig", "vol", "av", "bd", "boul", "tel", "env", "min", "max", "approx", "eg",
    "ie", "chap", "ed", "dept", "gen", "col", "lt", "sgt", "capt", "sen", "rep", "gov", "hon", "rev", "ch", "adj",
    "dir", "jan", "janv", "feb", "fevr", "mar", "apr", "avr", "aug", "sep", "sept", "oct", "nov", "dec", "juil", "mon",
    "tue", "wed", "thu", "fri", "pp", "ref", "resp", "tab", "trad", "qqch", "qqn",
];

/// May end a sentence: it does when a capital follows.
const MAY_END: &[&str] =
    &["etc", "inc", "ltd", "corp", "co", "ltee", "cie", "al", "sa", "hr", "hrs", "am", "pm", "sec", "ca"];

/// Words that begin a sentence after a lone initial (`le plan B. Puis…`).
const STARTERS: &[&str] = &[
    "le", "la", "les", "l", "un", "une", "des", "il", "elle", "ils", "elles", "on", "nous", "vous", "je", "j", "tu",
    "ce", "c", "cette", "ces", "mais", "et", "puis", "alors", "donc", "pour", "dans", "si", "pas", "the", "a", "an",
    "it", "he", "she", "they", "we", "i", "you", "this", "that", "these", "but", "and", "so", "then", "in", "if", "no",
    "my",
];

/// How a word treats the full stop that follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StopAfter {
    /// The stop ends the sentence.
    Ends,
    /// It does when the next word has a capital.
    EndsBeforeCapital,
    /// It never does.
    Continues,
    /// A lone letter: it ends only before a word that usually begins a sentence.
    Initial,
}

/// Classifies the word before a full stop.
pub(super) fn stop_after(folded: &str) -> StopAfter {
    let mut chars = folded.chars();
    if chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none() {
        return StopAfter::Initial;
    }
    if folded.len() > 6 {
        return StopAfter::Ends;
    }
    if MAY_END.contains(&folded) {
        StopAfter::EndsBeforeCapital
    } else if OPEN.contains(&folded) {
        StopAfter::Continues
    } else {
        StopAfter::Ends
    }
}

/// True for words that usually begin a sentence.
pub(super) fn begins_sentence(folded: &str) -> bool {
    STARTERS.contains(&folded)
}
