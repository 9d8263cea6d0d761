//! Any encoding to UTF-8, as a stream: byte order mark, else strict UTF-8, else the most likely one. NUL bytes go.

use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use vigie_plugin::{Code, Error, Result};

/// The encoding of a text and how it was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) encoding: &'static Encoding,
    /// Byte sequences that are not of that encoding; 0 when not counted.
    pub(crate) bad: u64,
}

/// The declared encoding; `None` for `auto`.
pub(crate) fn declared(option: &str) -> Result<Option<&'static Encoding>> {
    if option == "auto" {
        return Ok(None);
    }
    Encoding::for_label(option.as_bytes()).map(Some).ok_or_else(|| {
        Error::new(Code::Config, format!("encoding `{option}` is not known")).option("/encoding").hint(
            "use utf-8, windows-1252, utf-16le, macintosh, …",
            "employez utf-8, windows-1252, utf-16le, macintosh, …",
        )
    })
}

/// Finds the encoding of a stream by reading all of it. A read error ends the search with what was seen.
pub(crate) fn detect(stream: &mut dyn Read) -> Found {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut buffer = vec![0; 1 << 18];
    let mut utf8 = Utf8Count::default();
    let mut first = true;
    loop {
        let count = match stream.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(count) => count,
        };
        let bytes = &buffer[..count];
        if std::mem::take(&mut first) {
            if let Some((encoding, _)) = Encoding::for_bom(bytes) {
                return Found { encoding, bad: 0 };
            }
            if let Some(encoding) = utf16_without_mark(bytes) {
                return Found { encoding, bad: 0 };
            }
        }
        utf8.feed(bytes);
        detector.feed(bytes, false);
    }
    detector.feed(&[], true);
    utf8.finish();
    // A few spoiled bytes in a text that is UTF-8 otherwise do not make it something else.
    if utf8.bad == 0 || utf8.good >= utf8.bad.saturating_mul(20) {
        return Found { encoding: UTF_8, bad: utf8.bad };
    }
    let guess = detector.guess(None, Utf8Detection::Deny);
    Found { encoding: guess, bad: 0 }
}

/// Byte sequences of a stream that are not UTF-8. A read error ends the count with what was seen.
pub(crate) fn not_utf8(stream: &mut dyn Read) -> u64 {
    let mut buffer = vec![0; 1 << 18];
    let mut utf8 = Utf8Count::default();
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        utf8.feed(&buffer[..count]);
    }
    utf8.finish();
    utf8.bad
}

/// UTF-16 shows by its NUL bytes: every second one in western text.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(512) & !1];
    let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), sample.len() / 2);
    if pairs < 8 {
        None
    } else if odd * 10 > pairs * 7 && even * 10 < pairs {
        Some(UTF_16LE)
    } else if even * 10 > pairs * 7 && odd * 10 < pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Counts characters beyond ASCII that are UTF-8, and byte sequences that are not.
#[derive(Default)]
struct Utf8Count {
    good: u64,
    bad: u64,
    rest: Vec<u8>,
}

impl Utf8Count {
    fn feed(&mut self, bytes: &[u8]) {
        if self.rest.is_empty() && bytes.is_ascii() {
            return;
        }
        let mut joined = std::mem::take(&mut self.rest);
        joined.extend_from_slice(bytes);
        let mut at: &[u8] = &joined;
        loop {
            match std::str::from_utf8(at) {
                Ok(text) => {
                    self.count(text);
                    return;
                }
                Err(error) => {
                    let (valid, after) = at.split_at(error.valid_up_to());
                    self.count(std::str::from_utf8(valid).unwrap_or_default());
                    let Some(length) = error.error_len() else {
                        self.rest = after.to_vec();
                        return;
                    };
                    self.bad += 1;
                    at = &after[length..];
                }
            }
        }
    }

    fn count(&mut self, text: &str) {
        self.good += text.bytes().filter(|b| *b >= 0xc0).count() as u64;
    }

    fn finish(&mut self) {
        self.bad += u64::from(!self.rest.is_empty());
    }
}

/// A stream of UTF-8 without byte order mark, NUL, or carriage return before a line feed.
pub(crate) struct Utf8Stream<R> {
    inner: R,
    decoder: Decoder,
    input: Vec<u8>,
    filled: std::ops::Range<usize>,
    output: Vec<u8>,
    given: usize,
    ended: bool,
    /// A carriage return at the end of the last piece, whose fate the next byte decides.
    held_return: bool,
}

