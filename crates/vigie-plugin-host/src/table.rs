//! Whether a batch fits its table: types, what must be there, what cannot be.

use vigie_model::column::{ColumnType, Given};
use vigie_model::mention::{ID_ONLY, MENTIONS};
use vigie_model::table::{self, TABLES, Table};
use vigie_plugin::Reject;

use crate::batch::{Batch, MAX_NAME, Plain, TextColumn, Values};
use crate::nearest::nearest;
use crate::stop::Stop;

/// Longest text, in bytes; longer ones are cut.
pub(crate) const MAX_TEXT: usize = 1 << 20;
/// Longest `raw` of a reject, in characters.
pub(crate) const RAW_CHARS: usize = 1_024;
/// Whole numbers up to here are the same as a float.
const EXACT_FLOAT: i64 = 1 << 53;

/// A row that cannot be taken, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadRow {
    pub(crate) row: usize,
    pub(crate) reason: String,
}

/// What fitting a batch to its table changed.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Fitted {
    /// Texts that were cut.
    pub(crate) cut: u64,
    /// Rows that were taken out.
    pub(crate) rejects: Vec<Reject>,
}

/// The table called `name`.
pub(crate) fn named(name: &str) -> Result<&'static Table, Stop> {
    table::find(name).ok_or_else(|| {
        let known = TABLES.iter().map(|t| format!("`{}`", t.name)).collect::<Vec<_>>().join(", ");
        let stop = Stop::new(
            "P310",
            format!("table `{name}` is not taken; the tables are {known}"),
            format!("la table `{name}` n'est pas reçue ; les tables sont {known}"),
        );
        match nearest(name, TABLES.iter().map(|t| t.name)) {
            Some(near) => stop.hint(format!("did you mean `{near}`?"), format!("vouliez-vous écrire `{near}` ?")),
            None => stop,
        }
    })
}

/// The type of a column a plugin may give; columns named `x_…` keep their own.
pub(crate) fn given_type(table: &Table, name: &str) -> Result<Option<ColumnType>, Stop> {
    if let Some(own) = name.strip_prefix("x_") {
        let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_';
        if !own.is_empty() && name.len() <= MAX_NAME && own.bytes().all(plain) {
            return Ok(None);
        }
        return Err(Stop::new(
            "P502",
            format!("a column of the plugin's own has a name that cannot be: `{}`", brief(name)),
            format!("une colonne propre au greffon a un nom impossible : `{}`", brief(name)),
        )
        .hint(
            format!("x_ and then a to z, 0 to 9 and _, {MAX_NAME} bytes at most"),
            format!("x_ puis a à z, 0 à 9 et _, {MAX_NAME} octets au plus"),
        ));
    }
    match table.column(name) {
        Some(column) if column.given != Given::Host => Ok(Some(column.kind)),
        Some(_) => Err(Stop::new(
            "P502",
            format!("column `{name}` is set by the host, not by plugins"),
            format!("la colonne `{name}` est posée par l'hôte, non par les greffons"),
        )),
        None => {
            let stop = Stop::new(
                "P502",
                format!("column `{}` is not known in `{}`", brief(name), table.name),
                format!("colonne `{}` inconnue dans `{}`", brief(name), table.name),
            );
            Err(match nearest(name, table.given().map(|c| c.name)) {
                Some(near) => stop.hint(format!("did you mean `{near}`?"), format!("vouliez-vous écrire `{near}` ?")),
                None => stop,
            })
        }
    }
}

/// A name as a message can hold it.
fn brief(name: &str) -> String {
    name.chars().take(MAX_NAME).collect()
}

fn kind_words(kind: ColumnType) -> (&'static str, &'static str) {
    match kind {
        ColumnType::Text => ("text", "texte"),
        ColumnType::Int => ("whole numbers", "nombres entiers"),
        ColumnType::Float => ("numbers", "nombres"),
        ColumnType::Bool => ("true or false", "vrai ou faux"),
        ColumnType::Time => ("times", "instants"),
        ColumnType::TextList => ("lists of text", "listes de textes"),
    }
}

