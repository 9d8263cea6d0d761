//! What all sources of a run share: network, clock, paces, quotas.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::clock::{Clock, SystemClock};
use crate::live::Live;
use crate::pace::{Gates, Paces};
use crate::quota::Quotas;
use crate::robots::Sites;
use crate::transport::Transport;

/// How a run presents itself and where it keeps what must outlive it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Who answers for the requests, an address or a page; part of the `User-Agent`.
    pub contact: Option<String>,
    /// The user's state folder, for quotas; see [`state_folder`]. Without one, quotas are forgotten at the end.
    pub state: Option<PathBuf>,
    /// Certificates to trust besides the machine's, PEM.
    pub roots: Vec<u8>,
}

impl Settings {
    /// What requests call themselves: `vigie/0.1.0 (+contact)`.
    pub fn user_agent(&self) -> String {
        let own = concat!("vigie/", env!("CARGO_PKG_VERSION"));
        // A header is one line of ASCII; brackets would end the comment.
        let clean = |c: &char| c.is_ascii_graphic() && !matches!(c, '(' | ')');
        match self.contact.as_deref().map(|c| c.chars().filter(clean).collect::<String>()) {
            Some(contact) if !contact.is_empty() => format!("{own} (+{contact})"),
            _ => own.to_owned(),
        }
    }
}

/// Shared by all sources of a run.
pub struct Hub {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) agent: String,
    pub(crate) paces: Paces,
    pub(crate) gates: Gates,
    pub(crate) quotas: Quotas,
    pub(crate) sites: Sites,
    pub(crate) state: Option<PathBuf>,
}

impl Hub {
    /// The real network and the real clock.
    ///
    /// # Errors
    /// When the client cannot be made, for want of certificates for instance.
    pub fn live(settings: &Settings) -> std::io::Result<Arc<Self>> {
        let transport = Live::new(&settings.user_agent(), &settings.roots)?;
        Ok(Self::with(Arc::new(transport), Arc::new(SystemClock), settings))
    }

    /// Any network and any clock: a [`Replay`](crate::Replay) and a [`VirtualClock`](crate::VirtualClock) for tests.
    pub fn with(transport: Arc<dyn Transport>, clock: Arc<dyn Clock>, settings: &Settings) -> Arc<Self> {
        Arc::new(Self {
            transport,
            clock,
            agent: settings.user_agent(),
            paces: Paces::default(),
            gates: Gates::default(),
            quotas: Quotas::new(settings.state.as_deref()),
            sites: Sites::default(),
            state: settings.state.clone(),
        })
    }

    /// Where quotas and rotated secrets are kept.
    pub fn state(&self) -> Option<&Path> {
        self.state.as_deref()
    }
}

/// The user's folder for what programs remember: `$XDG_STATE_HOME/vigie`, else `~/.local/state/vigie`.
pub fn state_folder(environment: &dyn Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let absolute = |name: &str| environment(name).map(PathBuf::from).filter(|p| p.is_absolute());
    let state = absolute("XDG_STATE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/state")));
    state.map(|folder| folder.join("vigie"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_say_who_sends_them() {
        let agent = |contact: &str| Settings { contact: Some(contact.into()), ..Settings::default() }.user_agent();
        let own = concat!("vigie/", env!("CARGO_PKG_VERSION"));
        assert_eq!(agent("mailto:veille@nordet.example"), format!("{own} (+mailto:veille@nordet.example)"));
        assert_eq!(agent("a)\r\nx-evil: 1"), format!("{own} (+ax-evil:1)"));
        assert_eq!(Settings::default().user_agent(), own);
    }

    #[test]
    fn the_state_folder_is_the_users() {
        let folder = |xdg: Option<&str>, home: Option<&str>| {
            state_folder(&|name| match name {
                "XDG_STATE_HOME" => xdg.map(str::to_owned),
                "HOME" => home.map(str::to_owned),
                _ => None,
            })
        };
        assert_eq!(folder(Some("/s"), Some("/h")), Some("/s/vigie".into()));
        assert_eq!(folder(Some("relative"), Some("/h")), Some("/h/.local/state/vigie".into()));
        assert_eq!(folder(None, None), None);
    }
}
