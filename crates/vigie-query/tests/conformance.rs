//! The vectors of the language: query, text, result. Data in `vectors/*.tsv`, one vector a line.

use std::path::Path;

use vigie_query::{Accents, Dialect, Document, Fact, Field, Moment, Options, Query, QuerySet, Scratch};

/// One line of a table: query, text, expected (`yes`, `no`, or codes of errors), codes of warnings, options.
struct Vector {
    place: String,
    query: String,
    text: String,
    expected: String,
    warnings: Vec<String>,
    dialect: Dialect,
    accents: Accents,
}

fn vectors(file: &str) -> Vec<Vector> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(file);
    let content = std::fs::read_to_string(&path).expect("the table of vectors is there");
    let mut out = Vec::new();
    for (index, line) in content.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with("//") {
            continue;
        }
        let cells: Vec<&str> = line.split('\t').collect();
        assert!(cells.len() >= 3, "{file}:{}: three cells at least", index + 1);
        let options = cells.get(4).copied().unwrap_or("");
        out.push(Vector {
            place: format!("{file}:{}", index + 1),
            query: cells[0].to_owned(),
            text: cells[1].replace("\\n", "\n"),
            expected: cells[2].trim().to_owned(),
            warnings: cells.get(3).unwrap_or(&"").split_whitespace().map(str::to_owned).collect(),
            dialect: if options.contains("fr") { Dialect::French } else { Dialect::Canonical },
            accents: if options.contains("strict") { Accents::Strict } else { Accents::Folded },
        });
    }
    out
}

fn options(vector: &Vector) -> Options {
    let macros = [("bank", "(\"Caisse Populaire\" OR {CP})"), ("credit", "prêt OR loan OR hypothè*")];
    let lists = [("jobs", vec!["emplois.example", "jobs.example"]), ("staff", vec!["jroy", "@mlee"])];
    Options {
        dialect: vector.dialect,
        accents: vector.accents,
        macros: macros.iter().map(|(n, b)| ((*n).to_owned(), (*b).to_owned())).collect(),
        lists: lists.iter().map(|(n, v)| ((*n).to_owned(), v.iter().map(|s| (*s).to_owned()).collect())).collect(),
        languages: vec!["fr".to_owned(), "en".to_owned()],
        today: Some(jiff::civil::date(2026, 9, 15)),
        ..Options::default()
    }
}

/// Reads `text || title=… || followers=12 || date=2026-08-31T14`: the body, then fields.
fn check(vector: &Vector) -> Result<(), String> {
    let parsed = Query::parse(&vector.query, &options(vector));
    let mut codes: Vec<&str> = parsed.diagnostics.iter().map(|p| p.code.as_str()).collect();
    codes.dedup();
    let Some(query) = parsed.query else {
        let errors: Vec<&str> =
            parsed.diagnostics.iter().map(|p| p.code.as_str()).filter(|c| c.starts_with('E')).collect();
        return if errors.join(" ") == vector.expected {
            Ok(())
        } else {
            Err(format!("errors {errors:?}: {:?}", parsed.diagnostics))
        };
    };
    let printed = query.to_string();
    let again = Query::parse(&printed, &Options { dialect: Dialect::Canonical, ..options(vector) });
    if again.query.as_ref() != Some(&query) {
        return Err(format!(
            "prints as {printed}, read back as {:?} {:?}",
            again.query.map(|q| q.to_string()),
            again.diagnostics
        ));
    }
    let mut parts = vector.text.split("||").map(str::trim);
    let mut document = Document { body: parts.next().filter(|b| !b.is_empty()), ..Document::default() };
    let mut facts: Vec<(Field, Fact<'_>)> = Vec::new();
    for part in parts {
        let (name, value) = part.split_once('=').ok_or_else(|| format!("no = in {part}"))?;
        match name {
            "title" => document.title = Some(value),
            "lead" => document.lead = Some(value),
            "quoted" => document.quoted = Some(value),
            "alt" => document.alt = Some(value),
            "transcript" => document.transcript = Some(value),
            _ => facts.push(fact(name, value)?),
        }
    }
    document.facts = &facts;
    let set = QuerySet::new(vec![("q".to_owned(), query)]).map_err(|e| e.to_string())?;
    let mut scratch = Scratch::new();
    let hits = set.matches(&document, &mut scratch).to_vec();
    // With a fuzzy word, which may be anywhere, no text is sifted before it is cut.
    let fuzzy = Query::parse("zzzzzz~1", &Options::default()).query.expect("a good query");
    let query = again.query.expect("it was read");
    let cut = QuerySet::new(vec![("q".to_owned(), query), ("fuzzy".to_owned(), fuzzy)]).map_err(|e| e.to_string())?;
    if cut.matches(&document, &mut scratch) != hits {
        return Err(format!("sifted gives {hits:?}"));
    }
    let got = if hits.is_empty() { "no" } else { "yes" };
    if got != vector.expected {
        return Err(format!("got {got}"));
    }
    let warnings: Vec<&str> = codes.into_iter().filter(|c| c.starts_with('W')).collect();
    let wanted: Vec<&str> = vector.warnings.iter().map(String::as_str).collect();
    if wanted != ["-"] && warnings != wanted {
        return Err(format!("warnings {warnings:?}, wanted {wanted:?}"));
    }
    Ok(())
}

fn fact<'a>(name: &str, value: &'a str) -> Result<(Field, Fact<'a>), String> {
    let field = Field::from_name(name).ok_or_else(|| format!("no field {name}"))?;
    let fact = match field {
        Field::Date | Field::Collected => {
            let (day, hour) = value.split_once('T').map_or((value, None), |(d, h)| (d, h.parse().ok()));
            Fact::Moment(Moment { day: day.parse().map_err(|e| format!("{e}"))?, hour })
        }
        Field::Verified | Field::Owned => Fact::Flag(value == "true"),
        _ => value.parse().map_or(Fact::Text(value), Fact::Number),
    };
    Ok((field, fact))
}