impl<R: Read> Utf8Stream<R> {
    pub(crate) fn new(inner: R, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            input: vec![0; 1 << 16],
            filled: 0..0,
            output: Vec::new(),
            given: 0,
            ended: false,
            held_return: false,
        }
    }

    /// Decodes the next piece into `output`.
    fn refill(&mut self) -> io::Result<()> {
        self.output.clear();
        self.given = 0;
        while self.output.is_empty() && !self.ended {
            if self.filled.is_empty() {
                match self.inner.read(&mut self.input) {
                    Ok(count) => self.filled = 0..count,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Err(error) => return Err(error),
                }
            }
            let last = self.filled.is_empty();
            self.output.resize(1 << 17, 0);
            let (result, read, written, _) =
                self.decoder.decode_to_utf8(&self.input[self.filled.clone()], &mut self.output, last);
            self.output.truncate(written);
            self.filled.start += read;
            self.ended = last && result == CoderResult::InputEmpty;
            if self.output.contains(&0) {
                self.output.retain(|b| *b != 0);
            }
            if self.held_return || self.output.contains(&b'\r') {
                self.drop_returns();
            }
        }
        Ok(())
    }

    /// Makes every line end in a line feed alone: lines can then be counted, and texts hold one kind of break.
    fn drop_returns(&mut self) {
        if std::mem::take(&mut self.held_return) {
            self.output.insert(0, b'\r');
        }
        if !self.ended && self.output.last() == Some(&b'\r') {
            self.output.pop();
            self.held_return = true;
        }
        let mut to = 0;
        for from in 0..self.output.len() {
            let byte = self.output[from];
            if byte != b'\r' || self.output.get(from + 1) != Some(&b'\n') {
                self.output[to] = byte;
                to += 1;
            }
        }
        self.output.truncate(to);
    }
}

impl<R: Read> Read for Utf8Stream<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.given == self.output.len() && !self.ended {
            self.refill()?;
        }
        let count = out.len().min(self.output.len() - self.given);
        out[..count].copy_from_slice(&self.output[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use encoding_rs::WINDOWS_1252;

    use super::*;

    fn found(bytes: &[u8]) -> (&'static str, u64) {
        let found = detect(&mut &*bytes);
        (found.encoding.name(), found.bad)
    }

    fn decoded(bytes: &[u8], encoding: &'static Encoding) -> String {
        let mut text = String::new();
        Utf8Stream::new(bytes, encoding).read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn encodings_are_found() {
        assert_eq!(found("déjà vu".as_bytes()), ("UTF-8", 0));
        assert_eq!(found(b"plain"), ("UTF-8", 0));
        assert_eq!(found(b"\xef\xbb\xbfmarked"), ("UTF-8", 0));
        assert_eq!(found(b"\xff\xfea\0"), ("UTF-16LE", 0));
        assert_eq!(found(b"a\0u\0t\0e\0u\0r\0;\0t\0e\0x\0t\0"), ("UTF-16LE", 0));
        assert_eq!(
            found(
                "L'été dernier, j'ai changé de forfait\u{2009}"
                    .replace('\u{2009}', "")
                    .chars()
                    .map(|c| c as u8)
                    .collect::<Vec<_>>()
                    .as_slice()
            )
            .0,
            "windows-1252"
        );
        let mut mostly = "é".repeat(100).into_bytes();
        mostly.push(0xff);
        assert_eq!(found(&mostly), ("UTF-8", 1));
    }

    #[test]
    fn nul_bytes_and_marks_go() {
        assert_eq!(decoded(b"\xef\xbb\xbfa\0b", UTF_8), "ab");
        assert_eq!(decoded(b"\xff\xfea\0\0\0\xe9\0", UTF_16LE), "aé");
        assert_eq!(decoded(b"\x93\xe9\x94", WINDOWS_1252), "“é”");
        assert_eq!(decoded(b"a\r\nb\rc\r\r\nd\r", UTF_8), "a\nb\rc\r\nd\r");
        let long = "é\r\n".repeat(100_000);
        assert_eq!(decoded(long.as_bytes(), UTF_8), long.replace('\r', ""));
        let long = "é".repeat(200_000);
        assert_eq!(decoded(long.as_bytes(), UTF_8), long);
    }
}
