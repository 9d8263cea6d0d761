//! Files as people really send them: missing, empty, damaged, mangled.

use std::io::Write as _;

use crate::Case;
use crate::workshop::{HEAD, Project, csv_source, good_rows, row};

/// A project whose source `bad` reads `content`, or no file at all.
fn project(content: Option<&[u8]>, more: &str) -> Project {
    let project = Project::with_good_source(&csv_source("bad", "data/bad.csv", more));
    if let Some(content) = content {
        project.write("data/bad.csv", content);
    }
    project
}

#[test]
fn a_missing_file() {
    Case {
        project: &|| project(None, ""),
        outcome: "failed",
        rows: [0, 0, 0],
        english: &["source `bad` stopped", "data/bad.csv does not exist", "check `paths`"],
        french: &["source `bad` arrêtée", "data/bad.csv n'existe pas", "vérifiez `paths`"],
    }
    .check();
}

#[test]
fn an_option_with_a_slip_is_shown_in_its_file_at_its_line() {
    Case {
        project: &|| project(Some(HEAD.as_bytes()), "encodin = \"utf-8\"\n"),
        outcome: "failed",
        rows: [0, 0, 0],
        english: &["vigie.toml:", "unknown option `encodin`; did you mean `encoding`?"],
        french: &["vigie.toml:", "option inconnue `encodin` ; vouliez-vous écrire `encoding` ?"],
    }
    .check();
}

#[test]
fn a_missing_file_costs_the_other_files_of_its_source_nothing() {
    Case {
        project: &|| {
            let project = Project::with_good_source(&csv_source("bad", "data/gone.csv\", \"data/there.csv", ""));
            let rows: String = (0..12).map(|i| row("b", i, 3)).collect();
            project.write("data/there.csv", format!("{HEAD}{rows}"));
            project
        },
        outcome: "partial",
        rows: [12, 12, 0],
        english: &["source `bad` incomplete", "data/gone.csv does not exist", "check `paths`"],
        french: &["source `bad` incomplète", "data/gone.csv n'existe pas", "vérifiez `paths`"],
    }
    .check();
}

#[test]
fn french_is_not_half_english() {
    for (content, english) in
        [(None, "does not exist"), (Some(b"".as_slice()), "is empty"), (Some(b"a;b\n"), "has no row")]
    {
        let said = project(content, "").vigie(&["--language", "fr", "collect", "."]);
        said.expect(3);
        for piece in [english, "no file could be read", "stopped", "check `paths`"] {
            assert!(!said.err.contains(piece), "{piece}\n{}", said.whole());
        }
    }
}

#[test]
fn an_empty_file() {
    Case {
        project: &|| project(Some(b""), ""),
        outcome: "failed",
        rows: [0, 0, 0],
        english: &["source `bad` stopped", "bad.csv is empty", "check `paths`"],
        french: &["source `bad` arrêtée", "bad.csv est vide", "vérifiez `paths`"],
    }
    .check();
}

#[test]
fn a_quotation_mark_that_never_closes() {
    let rows = "q1,2026-03-01 10:00,zoe,Alto before\nq2,2026-03-01 10:00,zoe,\"Alto never closed\n\
                q3,2026-03-02 10:00,zoe,Alto after\nq4,2026-03-03 10:00,zoe,Alto after\n";
    let content = format!("{HEAD}{rows}");
    Case {
        project: &|| project(Some(content.as_bytes()), ""),
        outcome: "partial",
        rows: [2, 2, 0],
        english: &["bad.csv opens a quotation mark at line 3 that never closes", "close it"],
        french: &["bad.csv ouvre à la ligne 3 un guillemet jamais refermé", "refermez-le"],
    }
    .check();
}

#[test]
fn bytes_of_another_encoding_than_the_declared_one() {
    let mut bytes = HEAD.as_bytes().to_vec();
    for i in 1..=5 {
        bytes.extend_from_slice(format!("w{i},2026-03-0{i} 10:00,zoe,").as_bytes());
        // "Encore une panne chez Alto, désolé" as Windows-1252 writes it.
        bytes.extend_from_slice(b"\"Encore une panne chez Alto, d\xe9sol\xe9\"\n");
    }
    Case {
        project: &|| project(Some(&bytes), "encoding = \"utf-8\""),
        outcome: "partial",
        rows: [5, 5, 0],
        english: &["bad.csv is declared utf-8 but has 10 byte sequences that are not", "remove `encoding`"],
        french: &["bad.csv est déclaré utf-8 mais a 10 suites d'octets qui n'en sont pas", "retirez `encoding`"],
    }
    .check();
}

#[test]
fn an_undeclared_encoding_is_found() {
    let project =
        project(Some(b"id,date,author,text\n1,2026-03-02 10:00,a,\"Alto: d\xe9sol\xe9, \xe7a marche\"\n"), "");
    project.vigie(&["run", "."]).expect(0);
    assert_eq!(project.ledger("bad")["rows"]["kept"], 1);
}

