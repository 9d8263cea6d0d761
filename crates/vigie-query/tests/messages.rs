//! Every code of the language with a query that gives it, and its words in both languages, in `messages.txt`: so
//! that a change of wording is seen, and no code is left without words.
//!
//! After a change of wording, run once with `VIGIE_UPDATE_EXPECTED=1` and review the difference.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use vigie_query::exclusion::{exclusions, wide};
use vigie_query::{Accents, Code, Dialect, Options, Problem, Purpose, Query};

/// Queries that give every code at least once. The first word of a line may set an option.
const QUERIES: &[&str] = &[
    "(apple AND pear",
    "apple) AND pear",
    "AND pear",
    "apple OR",
    "NOT NOT apple",
    "\"apple",
    "{apple",
    "apple}",
    "autor:jroy",
    "nonsense:x",
    "followers:many",
    "is:tweet",
    "verified:maybe",
    "date:2026-13",
    "date:2026-09..2026-08",
    "weekday:someday",
    "title:",
    "site:(a.example AND $bank)",
    "a*",
    "*",
    "(a AND b) NEAR/3 c",
    "a NEAR/3 NOT b",
    "site:x NEAR/3 c",
    "ATLEAST/2(SENTENCE(a b))",
    "DEEP",
    "LONG",
    "$nothing_here",
    "site:@nowhere",
    "$loop",
    "()",
    "\"\"",
    "{}",
    "COLLECT NOT apple",
    "a NEAR/x b",
    "a NEAR/99999 b",
    "ATLEAST/0(a)",
    "\"a b\"~",
    "service~3",
    "serv*~1",
    "\"a b\"~2 AND coca-cola~1",
    "SENTENCE a",
    "ATLEAST/2 a",
    "SLOW",
    "!!!",
    "service client",
    "tag:(a b)",
    "pear OR plum AND cherry",
    "lu*",
    "pear NEAR/20 plum",
    "pear NEAR/90 plum",
    "\"pear plum”",
    "pear and plum",
    "pomme ET jus",
    "FRENCH pomme and jus",
    "@nordet",
    "#nordet OR nordet",
    "orange",
    "pear AND pear",
    "luxemb* OR luxembourg",
    "pear NOT pear",
    "côte",
    "prêt OR pret",
    "STRICT côte",
    "lang:de",
];

fn problems(line: &str) -> Vec<Problem> {
    let mut options = Options {
        macros: [("bank", "\"Caisse Populaire\""), ("loop", "$bank OR x")]
            .map(|(n, t)| (n.to_owned(), t.to_owned()))
            .into(),
        lists: [("jobs".to_owned(), vec!["jobs.example".to_owned()])].into(),
        languages: vec!["fr".to_owned(), "en".to_owned()],
        today: Some(jiff::civil::date(2026, 9, 15)),
        ..Options::default()
    };
    let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
    let text = match first {
        "DEEP" => "(".repeat(65) + "a" + &")".repeat(65),
        "LONG" => "a ".repeat(600_000),
        "SLOW" => vec!["ab~1"; 501].join(" OR "),
        "COLLECT" => {
            options.purpose = Purpose::Collection;
            rest.to_owned()
        }
        "FRENCH" => {
            options.dialect = Dialect::French;
            rest.to_owned()
        }
        "STRICT" => {
            options.accents = Accents::Strict;
            rest.to_owned()
        }
        _ => line.to_owned(),
    };
    Query::parse(&text, &options).diagnostics
}

fn print(line: &str, problems: &[Problem], out: &mut String) {
    let _ = writeln!(out, "{line}");
    if problems.is_empty() {
        let _ = writeln!(out, "  —");
    }
    for problem in problems.iter().take(3) {
        let _ = writeln!(out, "  {} en: {}", problem.code, problem.message.en);
        let _ = writeln!(out, "      fr: {}", problem.message.fr);
        if let Some(hint) = &problem.hint {
            let _ = writeln!(out, "      en: → {}", hint.en);
            let _ = writeln!(out, "      fr: → {}", hint.fr);
        }
        if let Some(fix) = problem.fix.as_ref().filter(|fix| fix.len() < 80) {
            let _ = writeln!(out, "      fix: {fix:?}");
        }
    }
}

#[test]
fn every_code_has_words_in_both_languages() {
    let (mut seen, mut shown) = (BTreeSet::new(), String::new());
    let mut all: Vec<(String, Vec<Problem>)> = QUERIES.iter().map(|l| ((*l).to_owned(), problems(l))).collect();
    let query = Query::parse("apple NOT juice", &Options::default()).query.expect("a good query");
    let removed = exclusions(&query).iter().filter_map(|e| wide(e, 12, 40)).collect();
    all.push(("apple NOT juice (in an archive)".to_owned(), removed));
    for (line, problems) in &all {
        for problem in problems {
            seen.insert(problem.code);
            let pairs = [Some(&problem.message), problem.hint.as_ref()];
            for words in pairs.into_iter().flatten() {
                assert!(!words.en.is_empty() && !words.fr.is_empty(), "{problem:?}");
                // Examples are the same in both languages; sentences are not.
                let is_example = words.en.starts_with("example:") || words.en.starts_with("accepted:");
                assert!(is_example || words.en != words.fr, "{problem:?}");
            }
        }
        print(line, problems, &mut shown);
    }
    let missing: Vec<&Code> = Code::ALL.iter().filter(|code| !seen.contains(code)).collect();
    assert!(missing.is_empty(), "no query of this test gives {missing:?}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages.txt");
    if std::env::var_os("VIGIE_UPDATE_EXPECTED").is_some() {
        std::fs::write(&path, &shown).expect("the folder of the tests is there");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(shown == expected, "--- shown\n{shown}\n--- expected\n{expected}");
}
