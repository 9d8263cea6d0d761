//! Compressed bodies, unpacked no further than allowed: a few kilobytes can claim to be gigabytes.

use std::io::Read;

use crate::transport::{Fault, TransportError};

/// What the broker understands.
pub(crate) const ACCEPTED: &str = "gzip, br";

/// `body` without the encodings that its `content-encoding` lists.
///
/// # Errors
/// An encoding nobody asked for, damaged data, or more than `limit` bytes.
pub(crate) fn decompressed(body: Vec<u8>, encodings: &str, limit: usize) -> Result<Vec<u8>, TransportError> {
    let mut body = body;
    for encoding in encodings.rsplit(',').map(|e| e.trim().to_ascii_lowercase()).filter(|e| !e.is_empty()) {
        body = match encoding.as_str() {
            "identity" => body,
            // An empty body of a HEAD or 304 carries the header too.
            _ if body.is_empty() => body,
            "gzip" | "x-gzip" => all(flate2::read::MultiGzDecoder::new(body.as_slice()), limit)?,
            "br" => all(brotli::Decompressor::new(body.as_slice(), 4_096), limit)?,
            other => {
                let detail = format!("content-encoding {other:.40} was not asked for");
                return Err(TransportError::new(Fault::Broken, detail));
            }
        };
    }
    Ok(body)
}

fn all(reader: impl Read, limit: usize) -> Result<Vec<u8>, TransportError> {
    let mut out = Vec::new();
    // One more than allowed is enough to refuse.
    let result = reader.take(limit as u64 + 1).read_to_end(&mut out);
    if out.len() > limit {
        return Err(too_long(limit));
    }
    result.map_err(|error| TransportError::new(Fault::Broken, format!("the compressed body is damaged: {error}")))?;
    Ok(out)
}

pub(crate) fn too_long(limit: usize) -> TransportError {
    TransportError::new(Fault::TooLong, format!("more than {} MiB", limit >> 20))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use std::io::Write;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn br(bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        brotli::CompressorWriter::new(&mut out, 4_096, 5, 20).write_all(bytes).unwrap();
        out
    }

    #[test]
    fn both_encodings_and_their_sum_are_undone() {
        let text = "l'été ".repeat(1_000).into_bytes();
        assert_eq!(decompressed(gzip(&text), "gzip", 1 << 20).unwrap(), text);
        assert_eq!(decompressed(br(&text), "br", 1 << 20).unwrap(), text);
        assert_eq!(decompressed(br(&gzip(&text)), "gzip, BR", 1 << 20).unwrap(), text);
        assert_eq!(decompressed(text.clone(), "identity", 1 << 20).unwrap(), text);
        assert_eq!(decompressed(Vec::new(), "gzip", 1 << 20).unwrap(), Vec::<u8>::new());
    }

    #[test]
    fn a_bomb_is_refused() {
        let zeros = vec![0; 64 << 20];
        for (body, name) in [(gzip(&zeros), "gzip"), (br(&zeros), "br")] {
            assert!(body.len() < 100_000, "{}", body.len());
            assert_eq!(decompressed(body, name, 1 << 20).unwrap_err().fault, Fault::TooLong);
        }
    }

    #[test]
    fn damage_is_told() {
        let mut half = gzip(&[7; 10_000]);
        half.truncate(half.len() / 2);
        assert_eq!(decompressed(half, "gzip", 1 << 20).unwrap_err().fault, Fault::Broken);
        assert_eq!(decompressed(b"<html>".to_vec(), "br", 1 << 20).unwrap_err().fault, Fault::Broken);
        assert_eq!(decompressed(b"x".to_vec(), "zstd", 1 << 20).unwrap_err().fault, Fault::Broken);
    }
}
