//! Audit of tone: levels corrected by what persons read in a sample (`net_sentiment_audited@1.0`).
//!
//! *What it measures* — what the shares of tone of an entity would be, had a person read every counted mention.
//! *How it is computed* — prediction-powered inference (PPI++) in strata. The cells are entity × class read by the
//! machine; Y is the class a person gives, f the machine's probability of it. With W the part of a cell in its entity,
//! n its labels (weighted by what each stands for), N its mentions:
//! `θ = Σ W (λ·mean_N(f) + mean_n(Y − λf))`, `var = Σ W² (λ² var_N(f)/N + σ²/n)`. One λ for the whole audit, that which
//! makes the variances smallest, from 0 (labels alone) to 1: `λ = Σ W²cov(Y,f)/n ÷ Σ W²var(f)(1/n + 1/N)`. σ² and
//! cov are pooled over the entities: a cell has a handful of labels. Mentions that persons find irrelevant leave
//! numerator and base (a ratio, linearised).
//!
//! The machine's errors resemble each other from one entity to the next. What the labels of all entities together say
//! of each class gives a second estimate, and the difference between both is drawn towards the mean of such
//! differences, as much as these differ no more than chance would have it (hierarchical normal model, uniform prior on
//! their spread τ from 0 to 1, integrated on a fixed grid). The weights found for net sentiment serve the shares too:
//! they go on summing to 100, and net = positive − negative.
//! *Reading it* — the interval is that of the reading alone: what a person would have found in these very mentions.
//! *Limits* — under [`LEAST`] labels nothing is corrected, an entity needs [`LEAST_OF_ENTITY`]; mixed counts as neutral.
//! Changes between months are tested as measured: both months are read alike.
//! *References* — A. N. Angelopoulos, J. C. Duchi, T. Zrnic, "PPI++: Efficient prediction-powered inference", 2023;
//! A. Fisch and others, "Stratified prediction-powered inference for hybrid language model evaluation", 2024;
//! D. B. Rubin, "Estimation in parallel randomized experiments", Journal of Educational Statistics 6, 1981;
//! A. Gelman, "Prior distributions for variance parameters in hierarchical models", Bayesian Analysis 1, 2006.

use jiff::civil::Date;
use vigie_model::metric::Metric;

use crate::agreement::{Between, Confusion};

/// Corrected net sentiment in points.
pub const NET_SENTIMENT_AUDITED: Metric = Metric { id: "net_sentiment_audited", version: "1.0" };
/// Negative, neutral (with mixed), positive.
pub const CLASSES: usize = 3;
/// Labels of a period under which nothing is corrected.
pub const LEAST: usize = 100;
/// Labels of an entity under which it is not corrected.
pub const LEAST_OF_ENTITY: usize = 5;
/// Normal quantile of 95 % intervals.
pub(crate) const Z: f64 = 1.959_963_984_540_054;
/// Largest spread of the differences between entities that is thought possible, in shares of 1.
const WIDEST: f64 = 1.0;
/// Points of the grid on which that spread is integrated.
const GRID: usize = 201;

type Triple = [f64; CLASSES];

/// Positive less negative.
fn net(shares: &Triple) -> f64 {
    shares[2] - shares[0]
}

/// A value with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// The value.
    pub value: f64,
    /// Lower bound.
    pub lo: f64,
    /// Upper bound.
    pub hi: f64,
}

/// What the machine read in a counted mention of an entity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Machine {
    /// Entity index.
    pub entity: usize,
    /// Its class, below [`CLASSES`].
    pub class: usize,
    /// Probabilities of the classes.
    pub p: Triple,
}

/// A mention that a person read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Label {
    /// What the machine read in it.
    pub machine: Machine,
    /// How many mentions it stands for.
    pub weight: f64,
    /// The class the person gave; `None` for a mention that is not about the entity.
    pub class: Option<usize>,
}

/// The mentions of a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Cell {
    n: f64,
    p: Triple,
    net_squares: f64,
}

impl Cell {
    fn mean(&self) -> Triple {
        self.p.map(|sum| sum / self.n)
    }

    /// Variance of the machine's net probability.
    fn variance(&self) -> f64 {
        let mean = net(&self.mean());
        (self.net_squares / self.n - mean * mean).max(0.0)
    }
}

/// All counted mentions of a period, as the machine read them.
#[derive(Clone, Debug, PartialEq)]
pub struct Population {
    cells: Vec<[Cell; CLASSES]>,
}

