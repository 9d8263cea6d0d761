//! Fits weights: multinomial logistic regression by AdaGrad, in one fixed order.
//!
//! One thread, a seeded order and `f64` sums in that order: the same examples give the same bytes on every
//! machine. Exponentials come from `libm`.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use vigie_text::emotion::model::{self as classes, Model as ClassModel};
use vigie_text::tone::RulesOnly;
use vigie_text::tone::features::{DENSE, Features, HASHED, Hashed};
use vigie_text::tone::model::{Model, probabilities_at, scale_of};

use crate::data::CLASSES;

/// How weights are fitted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    /// Times every example is seen.
    pub(crate) passes: usize,
    /// Step of the descent for hashed weights.
    pub(crate) step: f64,
    /// Step of the descent for weights of the rules' numbers.
    pub(crate) dense_step: f64,
    /// Pull of weights towards 0.
    pub(crate) decay: f64,
    /// How far rare classes are made to weigh as much as frequent ones: 0 not at all, 1 the same.
    pub(crate) balance: f64,
}

/// An example as the model sees it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) features: Features,
    pub(crate) class: usize,
    pub(crate) weight: f64,
}

/// A weight and the sum of its squared gradients.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    value: f64,
    squares: f64,
}

impl Weight {
    fn descend(&mut self, gradient: f64, step: f64) {
        self.squares += gradient * gradient;
        self.value -= step * gradient / (self.squares.sqrt() + 1e-6);
    }
}

/// Weights of one class.
#[derive(Clone)]
struct Class {
    hashed: Vec<Weight>,
    dense: [Weight; DENSE],
    bias: Weight,
}

/// What each class weighs so that all weigh the same, to the power of `part`.
fn balance<const N: usize>(examples: &[Seen], part: f64) -> [f64; N] {
    let mut sums = [0.0; N];
    for e in examples {
        sums[e.class] += e.weight;
    }
    let total: f64 = sums.iter().sum();
    sums.map(|s| if s == 0.0 { 0.0 } else { libm::pow(total / (N as f64 * s), part) })
}

/// Fits a model on examples, from what the rules alone would say: what posts do not teach stays as the
/// rules have it.
pub(crate) fn fit(examples: &[Seen], rules: RulesOnly, settings: Settings) -> Model {
    let mut classes = zeros::<CLASSES>(HASHED);
    for (class, row) in [0, 2].into_iter().zip(rules) {
        let [bias, dense @ ..] = row.map(f64::from);
        classes[class].bias.value = bias;
        for (weight, value) in classes[class].dense.iter_mut().zip(dense) {
            weight.value = value;
        }
    }
    quantised(&descend(examples, classes, settings))
}

/// Fits as many classes as asked for, from nothing.
pub(crate) fn fit_classes<const N: usize>(examples: &[Seen], settings: Settings) -> ClassModel<N> {
    eight_bits(&descend(examples, zeros::<N>(classes::HASHED), settings))
}

/// Fits classes that start as those of another model: `like` says which.
pub(crate) fn refit_classes<const M: usize, const N: usize>(
    model: &ClassModel<M>,
    like: [usize; N],
    examples: &[Seen],
    settings: Settings,
) -> ClassModel<N> {
    let weight = |value: f64| Weight { value, squares: 0.0 };
    let unit = f64::from(model.unit);
    let start = like.map(|c| Class {
        hashed: model.hashed.iter().map(|w| weight(unit * f64::from(w[c]))).collect(),
        dense: model.dense[c].map(|w| weight(f64::from(w))),
        bias: weight(f64::from(model.bias[c])),
    });
    eight_bits(&descend(examples, start, settings))
}

