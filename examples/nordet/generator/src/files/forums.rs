//! `forums.ndjson.zst`: forum and reddit posts, one JSON object per line. Forum ids are numbers above 2^53,
//! reddit ids are text.

use serde_json::{Map, Value, json};

use super::{FileError, failed};
use crate::market::{Platform, Source};
use crate::row::Row;
use crate::world::World;

const FILE: &str = "data/forums.ndjson.zst";
/// Small enough to write in a debug build without waiting.
const LEVEL: i32 = 17;

pub(super) fn render(world: &World) -> Result<Vec<u8>, FileError> {
    let mut lines = String::new();
    for row in world.rows.iter().filter(|row| row.source() == Source::Forums) {
        lines.push_str(&Value::Object(object(row)).to_string());
        lines.push('\n');
    }
    zstd::bulk::compress(lines.as_bytes(), LEVEL).map_err(|e| failed(FILE, &e))
}

fn object(row: &Row) -> Map<String, Value> {
    let number = |text: &str| text.parse::<u64>().map_or_else(|_| json!(text), |n| json!(n));
    let (id, author_id) = match row.platform {
        Platform::Forum => (number(&row.native_id), number(&row.author.id)),
        _ => (json!(row.native_id), json!(row.author.id)),
    };
    let mut map = Map::new();
    map.insert("id".to_owned(), id);
    map.insert("site".to_owned(), json!(row.platform.id()));
    map.insert("board".to_owned(), json!(row.venue));
    map.insert("created_utc".to_owned(), json!(row.at));
    map.insert("author".to_owned(), json!({ "id": author_id, "name": row.author.handle }));
    map.insert("title".to_owned(), json!(row.title));
    map.insert("body".to_owned(), json!(row.text));
    map.insert("permalink".to_owned(), json!(row.url));
    map.insert("score".to_owned(), json!(row.counts.likes));
    map.insert("num_comments".to_owned(), json!(row.counts.comments));
    map
}
