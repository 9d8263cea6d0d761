//! The conformance suite: language-neutral, offline, in seconds. A plugin is accepted when it passes.

mod calls;
mod case;
mod conduct;
mod flaws;
mod interruption;
mod library;
mod material;
mod network;
mod news;
mod options;
mod papers;
mod probe;
mod reading;
mod resume;
mod sanitizers;
mod service;
mod stand;
mod texts;
mod values;
mod verdict;

use std::cell::OnceCell;
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
    /// How much is asked.
    pub level: Level,
    /// Runs the plugin in this very process, for a debugger: what it does to the process it does to the suite.
    pub in_process: bool,
}

/// How much the suite asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What a first green run needs.
    Core,
    /// What official plugins must do.
    #[default]
    Must,
    /// That, and the test that builds the plugin anew, with its own script and outside the sandbox.
    All,
}

struct Test {
    id: &'static str,
    level: Level,
    /// A failure is a warning.
    soft: bool,
    /// It is about the process, and says nothing in another.
    needs_child: bool,
    en: &'static str,
    fr: &'static str,
    run: fn(&Stand) -> Verdict,
}

const fn test(
    id: &'static str,
    level: Level,
    (en, fr): (&'static str, &'static str),
    run: fn(&Stand) -> Verdict,
) -> Test {
    Test { id, level, soft: false, needs_child: false, en, fr, run }
}

impl Test {
    const fn soft(self) -> Self {
        Self { soft: true, ..self }
    }

    const fn needs_child(self) -> Self {
        Self { needs_child: true, ..self }
    }
}

