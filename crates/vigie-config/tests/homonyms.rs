//! Brands whose names are also words: context and exclusions are part of their queries, in French and English.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use vigie_config::load;
use vigie_config::settings::Project;
use vigie_model::diagnostic::Diagnostic;
use vigie_query::reference::HOMONYM;
use vigie_query::{Document, Query, QuerySet, Scratch};

const HEAD: &str = "[project]\nid = \"demo\"\nname = \"Demo\"\ntimezone = \"America/Toronto\"\n[[entity]]\n\
                    id = \"client\"\nname = \"Client\"\nrole = \"client\"\nquery = \"nordet\"\n[[source]]\n\
                    id = \"export\"\nplugin = \"file\"\n";

fn project(entity: &str) -> (Option<Project>, Vec<Diagnostic>) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("vigie.toml"), format!("{HEAD}{entity}")).unwrap();
    let loaded = load(dir.path(), &|_| None);
    (loaded.project, loaded.diagnostics)
}

fn entity(keys: &str) -> String {
    format!("[[entity]]\nid = \"rival\"\nname = \"Rival\"\nrole = \"competitor\"\n{keys}\n")
}

/// Which of the texts the second entity finds.
fn found<'t>(entity: &str, texts: &[&'t str]) -> Vec<&'t str> {
    let (project, diagnostics) = project(entity);
    let project = project.unwrap_or_else(|| panic!("{diagnostics:?}"));
    let text = &project.entities[1].query;
    let parsed = Query::parse(&text.text, &project.options(text, jiff::civil::date(2026, 9, 15)));
    let set = QuerySet::new(vec![("rival".to_owned(), parsed.query.unwrap())]).unwrap();
    let mut scratch = Scratch::new();
    texts.iter().copied().filter(|t| !set.matches(&Document::of_text(t), &mut scratch).is_empty()).collect()
}

#[test]
fn the_example_of_the_page_tells_the_brand_from_the_fruit() {
    let brand = ["Orange a augmenté mon forfait", "No network from Orange since noon", "La fibre @orange est en panne"];
    let fruit = [
        "Une orange bien mûre",
        "I love orange juice and my network",
        "un jus d’orange et la facture",
        "orange is a colour",
    ];
    let all: Vec<&str> = brand.into_iter().chain(fruit).collect();
    assert_eq!(found(HOMONYM, &all), brand);
    let (_, diagnostics) = project(HOMONYM);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
}

#[test]
fn context_is_near_where_the_query_has_a_place_and_anywhere_where_it_has_none() {
    let far = format!("bulle {} café", "mot ".repeat(20));
    let texts = [far.as_str(), "un café chez Bulle"];
    assert_eq!(found(&entity("query = 'bulle'\ncontext = 'café OR tasse'"), &texts), ["un café chez Bulle"]);
    let placeless = entity("query = 'bulle AND NOT savon'\ncontext = 'café OR tasse'");
    assert_eq!(found(&placeless, &texts), texts);
    // A comment at the end of a query comments nothing else out.
    assert_eq!(found(&entity("query = 'bulle #; le nom'\nexclude = 'savon'"), &["bulle", "bulle de savon"]), ["bulle"]);
    let french =
        entity("dialect = 'fr'\nquery = 'bulle OU bulles'\ncontext = 'café ET PRES'\nexclude = 'savon OU bain'");
    assert!(project(&french).1.iter().any(|d| d.code == "E03"), "the parts are read in the dialect of the query");
}

#[test]
fn an_ambiguous_name_without_context_is_an_error_at_its_key() {
    let (project, diagnostics) = project(&entity("query = 'bulle'\nambiguous = true"));
    assert!(project.is_none());
    let [only] = diagnostics.as_slice() else { panic!("{diagnostics:?}") };
    assert_eq!(only.code, "C106");
    let place = only.location.as_ref().unwrap();
    assert!(place.text[place.span.clone()].starts_with("ambiguous"));
    assert!(only.message.fr.contains("demande `context`"), "{}", only.message.fr);
}

#[test]
fn mistakes_are_shown_at_the_words_of_their_key() {
    let (project, diagnostics) = project(&entity("query = '(bulle'\ncontext = 'café AND titel:x'\nexclude = 'savon)'"));
    assert!(project.is_none());
    let shown: Vec<(&str, &str)> = diagnostics
        .iter()
        .map(|d| {
            let place = d.location.as_ref().unwrap();
            (d.code, &place.text[place.span.clone()])
        })
        .collect();
    assert_eq!(shown, [("E01", "("), ("E06", "titel"), ("E02", ")")]);
}
