//! Answers of this run that the service can confirm instead of sending them again.
//!
//! They live as long as the run: bodies hold names of people, and nothing of that kind is kept outside the archive. What
//! a plugin wants to remember between runs, an `ETag` for instance, it keeps in its state.

use std::collections::{BTreeMap, VecDeque};

use vigie_plugin_host::{HttpRequest, HttpResponse};

/// Longest body worth keeping.
const LONGEST: usize = 4 << 20;
/// Most bytes of bodies kept.
const MOST: usize = 64 << 20;
/// Headers with which a plugin asks for a confirmation itself.
const CONDITIONS: [&str; 4] = ["if-none-match", "if-modified-since", "if-match", "range"];

/// Answers by request.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    answers: BTreeMap<String, HttpResponse>,
    oldest: VecDeque<String>,
    bytes: usize,
}

/// What identifies a request whose answer may be confirmed; `None` when it is none of those.
pub(crate) fn key(request: &HttpRequest) -> Option<String> {
    let plain = request.method == "GET"
        && request.cache
        && request.body.is_empty()
        && CONDITIONS.iter().all(|name| !request.headers.contains_key(*name));
    plain.then(|| format!("{} {:?}", request.url, request.headers))
}

impl Memory {
    /// Headers that ask whether the answer to `key` still holds.
    pub(crate) fn conditions(&self, key: &str) -> Vec<(&'static str, String)> {
        let Some(answer) = self.answers.get(key) else { return Vec::new() };
        let conditions = [("if-none-match", "etag"), ("if-modified-since", "last-modified")];
        conditions.iter().filter_map(|(ask, given)| Some((*ask, answer.header(given)?.to_owned()))).collect()
    }

    /// The answer that a 304 confirms.
    pub(crate) fn confirmed(&self, key: &str) -> Option<HttpResponse> {
        self.answers.get(key).cloned()
    }

    /// Keeps an answer if it can be confirmed later.
    pub(crate) fn keep(&mut self, key: String, answer: &HttpResponse) {
        let may_be_kept = answer.status == 200
            && answer.body.len() <= LONGEST
            && (answer.header("etag").is_some() || answer.header("last-modified").is_some())
            && !answer.header("cache-control").is_some_and(|v| v.to_ascii_lowercase().contains("no-store"));
        if !may_be_kept {
            return;
        }
        self.bytes += answer.body.len();
        match self.answers.insert(key.clone(), answer.clone()) {
            Some(old) => self.bytes -= old.body.len(),
            None => self.oldest.push_back(key),
        }
        while self.bytes > MOST {
            let Some(old) = self.oldest.pop_front().and_then(|key| self.answers.remove(&key)) else { break };
            self.bytes -= old.body.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(headers: &[(&str, &str)], body: usize) -> HttpResponse {
        let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), vec![(*v).to_owned()])).collect();
        HttpResponse { status: 200, headers, body: vec![0; body] }
    }

    #[test]
    fn what_can_be_confirmed_is_kept() {
        let mut memory = Memory::default();
        memory.keep("a".into(), &answer(&[("etag", "\"1\""), ("last-modified", "Fri")], 3));
        memory.keep("b".into(), &answer(&[], 3));
        memory.keep("c".into(), &answer(&[("etag", "\"1\""), ("cache-control", "private, No-Store")], 3));
        memory.keep("d".into(), &answer(&[("etag", "\"1\"")], LONGEST + 1));
        assert_eq!(
            memory.conditions("a"),
            [("if-none-match", "\"1\"".to_owned()), ("if-modified-since", "Fri".to_owned())]
        );
        assert!(["b", "c", "d"].iter().all(|key| memory.confirmed(key).is_none()));
    }

    #[test]
    fn the_oldest_make_room() {
        let mut memory = Memory::default();
        for number in 0..40 {
            memory.keep(number.to_string(), &answer(&[("etag", "\"1\"")], 2 << 20));
        }
        assert!(memory.bytes <= MOST);
        assert!(memory.confirmed("0").is_none() && memory.confirmed("39").is_some());
    }

    #[test]
    fn questions_with_conditions_of_their_own_are_left_alone() {
        let mut request = HttpRequest::new("GET", "https://a/");
        assert!(key(&request).is_some());
        request.headers.insert("if-none-match".into(), "x".into());
        assert_eq!(key(&request), None);
        assert_eq!(key(&HttpRequest::new("POST", "https://a/")), None);
        assert_eq!(key(&HttpRequest { cache: false, ..HttpRequest::new("GET", "https://a/") }), None);
    }
}
