//! What the fields of other tools become.

use super::Tool;
use crate::field::Field;
use crate::problem::Message;

/// What a field and its value become.
pub(super) enum Translation {
    /// The same words.
    Same,
    /// Other words, same meaning.
    As(String),
    /// Other words, nearly the same meaning.
    AsWithNote(String, Message),
    /// Nothing equal.
    Without(Message),
}

/// Fields that only change their name: tool (None is any), their name, ours.
const RENAMED: &[(Option<Tool>, &str, &str)] = &[
    (None, "language", "lang"),
    (None, "inurl", "url"),
    (None, "intitle", "title"),
    (Some(Tool::Brandwatch), "state", "region"),
    (Some(Tool::Brandwatch), "county", "region"),
    (Some(Tool::Brandwatch), "authorname", "author_name"),
    (Some(Tool::Talkwalker), "sourcecountry", "country"),
    (Some(Tool::Talkwalker), "host_url", "site"),
    (Some(Tool::Talkwalker), "content", "body"),
    (Some(Tool::Meltwater), "ingress", "lead"),
    (Some(Tool::Meltwater), "source", "site"),
    (Some(Tool::Meltwater), "sourcename", "site"),
    (Some(Tool::X), "from", "author"),
    (Some(Tool::X), "retweets_of", "repost_of"),
    (Some(Tool::X), "url", "links"),
    (Some(Tool::X), "place_country", "country"),
    (Some(Tool::X), "place", "city"),
    (Some(Tool::MediaCloud), "canonical_domain", "site"),
    (Some(Tool::MediaCloud), "domain", "site"),
    (Some(Tool::MediaCloud), "article_title", "title"),
    (Some(Tool::MediaCloud), "text", "body"),
];

/// Values of post types and parts, whatever the field that holds them.
const TYPES: &[(&str, &str)] = &[
    ("retweet", "is:repost"),
    ("repost", "is:repost"),
    ("share", "is:repost"),
    ("rt", "is:repost"),
    ("reply", "is:reply"),
    ("quote", "is:quote"),
    ("comment", "is:comment"),
    ("original", "is:original"),
    ("tweet", "is:original"),
    ("verified", "verified:true"),
    ("links", "has:link"),
    ("link", "has:link"),
    ("images", "has:image"),
    ("image", "has:image"),
    ("videos", "has:video"),
    ("video", "has:video"),
    ("video_link", "has:video"),
    ("media", "(has:image OR has:video)"),
    ("geo", "has:location"),
];

const TYPE_FIELDS: &[&str] = &["is", "has", "engagementtype", "post_type", "posttype"];

/// Translates one field and its value.
pub(super) fn translate(tool: Tool, name: &str, value: &str) -> Translation {
    let name = name.to_lowercase();
    if name == "raw" {
        return Translation::As(format!("{{{}}}", value.trim_matches('"')));
    }
    if TYPE_FIELDS.contains(&name.as_str())
        && let Some((_, ours)) = TYPES.iter().find(|(theirs, _)| theirs.eq_ignore_ascii_case(value.trim_matches('"')))
    {
        return Translation::As((*ours).to_owned());
    }
    if let Some(date) = dates(tool, &name, value) {
        return date;
    }
    let renamed = RENAMED.iter().find(|(only, theirs, _)| *theirs == name && only.is_none_or(|t| t == tool));
    if let Some((_, theirs, ours)) = renamed {
        if tool == Tool::Meltwater && *ours == "site" {
            let note = Message::new(
                format!("{theirs}: names a source; site: wants its host name"),
                format!("{theirs}: nomme une source ; site: veut son nom d’hôte"),
            );
            return Translation::AsWithNote(format!("{ours}:{value}"), note);
        }
        return Translation::As(format!("{ours}:{value}"));
    }
    let known = Field::from_name(&name).filter(|_| !TYPE_FIELDS.contains(&name.as_str()));
    match known {
        Some(field) if field.row().name == name => Translation::Same,
        Some(field) => Translation::As(format!("{field}:{value}")),
        None => Translation::Without(reason(&name, value)),
    }
}

fn reason(name: &str, value: &str) -> Message {
    if name == "sample" {
        return Message::new(
            "samples are not part of a query; use a sample stage with a seed",
            "l’échantillon ne fait pas partie d’une requête ; utilisez une étape d’échantillon avec graine",
        );
    }
    Message::new(
        format!("{name}:{value} has no equal and was left out"),
        format!("{name}:{value} n’a pas d’équivalent et a été retiré"),
    )
}

fn dates(tool: Tool, name: &str, value: &str) -> Option<Translation> {
    match (tool, name) {
        (_, "since") => Some(Translation::As(format!("date:>={value}"))),
        (_, "until") => Some(Translation::As(format!("date:<{value}"))),
        (Tool::MediaCloud, "publish_date" | "publication_date") => {
            let inner = value.trim_matches(['[', ']', '{', '}']);
            let (low, high) = inner.split_once(" TO ")?;
            let open =
                |side: &str| if side.trim() == "*" { String::new() } else { side.trim().chars().take(10).collect() };
            Some(Translation::As(format!("date:{}..{}", open(low), open(high))))
        }
        (Tool::Talkwalker, "published") => Some(published(value)),
        _ => None,
    }
}

/// `published:>1756684800000` counts milliseconds since 1970.
fn published(value: &str) -> Translation {
    let (sign, digits) = value.split_at(value.find(|c: char| c.is_ascii_digit()).unwrap_or(0));
    let day = digits.parse::<i64>().ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    match day {
        Some(at) => {
            let day = at.to_zoned(jiff::tz::TimeZone::UTC).date();
            let sign = if sign.starts_with('<') { "<=" } else { ">=" };
            Translation::AsWithNote(
                format!("date:{sign}{day}"),
                Message::new("a moment became its whole day (UTC)", "un instant est devenu sa journée entière (UTC)"),
            )
        }
        None => Translation::Without(reason("published", value)),
    }
}
