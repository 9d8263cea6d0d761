//! The command line in the reader's language: what clap says in English, and its French.
//!
//! Help is written once, in English, beside each argument; [`FRENCH`] has the French of every such text, and a test
//! finds the one that is missing.

use clap::builder::{Str, StyledStr};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory};
use vigie_model::diagnostic::{Bilingual, Diagnostic, Language};

use crate::args::Arguments;

const HELP: &str = "Say what the program or a command does";
const VERSION: &str = "Say the version";

/// French of the help of commands and arguments, by the English.
const FRENCH: &[(&str, &str)] = &[
    (
        "Strategic intelligence reports from what the public says about a brand and its competitors",
        "Des rapports d'intelligence stratégique, faits de ce que le public dit d'une marque et de ses concurrents",
    ),
    (HELP, "Dire ce que fait le programme ou une commande"),
    (VERSION, "Dire la version"),
    (
        "Language of messages: fr or en (default: that of the system)",
        "Langue des messages : fr ou en (par défaut : celle du système)",
    ),
    ("Say nothing but errors", "Ne dire que les erreurs"),
    (
        "Form of messages on standard error: text, or json for cron (default: text)",
        "Forme des messages sur la sortie d'erreur : text, ou json pour cron (par défaut : text)",
    ),
    ("Project folders (default: the current one)", "Dossiers de projets (par défaut : le dossier courant)"),
    (
        "2026-10, last-month or 2026-10-01..2026-10-31 (default: the project's own)",
        "2026-10, last-month ou 2026-10-01..2026-10-31 (par défaut : celle du projet)",
    ),
    (
        "Make a project folder that runs as it is, with comments that teach",
        "Créer un dossier de projet qui tourne tel quel, avec des commentaires qui enseignent",
    ),
    ("The folder to make", "Le dossier à créer"),
    ("Name of the client (default: the folder's)", "Nom du client (par défaut : celui du dossier)"),
    (
        "Say everything that is wrong with projects, their queries and their plugins, at once",
        "Dire d'un coup tout ce qui ne va pas dans des projets, leurs requêtes et leurs greffons",
    ),
    ("Say what collecting would do, without doing it", "Dire ce que ferait une collecte, sans la faire"),
    ("Bring new mentions into the archive", "Faire entrer les nouvelles mentions dans l'archive"),
    (
        "Write the report of a period from the archive, offline",
        "Écrire le rapport d'une période à partir de l'archive, sans réseau",
    ),
    ("Collect, then report", "Collecter, puis faire le rapport"),
    (
        "Collect nothing; forget how far this source was read, so that the next run reads it from its beginning",
        "Ne rien collecter ; oublier jusqu'où cette source a été lue, pour que la prochaine exécution la lise depuis \
         le début",
    ),
    (
        "Look at what was collected, put it in order, take it out and in",
        "Voir ce qui a été collecté, le mettre en ordre, l'en sortir et y en faire entrer",
    ),
    (
        "Say what is in it: tables, versions, rows, cursors, sources, rejected rows",
        "Dire ce qu'elle contient : tables, versions, lignes, curseurs, sources, lignes rejetées",
    ),
    (
        "Put it in order: one file a month, one row for each mention; versions that reports name stay whole",
        "La mettre en ordre : un fichier par mois, une ligne par mention ; les versions que nomment les rapports \
         restent entières",
    ),
    ("Write its tables to files that anything opens", "Écrire ses tables dans des fichiers que tout logiciel ouvre"),
    (
        "Merge another archive, or exported files, into it; of two versions of a row the one read last counts",
        "Y fusionner une autre archive ou des fichiers exportés ; de deux versions d'une ligne, la dernière lue compte",
    ),
    ("Folder for the files", "Dossier des fichiers"),
    (
        "Form of the files: parquet, ndjson, or csv for spreadsheets (default: parquet)",
        "Forme des fichiers : parquet, ndjson, ou csv pour les tableurs (par défaut : parquet)",
    ),
    (
        "One table only: mentions, metric_points, events or coverage",
        "Une seule table : mentions, metric_points, events ou coverage",
    ),
    ("An earlier version of that table", "Une version antérieure de cette table"),
    (
        "An archive, a project, a folder of exported files, or one of them",
        "Une archive, un projet, un dossier de fichiers exportés, ou l'un d'eux",
    ),
    (
        "Have persons read a sample of mentions, and correct the levels of tone by it",
        "Faire lire un échantillon de mentions par des personnes, et corriger d'après elles les niveaux de tonalité",
    ),
    (
        "Draw counted mentions for a person to read, as a CSV and an XLSX sheet",
        "Tirer des mentions comptées à faire lire, en feuilles CSV et XLSX",
    ),
    ("Rows to draw, as many for each entity (default: 200)", "Lignes à tirer, autant par entité (par défaut : 200)"),
    ("Another number draws other mentions (default: 1)", "Un autre nombre tire d'autres mentions (par défaut : 1)"),
    (
        "Show what the machine read; without it nobody is swayed",
        "Montrer ce que la machine a lu ; sans cela, personne n'est influencé",
    ),
    (
        "Keep the labels of a sheet that was filled in, and say what they say",
        "Garder les codages d'une feuille remplie, et dire ce qu'ils disent",
    ),
    (
        "The sheet (CSV or XLSX); rows without a label do no harm",
        "La feuille (CSV ou XLSX) ; les lignes sans codage ne gênent pas",
    ),
    (
        "Name or initials of the person who read, printed on the method page",
        "Nom ou initiales de la personne qui a lu, imprimés à la page de méthode",
    ),
    ("Give the answer as one JSON object", "Donner la réponse en un objet JSON"),
    ("Say what the labels of a period say", "Dire ce que disent les codages d'une période"),
    (
        "Learn from the labels of audits how to read this project's texts; kept only where it reads better",
        "Apprendre des codages à lire les textes de ce projet ; gardé seulement là où il lit mieux",
    ),
    (
        "Read the texts of any table: language, tone, entities, intents, copies; one reading per row",
        "Lire les textes d'un tableau : langue, ton, entités, intentions, copies ; une lecture par ligne",
    ),
    ("CSV, NDJSON or Parquet; gzip and zstd are undone", "CSV, NDJSON ou Parquet ; gzip et zstd sont décompressés"),
    ("Column of the texts", "Colonne des textes"),
    ("Column of their titles", "Colonne de leurs titres"),
    ("Column that states their languages", "Colonne qui donne leurs langues"),
    ("Language of texts too short to say it themselves", "Langue des textes trop courts pour la dire eux-mêmes"),
    (
        "Entity to look for: its name, or ID=QUERY; repeat for several",
        "Entité à chercher : son nom, ou ID=REQUÊTE ; à répéter pour plusieurs",
    ),
    ("Project whose entities to look for as well", "Projet dont les entités sont cherchées aussi"),
    (
        "Columns to copy to the output, named input_… where a reading has the same name",
        "Colonnes à copier dans la sortie, nommées input_… quand une lecture porte le même nom",
    ),
    ("File to write (default: standard output)", "Fichier à écrire (par défaut : la sortie standard)"),
    (
        "Form of the output: ndjson, csv or parquet (default: by the name of the output, else ndjson)",
        "Forme de la sortie : ndjson, csv ou parquet (par défaut : d'après le nom de la sortie, sinon ndjson)",
    ),
    (
        "Check, try, test, measure, import and explain queries",
        "Vérifier, essayer, tester, mesurer, importer et expliquer des requêtes",
    ),
    (
        "Say everything wrong or doubtful in queries, with its place and what to do",
        "Dire tout ce qui est faux ou douteux dans des requêtes, à quel endroit, et que faire",
    ),
    (
        "The query will ask a source for texts: it must say what it wants",
        "La requête demandera des textes à une source : elle doit dire ce qu'elle veut",
    ),
    (
        "Give the problems as one JSON line per query on standard output",
        "Donner les problèmes sur la sortie, une ligne JSON par requête",
    ),
    (
        "Ask a query of one text (status 0 found, 1 not found) or of many records",
        "Chercher une requête dans un texte (code 0 trouvé, 1 non trouvé) ou dans des enregistrements",
    ),
    ("The query, or $NAME of the project", "La requête, ou le $NOM d'une requête du projet"),
    ("Read the query from a file instead", "Lire plutôt la requête dans un fichier"),
    ("The text (default: standard input)", "Le texte (par défaut : l'entrée standard)"),
    (
        "Another field of the text, as title=… or followers=120; may be repeated",
        "Un autre champ du texte, comme title=… ou followers=120 ; peut se répéter",
    ),
    (
        "Records, one JSON object per line, keys named like fields; - is standard input",
        "Des enregistrements, un objet JSON par ligne, aux clés nommées comme les champs ; - est l'entrée standard",
    ),
    (
        "Run the tests written beside the queries of projects",
        "Passer les essais écrits à côté des requêtes des projets",
    ),
    (
        "Draw mentions to be read by a person, or load what that person wrote",
        "Tirer des mentions qu'une personne lira, ou charger ce qu'elle a écrit",
    ),
    ("Name of a query or of an entity of the project", "Nom d'une requête ou d'une entité du projet"),
    ("Mentions to draw (default: 50)", "Nombre de mentions à tirer (par défaut : 50)"),
    (
        "A sheet that was filled in (CSV or XLSX): say the precision and keep it for the method page",
        "Une feuille remplie (CSV ou XLSX) : dire la précision et la garder pour la page de méthode",
    ),
    ("Project folder (default: the current one)", "Dossier du projet (par défaut : le dossier courant)"),
    (
        "Rewrite a query of another tool, with what changes",
        "Récrire la requête d'un autre outil, en disant ce qui change",
    ),
    (
        "The tool it was written for: brandwatch, talkwalker, meltwater, mention, x or mediacloud",
        "L'outil pour lequel elle a été écrite : brandwatch, talkwalker, meltwater, mention, x ou mediacloud",
    ),
    ("File of the query (default: standard input)", "Fichier de la requête (par défaut : l'entrée standard)"),
    ("The query itself", "La requête elle-même"),
    ("Say in words what queries mean", "Dire en mots ce que veulent dire des requêtes"),
    (
        "Project folders, files that hold one query, the query itself, or - for standard input",
        "Dossiers de projets, fichiers d'une requête, la requête elle-même, ou - pour l'entrée standard",
    ),
    ("A query; may be repeated", "Une requête ; peut se répéter"),
    (
        "Project whose macros, lists and named queries may be used",
        "Projet dont les macros, listes et requêtes nommées peuvent servir",
    ),
    (
        "Operators: en (AND OR NOT NEAR), or fr (ET OU SAUF PRES as well) (default: en)",
        "Opérateurs : en (AND OR NOT NEAR), ou fr (ET OU SAUF PRES aussi) (par défaut : en)",
    ),
    (
        "Whether accents count: folded or strict (default: folded)",
        "Si les accents comptent : folded (non) ou strict (oui) (par défaut : folded)",
    ),
    (
        "The day from which last-month and the like are counted (default: today)",
        "Le jour d'où se comptent last-month et les autres (par défaut : aujourd'hui)",
    ),
    (
        "Refuse plugins that vigie.lock does not name yet, instead of adding them",
        "Refuser les greffons que vigie.lock ne nomme pas encore, au lieu de les y ajouter",
    ),
    ("Read this source only; may be given several times", "Ne lire que cette source ; peut être donné plusieurs fois"),
    (
        "Look at plugins, trust, install, pin and pack them",
        "Voir les greffons, leur faire confiance, les installer, les fixer, les emballer",
    ),
    (
        "Say what this machine offers: sandbox, folders, plugins, versions",
        "Dire ce qu'offre cette machine : bac à sable, dossiers, greffons, versions",
    ),
    (
        "List the plugins that can be found, in the order in which they are looked for",
        "Lister les greffons trouvés, dans l'ordre où ils sont cherchés",
    ),
    (
        "Name every place that was tried, and why a plugin is refused",
        "Nommer chaque endroit visité, et dire pourquoi un greffon est refusé",
    ),
    ("One JSON object per plugin", "Un objet JSON par greffon"),
    (
        "Project whose plugins are looked for too (default: the current folder)",
        "Projet dont les greffons sont cherchés aussi (par défaut : le dossier courant)",
    ),
    (
        "Show what a plugin is, what it may do, and whether it may run",
        "Montrer ce qu'est un greffon, ce qu'il peut faire et s'il peut s'exécuter",
    ),
    ("Plugin id", "Identifiant du greffon"),
    (
        "Let a plugin run on this machine, after showing what it may do",
        "Autoriser un greffon sur cette machine, après avoir montré ce qu'il peut faire",
    ),
    (
        "Take back the trust in a plugin: it may not run on this machine any more",
        "Retirer la confiance accordée à un greffon : il ne peut plus s'exécuter sur cette machine",
    ),
    ("This version only (default: every version)", "Cette version seulement (par défaut : toutes)"),
    (
        "Look for plugins in this folder first; may be given several times (a relative one starts from the project)",
        "Chercher d'abord les greffons dans ce dossier ; peut être répété (un dossier relatif part du projet)",
    ),
    ("Plugin id, or the plugin's folder", "Identifiant du greffon, ou son dossier"),
    ("Do not ask", "Ne pas poser de question"),
    (
        "Copy a plugin into the user's folder and let it run, after showing what it may do",
        "Copier un greffon dans le dossier de l'utilisateur et l'autoriser, après avoir montré ce qu'il peut faire",
    ),
    (
        "The plugin's folder, or an archive made by `vigie plugin pack`",
        "Le dossier du greffon, ou une archive faite par `vigie plugin pack`",
    ),
    ("Pin the plugins of projects in their vigie.lock", "Fixer les greffons de projets dans leur vigie.lock"),
    (
        "Accept the version of this plugin that is there now; may be given several times",
        "Accepter la version actuelle de ce greffon ; peut être donné plusieurs fois",
    ),
    (
        "Write spec.json from a plugin's code and make an archive of its folder",
        "Écrire spec.json d'après le code d'un greffon et faire une archive de son dossier",
    ),
    ("The plugin's folder (default: the current one)", "Le dossier du greffon (par défaut : le dossier courant)"),
    (
        "The archive (default: ID-VERSION.tar.gz in the current folder)",
        "L'archive (par défaut : ID-VERSION.tar.gz dans le dossier courant)",
    ),
    (
        "Write the folder of a new plugin, which builds and passes the tests as it is",
        "Écrire le dossier d'un nouveau greffon, qui se compile et réussit les épreuves tel quel",
    ),
    ("Id of the plugin: a to z, 0 to 9 and _", "Identifiant du greffon : a à z, 0 à 9 et _"),
    (
        "Language of its code: rust, c, cpp or zig (default: rust)",
        "Langage de son code : rust, c, cpp ou zig (par défaut : rust)",
    ),
    (
        "The folder (default: plugins/NAME in a project, else NAME)",
        "Le dossier (par défaut : plugins/NOM dans un projet, sinon NOM)",
    ),
    (
        "Prove a plugin, offline from its recordings, and say what to do about each test it fails",
        "Éprouver un greffon, sans réseau, sur ses enregistrements, et dire que faire de chaque épreuve échouée",
    ),
    ("Run this test only", "Ne passer que cette épreuve"),
    (
        "How much is asked: core for a first green run, must, or all, which also builds the plugin anew with sanitizers (default: must)",
        "Ce qui est exigé : core pour un premier succès, must, ou all, qui reconstruit aussi le greffon avec des assainisseurs (par défaut : must)",
    ),
    (
        "Run the plugin in this process, for a debugger: no sandbox, no limits, and a crash ends everything",
        "Faire tourner le greffon dans ce processus, pour un débogueur : ni bac à sable ni limites, et un plantage arrête tout",
    ),
    ("One JSON object per test", "Un objet JSON par épreuve"),
];

