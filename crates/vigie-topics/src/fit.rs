//! The topics of a set of documents, and the topic of each document.

use std::collections::{BTreeMap, BTreeSet};

use crate::mixture::{Mixture, Prior};
use crate::random::Random;
use crate::stability::stability;
use crate::vocabulary::Vocabulary;

/// A text as a list of terms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Its terms, in any order.
    pub terms: Vec<u64>,
    /// Who wrote it; one who is not known counts as a person of their own.
    pub author: Option<u64>,
}

/// How topics are found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Topics to begin with; those that die out and those that are merged leave fewer.
    pub most_topics: usize,
    /// Times the topic of every document is drawn again.
    pub sweeps: usize,
    /// Documents topics are learnt from, taken at random when there are more; the others are then given theirs.
    pub sample: usize,
    /// Terms of a document looked at; more changes nothing.
    pub most_terms: usize,
    /// Fewest documents a term must be in.
    pub least_uses: usize,
    /// Largest share of the documents a term may be in.
    pub most_share: f64,
    /// Cosine of the term counts of two topics from which they are one.
    pub merged_at: f64,
    /// Smallest share of the documents with a term of the vocabulary that makes a topic.
    pub least_share: f64,
    /// Fewest authors of a topic.
    pub least_authors: usize,
    /// Probability below which a document has no topic.
    pub certain: f64,
    /// Samples of the documents in which topics are looked for again; 0 leaves stability unknown.
    pub refits: usize,
    /// Stability below which a topic is hidden.
    pub least_stability: f64,
    /// Where choices at random begin.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            most_topics: 100,
            sweeps: 30,
            sample: 50_000,
            most_terms: 200,
            least_uses: 5,
            most_share: 0.1,
            merged_at: 0.5,
            least_share: 0.005,
            least_authors: 30,
            certain: 0.5,
            refits: 5,
            least_stability: 0.5,
            seed: 20_261_124,
        }
    }
}

/// What documents have in common.
#[derive(Debug, Clone, PartialEq)]
pub struct Topic {
    /// Documents that have it.
    pub documents: usize,
    /// Their authors.
    pub authors: usize,
    /// The terms that set it apart most, strongest first (class-based TF-IDF); at most [`MOST_TERMS`].
    pub terms: Vec<u64>,
    /// Authors who use each of its terms, in ascending order of terms.
    pub users: Vec<(u64, u32)>,
    /// The document that says most of it.
    pub central: usize,
    /// How surely other samples of the documents show it, 0 to 1; `None` when it was not asked.
    pub stability: Option<f64>,
}

/// Terms by which a topic is known.
pub const MOST_TERMS: usize = 20;

/// The topics of a set of documents.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Topics {
    /// Those shown, by number of documents.
    pub topics: Vec<Topic>,
    /// Topic of each document, as an index in `topics`; `None` for a document without.
    pub of_document: Vec<Option<usize>>,
    /// Topics large enough that were hidden because other samples do not show them.
    pub hidden: usize,
}

/// A mixture fitted to documents, its topics merged.
struct Fitted {
    vocabulary: Vocabulary,
    mixture: Mixture,
    /// Topics that have documents.
    alive: Vec<usize>,
}

/// Finds the topics of documents.
pub fn fit(documents: &[Document], settings: Settings) -> Topics {
    let all: Vec<usize> = (0..documents.len()).collect();
    let sampled = Random::new(settings.seed).sample(documents.len(), settings.sample);
    let fitted = fitted(documents, &sampled, settings, settings.seed);
    let mut topics = described(documents, &all, &fitted, settings);
    if settings.refits > 0 && !topics.topics.is_empty() {
        let terms: Vec<Vec<u64>> = topics.topics.iter().map(most_used).collect();
        let again = |seed: u64| {
            let kept = Random::new(seed).sample(sampled.len(), sampled.len() * 4 / 5);
            let kept: Vec<usize> = kept.into_iter().map(|at| sampled[at]).collect();
            let refit = self::fitted(documents, &kept, settings, seed);
            described(documents, &kept, &refit, settings).topics.iter().map(most_used).collect()
        };
        let seeds = (1..=settings.refits as u64).map(|n| settings.seed.wrapping_add(n));
        let stabilities = stability(&terms, &seeds.collect::<Vec<_>>(), again);
        for (topic, stability) in topics.topics.iter_mut().zip(stabilities) {
            topic.stability = Some(stability);
        }
        topics.hide(settings.least_stability);
    }
    topics
}

