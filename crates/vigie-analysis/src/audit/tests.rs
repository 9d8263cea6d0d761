//! Against reference implementations, published examples and simulations.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use super::*;

fn machine(entity: usize, class: usize, p: Triple) -> Machine {
    Machine { entity, class, p }
}

/// One entity, one cell: 120 labels and 2,000 mentions of the oracle O3, where Y is 1 (positive) or 0 (neutral).
/// `ppi_mean_pointestimate` and `ppi_mean_ci` of ppi-python 0.2.3 give .486525 and [.411456, .561594].
#[test]
fn a_single_cell_is_ppi_python_s() {
    let truth = [1, 0, 0, 1, 0, 1, 1, 0, 0, 1];
    let said = [0.6, 0.5, 0.2, 0.9, 0.4, 0.5, 0.7, 0.6, 0.1, 0.4];
    let unlabelled = [0.5, 0.6, 0.2, 0.9, 0.1, 0.3, 0.8, 0.4];
    let of = |f: f64| machine(0, 2, [0.0, 1.0 - f, f]);
    let mut population = Population::new(1);
    (0..250).flat_map(|_| unlabelled).for_each(|f| population.add(&of(f)));
    let labels: Vec<Label> = (0..12)
        .flat_map(|_| truth.into_iter().zip(said))
        .map(|(y, f)| Label { machine: of(f), weight: 1.0, class: Some(1 + y) })
        .collect();
    let audit = audit(&population, &labels).unwrap();
    let level = audit.entities[0].as_ref().unwrap().alone.net;
    for (found, wanted) in [(level.value, 48.6525), (level.lo, 41.1456), (level.hi, 56.1594)] {
        assert!((found - wanted).abs() < 0.06, "{level:?}");
    }
    assert_eq!(audit.entities[0].as_ref().unwrap().levels.net, level);
}

/// The eight schools of Rubin (1981), uniform prior on τ: means 11.4 7.9 6.1 7.6 5.1 6.1 10.7 8.5, deviations 8.3 6.3
/// 7.8 6.5 6.4 6.7 6.8 7.9 (numpy, grid of 6,001 points to 60; Gelman and others, *Bayesian Data Analysis*, table 5.3,
/// has medians 10 8 7 8 5 6 10 8).
#[test]
fn eight_schools() {
    let effects = [28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0];
    let variances: Vec<f64> = [15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0].iter().map(|s: &f64| s * s).collect();
    let means = [11.396, 7.894, 6.133, 7.645, 5.129, 6.14, 10.665, 8.456];
    let deviations = [8.337, 6.273, 7.762, 6.544, 6.356, 6.708, 6.784, 7.885];
    let grid = drawings(&effects, &variances, 60.0);
    for (at, (own, (wanted, deviation))) in variances.iter().zip(means.iter().zip(deviations)).enumerate() {
        let (mean, variance) = posterior(&grid, at, &effects, *own, 1.0);
        assert!((mean - wanted).abs() < 0.1 && (variance.sqrt() - deviation).abs() < 0.06, "{at}: {mean}");
    }
}

/// Random numbers of a simulation.
struct Chance(ChaCha8Rng);

impl Chance {
    fn share(&mut self) -> f64 {
        self.0.next_u64() as f64 / u64::MAX as f64
    }

    fn class(&mut self, p: &Triple) -> usize {
        let x = self.share();
        if x < p[0] { 0 } else { 1 + usize::from(x >= p[0] + p[1]) }
    }
}

/// A machine that is wrong in its own way for each entity, and the truth: `alike` is how much its errors resemble each
/// other.
fn world(chance: &mut Chance, entities: usize, alike: f64) -> (Population, Vec<Vec<(Machine, usize)>>) {
    let mut population = Population::new(entities);
    let common = [[0.75, 0.2, 0.05], [0.3, 0.55, 0.15], [0.1, 0.2, 0.7]];
    let all = (0..entities)
        .map(|entity| {
            let n = 300 + (chance.share() * 1500.0) as usize;
            let (a, b) = (0.15 + 0.5 * chance.share(), 0.1 + 0.3 * chance.share());
            let mix = [a, 1.0 - a - b.min(0.9 - a), b.min(0.9 - a)];
            let own: [Triple; CLASSES] = std::array::from_fn(|c| {
                let shift = (1.0 - alike) * (chance.share() - 0.5);
                let moved = (common[c][0] + shift).clamp(0.02, 0.95);
                let left = (1.0 - moved) / (1.0 - common[c][0]);
                [moved, common[c][1] * left, common[c][2] * left]
            });
            (0..n)
                .map(|_| {
                    let class = chance.class(&mix);
                    let truth = chance.class(&own[class]);
                    // Sure where it is right, more often than not.
                    let sure = 0.4 + 0.5 * chance.share() * if truth == class { 1.0 } else { 0.6 };
                    let mut p = [(1.0 - sure) / 2.0; CLASSES];
                    p[class] = sure;
                    let mention = machine(entity, class, p);
                    population.add(&mention);
                    (mention, truth)
                })
                .collect()
        })
        .collect();
    (population, all)
}

