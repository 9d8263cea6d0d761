//! Talks to a person: arguments, messages, progress, exit codes. Knows the clock and the terminal, so
//! that nothing else has to.

mod archive;
mod args;
mod clock;
mod commands;
mod exit;
mod print;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};
use print::Printer;

/// Runs the program on its arguments, its own name first, and gives its exit status: 0 complete,
/// 1 no report, 2 command line or configuration, 3 report made but something was left out.
pub fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are answers, not mistakes; clap knows which stream each goes to.
            let status = if error.use_stderr() { exit::USAGE } else { exit::COMPLETE };
            let _ = error.print();
            return ExitCode::from(status);
        }
    };
    let printer = Printer::new(&arguments.output);
    let status = match &arguments.command {
        Command::New { dir, name } => commands::new(dir, name.as_deref(), &printer),
        Command::Check { dirs } => commands::each(dirs, &printer, &mut commands::check),
        Command::Plan { dirs } => commands::each(dirs, &printer, &mut commands::plan),
        Command::Collect { dirs, reset_state: None } => commands::each(dirs, &printer, &mut commands::collect),
        Command::Collect { dirs, reset_state: Some(source) } => {
            commands::each(dirs, &printer, &mut |dir, p| archive::reset_state(dir, source, p))
        }
        Command::Archive(command) => archive::run(command, &printer),
        Command::Report { job } => {
            commands::each(&job.dirs, &printer, &mut |dir, p| commands::report(dir, job.period.as_deref(), p))
        }
        Command::Run { job } => {
            commands::each(&job.dirs, &printer, &mut |dir, p| commands::run(dir, job.period.as_deref(), p))
        }
    };
    ExitCode::from(status)
}
