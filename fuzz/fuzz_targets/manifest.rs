//! `plugin.toml` as anybody may write it, and the way its problems are shown.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use vigie_plugin_host::{Manifest, Spec};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match Manifest::parse(Path::new("plugin.toml"), text) {
        Ok(manifest) => assert!(!manifest.id.is_empty()),
        Err(problems) => assert!(problems.iter().all(|p| !p.message.en.is_empty() && !p.message.fr.is_empty())),
    }
    let _ = Spec::parse(Path::new("spec.json"), text);
});