/// Casts to the table's types, checks what must be there, takes out the rows of `bad` and those that cannot be.
pub(crate) fn fit(batch: &mut Batch, mut bad: Vec<BadRow>) -> Result<Fitted, Stop> {
    let table = named(&batch.table)?;
    let mut cut = 0;
    for column in &mut batch.columns {
        if let Some(wanted) = given_type(table, &column.name)? {
            cast(&column.name, &mut column.values, wanted, &mut bad)?;
        }
        match &mut column.values {
            Values::Text(texts) => cut += cut_long(texts),
            Values::TextList(lists) => cut += cut_long(&mut lists.items),
            _ => {}
        }
    }
    if table.name == MENTIONS.name {
        full_stubs(batch, &mut bad);
    }
    let rejects = take_out(batch, bad);
    if batch.rows > 0 {
        required(table, batch)?;
    }
    batch.columns.retain(|c| !c.values.all_null());
    Ok(Fitted { cut, rejects })
}

/// Takes the rows out, each once, for the first reason.
fn take_out(batch: &mut Batch, mut bad: Vec<BadRow>) -> Vec<Reject> {
    if bad.is_empty() {
        return Vec::new();
    }
    bad.sort_by_key(|b| b.row);
    bad.dedup_by_key(|b| b.row);
    let mut keep = vec![true; batch.rows];
    let mut rejects = Vec::with_capacity(bad.len());
    for BadRow { row, reason } in bad {
        keep[row] = false;
        let item = batch.row(row);
        rejects.push(Reject {
            table: batch.table.clone(),
            native_id: batch.text("native_id").and_then(|ids| ids.get(row)).map(str::to_owned),
            reason,
            raw: serde_json::Value::Object(item).to_string().chars().take(RAW_CHARS).collect(),
            place: None,
        });
    }
    for column in &mut batch.columns {
        column.values = column.values.kept(&keep);
    }
    batch.rows -= rejects.len();
    rejects
}

/// A lossy cast costs its row; a type that has nothing to do with the column's costs the plugin.
fn cast(name: &str, values: &mut Values, wanted: ColumnType, bad: &mut Vec<BadRow>) -> Result<(), Stop> {
    if values.kind() == wanted {
        return Ok(());
    }
    let mut lossy = |rows: Vec<usize>| {
        bad.extend(rows.into_iter().map(|row| BadRow { row, reason: format!("bad_{name}") }));
    };
    match (std::mem::replace(values, Values::empty(wanted)), wanted) {
        (Values::Int(ints), ColumnType::Float) => {
            lossy(rows_where(&ints, |v| v.unsigned_abs() > EXACT_FLOAT.unsigned_abs()));
            *values =
                Values::Float(Plain { values: ints.values.iter().map(|v| *v as f64).collect(), valid: ints.valid });
            Ok(())
        }
        (Values::Float(floats), ColumnType::Int) => {
            lossy(rows_where(&floats, |v| v.fract() != 0.0 || !v.is_finite() || v.abs() > EXACT_FLOAT as f64));
            *values =
                Values::Int(Plain { values: floats.values.iter().map(|v| *v as i64).collect(), valid: floats.valid });
            Ok(())
        }
        (other, _) => {
            let ((wanted_en, wanted_fr), (is_en, is_fr)) = (kind_words(wanted), kind_words(other.kind()));
            Err(Stop::new(
                "P503",
                format!("column `{name}` must hold {wanted_en}, not {is_en}"),
                format!("la colonne `{name}` doit contenir : {wanted_fr}, et non : {is_fr}"),
            ))
        }
    }
}

fn rows_where<T: Copy + Default>(column: &Plain<T>, lossy: impl Fn(T) -> bool) -> Vec<usize> {
    (0..column.values.len()).filter(|row| column.get(*row).is_some_and(&lossy)).collect()
}

