//! The bad manners.

use serde::Deserialize;

/// One bad manner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fault {
    #[default]
    None,
    SwallowsStatuses,
    SwallowsTheNetwork,
    SwallowsRefusals,
    SwallowsRubbish,
    GivesUpWaiting,
    HidesMissingSecrets,
    AsksElsewhere,
    InsistsOnElsewhere,
    OtherMethods,
    NamesItself,
    AsksForEver,
    HidesTheCap,
    StopsAtBadItems,
    UnstableIds,
    SavesEarly,
    OnlyNewIds,
    OneCursor,
    ForgetsOldStates,
    DoubleIds,
    ZeroForUnknown,
    GuessesDates,
    CutsTexts,
    CutsCharacters,
    DecodesTwice,
    PlainSpaces,
    LeaksInRows,
    LeaksInTheLog,
    LeaksInErrors,
    LeaksInStates,
    Prints,
    Panics,
    PanicsInAThread,
}

/// Bytes of text that the faults with small buffers keep.
const BUFFER: usize = 4_096;

/// The text as a source with `fault` hands it over.
pub(crate) fn text(fault: Fault, text: &str) -> String {
    match fault {
        Fault::CutsTexts => text.chars().take(BUFFER).collect(),
        Fault::CutsCharacters => {
            // Cut by bytes; only a text that is longer than any buffer shows it.
            let end = text.len().min(60_001);
            String::from_utf8_lossy(&text.as_bytes()[..end]).into_owned()
        }
        Fault::DecodesTwice => decoded(&decoded(text)),
        Fault::PlainSpaces => text.replace(['\u{A0}', '\u{202F}'], " "),
        _ => text.to_owned(),
    }
}

fn decoded(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Panics, as an author does who is sure of something.
#[allow(clippy::panic, reason = "this is the fault")]
pub(crate) fn panic() {
    panic!("a bad day")
}

/// Prints, which a plugin should not do.
#[allow(clippy::print_stdout, reason = "this is the fault")]
pub(crate) fn print(text: &str) {
    println!("{text}");
}
