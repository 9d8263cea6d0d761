//! Reading French and English: normalisation, language, tokens, tone.

mod hashing;
pub mod language;
pub mod lexicon;
pub mod normalize;
pub mod reading;
pub mod segment;
pub mod signature;
pub mod stop_words;
pub mod terms;
pub mod tone;
pub mod words;