impl Population {
    /// A population without mentions yet.
    pub fn new(entities: usize) -> Self {
        Self { cells: vec![[Cell::default(); CLASSES]; entities] }
    }

    /// One more mention.
    pub fn add(&mut self, mention: &Machine) {
        let cell = &mut self.cells[mention.entity][mention.class];
        cell.n += 1.0;
        cell.p.iter_mut().zip(mention.p).for_each(|(sum, p)| *sum += p);
        cell.net_squares += net(&mention.p) * net(&mention.p);
    }

    /// Counted mentions of an entity.
    pub fn mentions(&self, entity: usize) -> u64 {
        self.cells[entity].iter().map(|c| c.n as u64).sum()
    }
}

/// The shares of an entity in percent, its net sentiment in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Levels {
    /// Negative, neutral (with mixed), positive, in percent.
    pub shares: [Level; CLASSES],
    /// Positive less negative, in points.
    pub net: Level,
}

/// What the audit says of an entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Corrected {
    /// Entity index.
    pub entity: usize,
    /// Counted mentions.
    pub mentions: u64,
    /// Labels used.
    pub labels: u64,
    /// Shares as the machine counts them, in percent.
    pub raw: Triple,
    /// Net sentiment as the machine counts it, in points.
    pub raw_net: f64,
    /// Mentions that are about the entity, in percent, where persons found some that are not.
    pub relevant: Option<f64>,
    /// From the labels of this entity alone (PPI++).
    pub alone: Levels,
    /// With what the labels of the other entities say: the levels to print.
    pub levels: Levels,
}

/// The corrected levels of a period.
#[derive(Clone, Debug, PartialEq)]
pub struct Audit {
    /// How much of the machine's probabilities is used, from 0 to 1.
    pub lambda: f64,
    /// By entity index; `None` for an entity with too few labels or no mention.
    pub entities: Vec<Option<Corrected>>,
}

/// An audit as it was done: labels, agreement, corrected levels.
#[derive(Clone, Debug, PartialEq)]
pub struct Audited {
    /// Mentions (one for each entity) that a person read.
    pub labels: u64,
    /// Of these, found not to be about the entity.
    pub irrelevant: u64,
    /// Labels of mentions that are not counted any more, or gone from the archive.
    pub lost: u64,
    /// What persons said (rows) and what the machine read (columns).
    pub confusion: Confusion,
    /// Agreement of the persons, numbered as in `reviewers`.
    pub between: Between,
    /// Who read, those with most labels first.
    pub reviewers: Vec<String>,
    /// Day of the first labels.
    pub from: Date,
    /// Day of the last ones.
    pub to: Date,
    /// The shipped weights were audited, because the project's learnt from these labels.
    pub learnt_from: bool,
    /// Corrected levels; `None` with too few labels.
    pub audit: Option<Audit>,
}

impl Audited {
    /// The corrected levels of an entity.
    pub fn corrected(&self, entity: usize) -> Option<&Corrected> {
        self.audit.as_ref()?.entities.get(entity)?.as_ref()
    }
}

/// The labels of one cell, summed.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    /// Labels; their weights; the squares of these.
    n: f64,
    weight: f64,
    squares: f64,
    /// Weighted sums of Y − λf and of the relevant.
    rest: Triple,
    relevant: f64,
}

impl Sums {
    fn add(&mut self, label: &Label, lambda: f64) {
        let w = label.weight;
        self.n += 1.0;
        self.weight += w;
        self.squares += w * w;
        let rest = rest(label, lambda);
        self.rest.iter_mut().zip(rest).for_each(|(sum, x)| *sum += w * x);
        self.relevant += if label.class.is_some() { w } else { 0.0 };
    }

    fn mean(&self) -> Triple {
        self.rest.map(|sum| sum / self.weight)
    }

    fn share_relevant(&self) -> f64 {
        self.relevant / self.weight
    }

    /// As many labels of equal weight as these are worth (Kish).
    fn worth(&self) -> f64 {
        self.weight * self.weight / self.squares
    }
}

/// Y − λf of a label.
fn rest(label: &Label, lambda: f64) -> Triple {
    std::array::from_fn(|c| f64::from(u8::from(label.class == Some(c))) - lambda * label.machine.p[c])
}

