//! Logos and their certificates for mailboxes (BIMI): an SVG by the profile Tiny PS, and what a mark certificate says.

use super::certificate::Certificate;
use super::dkim::tags;
use super::logotype::Logotype;
use super::text::clean;
use crate::facts::LogoSeen;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use url::Url;
use x509_parser::error::X509Error;
use x509_parser::pem::Pem;
use x509_parser::prelude::{FromDer, X509Certificate};

/// Elements inside elements.
const DEPTH: usize = 64;
/// Elements that are read.
const ELEMENTS: usize = 50_000;
/// Names kept of elements outside the profile.
const NAMES: usize = 10;
/// Certificates of a chain that are kept.
const CHAIN: usize = 5;
/// Elements of SVG Tiny 1.2 that the profile SVG Tiny PS leaves out (draft-svg-tiny-ps-abrotman §2).
const BANNED: [&str; 24] = [
    "a",
    "animate",
    "animatecolor",
    "animatemotion",
    "animatetransform",
    "animation",
    "audio",
    "discard",
    "filter",
    "foreignobject",
    "handler",
    "iframe",
    "image",
    "link",
    "listener",
    "mpath",
    "prefetch",
    "script",
    "set",
    "style",
    "switch",
    "tbreak",
    "textarea",
    "video",
];
/// id-kp-BrandIndicatorforMessageIdentification (draft-chuang-bimi-certificate §7).
const PURPOSE: &str = "1.3.6.1.5.5.7.3.31";
/// id-pe-logotype (RFC 9399 §4.1).
const LOGOTYPE: &str = "1.3.6.1.5.5.7.1.12";

/// Where a record says that the logo (`l`) and its certificate (`a`) are, as far as that is over https; none for another text.
#[must_use]
pub fn record(text: &str) -> Option<Vec<(String, Url)>> {
    let tags = tags(text)?;
    let (name, version) = tags.first()?;
    if !name.eq_ignore_ascii_case("v") || !version.eq_ignore_ascii_case("BIMI1") {
        return None;
    }
    let named = |wanted: &str| {
        let (_, value) = tags.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
        let url = Url::parse(value).ok().filter(|url| url.scheme() == "https" && url.host_str().is_some())?;
        (url.username().is_empty() && url.password().is_none()).then(|| (wanted.to_owned(), url))
    };
    Some(["l", "a"].into_iter().filter_map(named).collect())
}

/// Reads a logo; none when it is no SVG that holds together.
#[must_use]
pub fn logo(bytes: &[u8]) -> Option<LogoSeen> {
    let mut reader = Reader::from_reader(bytes);
    let mut seen = LogoSeen::default();
    let (mut depth, mut elements, mut titled) = (0_usize, 0_usize, false);
    let mut closed = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => {
                titled = element(&tag, depth, &mut elements, &mut seen)?;
                depth += 1;
            }
            Event::Empty(tag) => {
                element(&tag, depth, &mut elements, &mut seen)?;
                closed |= depth == 0;
            }
            Event::Text(text) if titled => seen.title |= !text.trim().is_empty(),
            Event::CData(text) if titled => seen.title |= !text.trim().is_empty(),
            Event::End(_) => {
                titled = false;
                depth = depth.checked_sub(1)?;
                closed |= depth == 0;
            }
            Event::DocType(_) => seen.doctype = true,
            Event::Eof => break,
            _ => {}
        }
    }
    (closed && depth == 0).then_some(seen)
}

/// Notes an element; none where the file is no SVG or goes on without end. Tells whether it is the title of the whole.
fn element(tag: &BytesStart<'_>, depth: usize, elements: &mut usize, seen: &mut LogoSeen) -> Option<bool> {
    *elements += 1;
    if depth >= DEPTH || *elements > ELEMENTS {
        return None;
    }
    let name = tag.local_name().as_ref().to_ascii_lowercase();
    if depth == 0 && (name != "svg" || *elements > 1) {
        return None;
    }
    if BANNED.contains(&name.as_str()) && seen.banned.len() < NAMES && !seen.banned.contains(&name) {
        seen.banned.push(name.clone());
    }
    for attribute in tag.attributes().filter_map(Result::ok) {
        let key = attribute.key.local_name().as_ref().to_ascii_lowercase();
        let value = attribute.value.as_ref().trim();
        match key.as_str() {
            "version" if depth == 0 => seen.version = Some(clean(value, 20)),
            "baseprofile" if depth == 0 => seen.profile = Some(clean(value, 40)),
            "viewbox" if depth == 0 => seen.square = square(value),
            "x" | "y" if depth == 0 => seen.placed = true,
            "href" => seen.outward |= !value.starts_with('#'),
            _ => seen.outward |= key.starts_with("on"),
        }
    }
    Some(depth == 1 && name == "title")
}

