//! `vigie query`: queries outside a report. One file for each command; where a query comes from is in `input`.

mod check;
mod explain;
mod import;
mod input;
mod matching;
mod records;
mod sample;
mod trial;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use vigie_query::dialect::Tool;
use vigie_query::{Accents, Dialect};

use crate::print::Printer;

/// What to do with queries.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say everything wrong or doubtful in queries, with its place and what to do
    Check {
        #[command(flatten)]
        queries: Queries,
        #[command(flatten)]
        reading: Reading,
        /// The query will ask a source for texts: it must say what it wants
        #[arg(long)]
        collection: bool,
        /// Give the problems as one JSON line per query on standard output
        #[arg(long)]
        json: bool,
    },
    /// Ask a query of one text (status 0 found, 1 not found) or of many records
    Match {
        /// The query, or $NAME of the project
        #[arg(value_name = "QUERY", required_unless_present = "file", allow_hyphen_values = true)]
        query: Option<String>,
        /// Read the query from a file instead
        #[arg(long, value_name = "FILE", conflicts_with = "query")]
        file: Option<PathBuf>,
        /// The text (default: standard input)
        #[arg(long, value_name = "TEXT", conflicts_with = "jsonl", allow_hyphen_values = true)]
        text: Option<String>,
        /// Another field of the text, as title=… or followers=120; may be repeated
        #[arg(long, value_name = "NAME=VALUE", conflicts_with = "jsonl")]
        field: Vec<String>,
        /// Records, one JSON object per line, keys named like fields; - is standard input
        #[arg(long, value_name = "FILE")]
        jsonl: Option<PathBuf>,
        #[command(flatten)]
        reading: Reading,
    },
    /// Run the tests written beside the queries of projects
    Test {
        /// Project folders (default: the current one)
        #[arg(value_name = "DIR", default_value = ".")]
        dirs: Vec<PathBuf>,
    },
    /// Draw mentions to be read by a person, or load what that person wrote
    Sample {
        /// Name of a query or of an entity of the project
        #[arg(value_name = "NAME")]
        name: String,
        /// Mentions to draw (default: 50)
        #[arg(short, long, value_name = "COUNT", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        number: u32,
        /// A sheet that was filled in (CSV or XLSX): say the precision and keep it for the method page
        #[arg(long, value_name = "FILE", conflicts_with = "number")]
        load: Option<PathBuf>,
        /// Project folder (default: the current one)
        #[arg(long, value_name = "DIR", default_value = ".")]
        project: PathBuf,
        /// 2026-10, last-month or 2026-10-01..2026-10-31 (default: the project's own)
        #[arg(long, value_name = "PERIOD", conflicts_with = "load")]
        period: Option<String>,
    },
    /// Rewrite a query of another tool, with what changes
    Import {
        /// The tool it was written for: brandwatch, talkwalker, meltwater, mention, x or mediacloud
        #[arg(long, value_name = "TOOL")]
        from: Origin,
        /// File of the query (default: standard input)
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
        /// The query itself
        #[arg(long, short = 'e', value_name = "QUERY", conflicts_with = "file", allow_hyphen_values = true)]
        query: Option<String>,
    },
    /// Say in words what queries mean
    Explain {
        #[command(flatten)]
        queries: Queries,
        #[command(flatten)]
        reading: Reading,
    },
}

/// Which queries.
#[derive(Debug, Args)]
pub(crate) struct Queries {
    /// Project folders, files that hold one query, the query itself, or - for standard input
    #[arg(value_name = "INPUT")]
    inputs: Vec<String>,
    /// A query; may be repeated
    #[arg(long = "query", short = 'e', value_name = "QUERY", allow_hyphen_values = true)]
    typed: Vec<String>,
}

/// How queries are read.
#[derive(Debug, Args)]
pub(crate) struct Reading {
    /// Project whose macros, lists and named queries may be used
    #[arg(long, value_name = "DIR")]
    project: Option<PathBuf>,
    /// Operators: en (AND OR NOT NEAR), or fr (ET OU SAUF PRES as well) (default: en)
    #[arg(long, value_name = "DIALECT", default_value = "en")]
    dialect: Operators,
    /// Whether accents count: folded or strict (default: folded)
    #[arg(long, value_name = "ACCENTS", default_value = "folded")]
    accents: Comparison,
    /// The day from which last-month and the like are counted (default: today)
    #[arg(long, value_name = "DAY")]
    today: Option<Date>,
}

/// Which words are operators.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Operators {
    /// AND OR NOT NEAR
    #[value(alias = "canonical")]
    En,
    /// The same, and ET OU SAUF PRES
    Fr,
}

impl From<Operators> for Dialect {
    fn from(operators: Operators) -> Self {
        match operators {
            Operators::En => Self::Canonical,
            Operators::Fr => Self::French,
        }
    }
}

/// Whether accents count.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Comparison {
    /// cote finds côté
    Folded,
    /// cote finds only cote
    Strict,
}

impl From<Comparison> for Accents {
    fn from(comparison: Comparison) -> Self {
        match comparison {
            Comparison::Folded => Self::Folded,
            Comparison::Strict => Self::Strict,
        }
    }
}

/// Tools whose queries can be read.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Origin {
    /// Brandwatch
    Brandwatch,
    /// Talkwalker
    Talkwalker,
    /// Meltwater
    Meltwater,
    /// Mention
    Mention,
    /// X, search and API
    X,
    /// Media Cloud
    Mediacloud,
}

impl From<Origin> for Tool {
    fn from(origin: Origin) -> Self {
        match origin {
            Origin::Brandwatch => Self::Brandwatch,
            Origin::Talkwalker => Self::Talkwalker,
            Origin::Meltwater => Self::Meltwater,
            Origin::Mention => Self::Mention,
            Origin::X => Self::X,
            Origin::Mediacloud => Self::MediaCloud,
        }
    }
}

/// Does the command and gives its exit status.
pub(crate) fn run(command: &Command, printer: &Printer) -> u8 {
    let done = match command {
        Command::Check { queries, reading, collection, json } => {
            check::check(queries, reading, *collection, *json, printer)
        }
        Command::Match { query, file, text, field, jsonl, reading } => {
            let asked = input::one(query.as_deref(), file.as_deref(), reading, printer);
            asked.and_then(|asked| match jsonl {
                Some(path) => matching::many(&asked, path, printer),
                None => matching::one(&asked, text.as_deref(), field, printer),
            })
        }
        Command::Test { dirs } => Ok(crate::commands::each(dirs, printer, &mut trial::trial)),
        Command::Sample { name, number, load, project, period } => match load {
            Some(file) => sample::load(project, name, file, printer),
            None => sample::draw(project, name, *number, period.as_deref(), printer),
        },
        Command::Import { from, file, query } => {
            import::import((*from).into(), file.as_deref(), query.as_deref(), printer)
        }
        Command::Explain { queries, reading } => explain::explain(queries, reading, printer),
    };
    done.unwrap_or_else(|status| status)
}
