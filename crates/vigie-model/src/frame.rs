//! Shape of what reading gives and the analyses start from.
//!
//! `readings` has one row per mention, `hits` one row per mention and entity it is about. Both are
//! made by reading the texts; here they are only counted. Names (sources, platforms) are indexes into
//! the lists of [`Names`]: a number is lighter than a word a million times over.

/// Local day of publication, days since 1970-01-01 (`Int32`).
pub const DAY: &str = "day";
/// Index of the source (`UInt32`).
pub const SOURCE: &str = "source";
/// Index of the platform (`UInt32`).
pub const PLATFORM: &str = "platform";
/// Whether the mention is counted in the report's counting mode (`Boolean`).
pub const COUNTED: &str = "counted";
/// Whether a tracked entity's own account wrote it (`Boolean`), in `readings` only.
pub const OWN: &str = "own";
/// Number of entities the mention is about (`UInt32`), in `readings` only.
pub const HITS: &str = "hits";
/// Whether no tone was read, for the language or for want of text (`Boolean`), in `readings` only.
pub const UNREAD: &str = "unread";
/// Whether the text looks like advertising, a giveaway or another noise (`Boolean`), in `readings` only.
pub const NOISE: &str = "noise";
/// Whether it is one of many copies published within minutes (`Boolean`), in `readings` only.
pub const STORM: &str = "storm";
/// Independent voice: story if it has copies, else author, else the mention itself (`UInt64`).
pub const CLUSTER: &str = "cluster";
/// Jackknife group of the cluster, 0 to 63 (`UInt32`).
pub const GROUP: &str = "group";
/// Author's pseudonym as a number (`UInt64`), null when unknown.
pub const AUTHOR: &str = "author";
/// Index of the entity in the project's order (`UInt32`), in `hits` only.
pub const ENTITY: &str = "entity";
/// Tone towards the entity (`Int32`): -1, 0, 1, 2 mixed, 3 unknown; in `hits` only.
pub const TONE: &str = "tone";

/// What the indexes of the frames stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Entity ids, client first.
    pub entities: Vec<String>,
    /// Source ids, in the project's order.
    pub sources: Vec<String>,
    /// Platforms, in alphabetical order.
    pub platforms: Vec<String>,
}

/// One use of a term by someone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TermUse {
    /// Term id.
    pub term: u32,
    /// Voice: author, or mention when the author is unknown.
    pub voice: u64,
    /// Day, days since 1970-01-01.
    pub day: i32,
    /// Platform index.
    pub platform: u32,
    /// Tone towards the entity: -1, 0, 1, 2 mixed, 3 unknown.
    pub tone: i8,
}
