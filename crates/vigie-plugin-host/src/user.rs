//! Where the user's own settings and plugins lie.

use std::path::PathBuf;

/// Folder of the user's settings: `$XDG_CONFIG_HOME/vigie`, else `~/.config/vigie`.
pub fn config_folder() -> Option<PathBuf> {
    base("XDG_CONFIG_HOME", ".config").map(|c| c.join("vigie"))
}

/// Folder of the plugins the user installed: `$XDG_DATA_HOME/vigie/plugins`, else under `~/.local/share`.
pub fn plugins_folder() -> Option<PathBuf> {
    base("XDG_DATA_HOME", ".local/share").map(|d| d.join("vigie/plugins"))
}

/// A relative value is ignored, as the XDG rules ask.
fn base(variable: &str, under_home: &str) -> Option<PathBuf> {
    let set = std::env::var_os(variable).map(PathBuf::from).filter(|p| p.is_absolute());
    let home = || std::env::var_os("HOME").map(PathBuf::from).filter(|p| p.is_absolute());
    set.or_else(|| home().map(|h| h.join(under_home)))
}
