//! The conformance suite: language-neutral, offline, in seconds. A plugin is accepted when it passes.

mod calls;
mod case;
mod conduct;
mod library;
mod network;
mod options;
mod papers;
mod reading;
mod resume;
mod service;
mod stand;
mod verdict;

use std::path::Path;
use std::time::Instant;

use vigie_model::diagnostic::{Bilingual, Diagnostic};
use vigie_plugin_host::locate::beside_executable;
use vigie_plugin_host::{Limits, Runner, at_work};

pub use case::{Case, CaseKind};
pub use verdict::{Line, SuiteReport, Verdict};

use stand::Stand;

/// Rows after which a reading is stopped: no recording is that long, and a plugin may not know when to end.
const MOST_ROWS: u64 = 100_000;

/// Which tests run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Only the test of this id.
    pub only: Option<String>,
    /// Only the core level, for a first green run.
    pub core: bool,
}

struct Test {
    id: &'static str,
    core: bool,
    en: &'static str,
    fr: &'static str,
    run: fn(&Stand) -> Verdict,
}

const fn test(
    id: &'static str,
    core: bool,
    (en, fr): (&'static str, &'static str),
    run: fn(&Stand) -> Verdict,
) -> Test {
    Test { id, core, en, fr, run }
}

const TESTS: &[Test] = &[
    test(
        "M1",
        true,
        ("the manifest says what a person must know", "le manifeste dit ce qu'il faut savoir"),
        papers::manifest,
    ),
    test("M2", true, ("papers and code say the same", "papiers et code disent la même chose"), papers::spec),
    test("M3", true, ("only the entry is exported", "seule l'entrée est exportée"), library::exports),
    test("M4", false, ("every right asked for is used", "tout droit demandé est utilisé"), papers::permissions),
    test("A1", true, ("the tables are those of the contract", "les tables sont celles du contrat"), calls::interfaces),
    test(
        "A2",
        true,
        ("a hundred readings leave nothing behind", "cent lectures ne laissent rien"),
        calls::over_and_over,
    ),
    test(
        "A3",
        true,
        ("a reading may be left at any moment", "une lecture peut être quittée à tout moment"),
        calls::abandon,
    ),
    test("A4", false, ("older and newer hosts do", "hôtes anciens et nouveaux conviennent"), calls::other_hosts),
    test(
        "C1",
        true,
        ("wrong options are told and harm nobody", "les options fausses sont dites et sans danger"),
        options::wrong_options,
    ),
    test(
        "C2",
        false,
        ("options are explained in both languages", "les options sont expliquées dans les deux langues"),
        options::documented,
    ),
    test("C3", false, ("secrets stay secret", "les secrets le restent"), conduct::secrets_stay),
    test(
        "R1",
        true,
        ("a reading is whole, and the same twice", "une lecture est entière, et deux fois la même"),
        reading::whole,
    ),
    test("R2", true, ("rows fit their table", "les lignes conviennent à leur table"), reading::rows),
    test("R3", true, ("nothing new is a normal day", "rien de neuf est un jour normal"), reading::empty),
    test("R4", false, ("a window gives what lies inside", "une fenêtre donne ce qu'elle contient"), reading::window),
    test(
        "S1",
        true,
        ("a reading goes on from every checkpoint", "une lecture repart de chaque point de reprise"),
        resume::from_every_checkpoint,
    ),
    test("S3", false, ("no news twice is nothing", "deux fois rien de neuf ne donne rien"), resume::nothing_new),
    test("S5", false, ("a state nobody knows is said", "un état inconnu est signalé"), resume::broken_state),
    test(
        "E1",
        true,
        ("a service out of reach is an error", "un service injoignable est une erreur"),
        service::unreachable,
    ),
    test("E4", true, ("rubbish is never silence", "une réponse absurde n'est jamais un silence"), service::rubbish),
    test("D9", false, ("states and logs name nobody", "états et journal ne nomment personne"), conduct::names_nobody),
    test(
        "T1",
        false,
        ("a cancelled reading ends by itself", "une lecture annulée se termine d'elle-même"),
        conduct::cancelled,
    ),
    test("T2", false, ("batches are of a good size", "les lots sont d'une bonne taille"), conduct::batches),
    test(
        "L1",
        false,
        ("the user's pages exist in both languages", "les pages de l'utilisateur existent dans les deux langues"),
        papers::pages,
    ),
];

/// Why the suite did not start.
#[derive(Clone, Debug)]
pub enum NotStarted {
    /// The papers of the plugin are not in order.
    Papers(Vec<Diagnostic>),
    /// A case cannot be used, no test has that id, or this program cannot start itself again.
    Said(Bilingual),
}

/// Ids of every test, in order.
pub fn ids() -> impl Iterator<Item = &'static str> {
    TESTS.iter().map(|t| t.id)
}

/// Runs the suite on the plugin in `folder`, in children of `runner`. `tell` hears of each test as it ends.
///
/// # Errors
/// When there is no plugin that could be tested.
pub fn run(
    folder: &Path,
    choice: &Choice,
    runner: Runner,
    tell: &mut dyn FnMut(&Line),
) -> Result<SuiteReport, NotStarted> {
    let plugin = at_work(folder, &beside_executable()).map_err(NotStarted::Papers)?;
    let cases = Case::read_all(folder, &plugin).map_err(NotStarted::Said)?;
    let wanted = |t: &&Test| match &choice.only {
        Some(only) => t.id.eq_ignore_ascii_case(only),
        None => t.core || !choice.core,
    };
    let chosen: Vec<&Test> = TESTS.iter().filter(wanted).collect();
    if chosen.is_empty() {
        let list = ids().collect::<Vec<_>>().join(", ");
        let only = choice.only.as_deref().unwrap_or_default();
        return Err(NotStarted::Said(Bilingual::new(
            format!("there is no test `{only}`; the tests are {list}"),
            format!("il n'y a pas d'épreuve `{only}` ; les épreuves sont {list}"),
        )));
    }
    let limits = Limits { max_rows: MOST_ROWS, ..Limits::of(&plugin.manifest) };
    let label = plugin.label();
    let stand = Stand { folder: folder.to_owned(), plugin, cases, runner, limits };
    let mut tests = Vec::with_capacity(chosen.len());
    for test in chosen {
        let started = Instant::now();
        let verdict = (test.run)(&stand);
        let milliseconds = started.elapsed().as_millis() as u64;
        let line = Line { id: test.id, title: Bilingual::new(test.en, test.fr), verdict, milliseconds };
        tell(&line);
        tests.push(line);
    }
    Ok(SuiteReport { plugin: label, tests })
}

fn no_case() -> Verdict {
    Verdict::failed(
        ("there is no case with `shows = \"full\"`", "il n'y a aucun cas avec `shows = \"full\"`"),
        (
            "add tests/recordings/NAME/case.toml with `shows = \"full\"`, `rows` and `[options]`",
            "ajoutez tests/recordings/NOM/case.toml avec `shows = \"full\"`, `rows` et `[options]`",
        ),
    )
}
