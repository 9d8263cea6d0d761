//! Shares, tones, volumes and their doubts, from the labelled rows.

use std::collections::BTreeSet;

use vigie_text::tone::ToneClass;

use crate::coverage::Coverage;
use crate::estimate::{Estimate, Scale, Statistic, Voices, add, estimate};
use crate::labels::{Corpus, Days, Labelled};

/// Mentions of an entity by tone.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tones {
    pub(crate) read: u64,
    pub(crate) positive: u64,
    pub(crate) negative: u64,
}

impl Tones {
    /// Counts the tones of some hits.
    pub(crate) fn of(hits: impl Iterator<Item = ToneClass>) -> Self {
        let mut tones = Self::default();
        for tone in hits {
            tones.read += u64::from(tone != ToneClass::Unknown);
            tones.positive += u64::from(tone == ToneClass::Positive);
            tones.negative += u64::from(tone == ToneClass::Negative);
        }
        tones
    }

    /// Positive less negative, in points of those read.
    pub(crate) fn net(self) -> Option<f64> {
        (self.read > 0).then(|| 100.0 * (self.positive as f64 - self.negative as f64) / self.read as f64)
    }
}

/// What is counted of a corpus.
pub(crate) struct Measures<'c> {
    pub(crate) corpus: &'c Corpus,
    pub(crate) entities: usize,
}

fn one(yes: bool) -> f64 {
    f64::from(u8::from(yes))
}

fn ratio(s: &[f64; 2]) -> Option<f64> {
    (s[1] > 0.0).then(|| s[0] / s[1])
}

