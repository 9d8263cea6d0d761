//! What the author of a plugin needs: the suite that proves a plugin ([`suite`]), and a folder to begin with
//! ([`scaffold`]).

pub mod scaffold;
pub mod suite;
