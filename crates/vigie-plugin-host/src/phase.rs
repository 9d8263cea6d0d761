//! What a child is at, and how long it may be at it. Reading has the idle clock and the total instead.

use std::time::{Duration, Instant};

use vigie_model::diagnostic::Bilingual;

use crate::frame::FrameError;
use crate::limits::Limits;
use crate::outcome::Failure;

/// One thing after the other; what a child does goes forward only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Phase {
    /// From its birth: rights, loading, the library's constructors, `init`.
    Init = 0,
    /// `open`.
    Open = 1,
    /// `spec`.
    Spec = 2,
    /// `check`.
    Check = 3,
    /// `read`, and exercises of the test kit.
    Read = 4,
}

impl Phase {
    fn from_byte(byte: u8) -> Option<Self> {
        [Self::Open, Self::Spec, Self::Check, Self::Read].into_iter().find(|p| *p as u8 == byte)
    }

    fn function(self) -> &'static str {
        match self {
            Self::Init => "init",
            Self::Open => "open",
            Self::Spec => "spec",
            Self::Check => "check",
            Self::Read => "read",
        }
    }

    fn longest(self, limits: &Limits) -> Option<Duration> {
        match self {
            Self::Init | Self::Open => Some(limits.start),
            Self::Spec => Some(limits.spec),
            Self::Check => Some(limits.check),
            Self::Read => None,
        }
    }
}

/// The clock of the phase. It does not stand still inside host services: none is needed to start or to describe
/// oneself, and whoever waits for a check is a person.
pub(crate) struct PhaseClock {
    phase: Phase,
    since: Instant,
}

impl PhaseClock {
    pub(crate) fn new(now: Instant) -> Self {
        Self { phase: Phase::Init, since: now }
    }

    /// Takes the payload of a phase frame.
    pub(crate) fn enter(&mut self, payload: &[u8], now: Instant) -> Result<(), FrameError> {
        let next = match payload {
            [byte] => Phase::from_byte(*byte),
            _ => None,
        };
        let next = next.filter(|next| *next > self.phase).ok_or(FrameError::Payload("phase frame"))?;
        if next != Phase::Open {
            // `init` and `open` share their time.
            self.since = now;
        }
        self.phase = next;
        Ok(())
    }

    /// The failure of a child that has been at it for too long.
    pub(crate) fn overrun(&self, limits: &Limits, now: Instant) -> Option<Failure> {
        let longest = self.phase.longest(limits).filter(|longest| now > self.since + *longest)?;
        let (function, seconds) = (self.phase.function(), longest.as_secs_f64());
        let words = Bilingual::new(
            format!("killed: `{function}` not finished after {seconds} s"),
            format!("arrêté de force : `{function}` pas fini après {seconds} s"),
        );
        let failure = Failure::new("P414", words).retryable();
        Some(if self.phase == Phase::Check {
            failure.hint(
                "the service may be slow; try again, or ask the plugin's author",
                "le service est peut-être lent ; réessayez, ou demandez à l'auteur du greffon",
            )
        } else {
            failure.hint(
                "this is a bug of the plugin; tell its author",
                "c'est un défaut du greffon ; signalez-le à son auteur",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn phases_go_forward_and_each_has_its_time() {
        let (start, limits) = (Instant::now(), Limits::default());
        let after = |seconds| start + Duration::from_secs(seconds);
        let over = |clock: &PhaseClock, seconds| clock.overrun(&limits, after(seconds)).map(|f| f.message.en);
        let mut clock = PhaseClock::new(start);
        assert_eq!(over(&clock, 30), None);
        assert_eq!(over(&clock, 31), Some("killed: `init` not finished after 30 s".into()));
        clock.enter(&[Phase::Open as u8], after(20)).unwrap();
        assert_eq!(over(&clock, 31), Some("killed: `open` not finished after 30 s".into()), "one time for both");
        clock.enter(&[Phase::Check as u8], after(25)).unwrap();
        assert_eq!(over(&clock, 85), None);
        assert_eq!(over(&clock, 86), Some("killed: `check` not finished after 60 s".into()));
        assert!(clock.enter(&[Phase::Open as u8], after(26)).is_err(), "back");
        assert!(clock.enter(&[Phase::Check as u8], after(26)).is_err(), "again");
        assert!(clock.enter(&[9], after(26)).is_err() && clock.enter(&[], after(26)).is_err());
        clock.enter(&[Phase::Read as u8], after(26)).unwrap();
        assert_eq!(over(&clock, 86_400), None, "reading has other clocks");
        let mut spec = PhaseClock::new(start);
        spec.enter(&[Phase::Spec as u8], after(1)).unwrap();
        assert_eq!((over(&spec, 6), over(&spec, 7).is_some()), (None, true));
    }
}
