//! Topics of short texts: what people speak of, without anyone having listed it beforehand.
//!
//! A text is given one topic (a mixture of Dirichlet and multinomial, fitted by collapsed Gibbs sampling: J. Yin
//! and J. Wang, "A Dirichlet multinomial mixture model-based approach for short text clustering", KDD 2014).
//! The number of topics is not given: empty ones die out, and those that use the same terms are merged
//! ([`mod@fit`]). A topic that other samples of the same texts do not show is hidden. Topics of one month
//! carry on those of the month before when they use the same terms ([`mod@track`]).
//!
//! Terms are numbers here; which words they are, and which texts are copies of each other, callers know.
//! The same documents, settings and seed give the same topics, whatever the number of threads.

pub mod fit;
mod mixture;
mod random;
mod stability;
pub mod track;
mod vocabulary;

pub use fit::{Document, Settings, Topic, Topics, fit};
pub use track::{Followed, Origin, track};
