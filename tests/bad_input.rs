//! Bad input through the real program: what is said, what is kept, what still comes out.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]

#[test]
fn the_program_is_there() {
    assert!(std::path::Path::new(env!("CARGO_BIN_EXE_vigie")).is_file());
}
