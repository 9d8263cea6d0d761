//! What the author of a text wants: asks, complains, praises, buys, leaves, recommends, compares.
//!
//! Rules on phrases, one list per language; a complaint also counts the tone and whom it is addressed to.

use std::sync::LazyLock;

use crate::hashing::word_hash;
use crate::normalize::fold;
use crate::phrases::Phrases;
use crate::segment::TokenKind;
use crate::stop_words::Known;
use crate::tone::{Tone, ToneClass, View};

/// Something that an author wants. A text may have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Intent {
    /// Asks something.
    Question,
    /// Tells of something wrong and expects it to be put right.
    Complaint,
    /// Thanks or praises.
    Praise,
    /// Wants to buy, or just did.
    Purchase,
    /// Leaves, or thinks of it.
    Churn,
    /// Asks for help.
    Support,
    /// Recommends, or warns against.
    Recommendation,
    /// Compares brands or products.
    Comparison,
    /// Answers for a brand.
    AnswerByBrand,
}

impl Intent {
    /// The word written in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Complaint => "complaint",
            Self::Praise => "praise",
            Self::Purchase => "purchase",
            Self::Churn => "churn",
            Self::Support => "support",
            Self::Recommendation => "recommendation",
            Self::Comparison => "comparison",
            Self::AnswerByBrand => "answer_by_brand",
        }
    }

    const ALL: [Self; 9] = [
        Self::Question,
        Self::Complaint,
        Self::Praise,
        Self::Purchase,
        Self::Churn,
        Self::Support,
        Self::Recommendation,
        Self::Comparison,
        Self::AnswerByBrand,
    ];
}

static FRENCH: LazyLock<Phrases> = LazyLock::new(|| Phrases::compile(include_str!("intent/french.tsv")));
static ENGLISH: LazyLock<Phrases> = LazyLock::new(|| Phrases::compile(include_str!("intent/english.tsv")));

/// Small words that tell of a complaint: who tells of himself, what is missing, since when, what was paid
/// for.
struct Markers {
    first_person: Vec<u64>,
    negations: Vec<u64>,
    times: Vec<u64>,
    dealings: Vec<u64>,
}

static MARKERS: LazyLock<Markers> = LazyLock::new(|| {
    let hashed = |words: &str| words.split_whitespace().map(|w| word_hash(&fold(w))).collect();
    Markers {
        first_person: hashed("i my me we our us i'm i've im ive je j moi mon ma mes nous notre nos m"),
        negations: hashed(
            "not no never nothing nobody none without can't cant cannot don't dont didn't didnt doesn't doesnt won't wont isn't \
             isnt haven't havent hasn't hasnt wasn't couldn't still yet why pas plus jamais rien aucun aucune personne sans \
             toujours encore pourquoi",
        ),
        times: hashed(
            "day days week weeks month months hour hours hrs minute minutes mins since ago yesterday today again twice jour \
             jours semaine semaines mois heure heures minutes depuis hier fois",
        ),
        dealings: hashed(
            "order ordered service refund account delivery deliver delivered customer store ticket package parcel booking flight \
             bill billed charge charged paid pay issue issues problem problems error app website site phone call called email \
             emailed wait waiting waited broken broke wrong missing late delayed cancelled item bought purchase return returned \
             commande commandé service remboursement compte livraison client cliente facture facturé payé problème problèmes \
             erreur appli application téléphone appelé appel mail attente attends cassé retard annulé colis article acheté retour \
             panne abonnement",
        ),
    }
});

/// What was wanted, and how likely a complaint is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Intents {
    /// In the order of the type.
    pub found: Vec<Intent>,
    /// Probability that the text is a complaint; 0 when its language is not read.
    pub complaint: f32,
}

/// Reads what the author of a text wants.
pub(crate) fn read(view: View<'_>, tone: &Tone) -> Intents {
    let Some(language) = view.language else { return Intents::default() };
    let list = match language {
        Known::French => &*FRENCH,
        Known::English => &*ENGLISH,
    };
    let mut counts = [0_u32; Intent::ALL.len()];
    let mut end_of_last = [0; Intent::ALL.len()];
    for met in list.find(view.words.all()) {
        let Some(at) = Intent::ALL.iter().position(|i| i.as_str() == met.sign) else { continue };
        // Rules that meet in the same words are one sign.
        if met.first >= end_of_last[at] {
            counts[at] += 1;
            end_of_last[at] = met.end;
        }
    }
    let asks = view.words.endings().iter().any(|e| e.question);
    if asks {
        counts[0] += 1;
    }
    let count = |intent: Intent| counts[intent as usize] as f32;
    let complaint = complaint(view, tone, count);
    let praised = tone.class == ToneClass::Positive || tone.class == ToneClass::Mixed;
    let holds = |intent: &Intent| match intent {
        Intent::Complaint => complaint >= 0.5,
        Intent::Praise => count(Intent::Praise) > 0.0 && praised,
        other => count(*other) > 0.0,
    };
    Intents { found: Intent::ALL.into_iter().filter(|i| holds(i)).collect(), complaint }
}

