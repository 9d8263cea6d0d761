//! A5: the plugin built anew with the address and undefined-behaviour sanitizers, and read.

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use object::read::{File, Object as _, ObjectSymbol as _};
use vigie_plugin_host::locate::beside_executable;
use vigie_plugin_host::{Limits, Outcome, Plugin, at_work};

use super::network::Trouble;
use super::stand::{Reading, Stand};
use super::verdict::Verdict;

/// What compilers are told.
const FLAGS: &str = "-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -g";
/// How the sanitizers behave: no program is started and nobody is traced, for the sandbox permits neither.
const OPTIONS: [(&str, &str); 2] = [
    ("ASAN_OPTIONS", "detect_leaks=0:symbolize=0:exitcode=99"),
    ("UBSAN_OPTIONS", "symbolize=0:halt_on_error=1:exitcode=99"),
];
/// What their findings have in common.
const FINDINGS: [&str; 2] = ["AddressSanitizer", "runtime error:"];
/// The sanitizers reserve terabytes of addresses, which is not memory.
const ADDRESSES_MIB: u64 = 1 << 30;

/// A5.
pub(crate) fn clean(stand: &Stand) -> Verdict {
    if stand.full().is_none() {
        return super::no_case();
    }
    if !stand.folder.join("build.sh").is_file() {
        return Verdict::not_applicable("the folder has no build.sh", "le dossier n'a pas de build.sh");
    }
    let Some(preload) = shared_library() else {
        return Verdict::not_applicable(
            "the C compiler of this machine offers no shared sanitizer",
            "le compilateur C de cette machine n'offre pas d'assainisseur partagé",
        );
    };
    let workshop = match workshop(&stand.folder) {
        Ok(workshop) => workshop,
        Err(error) => return not_built(&error.to_string()),
    };
    let plugin = match built(&workshop.path().join("plugin"), workshop.path()) {
        Ok(plugin) => plugin,
        Err(words) => return not_built(&words),
    };
    if !instrumented(&plugin.library) {
        return Verdict::not_applicable(
            "build.sh does not compile with $CC or $CXX",
            "build.sh ne compile pas avec $CC ni $CXX",
        );
    }
    readings(stand, &plugin, &preload).err().unwrap_or(Verdict::Passed)
}

fn readings(stand: &Stand, plugin: &Plugin, preload: &str) -> Result<(), Verdict> {
    let limits = Limits { memory_mib: ADDRESSES_MIB, ..stand.limits.clone() };
    let mut environment: Vec<(String, String)> = OPTIONS.map(|(n, v)| (n.to_owned(), v.to_owned())).into();
    environment.push(("LD_PRELOAD".to_owned(), preload.to_owned()));
    for case in &stand.cases {
        let Ok(served) = stand.serve(case, &Trouble::none(), true) else { continue };
        let runner = served.runner.with_environment(environment.clone());
        let mut reading = Reading::default();
        let outcome = runner.read(plugin, &case.options, &case.request(plugin, None), &limits, &mut reading);
        let last = match &outcome {
            Outcome::Failed(failure) => failure.log_tail.as_slice(),
            Outcome::Complete(_) => &[],
        };
        let said = reading.log.iter().chain(last).find(|line| FINDINGS.iter().any(|f| line.contains(f)));
        if let Some(line) = said {
            let name = &case.name;
            return Err(Verdict::failed(
                (format!("case `{name}`: {line}"), format!("cas `{name}` : {line}")),
                (
                    "what a sanitizer finds is a bug, even where nothing is seen of it yet",
                    "ce que trouve un assainisseur est un défaut, même quand rien ne s'en voit encore",
                ),
            ));
        }
    }
    Ok(())
}

fn not_built(reason: &str) -> Verdict {
    Verdict::failed(
        (
            format!("build.sh does not build with sanitizers: {reason}"),
            format!("build.sh ne construit pas avec les assainisseurs : {reason}"),
        ),
        (
            "let build.sh compile with $CC or $CXX, and need nothing outside its folder but vigie_plugin.h",
            "que build.sh compile avec $CC ou $CXX, sans rien hors de son dossier que vigie_plugin.h",
        ),
    )
}

/// Where the compiler keeps the library that must be loaded first.
fn shared_library() -> Option<String> {
    let output = Command::new("cc").arg("-print-file-name=libasan.so").stderr(Stdio::null()).output().ok()?;
    let path = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    // A compiler that has none repeats the name. The library itself, not the link to it: the sandbox names folders.
    let real = Path::new(&path).is_absolute().then(|| std::fs::canonicalize(&path).ok())??;
    real.to_str().map(str::to_owned)
}

/// A copy of the folder, and compilers that add the flags.
fn workshop(folder: &Path) -> io::Result<tempfile::TempDir> {
    let workshop = tempfile::Builder::new().prefix("vigie-suite-").tempdir()?;
    copy(folder, &workshop.path().join("plugin"))?;
    // Examples in a clone of vigie take the header from there.
    std::fs::write(workshop.path().join("plugin/vigie_plugin.h"), vigie_plugin::abi::HEADER)?;
    for compiler in ["cc", "c++"] {
        let path = workshop.path().join(compiler);
        std::fs::write(&path, format!("#!/bin/sh\nexec {compiler} {FLAGS} \"$@\"\n"))?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755))?;
    }
    Ok(workshop)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        // What a build left behind is large, and made anew.
        if entry.file_type()?.is_dir() && entry.file_name() != "target" {
            copy(&entry.path(), &target)?;
        } else if entry.file_type()?.is_file() {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn built(folder: &Path, compilers: &Path) -> Result<Plugin, String> {
    let output = Command::new("sh")
        .arg(folder.join("build.sh"))
        .env("CC", compilers.join("cc"))
        .env("CXX", compilers.join("c++"))
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(said.lines().last().unwrap_or_default().to_owned());
    }
    at_work(folder, &beside_executable())
        .map_err(|problems| problems.into_iter().map(|p| p.message.en).collect::<Vec<_>>().join("; "))
}

fn instrumented(library: &PathBuf) -> bool {
    let Ok(bytes) = std::fs::read(library) else { return false };
    let Ok(file) = File::parse(bytes.as_slice()) else { return false };
    file.dynamic_symbols().any(|symbol| symbol.name().is_ok_and(|name| name.contains("__asan_init")))
}
