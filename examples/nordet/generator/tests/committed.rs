//! The committed files of the example are exactly what the generator makes, and small enough to live here.

use std::path::Path;

use nordet_generator::{COMMITTED_SEED, generate, render};

#[test]
fn the_committed_seed_gives_the_committed_bytes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let files = render(&generate(COMMITTED_SEED)).expect("every file can be made");
    let mut total = 0;
    for (path, made) in &files {
        let committed = std::fs::read(folder.join(path)).unwrap_or_default();
        assert!(*made == committed, "{path} differs: {} bytes made, {} committed", made.len(), committed.len());
        total += committed.len();
    }
    assert_eq!(files.len(), 7);
    assert!(total <= 6 * 1024 * 1024, "{total} bytes");
}
