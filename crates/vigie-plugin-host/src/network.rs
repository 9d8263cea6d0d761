//! Which addresses a plugin may ask for: the `hosts` of its manifest, some of them taken from its options.

use std::net::IpAddr;

use serde_json::Value;
use url::{Host, Url};
use vigie_model::diagnostic::Bilingual;

use crate::manifest::Network;

/// Start of a host that stands in the options.
const POINTER: &str = "config:";

/// One entry of `hosts`, resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostRule {
    host: String,
    below: bool,
    port: Option<u16>,
    plain: bool,
}

impl HostRule {
    /// The rule of `api.example.org`, `*.example.org`, `example.org:8443` or `http://example.org`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Bilingual> {
        let (plain, name) = match text.split_once("://") {
            Some(("http", name)) => (true, name),
            Some(("https", name)) => (false, name),
            Some((scheme, _)) => {
                return Err(Bilingual::new(
                    format!("`{scheme}` is neither http nor https"),
                    format!("`{scheme}` n'est ni http ni https"),
                ));
            }
            None => (false, text),
        };
        let (below, name) = name.strip_prefix("*.").map_or((false, name), |rest| (true, rest));
        let wrong = || {
            Bilingual::new(format!("`{text}` is not the name of a host"), format!("`{text}` n'est pas un nom d'hôte"))
        };
        // The parser of addresses does the international names, the brackets and the ports.
        let url = Url::parse(&format!("https://{name}")).map_err(|_| wrong())?;
        let host = url.host_str().filter(|h| !h.contains('*')).ok_or_else(wrong)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Bilingual::new(
                "an address with a name or password in it; use a secret",
                "une adresse qui contient un nom ou un mot de passe ; utilisez un secret",
            ));
        }
        Ok(Self { host: host.to_owned(), below, port: explicit_port(name), plain })
    }

    fn allows(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else { return false };
        let named = if self.below {
            host.strip_suffix(self.host.as_str()).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
        } else {
            host == self.host
        };
        let near = is_loopback(url);
        let scheme = match url.scheme() {
            "https" => true,
            "http" => self.plain || near,
            _ => false,
        };
        let port = match self.port {
            Some(port) => url.port_or_known_default() == Some(port),
            None => url.port().is_none() || near,
        };
        named && scheme && port
    }
}

/// The port that `host:port/path` names, the scheme's own included.
fn explicit_port(name: &str) -> Option<u16> {
    let authority = name.split(['/', '?', '#']).next()?;
    let (_, port) = authority.rsplit_once(':')?;
    port.parse().ok()
}

/// True for this machine itself: `localhost`, 127.0.0.0/8, `::1`.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        None => false,
    }
}

/// How far a source reaches: the addresses and methods it may ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    hosts: Vec<HostRule>,
    /// Those of the hosts that are sites.
    sites: Vec<HostRule>,
    methods: Vec<String>,
}

impl Reach {
    /// The reach of a manifest, its `config:/pointer` hosts looked up in the complete options.
    ///
    /// # Errors
    /// Hosts in the options that cannot be one: their pointer and what is wrong.
    pub fn of(network: &Network, options: &Value) -> Result<Self, Vec<(String, Bilingual)>> {
        let (mut hosts, mut sites) = (Vec::new(), Vec::new());
        let mut wrong = Vec::new();
        for entry in &network.hosts {
            let (plain, name) = entry.strip_prefix("http://").map_or((false, entry.as_str()), |rest| (true, rest));
            let mut rules = Vec::new();
            if let Some(pointer) = name.strip_prefix(POINTER) {
                for (at, text) in texts(options, pointer) {
                    match HostRule::parse(text) {
                        // Whether plain HTTP will do is for the manifest to say; the option may only ask for it.
                        Ok(rule) => rules.push(HostRule { plain: plain && rule.plain, ..rule }),
                        Err(what) => wrong.push((at, what)),
                    }
                }
            } else {
                // The manifest was checked when it was read.
                rules.extend(HostRule::parse(name).map(|rule| HostRule { plain, ..rule }));
            }
            if network.pages.contains(entry) {
                sites.extend_from_slice(&rules);
            }
            hosts.append(&mut rules);
        }
        let methods = if network.methods.is_empty() {
            vec!["GET".to_owned(), "HEAD".to_owned()]
        } else {
            network.methods.iter().map(|m| m.to_ascii_uppercase()).collect()
        };
        if wrong.is_empty() { Ok(Self { hosts, sites, methods }) } else { Err(wrong) }
    }

    /// True when `url` may be asked for.
    pub fn allow_url(&self, url: &Url) -> bool {
        self.hosts.iter().any(|rule| rule.allows(url))
    }

    /// True when `url` leads to a site whose pages are read.
    pub fn is_site(&self, url: &Url) -> bool {
        self.sites.iter().any(|rule| rule.allows(url))
    }

    /// True when `url` would be allowed if it were https.
    pub fn allow_encrypted(&self, url: &Url) -> bool {
        let mut encrypted = url.clone();
        encrypted.set_scheme("https").is_ok() && self.allow_url(&encrypted)
    }

    /// True when the method is declared.
    pub fn allow_method(&self, method: &str) -> bool {
        self.methods.iter().any(|m| m == method)
    }
}