/// The weights of classes in 8 bits.
fn eight_bits<const N: usize>(fitted: &[Class; N]) -> ClassModel<N> {
    let value = |c: usize, i: usize| fitted[c].hashed[i].value;
    let unit = unit_of((0..classes::HASHED).flat_map(|i| (0..N).map(move |c| value(c, i).abs())).collect());
    ClassModel {
        unit,
        temperature: 1.0,
        bias: std::array::from_fn(|c| fitted[c].bias.value as f32),
        dense: std::array::from_fn(|c| fitted[c].dense.map(|w| w.value as f32)),
        hashed: (0..classes::HASHED).map(|i| std::array::from_fn(|c| eighth(value(c, i), unit))).collect(),
    }
}

fn zeros<const N: usize>(hashed: usize) -> [Class; N] {
    let class = Class { hashed: vec![Weight::default(); hashed], dense: Default::default(), bias: Weight::default() };
    std::array::from_fn(|_| class.clone())
}

/// Goes down from the weights of `classes`, example by example.
fn descend<const N: usize>(examples: &[Seen], mut classes: [Class; N], settings: Settings) -> [Class; N] {
    let balance = balance::<N>(examples, settings.balance);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut random = ChaCha8Rng::seed_from_u64(20_261_124);
    for pass in 0..settings.passes {
        shuffle(&mut order, &mut random);
        let shrink = 1.0 / (1.0 + pass as f64 * 0.5);
        for at in &order {
            let example = &examples[*at];
            let p = probabilities(&classes, &example.features);
            for (c, class) in classes.iter_mut().enumerate() {
                let error = p[c] - f64::from(u8::from(c == example.class));
                class.learn(&example.features, error * example.weight * balance[example.class], settings, shrink);
            }
        }
    }
    classes
}

/// Puts the order at random (Fisher and Yates).
fn shuffle(order: &mut [usize], random: &mut ChaCha8Rng) {
    for last in (1..order.len()).rev() {
        let other = (random.next_u64() % (last as u64 + 1)) as usize;
        order.swap(last, other);
    }
}

fn probabilities<const N: usize>(fitted: &[Class; N], features: &Features) -> [f64; N] {
    classes::probabilities_at(std::array::from_fn(|c| fitted[c].score(features)), 1.0)
}

fn signed(feature: Hashed, value: f64) -> f64 {
    if feature.turned() { -value } else { value }
}

impl Class {
    /// The weight of a feature: fewer weights than features are shared.
    fn place(&self, feature: Hashed) -> usize {
        feature.index() & (self.hashed.len() - 1)
    }

    fn score(&self, features: &Features) -> f64 {
        let mut score = self.bias.value;
        for block in [&features.words, &features.pieces] {
            let sum: f64 = block.iter().map(|f| signed(*f, self.hashed[self.place(*f)].value)).sum();
            score += sum * scale_of(block.len());
        }
        score + self.dense.iter().zip(&features.dense).map(|(w, x)| w.value * f64::from(*x)).sum::<f64>()
    }

    fn learn(&mut self, features: &Features, error: f64, settings: Settings, shrink: f64) {
        self.bias.descend(error, settings.dense_step * shrink);
        for (weight, x) in self.dense.iter_mut().zip(&features.dense) {
            weight.descend(error * f64::from(*x) + settings.decay * weight.value, settings.dense_step * shrink);
        }
        for block in [&features.words, &features.pieces] {
            let scale = scale_of(block.len());
            for feature in block {
                let place = self.place(*feature);
                let weight = &mut self.hashed[place];
                weight.descend(signed(*feature, error * scale) + settings.decay * weight.value, settings.step * shrink);
            }
        }
    }
}

/// The unit that leaves one weight in ten thousand at the border of 8 bits.
fn unit_of(mut sizes: Vec<f64>) -> f32 {
    sizes.sort_by(f64::total_cmp);
    let border = sizes[sizes.len() - 1 - sizes.len() / 10_000].max(1e-9);
    (border / 127.0) as f32
}

fn eighth(weight: f64, unit: f32) -> i8 {
    (weight / f64::from(unit)).round().clamp(-127.0, 127.0) as i8
}

