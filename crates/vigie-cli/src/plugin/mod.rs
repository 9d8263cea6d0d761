//! `vigie plugin`: looking at plugins, trusting, installing, pinning and packing them. One file per command.

mod install;
mod list;
mod lock;
mod pack;
mod show;
mod trust;
mod words;

use std::path::{Path, PathBuf};

use clap::Subcommand;
use vigie_config::{load, process_environment};
use vigie_model::diagnostic::Diagnostic;
use vigie_plugin_host::SearchPath;

use crate::exit;
use crate::print::Printer;

/// What to do with plugins.
#[derive(Debug, Subcommand)]
pub(crate) enum PluginCommand {
    /// List the plugins that can be found, in the order in which they are looked for
    List {
        /// Name every place that was tried, and why a plugin is refused
        #[arg(long, short)]
        verbose: bool,
        /// One JSON object per plugin
        #[arg(long)]
        json: bool,
        /// Project whose plugins are looked for too (default: the current folder)
        #[arg(long, value_name = "DIR", default_value = ".")]
        project: PathBuf,
    },
    /// Show what a plugin is, what it may do, and whether it may run
    Show {
        /// Plugin id
        #[arg(value_name = "ID")]
        id: String,
        /// Project whose plugins are looked for too (default: the current folder)
        #[arg(long, value_name = "DIR", default_value = ".")]
        project: PathBuf,
    },
    /// Let a plugin run on this machine, after showing what it may do
    Trust {
        /// Plugin id, or the plugin's folder
        #[arg(value_name = "ID_OR_DIR")]
        plugin: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
        /// Project whose plugins are looked for too (default: the current folder)
        #[arg(long, value_name = "DIR", default_value = ".")]
        project: PathBuf,
    },
    /// Copy a plugin into the user's folder and let it run, after showing what it may do
    Install {
        /// The plugin's folder, or an archive made by `vigie plugin pack`
        #[arg(value_name = "DIR_OR_ARCHIVE")]
        from: PathBuf,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Pin the plugins of projects in their vigie.lock
    Lock {
        /// Project folders (default: the current one)
        #[arg(value_name = "DIR", default_value = ".")]
        dirs: Vec<PathBuf>,
        /// Accept the version of this plugin that is there now; may be given several times
        #[arg(long, value_name = "ID")]
        update: Vec<String>,
    },
    /// Write spec.json from a plugin's code and make an archive of its folder
    Pack {
        /// The plugin's folder (default: the current one)
        #[arg(value_name = "DIR", default_value = ".")]
        dir: PathBuf,
        /// The archive (default: ID-VERSION.tar.gz in the current folder)
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

/// Does `command` and gives its exit status.
pub(crate) fn run(command: &PluginCommand, printer: &Printer) -> u8 {
    match command {
        PluginCommand::List { verbose, json, project } => list::run(project, *verbose, *json, printer),
        PluginCommand::Show { id, project } => show::run(id, project, printer),
        PluginCommand::Trust { plugin, yes, project } => trust::run(plugin, *yes, project, printer),
        PluginCommand::Install { from, yes } => install::run(from, *yes, printer),
        PluginCommand::Lock { dirs, update } => {
            crate::commands::each(dirs, printer, &mut |dir, p| lock::run(dir, update, p))
        }
        PluginCommand::Pack { dir, output } => pack::run(dir, output.as_deref(), printer),
    }
}

/// Where plugins are looked for: for the project in `folder`, or without one where there is none.
fn search_path(folder: &Path) -> SearchPath {
    if !folder.join("vigie.toml").is_file() {
        return SearchPath::standard(&[], None);
    }
    // A project with mistakes still has its own plugins.
    let given = load(folder, &process_environment).project.map(|p| p.plugins.path).unwrap_or_default();
    SearchPath::standard(&given, Some(folder))
}

/// Says everything that is wrong.
fn told(problems: &[Diagnostic], printer: &Printer) -> u8 {
    for problem in problems {
        printer.diagnostic(problem);
    }
    exit::USAGE
}
