//! What a body is like, told while its bytes stream by: size, digest, kind and signs. The bytes themselves are not kept.

use crate::facts::{BodyKind, BodySeen};
use sha2::{Digest, Sha256};

/// Bytes from the start that kind and signs are read from.
const HEAD: usize = 64 * 1024;

/// Reads one body.
#[derive(Default)]
pub struct Reader {
    head: Vec<u8>,
    bytes: usize,
    digest: Sha256,
}

impl Reader {
    /// Takes in the next decoded bytes.
    pub fn feed(&mut self, part: &[u8]) {
        self.digest.update(part);
        self.bytes += part.len();
        let left = HEAD - self.head.len();
        self.head.extend_from_slice(&part[..part.len().min(left)]);
    }

    /// What was read; `wire` is the size before decoding, `truncated` whether there was more.
    #[must_use]
    pub fn finish(self, wire: usize, truncated: bool) -> BodySeen {
        BodySeen {
            bytes: count(self.bytes),
            wire: count(wire),
            truncated,
            sha256: self.digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect(),
            kind: kind(&self.head),
            signs: Vec::new(),
        }
    }
}

fn count(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// The kind by the bytes alone (in the manner of WHATWG MIME sniffing).
fn kind(head: &[u8]) -> BodyKind {
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let opening = |tag: &[u8]| start.len() >= tag.len() && start[..tag.len()].eq_ignore_ascii_case(tag);
    match start.first() {
        None if head.is_empty() => BodyKind::Empty,
        None => BodyKind::Text,
        Some(b'{' | b'[') => BodyKind::Json,
        Some(b'<')
            if [&b"<!doctype html"[..], b"<html", b"<head", b"<body", b"<title", b"<script", b"<!--"]
                .iter()
                .any(|tag| opening(tag)) =>
        {
            BodyKind::Html
        }
        Some(_) if head.contains(&0) => BodyKind::Binary,
        Some(_) => match std::str::from_utf8(head) {
            Err(error) if error.error_len().is_some() => BodyKind::Binary,
            _ => BodyKind::Text,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{HEAD, Reader};
    use crate::facts::{BodyKind, BodySeen};

    fn read(parts: &[&[u8]]) -> BodySeen {
        let mut reader = Reader::default();
        parts.iter().for_each(|part| reader.feed(part));
        reader.finish(7, false)
    }

    #[test]
    fn the_kind_is_told_by_the_bytes() {
        for (body, kind) in [
            (&b""[..], BodyKind::Empty),
            (b"\n <!DOCTYPE HTML><p>x", BodyKind::Html),
            (b"\xef\xbb\xbf{\"a\":1}", BodyKind::Json),
            (b"ref: refs/heads/main\n", BodyKind::Text),
            ("gr\u{fc}n".as_bytes(), BodyKind::Text),
            (b"PK\x03\x04\x00\x00", BodyKind::Binary),
            (b"\x89PNG\r\n", BodyKind::Binary),
            (b"<?xml version='1.0'?>", BodyKind::Text),
        ] {
            assert_eq!(read(&[body]).kind, kind, "{body:?}");
        }
    }

    #[test]
    fn a_body_is_measured_whole_however_it_is_cut() {
        let long = vec![b'a'; HEAD + 10];
        let (one, two) = (read(&[&long]), read(&[&long[..9], &long[9..]]));
        assert_eq!(one, two);
        assert_eq!((one.bytes as usize, one.wire), (HEAD + 10, 7));
    }
}
