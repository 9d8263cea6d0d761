//! The tables the archive takes, and whether a batch fits one of them.

use vigie_model::mention::{self, ColumnType, Given};

use crate::batch::{Batch, Plain, TextColumn, Values};
use crate::nearest::nearest;
use crate::stop::Stop;

/// The only table so far.
pub(crate) const MENTIONS: &str = "mentions/1";
/// Longest text, in bytes; longer ones are cut.
pub(crate) const MAX_TEXT: usize = 1 << 20;

/// Refuses tables the archive does not have.
pub(crate) fn check_name(table: &str) -> Result<(), Stop> {
    if table == MENTIONS {
        return Ok(());
    }
    Err(Stop::new(
        "P310",
        format!("table `{table}` is not taken, only `{MENTIONS}`"),
        format!("la table `{table}` n'est pas reçue, seule `{MENTIONS}` l'est"),
    ))
}

/// The type of a column a plugin may give; columns named `x_…` keep their own.
pub(crate) fn given_type(name: &str) -> Result<Option<ColumnType>, Stop> {
    if name.starts_with("x_") {
        return Ok(None);
    }
    match mention::find(name) {
        Some(column) if column.given != Given::Host => Ok(Some(column.kind)),
        Some(_) => Err(Stop::new(
            "P502",
            format!("column `{name}` is set by the host, not by plugins"),
            format!("la colonne `{name}` est posée par l'hôte, non par les greffons"),
        )),
        None => {
            let names = mention::MENTIONS.iter().filter(|c| c.given != Given::Host).map(|c| c.name);
            let stop = Stop::new("P502", format!("column `{name}` is not known"), format!("colonne `{name}` inconnue"));
            Err(match nearest(name, names) {
                Some(near) => stop.hint(format!("did you mean `{near}`?"), format!("vouliez-vous écrire `{near}` ?")),
                None => stop,
            })
        }
    }
}

fn kind_words(kind: ColumnType) -> (&'static str, &'static str) {
    match kind {
        ColumnType::Text => ("text", "texte"),
        ColumnType::Int => ("whole numbers", "nombres entiers"),
        ColumnType::Float => ("numbers", "nombres"),
        ColumnType::Bool => ("true or false", "vrai ou faux"),
        ColumnType::Time => ("times", "instants"),
    }
}

/// Casts to the table's types and checks what must be there. Returns how many texts were cut.
pub(crate) fn fit(batch: &mut Batch) -> Result<u64, Stop> {
    check_name(&batch.table)?;
    let mut cut = 0;
    for column in &mut batch.columns {
        if let Some(wanted) = given_type(&column.name)? {
            cast(&column.name, &mut column.values, wanted)?;
        }
        if let Values::Text(texts) = &mut column.values {
            cut += cut_long(texts);
        }
    }
    if batch.rows > 0 {
        required(batch)?;
    }
    batch.columns.retain(|c| !c.values.all_null());
    Ok(cut)
}

fn cast(name: &str, values: &mut Values, wanted: ColumnType) -> Result<(), Stop> {
    if values.kind() == wanted {
        return Ok(());
    }
    match (std::mem::replace(values, Values::empty(wanted)), wanted) {
        (Values::Int(ints), ColumnType::Float) => {
            *values =
                Values::Float(Plain { values: ints.values.iter().map(|v| *v as f64).collect(), valid: ints.valid });
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

fn required(batch: &Batch) -> Result<(), Stop> {
    for column in mention::MENTIONS.iter().filter(|c| c.given == Given::Required) {
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
        Batch { table: MENTIONS.into(), rows, columns }
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
        let model: Vec<&str> = mention::MENTIONS.iter().filter(|c| c.given != Given::Host).map(|c| c.name).collect();
        assert_eq!(sdk, model);
    }

    #[test]
    fn whole_numbers_fit_a_column_of_numbers_but_text_does_not() {
        let mut ints = Plain::default();
        ints.push(Some(4));
        let mut columns = complete();
        columns.push(("rating_raw", Values::Int(ints)));
        let mut good = batch(columns);
        assert_eq!(fit(&mut good), Ok(0));
        assert_eq!(good.column("rating_raw").unwrap().values.kind(), ColumnType::Float);
        let mut columns = complete();
        columns.push(("likes", text(Some("4"))));
        assert_eq!(fit(&mut batch(columns)).unwrap_err().code, "P503");
    }

    #[test]
    fn missing_and_unknown_columns_are_named() {
        let mut columns = complete();
        columns[0].1 = text(Some(""));
        assert_eq!(fit(&mut batch(columns)).unwrap_err().en, "row 0 of a batch has no `native_id`, which is required");
        let mut columns = complete();
        columns.push(("titel", text(None)));
        assert_eq!(fit(&mut batch(columns)).unwrap_err().hint.unwrap().0, "did you mean `title`?");
        let mut columns = complete();
        columns.push(("uid", text(None)));
        assert_eq!(fit(&mut batch(columns)).unwrap_err().code, "P502");
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let long = "é".repeat(MAX_TEXT / 2 + 10);
        let mut columns = complete();
        columns.push(("text", text(Some(&format!("a{long}")))));
        let mut batch = batch(columns);
        assert_eq!(fit(&mut batch), Ok(1));
        assert_eq!(batch.text("text").unwrap().get(0).unwrap().len(), MAX_TEXT - 1);
    }
}
