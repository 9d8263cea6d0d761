//! What the page shows of the operators and of the text model: each example is a query, a text that it finds and one
//! that it does not. A test asks them all.

/// One example of the page.
#[derive(Debug)]
pub struct Example {
    /// How it is written, or what it is about (English).
    pub form: &'static str,
    /// The same, French.
    pub form_fr: &'static str,
    /// What it does, in English.
    pub en: &'static str,
    /// What it does, in French.
    pub fr: &'static str,
    /// A query.
    pub query: &'static str,
    /// A text that the query finds.
    pub finds: &'static str,
    /// A text that it does not find.
    pub misses: &'static str,
}

/// Every operator, in the order of the page.
pub const OPERATORS: &[Example] = &[
    op(
        "AND",
        "Both are in the document, anywhere.",
        "Les deux sont dans le document, n’importe où.",
        "apple AND juice",
        "You can juice this apple.",
        "An apple pie.",
    ),
    op("OR", "At least one is there.", "Au moins un des deux y est.", "prêt OR loan", "A new loan.", "Une hypothèque."),
    op(
        "NOT, AND NOT, -x",
        "The document does not have it. The whole document is left out.",
        "Le document ne l’a pas. C’est tout le document qui est écarté.",
        "apple NOT juice",
        "An apple pie.",
        "Apple pie and apple juice.",
    ),
    op(
        "\"a b\"",
        "The words in a row. A lone * is one word.",
        "Les mots à la suite. Un * seul vaut un mot.",
        "\"service * clientèle\"",
        "Le service à clientèle",
        "Le service clientèle",
    ),
    op(
        "\"a b\"~n",
        "The words in any order, with at most n other words among them.",
        "Les mots dans n’importe quel ordre, avec au plus n autres mots parmi eux.",
        "\"obama merkel\"~5",
        "Obama, Monti and Merkel agreed",
        "Obama agreed",
    ),
    op(
        "NEAR/n",
        "Two things with at most n words between, in any order, in the same text. NEAR alone is NEAR/4.",
        "Deux choses avec au plus n mots entre elles, dans n’importe quel ordre, dans le même texte. NEAR seul vaut NEAR/4.",
        "apple NEAR/2 juice",
        "juice of the apple",
        "juice of a very ripe apple",
    ),
    op(
        "ONEAR/n, NEAR/nf",
        "The same, left one first.",
        "Pareil, celui de gauche en premier.",
        "logitech ONEAR/2 keyboard",
        "Logitech Solar Wireless Keyboard",
        "keyboard by Logitech",
    ),
    op(
        "NOT NEAR/n",
        "The first somewhere without the second near it.",
        "Le premier quelque part sans le second près de lui.",
        "apple NOT NEAR/3 juice",
        "An apple a day, and months later some apple juice",
        "Apple juice",
    ),
    op(
        "SENTENCE(…)",
        "One sentence satisfies the whole group.",
        "Une même phrase satisfait tout le groupe.",
        "SENTENCE(prêt refusé)",
        "Le prêt est refusé.",
        "Le prêt est là. Il est refusé.",
    ),
    op(
        "OSENTENCE(…)",
        "One sentence has the parts in this order.",
        "Une même phrase a les parties dans cet ordre.",
        "OSENTENCE(refusé prêt)",
        "On m’a refusé le prêt",
        "Le prêt est refusé",
    ),
    op(
        "PARAGRAPH(…)",
        "One paragraph satisfies the whole group.",
        "Un même paragraphe satisfait tout le groupe.",
        "PARAGRAPH(prêt refusé)",
        "Le prêt est là. Il est refusé.",
        "Le prêt.\n\nIl est refusé.",
    ),
    op(
        "ATLEAST/n(…)",
        "At least n occurrences, without overlap.",
        "Au moins n occurrences, sans chevauchement.",
        "ATLEAST/2(panne)",
        "Panne lundi, panne mardi",
        "Panne lundi",
    ),
    op(
        "*",
        "Any characters inside one word; two fixed characters at least.",
        "N’importe quels caractères dans un mot ; deux caractères fixes au moins.",
        "luxemb*",
        "Luxembourgeois",
        "Bruxelles",
    ),
    op("?", "Exactly one character.", "Exactement un caractère.", "reali?ation", "realization", "realiation"),
    op(
        "word~1, word~2",
        "At most one or two letters wrong; the first letter is right.",
        "Au plus une ou deux lettres fautives ; la première est juste.",
        "service~1",
        "sevrice",
        "srvce",
    ),
    op(
        "word~",
        "The same letters in one word or several.",
        "Les mêmes lettres en un mot ou plusieurs.",
        "carsharing~",
        "car-sharing à Montréal",
        "car pool sharing",
    ),
    op(
        "{…}",
        "Exactly these characters, case and accents.",
        "Exactement ces caractères, casse et accents.",
        "{BT}",
        "BT is down",
        "bt is down",
    ),
    op("raw:…, !…", "The same as {…}.", "Pareil que {…}.", "raw:Google+", "On Google+ today", "On Google today"),
    op(
        "#tag",
        "The whole hashtag. A word also finds it inside a hashtag.",
        "Le mot-clic entier. Un mot le trouve aussi dans un mot-clic.",
        "#bonservice OR bonservice",
        "#BonService",
        "Bon service !",
    ),
    op(
        "@name",
        "The account name, not the word.",
        "Le nom du compte, pas le mot.",
        "@nordet OR nordet",
        "Merci @Nordet",
        "Merci",
    ),
    op("$NAME", "A cashtag.", "Un symbole boursier.", "$AAPL", "Buy $aapl", "Buy aapl"),
    op(
        "term^n",
        "Only changes which sentence is shown as evidence.",
        "Ne change que la phrase montrée en preuve.",
        "panne^9 OR retard",
        "un retard",
        "tout va bien",
    ),
];