/// French of the names of values.
const VALUES: &[(&str, &str)] = &[
    ("LANGUAGE", "LANGUE"),
    ("FORMAT", "FORME"),
    ("FORM", "FORME"),
    ("COLUMN", "COLONNE"),
    ("COL,…", "COL,…"),
    ("CODE", "CODE"),
    ("NAME|ID=QUERY", "NOM|ID=REQUÊTE"),
    ("DIR", "DOSSIER"),
    ("PERIOD", "PÉRIODE"),
    ("NAME", "NOM"),
    ("QUERY", "REQUÊTE"),
    ("TEXT", "TEXTE"),
    ("NAME=VALUE", "NOM=VALEUR"),
    ("COUNT", "NOMBRE"),
    ("TOOL", "OUTIL"),
    ("INPUT", "ENTRÉE"),
    ("DIALECT", "DIALECTE"),
    ("ACCENTS", "ACCENTS"),
    ("DAY", "JOUR"),
    ("ID", "ID"),
    ("ID_OR_DIR", "ID_OU_DOSSIER"),
    ("DIR_OR_ARCHIVE", "DOSSIER_OU_ARCHIVE"),
    ("FILE", "FICHIER"),
    ("LANG", "LANGAGE"),
    ("LEVEL", "NIVEAU"),
    ("FOLDER", "DOSSIER"),
    ("TABLE", "TABLE"),
    ("NUMBER", "NUMÉRO"),
    ("SHEET", "FEUILLE"),
    ("VERSION", "VERSION"),
    ("PATH", "CHEMIN"),
];