#[test]
fn a_gzip_file_cut_in_the_middle() {
    let mut rows = HEAD.to_owned();
    (0..6_000).for_each(|i| rows.push_str(&row("z", i, 3)));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(rows.as_bytes()).unwrap();
    let mut packed = packed.finish().unwrap();
    packed.truncate(packed.len() / 2);
    for (language, pieces) in [
        (
            "en",
            [
                "source `bad` incomplete",
                "bad.csv is damaged after row",
                "the rows before were kept",
                "download the file again",
            ],
        ),
        (
            "fr",
            [
                "source `bad` incomplète",
                "bad.csv est abîmé après la ligne",
                "les lignes précédentes ont été gardées",
                "téléchargez le fichier de nouveau",
            ],
        ),
    ] {
        let project = project(Some(&packed), "");
        project.vigie(&["--language", language, "run", "."]).expect(3).says(&pieces);
        project.documents();
        let ledger = project.ledger("bad");
        let kept = ledger["rows"]["kept"].as_u64().unwrap();
        assert!((1_000..5_500).contains(&kept), "half of the bytes gave {kept} rows of 6000");
        assert_eq!(ledger["outcome"]["status"], "partial");
        // The damage is still told when there is nothing new to read.
        project.vigie(&["--language", language, "collect", "."]).expect(3).says(&pieces[..2]);
        assert_eq!(project.orphans(), Vec::<String>::new());
    }
}

/// Rows that cannot become mentions are counted by reason and kept, and the message says where.
fn rejected(bad: &str, good: u64, reason: &str, lines: &[u64], piece: &str) {
    let content = format!("{bad}b9,2026-03-09 09:00,zoe,Alto works\n");
    let count = lines.len() as u64;
    Case {
        project: &|| project(Some(content.as_bytes()), ""),
        outcome: "complete",
        rows: [good + count, good, count],
        english: &[&format!("{count} rejected ({count} {reason})"), "archive/quarantine/bad"],
        french: &[&format!("{count} rejetées ({count} {reason})"), "archive/quarantine/bad"],
    }
    .check();
    let project = project(Some(content.as_bytes()), "");
    project.vigie(&["collect", "."]).expect(3);
    let kept = project.quarantine("bad");
    let places: Vec<&str> = kept.iter().map(|q| q["place"].as_str().unwrap()).collect();
    assert_eq!(places, lines.iter().map(|l| format!("bad.csv:{l}")).collect::<Vec<_>>());
    assert!(kept.iter().all(|q| q["reason"] == reason), "{kept:?}");
    assert!(kept.iter().any(|q| q["raw"].as_str().unwrap().contains(piece)), "{kept:?}");
}

#[test]
fn ragged_rows() {
    let bad = "id,date,author,text\nb1,2026-03-01 09:00,ana,Alto is good\nb2,2026-03-02 09:00\n\
               b3,2026-03-03 09:00,leo,Alto,and,more\n";
    rejected(bad, 2, "ragged", &[3, 4], "b2");
}

#[test]
fn dates_of_another_form() {
    let bad = "id,date,author,text\nb1,2026-03-01 09:00,ana,Alto is good\nb2,03/04/26 9h,leo,Alto is bad\n\
               b3,,kim,Alto again\nb4,2026-02-30 10:00,lou,Alto in February\n";
    rejected(bad, 2, "no_date", &[3, 4, 5], "03/04/26 9h");
}

#[test]
fn ids_that_a_spreadsheet_has_mangled() {
    let bad =
        "id,date,author,text\n5.70306E+17,2026-03-01 09:00,ana,Alto is good\n5.70306E+17,2026-03-01 09:10,leo,Alto\n";
    rejected(bad, 1, "bad_id", &[2, 3], "5.70306E+17");
}

#[test]
fn addresses_stand_for_mangled_ids() {
    let rows = "id,date,author,text,link\n5.70306E+17,2026-03-01 09:00,ana,Alto is good,https://x.example/1\n\
                5.70306E+17,2026-03-01 09:10,leo,Alto is bad,https://x.example/2\n";
    let source = csv_source("bad", "data/bad.csv", "").replace("native_id =", "url = \"link\"\nnative_id =");
    for (language, piece) in [("en", "the address stands for them"), ("fr", "l'adresse en tient lieu")] {
        let project = Project::with_good_source(&source);
        project.write("data/bad.csv", rows);
        project.vigie(&["--language", language, "collect", "."]).expect(0).says(&["2 ", piece]);
    }
}

#[test]
fn two_mapped_columns_of_one_name() {
    Case {
        project: &|| project(Some(b"id,date,author,text,Text\nb1,2026-03-01 09:00,ana,Alto is good,other\n"), ""),
        outcome: "failed",
        rows: [0, 0, 0],
        english: &["bad.csv was not read: column `text` is there twice, at positions 4 and 5", "rename one of them"],
        french: &[
            "bad.csv n'a pas été lu : la colonne `text` y est deux fois, aux positions 4 et 5",
            "renommez l'une d'elles",
        ],
    }
    .check();
}

#[test]
fn a_file_without_the_mapped_columns() {
    Case {
        project: &|| project(Some(b"identifiant;jour;auteur;message\n1;2;3;4\n"), ""),
        outcome: "failed",
        rows: [0, 0, 0],
        english: &["bad.csv has no row with the mapped columns", "compare `columns`"],
        french: &["bad.csv n'a pas, vers son début, de ligne portant les colonnes décrites", "comparez `columns`"],
    }
    .check();
}

#[test]
fn a_corrected_file_is_read_at_the_next_run() {
    let project = project(Some(b""), "");
    project.vigie(&["run", "."]).expect(3);
    project.write("data/bad.csv", good_rows(60).replace("\ng", "\nb"));
    let said = project.vigie(&["--language", "en", "run", "."]);
    said.expect(0).says(&["bad: 60 read, 60 kept, 0 duplicates, 0 rejected", "good: 0 read, 0 kept"]);
    assert_eq!(project.ledger("bad")["outcome"]["status"], "complete");
}