/// An entity before it is compared with the others: shares of 1, variances of the shares and of net sentiment.
struct Direct {
    entity: usize,
    alone: Triple,
    together: Triple,
    variances: Triple,
    variance: f64,
    relevant: f64,
}

/// Corrects the levels of a period. Labels of entities or mentions outside the population are the caller's to leave
/// out. `None` under [`LEAST`] labels.
pub fn audit(population: &Population, labels: &[Label]) -> Option<Audit> {
    if labels.len() < LEAST {
        return None;
    }
    let lambda = lambda(population, labels);
    let entities = population.cells.len();
    let mut cells = vec![[Sums::default(); CLASSES]; entities];
    let mut classes = [Sums::default(); CLASSES];
    for label in labels {
        let Machine { entity, class, .. } = label.machine;
        cells[entity][class].add(label, lambda);
        classes[class].add(label, lambda);
    }
    let of_entity = |e: usize| cells[e].iter().map(|s| s.n).sum::<f64>() as usize;
    let counted: Vec<usize> =
        (0..entities).filter(|e| of_entity(*e) >= LEAST_OF_ENTITY && population.mentions(*e) > 0).collect();
    let directs: Vec<Direct> =
        counted.iter().map(|e| direct(*e, population, (&cells, &classes), labels, lambda)).collect();
    let drawn = drawn(&directs);
    let mut audited = vec![None; entities];
    for (direct, levels) in directs.iter().zip(drawn) {
        let cells = &population.cells[direct.entity];
        let total: f64 = cells.iter().map(|c| c.n).sum();
        let raw = cells.map(|c| 100.0 * c.n / total);
        audited[direct.entity] = Some(Corrected {
            entity: direct.entity,
            mentions: total as u64,
            labels: of_entity(direct.entity) as u64,
            raw,
            raw_net: net(&raw),
            relevant: (direct.relevant < 1.0).then_some(100.0 * direct.relevant),
            alone: levels_of(direct.alone, direct.variances, direct.variance),
            levels,
        });
    }
    Some(Audit { lambda, entities: audited })
}

/// The part of the machine's probabilities that makes the variances of net sentiment smallest.
fn lambda(population: &Population, labels: &[Label]) -> f64 {
    let (mut above, mut below) = (0.0, 0.0);
    for class in 0..CLASSES {
        // Products of deviations from the mean of each cell, pooled over the entities.
        let (mut products, mut freedom) = (0.0, 0.0);
        let mut counts = vec![0.0; population.cells.len()];
        for (entity, count) in counts.iter_mut().enumerate() {
            let own: Vec<(f64, f64)> = labels
                .iter()
                .filter(|l| (l.machine.entity, l.machine.class) == (entity, class))
                .map(|l| (net(&rest(l, 0.0)), net(&l.machine.p)))
                .collect();
            *count = own.len() as f64;
            if own.len() > 1 {
                let mean = |of: fn(&(f64, f64)) -> f64| own.iter().map(of).sum::<f64>() / own.len() as f64;
                let (y, f) = (mean(|o| o.0), mean(|o| o.1));
                products += own.iter().map(|o| (o.0 - y) * (o.1 - f)).sum::<f64>();
                freedom += own.len() as f64 - 1.0;
            }
        }
        for (cells, n) in population.cells.iter().zip(counts) {
            let (cell, total) = (cells[class], cells.iter().map(|c| c.n).sum::<f64>());
            if n > 0.0 && freedom > 0.0 && cell.n > 0.0 {
                let part = cell.n / total;
                above += part * part * products / freedom / n;
                below += part * part * cell.variance() * (1.0 / n + 1.0 / cell.n);
            }
        }
    }
    if below > 0.0 { (above / below).clamp(0.0, 1.0) } else { 0.0 }
}