/// Labels drawn as `vigie audit sample` draws them: as many of each entity, of each class by its size.
fn drawn_labels(chance: &mut Chance, all: &[Vec<(Machine, usize)>], number: usize) -> Vec<Label> {
    let mut labels = Vec::new();
    for mentions in all {
        let each = number / all.len();
        for class in 0..CLASSES {
            let mut own: Vec<_> = mentions.iter().filter(|m| m.0.class == class).collect();
            let share = (each * own.len()).div_ceil(mentions.len()).clamp(1, own.len().max(1));
            let size = own.len();
            for at in 0..share.min(size) {
                own.swap(at, at + (chance.share() * (size - at) as f64) as usize % (size - at));
                let weight = size as f64 / share as f64;
                labels.push(Label { machine: own[at].0, weight, class: Some(own[at].1) });
            }
        }
    }
    labels
}

/// Share of the intervals that hold the truth: of net sentiment and of shares, from the labels alone and drawn.
fn coverage(draws: usize, entities: usize, alike: f64) -> [f64; 4] {
    let mut chance = Chance(ChaCha8Rng::seed_from_u64(7 + entities as u64));
    let mut held = [0.0; 4];
    let mut asked = 0.0;
    for _ in 0..draws {
        let (population, all) = world(&mut chance, entities, alike);
        let labels = drawn_labels(&mut chance, &all, 200);
        let audit = audit(&population, &labels).unwrap();
        for (mentions, corrected) in all.iter().zip(&audit.entities) {
            let corrected = corrected.as_ref().unwrap();
            let truth: Triple = std::array::from_fn(|c| {
                100.0 * mentions.iter().filter(|m| m.1 == c).count() as f64 / mentions.len() as f64
            });
            let within = |level: &Level, truth: f64| f64::from(u8::from(level.lo <= truth && truth <= level.hi));
            let by_class = |levels: &Levels| -> f64 {
                levels.shares.iter().zip(truth).map(|(l, t)| within(l, t)).sum::<f64>() / CLASSES as f64
            };
            held[0] += within(&corrected.alone.net, net(&truth));
            held[1] += by_class(&corrected.alone);
            held[2] += within(&corrected.levels.net, net(&truth));
            held[3] += by_class(&corrected.levels);
            asked += 1.0;
        }
    }
    held.map(|h| h / asked)
}

/// The bar of the specification (S4) is 0.93 to 0.98; a draw towards the others that are just alike holds the truth a
/// little more often. `cargo test --workspace --release --lib intervals_hold -- --nocapture` prints the figures.
#[test]
#[allow(clippy::print_stdout, reason = "its figures are in docs/accuracy.md")]
fn intervals_hold_the_truth_as_often_as_they_say() {
    for (entities, alike) in [(1, 0.5), (2, 0.5), (3, 0.0), (3, 1.0), (6, 0.0), (6, 0.6), (6, 1.0), (10, 0.6)] {
        let [net, shares, net_drawn, shares_drawn] = coverage(2_000 / entities, entities, alike);
        println!(
            "{entities} entities, alike {alike}: net {net:.3}, shares {shares:.3}; \
             drawn together: net {net_drawn:.3}, shares {shares_drawn:.3}"
        );
        assert!([net, shares].iter().all(|c| (0.925..=0.985).contains(c)), "{entities}, {alike}: {net} {shares}");
        assert!([net_drawn, shares_drawn].iter().all(|c| (0.925..=0.995).contains(c)), "{net_drawn} {shares_drawn}");
    }
}

#[test]
fn few_labels_correct_nothing_and_an_entity_without_any_is_left_out() {
    let mut chance = Chance(ChaCha8Rng::seed_from_u64(1));
    let (population, all) = world(&mut chance, 3, 0.5);
    let labels = drawn_labels(&mut chance, &all, 210);
    assert_eq!(audit(&population, &labels[..LEAST - 1]), None);
    let two: Vec<Label> = labels.iter().filter(|l| l.machine.entity != 1).copied().collect();
    let found = audit(&population, &two).unwrap();
    assert!(found.entities[0].is_some() && found.entities[1].is_none() && found.entities[2].is_some());
}

#[test]
fn shares_sum_to_100_and_net_is_their_difference() {
    let mut chance = Chance(ChaCha8Rng::seed_from_u64(3));
    let (population, all) = world(&mut chance, 4, 0.5);
    let found = audit(&population, &drawn_labels(&mut chance, &all, 200)).unwrap();
    for corrected in found.entities.iter().flatten() {
        for levels in [&corrected.alone, &corrected.levels] {
            let [negative, neutral, positive] = levels.shares.map(|l| l.value);
            assert!((negative + neutral + positive - 100.0).abs() < 1e-9);
            assert!((positive - negative - levels.net.value).abs() < 1e-9);
        }
    }
}

/// Half of the mentions read as negative are about something else: what is left is counted.
#[test]
fn irrelevant_mentions_leave_the_base() {
    let mut population = Population::new(1);
    let mut labels = Vec::new();
    for at in 0..200 {
        let class = if at < 100 { 0 } else { 2 };
        let mut p = [0.1; CLASSES];
        p[class] = 0.8;
        let mention = machine(0, class, p);
        population.add(&mention);
        labels.push(Label { machine: mention, weight: 1.0, class: (class == 2 || at % 2 == 0).then_some(class) });
    }
    let corrected = audit(&population, &labels).unwrap().entities[0].clone().unwrap();
    assert_eq!(corrected.raw_net, 0.0);
    assert!((corrected.relevant.unwrap() - 75.0).abs() < 1e-9);
    assert!((corrected.levels.net.value - 100.0 / 3.0).abs() < 1e-9, "{:?}", corrected.levels);
}
