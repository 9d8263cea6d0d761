//! Writes the example's files: `nordet-generate [FOLDER]`, by default into `examples/nordet`.

use std::error::Error;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = std::env::args_os().nth(1).map_or(default, PathBuf::from);
    let world = nordet_generator::generate(nordet_generator::COMMITTED_SEED);
    for (path, bytes) in nordet_generator::render(&world)? {
        let file = folder.join(path);
        if let Some(parent) = file.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(&file, bytes)?;
    }
    Ok(())
}