/// Estimates of one entity: from its own labels, and from the labels of all entities for each class.
fn direct(
    entity: usize,
    population: &Population,
    (cells, classes): (&[[Sums; CLASSES]], &[Sums; CLASSES]),
    labels: &[Label],
    lambda: f64,
) -> Direct {
    let own = &population.cells[entity];
    let total: f64 = own.iter().map(|c| c.n).sum();
    let (mut alone, mut together) = ([0.0; CLASSES], [0.0; CLASSES]);
    let (mut base_alone, mut base_together) = (0.0, 0.0);
    for (class, cell) in own.iter().enumerate().filter(|(_, c)| c.n > 0.0) {
        let part = cell.n / total;
        // A class that nobody labelled is what the machine says.
        let all = Some(&classes[class]).filter(|s| s.n > 0.0);
        let of_all = all.map_or_else(
            || std::array::from_fn(|c| f64::from(u8::from(c == class)) - lambda * cell.mean()[c]),
            Sums::mean,
        );
        let relevant_of_all = all.map_or(1.0, Sums::share_relevant);
        let sums = &cells[entity][class];
        let (mean, relevant) =
            if sums.n > 0.0 { (sums.mean(), sums.share_relevant()) } else { (of_all, relevant_of_all) };
        base_alone += part * relevant;
        base_together += part * relevant_of_all;
        let machine = cell.mean().map(|p| lambda * p);
        let add = |sums: &mut Triple, rest: &Triple| {
            sums.iter_mut().zip(machine.iter().zip(rest)).for_each(|(sum, (m, r))| *sum += part * (m + r));
        };
        add(&mut alone, &mean);
        add(&mut together, &of_all);
    }
    let base = base_alone.max(f64::MIN_POSITIVE);
    let alone = alone.map(|sum| sum / base);
    let together = together.map(|sum| sum / base_together.max(f64::MIN_POSITIVE));
    let (mut variances, mut variance) = ([0.0; CLASSES], 0.0);
    for (class, cell) in own.iter().enumerate().filter(|(_, c)| c.n > 0.0) {
        let part = cell.n / total / base;
        let sums = &cells[entity][class];
        let worth = if sums.n > 0.0 { sums.worth() } else { 1.0 };
        let (spread, spread_of_net) = spread(class, labels, lambda, &alone);
        for (variance, (mean, spread)) in variances.iter_mut().zip(cell.mean().into_iter().zip(spread)) {
            *variance += part * part * (lambda * lambda * mean * (1.0 - mean) / cell.n + spread / worth);
        }
        variance += part * part * (lambda * lambda * cell.variance() / cell.n + spread_of_net / worth);
    }
    Direct { entity, alone, together, variances, variance, relevant: base_alone }
}

/// Variance of one label of `class` around its cell, for the shares and for net sentiment, pooled over the entities.
/// `shares` are those of the entity asked for: an irrelevant mention leaves its base as well.
fn spread(class: usize, labels: &[Label], lambda: f64, shares: &Triple) -> (Triple, f64) {
    let mut own: Vec<(usize, Triple)> = labels
        .iter()
        .filter(|l| l.machine.class == class)
        .map(|l| {
            let mut x = rest(l, lambda);
            if l.class.is_some() {
                x.iter_mut().zip(shares).for_each(|(x, share)| *x -= share);
            }
            (l.machine.entity, x)
        })
        .collect();
    own.sort_by_key(|o| o.0);
    let (mut squares, mut squares_of_net, mut freedom) = ([0.0; CLASSES], 0.0, 0.0);
    for cell in own.chunk_by(|a, b| a.0 == b.0) {
        let n = cell.len() as f64;
        let mean: Triple = std::array::from_fn(|c| cell.iter().map(|o| o.1[c]).sum::<f64>() / n);
        for (_, x) in cell {
            let away: Triple = std::array::from_fn(|c| x[c] - mean[c]);
            squares.iter_mut().zip(away).for_each(|(sum, a)| *sum += a * a);
            squares_of_net += net(&away) * net(&away);
        }
        freedom += n - 1.0;
    }
    // Nothing is known of the spread: the widest a share, and the difference of two, can have.
    if freedom < 1.0 { ([0.25; CLASSES], 1.0) } else { (squares.map(|s| s / freedom), squares_of_net / freedom) }
}

/// How a value is drawn towards the mean of all, for each spread of the grid.
struct Drawing {
    /// Weight of the grid's point.
    weight: f64,
    /// Part of each difference that stays.
    stays: Vec<f64>,
    /// Part of each difference in the mean of all.
    shares: Vec<f64>,
    /// Variance of that mean.
    of_mean: f64,
}

