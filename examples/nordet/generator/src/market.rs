//! The vocabulary of the world: brands, tones, topics, languages, places where people write.
//! Names and labels only; how much of each there is lives in `params`.

/// A brand of the market.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entity {
    /// Nordet Mobile, the client.
    Nordet,
    /// Telvia, the largest competitor.
    Telvia,
    /// Ondéa.
    Ondea,
    /// Fibrax.
    Fibrax,
    /// Laurentia.
    Laurentia,
}

impl Entity {
    /// All brands, client first.
    pub const ALL: [Entity; 5] = [Self::Nordet, Self::Telvia, Self::Ondea, Self::Fibrax, Self::Laurentia];

    /// Stable id, as in `vigie.toml`.
    pub fn id(self) -> &'static str {
        ["nordet", "telvia", "ondea", "fibrax", "laurentia"][self as usize]
    }

    /// Name as people write it.
    pub fn name(self) -> &'static str {
        ["Nordet", "Telvia", "Ondéa", "Fibrax", "Laurentia"][self as usize]
    }

    /// Long name, also the name of the brand's pages.
    pub fn long_name(self) -> &'static str {
        ["Nordet Mobile", "Telvia", "Ondéa Mobile", "Fibrax", "Laurentia Télécom"][self as usize]
    }

    /// Handle of the official account, without `@`.
    pub fn handle(self) -> &'static str {
        ["nordetmobile", "telvia_ca", "ondeamobile", "fibrax", "laurentia_tel"][self as usize]
    }

    /// Hashtags, without `#`.
    pub fn tags(self) -> &'static [&'static str] {
        const TAGS: [&[&str]; 5] = [
            &["Nordet", "NordetMobile", "nordet"],
            &["Telvia", "telvia"],
            &["Ondea", "Ondéa", "OndeaMobile"],
            &["Fibrax", "fibrax"],
            &["LaurentiaTel", "LaurentiaTelecom"],
        ];
        TAGS[self as usize]
    }

    /// Misspellings that people use and that the query knows.
    pub fn misspellings(self) -> &'static [&'static str] {
        const WRONG: [&[&str]; 5] = [
            &["Nordett", "norddet", "Nordé Mobile"],
            &["Telvya", "tellvia"],
            &["Ondeya", "ondéha"],
            &["Fibraxx", "fybrax"],
            &["Laurencia", "laurenthia"],
        ];
        WRONG[self as usize]
    }
}

/// Opinion expressed about a brand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tone {
    /// Favourable.
    Positive,
    /// No opinion: question, fact, passing mention.
    Neutral,
    /// Unfavourable.
    Negative,
}

impl Tone {
    /// Label in `truth.toml`.
    pub fn id(self) -> &'static str {
        ["positive", "neutral", "negative"][self as usize]
    }

    /// Key part in the stock.
    pub(crate) fn key(self) -> &'static str {
        ["pos", "neu", "neg"][self as usize]
    }
}

/// What a mention is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Network and coverage.
    Network,
    /// Customer service.
    Service,
    /// Prices and plans.
    Price,
    /// Billing.
    Billing,
    /// Online shop and application.
    Shop,
    /// Local commitment and jobs.
    Local,
    /// Roaming.
    Roaming,
    /// Internet installation.
    Install,
}

impl Topic {
    /// All topics.
    pub const ALL: [Topic; 8] = [
        Self::Network,
        Self::Service,
        Self::Price,
        Self::Billing,
        Self::Shop,
        Self::Local,
        Self::Roaming,
        Self::Install,
    ];

    /// Stable id, and the key in the stock.
    pub fn id(self) -> &'static str {
        ["reseau", "service", "prix", "facture", "appli", "local", "roam", "install"][self as usize]
    }
}

/// Language of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lang {
    /// French.
    Fr,
    /// English.
    En,
}

impl Lang {
    /// Two-letter code.
    pub fn id(self) -> &'static str {
        ["fr", "en"][self as usize]
    }
}

/// The place where a mention was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Platform {
    /// X, called `twitter` by the vendor export.
    X,
    /// Facebook, public pages.
    Facebook,
    /// Instagram.
    Instagram,
    /// `YouTube` comments.
    Youtube,
    /// Reddit.
    Reddit,
    /// A technical forum.
    Forum,
    /// Reviews.
    Review,
    /// Press.
    News,
    /// Blogs.
    Blog,
}

impl Platform {
    /// All platforms.
    pub const ALL: [Platform; 9] = [
        Self::X,
        Self::Facebook,
        Self::Instagram,
        Self::Youtube,
        Self::Reddit,
        Self::Forum,
        Self::Review,
        Self::News,
        Self::Blog,
    ];

    /// Stable id, as vigie calls the platform.
    pub fn id(self) -> &'static str {
        ["x", "facebook", "instagram", "youtube", "reddit", "forum", "review", "news", "blog"][self as usize]
    }

    /// The file that carries it.
    pub fn source(self) -> Source {
        match self {
            Self::X | Self::Facebook | Self::Instagram | Self::Youtube => Source::Social,
            Self::Reddit | Self::Forum => Source::Forums,
            Self::Review => Source::Reviews,
            Self::News | Self::Blog => Source::Press,
        }
    }
}

/// One of the four files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// `reseaux-sociaux.csv.gz`.
    Social,
    /// `forums.ndjson.zst`.
    Forums,
    /// `avis.xlsx`.
    Reviews,
    /// `presse.csv.gz`.
    Press,
}

impl Source {
    /// Stable id, as in `vigie.toml`.
    pub fn id(self) -> &'static str {
        ["reseaux-sociaux", "forums", "avis", "presse"][self as usize]
    }
}
