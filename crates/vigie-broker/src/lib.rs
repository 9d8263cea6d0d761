//! Performs what plugins ask of the network, within what their manifests permit.
//!
//! A [`Hub`] is shared by all sources of a run; each source has a [`Session`], the
//! [`Broker`](vigie_plugin_host::Broker) that its child's requests reach. In the order a request passes them:
//!
//! 1. **permissions**: method and host, again after every redirection, at most five;
//! 2. **secrets**: `{{secret:name}}` becomes the value, here and nowhere earlier ([`Secrets`], [`Redactor`]);
//! 3. **rates**: buckets of the manifest, quotas of days kept in the user's state folder, one request at a time per host;
//! 4. **transport**: [`Live`], or a [`Replay`] of a [recording](recording); a [`Recorder`] writes one;
//! 5. **retries**: at most six tries, as long as the service asks to wait, with a [`Clock`] that tests turn;
//! 6. **clearing**: the answer loses the values of secrets before the child sees it.
//!
//! A test without network:
//!
//! ```
//! # use std::{collections::BTreeMap, path::Path, sync::Arc};
//! # use vigie_broker::{Hub, Replay, Secrets, Session, Settings, VirtualClock};
//! # use vigie_plugin_host::{Limits, Manifest};
//! # fn session(manifest: &Manifest, options: &serde_json::Value) -> Option<Session> {
//! let replay = Arc::new(Replay::open(Path::new("tests/recordings/full.toml")).ok()?);
//! let clock = Arc::new(VirtualClock::at("2026-11-22T05:00:00Z".parse().ok()?));
//! let hub = Hub::with(Arc::clone(&replay) as _, Arc::clone(&clock) as _, &Settings::default());
//! let values = BTreeMap::from([("token".to_owned(), "a value to look for in logs and rows".to_owned())]);
//! let secrets = Arc::new(Secrets::given(manifest, values));
//! // Then: `Runner::current()?.served_by(Arc::new(session)).read(…)`, and ask `replay.unused()`, `replay.asked()`,
//! // `clock.waits()`.
//! Session::new(hub, manifest, options, secrets, &Limits::of(manifest)).ok()
//! # }
//! ```

#![allow(clippy::result_large_err, reason = "a refusal ends a request, once; moving it costs nothing there")]

mod clock;
mod decompress;
mod hub;
mod live;
mod memory;
mod pace;
mod placeholder;
mod quota;
pub mod recording;
mod redact;
mod retry;
mod robots;
mod secret;
mod session;
mod transport;
#[cfg(test)]
mod trial;

pub use clock::{Clock, SystemClock, VirtualClock};
pub use hub::{Hub, Settings, state_folder};
pub use live::Live;
pub use recording::{Recorder, RecordingError, Replay};
pub use redact::Redactor;
pub use secret::{Environment, Secrets};
pub use session::Session;
pub use transport::{Fault, Outgoing, Shown, Transport, TransportError};