const fn op(
    form: &'static str,
    en: &'static str,
    fr: &'static str,
    query: &'static str,
    finds: &'static str,
    misses: &'static str,
) -> Example {
    Example { form, form_fr: form, en, fr, query, finds, misses }
}

/// What a word is, in the order of the page.
pub const TEXTS: &[Example] = &[
    Example {
        form: "Case and accents",
        form_fr: "Casse et accents",
        en: "Not compared, except inside {…}. A query with accents = \"strict\" compares accents.",
        fr: "Ne comptent pas, sauf dans {…}. Une requête avec accents = \"strict\" compare les accents.",
        query: "cote",
        finds: "la CÔTE nord",
        misses: "la colline",
    },
    Example {
        form: "Apostrophes",
        form_fr: "Apostrophes",
        en: "All the same; French elisions are cut (l’ + oréal), English ’s is dropped.",
        fr: "Toutes pareilles ; l’élision coupe (l’ + oréal), le ’s anglais tombe.",
        query: "\"l'oréal\"",
        finds: "J’adore L’OREAL Paris",
        misses: "J’adore loréal",
    },
    Example {
        form: "Hyphens",
        form_fr: "Traits d’union",
        en: "Cut into words in a row; only {coca-cola} asks for the hyphen.",
        fr: "Coupés en mots à la suite ; seul {coca-cola} exige le trait d’union.",
        query: "\"coca cola\"",
        finds: "Un Coca-Cola",
        misses: "coca et cola",
    },
    Example {
        form: "Digits",
        form_fr: "Chiffres",
        en: "Stay with their letters and their decimals (5G, 3,5).",
        fr: "Restent avec leurs lettres et leurs décimales (5G, 3,5).",
        query: "5G OR 3,5",
        finds: "La 5G partout",
        misses: "15G, 3 et 5",
    },
    Example {
        form: "+ and &",
        form_fr: "+ et &",
        en: "Looked for only inside {…}.",
        fr: "Cherchés seulement dans {…}.",
        query: "{H&M}",
        finds: "chez H&M ce matin",
        misses: "chez H M",
    },
    Example {
        form: "Emoji",
        form_fr: "Émojis",
        en: "One word each, whatever the skin tone; emoticons have one form.",
        fr: "Un mot chacun, quelle que soit la couleur de peau ; les frimousses ont une seule forme.",
        query: "😡 OR :)",
        finds: "😡🏽 encore une panne",
        misses: "👍 merci",
    },
    Example {
        form: "Hashtags",
        form_fr: "Mots-clics",
        en: "The tag itself, and its words where the case changes.",
        fr: "Le mot-clic lui-même, et ses mots là où la casse change.",
        query: "\"bon service\"",
        finds: "Merci #BonService",
        misses: "Merci #bonservice",
    },
    Example {
        form: "Accounts",
        form_fr: "Comptes",
        en: "@name is found by @name only.",
        fr: "@nom n’est trouvé que par @nom.",
        query: "nordet",
        finds: "Nordet en panne",
        misses: "merci @nordet",
    },
    Example {
        form: "Web addresses",
        form_fr: "Adresses web",
        en: "No part of the text; links: and url: look for them.",
        fr: "Ne font pas partie du texte ; links: et url: les cherchent.",
        query: "links:exemple.fr NOT exemple",
        finds: "Voir https://exemple.fr/exemple",
        misses: "Voir un exemple",
    },
    Example {
        form: "Sentences",
        form_fr: "Phrases",
        en: "End at . ! ? but not after M., Mme, Dr., p. ex.; a blank line ends a paragraph.",
        fr: "Finissent à . ! ? mais pas après M., Mme, Dr., p. ex. ; une ligne vide finit un paragraphe.",
        query: "SENTENCE(roy AND prêt)",
        finds: "Le prêt de M. Roy est accordé.",
        misses: "Le prêt est accordé. Roy attend.",
    },
    Example {
        form: "Fields",
        form_fr: "Champs",
        en: "Title, body, image description and transcript are searched; a quoted post only by quoted:. No distance crosses from one to another.",
        fr: "Titre, corps, description d’image et transcription sont fouillés ; un message cité seulement par quoted:. Aucune distance ne passe de l’un à l’autre.",
        query: "panne NOT quoted:panne",
        finds: "Une panne",
        misses: "Un retard",
    },
];

/// Ways to say common things.
pub const RECIPES: &[Example] = &[
    Example {
        form: "A brand that is also a word",
        form_fr: "Une marque qui est aussi un mot",
        en: "Terms of exclusion near the name first, then terms of context: each place of the name is judged by itself.",
        fr: "D’abord les termes d’exclusion près du nom, puis ceux de contexte : chaque endroit du nom est jugé pour lui-même.",
        query: "(apple NOT NEAR/3 (juice OR pie OR tree)) NEAR/15 (phone OR store OR computer)",
        finds: "Apple pie was served when the new Apple store opened last week in a very old mall",
        misses: "The store sells apple pie",
    },
    Example {
        form: "A name in every form",
        form_fr: "Un nom sous toutes ses formes",
        en: "The word, the account, the hashtag, the spellings in two words, a frequent misspelling.",
        fr: "Le mot, le compte, le mot-clic, les graphies en deux mots, une faute fréquente.",
        query: "nordetmobile~ OR @nordetmobile OR #nordetmobile OR nordett",
        finds: "Nordet Mobile répond",
        misses: "le vent du nordet",
    },
];
