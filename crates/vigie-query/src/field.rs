//! The one table of typed fields: it drives the parser, the linter and the reference page.

use std::fmt;

/// How a field's values are written and compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Part of the text: takes any expression.
    Text,
    /// One word or label, compared whole without case or accents, wildcards allowed.
    Keyword,
    /// A host name: matches its sub-domains; `{…}` the exact host.
    Site,
    /// A web address: matches when the address contains the value.
    Address,
    /// An account: compared whole without case, with or without `@`, wildcards allowed.
    Account,
    /// A language or country code: `fr` also matches `fr-CA`.
    LocaleCode,
    /// One of a closed set: accepted names, canonical first.
    Choice(&'static [&'static [&'static str]]),
    /// A number: `5`, `>5`, `>=5`, `<5`, `<=5`, `1..5`.
    Number,
    /// A day, period or range: `2026-08-31`, `2026-08`, `2026-W35`, `2026`, `last-month`.
    Date,
    /// Monday to Sunday.
    Weekday,
    /// True or false.
    Flag,
}

/// One row of the table.
#[derive(Debug)]
pub struct Row {
    /// The field.
    pub field: Field,
    /// Name printed and documented.
    pub name: &'static str,
    /// Other names accepted, English and French.
    pub aliases: &'static [&'static str],
    /// How values are compared.
    pub kind: Kind,
    /// What it holds, in English.
    pub en: &'static str,
    /// What it holds, in French.
    pub fr: &'static str,
    /// A query that uses it.
    pub example: &'static str,
}

macro_rules! fields {
    ($($variant:ident $name:literal $aliases:expr, $kind:expr, $en:literal, $fr:literal, $example:literal;)*) => {
        /// A field of a document that a query can name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Field { $(#[doc = $en] $variant,)* }

        /// Every field, in the order of the reference page.
        pub const TABLE: &[Row] = &[$(Row {
            field: Field::$variant, name: $name, aliases: &$aliases, kind: $kind, en: $en, fr: $fr, example: $example,
        },)*];
    };
}

const AUTHOR_TYPES: &[&[&str]] =
    &[&["org", "organisation", "organization"], &["person", "personne"], &["unknown", "inconnu"]];
const CHANNELS: &[&[&str]] = &[
    &["news", "presse"],
    &["blog"],
    &["forum"],
    &["social"],
    &["review", "avis"],
    &["video"],
    &["podcast", "balado"],
    &["file", "fichier"],
    &["aggregate", "agregat"],
];
const POST_TYPES: &[&[&str]] = &[
    &["original"],
    &["repost", "rt", "retweet", "partage"],
    &["reply", "reponse"],
    &["quote", "citation"],
    &["comment", "commentaire"],
    &["article"],
    &["review", "avis"],
];
const PARTS: &[&[&str]] = &[
    &["link", "lien"],
    &["image"],
    &["video"],
    &["rating", "note"],
    &["text", "texte"],
    &["followers", "abonnes"],
    &["engagement"],
    &["location", "lieu"],
];
const TONES: &[&[&str]] = &[
    &["pos", "positive", "positif"],
    &["neg", "negative", "negatif"],
    &["neu", "neutral", "neutre"],
    &["mixed", "mixte", "partage"],
    &["unknown", "inconnu"],
];

