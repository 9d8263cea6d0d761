//! Everything this source says to the readers of a report, in both languages.

use std::fmt::Display;

use vigie_plugin::{Error, Notice, Words};

/// Why a file ends early.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The whole reading stops.
    Stop(Error),
    /// This file stops; what was read of it before stays.
    File(Box<Notice>),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Stop(error)
    }
}

impl From<Notice> for Trouble {
    fn from(notice: Notice) -> Self {
        Self::File(Box::new(notice))
    }
}

fn notice(code: &str, partial: bool, en: String, fr: String) -> Notice {
    Notice { code: code.into(), partial, message: Words::new(en, fr), hint: None }
}

fn hinted(mut notice: Notice, en: &str, fr: &str) -> Notice {
    notice.hint = Some(Words::new(en, fr));
    notice
}

pub(crate) fn missing(path: &str) -> Notice {
    let n = notice("file_missing", true, format!("{path} does not exist"), format!("{path} n'existe pas"));
    hinted(
        n,
        "check `paths`; relative ones start at the project file",
        "vérifiez `paths` ; les chemins relatifs partent du fichier du projet",
    )
}

pub(crate) fn no_match(pattern: &str) -> Notice {
    notice("no_match", true, format!("no file matches {pattern}"), format!("aucun fichier ne correspond à {pattern}"))
}

pub(crate) fn unreadable(name: &str, error: &dyn Display) -> Notice {
    notice(
        "file_unreadable",
        true,
        format!("{name} cannot be read: {error}"),
        format!("{name} est illisible : {error}"),
    )
}

pub(crate) fn empty(name: &str) -> Notice {
    notice("file_empty", true, format!("{name} is empty"), format!("{name} est vide"))
}

pub(crate) fn no_rows(name: &str) -> Notice {
    notice(
        "file_empty",
        true,
        format!("{name} has a header but no rows"),
        format!("{name} a un en-tête mais aucune ligne"),
    )
}

pub(crate) fn cut(name: &str, rows: u64, error: &dyn Display) -> Notice {
    let n = notice(
        "file_cut",
        true,
        format!("{name} is damaged after row {rows}: {error}; the rows before were kept"),
        format!("{name} est abîmé après la ligne {rows} : {error} ; les lignes précédentes ont été gardées"),
    );
    hinted(n, "copy or download the file again", "copiez ou téléchargez le fichier de nouveau")
}

pub(crate) fn quote_open(name: &str, line: u64) -> Notice {
    let n = notice(
        "quote_open",
        true,
        format!("{name} opens a quotation mark at line {line} that never closes: all that follows is one text"),
        format!("{name} ouvre à la ligne {line} un guillemet jamais refermé : tout ce qui suit est un seul texte"),
    );
    hinted(n, "close it, or write two marks where one is meant", "refermez-le, ou doublez le guillemet voulu")
}

pub(crate) fn no_header(name: &str, wanted: &[&str]) -> Notice {
    let list = wanted.join(", ");
    let n = notice(
        "no_header",
        true,
        format!("{name} has no row with the mapped columns ({list}) near its top"),
        format!("{name} n'a pas, vers son début, de ligne portant les colonnes décrites ({list})"),
    );
    hinted(n, "compare `columns` with the file's first rows", "comparez `columns` aux premières lignes du fichier")
}

pub(crate) fn essential_missing(name: &str, what: &str, there: &str) -> Notice {
    notice(
        "column_missing",
        true,
        format!("{name} was not read: it has no column {what}; it has {there}"),
        format!("{name} n'a pas été lu : il n'a pas de colonne {what} ; il a {there}"),
    )
}

pub(crate) fn column_missing(name: &str, what: &str) -> Notice {
    notice(
        "column_missing",
        false,
        format!("{name} has no column {what}; its values are unknown"),
        format!("{name} n'a pas de colonne {what} ; ses valeurs sont inconnues"),
    )
}

pub(crate) fn column_twice(name: &str, column: &str, first: usize, second: usize) -> Notice {
    let n = notice(
        "column_twice",
        true,
        format!("{name} was not read: column `{column}` is there twice, at positions {first} and {second}"),
        format!("{name} n'a pas été lu : la colonne `{column}` y est deux fois, aux positions {first} et {second}"),
    );
    hinted(n, "rename one of them in the file", "renommez l'une d'elles dans le fichier")
}

pub(crate) fn other_twice(name: &str, columns: &str) -> Notice {
    notice(
        "column_twice",
        false,
        format!("{name} has several columns named {columns}; they are not used"),
        format!("{name} a plusieurs colonnes nommées {columns} ; elles ne servent pas"),
    )
}

pub(crate) fn bad_bytes(name: &str, count: u64, encoding: &str) -> Notice {
    notice(
        "bad_bytes",
        false,
        format!("{name} has {count} byte sequences that are not {encoding}; each became \u{fffd}"),
        format!("{name} a {count} suites d'octets qui ne sont pas en {encoding} ; chacune est devenue \u{fffd}"),
    )
}

pub(crate) fn wrong_encoding(name: &str, count: u64) -> Notice {
    let n = notice(
        "wrong_encoding",
        true,
        format!("{name} is declared utf-8 but has {count} byte sequences that are not; each became \u{fffd}"),
        format!(
            "{name} est déclaré utf-8 mais a {count} suites d'octets qui n'en sont pas ; chacune est devenue \u{fffd}"
        ),
    );
    hinted(
        n,
        "remove `encoding` to let it be found, or write the right one (often windows-1252)",
        "retirez `encoding` pour qu'il soit trouvé, ou écrivez le bon (souvent windows-1252)",
    )
}

pub(crate) fn no_sheet(name: &str, wanted: &str, there: &str) -> Notice {
    notice(
        "no_sheet",
        true,
        format!("{name} was not read: it has no sheet `{wanted}`; it has {there}"),
        format!("{name} n'a pas été lu : il n'a pas de feuille `{wanted}` ; il a {there}"),
    )
}

pub(crate) fn full_sheet(name: &str) -> Notice {
    notice(
        "sheet_full",
        true,
        format!("{name} has as many rows as a sheet can hold; it is probably truncated"),
        format!("{name} a autant de lignes qu'une feuille peut en tenir ; il est sans doute tronqué"),
    )
}

pub(crate) fn ids_from_url(name: &str, count: u64) -> Notice {
    notice(
        "ids_from_url",
        false,
        format!("{name}: {count} ids were missing or damaged by a spreadsheet; the address stands for them"),
        format!("{name} : {count} identifiants manquaient ou ont été abîmés par un tableur ; l'adresse en tient lieu"),
    )
}
