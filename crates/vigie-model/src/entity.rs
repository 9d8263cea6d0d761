//! What is watched: the client and its competitors.

use serde::{Deserialize, Serialize};

/// Whether an entity is the client or one of those it is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The brand the report is made for; exactly one per project.
    Client,
    /// A brand it is compared with.
    Competitor,
}

/// A tracked brand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// Stable identifier used in figures and files (`nordet`).
    pub id: String,
    /// Name as printed (`Nordet Mobile`).
    pub name: String,
    /// Short name for charts (`Nordet`).
    pub short: String,
    /// Client or competitor.
    pub role: Role,
    /// Boolean query that decides which mentions are about the entity.
    pub query: String,
    /// Handles of the entity's own accounts, lower case, without `@`: their posts are not counted.
    pub accounts: Vec<String>,
}
