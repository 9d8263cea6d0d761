//! Short names of the emoji that people use most, in French and in English.

/// Name of the emoji `cluster` starts with, without brackets; `None` when it is not a common one.
/// Skin tones, gender signs and joined sequences keep the name of their first sign.
pub(crate) fn name(cluster: &str, french: bool) -> Option<&'static str> {
    let first = cluster.chars().next()?;
    if ('\u{1f1e6}'..='\u{1f1ff}').contains(&first) {
        return Some(if french { "drapeau" } else { "flag" });
    }
    NAMES.iter().find(|(sign, _, _)| *sign == first).map(|(_, fr, en)| if french { *fr } else { *en })
}

const NAMES: [(char, &str, &str); 112] = [
    ('😀', "sourire", "smile"),
    ('😃', "sourire", "smile"),
    ('😄', "sourire", "smile"),
    ('😁', "grand sourire", "grin"),
    ('😆', "rire", "laughing"),
    ('😅', "rire gêné", "nervous laugh"),
    ('😂', "rire aux larmes", "tears of joy"),
    ('🤣', "mort de rire", "rolling with laughter"),
    ('😊', "sourire", "smile"),
    ('🙂', "léger sourire", "slight smile"),
    ('🙃', "sourire à l’envers", "upside-down smile"),
    ('😉', "clin d’œil", "wink"),
    ('😍', "yeux en cœur", "heart eyes"),
    ('🥰', "amour", "love"),
    ('😘', "bisou", "kiss"),
    ('😋', "miam", "yum"),
    ('😎', "lunettes de soleil", "sunglasses"),
    ('🤩', "émerveillé", "star-struck"),
    ('🥳', "fête", "party"),
    ('🤔', "réflexion", "thinking"),
    ('🤨', "sourcil levé", "raised eyebrow"),
    ('😐', "neutre", "neutral face"),
    ('😑', "sans expression", "expressionless"),
    ('😶', "sans voix", "speechless"),
    ('🙄', "yeux au ciel", "eye roll"),
    ('😏', "sourire en coin", "smirk"),
    ('😬', "grimace", "grimace"),
    ('😴', "endormi", "asleep"),
    ('😮', "étonné", "surprised"),
    ('😱', "effroi", "scream"),
    ('😳', "gêné", "flushed"),
    ('🥺', "supplication", "pleading"),
    ('😢', "larme", "tear"),
    ('😭', "en pleurs", "crying"),
    ('😞', "déçu", "disappointed"),
    ('😔', "abattu", "pensive"),
    ('😩', "épuisé", "weary"),
    ('😫', "épuisé", "tired"),
    ('😤', "agacé", "huffing"),
    ('😠', "fâché", "angry"),
    ('😡', "en colère", "enraged"),
    ('🤬', "jurons", "swearing"),
    ('🤯', "tête explosée", "mind blown"),
    ('🤮', "nausée", "vomiting"),
    ('🤢', "nausée", "nauseated"),
    ('🤡', "clown", "clown"),
    ('💀', "tête de mort", "skull"),
    ('💩', "crotte", "poo"),
    ('👻', "fantôme", "ghost"),
    ('🤖', "robot", "robot"),
    ('🙈', "singe aveugle", "see no evil"),
    ('👍', "pouce levé", "thumbs up"),
    ('👎', "pouce baissé", "thumbs down"),
    ('👏', "applaudissements", "applause"),
    ('🙌', "mains levées", "raised hands"),
    ('🙏', "mains jointes", "folded hands"),
    ('🤝', "poignée de main", "handshake"),
    ('👌', "parfait", "OK hand"),
    ('✌', "victoire", "victory"),
    ('🤞', "doigts croisés", "crossed fingers"),
    ('💪', "biceps", "biceps"),
    ('👋', "salut", "wave"),
    ('👉', "vers la droite", "pointing right"),
    ('👇', "vers le bas", "pointing down"),
    ('☝', "doigt levé", "pointing up"),
    ('🖕', "doigt d’honneur", "middle finger"),
    ('🤷', "haussement d’épaules", "shrug"),
    ('🤦', "main sur le front", "facepalm"),
    ('❤', "cœur", "heart"),
    ('🧡', "cœur", "heart"),
    ('💛', "cœur", "heart"),
    ('💚', "cœur", "heart"),
    ('💙', "cœur", "heart"),
    ('💜', "cœur", "heart"),
    ('🖤', "cœur noir", "black heart"),
    ('🤍', "cœur", "heart"),
    ('💔', "cœur brisé", "broken heart"),
    ('💕', "cœurs", "hearts"),
    ('💯', "cent", "hundred"),
    ('🔥', "feu", "fire"),
    ('✨', "étincelles", "sparkles"),
    ('⭐', "étoile", "star"),
    ('🌟', "étoile", "star"),
    ('⚡', "éclair", "lightning"),
    ('💥', "explosion", "collision"),
    ('🎉', "fête", "party"),
    ('🎊', "confettis", "confetti"),
    ('🎁', "cadeau", "gift"),
    ('🏆', "trophée", "trophy"),
    ('🚀', "fusée", "rocket"),
    ('💡', "idée", "idea"),
    ('💰', "argent", "money"),
    ('💸', "argent qui s’envole", "money with wings"),
    ('📱', "téléphone", "phone"),
    ('📞', "téléphone", "phone"),
    ('📶', "réseau", "signal bars"),
    ('💻', "ordinateur", "laptop"),
    ('📺', "télévision", "television"),
    ('📢', "annonce", "loudspeaker"),
    ('📣', "annonce", "megaphone"),
    ('📉', "baisse", "falling chart"),
    ('📈', "hausse", "rising chart"),
    ('⏰', "réveil", "alarm clock"),
    ('⏳', "sablier", "hourglass"),
    ('⚠', "attention", "warning"),
    ('🚨', "alerte", "alarm"),
    ('❌', "croix", "cross mark"),
    ('✅', "coche", "check mark"),
    ('❗', "!", "!"),
    ('❓', "?", "?"),
    ('👀', "regard", "eyes"),
    ('🍁', "feuille d’érable", "maple leaf"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_keep_the_name_of_their_first_sign() {
        assert_eq!(name("🤷🏽‍♀️", true), Some("haussement d’épaules"));
        assert_eq!(name("🇨🇦", false), Some("flag"));
        assert_eq!(name("𓀀", true), None);
    }

    #[test]
    fn each_sign_is_listed_once() {
        let mut signs: Vec<char> = NAMES.iter().map(|(sign, _, _)| *sign).collect();
        signs.sort_unstable();
        signs.dedup();
        assert_eq!(signs.len(), NAMES.len());
    }
}
