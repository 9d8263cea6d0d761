//! Keeps secrets out of everything that is written down: values known to be secret, in whatever spelling, and query
//! keys that usually carry one.

use std::borrow::Cow;
use std::sync::{PoisonError, RwLock};

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// Query keys whose values are never shown.
const KEYS: &[&str] = &[
    "key",
    "api_key",
    "apikey",
    "access_token",
    "refresh_token",
    "client_secret",
    "token",
    "sid",
    "password",
    "signature",
    "sig",
];
const LONGEST_KEY: usize = 13;
/// Fields of JSON answers whose values are never recorded.
const FIELDS: &[&str] =
    &["access_token", "refresh_token", "id_token", "client_secret", "password", "accessJwt", "refreshJwt", "api_key"];
/// What stands for a hidden value.
const HIDDEN: &str = "[hidden]";
/// Shorter values are hidden in what is written down, but not taken out of what a service answers.
const LONG_ENOUGH: usize = 8;

/// Knows the secrets of one source.
#[derive(Debug, Default)]
pub struct Redactor {
    known: RwLock<Known>,
}

/// What is known, and the searches for it.
#[derive(Debug, Default)]
struct Known {
    spellings: Vec<Spelling>,
    all: Option<Search>,
    long: Option<Search>,
    unseen: Option<Search>,
}

#[derive(Clone, Debug)]
struct Spelling {
    text: String,
    instead: String,
    /// The plugin may ask for the value, so taking it out of answers protects nothing.
    exposed: bool,
}

impl Spelling {
    fn long(&self) -> bool {
        self.text.len() >= LONG_ENOUGH
    }
}

/// Finds spellings, the longest where several begin, in one pass.
#[derive(Debug)]
struct Search {
    automaton: AhoCorasick,
    instead: Vec<String>,
}

impl Search {
    /// `None` when there is nothing to look for.
    fn of<'s>(spellings: impl Iterator<Item = &'s Spelling>) -> Option<Self> {
        let (texts, instead): (Vec<&str>, Vec<String>) =
            spellings.map(|s| (s.text.as_str(), s.instead.clone())).unzip();
        let automaton = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&texts).ok()?;
        (!texts.is_empty()).then_some(Self { automaton, instead })
    }
}

impl Redactor {
    /// Learns a secret. Empty values are no secrets.
    pub(crate) fn learn(&self, name: &str, value: &str, exposed: bool) {
        let json = serde_json::to_string(value).unwrap_or_default();
        let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        let spellings = [
            value.to_owned(),
            encoded.replace('+', "%20"),
            encoded,
            json[1..json.len() - 1].to_owned(),
            STANDARD.encode(value),
            STANDARD_NO_PAD.encode(value),
            URL_SAFE_NO_PAD.encode(value),
        ];
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        for text in spellings {
            if !text.is_empty() && known.spellings.iter().all(|k| k.text != text) {
                known.spellings.push(Spelling { text, instead: format!("{{{{secret:{name}}}}}"), exposed });
            }
        }
        known.all = Search::of(known.spellings.iter());
        known.long = Search::of(known.spellings.iter().filter(|s| s.long()));
        known.unseen = Search::of(known.spellings.iter().filter(|s| s.long() && !s.exposed));
    }

    /// `text` without values of secrets and without those of telling query keys.
    pub fn redacted<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let hidden = without_keys(text);
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        match known.all.as_ref().filter(|s| s.automaton.is_match(hidden.as_ref())) {
            None => hidden,
            Some(search) => Cow::Owned(search.automaton.replace_all(&hidden, &search.instead)),
        }
    }

    /// True when `text` holds the value of a secret.
    pub fn holds_secret(&self, text: &str) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.long.as_ref().is_some_and(|s| s.automaton.is_match(text))
    }

    /// A service's answer without the values that the plugin may not see, or `None` when there are none in it.
    pub(crate) fn unseen(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let search = known.unseen.as_ref().filter(|s| s.automaton.is_match(bytes))?;
        Some(search.automaton.replace_all_bytes(bytes, &search.instead))
    }
}

/// `text` in which `?key=value` and `&token=value` have lost their values. Placeholders stay.
fn without_keys(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut from = 0;
    for (at, _) in text.match_indices(['?', '&']) {
        let rest = &text[at + 1..];
        // No key is longer; a text of a million `&` is still read once.
        let Some(length) = rest.bytes().take(LONGEST_KEY + 1).position(|b| b == b'=') else { continue };
        let (name, value) = (&rest[..length], &rest[length + 1..]);
        if at < from || !KEYS.iter().any(|key| name.eq_ignore_ascii_case(key)) || value.starts_with("{{") {
            continue;
        }
        let start = at + 1 + name.len() + 1;
        let end = value.find(|c: char| c.is_whitespace() || "&#\"'<>`)".contains(c)).unwrap_or(value.len());
        out.push_str(&text[from..start]);
        out.push_str(HIDDEN);
        from = start + end;
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[from..]);
    Cow::Owned(out)
}

