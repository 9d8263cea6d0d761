//! From many queries to one set that reads each document once.

use std::collections::{BTreeSet, HashMap};

use crate::automaton::Automaton;
use crate::condition::CompiledCondition;
use crate::field::Field;
use crate::options::Accents;
use crate::pattern::{self, Leaf, PatternError, Piece, Shape};
use crate::plan::Plan;
use crate::query::Query;
use crate::sieve::Sieve;
use crate::syntax::{Expr, Function, Near, Node, Phrase};

/// Why a set of queries cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// A tree built by hand has a term with nothing to look for; parsed queries never do.
    #[error("query {id}: the term {term} has nothing to look for; nothing was compiled; remove the term")]
    Term {
        /// Which query.
        id: String,
        /// The term, printed.
        term: String,
    },
    /// The literals of all the queries together do not fit in one automaton.
    #[error(
        "the words of the {queries} queries are too many for one automaton ({reason}); nothing was compiled; split the queries into several sets"
    )]
    Automaton {
        /// Number of queries.
        queries: usize,
        /// What the automaton builder says.
        reason: String,
    },
}

/// Queries compiled together.
#[derive(Debug)]
pub struct QuerySet {
    pub(crate) ids: Vec<String>,
    pub(crate) plans: Vec<Plan>,
    pub(crate) leaves: Vec<Leaf>,
    pub(crate) automaton: Automaton,
    /// Tells which leaves a text cannot hold. None when some query may hold wherever words are.
    pub(crate) sieve: Option<Sieve>,
    /// For each leaf, the queries that may hold when it occurs.
    pub(crate) wakes: Vec<Vec<usize>>,
    /// Queries that may hold without any leaf.
    pub(crate) always: Vec<usize>,
    /// Texts that some query searches: title, body, alt, transcript are always read.
    pub(crate) reads_quoted: bool,
    pub(crate) reads_lead: bool,
    /// Some expression is limited to a sentence or a paragraph.
    pub(crate) reads_blocks: bool,
}

impl QuerySet {
    /// Compiles queries together. The order is kept: hits name queries by their index.
    ///
    /// # Errors
    ///
    /// When the literals of all queries do not fit in one automaton, or a hand-made tree has an empty term.
    pub fn new(queries: Vec<(String, Query)>) -> Result<Self, CompileError> {
        let mut builder = Builder::default();
        let mut ids = Vec::with_capacity(queries.len());
        let mut plans = Vec::with_capacity(queries.len());
        for (id, query) in queries {
            builder.accents = query.accents;
            let plan = builder.plan(&query.root).map_err(|term| CompileError::Term { id: id.clone(), term })?;
            ids.push(id);
            plans.push(plan);
        }
        let automaton = Automaton::new(&builder.leaves)
            .map_err(|error| CompileError::Automaton { queries: ids.len(), reason: error.to_string() })?;
        let mut decisive = vec![false; builder.leaves.len()];
        for plan in &plans {
            plan.decisive(plan.needs(&|_| 1.0).is_none(), &mut decisive);
        }
        let sieve = Sieve::new(&builder.leaves, (0..decisive.len()).filter(|leaf| decisive[*leaf]))
            .map_err(|error| CompileError::Automaton { queries: ids.len(), reason: error.to_string() })?;
        let frequencies: Vec<f64> = builder
            .leaves
            .iter()
            .enumerate()
            .map(|(index, leaf)| if sieve.untold()[index] { 10.0 } else { expected_frequency(leaf) })
            .collect();
        let rarity = |leaf: usize| frequencies.get(leaf).copied().unwrap_or(1.0);
        let mut wakes = vec![Vec::new(); builder.leaves.len()];
        let mut always = Vec::new();
        let mut sieved = true;
        for (index, plan) in plans.iter_mut().enumerate() {
            plan.sort(&rarity);
            match plan.needs(&rarity) {
                None => always.push(index),
                Some(mut leaves) => {
                    leaves.sort_unstable();
                    leaves.dedup();
                    sieved &= !leaves.iter().any(|leaf| sieve.untold()[*leaf]);
                    for leaf in leaves {
                        wakes[leaf].push(index);
                    }
                }
            }
        }
        Ok(Self {
            ids,
            plans,
            leaves: builder.leaves,
            automaton,
            sieve: sieved.then_some(sieve),
            wakes,
            always,
            reads_quoted: builder.reads_quoted,
            reads_lead: builder.reads_lead,
            reads_blocks: builder.reads_blocks,
        })
    }

    /// Identifier of a query, as given. None when the index is out of range.
    pub fn id(&self, query: usize) -> Option<&str> {
        self.ids.get(query).map(String::as_str)
    }

    /// Number of queries.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// True when there is no query.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The typed fields that some query asks about.
    pub fn conditions(&self) -> BTreeSet<Field> {
        let mut fields = BTreeSet::new();
        self.plans.iter().for_each(|plan| plan.fields(&mut fields));
        fields
    }

    /// Number of different things looked for.
    pub fn literal_count(&self) -> usize {
        self.leaves.len()
    }
}

#[derive(Default)]
struct Builder {
    leaves: Vec<Leaf>,
    known: HashMap<Leaf, usize>,
    accents: Accents,
    reads_quoted: bool,
    reads_lead: bool,
    reads_blocks: bool,
}

impl Builder {
    fn leaf(&mut self, leaf: Leaf) -> usize {
        if let Some(index) = self.known.get(&leaf) {
            return *index;
        }
        let index = self.leaves.len();
        self.leaves.push(leaf.clone());
        self.known.insert(leaf, index);
        index
    }

