//! Opening a plugin's library in the child and looking at its entry table; nothing else of it runs.

use std::ffi::CStr;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::Path;

use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
use vigie_plugin::abi::{self, Entry, PluginTable, SourceTable};

use crate::stop::Stop;

/// The tables of a loaded plugin, valid until the process ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loaded {
    pub(crate) plugin: &'static PluginTable,
    pub(crate) source: &'static SourceTable,
}

/// Opens the library behind the descriptor `library`, which messages call `shown`, and compares its entry table with
/// the manifest.
pub(crate) fn load(library: &OwnedFd, shown: &Path, id: &str, version: &str) -> Result<Loaded, Stop> {
    // The descriptor's own entry: what the host hashed is what is mapped, whatever the name leads to by now.
    let path = format!("/proc/self/fd/{}", library.as_raw_fd());
    let shown = shown.display();
    // SAFETY: opening runs the library's constructors; that is why this process is a child with few rights.
    let opened = unsafe { Library::open(Some(&path), RTLD_NOW | RTLD_LOCAL) };
    let opened = opened.map_err(|error| {
        let reason = cause(&error).replace(&path, &shown.to_string());
        Stop::new(
            "P130",
            format!("the library {shown} cannot be loaded: {reason}"),
            format!("la bibliothèque {shown} ne se charge pas : {reason}"),
        )
    })?;
    // Never closed: what a plugin leaves behind (threads, callbacks) would run into unmapped code.
    let opened: &'static Library = Box::leak(Box::new(opened));
    let plugin = entry(opened, id)?;
    check_table(plugin)?;
    check_identity(plugin, id, version)?;
    Ok(Loaded { plugin, source: source_table(plugin, id)? })
}

fn cause(error: &libloading::Error) -> String {
    use std::error::Error as _;
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

fn entry(library: &'static Library, id: &str) -> Result<&'static PluginTable, Stop> {
    let symbol = abi::entry_symbol(id);
    // SAFETY: the contract gives this symbol this signature.
    let Ok(entry) = (unsafe { library.get::<Entry>(symbol.as_bytes()) }) else {
        let stop = Stop::new(
            "P131",
            format!("the library does not export `{symbol}`"),
            format!("la bibliothèque n'exporte pas `{symbol}`"),
        );
        return Err(match other_major(library, id) {
            Some(major) => stop.hint(
                format!("it was built for ABI {major}; this vigie serves ABI {}", abi::ABI_MAJOR),
                format!("elle vise l'ABI {major} ; ce vigie sert l'ABI {}", abi::ABI_MAJOR),
            ),
            None => stop.hint(
                "the id in the manifest and in the code must be the same",
                "l'identifiant doit être le même dans le manifeste et dans le code",
            ),
        });
    };
    // SAFETY: the entry has no side effect and returns a constant table; null is checked.
    unsafe { entry().as_ref() }.ok_or_else(|| table_stop("the entry returns no table", "l'entrée ne rend aucune table"))
}

/// Another ABI major the library has an entry for.
fn other_major(library: &'static Library, id: &str) -> Option<u32> {
    (0..10).filter(|major| *major != abi::ABI_MAJOR).find(|major| {
        let symbol = format!("vigie_{id}_entry_v{major}");
        // SAFETY: the symbol is only looked up, not called.
        unsafe { library.get::<Entry>(symbol.as_bytes()) }.is_ok()
    })
}

fn table_stop(en: impl Into<String>, fr: impl Into<String>) -> Stop {
    Stop::new("P132", en, fr)
}

fn check_table(plugin: &PluginTable) -> Result<(), Stop> {
    let needed = size_of::<PluginTable>() as u32;
    if plugin.struct_size < needed {
        return Err(table_stop(
            format!("the plugin's table has {} bytes, at least {needed} are needed", plugin.struct_size),
            format!("la table du greffon a {} octets, il en faut au moins {needed}", plugin.struct_size),
        ));
    }
    if plugin.abi_minor > abi::ABI_MINOR {
        return Err(table_stop(
            format!(
                "the library was built for ABI {}.{}, this vigie serves {}.{}",
                abi::ABI_MAJOR,
                plugin.abi_minor,
                abi::ABI_MAJOR,
                abi::ABI_MINOR
            ),
            format!(
                "la bibliothèque vise l'ABI {}.{}, ce vigie sert la {}.{}",
                abi::ABI_MAJOR,
                plugin.abi_minor,
                abi::ABI_MAJOR,
                abi::ABI_MINOR
            ),
        )
        .hint(
            "install a newer vigie, or an older version of the plugin",
            "installez un vigie plus récent, ou une version antérieure du greffon",
        ));
    }
    if plugin.init.is_none() || plugin.get_interface.is_none() {
        return Err(table_stop(
            "the plugin's table lacks init or get_interface",
            "il manque init ou get_interface dans la table du greffon",
        ));
    }
    Ok(())
}

fn check_identity(plugin: &PluginTable, id: &str, version: &str) -> Result<(), Stop> {
    for (code, what_en, what_fr, pointer, wanted) in
        [("P133", "id", "l'identifiant", plugin.id, id), ("P134", "version", "la version", plugin.version, version)]
    {
        let found = if pointer.is_null() {
            ""
        } else {
            // SAFETY: the contract asks for NUL-terminated text; null is checked.
            unsafe { CStr::from_ptr(pointer) }.to_str().unwrap_or_default()
        };
        if found != wanted {
            return Err(Stop::new(
                code,
                format!("the library says {what_en} `{found}`, the manifest `{wanted}`"),
                format!("{what_fr} est `{found}` dans la bibliothèque, `{wanted}` dans le manifeste"),
            )
            .hint("rebuild or reinstall the plugin", "recompilez ou réinstallez le greffon"));
        }
    }
    Ok(())
}

fn source_table(plugin: &PluginTable, id: &str) -> Result<&'static SourceTable, Stop> {
    let name = c"vigie.source/1";
    // SAFETY: the id is NUL-terminated; the plugin answers with a table or null.
    let table = plugin.get_interface.map_or(std::ptr::null(), |get| unsafe { get(name.as_ptr()) });
    // SAFETY: the contract gives this id this table, valid until the process ends.
    let table = unsafe { table.cast::<SourceTable>().as_ref() };
    let usable = table.filter(|t| {
        t.struct_size >= size_of::<SourceTable>() as u32
            && t.spec.is_some()
            && t.open.is_some()
            && t.read.is_some()
            && t.close.is_some()
    });
    usable.ok_or_else(|| {
        table_stop(
            format!("plugin `{id}` offers no usable vigie.source/1"),
            format!("le greffon `{id}` n'offre pas de vigie.source/1 utilisable"),
        )
    })
}
