//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::archive::ArchiveCommand;
use crate::plugin::PluginCommand;
use crate::plugin_dirs::PluginDirs;

/// Strategic intelligence reports from what the public says about a brand and its competitors.
#[derive(Debug, Parser)]
#[command(name = "vigie", version, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// How the program speaks.
#[derive(Debug, Args)]
pub(crate) struct Output {
    /// Language of messages: fr or en (default: that of the system)
    #[arg(long, global = true, value_name = "LANGUAGE")]
    pub(crate) language: Option<Speech>,
    /// Say nothing but errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Form of messages on standard error: text, or json for cron (default: text)
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    pub(crate) log_format: LogFormat,
}

/// Language of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Speech {
    Fr,
    En,
}

/// Form of messages: sentences, or one JSON object per line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

/// What to report on.
#[derive(Debug, Args)]
pub(crate) struct Job {
    /// Project folders (default: the current one)
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) dirs: Vec<PathBuf>,
    /// 2026-10, last-month or 2026-10-01..2026-10-31 (default: the project's own)
    #[arg(long, value_name = "PERIOD")]
    pub(crate) period: Option<String>,
}

/// How strictly plugins are those of `vigie.lock`.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Pins {
    /// Refuse plugins that vigie.lock does not name yet, instead of adding them
    #[arg(long)]
    pub(crate) locked: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a project folder that runs as it is, with comments that teach
    New {
        /// The folder to make
        #[arg(value_name = "DIR")]
        dir: PathBuf,
        /// Name of the client (default: the folder's)
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
    },
    /// Say everything that is wrong with projects, their queries and their plugins, at once
    Check {
        #[command(flatten)]
        pins: Pins,
        #[command(flatten)]
        plugins: PluginDirs,
        /// Project folders (default: the current one)
        #[arg(value_name = "DIR", default_value = ".")]
        dirs: Vec<PathBuf>,
    },
    /// Say what collecting would do, without doing it
    Plan {
        #[command(flatten)]
        plugins: PluginDirs,
        /// Project folders (default: the current one)
        #[arg(value_name = "DIR", default_value = ".")]
        dirs: Vec<PathBuf>,
    },
    /// Bring new mentions into the archive
    Collect {
        #[command(flatten)]
        pins: Pins,
        #[command(flatten)]
        plugins: PluginDirs,
        /// Read this source only; may be given several times
        #[arg(long, value_name = "ID")]
        source: Vec<String>,
        /// Project folders (default: the current one)
        #[arg(value_name = "DIR", default_value = ".")]
        dirs: Vec<PathBuf>,
        /// Collect nothing; forget how far this source was read, so that the next run reads it from its beginning
        #[arg(long, value_name = "ID", conflicts_with = "source")]
        reset_state: Option<String>,
    },
    /// Write the report of a period from the archive, offline
    Report {
        #[command(flatten)]
        job: Job,
    },
    /// Collect, then report
    Run {
        #[command(flatten)]
        job: Job,
        #[command(flatten)]
        pins: Pins,
        #[command(flatten)]
        plugins: PluginDirs,
    },
    /// Look at what was collected, put it in order, take it out and in
    #[command(subcommand)]
    Archive(ArchiveCommand),
    /// Check, try, test, measure, import and explain queries
    Query {
        /// Language of messages: fr or en (default: that of the system)
        #[arg(long, global = true, hide = true, value_name = "LANGUAGE")]
        lang: Option<Speech>,
        #[command(subcommand)]
        command: crate::query::Command,
    },
    /// Have persons read a sample of mentions, and correct the levels of tone by it
    #[command(subcommand)]
    Audit(crate::audit::Command),
    /// Learn from the labels of audits how to read this project's texts; kept only where it reads better
    Learn {
        /// Project folders (default: the current one)
        #[arg(value_name = "DIR", default_value = ".")]
        dirs: Vec<PathBuf>,
    },
    /// Look at plugins, trust, install, pin and pack them
    Plugin {
        #[command(subcommand)]
        command: PluginCommand,
    },
    /// Say what this machine offers: sandbox, folders, plugins, versions
    Doctor,
    /// Read the texts of any table: language, tone, entities, intents, copies; one reading per row
    Read(Box<crate::read::Reading>),
    /// Find what the texts of any table speak of, and follow it from month to month
    Topics(Box<crate::topics::Asked>),
}

impl Output {
    /// How to speak about a command line that cannot be read whole: from what of it can.
    pub(crate) fn guess(arguments: &[OsString]) -> Self {
        let given = |name: &str| {
            arguments.iter().enumerate().find_map(|(place, argument)| {
                let argument = argument.to_str()?.strip_prefix(name)?;
                match argument.strip_prefix('=') {
                    Some(value) => Some(value),
                    None if argument.is_empty() => arguments.get(place + 1)?.to_str(),
                    None => None,
                }
            })
        };
        Self {
            language: given("--language")
                .or_else(|| given("--lang").filter(|_| arguments.iter().any(|a| a == "query")))
                .and_then(|v| Speech::from_str(v, true).ok()),
            quiet: false,
            log_format: given("--log-format")
                .and_then(|v| LogFormat::from_str(v, true).ok())
                .unwrap_or(LogFormat::Text),
        }
    }
}