/// The terms of a topic that most authors use. Those that set it apart may be rare, hence others in each sample.
fn most_used(topic: &Topic) -> Vec<u64> {
    let mut users = topic.users.clone();
    users.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    users.truncate(MOST_TERMS);
    users.into_iter().map(|(term, _)| term).collect()
}

impl Topics {
    /// Hides the topics less stable than `least`; their documents have none.
    fn hide(&mut self, least: f64) {
        let shown = |t: &Topic| t.stability.is_none_or(|s| s >= least);
        let mut place = 0;
        let places: Vec<Option<usize>> = self
            .topics
            .iter()
            .map(|t| {
                shown(t).then(|| {
                    place += 1;
                    place - 1
                })
            })
            .collect();
        self.hidden = places.iter().filter(|p| p.is_none()).count();
        self.topics.retain(shown);
        for topic in &mut self.of_document {
            *topic = topic.and_then(|t| places[t]);
        }
    }
}

/// Samples a mixture from the documents of `which`.
fn fitted(documents: &[Document], which: &[usize], settings: Settings, seed: u64) -> Fitted {
    let terms = which.iter().map(|d| documents[*d].terms.as_slice());
    let vocabulary = Vocabulary::of(terms, settings.least_uses, settings.most_share);
    let seen: Vec<Vec<u32>> =
        which.iter().map(|d| places(&vocabulary, &documents[*d], settings)).filter(|p| !p.is_empty()).collect();
    let prior = Prior { alpha: 0.1, beta: 0.1 };
    let mut mixture = Mixture::new(prior, settings.most_topics.max(1), vocabulary.len());
    mixture.sample(&seen, settings.sweeps, &mut Random::new(seed));
    merge_alike(&mut mixture, vocabulary.len(), settings);
    let alive = (0..settings.most_topics.max(1)).filter(|t| mixture.documents(*t) > 0).collect();
    Fitted { vocabulary, mixture, alive }
}

/// The places of a document's terms in the vocabulary, in ascending order.
fn places(vocabulary: &Vocabulary, document: &Document, settings: Settings) -> Vec<u32> {
    let mut places = vocabulary.places(&document.terms, settings.most_terms);
    places.sort_unstable();
    places
}

/// Merges topics whose term counts point the same way, also through a third one.
fn merge_alike(mixture: &mut Mixture, terms: usize, settings: Settings) {
    let alive: Vec<usize> = (0..settings.most_topics).filter(|t| mixture.documents(*t) > 0).collect();
    let counts: Vec<Vec<f64>> =
        alive.iter().map(|t| (0..terms).map(|w| f64::from(mixture.uses(*t, w))).collect()).collect();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let sizes: Vec<f64> = counts.iter().map(|c| dot(c, c).sqrt()).collect();
    let mut leader: Vec<usize> = (0..alive.len()).collect();
    for a in 0..alive.len() {
        for b in a + 1..alive.len() {
            if dot(&counts[a], &counts[b]) >= settings.merged_at * sizes[a] * sizes[b] {
                let (from, into) = (leader[a].max(leader[b]), leader[a].min(leader[b]));
                leader.iter_mut().filter(|l| **l == from).for_each(|l| *l = into);
            }
        }
    }
    for (at, into) in leader.into_iter().enumerate().filter(|(at, into)| at != into) {
        mixture.merge(alive[at], alive[into]);
    }
}

