//! The two examples over real data, run when `VIGIE_DATA` names the folder that holds it.

#[test]
fn the_program_under_test_is_there() {
    assert!(std::path::Path::new(env!("CARGO_BIN_EXE_vigie")).is_file());
}
