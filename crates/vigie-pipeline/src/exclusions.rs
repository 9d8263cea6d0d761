//! W10: what the exclusions of the project's queries remove from its archive.

use jiff::civil::Date;
use vigie_config::settings::Project;
use vigie_enrich::finds;
use vigie_model::mention::MENTIONS;
use vigie_model::period::Period;
use vigie_query::exclusion::{Exclusion, exclusions, wide};
use vigie_query::{Problem, Query, QuerySet};
use vigie_store::Archive;

use crate::Error;
use crate::collection::place;

/// One query more over the archive for each exclusion: more than this are not looked at.
const MOST: usize = 1_000;

/// The exclusions of `queries` that remove a large share of what is found without them, each with the index of
/// its query. `None` when the project has no archive yet.
///
/// # Errors
/// When the archive cannot be read, or the queries do not fit together.
pub fn wide_exclusions(project: &Project, queries: &[Query]) -> Result<Option<Vec<(usize, Problem)>>, Error> {
    let archive = Archive::open(place(project)?)?;
    if archive.is_empty(&MENTIONS) {
        return Ok(None);
    }
    let wanted: Vec<(usize, Exclusion)> = queries
        .iter()
        .enumerate()
        .flat_map(|(index, query)| exclusions(query).into_iter().map(move |e| (index, e)))
        .take(MOST)
        .collect();
    if wanted.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let all = queries.iter().chain(wanted.iter().map(|(_, e)| &e.without));
    let set = QuerySet::new(all.map(|query| (String::new(), query.clone())).collect())
        .map_err(|e| Error::Queries(e.to_string()))?;
    let mut counts = vec![0u64; set.len()];
    let mentions = archive.snapshot(&MENTIONS)?.rows()?;
    finds(mentions, &set, &project.timezone, &always(), &mut |found| {
        for hit in found.hits {
            counts[hit.query] += 1;
        }
    })?;
    let problems = wanted.iter().enumerate().filter_map(|(index, (query, exclusion))| {
        wide(exclusion, counts[*query], counts[queries.len() + index]).map(|problem| (*query, problem))
    });
    Ok(Some(problems.collect()))
}

/// Every day a mention can have.
fn always() -> Period {
    Period { start: Date::constant(1900, 1, 1), end: Date::constant(2200, 1, 1) }
}
