//! The published schema of `report.json` is the one of the code.

use std::path::Path;

/// Set `VIGIE_UPDATE_EXPECTED=1` to write the schema anew after the model has changed.
#[test]
fn the_published_schema_is_that_of_the_model() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/report.schema.json");
    let schema = schemars::schema_for!(vigie_report::report::Report);
    let expected = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    if std::env::var_os("VIGIE_UPDATE_EXPECTED").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), expected, "run with VIGIE_UPDATE_EXPECTED=1");
}
