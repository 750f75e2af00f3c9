//! X.509 certificates as a server sent them: names, dates, key and signature (RFC 5280), read by x509-parser.

use super::text::clean;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use x509_parser::extensions::GeneralSubtree;
use x509_parser::prelude::{FromDer, GeneralName, ParsedExtension, X509Certificate};
use x509_parser::public_key::PublicKey;

/// At most this many names of a certificate are kept.
const NAMES: usize = 500;

/// id-ad-ocsp (RFC 5280 §4.2.2.1).
const OCSP: &str = "1.3.6.1.5.5.7.48.1";
/// id-pe-tlsfeature (RFC 7633 §4).
const TLS_FEATURE: &str = "1.3.6.1.5.5.7.1.24";

/// What one certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Subject, printable.
    pub subject: String,
    /// Issuer, printable.
    pub issuer: String,
    /// Issuer's organisation or common name.
    pub issuer_name: String,
    /// DNS names of the subjectAltName extension, lower case.
    pub names: Vec<String>,
    /// notBefore.
    pub from: Timestamp,
    /// notAfter.
    pub until: Timestamp,
    /// Key.
    pub key: Key,
    /// Signature algorithm's object identifier, dotted.
    pub signature: String,
    /// Whether subject and issuer are the same name.
    pub self_issued: bool,
    /// Serial number, big-endian without leading zeros.
    pub serial: Vec<u8>,
    /// Whether it says that it is only good with a stapled OCSP answer (RFC 7633).
    pub must_staple: bool,
    /// Whether it names a place that answers whether it was revoked (OCSP); else only lists tell (CRL).
    pub ocsp: bool,
    /// Whether it may stand for a web server: its purposes name that, or it names none (RFC 5280 §4.2.1.12).
    pub server: bool,
    /// Whether it may make certificates itself (RFC 5280 §4.2.1.9).
    pub authority: bool,
    /// Whether its key may sign handshakes, which every suite of today asks of it (RFC 5280 §4.2.1.3, RFC 8446 §4.4.2.2).
    pub shakes: bool,
    /// Whether it may sign certificates where it says what its key is for (RFC 5280 §4.2.1.3).
    pub signs: bool,
    /// How many authorities may stand between it and a host's certificate (RFC 5280 §4.2.1.9); none: any number.
    pub depth: Option<u32>,
    /// The DNS names that it may vouch for (RFC 5280 §4.2.1.10).
    pub limits: Limits,
}

/// DNS names that an authority may vouch for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// These and those below them alone; empty: all.
    pub only: Vec<String>,
    /// Never these nor those below them.
    pub never: Vec<String>,
}

impl Limits {
    /// Whether a name of a certificate, perhaps a wildcard, is within them.
    #[must_use]
    pub fn allow(&self, name: &str) -> bool {
        let name = name.trim_start_matches("*.");
        let below = |tree: &String| {
            let tree = tree.trim_start_matches('.');
            tree.is_empty() || name.strip_suffix(tree).is_some_and(|left| left.is_empty() || left.ends_with('.'))
        };
        !self.never.iter().any(below) && (self.only.is_empty() || self.only.iter().any(below))
    }
}

/// Public key by kind and size in bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// RSA modulus.
    Rsa(usize),
    /// Elliptic curve.
    Ec(usize),
    /// Anything else (Ed25519 …).
    Other,
}

impl Certificate {
    /// Reads base64 of DER.
    ///
    /// # Errors
    /// A sentence fragment that says what could not be read.
    pub fn read(base64: &str) -> Result<Self, String> {
        let der = STANDARD.decode(base64).map_err(|_| "the certificate is not base64".to_owned())?;
        let (_, x509) =
            X509Certificate::from_der(&der).map_err(|error| format!("the certificate cannot be read ({error})"))?;
        let time =
            |at: x509_parser::time::ASN1Time| Timestamp::from_second(at.timestamp()).unwrap_or(Timestamp::UNIX_EPOCH);
        let issuer = x509.issuer();
        let named = issuer.iter_organization().chain(issuer.iter_common_name()).find_map(|name| name.as_str().ok());
        Ok(Self {
            subject: clean(&x509.subject().to_string(), 200),
            issuer: clean(&issuer.to_string(), 200),
            issuer_name: clean(named.unwrap_or("an unnamed issuer"), 80),
            names: names(&x509),
            from: time(x509.validity().not_before),
            until: time(x509.validity().not_after),
            key: key(&x509),
            signature: x509.signature_algorithm.algorithm.to_id_string(),
            self_issued: x509.subject() == x509.issuer(),
            serial: x509.raw_serial().iter().copied().skip_while(|byte| *byte == 0).collect(),
            must_staple: x509.extensions().iter().any(|one| one.oid.to_id_string() == TLS_FEATURE),
            ocsp: ocsp(&x509),
            server: x509
                .extended_key_usage()
                .ok()
                .flatten()
                .is_none_or(|usage| usage.value.server_auth || usage.value.any),
            authority: x509.basic_constraints().ok().flatten().is_some_and(|basic| basic.value.ca),
            shakes: x509.key_usage().ok().flatten().is_none_or(|usage| usage.value.digital_signature()),
            signs: x509.key_usage().ok().flatten().is_none_or(|usage| usage.value.key_cert_sign()),
            depth: x509.basic_constraints().ok().flatten().and_then(|basic| basic.value.path_len_constraint),
            limits: limits(&x509),
        })
    }

