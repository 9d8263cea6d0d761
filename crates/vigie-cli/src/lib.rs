//! Talks to a person: arguments, messages, progress, exit codes. Knows the clock and the terminal, so
//! that nothing else has to.

#![allow(clippy::result_large_err, reason = "an error ends a run, once; moving it costs nothing there")]

mod archive;
mod args;
mod audit;
mod clock;
mod commands;
mod doctor;
mod exit;
mod help;
mod learn;
mod plugin;
mod plugin_dirs;
mod print;
mod query;
mod read;
mod topics;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::FromArgMatches;
use clap::error::ErrorKind;

use args::{Arguments, Command, Output};
use print::Printer;
use vigie_pipeline::Terms;

/// Runs the program on its arguments, its own name first, and gives its exit status: 0 complete,
/// 1 no report, 2 command line or configuration, 3 report made but something was left out.
pub fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let given: Vec<OsString> = arguments.collect();
    let printer = Printer::new(&Output::guess(&given));
    let matches = help::command(printer.language).try_get_matches_from(given);
    let arguments = match matches.and_then(|m| Arguments::from_arg_matches(&m)) {
        Ok(arguments) => arguments,
        Err(error) => return ExitCode::from(unread(&error, &printer)),
    };
    // `--lang` means another thing to other commands.
    let spoken = if let Command::Query { lang, .. } = &arguments.command { *lang } else { None };
    let language = spoken.or(arguments.output.language);
    let printer = Printer::new(&Output { language, ..arguments.output });
    let status = match &arguments.command {
        Command::New { dir, name } => commands::new(dir, name.as_deref(), &printer),
        Command::Check { dirs, pins, plugins } => {
            commands::each(dirs, &printer, &mut |dir, p| commands::check(dir, pins.locked, plugins, p))
        }
        Command::Plan { dirs, plugins } => {
            commands::each(dirs, &printer, &mut |dir, p| commands::plan(dir, plugins, p))
        }
        Command::Collect { dirs, reset_state: Some(source), .. } => {
            commands::each(dirs, &printer, &mut |dir, p| archive::reset_state(dir, source, p))
        }
        Command::Collect { dirs, pins, plugins, source, reset_state: None } => {
            let terms = Terms { only: source.clone(), locked: pins.locked };
            commands::each(dirs, &printer, &mut |dir, p| commands::collect(dir, &terms, plugins, p))
        }
        Command::Archive(command) => archive::run(command, &printer),
        Command::Report { job } => {
            commands::each(&job.dirs, &printer, &mut |dir, p| commands::report(dir, job.period.as_deref(), p))
        }
        Command::Run { job, pins, plugins } => {
            let terms = Terms { locked: pins.locked, ..Terms::default() };
            commands::each(&job.dirs, &printer, &mut |dir, p| {
                commands::run(dir, job.period.as_deref(), &terms, plugins, p)
            })
        }
        Command::Query { command, .. } => query::run(command, &printer),
        Command::Audit(command) => audit::run(command, &printer),
        Command::Learn { dirs } => commands::each(dirs, &printer, &mut learn::learn),
        Command::Plugin { command } => plugin::run(command, &printer),
        Command::Doctor => doctor::run(&printer),
        Command::Read(asked) => read::read(asked, &printer),
        Command::Topics(asked) => topics::run(asked, &printer),
    };
    ExitCode::from(status)
}

/// Answers a command line that asks for help, or says what is wrong with it.
fn unread(error: &clap::Error, printer: &Printer) -> u8 {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // A reader that goes away (`| head`) has what it wanted.
            let _ = error.print();
            exit::COMPLETE
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            exit::USAGE
        }
        _ => {
            printer.diagnostic(&help::mistake(error));
            exit::USAGE
        }
    }
}
