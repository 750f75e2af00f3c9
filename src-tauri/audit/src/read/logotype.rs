//! The logos that a certificate holds or names (RFC 9399 §4, before that RFC 3709), and whether a file is one of them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::io::Read as _;
use x509_parser::asn1_rs::{Any, FromDer, Tag};

/// Values inside values, and values in all.
const DEPTH: usize = 16;
const VALUES: usize = 400;
/// Bytes of a logo once it is unpacked.
const LONGEST: u64 = 1024 * 1024;
/// id-sha256 (RFC 5754 §2.2), as its bytes stand in a value.
const SHA256: [u8; 9] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];

/// What an extension says of its logos.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Logotype {
    /// Digests (SHA-256, hexadecimal) of the logos: of those that it holds, and those that it states of others.
    pub digests: Vec<String>,
    /// Whether it holds a logo itself, as mark certificates have to.
    pub whole: bool,
}

impl Logotype {
    /// Reads the value of the extension.
    #[must_use]
    pub fn read(value: &[u8]) -> Self {
        let mut found = Self::default();
        let mut seen = Seen { values: 0, algorithm: Vec::new() };
        walk(value, 0, &mut seen, &mut found);
        found
    }

    /// Whether a file with this digest is one of its logos; none when it states no digest that could be compared.
    #[must_use]
    pub fn shows(&self, digest: &str) -> Option<bool> {
        (!self.digests.is_empty()).then(|| self.digests.iter().any(|one| one == digest))
    }
}

/// The digest of a logo: its lines end in a bare line feed where it is compared (RFC 6170 §5.2, taken over by RFC 9399).
#[must_use]
pub fn digest(logo: &[u8]) -> String {
    let mut hash = Sha256::new();
    for (at, byte) in logo.iter().enumerate() {
        match byte {
            b'\r' if logo.get(at + 1) == Some(&b'\n') => {}
            b'\r' => hash.update(b"\n"),
            byte => hash.update([*byte]),
        }
    }
    hex(&hash.finalize())
}

/// What was met on the way.
struct Seen {
    values: usize,
    /// The object identifier that stood last: a hash stands behind its algorithm.
    algorithm: Vec<u8>,
}

fn walk(mut bytes: &[u8], depth: usize, seen: &mut Seen, found: &mut Logotype) {
    while !bytes.is_empty() && depth < DEPTH && seen.values < VALUES {
        let Ok((rest, value)) = Any::from_der(bytes) else { return };
        seen.values += 1;
        bytes = rest;
        match value.header.tag() {
            _ if value.header.is_constructed() => walk(value.data, depth + 1, seen, found),
            Tag::Oid => seen.algorithm = value.data.to_vec(),
            Tag::OctetString if seen.algorithm == SHA256 && value.data.len() == 32 => {
                found.digests.push(hex(value.data))
            }
            Tag::Ia5String => {
                if let Some(logo) = inside(value.data) {
                    found.whole = true;
                    found.digests.push(digest(&logo));
                }
            }
            _ => {}
        }
    }
}

/// The logo in an address that holds it: packed by gzip, as it has to be (RFC 6170 §5.2), or as it is.
fn inside(address: &[u8]) -> Option<Vec<u8>> {
    let (kind, data) = std::str::from_utf8(address).ok()?.strip_prefix("data:")?.split_once(";base64,")?;
    let held = STANDARD.decode(data).ok().filter(|_| kind.starts_with("image/svg+xml"))?;
    unpacked(&held).map(Cow::into_owned)
}

/// A logo as it is drawn: out of its gzip where it is packed (SVGZ, RFC 6170 §5.2); none where that is damaged.
#[must_use]
pub fn unpacked(file: &[u8]) -> Option<Cow<'_, [u8]>> {
    if !file.starts_with(&[0x1f, 0x8b]) {
        return Some(Cow::Borrowed(file));
    }
    let mut logo = Vec::new();
    GzDecoder::new(file).take(LONGEST).read_to_end(&mut logo).ok()?;
    Some(Cow::Owned(logo))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{Logotype, SHA256, digest, hex, unpacked};
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use flate2::{Compression, write::GzEncoder};
    use sha2::{Digest, Sha256};
    use std::io::Write as _;

    fn tagged(tag: u8, body: &[u8]) -> Vec<u8> {
        let [high, low] = u16::try_from(body.len()).unwrap().to_be_bytes();
        let head = match body.len() {
            ..128 => vec![tag, low],
            128..256 => vec![tag, 0x81, low],
            _ => vec![tag, 0x82, high, low],
        };
        [head.as_slice(), body].concat()
    }

    fn packed(logo: &[u8]) -> String {
        let mut pack = GzEncoder::new(Vec::new(), Compression::default());
        pack.write_all(logo).unwrap();
        format!("data:image/svg+xml;base64,{}", STANDARD.encode(pack.finish().unwrap()))
    }

    /// An extension with a subject logo at this address.
    pub(crate) fn extension(stated: &[u8], address: &str) -> Vec<u8> {
        let algorithm = tagged(0x30, &tagged(0x06, &SHA256));
        let hash = tagged(0x30, &[algorithm, tagged(0x04, stated)].concat());
        let details =
            [tagged(0x16, b"image/svg+xml"), tagged(0x30, &hash), tagged(0x30, &tagged(0x16, address.as_bytes()))];
        let image = tagged(0x30, &tagged(0x30, &details.concat()));
        tagged(0x30, &tagged(0xa2, &tagged(0xa0, &tagged(0x30, &image))))
    }

    /// The same, with the logo in it.
    pub(crate) fn holding(logo: &str) -> Vec<u8> {
        extension(&Sha256::digest(logo.as_bytes()), &packed(logo.as_bytes()))
    }

    #[test]
    fn a_logo_in_a_certificate_is_compared_with_the_one_that_is_served() {
        let read = Logotype::read(&holding("<svg/>\n"));
        assert!(read.whole);
        assert_eq!(read.shows(&digest(b"<svg/>\r\n")), Some(true), "line ends do not count");
        assert_eq!(read.shows(&digest(b"<svg></svg>\n")), Some(false));
        let away = Logotype::read(&extension(&Sha256::digest(b"<svg/>"), "https://example.com/l.svg"));
        assert_eq!((away.whole, away.shows(&hex(&Sha256::digest(b"<svg/>")))), (false, Some(true)));
        let bare = format!("data:image/svg+xml;base64,{}", STANDARD.encode("<svg/>"));
        assert_eq!(Logotype::read(&extension(&[0; 32], &bare)).shows(&digest(b"<svg/>")), Some(true));
    }

    #[test]
    fn hostile_extensions_end() {
        assert_eq!(Logotype::read(b"").shows(""), None);
        let mut deep = tagged(0x16, b"data:image/svg+xml;base64,AAAA");
        for _ in 0..200 {
            deep = tagged(0x30, &deep);
        }
        assert_eq!(Logotype::read(&deep), Logotype::default());
        let bomb = packed(&vec![b' '; 3_000_000]);
        assert!(bomb.len() < 10_000 && Logotype::read(&extension(&[0; 32], &bomb)).whole);
        let packed = STANDARD.decode(bomb.split_once(',').unwrap().1).unwrap();
        assert_eq!(unpacked(&packed).unwrap().len(), 1024 * 1024);
        assert_eq!((unpacked(b"<svg/>").as_deref(), unpacked(&packed[..20])), (Some(&b"<svg/>"[..]), None));
        for cut in 0..holding("<svg/>").len() {
            drop(Logotype::read(&holding("<svg/>")[..cut]));
        }
    }
}