/// The text at `pointer`, or the texts of the array there, each with its own pointer.
fn texts<'v>(options: &'v Value, pointer: &str) -> Vec<(String, &'v str)> {
    match options.pointer(pointer) {
        Some(Value::String(text)) => vec![(pointer.to_owned(), text)],
        Some(Value::Array(items)) => {
            let item = |(index, item): (usize, &'v Value)| Some((format!("{pointer}/{index}"), item.as_str()?));
            items.iter().enumerate().filter_map(item).collect()
        }
        _ => Vec::new(),
    }
}

/// What is wrong with an entry of `hosts` as the manifest has it.
pub(crate) fn problem(entry: &str) -> Option<Bilingual> {
    let name = entry.strip_prefix("http://").unwrap_or(entry);
    match name.strip_prefix(POINTER) {
        Some(pointer) if pointer.starts_with('/') => None,
        Some(pointer) => Some(Bilingual::new(
            format!("`{pointer}` is no pointer into the options, such as `config:/instance`"),
            format!("`{pointer}` n'est pas un pointeur vers une option, tel que `config:/instance`"),
        )),
        None => HostRule::parse(entry).err(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use serde_json::json;

    use super::*;

    fn reach(hosts: &[&str], options: &Value) -> Reach {
        let network = Network { hosts: hosts.iter().map(|h| (*h).to_owned()).collect(), ..Network::default() };
        Reach::of(&network, options).unwrap()
    }

    #[test]
    fn sites_are_those_of_the_hosts_that_are_named_as_such() {
        let network = Network {
            hosts: vec!["api.example".into(), "config:/sites".into()],
            pages: vec!["config:/sites".into()],
            ..Network::default()
        };
        let reach = Reach::of(&network, &json!({ "sites": ["news.example", "*.press.example"] })).unwrap();
        let is_site = |url: &str| reach.is_site(&Url::parse(url).unwrap());
        assert!(is_site("https://news.example/a") && is_site("https://www.press.example/"));
        assert!(!is_site("https://api.example/") && !is_site("https://other.example/"));
    }

    fn allowed(hosts: &[&str], url: &str) -> bool {
        reach(hosts, &Value::Null).allow_url(&Url::parse(url).unwrap())
    }

    #[test]
    fn names_are_exact() {
        assert!(allowed(&["api.example.org"], "https://api.example.org/v1?q=1"));
        assert!(allowed(&["api.example.org"], "https://API.example.org/"));
        for other in [
            "https://example.org/",
            "https://api.example.org.evil.net/",
            "https://evilapi.example.org/",
            "https://api.example.org:8443/",
            "http://api.example.org/",
            "ftp://api.example.org/",
        ] {
            assert!(!allowed(&["api.example.org"], other), "{other}");
        }
    }

    #[test]
    fn a_star_stands_for_names_below() {
        assert!(allowed(&["*.example.org"], "https://a.b.example.org/"));
        assert!(!allowed(&["*.example.org"], "https://example.org/"));
        assert!(!allowed(&["*.example.org"], "https://badexample.org/"));
    }

    #[test]
    fn a_name_in_the_address_fools_nobody() {
        assert!(!allowed(&["good.org"], "https://good.org@evil.net/"));
        assert!(!allowed(&["good.org"], "https://evil.net/?good.org"));
        assert!(!allowed(&["good.org"], "https://evil.net#good.org"));
        assert!(!allowed(&["good.org"], "https://good.org%2eevil.net/"));
    }

    #[test]
    fn plain_http_is_for_this_machine_and_for_manifests_that_say_so() {
        assert!(allowed(&["http://old.example.org"], "http://old.example.org/feed"));
        assert!(allowed(&["http://old.example.org"], "https://old.example.org/feed"));
        assert!(allowed(&["127.0.0.1"], "http://127.0.0.1:40123/x"));
        assert!(allowed(&["localhost"], "http://localhost:40123/x"));
        assert!(!allowed(&["10.0.0.1"], "http://10.0.0.1/x"));
    }

    #[test]
    fn hosts_come_from_the_options() {
        let options =
            json!({"instance": "https://forum.québec.example/c", "feeds": ["http://a.org/rss", "b.org:8080"]});
        let rules = reach(&["config:/instance", "config:/feeds"], &options);
        let may = |url: &str| rules.allow_url(&Url::parse(url).unwrap());
        assert!(may("https://forum.québec.example/latest.json"));
        assert!(may("https://a.org/rss"));
        assert!(!may("http://a.org/rss"), "the manifest does not say http");
        assert!(may("https://b.org:8080/"));
        assert!(!may("https://b.org/"));
        let rules = reach(&["http://config:/feeds"], &options);
        assert!(rules.allow_url(&Url::parse("http://a.org/rss").unwrap()));
        assert!(!rules.allow_url(&Url::parse("http://b.org:8080/").unwrap()), "the option does not say http");
    }

    #[test]
    fn wrong_hosts_are_named() {
        let network = Network { hosts: vec!["config:/feeds".into()], ..Network::default() };
        let wrong = Reach::of(&network, &json!({"feeds": ["ok.org", "ftp://x.org", "https://a:b@c.org"]}));
        let pointers: Vec<_> = wrong.unwrap_err().into_iter().map(|(at, _)| at).collect();
        assert_eq!(pointers, ["/feeds/1", "/feeds/2"]);
        assert!(problem("config:instance").is_some());
        assert!(problem("a b").is_some());
        assert!(problem("*.example.org").is_none() && problem("http://config:/x").is_none());
    }

    #[test]
    fn methods_are_get_and_head_unless_listed() {
        let some = reach(&[], &Value::Null);
        assert!(some.allow_method("GET") && some.allow_method("HEAD") && !some.allow_method("POST"));
    }
}