fn square(view_box: &str) -> Option<bool> {
    let numbers: Vec<f64> =
        view_box.split([' ', ',']).filter(|part| !part.is_empty()).filter_map(|part| part.parse().ok()).collect();
    let [_, _, width, height] = numbers[..] else { return None };
    Some((width - height).abs() <= 0.01 * width.max(height))
}

/// The certificates of a PEM file, DER in base64, leaf first; empty when there is none.
#[must_use]
pub fn chain(bytes: &[u8]) -> Vec<String> {
    let certificates = Pem::iter_from_buffer(bytes).take(CHAIN).filter_map(Result::ok);
    certificates.filter(|pem| pem.label == "CERTIFICATE").map(|pem| STANDARD.encode(pem.contents)).collect()
}

/// What a mark certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Names, dates, issuer.
    pub certificate: Certificate,
    /// Whether it is made for logos in mailboxes.
    pub purpose: bool,
    /// Its logos; none where it has no place for them.
    pub logo: Option<Logotype>,
}

/// How far the signatures of a chain hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signed {
    /// Each certificate is signed by the next; the name of whoever signed the last.
    Whole(String),
    /// The certificate stands alone: the name of whoever signed it, whose own certificate is not in the file.
    Alone(String),
    /// One is not signed by the next, in words.
    Broken(String),
    /// A signature is of a kind that cannot be verified here, in words.
    Unknown(String),
}

/// Verifies the signatures of a chain, DER in base64, leaf first, as such files have to be (draft-fetch-validation-vmc-wchuang).
#[must_use]
pub fn signed(chain: &[String], now: Timestamp) -> Signed {
    let ders: Vec<Vec<u8>> = chain.iter().map(|one| STANDARD.decode(one).unwrap_or_default()).collect();
    let read: Result<Vec<X509Certificate<'_>>, _> =
        ders.iter().map(|der| X509Certificate::from_der(der).map(|(_, read)| read)).collect();
    let Ok(read) = read else { return Signed::Broken("a certificate in the file cannot be read".to_owned()) };
    for pair in read.windows(2) {
        let [below, above] = pair else { continue };
        let who = clean(&below.issuer().to_string(), 200);
        let during = above.validity().not_before.timestamp()..=above.validity().not_after.timestamp();
        if below.issuer() != above.subject() {
            return Signed::Broken(format!("it was signed by {who}, whose certificate does not follow it in the file"));
        }
        if !above.is_ca() || !during.contains(&now.as_second()) {
            return Signed::Broken(format!("the certificate of {who} in the file may not sign others today"));
        }
        match below.verify_signature(Some(above.public_key())) {
            Ok(()) => {}
            Err(X509Error::SignatureUnsupportedAlgorithm) => {
                return Signed::Unknown(format!("the signature of {who} is of a kind that is not verified here"));
            }
            Err(_) => return Signed::Broken(format!("the signature that bears the name of {who} is not by its key")),
        }
    }
    let Some(last) = read.last() else { return Signed::Broken("there is no certificate".to_owned()) };
    let who = clean(&last.issuer().to_string(), 200);
    if read.len() == 1 { Signed::Alone(who) } else { Signed::Whole(who) }
}

/// Reads a mark certificate, DER in base64.
///
/// # Errors
/// What could not be read, as a fragment.
pub fn mark(base64: &str) -> Result<Mark, String> {
    let certificate = Certificate::read(base64)?;
    let der = STANDARD.decode(base64).unwrap_or_default();
    let (_, x509) = X509Certificate::from_der(&der).map_err(|error| format!("it cannot be read ({error})"))?;
    let usage = x509.extended_key_usage().ok().flatten();
    let purpose = usage.is_some_and(|usage| usage.value.other.iter().any(|oid| oid.to_id_string() == PURPOSE));
    let logo = x509.extensions().iter().find(|one| one.oid.to_id_string() == LOGOTYPE);
    let logo = logo.map(|one| Logotype::read(one.value));
    Ok(Mark { certificate, purpose, logo })
}

