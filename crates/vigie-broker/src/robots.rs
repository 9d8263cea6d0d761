//! `robots.txt` of the sites whose pages a plugin reads (RFC 9309): what a site said in this run, and what follows.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use robotxt::{AccessResult, Robots};
use url::Url;
use vigie_model::diagnostic::Bilingual;
use vigie_plugin_host::{Code, HttpResponse, Refusal};

/// What robots.txt calls this program.
const NAME: &str = "vigie";
/// Longest pause between two pages that a site may ask for.
const LONGEST_DELAY: Duration = Duration::from_mins(1);

/// What a site lets robots do.
pub(crate) enum Rules {
    Said(Robots),
    /// The file could not be asked for; until it can, no page may be.
    Unreachable(Bilingual),
}

/// The sites that were asked in this run, by scheme, host and port.
#[derive(Default)]
pub(crate) struct Sites(Mutex<BTreeMap<String, Arc<Rules>>>);

impl Sites {
    pub(crate) fn known(&self, page: &Url) -> Option<Arc<Rules>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&site(page)).cloned()
    }

    pub(crate) fn keep(&self, page: &Url, rules: Rules) -> Arc<Rules> {
        let rules = Arc::new(rules);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(site(page), Arc::clone(&rules));
        rules
    }
}

/// `https://example.org:8443`.
pub(crate) fn site(page: &Url) -> String {
    page.origin().ascii_serialization()
}

/// The address of the file, beside any page of the site.
pub(crate) fn address(page: &Url) -> Url {
    let mut address = page.clone();
    address.set_path("/robots.txt");
    address.set_query(None);
    address.set_fragment(None);
    address
}

impl Rules {
    /// What follows from the answer of a site; `None` when the whole run is being given up, by the user or for want of
    /// requests.
    pub(crate) fn of(answer: &Result<HttpResponse, Refusal>) -> Option<Self> {
        let unreachable = |message: Bilingual| Some(Self::Unreachable(message));
        match answer {
            Ok(answer) => match answer.status {
                200..=299 => Some(Self::Said(Robots::from_access(AccessResult::Successful(&answer.body), NAME))),
                // A site that wants fewer requests is not one without rules.
                status @ (429 | 500..) => {
                    unreachable(Bilingual::new(format!("it answered {status}"), format!("il a répondu {status}")))
                }
                _ => Some(Self::Said(Robots::from_access(AccessResult::Unavailable, NAME))),
            },
            Err(refusal) if matches!(refusal.code, Code::Cancelled | Code::Quota) => None,
            Err(refusal) => unreachable(refusal.message.clone()),
        }
    }

    /// Whether `page` may be asked for; `shown` is its address without secrets.
    ///
    /// # Errors
    /// `Denied` when the site keeps robots out of it, `Network` when the site did not say.
    pub(crate) fn admit(&self, page: &Url, shown: &str) -> Result<(), Refusal> {
        match self {
            Self::Said(robots) if robots.is_url_allowed(page) => Ok(()),
            Self::Said(_) => Err(Refusal::new(
                Code::Denied,
                format!("robots.txt of the site keeps robots out of {shown}"),
                format!("le robots.txt du site tient les robots à l'écart de {shown}"),
            )
            .hint(
                "leave this address out, or ask the owner of the site to let `vigie` in",
                "laissez cette adresse de côté, ou demandez au propriétaire du site d'y admettre `vigie`",
            )),
            Self::Unreachable(why) => Err(Refusal::new(
                Code::Network,
                format!("robots.txt of {} cannot be read, so no page there is asked for: {}", site(page), why.en),
                format!(
                    "le robots.txt de {} est illisible, aucune page n'y est donc demandée : {}",
                    site(page),
                    why.fr
                ),
            )),
        }
    }

    /// The pause that the site wants between two pages.
    pub(crate) fn delay(&self) -> Option<Duration> {
        match self {
            Self::Said(robots) => robots.crawl_delay().map(|delay| delay.min(LONGEST_DELAY)),
            Self::Unreachable(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn page(url: &str) -> Url {
        Url::parse(url).unwrap()
    }

    fn answered(status: u16, body: &str) -> HttpResponse {
        HttpResponse { status, body: body.into(), ..HttpResponse::default() }
    }

    fn admits(answer: &Result<HttpResponse, Refusal>, url: &str) -> Result<(), Code> {
        Rules::of(answer).unwrap().admit(&page(url), url).map_err(|refusal| refusal.code)
    }

    #[test]
    fn each_site_has_its_own_file() {
        assert_eq!(address(&page("https://a.example:8443/x/y?q=1#z")).as_str(), "https://a.example:8443/robots.txt");
        let sites = Sites::default();
        sites.keep(&page("https://a.example/x"), Rules::of(&Ok(answered(404, ""))).unwrap());
        assert!(sites.known(&page("https://a.example/y?z")).is_some());
        for other in ["http://a.example/", "https://a.example:8443/", "https://b.example/"] {
            assert!(sites.known(&page(other)).is_none(), "{other}");
        }
    }

    #[test]
    fn the_group_of_this_program_counts_else_that_of_all() {
        let file = "User-agent: *\nDisallow: /\n\nUser-agent: Vigie\nDisallow: /private\nCrawl-delay: 7\n";
        assert_eq!(admits(&Ok(answered(200, file)), "https://a.example/news"), Ok(()));
        assert_eq!(admits(&Ok(answered(200, file)), "https://a.example/private/x"), Err(Code::Denied));
        assert_eq!(Rules::of(&Ok(answered(200, file))).unwrap().delay(), Some(Duration::from_secs(7)));
        let others = "User-agent: somebot\nDisallow: /\n\nUser-agent: *\nDisallow: /*?page=\nCrawl-delay: 9000\n";
        assert_eq!(admits(&Ok(answered(200, others)), "https://a.example/news?page=2"), Err(Code::Denied));
        assert_eq!(admits(&Ok(answered(200, others)), "https://a.example/news"), Ok(()));
        assert_eq!(Rules::of(&Ok(answered(200, others))).unwrap().delay(), Some(LONGEST_DELAY));
    }

    #[test]
    fn no_file_means_no_rule_and_no_answer_means_no_page() {
        let url = "https://a.example/news";
        for status in [301, 401, 403, 404, 410] {
            assert_eq!(admits(&Ok(answered(status, "User-agent: *\nDisallow: /")), url), Ok(()), "{status}");
        }
        for status in [429, 500, 503] {
            assert_eq!(admits(&Ok(answered(status, "")), url), Err(Code::Network), "{status}");
        }
        let refused = |code| Err(Refusal::new(code, "no", "non"));
        assert_eq!(admits(&refused(Code::Network), url), Err(Code::Network));
        assert_eq!(admits(&refused(Code::Denied), url), Err(Code::Network), "it leads to a host that is not declared");
        for code in [Code::Cancelled, Code::Quota] {
            assert!(Rules::of(&refused(code)).is_none());
        }
    }

    #[test]
    fn rubbish_is_no_rule() {
        for body in ["", "<html>Disallow: /</html>", "\0\0\0", "Disallow: /"] {
            assert_eq!(admits(&Ok(answered(200, body)), "https://a.example/news"), Ok(()), "{body:?}");
        }
    }
}
