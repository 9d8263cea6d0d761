//! `vigie plugin`: making and proving plugins, looking at them, trusting, installing, pinning and packing them. One file per command.

mod install;
mod list;
mod lock;
mod new;
mod pack;
mod show;
mod test;
mod trust;
mod untrust;
mod words;

use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use vigie_config::{load, process_environment};
use vigie_model::diagnostic::Diagnostic;
use vigie_plugin_host::SearchPath;
use vigie_plugin_kit::suite::{self, Choice};

use crate::exit;
use crate::plugin_dirs::PluginDirs;
use crate::print::Printer;

/// What to do with plugins.
#[derive(Debug, Subcommand)]
pub(crate) enum PluginCommand {
    /// Write the folder of a new plugin, which builds and passes the tests as it is
    New {
        /// Id of the plugin: a to z, 0 to 9 and _
        #[arg(value_name = "NAME")]
        name: String,
        /// Language of its code: rust, c, cpp or zig (default: rust)
        #[arg(long, value_name = "LANG", default_value = "rust")]
        lang: new::Lang,
        /// The folder (default: plugins/NAME in a project, else NAME)
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
    /// Prove a plugin, offline from its recordings, and say what to do about each test it fails
    Test {
        /// The plugin's folder (default: the current one)
        #[arg(value_name = "DIR", default_value = ".")]
        dir: PathBuf,
        /// Run this test only
        #[arg(long, value_name = "ID")]
        only: Option<String>,
        /// How much is asked: core for a first green run, must, or all, which also builds the plugin anew with
        /// sanitizers (default: must)
        #[arg(long, value_name = "LEVEL", default_value = "must")]
        level: Level,
        /// Run the plugin in this process, for a debugger: no sandbox, no limits, and a crash ends everything
        #[arg(long)]
        in_process: bool,
        /// One JSON object per test
        #[arg(long)]
        json: bool,
    },
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
        #[command(flatten)]
        plugins: PluginDirs,
    },
    /// Show what a plugin is, what it may do, and whether it may run
    Show {
        /// Plugin id
        #[arg(value_name = "ID")]
        id: String,
        /// Project whose plugins are looked for too (default: the current folder)
        #[arg(long, value_name = "DIR", default_value = ".")]
        project: PathBuf,
        #[command(flatten)]
        plugins: PluginDirs,
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
        #[command(flatten)]
        plugins: PluginDirs,
    },
    /// Take back the trust in a plugin: it may not run on this machine any more
    Untrust {
        /// Plugin id
        #[arg(value_name = "ID")]
        id: String,
        /// This version only (default: every version)
        #[arg(long, value_name = "VERSION")]
        version: Option<String>,
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
        #[command(flatten)]
        plugins: PluginDirs,
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

/// How much the suite asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    Core,
    Must,
    All,
}

/// Does `command` and gives its exit status.
pub(crate) fn run(command: &PluginCommand, printer: &Printer) -> u8 {
    match command {
        PluginCommand::New { name, lang, dir } => new::run(name, *lang, dir.as_deref(), printer),
        PluginCommand::Test { dir, only, level, in_process, json } => {
            let level = match level {
                Level::Core => suite::Level::Core,
                Level::Must => suite::Level::Must,
                Level::All => suite::Level::All,
            };
            let choice = Choice { only: only.clone(), level, in_process: *in_process };
            test::run(dir, &choice, *json, printer)
        }
        PluginCommand::List { verbose, json, project, plugins } => {
            with_search(project, plugins, printer, &|search| list::run(search, *verbose, *json, printer))
        }
        PluginCommand::Show { id, project, plugins } => {
            with_search(project, plugins, printer, &|search| show::run(id, project, search, printer))
        }
        PluginCommand::Trust { plugin, yes, project, plugins } => {
            with_search(project, plugins, printer, &|search| trust::run(plugin, *yes, search, printer))
        }
        PluginCommand::Untrust { id, version } => untrust::run(id, version.as_deref(), printer),
        PluginCommand::Install { from, yes } => install::run(from, *yes, printer),
        PluginCommand::Lock { dirs, update, plugins } => {
            crate::commands::each(dirs, printer, &mut |dir, p| lock::run(dir, update, plugins, p))
        }
        PluginCommand::Pack { dir, output } => pack::run(dir, output.as_deref(), printer),
    }
}

/// Does something with the places where plugins are looked for: for the project in `folder`, or without one where there
/// is none; first in the folders of the command line.
fn with_search(folder: &Path, plugins: &PluginDirs, printer: &Printer, work: &dyn Fn(&SearchPath) -> u8) -> u8 {
    let Some(mut given) = plugins.folders(folder, printer) else { return exit::USAGE };
    if !folder.join("vigie.toml").is_file() {
        return work(&SearchPath::standard(&given, None));
    }
    // A project with mistakes still has its own plugins.
    given.extend(load(folder, &process_environment).project.into_iter().flat_map(|p| p.plugins.path));
    work(&SearchPath::standard(&given, Some(folder)))
}

/// Says everything that is wrong.
fn told(problems: &[Diagnostic], printer: &Printer) -> u8 {
    for problem in problems {
        printer.diagnostic(problem);
    }
    exit::USAGE
}