/// The command line, with its help in `language`.
pub(crate) fn command(language: Language) -> Command {
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).global(true).help(HELP);
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version).help(VERSION);
    let command = Arguments::command().disable_help_flag(true).disable_version_flag(true).args([help, version]);
    let command = plain(command);
    if language == Language::French { french(command) } else { command }
}

/// Values and defaults are said by the help itself: clap would say them in English.
fn plain(command: Command) -> Command {
    command.mut_args(|arg| arg.hide_possible_values(true).hide_default_value(true)).mut_subcommands(plain)
}

fn french(command: Command) -> Command {
    // The blank that French puts before a colon.
    const OPTIONS: &str = "Options\u{a0}";
    const ARGUMENTS: &str = "Arguments\u{a0}";
    const COMMANDS: &str = "Commandes\u{a0}";
    let about = command.get_about().map(in_french);
    let command = if let Some(about) = about { command.about(about) } else { command };
    command
        .mut_args(|arg| {
            let heading = if arg.is_positional() { ARGUMENTS } else { OPTIONS };
            let names: Vec<Str> = arg.get_value_names().unwrap_or_default().iter().map(value).collect();
            let help = arg.get_help().map(in_french);
            let arg = arg.help_heading(heading);
            let arg = if names.is_empty() { arg } else { arg.value_names(names) };
            if let Some(help) = help { arg.help(help) } else { arg }
        })
        .mut_subcommands(french)
        .subcommand_help_heading(COMMANDS)
        .subcommand_value_name("COMMANDE")
        .help_template("{about-with-newline}\nUtilisation\u{a0}: {usage}\n\n{all-args}")
}

