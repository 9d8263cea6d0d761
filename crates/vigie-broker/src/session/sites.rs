//! Requests for pages of sites: none that robots.txt forbids.

use std::collections::BTreeMap;
use std::sync::Arc;

use url::Url;
use vigie_plugin_host::{Errand, Refusal};

use super::{Prepared, Session, TIMEOUT};
use crate::robots::{self, Rules};
use crate::transport::Shown;

impl Session {
    /// Lets a page pass that its site lets robots read, at the pace that the site asks for. The site is asked once in a
    /// run; services that are meant for programs are not asked at all.
    pub(super) fn admit(&self, request: &Prepared, errand: Errand<'_>) -> Result<(), Refusal> {
        let page = &request.url;
        if request.is_robots || !self.reach.is_site(page) || page.path() == "/robots.txt" {
            return Ok(());
        }
        let rules = match self.hub.sites.known(page) {
            Some(rules) => rules,
            None => self.ask_site(page, errand)?,
        };
        rules.admit(page, &request.shown.url)?;
        let Some(delay) = rules.delay() else { return Ok(()) };
        let key = format!("robots.txt/{}", robots::site(page));
        let wait = self.hub.paces.draw(&key, (1, delay, 1), 1, self.hub.clock.now());
        if wait.is_zero() || self.hub.clock.wait(wait, errand) { Ok(()) } else { Err(Refusal::cancelled()) }
    }

    fn ask_site(&self, page: &Url, errand: Errand<'_>) -> Result<Arc<Rules>, Refusal> {
        let url = robots::address(page);
        let shown = Shown { method: "GET".to_owned(), url: url.to_string(), ..Shown::default() };
        let request = Prepared {
            method: "GET".to_owned(),
            url,
            headers: BTreeMap::new(),
            body: Vec::new(),
            shown,
            secret: Vec::new(),
            secret_body: false,
            timeout: TIMEOUT,
            retry: true,
            bucket: None,
            is_robots: true,
        };
        let answer = self.follow(request, errand);
        match Rules::of(&answer) {
            Some(rules) => Ok(self.hub.sites.keep(page, rules)),
            None => Err(answer.err().unwrap_or_else(Refusal::cancelled)),
        }
    }
}
