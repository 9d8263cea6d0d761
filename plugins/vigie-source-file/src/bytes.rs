//! Opening a file: its hash, what its first bytes say, gzip and zstd undone.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::Path;

/// How the bytes are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    Plain,
    Gzip,
    Zstd,
}

/// What a look at the whole file tells.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    /// xxh3 of the bytes as they lie on disk.
    pub(crate) hash: String,
    pub(crate) size: u64,
    pub(crate) packing: Packing,
}

/// Reads the file once for its hash and its packing.
pub(crate) fn look(path: &Path) -> io::Result<Look> {
    let mut file = File::open(path)?;
    let mut hasher = xxhash_rust::xxh3::Xxh3::new();
    let mut buffer = vec![0; 1 << 18];
    let mut first = Vec::new();
    let mut size = 0;
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        if first.len() < 4 {
            first.extend_from_slice(&buffer[..count.min(4)]);
        }
        hasher.update(&buffer[..count]);
        size += count as u64;
    }
    Ok(Look { hash: format!("{:032x}", hasher.digest128()), size, packing: packing(&first) })
}

fn packing(first: &[u8]) -> Packing {
    if first.starts_with(&[0x1f, 0x8b]) {
        Packing::Gzip
    } else if first.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        Packing::Zstd
    } else {
        Packing::Plain
    }
}

/// The bytes of the file, unpacked, as a stream.
pub(crate) fn open(path: &Path, packing: Packing) -> io::Result<Box<dyn Read>> {
    let file = BufReader::with_capacity(1 << 18, File::open(path)?);
    Ok(match packing {
        Packing::Plain => Box::new(file),
        // Several gzip members one behind the other are one file.
        Packing::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(file)),
        Packing::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(file)?),
    })
}

/// The bytes of the file, unpacked, in memory, for forms that need to jump.
pub(crate) fn open_whole(path: &Path, packing: Packing) -> io::Result<Cursor<Vec<u8>>> {
    let mut bytes = Vec::new();
    open(path, packing)?.read_to_end(&mut bytes)?;
    Ok(Cursor::new(bytes))
}
