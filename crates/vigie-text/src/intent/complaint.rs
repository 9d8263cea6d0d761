//! How likely a text is a complaint: its tone, whom it is told to, and what it tells.
//!
//! A logistic whose coefficients are set by hand: no set of complaints states a licence, so nothing is
//! learnt from one (`docs/decisions/0081-complaints-by-hand.md`).

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Signs;
use crate::hashing::{ByHash, word_hash};
use crate::normalize::fold;
use crate::segment::TokenKind;
use crate::tone::{Tone, ToneClass, View};

/// What a small word tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marker {
    /// Something is denied or lacking.
    Denied,
    /// It lasts, or comes again.
    Lasting,
    /// Orders, bills, accounts: what goes on between a customer and a brand.
    Dealing,
    /// Something failed.
    Failing,
}

impl Marker {
    const ALL: [(Self, &'static str); 4] =
        [(Self::Denied, "denied"), (Self::Lasting, "lasting"), (Self::Dealing, "dealing"), (Self::Failing, "failing")];
}

const LIST: &str = include_str!("complaint.tsv");

/// One bit per marker of each word.
static MARKERS: LazyLock<HashMap<u64, u8, ByHash>> = LazyLock::new(|| {
    let mut markers = HashMap::default();
    for (name, words) in LIST.lines().filter_map(|l| l.split_once('\t')) {
        for (marker, _) in Marker::ALL.iter().filter(|(_, n)| *n == name) {
            for word in words.split(' ') {
                *markers.entry(word_hash(&fold(word))).or_insert(0) |= 1 << *marker as u8;
            }
        }
    }
    markers
});

/// Parts of the names of accounts that answer customers.
const ANSWERING: [&str; 12] =
    ["help", "support", "care", "cust", "serv", "ask", "assist", "heretohelp", "aide", "sav", "client", "conseil"];

/// Words of a text beyond which a longer one is no more of a complaint.
const LONG: f32 = 40.0;

/// Probability that a text is a complaint; 0 when its tone was not read.
pub(super) fn likelihood(view: View<'_>, tone: &Tone, signs: &Signs) -> f32 {
    if tone.class == ToneClass::Unknown {
        return 0.0;
    }
    let words = view.words.all();
    let mut marked = [0_u8; Marker::ALL.len()];
    let (mut addressed, mut answering) = (false, false);
    for word in words {
        if word.kind == TokenKind::Handle {
            addressed = true;
            answering = answering
                || view.segments.tokens().get(word.token as usize).is_some_and(|t| answers(view.segments.folded(t)));
        } else if let Some(bits) = MARKERS.get(&word.hash) {
            for (at, count) in marked.iter_mut().enumerate() {
                *count = (*count + ((bits >> at) & 1)).min(2);
            }
        }
    }
    let told = |marker: Marker| f32::from(marked[marker as usize]);
    let linked = view.segments.tokens().iter().any(|t| t.kind == TokenKind::Url);
    let odds = |p: f32| libm::logf((p + 0.02) / (1.02 - p));
    let yes = |holds: bool| if holds { 1.0 } else { 0.0 };
    let z = -2.8 + 0.7 * odds(tone.p_neg) - 0.2 * odds(tone.p_pos) + 1.2 * yes(addressed) + 0.5 * yes(answering)
        - 0.6 * yes(linked)
        + 0.5 * libm::logf(1.0 + (words.len() as f32).min(LONG))
        + 0.3 * told(Marker::Denied)
        + 0.3 * told(Marker::Lasting)
        + 0.4 * told(Marker::Dealing)
        + 0.6 * told(Marker::Failing)
        + 0.8 * signs.complaint
        + 0.5 * signs.grievance
        - 0.5 * signs.inquiry
        - 0.4 * signs.praise
        - signs.answer_by_brand;
    1.0 / (1.0 + libm::expf(-z))
}

/// Whether the name of an account says that it answers customers.
fn answers(handle: &str) -> bool {
    ANSWERING.iter().any(|part| handle.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::LanguageHints;
    use crate::reading::{Hints, Scratch, read};

    fn complaint(code: &str, text: &str) -> f32 {
        let language = LanguageHints { declared: Some(code), ..LanguageHints::default() };
        let hints = Hints { language, signals: true, ..Hints::default() };
        read(text, None, &hints, &mut Scratch::default()).intents.complaint
    }

    #[test]
    fn the_list_is_read_whole() {
        for line in LIST.lines().filter(|l| !l.starts_with("# ")) {
            let name = line.split_once('\t').map(|(name, _)| name);
            assert!(Marker::ALL.iter().any(|(_, n)| Some(*n) == name), "{line}");
        }
        assert_eq!(MARKERS.get(&word_hash("panne")).copied(), Some(0b1100));
    }

    /// Complaints and what looks like them, written by us, in pairs of one language.
    const CASES: [(&str, &[&str], &[&str]); 2] = [
        (
            "fr",
            &[
                "@nordet_aide toujours pas de remboursement, ça fait 3 semaines que j'attends",
                "Honteux, trois appels et personne ne sait où est mon colis",
                "Le technicien devait passer hier, personne n'est venu et toujours pas d'internet",
                "@telvia pourquoi ma facture augmente encore sans prévenir ?",
                "Prélevé deux fois ce mois-ci et le service client refuse de me rembourser",
                "Commande arrivée cassée, aucune réponse à mes courriels depuis lundi",
                "@nordet comment se fait-il que le réseau tombe tous les soirs à Laval",
                "On m'a promis un rappel, j'attends encore. Service déplorable",
                "Mon dossier est bloqué depuis deux mois, c'est inadmissible",
                "L'appli plante à chaque fois que je veux payer ma facture",
                "Vous plaisantez ? Deux heures d'attente au téléphone pour rien",
                "@sav_meublo canapé livré avec un pied manquant et pas de suivi",
            ],
            &[
                "@nordet_aide est-ce que la boutique de Laval est ouverte lundi ?",
                "@telvia quel est le prix du forfait 40 Go ?",
                "Merci @nordet_aide, le problème est réglé en dix minutes, bravo",
                "Super accueil en agence, conseillère au top, je recommande",
                "Nordet ouvre une boutique à Gatineau https://example.org/a",
                "Je cherche un bon forfait internet, des avis ?",
                "Il pleut depuis trois jours, je n'ai plus envie de sortir",
                "Mon chat a encore dormi toute la journée",
                "Contactez-nous en message privé avec votre numéro de client",
                "Le Canadien a encore perdu hier soir, quelle équipe sans défense",
                "Livraison rapide et produit conforme, je suis ravi",
                "Quelqu'un sait comment changer de carte SIM ?",
            ],
        ),
        (
            "en",
            &[
                "@skyblue_help still no refund, it has been 3 weeks",
                "Ashamed of this company, three calls and nobody knows where my parcel is",
                "The technician was supposed to come yesterday, nobody showed up and still no internet",
                "@skyblue why did my bill go up again without notice?",
                "Charged twice this month and customer service refuses to refund me",
                "My order arrived broken and no answer to my emails since Monday",
                "How come the network goes down every evening",
                "The app crashes every time I try to pay my bill",
                "@skyblue two hours on hold for nothing, are you kidding me",
                "I was promised a call back and I am still waiting. Terrible service",
            ],
            &[
                "@skyblue_help is the store in Leeds open on Monday?",
                "@skyblue what is the price of the 40 GB plan?",
                "Thanks @skyblue_help, fixed in ten minutes, great job",
                "Lovely staff in the store, highly recommend",
                "Skyblue opens a new store in Leeds https://example.org/a",
                "Looking for a good internet plan, any advice?",
                "It has been raining for three days",
                "My cat slept all day again",
                "Please send us a direct message with your account number",
                "Does anyone know how to change a SIM card?",
            ],
        ),
    ];

    #[test]
    fn complaints_score_above_what_looks_like_them_in_both_languages() {
        for (code, complaints, others) in CASES {
            let (bad, good): (Vec<f32>, Vec<f32>) = (
                complaints.iter().map(|t| complaint(code, t)).collect(),
                others.iter().map(|t| complaint(code, t)).collect(),
            );
            let ordered = bad.iter().flat_map(|b| good.iter().map(move |g| b > g)).filter(|o| *o).count();
            let pairs = bad.len() * good.len();
            assert!(ordered * 100 >= pairs * 97, "{code}: {ordered} of {pairs}\n{bad:?}\n{good:?}");
            let right = bad.iter().filter(|p| **p >= 0.5).count() + good.iter().filter(|p| **p < 0.5).count();
            assert!(right * 8 >= (bad.len() + good.len()) * 7, "{code}: {right}\n{bad:?}\n{good:?}");
        }
    }
}