/// A form's body as it may be written down.
pub(crate) fn form(body: &str) -> String {
    without_keys(&format!("?{body}"))[1..].to_owned()
}

/// A JSON text in which fields such as `access_token` have lost their values; everything else stays byte for byte.
pub(crate) fn fields(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut from = 0;
    for (at, _) in text.match_indices('"') {
        let Some((name, rest)) = text[at + 1..].split_once('"') else { break };
        if at < from || !FIELDS.contains(&name) {
            continue;
        }
        let value = rest.trim_start().strip_prefix(':').map(str::trim_start).and_then(|v| v.strip_prefix('"'));
        let Some(value) = value else { continue };
        let start = text.len() - value.len();
        out.push_str(&text[from..start]);
        out.push_str(HIDDEN);
        from = start + string_end(value);
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[from..]);
    Cow::Owned(out)
}

/// Bytes before the quote that ends a JSON string.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knowing(value: &str) -> Redactor {
        let redactor = Redactor::default();
        redactor.learn("token", value, false);
        redactor
    }

    #[test]
    fn a_secret_is_hidden_in_every_spelling() {
        let secret = "p@ss wörd/\"+=é";
        let redactor = knowing(secret);
        let url: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let spellings = [
            secret.to_owned(),
            url.clone(),
            url.replace('+', "%20"),
            serde_json::to_string(secret).unwrap_or_default(),
            STANDARD.encode(secret),
        ];
        for spelling in spellings {
            let shown = redactor.redacted(&format!("<{spelling}>")).into_owned();
            assert!(shown.contains("{{secret:token}}"), "{shown}");
            assert!(!shown.contains("rd/") && !shown.contains("%2F"), "{shown}");
            assert!(redactor.holds_secret(&spelling));
        }
    }

    #[test]
    fn no_key_is_longer_than_is_looked_for() {
        assert!(KEYS.iter().all(|key| key.len() <= LONGEST_KEY));
        let long = "&".repeat(1 << 20);
        assert_eq!(Redactor::default().redacted(&long), long);
    }

    #[test]
    fn query_keys_lose_their_values() {
        let redactor = Redactor::default();
        let cases = [
            ("GET https://a/?q=1&key=abc&page=2", "GET https://a/?q=1&key=[hidden]&page=2"),
            ("https://a/?API_KEY=abc#x", "https://a/?API_KEY=[hidden]#x"),
            ("\"https://a/?access_token=abc\"", "\"https://a/?access_token=[hidden]\""),
            ("?token=a&sid=b c", "?token=[hidden]&sid=[hidden] c"),
            ("https://a/?pageToken=abc&keyword=x", "https://a/?pageToken=abc&keyword=x"),
            ("https://a/?key={{secret:key}}", "https://a/?key={{secret:key}}"),
            ("nothing & nobody = here", "nothing & nobody = here"),
        ];
        for (text, expected) in cases {
            assert_eq!(redactor.redacted(text), expected);
        }
        assert_eq!(form("token=abc&grant=x"), "token=[hidden]&grant=x");
    }

    #[test]
    fn fields_of_an_answer_lose_their_values() {
        let text = r#"{"access_token": "a\"b", "refreshJwt":"c","n":"access_token", "password" : 3}"#;
        let expected = r#"{"access_token": "[hidden]", "refreshJwt":"[hidden]","n":"access_token", "password" : 3}"#;
        assert_eq!(fields(text), expected);
        assert_eq!(fields("{}"), "{}");
    }

    #[test]
    fn answers_are_cleared_of_what_the_plugin_may_not_see() {
        let redactor = knowing("0123456789");
        assert_eq!(redactor.unseen(b"a0123456789b0123456789"), Some(b"a{{secret:token}}b{{secret:token}}".to_vec()));
        assert_eq!(redactor.unseen(b"nothing"), None);
        let exposed = Redactor::default();
        exposed.learn("token", "0123456789", true);
        assert_eq!(exposed.unseen(b"0123456789"), None);
        // A value of three letters would spoil ordinary words.
        assert_eq!(knowing("abc").unseen(b"abc"), None);
    }

    proptest::proptest! {
        #[test]
        fn nothing_of_a_secret_is_left(secret in "[a-zA-Z0-9+/=%\"]{12,40}", before in ".{0,20}", after in ".{0,20}") {
            let redactor = knowing(&secret);
            let text = format!("{before}{secret}{after}");
            proptest::prop_assert!(!redactor.redacted(&text).contains(&secret));
            proptest::prop_assert!(!String::from_utf8_lossy(&redactor.unseen(text.as_bytes()).unwrap_or_default()).contains(&secret));
        }
    }
}