fn run(file: &str, least: usize) {
    let list = vectors(file);
    assert!(list.len() >= least, "{file} has {} vectors", list.len());
    let failures: Vec<String> = list
        .iter()
        .filter_map(|v| check(v).err().map(|e| format!("{}: {} · {} → {}: {e}", v.place, v.query, v.text, v.expected)))
        .collect();
    assert!(failures.is_empty(), "{} of {} failed:\n{}", failures.len(), list.len(), failures.join("\n"));
}

#[test]
fn published_vectors() {
    run("published.tsv", 28);
}

#[test]
fn own_vectors() {
    run("own.tsv", 150);
}

#[test]
fn vectors_of_the_specification_text() {
    run("edges.tsv", 450);
}

#[test]
fn five_mistakes_are_all_reported_with_their_place() {
    let text = "(apple AND NEAR/x \"jus) OR titel:x AND followers:many OR service~9";
    let parsed = Query::parse(text, &Options::default());
    let codes: std::collections::BTreeSet<&str> = parsed.errors().map(|p| p.code.as_str()).collect();
    for code in ["E04", "E06", "E07", "E17", "E18"] {
        assert!(codes.contains(code), "{code} in {codes:?}");
    }
    for problem in &parsed.diagnostics {
        assert!(text.get(problem.span.clone()).is_some());
        assert!(!problem.message.en.is_empty() && !problem.message.fr.is_empty());
        assert_ne!(problem.message.en, problem.message.fr);
    }
}

#[test]
fn comments_and_lines_are_read() {
    let parsed = Query::parse("apple #; the fruit\nOR pear #; another", &Options::default());
    assert_eq!(parsed.query.unwrap().to_string(), "apple OR pear");
}

#[test]
fn limits_have_clear_errors() {
    let code = |text: &str| Query::parse(text, &Options::default()).errors().map(|p| p.code.as_str()).max();
    assert_eq!(code(&("(".repeat(65) + "a" + &")".repeat(65))), Some("E10"));
    assert_eq!(code(&("(".repeat(64) + "a" + &")".repeat(64))), None);
    assert_eq!(code(&"a ".repeat(600_000)), Some("E11"));
    assert_eq!(code(&vec!["a"; 200].join(" NEAR/1 ")), Some("E10"));
    assert_eq!(code(&"(".repeat(500_000)), Some("E10"));
    assert_eq!(code("ab~1 OR ".repeat(600).trim_end_matches(" OR ")), Some("E20"));
}