/// Gives the documents of `which` their topics, and describes those large enough.
fn described(documents: &[Document], which: &[usize], fitted: &Fitted, settings: Settings) -> Topics {
    let Fitted { vocabulary, mixture, alive } = fitted;
    let mut weights = Vec::new();
    let mut members: BTreeMap<usize, Vec<(usize, Vec<u32>)>> = BTreeMap::new();
    let mut with_terms = 0;
    for at in which {
        let places = places(vocabulary, &documents[*at], settings);
        if places.is_empty() {
            continue;
        }
        with_terms += 1;
        mixture.posterior(&places, &mut weights);
        let best = alive.iter().copied().max_by(|a, b| weights[*a].total_cmp(&weights[*b]).then(b.cmp(a)));
        if let Some(best) = best.filter(|b| weights[*b] >= settings.certain) {
            members.entry(best).or_default().push((*at, places));
        }
    }
    let least = (settings.least_share * f64::from(with_terms)).max(1.0);
    let strength = strengths(mixture, alive, vocabulary.len());
    let mut found: Vec<(Topic, Vec<usize>)> = members
        .into_iter()
        .map(|(topic, members)| describe(documents, vocabulary, &strength[&topic], &members))
        .filter(|(topic, _)| topic.documents as f64 >= least && topic.authors >= settings.least_authors)
        .collect();
    found.sort_by(|a, b| b.0.documents.cmp(&a.0.documents).then(a.0.central.cmp(&b.0.central)));
    let mut topics = Topics { of_document: vec![None; documents.len()], ..Topics::default() };
    for (place, (topic, members)) in found.into_iter().enumerate() {
        for member in members {
            topics.of_document[member] = Some(place);
        }
        topics.topics.push(topic);
    }
    topics
}

/// How much each term sets each topic apart: its share of the topic's uses, times the logarithm of one plus the
/// uses of an average topic over its uses in all (class-based TF-IDF).
fn strengths(mixture: &Mixture, alive: &[usize], terms: usize) -> BTreeMap<usize, Vec<f64>> {
    let uses = |topic: usize, term: usize| f64::from(mixture.uses(topic, term));
    let everywhere: Vec<f64> = (0..terms).map(|w| alive.iter().map(|t| uses(*t, w)).sum()).collect();
    let average = everywhere.iter().sum::<f64>() / (alive.len() as f64).max(1.0);
    let rarity: Vec<f64> = everywhere.iter().map(|f| libm::log(1.0 + average / f.max(1.0))).collect();
    let of = |topic: &usize| {
        let size: f64 = (0..terms).map(|w| uses(*topic, w)).sum::<f64>().max(1.0);
        (*topic, (0..terms).map(|w| uses(*topic, w) / size * rarity[w]).collect())
    };
    alive.iter().map(of).collect()
}