    fn leaf_plan(&mut self, leaf: Result<Leaf, PatternError>, boost: Option<u32>, node: &Node) -> Result<Plan, String> {
        let leaf = leaf.map_err(|_| node.to_string())?;
        Ok(Plan::Leaf { leaf: self.leaf(leaf), boost: boost.unwrap_or(0) })
    }

    fn plans(&mut self, nodes: &[Node]) -> Result<Vec<Plan>, String> {
        nodes.iter().map(|n| self.plan(n)).collect()
    }

    /// The plan of a node, or the printed term that has nothing to look for.
    fn plan(&mut self, node: &Node) -> Result<Plan, String> {
        Ok(match &node.expr {
            Expr::And(list) => Plan::And(self.plans(list)?),
            Expr::Or(list) => Plan::Or(self.plans(list)?),
            Expr::Not(inner) => Plan::Not(Box::new(self.plan(inner)?)),
            Expr::Near(near) => self.near(near)?,
            Expr::Term(term) => return self.leaf_plan(pattern::of_term(term, self.accents), term.boost, node),
            Expr::Exact(text) => return self.leaf_plan(pattern::of_exact(text), None, node),
            Expr::Phrase(phrase) => return self.phrase(phrase, node),
            Expr::Scope(field, inner) => {
                self.reads_quoted |= matches!(field, Field::Quoted | Field::Any);
                self.reads_lead |= matches!(field, Field::Lead | Field::Any);
                self.reads_blocks |= *field == Field::Lead;
                Plan::Scope(*field, Box::new(self.plan(inner)?))
            }
            Expr::Condition(condition) => Plan::Condition(CompiledCondition::new(condition)),
            Expr::Function(function, inner) => self.function(*function, inner)?,
            Expr::Macro(_, body) => self.plan(body)?,
        })
    }

    fn near(&mut self, near: &Near) -> Result<Plan, String> {
        let left = Box::new(self.plan(&near.left)?);
        let right = Box::new(self.plan(&near.right)?);
        let (distance, ordered) = (near.distance, near.ordered);
        Ok(if near.negated {
            Plan::NotNear { left, right, distance, ordered }
        } else {
            Plan::Near { left, right, distance, ordered }
        })
    }

    fn phrase(&mut self, phrase: &Phrase, node: &Node) -> Result<Plan, String> {
        let Some(slop) = phrase.slop else {
            return self.leaf_plan(pattern::of_phrase(phrase, self.accents), phrase.boost, node);
        };
        let leaves = pattern::of_loose_phrase(phrase, self.accents).map_err(|_| node.to_string())?;
        let boost = phrase.boost.unwrap_or(0);
        let leaves: Vec<usize> = leaves.into_iter().map(|l| self.leaf(l)).collect();
        Ok(match leaves.as_slice() {
            [leaf] => Plan::Leaf { leaf: *leaf, boost },
            _ => Plan::Loose { leaves, slop, boost },
        })
    }

    fn function(&mut self, function: Function, inner: &Node) -> Result<Plan, String> {
        if let Function::AtLeast(count) = function {
            return Ok(Plan::AtLeast(count, Box::new(self.plan(inner)?)));
        }
        self.reads_blocks = true;
        Ok(match function {
            Function::OrderedSentence => match &inner.expr {
                Expr::And(list) => {
                    let (others, parts): (Vec<&Node>, Vec<&Node>) =
                        list.iter().partition(|n| matches!(n.expr, Expr::Not(_)));
                    let parts = parts.into_iter().map(|n| self.plan(n)).collect::<Result<_, _>>()?;
                    let others = others.into_iter().map(|n| self.plan(n)).collect::<Result<_, _>>()?;
                    Plan::OrderedSentence { parts, others }
                }
                _ => Plan::Sentence(Box::new(self.plan(inner)?)),
            },
            Function::Paragraph => Plan::Paragraph(Box::new(self.plan(inner)?)),
            _ => Plan::Sentence(Box::new(self.plan(inner)?)),
        })
    }
}

/// Words found in most texts, so that a phrase or a name is looked at first.
const COMMON: &[&str] = &[
    "a", "the", "of", "to", "and", "in", "is", "it", "for", "on", "i", "you", "with", "that", "this", "be", "at", "de",
    "la", "le", "les", "et", "l", "d", "un", "une", "des", "en", "a", "est", "que", "pour", "pas", "je", "il", "qu",
    "c", "ce", "du", "au", "on",
];

/// A rough expected frequency: longer is rarer, wildcards are more frequent.
fn expected_frequency(leaf: &Leaf) -> f64 {
    let of_piece = |piece: &Piece| match piece {
        Piece::Word(word) if COMMON.contains(&word.as_str()) => 0.5,
        Piece::Word(word) => 0.3_f64.powf((word.chars().count() as f64 / 2.0).min(8.0)),
        Piece::Glob(glob) => 3.0 * 0.3_f64.powf((glob.fixed() as f64 / 2.0).min(8.0)),
        Piece::Any => 1.0,
    };
    match &leaf.shape {
        Shape::Words(pieces) => pieces.iter().map(of_piece).product::<f64>().max(1e-12),
        Shape::Tag(piece) => 0.2 * of_piece(piece),
        Shape::Edits { word, .. } => 3.0 * of_piece(&Piece::Word(word.clone())),
        Shape::Compound(word) => 1.2 * of_piece(&Piece::Word(word.clone())),
        Shape::Symbols(_) => 0.1,
    }
}
