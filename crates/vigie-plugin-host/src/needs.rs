//! What a plugin needs of the machine and of vigie, compared with what there is.

use std::path::Path;

use vigie_model::diagnostic::{Bilingual, Diagnostic};
pub use vigie_plugin::abi::{ABI_MAJOR, ABI_MINOR};

use crate::manifest::{Manifest, platform};

/// Version of this vigie.
pub const HOST_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Version of the C library this program runs with, where it is glibc.
pub fn glibc_version() -> Option<&'static str> {
    #[cfg(target_env = "gnu")]
    {
        unsafe extern "C" {
            fn gnu_get_libc_version() -> *const std::ffi::c_char;
        }
        // SAFETY: takes nothing and returns a constant NUL-terminated text.
        unsafe { std::ffi::CStr::from_ptr(gnu_get_libc_version()) }.to_str().ok()
    }
    #[cfg(not(target_env = "gnu"))]
    None
}

/// Name and release of the kernel, `linux 6.1.0`.
pub fn kernel() -> String {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{} {}", std::env::consts::OS, release.trim())
}

/// Whether the user may write into `folder`.
pub fn writable(folder: &Path) -> bool {
    rustix::fs::access(folder, rustix::fs::Access::WRITE_OK).is_ok()
}

/// The library's file name for this machine, if the machine and this vigie have what it needs.
pub(crate) fn library(manifest: &Manifest) -> Result<&str, Diagnostic> {
    let file = manifest.library_here().ok_or_else(|| no_library(manifest))?;
    for (name, wanted) in &manifest.requires {
        requirement(manifest, name, wanted, glibc_version())?;
    }
    abi(manifest)?;
    host(manifest)?;
    Ok(file)
}

fn no_library(manifest: &Manifest) -> Diagnostic {
    let offered = manifest.library.keys().cloned().collect::<Vec<_>>().join(", ");
    Diagnostic::error(
        "P111",
        Bilingual::new(
            format!("plugin `{}` has no library for {}; it has: {offered}", manifest.id, platform()),
            format!("le greffon `{}` n'a pas de bibliothèque pour {} ; il a : {offered}", manifest.id, platform()),
        ),
    )
}

fn requirement(manifest: &Manifest, name: &str, wanted: &str, glibc: Option<&str>) -> Result<(), Diagnostic> {
    let id = &manifest.id;
    let (en, fr) = match (name, glibc) {
        ("glibc", Some(here)) if numbers(here) >= numbers(wanted) => return Ok(()),
        ("glibc", Some(here)) => (format!("this machine has {here}"), format!("cette machine a la {here}")),
        ("glibc", None) => ("this machine has another C library".into(), "cette machine a une autre libc".into()),
        _ => ("this vigie cannot tell whether it is there".into(), "ce vigie ne sait pas le vérifier".into()),
    };
    Err(Diagnostic::error(
        "P111",
        Bilingual::new(
            format!("plugin `{id}` needs {name} {wanted}: {en}"),
            format!("le greffon `{id}` a besoin de {name} {wanted} : {fr}"),
        ),
    )
    .hint(Bilingual::new(
        "ask its publisher for a version built on an older system, or update this one",
        "demandez à son éditeur une version compilée sur un système plus ancien, ou mettez celui-ci à jour",
    )))
}

/// `2.36` as numbers that compare.
fn numbers(version: &str) -> Vec<u64> {
    version.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}

fn abi(manifest: &Manifest) -> Result<(), Diagnostic> {
    let abi = manifest.abi;
    if abi.major != ABI_MAJOR || abi.minor > ABI_MINOR {
        let words = Bilingual::new(
            format!(
                "plugin `{}` was built for ABI {}.{}, this vigie serves {ABI_MAJOR}.{ABI_MINOR}",
                manifest.id, abi.major, abi.minor
            ),
            format!(
                "le greffon `{}` vise l'ABI {}.{}, ce vigie sert la {ABI_MAJOR}.{ABI_MINOR}",
                manifest.id, abi.major, abi.minor
            ),
        );
        return Err(Diagnostic::error("P112", words).hint(other_version()));
    }
    Ok(())
}

fn host(manifest: &Manifest) -> Result<(), Diagnostic> {
    let Some(range) = &manifest.host else { return Ok(()) };
    let here = semver::Version::parse(HOST_VERSION).ok();
    if here.is_some_and(|here| range.matches(&here)) {
        return Ok(());
    }
    let id = &manifest.id;
    Err(Diagnostic::error(
        "P112",
        Bilingual::new(
            format!("plugin `{id}` is for vigie {range}, this is {HOST_VERSION}"),
            format!("le greffon `{id}` est fait pour vigie {range}, celui-ci est le {HOST_VERSION}"),
        ),
    )
    .hint(other_version()))
}

fn other_version() -> Bilingual {
    Bilingual::new(
        "install a version of the plugin for this vigie, or a newer vigie",
        "installez une version du greffon pour ce vigie, ou un vigie plus récent",
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn manifest(more: &str, requires: &str) -> Manifest {
        let text = format!(
            "manifest = 1\nid = \"hello\"\nversion = \"1.0.0\"\nkinds = [\"source\"]\n\
             abi = {{ major = {ABI_MAJOR}, minor = 0 }}\n{more}\nname = {{ en = \"a\", fr = \"a\" }}\n\
             description = {{ en = \"a\", fr = \"a\" }}\nlicense = \"MIT\"\n[library]\n{} = \"lib.so\"\n{requires}\n\
             [data]\ntables = [\"mentions/1\"]\nresume = \"exact\"\n",
            platform()
        );
        Manifest::parse(Path::new("plugin.toml"), &text).unwrap()
    }

    #[test]
    fn versions_compare_as_numbers() {
        let manifest = manifest("", "");
        let fits = |wanted, here| requirement(&manifest, "glibc", wanted, here).is_ok();
        assert!(fits("2.17", Some("2.36")) && fits("2.36", Some("2.36")) && fits("2.9", Some("2.36")));
        assert!(!fits("2.37", Some("2.36")) && !fits("2.17", None) && !fits("3.0", Some("2.36")));
        assert!(requirement(&manifest, "cuda", "12", Some("2.36")).is_err());
    }

    #[test]
    fn the_host_range_is_a_semver_range() {
        let said = |range: &str| library(&manifest(&format!("host = \"{range}\""), "")).map_err(|d| d.code).err();
        assert_eq!(said(&format!(">={HOST_VERSION}")), None);
        assert_eq!(said(">=900.0"), Some("P112"));
        assert_eq!(said(&format!("<{HOST_VERSION}")), Some("P112"));
    }

    #[test]
    fn a_library_for_a_newer_system_is_refused_before_it_is_loaded() {
        let refused = library(&manifest("", "[library.requires]\nglibc = \"99.0\"")).unwrap_err();
        assert_eq!(refused.code, "P111");
        assert!(refused.message.en.contains("needs glibc 99.0"), "{refused}");
    }
}
