//! What fingers do to texts: lost accents, slips, lost apostrophes, stretched vowels, entities left by an
//! export. Brand words, handles, hashtags and links are never touched: the truth depends on them.

use crate::dice::Dice;
use crate::market::{Entity, Lang};

/// Applies the slips of one hurried writer.
pub(crate) fn hurry(text: &str, lang: Lang, dice: &mut Dice) -> String {
    let mut out = text.to_owned();
    if lang == Lang::Fr && dice.chance(0.16) {
        out = without_accents(&out);
    }
    if dice.chance(0.12) {
        out = by_word(&out, |word| word.replace(['\'', '’'], ""));
    }
    if dice.chance(0.22) {
        out = slip(&out, dice);
    }
    if dice.chance(0.05) {
        out = stretch(&out, dice);
    }
    if lang == Lang::Fr && dice.chance(0.05) {
        out = by_word(&out, |word| match word {
            "que" => "ke".to_owned(),
            "quand" => "kan".to_owned(),
            "c'est" => "cé".to_owned(),
            "tout" => "toute".to_owned(),
            "pas" => "po".to_owned(),
            other => other.to_owned(),
        });
    }
    out
}

/// Leaves HTML entities as an export would.
pub(crate) fn entities(text: &str) -> String {
    text.replace('&', "&amp;").replace('\'', "&#39;").replace('"', "&quot;")
}

/// Removes the accents of French letters.
pub(crate) fn without_accents(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'à' | 'â' => 'a',
            'î' | 'ï' => 'i',
            'ô' => 'o',
            'ù' | 'û' | 'ü' => 'u',
            'ç' => 'c',
            'É' | 'È' | 'Ê' => 'E',
            'À' | 'Â' => 'A',
            'Î' => 'I',
            'Ô' => 'O',
            'Ç' => 'C',
            other => other,
        })
        .collect()
}

/// True for words that must stay as they are.
fn is_protected(word: &str) -> bool {
    let folded = without_accents(&word.to_lowercase());
    let known = |e: &Entity| {
        let name = without_accents(&e.name().to_lowercase());
        folded.contains(&name)
            || e.misspellings().iter().any(|wrong| folded.contains(&without_accents(&wrong.to_lowercase())))
    };
    word.contains(['@', '#', '/', '{'])
        || folded == "esim"
        || folded == "mobile"
        || Entity::ALL.iter().any(known)
        || folded.contains("norde")
}

/// Rewrites words one by one, spaces and line breaks kept.
fn by_word(text: &str, mut change: impl FnMut(&str) -> String) -> String {
    text.split_inclusive([' ', '\n'])
        .map(|piece| {
            let word = piece.trim_end_matches([' ', '\n']);
            let space = &piece[word.len()..];
            if is_protected(word) { piece.to_owned() } else { change(word) + space }
        })
        .collect()
}

/// One or two letters swapped, doubled or dropped.
fn slip(text: &str, dice: &mut Dice) -> String {
    let words = text.split([' ', '\n']).count();
    let chosen = [dice.below(words), dice.below(words)];
    let second = dice.chance(0.3);
    let (kind, mut index) = (dice.below(3), 0);
    let place = dice.bits() as usize;
    text.split_inclusive([' ', '\n'])
        .map(|piece| {
            let hit = index == chosen[0] || (second && index == chosen[1]);
            index += 1;
            let word = piece.trim_end_matches([' ', '\n']);
            let plain = word.chars().count() >= 5 && word.chars().all(char::is_alphabetic);
            if !hit || !plain || is_protected(word) {
                return piece.to_owned();
            }
            let mut letters: Vec<char> = word.chars().collect();
            let at = 1 + place % (letters.len() - 2);
            match kind {
                0 => letters.swap(at, at + 1),
                1 => letters.insert(at, letters[at]),
                _ => {
                    letters.remove(at);
                }
            }
            letters.into_iter().collect::<String>() + &piece[word.len()..]
        })
        .collect()
}

/// Stretches the last vowel of one word, as anger or joy does.
fn stretch(text: &str, dice: &mut Dice) -> String {
    let target = dice.below(text.split([' ', '\n']).count());
    let times = 2 + dice.below(3);
    let mut index = 0;
    by_word(text, |word| {
        index += 1;
        match word.char_indices().rev().find(|(_, c)| "aeiou".contains(*c)) {
            Some((at, vowel)) if index == target + 1 && word.len() > 3 => {
                format!("{}{}{}", &word[..at], vowel.to_string().repeat(times), &word[at..])
            }
            _ => word.to_owned(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brands_survive_any_slip() {
        let mut dice = Dice::new(9, 0);
        for _ in 0..500 {
            let out = hurry("réseau d'Ondéa avec #NordetMobile @telvia_ca pourri", Lang::Fr, &mut dice);
            let folded = without_accents(&out).to_lowercase();
            assert!(folded.contains("ondea") && out.contains("#NordetMobile") && out.contains("@telvia_ca"), "{out}");
        }
    }
}