    /// Whether it is for this host (RFC 9525 §6.3: exact, or a wildcard as the whole left-most label).
    #[must_use]
    pub fn covers(&self, host: &str) -> bool {
        let rest = host.split_once('.').map(|(_, rest)| rest);
        self.names.iter().any(|name| match name.strip_prefix("*.") {
            Some(below) => rest == Some(below),
            None => name == host,
        })
    }

    /// The broken hash that its signature rests on, if any (identifiers of RFC 8017 and RFC 3279).
    #[must_use]
    pub fn weak_hash(&self) -> Option<&'static str> {
        match self.signature.as_str() {
            "1.2.840.113549.1.1.5" | "1.2.840.10045.4.1" | "1.2.840.10040.4.3" => Some("SHA-1"),
            "1.2.840.113549.1.1.4" => Some("MD5"),
            "1.2.840.113549.1.1.2" => Some("MD2"),
            _ => None,
        }
    }

    /// Days from notBefore to notAfter.
    #[must_use]
    pub fn life_days(&self) -> f64 {
        (self.until - self.from).total(jiff::Unit::Hour).unwrap_or(0.0) / 24.0
    }
}

fn ocsp(x509: &X509Certificate<'_>) -> bool {
    let access = x509.extensions().iter().filter_map(|extension| match extension.parsed_extension() {
        ParsedExtension::AuthorityInfoAccess(access) => Some(access),
        _ => None,
    });
    access.flat_map(|access| &access.accessdescs).any(|place| place.access_method.to_id_string() == OCSP)
}

fn limits(x509: &X509Certificate<'_>) -> Limits {
    let Ok(Some(limits)) = x509.name_constraints() else { return Limits::default() };
    let names = |trees: &Option<Vec<GeneralSubtree<'_>>>| {
        let dns = trees.iter().flatten().filter_map(|tree| match tree.base {
            GeneralName::DNSName(text) => Some(clean(&text.to_ascii_lowercase(), 253)),
            _ => None,
        });
        dns.take(NAMES).collect()
    };
    Limits { only: names(&limits.value.permitted_subtrees), never: names(&limits.value.excluded_subtrees) }
}

fn names(x509: &X509Certificate<'_>) -> Vec<String> {
    let lists = x509.extensions().iter().filter_map(|extension| match extension.parsed_extension() {
        ParsedExtension::SubjectAlternativeName(list) => Some(list),
        _ => None,
    });
    let dns = lists.flat_map(|list| &list.general_names).filter_map(|name| match name {
        GeneralName::DNSName(text) => Some(clean(&text.to_ascii_lowercase(), 253)),
        _ => None,
    });
    dns.take(NAMES).collect()
}

fn key(x509: &X509Certificate<'_>) -> Key {
    match x509.public_key().parsed() {
        Ok(PublicKey::RSA(rsa)) => Key::Rsa(rsa.key_size()),
        Ok(PublicKey::EC(point)) => Key::Ec(point.key_size()),
        _ => Key::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::{Certificate, Key, Limits};
    use base64::Engine as _;

    #[test]
    fn a_certificate_is_read() {
        let made =
            rcgen::generate_simple_self_signed(vec!["example.com".to_owned(), "*.example.com".to_owned()]).unwrap();
        let read = Certificate::read(&base64::engine::general_purpose::STANDARD.encode(made.cert.der())).unwrap();
        assert!(read.covers("example.com") && read.covers("app.example.com"));
        assert!(!read.covers("a.b.example.com") && !read.covers("example.org"));
        assert_eq!(read.key, Key::Ec(256));
        assert!(read.self_issued && read.weak_hash().is_none());
    }

    #[test]
    fn an_authority_may_be_kept_to_some_names() {
        let trees = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let only = Limits { only: trees(&["example.com", ".example.net"]), never: vec![] };
        assert!(only.allow("example.com") && only.allow("*.app.example.com") && only.allow("a.example.net"));
        assert!(!only.allow("badexample.com") && !only.allow("example.org"));
        let never = Limits { only: vec![], never: trees(&["internal.example.com"]) };
        assert!(never.allow("example.com") && !never.allow("db.internal.example.com"));
        assert!(Limits::default().allow("example.com"));
    }

    #[test]
    fn nonsense_is_told() {
        assert!(Certificate::read("%%%").is_err());
        assert!(Certificate::read("MIIC").is_err());
    }
}