/// A logistic of the tone, of what is told, and of whom it is told to. Coefficients set by hand.
fn complaint(view: View<'_>, tone: &Tone, count: impl Fn(Intent) -> f32) -> f32 {
    if tone.class == ToneClass::Unknown {
        return 0.0;
    }
    let words = view.words.all();
    let among = |list: &[u64]| words.iter().filter(|w| list.contains(&w.hash)).take(2).count() as f32;
    let addressed = words.iter().any(|w| w.kind == TokenKind::Handle);
    let linked = view.segments.tokens().iter().any(|t| t.kind == TokenKind::Url);
    let yes = |holds: bool| if holds { 1.0 } else { 0.0 };
    let z = -3.6 + 3.5 * tone.p_neg - 1.8 * tone.p_pos
        + count(Intent::Complaint).min(2.0)
        + 0.5 * count(Intent::Support).min(1.0)
        + 0.6 * count(Intent::Churn).min(1.0)
        - 0.8 * count(Intent::Praise).min(1.0)
        - 1.5 * count(Intent::AnswerByBrand).min(1.0)
        + 0.6 * yes(addressed)
        + 0.4 * among(&MARKERS.first_person).min(1.0)
        + 0.5 * among(&MARKERS.negations)
        + 0.4 * among(&MARKERS.times).min(1.0)
        + 0.5 * among(&MARKERS.dealings)
        - 1.2 * yes(linked);
    1.0 / (1.0 + libm::expf(-z))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::LanguageHints;
    use crate::reading::{Hints, Scratch, read};

    fn intents(code: &str, text: &str) -> Vec<&'static str> {
        let language = LanguageHints { declared: Some(code), ..LanguageHints::default() };
        let hints = Hints { language, signals: true, ..Hints::default() };
        read(text, None, &hints, &mut Scratch::default()).intents.found.into_iter().map(Intent::as_str).collect()
    }

    #[test]
    fn the_lists_are_read_whole_and_every_sign_is_an_intent() {
        assert_eq!((FRENCH.rejected_lines(), ENGLISH.rejected_lines()), (0, 0));
        let lines = [include_str!("intent/french.tsv"), include_str!("intent/english.tsv")];
        for line in lines.iter().flat_map(|l| l.lines()).filter(|l| !l.starts_with('#')) {
            let sign = line.split('\t').next().unwrap_or("");
            assert!(Intent::ALL.iter().any(|i| i.as_str() == sign), "{line}");
        }
    }

    #[test]
    fn each_intent_is_found_in_both_languages() {
        let cases = [
            ("fr", "Est-ce que la boutique de Laval est ouverte lundi ?", "question"),
            ("en", "does anyone know if the store opens on Sunday", "question"),
            ("fr", "@nordet trois semaines sans internet, c'est inacceptable, personne ne répond", "complaint"),
            ("en", "@skyblue still waiting for my refund after 3 weeks, terrible service", "complaint"),
            ("fr", "Merci à toute l'équipe, service impeccable !", "praise"),
            ("en", "Thank you so much to the crew, amazing service", "praise"),
            ("fr", "Je vais acheter le nouveau forfait demain", "purchase"),
            ("en", "thinking of buying the new phone", "purchase"),
            ("fr", "Trop cher, je résilie demain et je vais à la concurrence", "churn"),
            ("en", "I am switching to another provider tomorrow", "churn"),
            ("fr", "Pouvez-vous m'aider ? Je n'arrive pas à me connecter", "support"),
            ("en", "can you please help, my app is not working", "support"),
            ("fr", "Je recommande ce vendeur, foncez", "recommendation"),
            ("en", "I highly recommend this bank to anyone", "recommendation"),
            ("fr", "Nordet est bien meilleur que Telvia", "comparison"),
            ("en", "way better than my old carrier", "comparison"),
            ("fr", "Bonjour, nous sommes désolés, contactez-nous en message privé", "answer_by_brand"),
            ("en", "We're sorry to hear that, please DM us your account number", "answer_by_brand"),
        ];
        for (code, text, intent) in cases {
            assert!(intents(code, text).contains(&intent), "{text}: {:?}", intents(code, text));
        }
    }

    #[test]
    fn plain_talk_wants_nothing() {
        for (code, text) in
            [("fr", "La hausse des tarifs entre en vigueur le 1er mars."), ("en", "The new store opens on March 1st.")]
        {
            assert_eq!(intents(code, text), Vec::<&str>::new(), "{text}");
        }
    }
}
