//! Noise: advertising, lists of hashtags, bare links, job offers, automatic bulletins. Flags only: nothing
//! is removed because of them.

use std::sync::LazyLock;

use crate::phrases::Phrases;
use crate::segment::{Segments, TokenKind};
use crate::words::Words;

/// Why a text may be noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Noise {
    /// More than five hashtags, and they are more than 60 % of its words.
    Hashtags,
    /// Nothing but links and names of accounts.
    LinkOnly,
    /// A price, a coupon, a giveaway, easy money.
    Promotion,
    /// A job offer.
    Job,
    /// A bulletin of weather, markets or traffic written by a machine.
    Bulletin,
}

impl Noise {
    /// The word written in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hashtags => "hashtags",
            Self::LinkOnly => "link_only",
            Self::Promotion => "promotion",
            Self::Job => "job",
            Self::Bulletin => "bulletin",
        }
    }
}

/// Fewest hashtags of a list of hashtags.
const MANY_HASHTAGS: usize = 6;
/// Signs of the same kind needed in a text: one alone may be talk about advertising.
const ENOUGH: usize = 2;

static SIGNS: LazyLock<Phrases> = LazyLock::new(|| Phrases::compile(include_str!("noise.tsv")));

/// Why a text may be noise; empty for most.
pub(crate) fn find(segments: &Segments, words: &Words) -> Vec<Noise> {
    let mut found = Vec::new();
    let hashtags = segments.tokens().iter().filter(|t| t.kind == TokenKind::Hashtag).count();
    let in_tags = words.all().iter().filter(|w| w.in_tag).count();
    if hashtags >= MANY_HASHTAGS && in_tags * 10 > words.all().len() * 6 {
        found.push(Noise::Hashtags);
    }
    let links = segments.tokens().iter().filter(|t| t.kind == TokenKind::Url).count();
    if links > 0 && words.all().iter().all(|w| w.kind == TokenKind::Handle) {
        found.push(Noise::LinkOnly);
    }
    let mut counts = [0_usize; 3];
    for met in SIGNS.find(words.all()) {
        match met.sign {
            "promotion" => counts[0] += 1,
            "promotion!" => counts[0] += ENOUGH,
            "job" => counts[1] += 1,
            "job!" => counts[1] += ENOUGH,
            _ => counts[2] += 1,
        }
    }
    // A link makes an offer of what would be talk.
    let offered = usize::from(links > 0);
    for (count, noise) in counts.into_iter().zip([Noise::Promotion, Noise::Job, Noise::Bulletin]) {
        if count > 0 && count + offered >= ENOUGH {
            found.push(noise);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(text: &str) -> Vec<&'static str> {
        let mut segments = Segments::new();
        segments.read(text);
        let mut words = Words::default();
        words.fill(text, &segments, &[]);
        find(&segments, &words).into_iter().map(Noise::as_str).collect()
    }

    #[test]
    fn the_list_is_read_whole() {
        assert_eq!(SIGNS.rejected_lines(), 0);
    }

    #[test]
    fn noise_is_told_from_talk() {
        let cases: &[(&str, &[&str])] = &[
            ("#forfait #mobile #promo #deal #bonplan #quebec #iphone", &["hashtags"]),
            ("@toto https://t.co/abc", &["link_only"]),
            ("Code promo NORD20 : 20 % de rabais, offre limitée ! https://x.co/1", &["promotion"]),
            ("Concours ! Retweetez et suivez-nous pour gagner un iPhone", &["promotion"]),
            ("GIVEAWAY: follow and retweet to win a phone https://t.co/1", &["promotion"]),
            ("Earn $500 a day working from home, click here https://t.co/1", &["promotion"]),
            ("We're hiring! Apply now: customer agent in Laval https://t.co/2", &["job"]),
            ("Offre d'emploi : conseiller clientèle, CDI, postulez ici https://t.co/2", &["job"]),
            ("Météo Laval : ciel dégagé, vent 12 km/h, humidité 64 %, pression 101 kPa", &["bulletin"]),
            ("Leur code promo ne marche jamais, c'est frustrant", &[]),
            ("They knocked $5 off my bill, very happy https://t.co/abc", &[]),
            ("Follow for follow 🔥 #like4like https://t.co/1", &["promotion"]),
            ("Carte-cadeau de 500 $, répondez au sondage https://t.co/1", &["promotion"]),
            ("Crypto : doublez vos économies en 24 h, garanti https://t.co/1", &["promotion"]),
            ("Encore en panne ce matin #nordet https://t.co/abc", &[]),
            ("I got a job at the store and I love it", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(&noise(text), expected, "{text}");
        }
    }
}
