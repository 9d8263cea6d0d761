//! `vigie plugin pack`.

use std::path::{Path, PathBuf};

use vigie_plugin_host::{Runner, package};

use crate::exit;
use crate::print::Printer;

pub(super) fn run(dir: &Path, output: Option<&Path>, printer: &Printer) -> u8 {
    let packed = package::runner().and_then(|runner: Runner| {
        let plugin = package::write_spec(&runner, dir)?;
        let name = format!("{}-{}.tar.gz", plugin.manifest.id, plugin.manifest.version);
        let archive = output.map_or_else(|| PathBuf::from(name), Path::to_owned);
        package::pack(&plugin, &archive).map(|()| archive)
    });
    match packed {
        Ok(archive) => {
            printer.path(&archive);
            exit::COMPLETE
        }
        Err(problems) => super::told(&problems, printer),
    }
}
