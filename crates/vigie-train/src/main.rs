//! Makes the weights of the tone and emotion models from labelled texts, and measures how well texts are read.
//!
//! `vigie-train train --data DIR` writes the weights; the same data gives the same bytes, whatever the
//! machine and the number of threads. `vigie-train evaluate --data DIR` prints the scores of
//! `docs/accuracy.md`. `DIR` holds public labelled texts that are not part of the repository; which, and
//! under which terms, is said in `docs/models/`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "scores and progress are what this program is for")]

mod data;
mod emotions;
mod evaluate;
mod fit;
mod scores;
mod sets;
mod topics;
mod train;

use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "\
usage: vigie-train train    --data DIR [--out DIR]      write en.bin and fr.bin (default: crates/vigie-text/src/tone/weights)
       vigie-train evaluate --data DIR [--weights DIR]  print the scores of weights (default: those shipped)
       vigie-train folds    --data DIR                  print the scores of weights that did not see the texts (five folds)
       vigie-train train-emotion --data DIR [--out DIR] write en.bin and fr.bin (default: crates/vigie-text/src/emotion/weights)
       vigie-train emotion  --data DIR                  print the scores of the emotion model on texts it did not see
       vigie-train topics   --data DIR                  print how well topics agree with labelled subjects
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| {
        let at = arguments.iter().position(|a| a == name)?;
        arguments.get(at + 1).map(PathBuf::from)
    };
    let (Some(command), Some(data)) = (arguments.first(), option("--data")) else {
        eprint!("{USAGE}");
        return ExitCode::from(2);
    };
    let done = match command.as_str() {
        "train" => train::train(&data, &option("--out").unwrap_or_else(|| "crates/vigie-text/src/tone/weights".into())),
        "evaluate" => evaluate::evaluate(&data, option("--weights").as_deref()),
        "folds" => train::folds(&data),
        "train-emotion" => {
            emotions::train(&data, &option("--out").unwrap_or_else(|| "crates/vigie-text/src/emotion/weights".into()))
        }
        "emotion" => emotions::evaluate(&data),
        "topics" => topics::evaluate(&data),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
