//! A manifest for tests.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::path::Path;

use vigie_plugin_host::Manifest;

/// A good manifest with the tables `more`.
pub(crate) fn manifest(more: &str) -> Manifest {
    let text = format!(
        "manifest = 1\nid = \"trial\"\nversion = \"1.0.0\"\nkinds = [\"source\"]\nabi = {{ major = 0, minor = 0 }}\n\
         name = {{ en = \"Trial\", fr = \"Essai\" }}\ndescription = {{ en = \"test\", fr = \"essai\" }}\nlicense = \"MIT\"\n\
         [library]\nlinux_amd64 = \"t.so\"\n[data]\ntables = [\"mentions/1\"]\nresume = \"exact\"\n{more}"
    );
    Manifest::parse(Path::new("plugin.toml"), &text).unwrap()
}