/// The hierarchical normal model of `differences` with `variances`: what stays of each difference, by the spread τ.
fn drawings(differences: &[f64], variances: &[f64], widest: f64) -> Vec<Drawing> {
    let mut likelihoods = Vec::with_capacity(GRID);
    let mut grid: Vec<Drawing> = (0..GRID)
        .map(|step| {
            let spread = widest * step as f64 / (GRID - 1) as f64;
            let precisions: Vec<f64> = variances.iter().map(|v| 1.0 / (v + spread * spread)).collect();
            let total: f64 = precisions.iter().sum();
            let mean = differences.iter().zip(&precisions).map(|(d, a)| d * a).sum::<f64>() / total;
            let logs: f64 = precisions.iter().map(|a| libm::log(*a)).sum();
            let away: f64 = differences.iter().zip(&precisions).map(|(d, a)| a * (d - mean) * (d - mean)).sum();
            likelihoods.push(0.5 * (logs - libm::log(total) - away));
            Drawing {
                weight: 0.0,
                stays: variances.iter().map(|v| spread * spread / (v + spread * spread)).collect(),
                shares: precisions.iter().map(|a| a / total).collect(),
                of_mean: 1.0 / total,
            }
        })
        .collect();
    let highest = likelihoods.iter().copied().fold(f64::MIN, f64::max);
    let weights: Vec<f64> = likelihoods.iter().map(|l| libm::exp(l - highest)).collect();
    let total: f64 = weights.iter().sum();
    grid.iter_mut().zip(weights).for_each(|(drawing, weight)| drawing.weight = weight / total);
    grid
}

impl Drawing {
    /// What is left of the difference number `at`, of `all`.
    fn of(&self, at: usize, all: &[f64]) -> f64 {
        let mean: f64 = all.iter().zip(&self.shares).map(|(d, share)| d * share).sum();
        self.stays[at] * all[at] + (1.0 - self.stays[at]) * mean
    }

    /// Its variance, for a difference of variance `own`.
    fn variance(&self, at: usize, own: f64) -> f64 {
        let left = 1.0 - self.stays[at];
        self.stays[at] * own + left * left * self.of_mean
    }
}

/// Mean and variance of the difference number `at`, over the grid; `scale` brings variances of net sentiment to those
/// of what `all` are differences of.
fn posterior(grid: &[Drawing], at: usize, all: &[f64], own: f64, scale: f64) -> (f64, f64) {
    let mean: f64 = grid.iter().map(|d| d.weight * d.of(at, all)).sum();
    let variance = |d: &Drawing| {
        let away = d.of(at, all) - mean;
        scale * d.variance(at, own) + away * away
    };
    (mean, grid.iter().map(|d| d.weight * variance(d)).sum())
}

/// The levels of each entity, drawn towards what the others say.
fn drawn(directs: &[Direct]) -> Vec<Levels> {
    if directs.len() < 2 {
        return directs.iter().map(|d| levels_of(d.alone, d.variances, d.variance)).collect();
    }
    let differences =
        |of: &dyn Fn(&Triple) -> f64| -> Vec<f64> { directs.iter().map(|d| of(&d.alone) - of(&d.together)).collect() };
    // A variance of 0 (all labels of a class alike) would make one entity a law for the others.
    let variances: Vec<f64> = directs.iter().map(|d| d.variance.max(1e-6)).collect();
    let nets = differences(&net);
    let by_class: [Vec<f64>; CLASSES] = std::array::from_fn(|c| differences(&move |shares| shares[c]));
    let grid = drawings(&nets, &variances, WIDEST);
    let levels = |(at, direct): (usize, &Direct)| {
        let (_, variance) = posterior(&grid, at, &nets, variances[at], 1.0);
        let of_class: [(f64, f64); CLASSES] = std::array::from_fn(|c| {
            posterior(&grid, at, &by_class[c], variances[at], direct.variances[c] / variances[at])
        });
        let shares = std::array::from_fn(|c| direct.together[c] + of_class[c].0);
        levels_of(shares, of_class.map(|c| c.1), variance)
    };
    directs.iter().enumerate().map(levels).collect()
}

/// Shares of 1 in percent with their intervals, which end where shares do.
fn levels_of(shares: Triple, variances: Triple, variance: f64) -> Levels {
    let level = |value: f64, variance: f64, least: f64| {
        let reach = Z * variance.max(0.0).sqrt();
        let [value, lo, hi] = [value, value - reach, value + reach].map(|x| 100.0 * x.clamp(least, 1.0));
        Level { value, lo, hi }
    };
    Levels {
        shares: std::array::from_fn(|c| level(shares[c], variances[c], 0.0)),
        net: level(net(&shares), variance, -1.0),
    }
}

#[cfg(test)]
mod tests;