#[test]
fn collection_queries_say_what_they_want() {
    let options = Options { purpose: vigie_query::Purpose::Collection, ..Options::default() };
    let code = |text: &str| Query::parse(text, &options).errors().map(|p| p.code.as_str()).next();
    assert_eq!(code("NOT apple"), Some("E16"));
    assert_eq!(code("apple OR NOT juice"), Some("E16"));
    assert_eq!(code("apple NOT juice"), None);
}

#[test]
fn evidence_maps_back_to_the_original_text() {
    let text = "« L’Oréal » 😡🏽 #BonService, puis coca-cola.";
    let queries = ["loreal~", "😡", "#bonservice", "coca NEAR/3 puis", "\"bon service\"^3"];
    let set = QuerySet::new(
        queries.iter().map(|q| ((*q).to_owned(), Query::parse(q, &Options::default()).query.unwrap())).collect(),
    )
    .unwrap();
    let mut scratch = Scratch::new();
    let hits = set.matches(&Document::of_text(text), &mut scratch);
    let shown: Vec<Vec<&str>> = hits.iter().map(|h| h.spans.iter().map(|s| &text[s.range.clone()]).collect()).collect();
    assert_eq!(shown, [vec!["L’Oréal"], vec!["😡🏽"], vec!["#BonService"], vec!["puis", "coca"], vec!["#BonService"]]);
    assert_eq!(hits[4].spans[0].boost, 3);
}

#[test]
fn very_large_queries_and_texts_are_read() {
    // Unoptimised builds of the automaton are slow: the full megabyte is for `--release`.
    let (words, tokens) = if cfg!(debug_assertions) { (5_000, 100_000) } else { (75_000, 5_000_000) };
    let query: Vec<String> = (0..words).map(|i| format!("mot{i}x")).collect();
    let parsed = Query::parse(&query.join(" OR "), &Options::default());
    let set = QuerySet::new(vec![("big".to_owned(), parsed.query.unwrap())]).unwrap();
    let mut text = "a ".repeat(tokens);
    text.push_str(&query[words - 1]);
    assert_eq!(set.matches(&Document::of_text(&text), &mut Scratch::new()).len(), 1);
}

/// Queries made to cost as much as they can, on a text of one word.
#[test]
fn hostile_queries_stay_bounded_on_hostile_texts() {
    let tokens = if cfg!(debug_assertions) { 50_000 } else { 500_000 };
    let text = "a ".repeat(tokens);
    let twenty = format!("\"{}\"~10000", vec!["a"; 20].join(" "));
    for query in [
        "((a NEAR/50 a) NEAR/50 a) NEAR/50 (a OR b)",
        "a NEAR/10000 a",
        "\"a a\"~10000",
        twenty.as_str(),
        "(a NEAR/10000 a) NOT NEAR/10000 b",
        "NOT (a NOT NEAR/1 (a NEAR/10000 a))",
        "ATLEAST/1000(a NEAR/1 a)",
        "\"a * a * a\"",
        "PARAGRAPH(a AND NOT b)",
    ] {
        let parsed = Query::parse(query, &Options::default()).query.unwrap();
        let set = QuerySet::new(vec![("hostile".to_owned(), parsed)]).unwrap();
        assert_eq!(set.matches(&Document::of_text(&text), &mut Scratch::new()).len(), 1, "{query}");
    }
}

#[test]
fn long_words_and_long_loose_phrases_are_refused() {
    let code = |text: &str| Query::parse(text, &Options::default()).errors().map(|p| p.code.as_str()).next();
    let long = "abc".repeat(100);
    assert_eq!(code(&format!("{long}*")), Some("E08"));
    assert_eq!(code(&format!("{long}~1")), Some("E08"));
    assert_eq!(code(&long), None);
    assert_eq!(code(&format!("\"{}\"~3", vec!["mot"; 21].join(" "))), Some("E17"));
    assert_eq!(code(&format!("\"{}\"", vec!["mot"; 21].join(" "))), None);
}

#[test]
fn mistakes_and_doubtful_parts_are_told_together() {
    let text = "(lu* AND pear NEAR/60 plum) service client AND titel:x AND \"a b\" AND \"a b\" AND serv*~1";
    let codes: Vec<&str> =
        Query::parse(text, &Options::default()).diagnostics.iter().map(|p| p.code.as_str()).collect();
    assert_eq!(codes, ["W03", "W04", "W01", "W01", "E06", "W09", "E18"]);
}