/// Negative and positive against neutral, in 8 bits.
fn quantised(classes: &[Class; CLASSES]) -> Model {
    let against = |c: usize, i: usize| classes[c].hashed[i].value - classes[1].hashed[i].value;
    let unit = unit_of((0..HASHED).flat_map(|i| [against(0, i).abs(), against(2, i).abs()]).collect());
    let dense = |c: usize| std::array::from_fn(|i| (classes[c].dense[i].value - classes[1].dense[i].value) as f32);
    let bias = |c: usize| (classes[c].bias.value - classes[1].bias.value) as f32;
    Model {
        unit,
        temperature: 1.0,
        bias: [bias(0), bias(2)],
        dense: [dense(0), dense(2)],
        hashed: (0..HASHED).map(|i| [eighth(against(0, i), unit), eighth(against(2, i), unit)]).collect(),
    }
}

/// The temperature that makes the probabilities of texts not learnt from likeliest, classes weighing the
/// same.
pub(crate) fn temperature(model: &Model, unseen: &[Seen]) -> f32 {
    let balance = balance::<CLASSES>(unseen, 1.0);
    let scored: Vec<_> = unseen.iter().map(|e| (model.scores(&e.features), e)).collect();
    lowest(|temperature| {
        let of = |(s, e): &(_, &Seen)| {
            let p = probabilities_at(*s, temperature)[e.class];
            -balance[e.class] * e.weight * libm::log(p.max(1e-12))
        };
        scored.iter().map(of).sum()
    })
}

/// The same for any number of classes, each text weighing what it weighs.
pub(crate) fn temperature_of_classes<const N: usize>(model: &ClassModel<N>, unseen: &[Seen]) -> f32 {
    let scored: Vec<_> = unseen.iter().map(|e| (model.scores(&e.features), e)).collect();
    lowest(|temperature| {
        let of =
            |(s, e): &(_, &Seen)| -e.weight * libm::log(classes::probabilities_at(*s, temperature)[e.class].max(1e-12));
        scored.iter().map(of).sum()
    })
}

/// Where between 0.3 and 5 a loss is lowest: golden section.
fn lowest(loss: impl Fn(f64) -> f64) -> f32 {
    let (mut low, mut high) = (0.3_f64, 5.0_f64);
    let ratio = 0.618_033_988_749_894_8;
    for _ in 0..40 {
        let (a, b) = (high - ratio * (high - low), low + ratio * (high - low));
        if loss(a) < loss(b) { high = b } else { low = a }
    }
    f64::midpoint(low, high) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_text::language::LanguageHints;
    use vigie_text::reading::{Hints, Scratch, features};
    use vigie_text::stop_words::Known;
    use vigie_text::tone::rules_only;

    fn seen(text: &str, class: usize) -> Seen {
        let hints =
            Hints { language: LanguageHints { declared: Some("fr"), ..LanguageHints::default() }, ..Hints::default() };
        Seen { features: features(text, &hints, &mut Scratch::default()).expect("a French text"), class, weight: 1.0 }
    }

    #[test]
    fn a_fit_learns_its_examples_and_gives_the_same_bytes_twice() {
        let examples: Vec<Seen> = [
            ("la zorglub fonctionne", 2),
            ("la zorglub marche", 2),
            ("une frimousse arrive", 0),
            ("une frimousse encore", 0),
            ("le train part à midi", 1),
            ("le bus part à six heures", 1),
        ]
        .iter()
        .flat_map(|(text, class)| (0..20).map(move |_| seen(text, *class)))
        .collect();
        let settings = Settings { passes: 5, step: 0.2, dense_step: 0.05, decay: 1e-5, balance: 1.0 };
        let rules = rules_only(Known::French);
        let model = fit(&examples, rules, settings);
        assert_eq!(model.to_bytes(), fit(&examples, rules, settings).to_bytes());
        for (text, class) in [("zorglub", 2), ("frimousse", 0), ("le train", 1)] {
            let p = model.probabilities(model.scores(&seen(text, class).features));
            assert_eq!(crate::scores::likeliest(&p), class, "{text}: {p:?}");
        }
    }
}