const TESTS: &[Test] = &[
    test(
        "M1",
        Level::Core,
        ("the manifest says what a person must know", "le manifeste dit ce qu'il faut savoir"),
        papers::manifest,
    ),
    test("M2", Level::Core, ("papers and code say the same", "papiers et code disent la même chose"), papers::spec),
    test("M3", Level::Core, ("only the entry is exported", "seule l'entrée est exportée"), library::exports),
    test("M4", Level::Must, ("every right asked for is used", "tout droit demandé est utilisé"), papers::permissions),
    test(
        "A1",
        Level::Core,
        ("the tables are those of the contract", "les tables sont celles du contrat"),
        calls::interfaces,
    ),
    test(
        "A2",
        Level::Core,
        ("a hundred readings leave nothing behind", "cent lectures ne laissent rien"),
        calls::over_and_over,
    )
    .needs_child(),
    test(
        "A3",
        Level::Core,
        ("a reading may be left at any moment", "une lecture peut être quittée à tout moment"),
        calls::abandon,
    ),
    test("A4", Level::Must, ("older and newer hosts do", "hôtes anciens et nouveaux conviennent"), calls::other_hosts)
        .needs_child(),
    test("A5", Level::All, ("sanitizers find nothing", "les assainisseurs ne trouvent rien"), sanitizers::clean)
        .soft()
        .needs_child(),
    test(
        "C1",
        Level::Core,
        ("wrong options are told and harm nobody", "les options fausses sont dites et sans danger"),
        options::wrong_options,
    ),
    test(
        "C2",
        Level::Must,
        ("options are explained in both languages", "les options sont expliquées dans les deux langues"),
        options::documented,
    ),
    test("C3", Level::Must, ("secrets stay secret", "les secrets le restent"), conduct::secrets_stay),
    test(
        "R1",
        Level::Core,
        ("a reading is whole, and the same twice", "une lecture est entière, et deux fois la même"),
        reading::whole,
    ),
    test("R2", Level::Core, ("rows fit their table", "les lignes conviennent à leur table"), reading::rows),
    test("R3", Level::Core, ("nothing new is a normal day", "rien de neuf est un jour normal"), reading::empty),
    test(
        "R4",
        Level::Must,
        ("a window gives what lies inside", "une fenêtre donne ce qu'elle contient"),
        reading::window,
    ),
    test("R5", Level::Must, ("a cap of the service is said", "un plafond du service est dit"), flaws::caps),
    test(
        "S1",
        Level::Core,
        ("a reading goes on from every checkpoint", "une lecture repart de chaque point de reprise"),
        resume::from_every_checkpoint,
    ),
    test(
        "S2",
        Level::Must,
        ("a reading may be cut anywhere", "une lecture peut être coupée n'importe où"),
        interruption::anywhere,
    )
    .needs_child(),
    test("S3", Level::Must, ("no news twice is nothing", "deux fois rien de neuf ne donne rien"), resume::nothing_new),
    test("S4", Level::Must, ("news are not missed", "aucune nouveauté ne se perd"), news::none_missed),
    test(
        "S5",
        Level::Must,
        ("a state nobody knows is said, older ones are read", "un état inconnu est signalé, les anciens sont lus"),
        resume::broken_state,
    ),
    test(
        "S6",
        Level::Must,
        ("one more leaves the others alone", "un de plus laisse les autres en paix"),
        news::one_more,
    ),
    test(
        "E1",
        Level::Core,
        ("a service out of reach is an error", "un service injoignable est une erreur"),
        service::unreachable,
    ),
    test(
        "E2",
        Level::Must,
        ("a service that asks to wait is waited for", "un service qui demande d'attendre est attendu"),
        service::patience,
    ),
    test("E3", Level::Must, ("refusals are told apart", "les refus sont distingués"), service::refusals),
    test(
        "E4",
        Level::Core,
        ("rubbish is never silence", "une réponse absurde n'est jamais un silence"),
        service::rubbish,
    ),
    test(
        "E5",
        Level::Must,
        ("slow and endless services are survived", "les services lents ou sans fin sont surmontés"),
        service::endless,
    ),
    test("E6", Level::Must, ("a bad item costs itself", "un mauvais élément ne coûte que lui"), flaws::one_bad_item),
    test(
        "D1",
        Level::Must,
        ("strange texts arrive as they are", "les textes étranges arrivent tels quels"),
        texts::strange,
    ),
    test(
        "D2",
        Level::Must,
        ("large ids stay, unknown counts are null", "les grands identifiants restent, un compte inconnu est nul"),
        values::numbers,
    ),
    test(
        "D3",
        Level::Must,
        ("times of any year are right or rejected", "les instants de toute année sont justes ou rejetés"),
        values::dates,
    ),
    test(
        "D4",
        Level::Must,
        (
            "entities are decoded once, characters stay whole",
            "les entités sont décodées une fois, les caractères restent entiers",
        ),
        texts::entities,
    ),
    test("D5", Level::Must, ("French stays French", "le français reste du français"), texts::french).soft(),
    test(
        "D9",
        Level::Must,
        ("states and logs name nobody", "états et journal ne nomment personne"),
        conduct::names_nobody,
    ),
    test(
        "T1",
        Level::Must,
        ("a cancelled reading ends by itself", "une lecture annulée se termine d'elle-même"),
        conduct::cancelled,
    ),
    test("T2", Level::Must, ("batches are of a good size", "les lots sont d'une bonne taille"), conduct::batches),
    test("T3", Level::Must, ("nothing is printed", "rien n'est imprimé"), conduct::prints_nothing).soft().needs_child(),
    test(
        "N1",
        Level::Must,
        ("only what is declared is asked", "seul ce qui est déclaré est demandé"),
        conduct::only_what_is_declared,
    ),
    test(
        "L1",
        Level::Must,
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
        None => t.level <= choice.level,
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
    let runner = if choice.in_process { runner.in_process() } else { runner };
    let stand = Stand { folder: folder.to_owned(), plugin, cases, runner, limits, probes: OnceCell::new() };
    let mut tests = Vec::with_capacity(chosen.len());
    for test in chosen {
        let started = Instant::now();
        let verdict = if choice.in_process && test.needs_child {
            Verdict::not_applicable("it needs a process of its own", "il lui faut un processus à part")
        } else {
            (test.run)(&stand)
        };
        let verdict = if test.soft { verdict.softened() } else { verdict };
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