/// A stub says where something stands, and nothing of what it says.
fn full_stubs(batch: &Batch, bad: &mut Vec<BadRow>) {
    let Some(origins) = batch.text("text_origin") else { return };
    let words = [batch.text("text"), batch.text("title")];
    let full = |row: &usize| {
        origins.get(*row) == Some(ID_ONLY)
            && words.iter().flatten().any(|texts| texts.get(*row).is_some_and(|text| !text.is_empty()))
    };
    bad.extend((0..batch.rows).filter(full).map(|row| BadRow { row, reason: "text_in_stub".to_owned() }));
}

fn required(table: &Table, batch: &Batch) -> Result<(), Stop> {
    for column in table.required() {
        let name = column.name;
        let bad_row = match batch.column(name).map(|c| &c.values) {
            None => Some(0),
            Some(Values::Text(texts)) => (0..batch.rows).find(|row| texts.get(*row).is_none_or(str::is_empty)),
            Some(values) => values.validity().and_then(|v| v.iter().position(|x| !x)),
        };
        if let Some(row) = bad_row {
            return Err(Stop::new(
                "P504",
                format!("row {row} of a batch has no `{name}`, which is required"),
                format!("la ligne {row} d'un lot n'a pas de `{name}`, qui est obligatoire"),
            ));
        }
    }
    Ok(())
}

