//! M3: the library itself, looked at without running it: what it exports, how large it is, which C library it needs.

use object::read::{File, Object as _, ObjectSymbol as _};
use vigie_plugin::abi::entry_symbol;

use super::stand::Stand;
use super::verdict::Verdict;

/// Largest library, in bytes.
const MAX_BYTES: usize = 64 << 20;
/// Names that linkers put into every library.
const LINKER: &[&str] =
    &["_init", "_fini", "__bss_start", "_edata", "_end", "__bss_start__", "__bss_end__", "_bss_end__", "__end__"];

/// M3.
pub(crate) fn exports(stand: &Stand) -> Verdict {
    let bytes = match std::fs::read(&stand.plugin.library) {
        Ok(bytes) => bytes,
        Err(error) => return unreadable(&error.to_string()),
    };
    if bytes.len() > MAX_BYTES {
        let mib = bytes.len() >> 20;
        return Verdict::failed(
            (
                format!("the library has {mib} MiB, 64 are allowed"),
                format!("la bibliothèque pèse {mib} Mio, 64 sont permis"),
            ),
            ("strip it; leave out what it does not need", "retirez-en les symboles, et ce dont elle n'a pas besoin"),
        );
    }
    let file = match File::parse(bytes.as_slice()) {
        Ok(file) => file,
        Err(error) => return unreadable(&error.to_string()),
    };
    let entry = entry_symbol(&stand.plugin.manifest.id);
    let exported = file.dynamic_symbols().filter(|s| s.is_definition() && (s.is_global() || s.is_weak()));
    let names: Vec<&str> = exported.filter_map(|s| s.name().ok()).filter(|n| !n.is_empty()).collect();
    // Mach-O puts an underscore before every name.
    let named = |name: &str| name == entry || name.strip_prefix('_') == Some(entry.as_str());
    if !names.iter().any(|n| named(n)) {
        return Verdict::failed(
            (format!("the library does not export `{entry}`"), format!("la bibliothèque n'exporte pas `{entry}`")),
            (
                "the id in the manifest and in the code must be the same",
                "l'identifiant doit être le même dans le manifeste et dans le code",
            ),
        );
    }
    let others: Vec<&str> = names.into_iter().filter(|n| !named(n) && !LINKER.contains(n)).take(5).collect();
    if !others.is_empty() {
        let list = others.join(", ");
        return Verdict::failed(
            (format!("the library also exports {list}"), format!("la bibliothèque exporte aussi {list}")),
            (
                "hide everything but the entry: `-fvisibility=hidden` in C and C++, `pub(crate)` in Rust",
                "cachez tout sauf l'entrée : `-fvisibility=hidden` en C et C++, `pub(crate)` en Rust",
            ),
        );
    }
    glibc(stand, &bytes)
}

fn unreadable(error: &str) -> Verdict {
    Verdict::failed(
        (format!("the library cannot be read: {error}"), format!("la bibliothèque est illisible : {error}")),
        ("build it again", "compilez-la de nouveau"),
    )
}

/// Version numbers of the C library that the file names, when the manifest says which one suffices.
fn glibc(stand: &Stand, bytes: &[u8]) -> Verdict {
    let Some(declared) = stand.plugin.manifest.requires.get("glibc") else { return Verdict::Passed };
    let numbers = |text: &str| text.split('.').map(|n| n.parse::<u32>().unwrap_or(u32::MAX)).collect::<Vec<_>>();
    let marks = bytes.windows(6).enumerate().filter(|(_, w)| *w == b"GLIBC_").map(|(at, _)| at + 6);
    let versions = marks.filter_map(|at| {
        let end = bytes[at..].iter().position(|b| *b == 0)?;
        std::str::from_utf8(&bytes[at..at + end]).ok().filter(|v| v.starts_with(|c: char| c.is_ascii_digit()))
    });
    let Some(needed) = versions.max_by_key(|v| numbers(v)) else { return Verdict::Passed };
    if numbers(needed) <= numbers(declared) {
        return Verdict::Passed;
    }
    Verdict::failed(
        (
            format!("the library needs glibc {needed}, the manifest says {declared} suffices"),
            format!("la bibliothèque demande la glibc {needed}, le manifeste dit que la {declared} suffit"),
        ),
        (
            "build against an older C library (`zig cc`), or write the number it needs",
            "compilez avec une bibliothèque C plus ancienne (`zig cc`), ou écrivez le numéro nécessaire",
        ),
    )
}
