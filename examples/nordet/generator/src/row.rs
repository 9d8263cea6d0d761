//! One mention of the world with everything the generator knows about it: what the files show and what only
//! the truth says.

use crate::market::{Entity, Lang, Platform, Source, Tone, Topic};

/// Why a row exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nature {
    /// Somebody speaks of a brand.
    Brand,
    /// A brand's own account speaks.
    Own,
    /// The word is there, the brand is not: wind, song, cereal, spa, mare.
    Homonym,
    /// Giveaways, crypto, stuffed hashtags.
    Spam,
}

impl Nature {
    /// Label in the truth.
    pub fn id(self) -> &'static str {
        ["brand", "own", "homonym", "spam"][self as usize]
    }
}

/// How an opinion is worded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wording {
    /// With words of opinion that a lexicon can know.
    Plain,
    /// By irony or by the bare fact: a lexicon is expected to miss it.
    Ironic,
}

/// The planted story that a row belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Plant {
    /// Nordet's network outage.
    Crisis,
    /// The syndicated wire story.
    Wire,
    /// Nordet's travel eSIM.
    Esim,
    /// Ondéa in Abitibi.
    Launch,
    /// Telvia's price increase.
    PriceRise,
    /// Written by a planted advocate.
    Advocate,
    /// Written by a planted detractor.
    Detractor,
}

impl Plant {
    /// Label in the truth.
    pub fn id(self) -> &'static str {
        ["crisis", "wire", "esim", "launch", "price_rise", "advocate", "detractor"][self as usize]
    }
}

/// A person, a page or an outlet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Author {
    /// Stable id inside the platform; the handle where the platform shows no other.
    pub id: String,
    /// Handle or signature.
    pub handle: String,
    /// Display name.
    pub name: String,
    /// Followers; `None` when the export does not know.
    pub followers: Option<u32>,
}

/// Engagement as the exporting tool knew it; `None` is unknown, never zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Likes, or score on forums.
    pub likes: Option<u32>,
    /// Comments or replies.
    pub comments: Option<u32>,
    /// Shares.
    pub shares: Option<u32>,
    /// Impressions.
    pub views: Option<u32>,
}

/// One mention.
#[derive(Debug, Clone)]
pub struct Row {
    /// Id inside the platform, as the file carries it.
    pub native_id: String,
    /// Seconds since 1970, UTC.
    pub at: i64,
    /// Where.
    pub platform: Platform,
    /// Language of the text.
    pub lang: Lang,
    /// Who.
    pub author: Author,
    /// Title, where the platform has titles.
    pub title: Option<String>,
    /// Text.
    pub text: String,
    /// Link.
    pub url: String,
    /// Board, subreddit, outlet, page or city.
    pub venue: String,
    /// Stars of a review, 1 to 5.
    pub stars: Option<u8>,
    /// Engagement.
    pub counts: Counts,
    /// Truth: why the row exists.
    pub nature: Nature,
    /// Truth: every brand named, with the opinion about it. For homonyms, the brand that a naive search would
    /// count; for spam, the brands abused.
    pub opinions: Vec<(Entity, Tone)>,
    /// Truth: the topic; `None` outside brand talk.
    pub topic: Option<Topic>,
    /// Truth: wording of the opinion; `None` for neutral rows.
    pub wording: Option<Wording>,
    /// Truth: planted story.
    pub plant: Option<Plant>,
    /// Truth: near-duplicate copy of an earlier row, which counts once.
    pub is_copy: bool,
}

impl Row {
    /// The file that carries the row.
    pub fn source(&self) -> Source {
        self.platform.source()
    }

    /// Opinion about `entity`; `None` when it is not named.
    pub fn tone_of(&self, entity: Entity) -> Option<Tone> {
        self.opinions.iter().find(|(e, _)| *e == entity).map(|(_, tone)| *tone)
    }

    /// Counts for share of voice: brand talk, once per story.
    pub fn is_clean(&self) -> bool {
        self.nature == Nature::Brand && !self.is_copy
    }
}
