//! Function words of French and English: what no keyword list should show, and what tells the two
//! languages apart.
//!
//! The lists are our own. Accents and case do not count.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::hashing::{ByHash, word_hash};

/// A language whose function words are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Known {
    /// French.
    French,
    /// English.
    English,
}

/// Single letters are elided words in French (`l'`, `d'`) and the rest of a possessive in English.
const FRENCH: &str = "a à ai aie ait alors an ans as au aucun aucune auquel aura auraient aurais aurait aussi autre autres aux avaient \
avais avait avant avec avez avoir avons ayant bah beaucoup ben c ca car ce ceci cela celle celles celui cependant ces cet cette ceux \
chaque chez ci comme comment d dans de dedans dehors depuis des dès deux devant devrait doit doivent donc dont du durant elle elles en \
encore enfin entre es est et étaient étais était étant été êtes être eu eux fait faire fais faisait faites faut fois font hors ici il \
ils j je jusqu jusque l la là laquelle le lequel les lesquels leur leurs lors lorsqu lorsque lui m ma maintenant mais me même mêmes \
mes moi moins mon n ne ni nos notre nous on ont ou où oui non par parce pas pendant peu peut peuvent peux plus plusieurs plutôt point \
pour pourquoi pourtant pouvez pouvoir pu puis puisque puisqu qu quand que quel quelle quelles quelque quelques quels qui quoi quoique \
rien s sa sans se sera serait seront ses seulement si sien soi soient soit sommes son sont sous souvent suis sur t ta tandis tant te \
tel telle telles tels tes toi ton toujours tous tout toute toutes très trop tu un une va vais vers veut veux voici voilà vont vos \
votre vous vu y étiez avions était cest jai jsuis chuis y'a ya pis faque tsé icitte moé toé ouais tellement via rt avoir eu auriez \
serais suivant selon afin ainsi aujourd'hui hier demain entre vraiment dit dire dis juste";

const ENGLISH: &str = "a about above after again all almost also although always am an and any are aren't around as at back be became \
because been before being below between both but by can can't cannot could couldn't d did didn't do does doesn't doing don't done down \
during each either else even ever every few for from further get gets getting go goes going gonna got had hadn't has hasn't have \
haven't having he he'd he'll her here hers herself him himself his how however i i'd i'll i'm i've if im in into is isn't it it'd it'll \
its itself ive just let ll made make many may me might more most much must my myself neither no nor not now of off often on once only \
onto or other our ours ourselves out over own quite rather re really s said same say says she she'd she'll should shouldn't since so \
some such t than that the their theirs them themselves then there these they they'd they'll they're they've this those though through \
thus to too under until up upon us ve very via was wasn't we we'd we'll we're we've were weren't what when where which while who whom \
whose why will with within without won't would wouldn't yes yet you you'd you'll you're you've your yours yourself yourselves u ur im \
dont cant didnt doesnt isnt wont thats whats theres rt amp gotta wanna ya lol";

/// Words that say nothing of the language: in both lists, or function words of other languages too
/// (Spanish, Catalan, Italian, Portuguese, Romanian, German, Dutch, Danish, Swedish).
const SHARED: &[&str] = &[
    "a", "on", "me", "d", "s", "t", "as", "an", "or", "via", "rt", "non", "ton", "son", "lol", "ll", "re", "pu", "ya",
    "am", "plus", "but", "la", "de", "en", "que", "se", "te", "tu", "entre", "le", "un", "si", "ni", "y", "es", "i",
    "l", "c", "m", "n", "no", "so", "in", "is", "was", "do", "per", "man", "der", "die", "he", "we", "over", "under",
    "her", "for", "have", "van", "us", "vai", "vas", "va", "tot",
];

const IN_FRENCH: u8 = 1;
const IN_ENGLISH: u8 = 2;
const IN_BOTH_SENSES: u8 = 4;

static LISTS: LazyLock<HashMap<u64, u8, ByHash>> = LazyLock::new(|| {
    let mut lists = HashMap::default();
    let mut add = |word: &str, list: u8| *lists.entry(word_hash(&crate::normalize::fold(word))).or_insert(0) |= list;
    FRENCH.split(' ').for_each(|w| add(w, IN_FRENCH));
    ENGLISH.split(' ').for_each(|w| add(w, IN_ENGLISH));
    for word in SHARED {
        add(word, IN_BOTH_SENSES);
    }
    lists
});

fn lists_of(hash: u64) -> u8 {
    LISTS.get(&hash).copied().unwrap_or(0)
}

/// True when a folded word is a function word of the language.
pub fn is_stop_word(folded: &str, language: Known) -> bool {
    is_stop_hash(word_hash(folded), language)
}

/// Same as [`is_stop_word`], by hash.
pub(crate) fn is_stop_hash(hash: u64, language: Known) -> bool {
    let list = match language {
        Known::French => IN_FRENCH,
        Known::English => IN_ENGLISH,
    };
    lists_of(hash) & list != 0
}

/// Whether a word speaks for French, for English: `(French, English)`; words of both speak for none.
pub(crate) fn evidence(hash: u64) -> (bool, bool) {
    let lists = lists_of(hash);
    if lists & IN_BOTH_SENSES != 0 {
        return (false, false);
    }
    (lists & IN_FRENCH != 0, lists & IN_ENGLISH != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_belong_to_their_language() {
        assert!(is_stop_word("tres", Known::French) && !is_stop_word("tres", Known::English));
        assert!(is_stop_word("the", Known::English) && !is_stop_word("the", Known::French));
        assert!(!is_stop_word("panne", Known::French));
        assert_eq!(evidence(word_hash("a")), (false, false));
        assert_eq!(evidence(word_hash("est")), (true, false));
    }
}
