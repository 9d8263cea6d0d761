//! What is said about archives.

use jiff::Timestamp;
use vigie_model::diagnostic::{Bilingual, Language};
use vigie_model::ledger::SourceOutcome;
use vigie_pipeline::{ArchiveInfo, Compacted, Imported};

/// The lines of `vigie archive info`, their columns separated by tabs.
pub(crate) fn info(info: &ArchiveInfo, language: Language) -> Vec<String> {
    let say = |en: &str, fr: &str| Bilingual::new(en, fr).get(language).to_owned();
    let mut lines = vec![format!("{}\t{}", say("archive", "archive"), info.place)];
    lines.push(say(
        "table\tversion\trows\tstored rows\tfiles\tbytes",
        "table\tversion\tlignes\tlignes enregistrées\tfichiers\toctets",
    ));
    for table in &info.tables {
        let numbers = [table.version, table.rows, table.stored, table.files as u64, table.bytes].map(|n| n.to_string());
        lines.push(format!("{}\t{}", table.name, numbers.join("\t")));
    }
    lines.push(say("cursor\ttable\tlast commit\tnext run", "curseur\ttable\tdernière validation\tprochaine exécution"));
    for cursor in &info.cursors {
        let next = match (&cursor.rows, cursor.from_beginning) {
            (None, _) => say("unreadable", "illisible"),
            (_, true) => say("from the beginning", "depuis le début"),
            (_, false) => say("goes on", "continue"),
        };
        let row = [cursor.table.to_owned(), time(cursor.at), next];
        lines.push(format!("{}\t{}", cursor.source, row.join("\t")));
    }
    lines.push(say(
        "source\tplugin\tread\tkept\tduplicates\trejected\tquarantine\tstate",
        "source\tgreffon\tlues\tretenues\tdoublons\trejetées\tquarantaine\tétat",
    ));
    for record in &info.sources {
        let (ledger, rows) = (&record.ledger, &record.ledger.rows);
        let waiting = info.quarantine.get(&ledger.source).copied().unwrap_or_default();
        let numbers = [rows.read, rows.kept, rows.duplicates, rows.rejected, waiting].map(|n| n.to_string());
        let state = match ledger.outcome {
            SourceOutcome::Complete => say("complete", "complète"),
            SourceOutcome::Partial { .. } => say("incomplete", "incomplète"),
            SourceOutcome::Failed { .. } => say("failed", "en échec"),
        };
        lines.push(format!("{}\t{}\t{}\t{state}", ledger.source, ledger.plugin, numbers.join("\t")));
    }
    lines
}

fn time(micros: i64) -> String {
    let second = Timestamp::from_second(micros / 1_000_000).ok().filter(|_| micros > 0);
    second.map_or_else(|| "—".to_owned(), |t| t.to_string())
}

/// What compaction did to a table.
pub(crate) fn compacted(table: &Compacted) -> Bilingual {
    let (name, deleted) = (table.table, table.deleted);
    let ((files_before, files), (rows_before, rows)) = (table.files, table.rows);
    Bilingual::new(
        format!("{name}: {files_before} files → {files}, {rows_before} rows → {rows}, {deleted} files deleted"),
        format!(
            "{name} : {files_before} fichiers → {files}, {rows_before} lignes → {rows}, {deleted} fichiers supprimés"
        ),
    )
}

/// What an import did to a table.
pub(crate) fn imported(table: &str, done: &Imported) -> Bilingual {
    let Imported { read, added, updated, rejected, .. } = done;
    Bilingual::new(
        format!("{table}: {read} rows read, {added} added, {updated} updated, {rejected} rejected"),
        format!("{table} : {read} lignes lues, {added} ajoutées, {updated} mises à jour, {rejected} rejetées"),
    )
}

/// Rows that were none.
pub(crate) fn rejected(rows: u64, first: &str) -> Bilingual {
    Bilingual::new(
        format!("{rows} rows could not be imported, the first at {first}; the others were; mend them and import again"),
        format!(
            "{rows} lignes n'ont pu être importées, la première à {first} ; les autres l'ont été ; corrigez-les et \
             importez de nouveau"
        ),
    )
}

/// A source that is read anew.
pub(crate) fn reset(source: &str, cursors: usize) -> Bilingual {
    if cursors == 0 {
        return Bilingual::new(
            format!("{source}: nothing was collected yet; the next run reads it from its beginning anyway"),
            format!(
                "{source} : rien n'a encore été collecté ; la prochaine exécution la lit de toute façon depuis le début"
            ),
        );
    }
    Bilingual::new(
        format!("{source}: the next run reads it from its beginning; archived rows are not doubled"),
        format!("{source} : la prochaine exécution la lit depuis le début ; les lignes archivées ne sont pas doublées"),
    )
}

/// Mentions that may not be kept any longer.
pub(crate) fn enforced(dropped: u64, reduced: u64) -> Bilingual {
    Bilingual::new(
        format!(
            "{dropped} mentions dropped and {reduced} reduced to their place and counts, as their sources' terms ask"
        ),
        format!(
            "{dropped} mentions supprimées et {reduced} réduites à leur place et à leurs comptes, comme le demandent \
             les conditions de leurs sources"
        ),
    )
}
