//! Fits weights: multinomial logistic regression by AdaGrad, in one fixed order.
//!
//! One thread, a seeded order and `f64` sums in that order: the same examples give the same bytes on every
//! machine. Exponentials come from `libm`.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
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

/// What each class weighs so that the three weigh the same.
fn balance(examples: &[Seen]) -> [f64; CLASSES] {
    let mut sums = [0.0; CLASSES];
    for e in examples {
        sums[e.class] += e.weight;
    }
    let total: f64 = sums.iter().sum();
    sums.map(|s| if s == 0.0 { 0.0 } else { total / (CLASSES as f64 * s) })
}

/// Fits a model on examples, from what the rules alone would say: what posts do not teach stays as the
/// rules have it.
pub(crate) fn fit(examples: &[Seen], rules: RulesOnly, settings: Settings) -> Model {
    let class = Class { hashed: vec![Weight::default(); HASHED], dense: Default::default(), bias: Weight::default() };
    let mut classes: [Class; CLASSES] = std::array::from_fn(|_| class.clone());
    for (class, row) in [0, 2].into_iter().zip(rules) {
        let [bias, dense @ ..] = row.map(f64::from);
        classes[class].bias.value = bias;
        for (weight, value) in classes[class].dense.iter_mut().zip(dense) {
            weight.value = value;
        }
    }
    let balance = balance(examples);
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
    quantised(&classes)
}

/// Puts the order at random (Fisher and Yates).
fn shuffle(order: &mut [usize], random: &mut ChaCha8Rng) {
    for last in (1..order.len()).rev() {
        let other = (random.next_u64() % (last as u64 + 1)) as usize;
        order.swap(last, other);
    }
}

fn probabilities(classes: &[Class; CLASSES], features: &Features) -> [f64; CLASSES] {
    let scores: [f64; CLASSES] = std::array::from_fn(|c| classes[c].score(features));
    let highest = scores.iter().copied().fold(f64::MIN, f64::max);
    let exponentials = scores.map(|s| libm::exp(s - highest));
    let total: f64 = exponentials.iter().sum();
    exponentials.map(|e| e / total)
}

fn signed(feature: Hashed, value: f64) -> f64 {
    if feature.turned() { -value } else { value }
}

impl Class {
    fn score(&self, features: &Features) -> f64 {
        let mut score = self.bias.value;
        for block in [&features.words, &features.pieces] {
            let sum: f64 = block.iter().map(|f| signed(*f, self.hashed[f.index()].value)).sum();
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
                let weight = &mut self.hashed[feature.index()];
                weight.descend(signed(*feature, error * scale) + settings.decay * weight.value, settings.step * shrink);
            }
        }
    }
}

/// Negative and positive against neutral, in 8 bits. The unit leaves one weight in ten thousand at the
/// border.
fn quantised(classes: &[Class; CLASSES]) -> Model {
    let against = |c: usize, i: usize| classes[c].hashed[i].value - classes[1].hashed[i].value;
    let mut sizes: Vec<f64> = (0..HASHED).flat_map(|i| [against(0, i).abs(), against(2, i).abs()]).collect();
    sizes.sort_by(f64::total_cmp);
    let border = sizes[sizes.len() - 1 - sizes.len() / 10_000].max(1e-9);
    let unit = (border / 127.0) as f32;
    let eighth = |w: f64| (w / f64::from(unit)).round().clamp(-127.0, 127.0) as i8;
    let dense = |c: usize| std::array::from_fn(|i| (classes[c].dense[i].value - classes[1].dense[i].value) as f32);
    let bias = |c: usize| (classes[c].bias.value - classes[1].bias.value) as f32;
    Model {
        unit,
        temperature: 1.0,
        bias: [bias(0), bias(2)],
        dense: [dense(0), dense(2)],
        hashed: (0..HASHED).map(|i| [eighth(against(0, i)), eighth(against(2, i))]).collect(),
    }
}

/// The temperature that makes the probabilities of texts not learnt from likeliest, classes weighing the
/// same: golden section between 0.3 and 5.
pub(crate) fn temperature(model: &Model, unseen: &[Seen]) -> f32 {
    let balance = balance(unseen);
    let scored: Vec<_> = unseen.iter().map(|e| (model.scores(&e.features), e)).collect();
    let loss = |temperature: f64| -> f64 {
        let of = |(s, e): &(_, &Seen)| {
            let p = probabilities_at(*s, temperature)[e.class];
            -balance[e.class] * e.weight * libm::log(p.max(1e-12))
        };
        scored.iter().map(of).sum()
    };
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
        let settings = Settings { passes: 5, step: 0.2, dense_step: 0.05, decay: 1e-5 };
        let rules = rules_only(Known::French);
        let model = fit(&examples, rules, settings);
        assert_eq!(model.to_bytes(), fit(&examples, rules, settings).to_bytes());
        for (text, class) in [("zorglub", 2), ("frimousse", 0), ("le train", 1)] {
            let p = model.probabilities(model.scores(&seen(text, class).features));
            assert_eq!(crate::scores::likeliest(&p), class, "{text}: {p:?}");
        }
    }
}