fields! {
    Title "title" ["titre", "headline"], Kind::Text, "Title or headline.", "Titre.", "title:recall*";
    Lead "lead" ["chapeau", "ingress"], Kind::Text, "Lead of an article; the first paragraph when none is marked.", "Chapeau d’un article ; le premier paragraphe s’il n’est pas marqué.", "lead:\"rappel de produits\"";
    Body "body" ["texte", "text", "content", "contenu", "corps"], Kind::Text, "Body of the text.", "Corps du texte.", "body:(panne OR outage)";
    Quoted "quoted" ["cite"], Kind::Text, "Text of the parent post that is quoted. Not searched by default.", "Texte du message cité. Pas fouillé par défaut.", "quoted:remboursement";
    Alt "alt" ["description"], Kind::Text, "Description of an image.", "Description d’une image.", "alt:logo";
    Transcript "transcript" ["transcription"], Kind::Text, "Words said in a video or podcast.", "Paroles d’une vidéo ou d’un balado.", "transcript:boycott";
    Any "any" ["tout"], Kind::Text, "All the texts, quoted ones included.", "Tous les textes, cités compris.", "any:rappel";
    Author "author" ["auteur", "from"], Kind::Account, "Account of the author.", "Compte de l’auteur.", "author:jroy";
    AuthorName "author_name" ["nom_auteur"], Kind::Keyword, "Displayed name of the author.", "Nom affiché de l’auteur.", "author_name:\"Julie Roy\"";
    AuthorId "author_id" ["id_auteur"], Kind::Keyword, "Identifier of the author at the source.", "Identifiant de l’auteur à la source.", "author_id:12345";
    AuthorType "author_type" ["type_auteur"], Kind::Choice(AUTHOR_TYPES), "Organisation or person.", "Organisation ou personne.", "author_type:org";
    Verified "verified" ["verifie"], Kind::Flag, "The account is verified.", "Le compte est vérifié.", "verified:true";
    Owned "owned" ["maison"], Kind::Flag, "The account belongs to the brand.", "Le compte est celui de la marque.", "NOT owned:true";
    To "to" ["destinataire"], Kind::Account, "Account that the text answers or addresses.", "Compte auquel le texte répond ou s’adresse.", "to:nordet";
    RepostOf "repost_of" ["retweets_of", "partage_de"], Kind::Account, "Account whose post is shared.", "Compte dont le message est partagé.", "repost_of:nordet";
    Site "site" ["source_site", "domain", "domaine"], Kind::Site, "Web site, sub-domains included.", "Site web, sous-domaines compris.", "site:example.com";
    Host "host" ["hote"], Kind::Keyword, "Exact host name, wildcards allowed.", "Nom d’hôte exact, jokers permis.", "host:forum.example.com";
    Url "url" ["adresse"], Kind::Address, "Address of the text, or one in it.", "Adresse du texte, ou une adresse citée dans le texte.", "url:\"/promo/\"";
    Links "links" ["liens", "link"], Kind::Address, "Addresses in the text, unshortened when known.", "Adresses citées dans le texte, longues si connues.", "links:example.com";
    Source "source" ["connector", "connecteur"], Kind::Keyword, "Connector that brought the text.", "Connecteur qui a apporté le texte.", "source:rss";
    Channel "channel" ["canal"], Kind::Choice(CHANNELS), "Kind of source.", "Genre de source.", "channel:(news OR blog)";
    Platform "platform" ["plateforme"], Kind::Keyword, "Platform.", "Plateforme.", "platform:mastodon";
    Lang "lang" ["language", "langue"], Kind::LocaleCode, "Language of the text.", "Langue du texte.", "lang:fr";
    Country "country" ["pays"], Kind::LocaleCode, "Country, two letters.", "Pays, deux lettres.", "country:ca";
    Region "region" ["state", "province", "county"], Kind::Keyword, "Region.", "Région.", "region:québec";
    City "city" ["ville"], Kind::Keyword, "City.", "Ville.", "city:\"Trois-Rivières\"";
    Date "date" ["published", "publie"], Kind::Date, "Day of publication.", "Jour de publication.", "date:2026-08-01..2026-08-31";
    Week "week" ["semaine"], Kind::Date, "Week of publication.", "Semaine de publication.", "week:2026-W35";
    Month "month" ["mois"], Kind::Date, "Month of publication.", "Mois de publication.", "month:2026-08";
    Hour "hour" ["heure"], Kind::Number, "Hour of publication, 0 to 23.", "Heure de publication, 0 à 23.", "hour:22..23";
    Weekday "weekday" ["jour"], Kind::Weekday, "Day of the week.", "Jour de la semaine.", "weekday:monday";
    Is "is" ["est"], Kind::Choice(POST_TYPES), "Type of post.", "Type de message.", "NOT is:repost";
    Has "has" ["avec"], Kind::Choice(PARTS), "What the document has.", "Ce que le document possède.", "has:rating";
    Engagement "engagement" [], Kind::Number, "Likes, comments and shares together.", "Mentions j’aime, commentaires et partages réunis.", "engagement:>100";
    Likes "likes" ["jaime"], Kind::Number, "Likes.", "Mentions j’aime.", "likes:>=10";
    Comments "comments" ["commentaires"], Kind::Number, "Comments.", "Commentaires.", "comments:1..9";
    Shares "shares" ["partages"], Kind::Number, "Shares.", "Partages.", "shares:>0";
    Views "views" ["vues"], Kind::Number, "Views.", "Vues.", "views:>1000";
    Followers "followers" ["abonnes"], Kind::Number, "Followers of the author.", "Abonnés de l’auteur.", "followers:>100";
    Reach "reach" ["portee"], Kind::Number, "Reach stated or estimated.", "Portée déclarée ou estimée.", "reach:>5000";
    Rating "rating" ["note"], Kind::Number, "Rating given, on the scale of the source.", "Note donnée, à l’échelle de la source.", "rating:<=2";
    Copies "copies" [], Kind::Number, "Copies of the same text.", "Copies du même texte.", "copies:>5";
    Sentiment "sentiment" ["tone", "ton"], Kind::Choice(TONES), "Tone.", "Ton.", "sentiment:neg";
    Entity "entity" ["entite", "marque", "brand"], Kind::Keyword, "Brand, product or person found in the text.", "Marque, produit ou personne repéré dans le texte.", "entity:nordet";
    Topic "topic" ["sujet", "theme"], Kind::Keyword, "Topic.", "Sujet.", "topic:livraison";
    Tag "tag" ["etiquette"], Kind::Keyword, "Label put by an analyst or a rule.", "Étiquette posée par un analyste ou une règle.", "tag:crise";
    Tier "tier" ["rang"], Kind::Keyword, "Tier of the source.", "Rang de la source.", "tier:1";
    Prominence "prominence" ["importance"], Kind::Keyword, "Place of the brand in the text.", "Place de la marque dans le texte.", "prominence:title";
    Risk "risk" ["risque"], Kind::Keyword, "Risk theme.", "Thème de risque.", "risk:safety";
    Collected "collected" ["collecte"], Kind::Date, "Day of collection.", "Jour de collecte.", "collected:>=2026-09";
    Batch "batch" ["lot"], Kind::Keyword, "Collection batch.", "Lot de collecte.", "batch:2026-09-01";
    Rule "rule" ["regle"], Kind::Keyword, "Rule that kept the text.", "Règle qui a retenu le texte.", "rule:nordet";
}

