//! Table `mentions/1`: who said what about whom, where and when.
//!
//! A stub is a mention of which only the place may be kept: `text_origin` is `id_only`, there is neither title nor text.

use crate::column::{Column, ColumnType, Given, column};
use crate::table::Table;

/// Value of `text_origin` that makes a row a stub.
pub const ID_ONLY: &str = "id_only";

/// One row per public utterance.
pub const MENTIONS: Table = Table {
    name: "mentions/1",
    key: &["uid"],
    columns: &[
        column("uid", ColumnType::Text, Given::Host),
        column("native_id", ColumnType::Text, Given::Required),
        column("platform", ColumnType::Text, Given::Required),
        column("source", ColumnType::Text, Given::Host),
        column("batch_id", ColumnType::Text, Given::Host),
        column("query_ids", ColumnType::TextList, Given::Optional),
        column("kind", ColumnType::Text, Given::Required),
        column("voice", ColumnType::Text, Given::Host),
        column("owner_entity", ColumnType::Text, Given::Host),
        column("url", ColumnType::Text, Given::Optional),
        column("canonical_url", ColumnType::Text, Given::Optional),
        column("published_at", ColumnType::Time, Given::Required),
        column("published_precision", ColumnType::Text, Given::Optional),
        column("published_source", ColumnType::Text, Given::Optional),
        column("edited_at", ColumnType::Time, Given::Optional),
        column("first_seen_at", ColumnType::Time, Given::Host),
        column("status", ColumnType::Text, Given::Optional),
        column("status_at", ColumnType::Time, Given::Optional),
        column("author_id", ColumnType::Text, Given::Optional),
        column("author_handle", ColumnType::Text, Given::Transient),
        column("author_name", ColumnType::Text, Given::Transient),
        column("author_bucket", ColumnType::Int, Given::Host),
        column("author_kind", ColumnType::Text, Given::Optional),
        column("author_followers", ColumnType::Int, Given::Optional),
        column("author_verified", ColumnType::Bool, Given::Optional),
        column("venue_id", ColumnType::Text, Given::Optional),
        column("venue_name", ColumnType::Text, Given::Optional),
        column("venue_followers", ColumnType::Int, Given::Optional),
        column("title", ColumnType::Text, Given::Optional),
        column("text", ColumnType::Text, Given::Optional),
        column("text_origin", ColumnType::Text, Given::Optional),
        column("text_truncated", ColumnType::Bool, Given::Optional),
        column("lang", ColumnType::Text, Given::Optional),
        column("lang_source", ColumnType::Text, Given::Host),
        column("parent_id", ColumnType::Text, Given::Optional),
        column("conversation_id", ColumnType::Text, Given::Optional),
        column("quoted_id", ColumnType::Text, Given::Optional),
        column("in_reply_to_author", ColumnType::Text, Given::Transient),
        column("mentions_of", ColumnType::TextList, Given::Transient),
        column("hashtags", ColumnType::TextList, Given::Optional),
        column("links", ColumnType::TextList, Given::Optional),
        column("media_urls", ColumnType::TextList, Given::Optional),
        column("likes", ColumnType::Int, Given::Optional),
        column("dislikes", ColumnType::Int, Given::Optional),
        column("shares", ColumnType::Int, Given::Optional),
        column("quotes", ColumnType::Int, Given::Optional),
        column("replies", ColumnType::Int, Given::Optional),
        column("bookmarks", ColumnType::Int, Given::Optional),
        column("views", ColumnType::Int, Given::Optional),
        column("score", ColumnType::Int, Given::Optional),
        column("reactions", ColumnType::Text, Given::Optional),
        column("engagement_total", ColumnType::Int, Given::Optional),
        column("metrics_at", ColumnType::Time, Given::Optional),
        column("rating", ColumnType::Float, Given::Optional),
        column("rating_raw", ColumnType::Float, Given::Optional),
        column("rating_scale", ColumnType::Float, Given::Optional),
        column("reach_est", ColumnType::Float, Given::Optional),
        column("reach_kind", ColumnType::Text, Given::Optional),
        column("country", ColumnType::Text, Given::Optional),
        column("country_of", ColumnType::Text, Given::Optional),
        column("region", ColumnType::Text, Given::Optional),
        column("lat", ColumnType::Float, Given::Optional),
        column("lon", ColumnType::Float, Given::Optional),
        column("tool_sentiment", ColumnType::Float, Given::Optional),
        column("retention", ColumnType::Text, Given::Optional),
        column("quote_ok", ColumnType::Text, Given::Optional),
        column("content_hash", ColumnType::Text, Given::Host),
        // When it was last read, and what it then said, as a number: what tells an update from a repetition.
        column("collected_at", ColumnType::Time, Given::Host),
        column("row_hash", ColumnType::Int, Given::Host),
    ],
};

/// The columns of a mention that are stored, in order.
pub fn stored() -> impl Iterator<Item = &'static Column> {
    MENTIONS.stored()
}
