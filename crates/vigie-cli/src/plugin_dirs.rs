//! `--plugin-dir`: folders in which plugins are looked for before anywhere else.

use std::path::{Path, PathBuf};

use clap::Args;
use vigie_config::settings::Project;
use vigie_model::diagnostic::{Bilingual, Diagnostic};

use crate::print::Printer;

/// Folders given on the command line.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct PluginDirs {
    /// Look for plugins in this folder first; may be given several times (a relative one starts from the project)
    #[arg(long, value_name = "DIR")]
    plugin_dir: Vec<PathBuf>,
}

impl PluginDirs {
    /// The folders, in order. Those that are none are said, and nothing is looked for then: a slip here would quietly
    /// use another plugin of the same name.
    pub(crate) fn folders(&self, project: &Path, printer: &Printer) -> Option<Vec<PathBuf>> {
        let project = std::path::absolute(project).unwrap_or_else(|_| project.to_owned());
        let folders: Vec<PathBuf> = self.plugin_dir.iter().map(|dir| project.join(dir)).collect();
        let wrong: Vec<_> = self.plugin_dir.iter().zip(&folders).filter(|(_, folder)| !folder.is_dir()).collect();
        for (given, folder) in &wrong {
            printer.diagnostic(&not_a_folder(given, folder));
        }
        wrong.is_empty().then_some(folders)
    }

    /// The project, with the folders before its own.
    pub(crate) fn first(&self, mut project: Project, printer: &Printer) -> Option<Project> {
        let folders = self.folders(&project.dir, printer)?;
        project.plugins.path.splice(0..0, folders);
        Some(project)
    }
}

fn not_a_folder(given: &Path, folder: &Path) -> Diagnostic {
    let shown = folder.display();
    let words = if folder.exists() {
        Bilingual::new(
            format!("--plugin-dir: `{shown}` is not a folder"),
            format!("--plugin-dir : `{shown}` n'est pas un dossier"),
        )
    } else {
        Bilingual::new(
            format!("--plugin-dir: there is no folder `{shown}`"),
            format!("--plugin-dir : il n'y a pas de dossier `{shown}`"),
        )
    };
    let problem = Diagnostic::error("P106", words);
    // Whoever typed it may have meant the folder they are in.
    match std::path::absolute(given) {
        Ok(here) if given.is_relative() && here != folder && here.is_dir() => {
            let here = here.display();
            problem.hint(Bilingual::new(
                format!("a relative folder starts from the project; write `--plugin-dir {here}`"),
                format!("un dossier relatif part du projet ; écrivez `--plugin-dir {here}`"),
            ))
        }
        _ => problem.hint(Bilingual::new(
            "name a folder that holds plugin folders, or is one",
            "nommez un dossier qui contient des dossiers de greffons, ou qui en est un",
        )),
    }
}