fn in_french(english: &StyledStr) -> String {
    let english = english.to_string();
    FRENCH.iter().find(|(en, _)| *en == english).map_or(english, |(_, fr)| fr.replace('\'', "’"))
}

fn value(english: &Str) -> Str {
    VALUES.iter().find(|(en, _)| english == *en).map_or_else(|| english.clone(), |(_, fr)| Str::from(*fr))
}

/// What is wrong with the command line, for a person or for cron.
pub(crate) fn mistake(error: &clap::Error) -> Diagnostic {
    let told = |kind| error.get(kind).map(words).unwrap_or_default();
    let argument = told(ContextKind::InvalidArg);
    let (en, fr) = match error.kind() {
        ErrorKind::UnknownArgument => {
            (format!("there is no argument `{argument}`"), format!("il n'y a pas d'argument `{argument}`"))
        }
        ErrorKind::InvalidSubcommand => {
            let name = told(ContextKind::InvalidSubcommand);
            (format!("there is no command `{name}`"), format!("il n'y a pas de commande `{name}`"))
        }
        ErrorKind::MissingSubcommand => ("a command is missing".to_owned(), "il manque une commande".to_owned()),
        ErrorKind::MissingRequiredArgument => (format!("{argument} is missing"), format!("il manque {argument}")),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let given = told(ContextKind::InvalidValue);
            if given.is_empty() {
                (format!("{argument} needs a value"), format!("{argument} attend une valeur"))
            } else {
                (format!("`{given}` does not fit {argument}"), format!("`{given}` ne convient pas à {argument}"))
            }
        }
        ErrorKind::ArgumentConflict => {
            let other = told(ContextKind::PriorArg);
            if other == argument {
                (format!("{argument} is given twice"), format!("{argument} est donné deux fois"))
            } else {
                (
                    format!("{argument} cannot be used with {other}"),
                    format!("{argument} ne peut pas s'employer avec {other}"),
                )
            }
        }
        _ => {
            let first = error.to_string().lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
            (first.clone(), first)
        }
    };
    let mut mistake = Diagnostic::error("C002", Bilingual::new(en, fr));
    let values = told(ContextKind::ValidValue);
    if !values.is_empty() {
        mistake = mistake.hint(Bilingual::new(format!("one of: {values}"), format!("l'une de ces valeurs : {values}")));
    }
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    if let Some(near) = near.into_iter().map(told).find(|n| !n.is_empty()) {
        mistake =
            mistake.hint(Bilingual::new(format!("did you mean `{near}`?"), format!("vouliez-vous écrire `{near}` ?")));
    }
    mistake.hint(Bilingual::new("`vigie --help` says what there is", "`vigie --help` dit ce qu'il y a"))
}

fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(many) => many.join(", "),
        ContextValue::StyledStr(one) => one.to_string(),
        ContextValue::StyledStrs(many) => many.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn texts(command: &Command, found: &mut BTreeSet<String>, values: &mut BTreeSet<String>) {
        found.extend(command.get_about().map(ToString::to_string));
        for arg in command.get_arguments() {
            found.extend(arg.get_help().map(ToString::to_string));
            if arg.get_action().takes_values() {
                values.extend(arg.get_value_names().unwrap_or_default().iter().map(ToString::to_string));
            }
        }
        command.get_subcommands().for_each(|c| texts(c, found, values));
    }

    #[test]
    fn every_text_has_its_french_and_none_is_left_over() {
        let (mut found, mut values) = (BTreeSet::new(), BTreeSet::new());
        texts(&command(Language::English), &mut found, &mut values);
        let known: BTreeSet<String> = FRENCH.iter().map(|(en, _)| (*en).to_owned()).collect();
        assert_eq!(found, known);
        let known: BTreeSet<String> = VALUES.iter().map(|(en, _)| (*en).to_owned()).collect();
        assert_eq!(values, known);
    }

    #[test]
    fn the_command_line_is_consistent_in_both_languages() {
        command(Language::English).debug_assert();
        command(Language::French).debug_assert();
    }
}
