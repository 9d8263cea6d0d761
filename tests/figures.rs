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
#[path = "figures/hash.rs"]
mod hash;
#[path = "figures/labels.rs"]
mod labels;
#[path = "figures/measures.rs"]
mod measures;
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