/// A topic from its documents and the strength of each term in it, and which documents they are.
fn describe(
    documents: &[Document],
    vocabulary: &Vocabulary,
    strength: &[f64],
    members: &[(usize, Vec<u32>)],
) -> (Topic, Vec<usize>) {
    let mut users: BTreeMap<u32, BTreeSet<(bool, u64)>> = BTreeMap::new();
    let mut authors = BTreeSet::new();
    let mut central = (f64::MIN, 0);
    for (at, places) in members {
        // One who is not known is a person of their own, known by the document.
        let author = documents[*at].author.map_or((false, *at as u64), |a| (true, a));
        authors.insert(author);
        for place in places {
            users.entry(*place).or_default().insert(author);
        }
        let says = places.iter().map(|p| strength[*p as usize]).sum::<f64>() / (places.len() as f64).sqrt();
        if says > central.0 {
            central = (says, *at);
        }
    }
    let mut strongest: Vec<u32> = users.keys().copied().collect();
    strongest.sort_by(|a, b| strength[*b as usize].total_cmp(&strength[*a as usize]).then(a.cmp(b)));
    strongest.truncate(MOST_TERMS);
    let topic = Topic {
        documents: members.len(),
        authors: authors.len(),
        terms: strongest.into_iter().map(|p| vocabulary.term(p)).collect(),
        users: users.into_iter().map(|(place, who)| (vocabulary.term(place), who.len() as u32)).collect(),
        central: central.1,
        stability: None,
    };
    (topic, members.iter().map(|(at, _)| *at).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Documents of `subjects` subjects with eight terms each, of which a document uses four.
    fn planted(subjects: u64, each: u64) -> Vec<Document> {
        let mut random = Random::new(3);
        let document = |i: u64| {
            let own: Vec<usize> = random.sample(8, 4);
            let noise = 9_000 + random.below(300) as u64;
            let terms = own.into_iter().map(|t| (i % subjects) * 100 + t as u64).chain([noise]).collect();
            Document { terms, author: Some(i / subjects) }
        };
        (0..subjects * each).map(document).collect()
    }

    #[test]
    fn planted_subjects_are_found_and_nothing_else() {
        let documents = planted(6, 80);
        let settings = Settings { most_share: 0.2, ..Settings::default() };
        let topics = fit(&documents, settings);
        assert_eq!((topics.topics.len(), topics.hidden), (6, 0), "{topics:?}");
        for (at, topic) in topics.of_document.iter().enumerate() {
            assert_eq!(*topic, topics.of_document[at % 6], "document {at}");
        }
        for topic in &topics.topics {
            assert_eq!((topic.documents, topic.authors), (80, 80));
            assert!(topic.stability.is_some_and(|s| s > 0.7), "{topic:?}");
            let subject = topic.terms[0] / 100;
            assert!(topic.terms[..8].iter().all(|t| t / 100 == subject), "{topic:?}");
            assert_eq!(documents[topic.central].terms[0] / 100, subject);
        }
    }

    #[test]
    fn documents_without_anything_in_common_have_no_stable_topic() {
        let mut random = Random::new(5);
        let terms = |random: &mut Random| (0..6).map(|_| random.below(400) as u64).collect();
        let documents: Vec<Document> = (0..600).map(|_| Document { terms: terms(&mut random), author: None }).collect();
        assert_eq!(fit(&documents, Settings::default()).topics, []);
    }

    #[test]
    fn few_authors_make_no_topic() {
        let documents: Vec<Document> =
            planted(3, 80).into_iter().map(|d| Document { author: d.author.map(|a| a % 20), ..d }).collect();
        let settings = Settings { most_share: 0.4, ..Settings::default() };
        assert_eq!(fit(&documents, settings).topics.len(), 0);
        assert_eq!(fit(&documents, Settings { least_authors: 20, ..settings }).topics.len(), 3);
    }

    #[test]
    fn those_that_were_not_sampled_get_their_topic() {
        let documents = planted(3, 300);
        let settings = Settings { most_share: 0.4, sample: 300, ..Settings::default() };
        let topics = fit(&documents, settings);
        assert_eq!(topics.topics.len(), 3);
        let agree = topics.of_document.iter().enumerate().filter(|(at, t)| **t == topics.of_document[at % 3]).count();
        assert!(agree >= 890, "{agree}");
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(fit(&[], Settings::default()), Topics::default());
        let empty = vec![Document::default(); 50];
        assert_eq!(fit(&empty, Settings::default()).of_document, vec![None; 50]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn any_documents_give_topics_that_add_up(
            documents in prop::collection::vec((prop::collection::vec(0_u64..30, 0..6), prop::option::of(0_u64..9)), 0..120),
            seed in any::<u64>(),
        ) {
            let documents: Vec<Document> =
                documents.into_iter().map(|(terms, author)| Document { terms, author }).collect();
            let settings = Settings {
                most_topics: 8, sweeps: 5, least_uses: 2, most_share: 0.9, least_authors: 1, refits: 2, seed,
                ..Settings::default()
            };
            let topics = fit(&documents, settings);
            prop_assert_eq!(&topics, &fit(&documents, settings));
            prop_assert_eq!(topics.of_document.len(), documents.len());
            for (place, topic) in topics.topics.iter().enumerate() {
                let members = topics.of_document.iter().filter(|t| **t == Some(place)).count();
                prop_assert_eq!(members, topic.documents);
                prop_assert!(topic.authors >= 1 && topic.authors <= topic.documents);
                prop_assert_eq!(topics.of_document[topic.central], Some(place));
                prop_assert!(topic.users.windows(2).all(|w| w[0].0 < w[1].0));
            }
        }
    }
}