#[cfg(test)]
mod tests {
    use super::{Signed, chain, logo, mark, record, signed};
    use crate::testing::{certificate, issued, now};

    const WHOLE: &str = "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.2\" \
        baseProfile=\"tiny-ps\" viewBox=\"0 0 64 64\"><title>Juniper Desk</title><rect width=\"64\" height=\"64\"/></svg>";

    #[test]
    fn a_logo_shows_its_profile_and_what_breaks_it() {
        let seen = logo(WHOLE.as_bytes()).unwrap();
        assert_eq!((seen.version.as_deref(), seen.profile.as_deref()), (Some("1.2"), Some("tiny-ps")));
        assert!(seen.title && seen.square == Some(true) && seen.banned.is_empty() && !seen.outward && !seen.placed);
        let bad = WHOLE.replace("<rect", "<script>x</script><image xlink:href=\"https://a.example/x.png\"/><rect");
        let bad = logo(bad.replace("64 64\"", "64 32\" x=\"0\"").as_bytes()).unwrap();
        assert_eq!(bad.banned, ["script", "image"]);
        assert!(bad.outward && bad.placed && bad.square == Some(false));
        assert!(logo(WHOLE.replace("<rect", "<rect onclick=\"x\"").as_bytes()).unwrap().outward);
        assert!(!logo(WHOLE.replace("Juniper Desk", " ").as_bytes()).unwrap().title);
        assert!(!logo(b"<svg><g><title>inner</title></g></svg>").unwrap().title);
        assert!(logo(b"<!DOCTYPE svg [<!ENTITY a \"b\">]><svg/>").unwrap().doctype);
    }

    #[test]
    fn what_is_no_svg_is_none_and_hostile_files_end() {
        for text in ["", "<html></html>", "<svg>", "</svg>", "<svg/><svg/>", "\u{1}\u{2}", "{}", "<svg><a></svg>"] {
            assert_eq!(logo(text.as_bytes()), None, "{text}");
        }
        assert_eq!(logo("<svg>".repeat(100_000).as_bytes()), None);
        assert_eq!(logo(format!("<svg>{}</svg>", "<g/>".repeat(60_000)).as_bytes()), None);
    }

    #[test]
    fn records_name_their_files() {
        let read = record("v=BIMI1; l=https://example.com/l.svg; a=").unwrap();
        assert_eq!((read.len(), read[0].0.as_str(), read[0].1.path()), (1, "l", "/l.svg"));
        assert_eq!(record("v=BIMI1; l=http://example.com/l.svg; a=https://me:x@example.com/").unwrap(), []);
        assert_eq!((record("v=DMARC1; l=https://a.example/"), record("logo")), (None, None));
    }

    #[test]
    fn mark_certificates_are_read() {
        let der = certificate(&["example.com"], -1, 30);
        let pem = format!("-----BEGIN CERTIFICATE-----\n{der}\n-----END CERTIFICATE-----\n");
        assert_eq!(chain(pem.as_bytes()), std::slice::from_ref(&der));
        assert!(chain(b"<html>").is_empty() && chain(b"").is_empty());
        let read = mark(&der).unwrap();
        assert!(read.certificate.covers("example.com") && !read.purpose && read.logo.is_none());
        assert!(mark("AAAA").is_err());
    }

    #[test]
    fn chains_are_verified_link_by_link() {
        let good = issued("Lantern Authority", &["example.com"], -1, 30);
        assert!(matches!(signed(&good, now()), Signed::Whole(who) if who.contains("Lantern Authority")));
        assert!(matches!(signed(&good[..1], now()), Signed::Alone(_)));
        // Another authority that took the name.
        let other = issued("Lantern Authority", &["example.com"], -1, 30);
        let Signed::Broken(says) = signed(&[good[0].clone(), other[1].clone()], now()) else { panic!() };
        assert!(says.contains("is not by its key"), "{says}");
        let Signed::Broken(says) = signed(&[good[0].clone(), good[0].clone()], now()) else { panic!() };
        assert!(says.contains("does not follow it"), "{says}");
        assert!(matches!(signed(&["AAAA".to_owned()], now()), Signed::Broken(_)));
        assert!(matches!(signed(&[], now()), Signed::Broken(_)));
    }
}
