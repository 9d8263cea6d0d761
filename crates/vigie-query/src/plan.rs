//! The compiled form of a query: leaves are numbers, operands are in the order of the cheapest first.

use std::collections::BTreeSet;

use crate::condition::CompiledCondition;
use crate::field::Field;

/// A compiled expression.
#[derive(Debug, Clone)]
pub(crate) enum Plan {
    Leaf {
        leaf: usize,
        boost: u32,
    },
    Condition(CompiledCondition),
    And(Vec<Plan>),
    Or(Vec<Plan>),
    Not(Box<Plan>),
    Near {
        left: Box<Plan>,
        right: Box<Plan>,
        distance: u32,
        ordered: bool,
    },
    NotNear {
        left: Box<Plan>,
        right: Box<Plan>,
        distance: u32,
        ordered: bool,
    },
    /// All these leaves, any order, with at most `slop` other tokens among them.
    Loose {
        leaves: Vec<usize>,
        slop: u32,
        boost: u32,
    },
    Scope(Field, Box<Plan>),
    Sentence(Box<Plan>),
    /// Parts in order, then what must (not) hold in the same sentence.
    OrderedSentence {
        parts: Vec<Plan>,
        others: Vec<Plan>,
    },
    Paragraph(Box<Plan>),
    AtLeast(u32, Box<Plan>),
}

/// Leaves of which at least one must occur for a plan to hold; None when it may hold without any.
pub(crate) type Needs = Option<Vec<usize>>;

impl Plan {
    /// The cheapest set of leaves without which the plan cannot hold. `rarity` gives the expected frequency
    /// of a leaf.
    pub(crate) fn needs(&self, rarity: &dyn Fn(usize) -> f64) -> Needs {
        match self {
            Self::Leaf { leaf, .. } => Some(vec![*leaf]),
            Self::Condition(_) | Self::Not(_) => None,
            Self::And(list) => rarest(list.iter().filter_map(|p| p.needs(rarity)), rarity),
            Self::Or(list) => {
                list.iter().map(|p| p.needs(rarity)).collect::<Option<Vec<_>>>().map(|lists| lists.concat())
            }
            Self::Near { left, right, .. } => rarest([left, right].into_iter().filter_map(|p| p.needs(rarity)), rarity),
            Self::NotNear { left, .. } => left.needs(rarity),
            Self::Loose { leaves, .. } => rarest(leaves.iter().map(|leaf| vec![*leaf]), rarity),
            Self::Scope(_, inner) | Self::Sentence(inner) | Self::Paragraph(inner) | Self::AtLeast(_, inner) => {
                inner.needs(rarity)
            }
            Self::OrderedSentence { parts, others } => {
                rarest(parts.iter().chain(others).filter_map(|p| p.needs(rarity)), rarity)
            }
        }
    }

    /// Puts the parts of every AND in the order of the rarest first, conditions before texts.
    pub(crate) fn sort(&mut self, rarity: &dyn Fn(usize) -> f64) {
        match self {
            Self::And(list) => {
                for part in list.iter_mut() {
                    part.sort(rarity);
                }
                let mut keyed: Vec<(f64, Self)> = list.drain(..).map(|p| (p.cost(rarity), p)).collect();
                keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
                list.extend(keyed.into_iter().map(|(_, p)| p));
            }
            Self::Or(list) => list.iter_mut().for_each(|p| p.sort(rarity)),
            Self::Not(inner)
            | Self::Scope(_, inner)
            | Self::Sentence(inner)
            | Self::Paragraph(inner)
            | Self::AtLeast(_, inner) => {
                inner.sort(rarity);
            }
            Self::Leaf { .. }
            | Self::Condition(_)
            | Self::Near { .. }
            | Self::NotNear { .. }
            | Self::Loose { .. }
            | Self::OrderedSentence { .. } => {}
        }
    }

    /// Notes the leaves whose absence may decide whether the plan holds: those it asks for and, when `denied` is
    /// set, those it denies.
    pub(crate) fn decisive(&self, denied: bool, out: &mut [bool]) {
        match self {
            Self::Leaf { leaf, .. } => out[*leaf] = true,
            Self::Loose { leaves, .. } => leaves.iter().for_each(|leaf| out[*leaf] = true),
            Self::And(list) | Self::Or(list) => list.iter().for_each(|p| p.decisive(denied, out)),
            Self::OrderedSentence { parts, others } => {
                parts.iter().chain(others).for_each(|p| p.decisive(denied, out));
            }
            Self::Near { left, right, .. } => {
                left.decisive(denied, out);
                right.decisive(denied, out);
            }
            Self::NotNear { left: inner, .. }
            | Self::Scope(_, inner)
            | Self::Sentence(inner)
            | Self::Paragraph(inner)
            | Self::AtLeast(_, inner) => inner.decisive(denied, out),
            Self::Not(inner) if denied => inner.decisive(denied, out),
            Self::Not(_) | Self::Condition(_) => {}
        }
    }

    /// The fields of the conditions of the plan.
    pub(crate) fn fields(&self, out: &mut BTreeSet<Field>) {
        match self {
            Self::Condition(condition) => {
                out.insert(condition.field());
            }
            Self::And(list) | Self::Or(list) => list.iter().for_each(|p| p.fields(out)),
            Self::OrderedSentence { parts, others } => parts.iter().chain(others).for_each(|p| p.fields(out)),
            Self::Not(inner)
            | Self::Scope(_, inner)
            | Self::Sentence(inner)
            | Self::Paragraph(inner)
            | Self::AtLeast(_, inner) => inner.fields(out),
            // Their operands are places in the text.
            Self::Leaf { .. } | Self::Near { .. } | Self::NotNear { .. } | Self::Loose { .. } => {}
        }
    }

    fn cost(&self, rarity: &dyn Fn(usize) -> f64) -> f64 {
        match self {
            Self::Condition(_) => -1.0,
            _ => self.needs(rarity).map_or(f64::MAX, |leaves| total(&leaves, rarity)),
        }
    }
}

fn total(leaves: &[usize], rarity: &dyn Fn(usize) -> f64) -> f64 {
    leaves.iter().map(|l| rarity(*l)).sum()
}

fn rarest(lists: impl Iterator<Item = Vec<usize>>, rarity: &dyn Fn(usize) -> f64) -> Needs {
    lists.min_by(|a, b| total(a, rarity).total_cmp(&total(b, rarity)))
}