/// Cuts texts longer than [`MAX_TEXT`] between two characters.
fn cut_long(column: &mut TextColumn) -> u64 {
    let long = |w: &[i64]| w[1] - w[0] > MAX_TEXT as i64;
    if !column.offsets.windows(2).any(long) {
        return 0;
    }
    let mut shorter = TextColumn::default();
    let mut cut = 0;
    for row in 0..column.offsets.len() - 1 {
        let text = column.get(row).map(|text| {
            if text.len() <= MAX_TEXT {
                return text;
            }
            cut += 1;
            let mut end = MAX_TEXT;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            &text[..end]
        });
        shorter.push(text);
    }
    *column = shorter;
    cut
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use crate::batch::Column;

    fn batch(columns: Vec<(&str, Values)>) -> Batch {
        let rows = columns.first().map_or(0, |c| c.1.len());
        let columns = columns.into_iter().map(|(name, values)| Column { name: name.into(), values }).collect();
        Batch { table: MENTIONS.name.into(), rows, columns }
    }

    fn text(value: Option<&str>) -> Values {
        let mut column = TextColumn::default();
        column.push(value);
        Values::Text(column)
    }

    fn complete() -> Vec<(&'static str, Values)> {
        let mut time = Plain::default();
        time.push(Some(1));
        vec![
            ("native_id", text(Some("a"))),
            ("platform", text(Some("x"))),
            ("kind", text(Some("post"))),
            ("published_at", Values::Time(time)),
        ]
    }

    #[test]
    fn the_sdk_and_the_model_agree_on_the_columns() {
        let sdk: Vec<&str> = vigie_plugin::mention_columns().collect();
        let model: Vec<&str> = MENTIONS.given().map(|c| c.name).collect();
        assert_eq!(sdk, model);
    }

    #[test]
    fn whole_numbers_fit_a_column_of_numbers_but_text_does_not() {
        let mut ints = Plain::default();
        ints.push(Some(4));
        let mut columns = complete();
        columns.push(("rating_raw", Values::Int(ints)));
        let mut good = batch(columns);
        assert_eq!(fit(&mut good, Vec::new()), Ok(Fitted::default()));
        assert_eq!(good.column("rating_raw").unwrap().values.kind(), ColumnType::Float);
        let mut columns = complete();
        columns.push(("likes", text(Some("4"))));
        assert_eq!(fit(&mut batch(columns), Vec::new()).unwrap_err().code, "P503");
    }

    #[test]
    fn missing_and_unknown_columns_are_named() {
        let mut columns = complete();
        columns[0].1 = text(Some(""));
        assert_eq!(
            fit(&mut batch(columns), Vec::new()).unwrap_err().en,
            "row 0 of a batch has no `native_id`, which is required"
        );
        let mut columns = complete();
        columns.push(("titel", text(None)));
        assert_eq!(fit(&mut batch(columns), Vec::new()).unwrap_err().hint.unwrap().0, "did you mean `title`?");
        let mut columns = complete();
        columns.push(("uid", text(None)));
        assert_eq!(fit(&mut batch(columns), Vec::new()).unwrap_err().code, "P502");
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let long = "é".repeat(MAX_TEXT / 2 + 10);
        let mut columns = complete();
        columns.push(("text", text(Some(&format!("a{long}")))));
        let mut batch = batch(columns);
        assert_eq!(fit(&mut batch, Vec::new()).unwrap().cut, 1);
        assert_eq!(batch.text("text").unwrap().get(0).unwrap().len(), MAX_TEXT - 1);
    }

    #[test]
    fn a_lossy_cast_costs_its_row_and_no_other() {
        let mut floats = Plain::default();
        for value in [Some(3.0), Some(3.5), None, Some(f64::NAN)] {
            floats.push(value);
        }
        let mut columns: Vec<(&str, Values)> = complete().into_iter().map(|(n, v)| (n, repeated(&v, 4))).collect();
        columns.push(("likes", Values::Float(floats)));
        let mut batch = batch(columns);
        let fitted = fit(&mut batch, vec![BadRow { row: 0, reason: "bad_views".into() }]).unwrap();
        let reasons: Vec<&str> = fitted.rejects.iter().map(|r| r.reason.as_str()).collect();
        assert_eq!(reasons, ["bad_views", "bad_likes", "bad_likes"]);
        assert!(fitted.rejects[0].raw.contains(r#""likes":3"#), "{}", fitted.rejects[0].raw);
        assert_eq!((batch.rows, batch.text("native_id").unwrap().len()), (1, 1));
        assert!(batch.column("likes").is_none(), "the only row left knows no likes");
    }

    #[test]
    fn a_stub_with_words_is_rejected() {
        let mut columns: Vec<(&str, Values)> = complete().into_iter().map(|(n, v)| (n, repeated(&v, 2))).collect();
        columns.push(("text_origin", repeated(&text(Some(ID_ONLY)), 2)));
        let mut words = TextColumn::default();
        words.push(None);
        words.push(Some("a"));
        columns.push(("text", Values::Text(words)));
        let mut batch = batch(columns);
        let fitted = fit(&mut batch, Vec::new()).unwrap();
        assert_eq!((batch.rows, fitted.rejects[0].reason.as_str()), (1, "text_in_stub"));
    }

    #[test]
    fn own_columns_have_plain_names() {
        assert_eq!(given_type(&MENTIONS, "x_shelf_2"), Ok(None));
        for name in ["x_", "x_Shelf", "x_é", "x_a\nb", &format!("x_{}", "a".repeat(63))] {
            assert_eq!(given_type(&MENTIONS, name).unwrap_err().code, "P502", "{name}");
        }
    }

    #[test]
    fn each_table_has_its_own_columns() {
        let point = |name: &str, columns| {
            let mut batch = batch(columns);
            batch.table = name.into();
            fit(&mut batch, Vec::new()).map_err(|stop| (stop.code, stop.en))
        };
        let mut flag = Plain::default();
        flag.push(Some(true));
        let time = || complete().remove(3).1;
        let columns = vec![("window_start", time()), ("window_end", time()), ("truncated", Values::Bool(flag))];
        assert_eq!(point("coverage/1", columns), Ok(Fitted::default()));
        let error = point("coverage/1", complete()).unwrap_err();
        assert_eq!(error.1, "column `native_id` is not known in `coverage/1`");
        assert_eq!(point("coverage/2", complete()).unwrap_err().0, "P310");
    }

    fn repeated(values: &Values, times: usize) -> Values {
        let mut many = Values::empty(values.kind());
        for _ in 0..times {
            match (&mut many, values) {
                (Values::Text(many), Values::Text(one)) => many.push(one.get(0)),
                (Values::Time(many), Values::Time(one)) => many.push(one.get(0)),
                _ => panic!("no such column here"),
            }
        }
        many
    }
}
