//! Records of JSON lines as documents of the query language.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};
use vigie_model::diagnostic::Bilingual;
use vigie_query::record::{Record, Refusal, Value};

/// A record and what could not be taken from it.
pub(super) struct Read {
    pub(super) record: Record,
    /// `id` of the record, given back with its answer.
    pub(super) id: Option<Json>,
    pub(super) refused: Vec<Bilingual>,
}

/// Reads one line. Keys that are no field are noted in `others`; those of an object `fields` count as well.
///
/// # Errors
/// When the line is no JSON object.
pub(super) fn read(line: &str, others: &mut BTreeSet<String>) -> Result<Read, Bilingual> {
    let object = match serde_json::from_str::<Json>(line) {
        Ok(Json::Object(object)) => object,
        Ok(_) => {
            return Err(Bilingual::new(
                "it is no JSON object such as {\"text\": \"…\"}",
                "ce n'est pas un objet JSON comme {\"text\": \"…\"}",
            ));
        }
        Err(error) => return Err(Bilingual::new(format!("no JSON: {error}"), format!("pas du JSON : {error}"))),
    };
    let mut read = Read { record: Record::new(), id: object.get("id").cloned(), refused: Vec::new() };
    take(&object, &mut read, others);
    Ok(read)
}

fn take(object: &Map<String, Json>, read: &mut Read, others: &mut BTreeSet<String>) {
    for (key, value) in object {
        match (key.as_str(), value) {
            ("id", _) => {}
            ("fields", Json::Object(fields)) => take(fields, read, others),
            _ => match read.record.set(key, &given(value), None) {
                Ok(()) => {}
                Err(Refusal::UnknownName) => {
                    others.insert(key.clone());
                }
                Err(Refusal::BadValue(words)) => read.refused.push(Bilingual::new(words.en, words.fr)),
            },
        }
    }
}

fn given(value: &Json) -> Value {
    match value {
        Json::Null => Value::Missing,
        Json::Bool(flag) => Value::Flag(*flag),
        Json::Number(number) => number.as_f64().map_or(Value::Other, |n| Value::Number(n, number.to_string())),
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(values) => Value::Many(values.iter().map(given).collect()),
        Json::Object(_) => Value::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_query::{Fact, Field};

    #[test]
    fn fields_other_keys_and_bad_values_are_told_apart() {
        let mut others = BTreeSet::new();
        let line = r#"{"id": 7, "text": "bonjour", "titre": "Salut", "followers": null, "likes": "many",
            "links": ["https://a.example", "https://b.example"], "colour": "blue", "fields": {"lang": "fr"}}"#;
        let read = read(line, &mut others).unwrap();
        assert_eq!(read.id, Some(Json::from(7)));
        assert_eq!((read.record.text(Field::Body), read.record.text(Field::Title)), (Some("bonjour"), Some("Salut")));
        let facts = read.record.facts();
        assert!(facts.contains(&(Field::Lang, Fact::Text("fr"))));
        assert_eq!(facts.iter().filter(|(field, _)| *field == Field::Links).count(), 2);
        assert_eq!(read.refused.len(), 1);
        assert!(read.refused[0].fr.contains("likes"));
        assert_eq!(others.into_iter().collect::<Vec<_>>(), ["colour"]);
    }

    #[test]
    fn the_record_of_the_reference_page_is_read_whole() {
        let mut others = BTreeSet::new();
        let read = read(vigie_query::reference::RECORD, &mut others).unwrap();
        assert!(read.refused.is_empty() && others.is_empty(), "{:?} {others:?}", read.refused);
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for line in ["", "[1]", "3", "{\"text\":", "text"] {
            assert!(read(line, &mut BTreeSet::new()).is_err(), "{line}");
        }
    }
}
