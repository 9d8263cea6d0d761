//! The planted truths of the Nordet example that the present stage of the program can see.

#[test]
fn the_program_under_test_is_there() {
    assert!(std::path::Path::new(env!("CARGO_BIN_EXE_vigie")).is_file());
}
