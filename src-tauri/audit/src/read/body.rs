//! What a body is like, told while its bytes stream by: size, digest, kind, signs, the size of an image, the length of a list. The bytes themselves are not kept.

use super::items::Counter;
use super::sign;
use crate::facts::{BodyKind, BodySeen, ImageSeen};
use imagesize::ImageType;
use sha2::{Digest, Sha256};

/// Bytes from the start that kind and signs are read from.
const HEAD: usize = 64 * 1024;

/// Reads one body.
#[derive(Default)]
pub struct Reader {
    head: Vec<u8>,
    bytes: usize,
    digest: Sha256,
    items: Counter,
    /// Whether it begins as a JSON list or object; none until something but blanks came.
    json: Option<bool>,
}

impl Reader {
    /// Takes in the next decoded bytes.
    pub fn feed(&mut self, part: &[u8]) {
        self.digest.update(part);
        self.bytes += part.len();
        let first = || part.trim_ascii_start().first().map(|byte| matches!(byte, b'{' | b'['));
        self.json = self.json.or_else(first);
        if self.json == Some(true) {
            self.items.feed(part);
        }
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
            signs: sign::shown(&self.head),
            image: image(&self.head).map(Box::new),
            items: self.items.finish(),
            sketch: Vec::new(),
        }
    }
}

/// The format and size that the header of an image tells.
fn image(head: &[u8]) -> Option<ImageSeen> {
    let format = match imagesize::image_type(head).ok()? {
        ImageType::Bmp => "bmp",
        ImageType::Gif => "gif",
        ImageType::Heif(imagesize::Compression::Av1) => "avif",
        ImageType::Heif(_) => "heif",
        ImageType::Jpeg => "jpeg",
        ImageType::Jxl => "jxl",
        ImageType::Png => "png",
        ImageType::Tiff => "tiff",
        ImageType::Webp => "webp",
        _ => return None,
    };
    let size = imagesize::blob_size(head).ok()?;
    let side = |pixels: usize| u32::try_from(pixels).unwrap_or(u32::MAX);
    Some(ImageSeen { format: format.to_owned(), width: side(size.width), height: side(size.height) })
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
    fn images_and_lists_are_measured() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend([0, 0, 16, 0, 0, 0, 8, 0, 8, 6, 0, 0, 0]);
        let image = read(&[&png]).image.unwrap();
        assert_eq!((image.format.as_str(), image.width, image.height), ("png", 4096, 2048));
        assert_eq!(read(&[b"{\"rows\":[1,", b"2,3]}"]).items, Some(3));
        assert_eq!(read(&[b"<p>[1,2,3]</p>"]).items, None);
    }

    #[test]
    fn garbled_images_are_no_trouble() {
        let starts: [&[u8]; 8] = [
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff\xe0",
            b"GIF89a",
            b"RIFF\xff\xff\xff\xffWEBPVP8X",
            b"BM",
            b"II*\0",
            b"\0\0\0\x0cftypavif",
            b"\0\0\0\x0cJXL ",
        ];
        let mut state = 7u32;
        for round in 0..4_000 {
            let mut bytes = starts[round % starts.len()].to_vec();
            for _ in 0..round % 97 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                bytes.push((state >> 24) as u8);
            }
            let _ = super::image(&bytes);
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
