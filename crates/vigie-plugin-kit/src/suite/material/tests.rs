//! Recordings taken apart, changed in one place, and written again.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;

fn material(name: &str, text: &str) -> Material {
    Material { parts: vec![(Place::File(name.into()), Form::of(text.as_bytes().to_vec()))], recording: None }
}

fn text(material: &Material) -> String {
    String::from_utf8_lossy(&material.parts[0].1.bytes()).into_owned()
}

#[test]
fn what_is_not_changed_is_written_as_it_was() {
    for given in
        ["id,text\n1,\"a, b\"\n2,c\n", "2026-01-01\tAna\tsays \"yes\", twice\n", "<rss><item>a &amp; b</item></rss>"]
    {
        assert_eq!(text(&material("a", given)), given);
    }
    assert_eq!(text(&material("a", "{\"a\":[1,2.5,\"é\"]}")), "{\"a\":[1,2.5,\"é\"]}");
    assert_eq!(text(&material("a", "{\"a\":1}\n{\"a\":2}\n")), "{\"a\":1}\n{\"a\":2}\n");
}

#[test]
fn values_are_found_with_their_neighbours_and_changed_alone() {
    let json = material("a.json", r#"{"items":[{"id":1,"t":"un"},{"id":2,"t":"deux","n":{"likes":7}}]}"#);
    let at = json.find("deux").unwrap();
    let neighbours: Vec<String> = json.neighbours(&at).into_iter().map(|(_, text)| text).collect();
    assert_eq!(neighbours, ["2", "7"]);
    let (likes, _) = json.neighbours(&at).pop().unwrap();
    assert!(json.is_number(&likes) && !json.is_number(&at));
    let changed = |at: &At, new: New| text(&json.with(at, &new));
    assert!(changed(&likes, New::Absent).ends_with(r#"{"id":2,"n":{},"t":"deux"}]}"#));
    assert!(changed(&likes, New::Null).contains(r#""likes":null"#));
    assert!(changed(&likes, New::Number("9007199254740993".into())).contains(r#""likes":9007199254740993"#));
    assert!(changed(&at, New::Raw(br"x \ud83d".to_vec())).contains(r#""t":"x \ud83d""#));
    assert_eq!(text(&json.damaged(&at)), r#"{"items":[{"id":1,"t":"un"},{"vigie":"no item"}]}"#);

    let table = material("a.csv", "id;text\n1;un\n2;\"deux\"\n");
    let at = table.find("deux").unwrap();
    assert_eq!(table.lines(&at), Some(3));
    assert_eq!(text(&table.with(&at, &New::Text("d;x".into()))), "id;text\n1;un\n2;\"d;x\"\n");
    assert_eq!(text(&table.damaged(&at)), "id;text\n1;un\nvigie\n");
    let (short, moved) = material("a.csv", "id;text\n1;un\n2;deux\n3;trois\n").shortest(&at);
    assert_eq!(text(&short.with(&moved, &New::Text("x".into()))), "id;text\n2;x\n");
    assert_eq!(text(&table.repeated(&at, 5)).lines().count(), 5);
    assert_eq!(text(&table.first_lines(&at, 2)), "id;text\n1;un\n");
    let (above, value) = table.on_line(&at, 1).unwrap();
    assert_eq!((above.line(), value.as_str()), (Some(1), "un"));
}

#[test]
fn text_in_other_text_is_escaped() {
    let feed = material("a.xml", "<rss><title>Tom &amp; Ana</title></rss>");
    let at = feed.find("Tom & Ana").unwrap();
    assert_eq!(text(&feed.with(&at, &New::Text("a < b".into()))), "<rss><title>a &lt; b</title></rss>");
    assert!(feed.find("rss").is_none(), "short words are found anywhere");
}
