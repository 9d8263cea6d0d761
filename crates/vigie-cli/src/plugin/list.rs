//! `vigie plugin list`.

use serde_json::json;
use vigie_model::diagnostic::Diagnostic;
use vigie_plugin_host::{Listed, SearchPath, TrustStore};

use crate::exit;
use crate::print::Printer;

/// A plugin with what keeps it from running, when something does.
struct Line<'a> {
    listed: &'a Listed,
    problems: Vec<Diagnostic>,
}

impl Line<'_> {
    /// `usable`, `shadowed`, or the code of the first problem.
    fn state(&self) -> &str {
        match self.problems.first() {
            Some(problem) => problem.code,
            None if self.listed.shadowed => "shadowed",
            None => "usable",
        }
    }

    fn version(&self) -> Option<&str> {
        self.listed.result.as_ref().ok().map(|p| p.manifest.version.as_str())
    }
}

pub(super) fn run(search: &SearchPath, verbose: bool, as_json: bool, printer: &Printer) -> u8 {
    let (listed, empty) = search.list();
    let trust = TrustStore::standard();
    let lines = listed.iter().map(|listed| {
        let problems = match &listed.result {
            Ok(plugin) => trust.permit(plugin).err().into_iter().collect(),
            Err(problems) => problems.clone(),
        };
        Line { listed, problems }
    });
    let lines: Vec<Line<'_>> = lines.collect();
    for line in &lines {
        let Listed { id, origin, place, .. } = line.listed;
        if as_json {
            let problems: Vec<_> = line
                .problems
                .iter()
                .map(|p| json!({"code": p.code, "message": p.message.get(printer.language)}))
                .collect();
            let object = json!({"id": id, "version": line.version(), "origin": origin.name(), "state": line.state(),
                "place": place, "problems": problems});
            printer.data(&object.to_string());
        } else {
            let (id, version) = (id.as_deref().unwrap_or("?"), line.version().unwrap_or("—"));
            printer.row(&[id, version, origin.name(), line.state(), &place.display().to_string()]);
        }
    }
    if verbose {
        for problem in lines.iter().flat_map(|l| &l.problems) {
            printer.diagnostic(problem);
        }
        for tried in empty {
            let place = tried.place.display().to_string();
            let words = tried.result;
            printer.tried(&place, &words);
        }
    }
    exit::COMPLETE
}
