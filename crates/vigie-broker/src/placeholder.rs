//! `{{secret:name}}` and `{{basic:user:password}}` in a request, replaced at the last moment.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use url::Url;
use vigie_plugin_host::{Code, Refusal};

use crate::secret::Secrets;

/// How a value must be written where it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A query or a form: percent-encoded.
    Form,
    /// JSON: escaped.
    Json,
    /// As it is.
    Plain,
}

/// True when `text` holds a placeholder.
pub(crate) fn any(text: &str) -> bool {
    text.contains("{{secret:") || text.contains("{{basic:")
}

/// `text` with every placeholder replaced.
///
/// # Errors
/// `Denied` for a name that is not declared, `Auth` for one without value.
pub(crate) fn filled(text: &str, place: Place, secrets: &Secrets) -> Result<String, Refusal> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("{{") {
        out.push_str(&rest[..at]);
        let inside = &rest[at + 2..];
        let named = inside.split_once("}}").and_then(|(name, after)| Some((name.split_once(':')?, after)));
        let (value, after) = match named {
            Some((("secret", name), after)) => (written(&secrets.value(name)?, place), after),
            Some((("basic", pair), after)) => (written(&basic(pair, secrets)?, place), after),
            // Braces of the service's own are none of ours.
            _ => ("{{".to_owned(), inside),
        };
        out.push_str(&value);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

fn basic(pair: &str, secrets: &Secrets) -> Result<String, Refusal> {
    let (user, password) = pair.split_once(':').ok_or_else(|| {
        Refusal::new(
            Code::Internal,
            "basic needs two secrets: {{basic:user:password}}",
            "basic demande deux secrets : {{basic:user:password}}",
        )
    })?;
    let joined = format!("{}:{}", secrets.value(user)?, secrets.value(password)?);
    let value = format!("Basic {}", STANDARD.encode(&joined));
    // The pair together is spelled differently from either alone.
    secrets.redactor().learn(&format!("{user}:{password}"), &joined, false);
    Ok(value)
}

fn written(value: &str, place: Place) -> String {
    match place {
        Place::Plain => value.to_owned(),
        Place::Form => url::form_urlencoded::byte_serialize(value.as_bytes()).collect(),
        Place::Json => {
            let quoted = serde_json::to_string(value).unwrap_or_default();
            quoted[1..quoted.len() - 1].to_owned()
        }
    }
}

/// The address with the secrets of its query filled in.
///
/// # Errors
/// `Denied` when a secret stands anywhere else than in the query, `Internal` when it is no address.
pub(crate) fn address(text: &str, secrets: &Secrets) -> Result<Url, Refusal> {
    let (place, query) = text.split_once('?').unwrap_or((text, ""));
    if any(place) || text.split_once('#').is_some_and(|(_, fragment)| any(fragment)) {
        return Err(Refusal::new(
            Code::Denied,
            "a secret may stand in the query of an address, not elsewhere in it",
            "un secret peut figurer dans la requête d'une adresse, pas ailleurs dans l'adresse",
        ));
    }
    let whole =
        if query.is_empty() { text.to_owned() } else { format!("{place}?{}", filled(query, Place::Form, secrets)?) };
    Url::parse(&whole).map_err(|error| {
        let shown = secrets.redactor().redacted(text).into_owned();
        Refusal::new(
            Code::Internal,
            format!("`{shown}` is not an address: {error}"),
            format!("`{shown}` n'est pas une adresse : {error}"),
        )
    })
}

/// The body with its secrets filled in, as its content type wants them.
pub(crate) fn body(bytes: &[u8], content_type: Option<&str>, secrets: &Secrets) -> Result<Vec<u8>, Refusal> {
    let Some(text) = std::str::from_utf8(bytes).ok().filter(|text| any(text)) else { return Ok(bytes.to_vec()) };
    let place = match content_type.unwrap_or_default() {
        t if t.starts_with("application/x-www-form-urlencoded") => Place::Form,
        t if t.contains("json") => Place::Json,
        _ => Place::Plain,
    };
    filled(text, place, secrets).map(String::into_bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn secrets() -> Secrets {
        let manifest = crate::trial::manifest(
            "[[secret]]\nname = \"token\"\nenv = \"VIGIE_T\"\n[[secret]]\nname = \"user\"\nenv = \"VIGIE_U\"\n\
             [[secret]]\nname = \"none\"\nenv = \"VIGIE_N\"\n",
        );
        let values = [("token", "a&b \"c"), ("user", "uuu")].map(|(n, v)| (n.to_owned(), v.to_owned()));
        Secrets::given(&manifest, values.into())
    }

    #[test]
    fn a_value_is_written_as_its_place_wants() {
        let secrets = secrets();
        let filled = |place| filled("x={{secret:token}};", place, &secrets).unwrap();
        assert_eq!(filled(Place::Plain), "x=a&b \"c;");
        assert_eq!(filled(Place::Form), "x=a%26b+%22c;");
        assert_eq!(filled(Place::Json), "x=a&b \\\"c;");
        assert_eq!(address("https://a/?k={{secret:token}}#f", &secrets).unwrap().as_str(), "https://a/?k=a%26b+%22c#f");
        let sent = body(b"{\"t\":\"{{secret:token}}\"}", Some("application/json"), &secrets).unwrap();
        assert_eq!(sent, b"{\"t\":\"a&b \\\"c\"}");
    }

    #[test]
    fn basic_authentication_is_made_and_hidden() {
        let secrets = secrets();
        let header = filled("{{basic:user:token}}", Place::Plain, &secrets).unwrap();
        let expected = STANDARD.encode("uuu:a&b \"c");
        assert_eq!(header, format!("Basic {expected}"));
        assert!(!secrets.redactor().redacted(&header).contains(&expected));
    }

    #[test]
    fn other_braces_stay() {
        for text in ["{{mustache}} {{ x:y }} {{", "}}{{a:b}}", "{{{{x}}}}"] {
            assert_eq!(filled(text, Place::Plain, &secrets()).unwrap(), text);
        }
    }

    #[test]
    fn what_may_not_be_is_refused() {
        let code = |result: Result<Url, Refusal>| result.unwrap_err().code;
        let secrets = secrets();
        assert_eq!(code(address("https://{{secret:token}}.evil.net/", &secrets)), Code::Denied);
        assert_eq!(code(address("https://a/{{secret:token}}", &secrets)), Code::Denied);
        assert_eq!(code(address("https://a/?x={{secret:other}}", &secrets)), Code::Denied);
        assert_eq!(code(address("https://a/?x={{secret:none}}", &secrets)), Code::Auth);
        assert_eq!(code(address("not an address", &secrets)), Code::Internal);
    }
}
