//! Every number of the figures' CSV files, computed a second time from the raw files.
//!
//! What is shared with the product: the project file's reader, and the reading of one text (does the query match,
//! which tone, which signature, which terms), tested where it lives. All else is written apart, without a data frame:
//! files, identities, days, voices, stories' first copies, counts, shares, jackknife, tests, terms.

#[path = "figures/compare.rs"]
mod compare;
#[path = "figures/coverage.rs"]
mod coverage;
#[path = "figures/dates.rs"]
mod dates;
#[path = "figures/estimate.rs"]
mod estimate;
#[path = "figures/expected.rs"]
mod expected;
#[path = "figures/labels.rs"]
mod labels;
#[path = "figures/measures.rs"]
mod measures;
#[path = "figures/peaks.rs"]
mod peaks;
#[path = "figures/raw.rs"]
mod raw;
#[path = "figures/rising.rs"]
mod rising;
#[path = "figures/run.rs"]
mod run;
#[path = "figures/student.rs"]
mod student;
#[path = "figures/table.rs"]
mod table;

use vigie_config::settings::Project;

fn project(copy: &run::Copy) -> Project {
    let loaded = vigie_config::load(copy.path(), &vigie_config::process_environment);
    loaded.project.expect("the example's project is right")
}

fn figures_agree(example: &str, zone: dates::Zone, mentions: &raw::Mentions) {
    let copy = run::Copy::of_example(example);
    copy.run_whole(&[]);
    let project = project(&copy);
    let corpus = labels::label(&project, mentions, zone);
    let expected = expected::Tables::new(&project, &corpus).all(&mentions.ledgers);
    compare::compare(&table::read_all(&copy.report()), &expected);
}

#[test]
fn nordet() {
    let mentions = raw::nordet(&run::repository().join("examples/nordet"));
    figures_agree("nordet", dates::Zone::EASTERN, &mentions);
}

#[test]
fn airlines() {
    let Some(data) = run::real_data("figures of us-airlines") else { return };
    figures_agree("us-airlines", dates::Zone::PACIFIC, &raw::airlines(&data));
}

/// One file with every mention in a first version and half of them again, edited, in no order.
fn edited_project() -> run::Copy {
    use std::fmt::Write as _;
    let copy = run::Copy::of_text(
        r#"
[project]
id = "edited"
name = "Acme"
timezone = "UTC"
editions = ["en-CA"]
[report]
period = "2026-10"
[[entity]]
id = "acme"
name = "Acme"
role = "client"
query = "acme"
[[source]]
id = "posts"
plugin = "file"
name = { en = "Posts", fr = "Publications" }
[source.options]
paths = ["posts.csv"]
format = "csv"
[source.options.columns]
native_id = "id"
published_at = "date"
text = "text"
[source.options.constants]
platform = "forum"
kind = "post"
lang = "en"
"#,
    );
    let mut posts = String::from("id,date,text\n");
    let mut line = |id: u64, text: &str| {
        writeln!(posts, "{id},2026-10-{:02},{text} {id}", 1 + id % 28).expect("writing to a String");
    };
    (0..EDITED * 2).for_each(|id| line(id, "Acme was named in the first version of post"));
    // 7 and the number of posts have no common factor: every even post comes once.
    (0..EDITED).for_each(|i| line(i * 7 % EDITED * 2, "nobody is named any more in post"));
    std::fs::write(copy.path().join("posts.csv"), posts).expect("the file is written");
    copy
}

const EDITED: u64 = 15_000;

#[test]
fn of_an_edited_mention_the_newest_version_counts() {
    let copy = edited_project();
    copy.run_whole(&[]);
    let found = table::read_all(&copy.report());
    let funnel = table::with_columns(&found, &["step", "rows"]);
    let step = |name| funnel.get(name, "rows").and_then(|n| n.parse::<u64>().ok());
    assert_eq!(step("collected"), Some(2 * EDITED));
    assert_eq!(step("unrelated"), Some(EDITED), "the edited versions name nobody");
}
