//! The whole run as a user pays for it: the real program on whole projects.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its table and stops when it cannot run"
)]

fn main() {
    println!("{}", env!("CARGO_BIN_EXE_vigie"));
}
