//! One row of `mentions/1`, as a source gives it.

/// One public utterance, borrowed from wherever the source has it; nothing is allocated per row.
///
/// Times are microseconds since 1970-01-01T00:00:00Z ([`crate::time::parse`] reads RFC 3339). `None` means unknown,
/// which is never zero; an empty list means that there is none. Of something of which only the place may be kept, give
/// a stub: `text_origin: Some("id_only")`, without title and text.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mention<'a> {
    /// Id, unique inside the platform. Never empty.
    pub native_id: &'a str,
    /// What readers call the place: `x`, `reddit`, `news`, …
    pub platform: &'a str,
    /// Ids of the queries ([`crate::Query::id`]) that found it, when the source searched.
    pub query_ids: Option<&'a [&'a str]>,
    /// `post`, `comment`, `reply`, `repost`, `article`, `review`, `video`, `audio` or `photo`.
    pub kind: &'a str,
    /// Best public link.
    pub url: Option<&'a str>,
    /// The article's own address, without what counts clicks.
    pub canonical_url: Option<&'a str>,
    /// When it was published.
    pub published_at: i64,
    /// How exact that is: `us`, `s`, `min`, `hour`, `day`, `month`.
    pub published_precision: Option<&'a str>,
    /// Who says so: `platform`, `feed`, `seen`, `import` or `collected`.
    pub published_source: Option<&'a str>,
    /// When its content was last changed.
    pub edited_at: Option<i64>,
    /// `live`, `edited`, `gone`, `removed`, `author_gone`, `withheld` or `unknown`.
    pub status: Option<&'a str>,
    /// When the status was found.
    pub status_at: Option<i64>,
    /// Stable id of the author on the platform.
    pub author_id: Option<&'a str>,
    /// Handle without `@`.
    pub author_handle: Option<&'a str>,
    /// Name as displayed.
    pub author_name: Option<&'a str>,
    /// `person`, `brand`, `media`, `bot` or `staff`.
    pub author_kind: Option<&'a str>,
    /// Followers at the time of collection.
    pub author_followers: Option<i64>,
    /// The platform vouches for who it is.
    pub author_verified: Option<bool>,
    /// Stable id of the subreddit, channel, outlet, application, …
    pub venue_id: Option<&'a str>,
    /// Its name.
    pub venue_name: Option<&'a str>,
    /// Its subscribers.
    pub venue_followers: Option<i64>,
    /// Title, plain text.
    pub title: Option<&'a str>,
    /// Text, plain.
    pub text: Option<&'a str>,
    /// `full`, `excerpt`, `title_only`, `transcript` or `id_only`.
    pub text_origin: Option<&'a str>,
    /// The platform cut the text.
    pub text_truncated: Option<bool>,
    /// Language the platform states, BCP 47 primary subtag.
    pub lang: Option<&'a str>,
    /// What it answers, `<platform>:<native_id>`.
    pub parent_id: Option<&'a str>,
    /// What the whole conversation began with, `<platform>:<native_id>`.
    pub conversation_id: Option<&'a str>,
    /// What it quotes or reposts, `<platform>:<native_id>`.
    pub quoted_id: Option<&'a str>,
    /// Id or handle of whom it answers.
    pub in_reply_to_author: Option<&'a str>,
    /// Handles it names, lower case, without `@`.
    pub mentions_of: Option<&'a [&'a str]>,
    /// Hashtags without `#`, as written.
    pub hashtags: Option<&'a [&'a str]>,
    /// Links in the text, whole.
    pub links: Option<&'a [&'a str]>,
    /// Pictures and films shown with it; the addresses may expire.
    pub media_urls: Option<&'a [&'a str]>,
    /// Likes.
    pub likes: Option<i64>,
    /// Dislikes.
    pub dislikes: Option<i64>,
    /// Shares, reposts.
    pub shares: Option<i64>,
    /// Quotations.
    pub quotes: Option<i64>,
    /// Replies, comments.
    pub replies: Option<i64>,
    /// Bookmarks.
    pub bookmarks: Option<i64>,
    /// Views.
    pub views: Option<i64>,
    /// Votes for less votes against.
    pub score: Option<i64>,
    /// Reactions by kind, a JSON object: `{"angry": 3}`.
    pub reactions: Option<&'a str>,
    /// All engagement, only when a tool gives a total and no parts.
    pub engagement_total: Option<i64>,
    /// When the counts were read.
    pub metrics_at: Option<i64>,
    /// Rating from 0, the worst of its scale, to 1, the best.
    pub rating: Option<f64>,
    /// Rating as given, 4.
    pub rating_raw: Option<f64>,
    /// Best rating possible, 5.
    pub rating_scale: Option<f64>,
    /// How many it may have reached.
    pub reach_est: Option<f64>,
    /// What that counts: `impressions`, `views`, `readers`, `followers`, `venue` or `tool_estimate`.
    pub reach_kind: Option<&'a str>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<&'a str>,
    /// Whose country: `author`, `content`, `source` or `storefront`.
    pub country_of: Option<&'a str>,
    /// Region inside the country.
    pub region: Option<&'a str>,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lon: Option<f64>,
    /// Tone from -1 to 1 as another tool gives it.
    pub tool_sentiment: Option<f64>,
    /// `keep`, `refresh_30d`, `refresh_or_delete`, `ids_only` or `aggregate_only`.
    pub retention: Option<&'a str>,
    /// `yes`, `attribution`, `link_only` or `no`.
    pub quote_ok: Option<&'a str>,
}
