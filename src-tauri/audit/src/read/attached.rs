//! What a file that somebody attaches is, by its bytes alone: a picture that can be shown, text, or neither. Names and endings are not believed.

use crate::facts::EvidenceKind;
use url::Url;

/// The most dots of a picture that is shown; more would only fill memory.
const DOTS: usize = 40_000_000;

/// The beginnings of pictures that every webview shows, with the type that they are shown as.
const PICTURES: [(&[u8], &str); 4] = [
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
];

/// What these bytes are.
#[must_use]
pub fn kind(bytes: &[u8]) -> EvidenceKind {
    if media(bytes).is_some() {
        return EvidenceKind::Picture;
    }
    let text = str::from_utf8(bytes).is_ok_and(|text| !text.chars().any(|c| c.is_control() && !"\t\n\r".contains(c)));
    if text { EvidenceKind::Text } else { EvidenceKind::File }
}

/// The type by which a picture is shown; none for what is no picture or too large to be drawn.
#[must_use]
pub fn media(bytes: &[u8]) -> Option<&'static str> {
    let (start, media) = PICTURES.iter().find(|(start, _)| bytes.starts_with(start))?;
    let webp = *start != b"RIFF" || bytes.get(8..12) == Some(b"WEBP".as_slice());
    let size = imagesize::blob_size(bytes).ok()?;
    (webp && size.width.saturating_mul(size.height) <= DOTS).then_some(*media)
}

/// An address on the web as it is kept: with a host, without a password.
#[must_use]
pub fn link(text: &str) -> Option<String> {
    let url = Url::parse(text.trim()).ok()?;
    let web = matches!(url.scheme(), "http" | "https") && url.has_host();
    (web && url.username().is_empty() && url.password().is_none()).then(|| url.to_string())
}

#[cfg(test)]
mod tests {
    use super::{kind, link, media};
    use crate::facts::EvidenceKind;

    /// The head of a PNG of this many dots.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
        bytes
    }

    #[test]
    fn bytes_tell_what_a_file_is() {
        assert_eq!((kind(&png(800, 600)), media(&png(800, 600))), (EvidenceKind::Picture, Some("image/png")));
        assert_eq!(kind(&png(100_000, 100_000)), EvidenceKind::File);
        assert_eq!(kind(b"<svg onload='alert(1)'></svg>"), EvidenceKind::Text);
        assert_eq!(kind("Größe\r\n\t1".as_bytes()), EvidenceKind::Text);
        assert_eq!(kind(b"%PDF-1.7\n\x00\x01"), EvidenceKind::File);
        assert_eq!(kind(b"RIFF\x10\0\0\0WAVEfmt "), EvidenceKind::File);
    }

    #[test]
    fn a_link_leads_to_the_web_and_opens_nothing() {
        assert_eq!(link(" https://status.example/a ").as_deref(), Some("https://status.example/a"));
        for odd in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://ada:word@a.example",
            "status.example",
            "data:text/html,x",
        ] {
            assert_eq!(link(odd), None, "{odd}");
        }
    }
}
