//! The plugins that are part of vigie: their papers are compiled in, their libraries lie beside the executable.

/// Manifest and spec of one official plugin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Official {
    pub(crate) id: &'static str,
    pub(crate) manifest: &'static str,
    pub(crate) spec: &'static str,
}

/// All of them.
pub(crate) const OFFICIAL: &[Official] = &[Official {
    id: "file",
    manifest: include_str!("../../../plugins/vigie-source-file/plugin.toml"),
    spec: include_str!("../../../plugins/vigie-source-file/spec.json"),
}];