impl Field {
    /// The table row of the field.
    pub fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// The field with this name or alias, without case or accents.
    pub fn from_name(name: &str) -> Option<Self> {
        let folded = vigie_text::normalize::fold(name);
        TABLE.iter().find(|row| row.name == folded || row.aliases.contains(&folded.as_str())).map(|row| row.field)
    }

    /// The field name closest to a mistyped one, within two edits.
    pub fn closest(name: &str) -> Option<Self> {
        let folded = vigie_text::normalize::fold(name);
        TABLE
            .iter()
            .flat_map(|row| std::iter::once(row.name).chain(row.aliases.iter().copied()).map(move |n| (n, row.field)))
            .filter_map(|(n, field)| crate::distance::within(&folded, n, 2).map(|d| (d, field)))
            .min()
            .map(|(_, field)| field)
    }

    /// How values are compared.
    pub fn kind(self) -> Kind {
        self.row().kind
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.row().name)
    }
}

/// The canonical name of a choice, if `value` is one of its names.
pub fn choice(names: &'static [&'static [&'static str]], value: &str) -> Option<&'static str> {
    let folded = vigie_text::normalize::fold(value);
    names.iter().find(|group| group.contains(&folded.as_str())).map(|group| group[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_follow_the_enum_and_names_are_unique() {
        let mut names = std::collections::BTreeSet::new();
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.field as usize, index);
            assert!(names.insert(row.name), "{} twice", row.name);
        }
        for row in TABLE {
            for alias in row.aliases {
                assert!(names.insert(alias), "{alias} twice");
            }
        }
    }

    #[test]
    fn names_are_found_in_both_languages() {
        assert_eq!(Field::from_name("Titre"), Some(Field::Title));
        assert_eq!(Field::closest("autor"), Some(Field::Author));
        assert_eq!(Field::closest("zzzzzz"), None);
    }
}
