//! The entities looked for in each text.

use vigie_query::{CompileError, Options, Problem, Query, QuerySet};

/// Entities, each with the query that finds it.
#[derive(Debug, Default)]
pub struct Entities {
    pub(crate) ids: Vec<String>,
    pub(crate) queries: Option<QuerySet>,
}

/// Why entities cannot be used.
#[derive(Debug)]
pub enum BadQuery {
    /// A query has mistakes.
    Mistakes {
        /// The query as written.
        query: String,
        /// What is wrong with it.
        problems: Vec<Problem>,
    },
    /// All of them together are too large.
    TooMany(CompileError),
}

/// An entity to look for.
#[derive(Debug, Clone)]
pub struct Sought {
    /// Its id, as readings name it.
    pub id: String,
    /// The query that finds it.
    pub query: String,
    /// How the query is to be read.
    pub options: Options,
}

impl Entities {
    /// The entities sought, in their order.
    ///
    /// # Errors
    /// When a query has a mistake, or all of them together are too large to compile.
    pub fn compile(sought: &[Sought]) -> Result<Self, BadQuery> {
        let mut queries = Vec::new();
        for Sought { id, query: text, options } in sought {
            let parsed = Query::parse(text, options);
            let problems: Vec<Problem> = parsed.errors().cloned().collect();
            match parsed.query {
                Some(query) => queries.push((id.clone(), query)),
                None => return Err(BadQuery::Mistakes { query: text.clone(), problems }),
            }
        }
        let ids = sought.iter().map(|s| s.id.clone()).collect();
        if queries.is_empty() {
            return Ok(Self { ids, queries: None });
        }
        let queries = Some(QuerySet::new(queries).map_err(BadQuery::TooMany)?);
        Ok(Self { ids, queries })
    }
}
