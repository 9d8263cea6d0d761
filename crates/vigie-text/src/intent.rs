//! What the author of a text wants: asks, complains, praises, buys, leaves, recommends, compares.
//!
//! Rules on phrases, one list per language; a complaint also counts the tone and whom it is addressed to.

mod complaint;

use std::sync::LazyLock;

use crate::phrases::Phrases;
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

/// Signs that are no intent of their own, but tell complaints from other talk: what should have been
/// otherwise, and what is asked about.
const GRIEVANCE: &str = "grievance";
const INQUIRY: &str = "inquiry";

/// How often each sign that tells of a complaint, or against one, was met.
#[derive(Debug, Clone, Copy, Default)]
struct Signs {
    complaint: f32,
    grievance: f32,
    inquiry: f32,
    praise: f32,
    answer_by_brand: f32,
}

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
    let (mut grievances, mut inquiries) = (0_u8, 0_u8);
    for met in list.find(view.words.all()) {
        match met.sign {
            GRIEVANCE => grievances = (grievances + 1).min(2),
            INQUIRY => inquiries = 1,
            sign => {
                let Some(at) = Intent::ALL.iter().position(|i| i.as_str() == sign) else { continue };
                // Rules that meet in the same words are one sign.
                if met.first >= end_of_last[at] {
                    counts[at] += 1;
                    end_of_last[at] = met.end;
                }
            }
        }
    }
    let asks = view.words.endings().iter().any(|e| e.question);
    if asks {
        counts[0] += 1;
    }
    let count = |intent: Intent| counts[intent as usize] as f32;
    let signs = Signs {
        complaint: count(Intent::Complaint).min(2.0),
        grievance: f32::from(grievances),
        inquiry: f32::from(inquiries),
        praise: count(Intent::Praise).min(1.0),
        answer_by_brand: count(Intent::AnswerByBrand).min(1.0),
    };
    let complaint = complaint::likelihood(view, tone, &signs);
    let praised = tone.class == ToneClass::Positive || tone.class == ToneClass::Mixed;
    let holds = |intent: &Intent| match intent {
        Intent::Complaint => complaint >= 0.5,
        Intent::Praise => count(Intent::Praise) > 0.0 && praised,
        other => count(*other) > 0.0,
    };
    Intents { found: Intent::ALL.into_iter().filter(|i| holds(i)).collect(), complaint }
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
    fn the_lists_are_read_whole_and_every_sign_is_known() {
        assert_eq!((FRENCH.rejected_lines(), ENGLISH.rejected_lines()), (0, 0));
        let lines = [include_str!("intent/french.tsv"), include_str!("intent/english.tsv")];
        for line in lines.iter().flat_map(|l| l.lines()).filter(|l| !l.starts_with('#')) {
            let sign = line.split('\t').next().unwrap_or("");
            let known = Intent::ALL.iter().any(|i| i.as_str() == sign) || [GRIEVANCE, INQUIRY].contains(&sign);
            assert!(known, "{line}");
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