impl<'c> Measures<'c> {
    /// Counted mentions of some days: entity, tone and row.
    pub(crate) fn hits(&self, days: &Days) -> impl Iterator<Item = (usize, ToneClass, &'c Labelled)> + use<'c> {
        let days = days.clone();
        let counted = self.corpus.rows.iter().filter(move |r| r.counted && days.contains(&r.day));
        counted.flat_map(|row| row.hits.iter().map(move |(entity, tone)| (*entity, *tone, row)))
    }

    /// Whether the archive reaches back to the days before the period: at most their first tenth is missing.
    pub(crate) fn has_previous(&self) -> bool {
        let before = &self.corpus.previous;
        let latest = before.start + (before.end - before.start) / 10;
        self.corpus.rows.iter().any(|r| r.day <= latest)
    }

    pub(crate) fn mentions(&self, days: &Days, entity: usize) -> u64 {
        self.hits(days).filter(|(e, ..)| *e == entity).count() as u64
    }

    /// Rows about the entity, copies included.
    pub(crate) fn all_rows(&self, days: &Days, entity: usize) -> u64 {
        let rows = self.corpus.rows.iter().filter(|r| !r.own && days.contains(&r.day));
        rows.filter(|r| r.hits.iter().any(|(e, _)| *e == entity)).count() as u64
    }

    pub(crate) fn authors(&self, days: &Days, entity: usize) -> u64 {
        let authors: BTreeSet<&String> =
            self.hits(days).filter(|(e, ..)| *e == entity).filter_map(|(_, _, row)| row.author.as_ref()).collect();
        authors.len() as u64
    }

    /// Tones of the counted mentions of an entity.
    pub(crate) fn tones_of(&self, days: &Days, entity: usize) -> Tones {
        Tones::of(self.hits(days).filter(|(e, ..)| *e == entity).map(|(_, tone, _)| tone))
    }

    /// What each voice brings to a part and a whole, by `weigh`.
    fn voices(&self, days: &Days, weigh: impl Fn(usize, ToneClass, &Labelled) -> [f64; 2]) -> Voices<2> {
        let mut voices = Voices::new();
        for (entity, tone, row) in self.hits(days) {
            add(&mut voices, &row.voice, row.group, weigh(entity, tone, row));
        }
        voices
    }

    fn share(voices: &Voices<2>) -> Option<Estimate> {
        let spread = |s: &[f64; 2]| s[0] / s[1] * (1.0 - s[0] / s[1]);
        let what = Statistic { value: &ratio, weight: 1, scale: Scale::Logit, null: None, spread: Some(&spread) };
        estimate(voices, &what).map(Estimate::percent)
    }

    /// Now less before, tested against nothing.
    fn change(now: &Voices<2>, before: &Voices<2>) -> Option<Estimate> {
        let mut both = Voices::<4>::new();
        for (voice, (group, s)) in now {
            add(&mut both, voice, *group, [s[0], s[1], 0.0, 0.0]);
        }
        for (voice, (group, s)) in before {
            add(&mut both, voice, *group, [0.0, 0.0, s[0], s[1]]);
        }
        let value = |s: &[f64; 4]| Some(ratio(&[s[0], s[1]])? - ratio(&[s[2], s[3]])?);
        let what = Statistic { value: &value, weight: 1, scale: Scale::Plain, null: Some(0.0), spread: None };
        estimate(&both, &what).map(Estimate::percent)
    }

    fn changed(&self, voices: impl Fn(&Days) -> Voices<2>) -> Option<Estimate> {
        if !self.has_previous() {
            return None;
        }
        Self::change(&voices(&self.corpus.period), &voices(&self.corpus.previous))
    }

    fn of_all(&self, days: &Days, entity: usize) -> Voices<2> {
        self.voices(days, |e, _, _| [one(e == entity), 1.0])
    }

    pub(crate) fn share_of_voice(&self, days: &Days, entity: usize) -> Option<Estimate> {
        Self::share(&self.of_all(days, entity))
    }

    pub(crate) fn share_change(&self, entity: usize) -> Option<Estimate> {
        self.changed(|days| self.of_all(days, entity))
    }

    /// Share of `first` less that of `second`.
    pub(crate) fn lead(&self, first: usize, second: usize) -> Option<Estimate> {
        let voices = self.voices(&self.corpus.period, |e, _, _| [one(e == first) - one(e == second), 1.0]);
        let what = Statistic { value: &ratio, weight: 1, scale: Scale::Plain, null: Some(0.0), spread: None };
        estimate(&voices, &what).map(Estimate::percent)
    }

    /// Mentions of the entity with `tone`, of those read.
    fn toned(&self, days: &Days, entity: usize, weigh: impl Fn(ToneClass) -> f64) -> Voices<2> {
        self.voices(days, |e, tone, _| {
            let read = one(e == entity && tone != ToneClass::Unknown);
            [read * weigh(tone), read]
        })
    }

    pub(crate) fn tone_share(&self, entity: usize, tone: ToneClass) -> Option<Estimate> {
        Self::share(&self.toned(&self.corpus.period, entity, |t| one(t == tone)))
    }

    pub(crate) fn net(&self, days: &Days, entity: usize) -> Option<Estimate> {
        let mut voices = Voices::<3>::new();
        for (_, tone, row) in self.hits(days).filter(|(e, ..)| *e == entity) {
            let polar = one(matches!(tone, ToneClass::Positive | ToneClass::Negative));
            let read = one(tone != ToneClass::Unknown);
            add(&mut voices, &row.voice, row.group, [signed(tone), read, polar]);
        }
        let value = |s: &[f64; 3]| ratio(&[s[0], s[1]]);
        let spread = |s: &[f64; 3]| s[2] / s[1] - (s[0] / s[1]).powi(2);
        let what = Statistic { value: &value, weight: 1, scale: Scale::Plain, null: Some(0.0), spread: Some(&spread) };
        let net = estimate(&voices, &what).map(Estimate::percent)?;
        // No net share lies beyond a hundred points.
        let interval = net.interval.map(|(lo, hi)| (lo.max(-100.0), hi.min(100.0)));
        Some(Estimate { interval, ..net })
    }

    pub(crate) fn net_change(&self, entity: usize) -> Option<Estimate> {
        self.changed(|days| self.toned(days, entity, signed))
    }

    /// Share of a platform in the client's mentions.
    pub(crate) fn platform_share(&self, days: &Days, platform: &str) -> Option<Estimate> {
        Self::share(&self.on_platform(days, platform))
    }

    pub(crate) fn platform_change(&self, platform: &str) -> Option<Estimate> {
        self.changed(|days| self.on_platform(days, platform))
    }

    fn on_platform(&self, days: &Days, platform: &str) -> Voices<2> {
        self.voices(days, |e, _, row| [one(e == 0 && row.platform == platform), one(e == 0)])
    }

    /// What each voice adds to the daily average of an entity, and its mentions.
    fn rates(&self, days: &Days, coverage: &Coverage, entity: usize) -> Voices<2> {
        let rate: Vec<f64> = (0..coverage.states.len())
            .map(|source| match coverage.days_up(source, entity) {
                0 => 0.0,
                up => 1.0 / up as f64,
            })
            .collect();
        let mut voices = Voices::new();
        for (_, _, row) in self.hits(days).filter(|(e, ..)| *e == entity) {
            add(&mut voices, &row.voice, row.group, [rate[row.source], 1.0]);
        }
        voices
    }

    /// Mentions per day on which their source was collected; `None` when none was.
    pub(crate) fn per_day(&self, coverage: &Coverage, entity: usize) -> Option<f64> {
        if (0..coverage.states.len()).all(|source| coverage.days_up(source, entity) == 0) {
            return None;
        }
        Some(self.rates(&coverage.days, coverage, entity).values().map(|(_, sums)| sums[0]).sum())
    }

    /// Daily average now over the one before.
    pub(crate) fn volume_change(&self, now: &Coverage, before: &Coverage, entity: usize) -> Option<Estimate> {
        if !self.has_previous() {
            return None;
        }
        let mut both = Voices::<3>::new();
        for (voice, (group, s)) in &self.rates(&now.days, now, entity) {
            add(&mut both, voice, *group, [s[0], 0.0, s[1]]);
        }
        for (voice, (group, s)) in &self.rates(&before.days, before, entity) {
            add(&mut both, voice, *group, [0.0, s[0], 0.0]);
        }
        let value = |s: &[f64; 3]| ratio(&[s[0], s[1]]);
        let what = Statistic { value: &value, weight: 2, scale: Scale::Log, null: Some(1.0), spread: None };
        estimate(&both, &what)
    }
}

fn signed(tone: ToneClass) -> f64 {
    match tone {
        ToneClass::Positive => 1.0,
        ToneClass::Negative => -1.0,
        _ => 0.0,
    }
}
