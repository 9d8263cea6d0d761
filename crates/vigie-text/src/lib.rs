//! Reading French and English: normalisation, language, tokens, tone, emotion, intents, signals.

pub mod crisis;
pub mod emotion;
mod hashing;
pub mod intent;
pub mod language;
pub mod lexicon;
pub mod noise;
pub mod normalize;
pub mod personal;
pub mod phrases;
pub mod reading;
pub mod segment;
pub mod signature;
pub mod stop_words;
pub mod terms;
pub mod tone;
pub mod words;
