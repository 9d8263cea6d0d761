//! `vigie archive`: what was collected, looked at, compacted, taken out and in.

mod words;

pub(crate) use words::enforced;

use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use serde_json::json;
use vigie_config::settings::Project;
use vigie_model::diagnostic::{Bilingual, Diagnostic};
use vigie_model::table::{TABLES, Table};
use vigie_pipeline::{Error, Format};

use crate::commands::project;
use crate::print::Printer;
use crate::{clock, exit};

/// What to do with an archive.
#[derive(Debug, Subcommand)]
pub(crate) enum ArchiveCommand {
    /// Say what is in it: tables, versions, rows, cursors, sources, rejected rows
    Info {
        /// Project folder (default: the current one)
        #[arg(value_name = "DIR", default_value = ".")]
        dir: PathBuf,
    },
    /// Put it in order: one file a month, one row for each mention; versions that reports name stay whole
    Compact {
        /// Project folder (default: the current one)
        #[arg(value_name = "DIR", default_value = ".")]
        dir: PathBuf,
    },
    /// Write its tables to files that anything opens
    Export {
        /// Project folder (default: the current one)
        #[arg(value_name = "DIR", default_value = ".")]
        dir: PathBuf,
        /// Folder for the files
        #[arg(long, value_name = "FOLDER")]
        to: PathBuf,
        /// Form of the files: parquet, ndjson, or csv for spreadsheets (default: parquet)
        #[arg(long, value_name = "FORMAT", default_value = "parquet")]
        format: FileFormat,
        /// One table only: mentions, metric_points, events or coverage
        #[arg(long, value_name = "TABLE")]
        table: Option<TableName>,
        /// An earlier version of that table
        #[arg(long, value_name = "NUMBER", requires = "table")]
        version: Option<u64>,
    },
    /// Merge another archive, or exported files, into it; of two versions of a row the one read last counts
    Import {
        /// Project folder (default: the current one)
        #[arg(value_name = "DIR", default_value = ".")]
        dir: PathBuf,
        /// An archive, a project, a folder of exported files, or one of them
        #[arg(long, value_name = "PATH")]
        from: PathBuf,
    },
}

/// Form of exported files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FileFormat {
    Parquet,
    Ndjson,
    Csv,
}

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum TableName {
    Mentions,
    MetricPoints,
    Events,
    Coverage,
}

impl TableName {
    fn table(self) -> &'static Table {
        let name = self.to_possible_value().map(|v| v.get_name().to_owned()).unwrap_or_default();
        TABLES.iter().copied().find(|t| t.short() == name).unwrap_or(TABLES[0])
    }
}

/// Does `command`.
pub(crate) fn run(command: &ArchiveCommand, printer: &Printer) -> u8 {
    let (ArchiveCommand::Info { dir }
    | ArchiveCommand::Compact { dir }
    | ArchiveCommand::Export { dir, .. }
    | ArchiveCommand::Import { dir, .. }) = command;
    let Some(project) = project(dir, printer) else { return exit::USAGE };
    let done = match command {
        ArchiveCommand::Info { .. } => info(&project, printer),
        ArchiveCommand::Compact { .. } => compact(&project, printer),
        ArchiveCommand::Export { to, format, table, version, .. } => {
            export(&project, (*table, *version), to, *format, printer)
        }
        ArchiveCommand::Import { from, .. } => import(&project, from, printer),
    };
    done.unwrap_or_else(|error| {
        printer.error("A002", &error.message());
        exit::NO_REPORT
    })
}

fn info(project: &Project, printer: &Printer) -> Result<u8, Error> {
    let info = vigie_pipeline::archive_info(project)?;
    for line in words::info(&info, printer.language) {
        printer.data(&line);
    }
    Ok(exit::COMPLETE)
}

fn compact(project: &Project, printer: &Printer) -> Result<u8, Error> {
    let words = Bilingual::new("compacting the archive", "compactage de l'archive");
    printer.progress(&words);
    for table in vigie_pipeline::archive_compact(project, clock::now())? {
        let fields = json!({
            "table": table.table, "files": table.files, "rows": table.rows, "deleted": table.deleted,
        });
        printer.say("compacted", &words::compacted(&table), fields);
    }
    Ok(exit::COMPLETE)
}

fn export(
    project: &Project,
    (table, version): (Option<TableName>, Option<u64>),
    to: &Path,
    format: FileFormat,
    printer: &Printer,
) -> Result<u8, Error> {
    let format = match format {
        FileFormat::Parquet => Format::Parquet,
        FileFormat::Ndjson => Format::Ndjson,
        FileFormat::Csv => Format::Csv,
    };
    let tables = table.map_or_else(|| TABLES.to_vec(), |t| vec![t.table()]);
    let written = vigie_pipeline::archive_export(project, &tables, version, to, format)?;
    for (path, rows) in &written {
        printer.path(path);
        let (name, shown) = (path.file_name().unwrap_or_default().to_string_lossy(), path.display());
        let words = Bilingual::new(format!("{name}: {rows} rows"), format!("{name} : {rows} lignes"));
        printer.say("exported", &words, json!({"file": shown.to_string(), "rows": rows}));
    }
    if written.is_empty() {
        let words = Bilingual::new(
            "the archive has no such table yet; nothing was written",
            "l'archive n'a pas encore de telle table ; rien n'a été écrit",
        );
        printer.diagnostic(&Diagnostic::warning("A003", words));
    }
    Ok(exit::COMPLETE)
}

fn import(project: &Project, from: &Path, printer: &Printer) -> Result<u8, Error> {
    let done = vigie_pipeline::archive_import(project, from, clock::now())?;
    let mut status = exit::COMPLETE;
    for (table, imported) in &done {
        let fields = json!({
            "table": table.short(), "read": imported.read, "added": imported.added, "updated": imported.updated,
            "rejected": imported.rejected,
        });
        printer.say("imported", &words::imported(table.short(), imported), fields);
        if let Some(first) = &imported.first_rejected {
            printer.diagnostic(&Diagnostic::warning("A004", words::rejected(imported.rejected, first)));
            status = exit::INCOMPLETE;
        }
    }
    Ok(status)
}

/// Reads a source from its beginning at the next run: `vigie collect --reset-state ID`.
pub(crate) fn reset_state(dir: &Path, source: &str, printer: &Printer) -> u8 {
    let Some(project) = project(dir, printer) else { return exit::USAGE };
    if project.source(source).is_none() {
        let known = project.sources.iter().map(|s| format!("`{}`", s.id)).collect::<Vec<_>>().join(", ");
        let words = Bilingual::new(
            format!("no source is called `{source}`; the project has {known}"),
            format!("aucune source ne s'appelle `{source}` ; le projet a {known}"),
        );
        printer.error("C003", &words);
        return exit::USAGE;
    }
    match vigie_pipeline::reset_state(&project, source) {
        Ok(cursors) => {
            printer.say("reset", &words::reset(source, cursors), json!({"source": source, "cursors": cursors}));
            exit::COMPLETE
        }
        Err(error) => {
            printer.error("A001", &error.message());
            exit::NO_REPORT
        }
    }
}
