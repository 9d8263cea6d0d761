//! Bad input through the real program: what is said, what is kept, what still comes out.
//!
//! Every project here has three brands and a good source beside the bad one. Whatever the bad one does, the report is
//! made from the rest, its ledger names the source, and the exit status is 3.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]
#![allow(clippy::format_collect, clippy::format_push_string, reason = "small texts, written to be read")]

#[path = "bad_input/files.rs"]
mod files;
#[path = "bad_input/plugins.rs"]
mod plugins;
#[path = "bad_input/sizes.rs"]
mod sizes;
#[path = "bad_input/texts.rs"]
mod texts;
#[allow(dead_code, reason = "other test targets use other parts")]
#[path = "bad_input/workshop.rs"]
mod workshop;

use workshop::{Project, Said};

/// A bad source `bad`, and what must be said about it.
struct Case<'a> {
    /// Makes the project with its source `bad`.
    project: &'a dyn Fn() -> Project,
    /// `complete`, `partial` or `failed` in the ledger.
    outcome: &'a str,
    /// Rows read, kept and rejected of `bad`.
    rows: [u64; 3],
    /// What standard error must say with `--language en`: what, where, what to do.
    english: &'a [&'a str],
    /// The same with `--language fr`.
    french: &'a [&'a str],
}

impl Case<'_> {
    /// Runs the case in both languages, each time from nothing.
    fn check(&self) {
        for (language, pieces) in [("en", self.english), ("fr", self.french)] {
            let project = (self.project)();
            let said = project.vigie(&["--language", language, "run", "."]);
            self.check_one(&project, &said, language);
            said.says(pieces);
        }
    }

    fn check_one(&self, project: &Project, said: &Said, language: &str) {
        said.expect(3);
        let [read, kept, _] = self.rows;
        let (read_word, kept_word, colon) =
            if language == "fr" { ("lues", "retenues", " :") } else { ("read", "kept", ":") };
        said.says(&[&format!("bad{colon} {read} {read_word}, {kept} {kept_word}"), "good"]);
        project.documents();
        let ledger = project.ledger("bad");
        assert_eq!(ledger["outcome"]["status"], self.outcome, "{ledger}");
        let counted = ["read", "kept", "rejected"].map(|key| ledger["rows"][key].as_u64().unwrap());
        assert_eq!(counted, self.rows, "{ledger}");
        let good = project.ledger("good");
        assert_eq!((&good["outcome"]["status"], &good["rows"]["kept"]), (&"complete".into(), &60.into()), "{good}");
        assert_eq!(project.orphans(), Vec::<String>::new());
    }
}
