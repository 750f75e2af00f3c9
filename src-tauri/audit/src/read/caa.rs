//! CAA records and the authorities that they name (RFC 8659 §4), and which authority made a certificate.

use super::domain::registered;
use super::issuer::by_name;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeSet;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, ParsedExtension, X509Certificate};

/// The authority that made a certificate, as CAA records name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Issuer {
    /// As people know it.
    pub name: String,
    /// Names that stand for it in CAA records, the usual one first.
    pub names: Vec<String>,
    /// Whether no other name stands for it: only then does the lack of all of them forbid it.
    pub complete: bool,
}

/// Who made this certificate (base64 of DER).
#[must_use]
pub fn issuer(certificate: &str) -> Option<Issuer> {
    let der = STANDARD.decode(certificate).ok()?;
    let (_, x509) = X509Certificate::from_der(&der).ok()?;
    let name = x509.issuer();
    let organisation = name.iter_organization().chain(name.iter_common_name()).find_map(|part| part.as_str().ok())?;
    if let Some(known) = by_name(organisation) {
        let names = known.caa.clone();
        return Some(Issuer { name: known.name.clone(), names, complete: known.verified });
    }
    // An authority that is not in the list publishes its own certificate under its own domain.
    let name = super::text::clean(organisation, 80);
    Some(Issuer { name, names: homes(&x509).into_iter().collect(), complete: false })
}

/// The registered domains that the certificate says its issuer's certificate is kept at (RFC 5280 §4.2.2.1).
fn homes(x509: &X509Certificate<'_>) -> BTreeSet<String> {
    let access = x509.extensions().iter().filter_map(|extension| match extension.parsed_extension() {
        ParsedExtension::AuthorityInfoAccess(access) => Some(access),
        _ => None,
    });
    let places =
        access.flat_map(|access| &access.accessdescs).filter_map(|description| match description.access_location {
            GeneralName::URI(place) => url::Url::parse(place).ok(),
            _ => None,
        });
    places.filter_map(|place| registered(place.host_str()?)).collect()
}

/// What the value of an `issue` or `issuewild` property names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// An authority, by a domain of its own.
    Authority(String),
    /// Nobody: the value is empty but for a semicolon.
    Nobody,
    /// A value that breaks the grammar, which authorities take for nobody (§4.2).
    Broken,
}

/// Reads such a value.
#[must_use]
pub fn named(value: &str) -> Named {
    let (domain, _) = value.split_once(';').unwrap_or((value, ""));
    let domain = domain.trim_matches([' ', '\t']).to_ascii_lowercase();
    if domain.is_empty() {
        return Named::Nobody;
    }
    let label = |label: &str| {
        let inner = |c: char| c.is_ascii_alphanumeric() || c == '-';
        !label.is_empty() && !label.starts_with('-') && !label.ends_with('-') && label.chars().all(inner)
    };
    let good = domain.trim_end_matches('.').split('.').all(label);
    if good { Named::Authority(domain.trim_end_matches('.').to_owned()) } else { Named::Broken }
}

#[cfg(test)]
mod tests {
    use super::{Named, issuer, named};

    #[test]
    fn values_are_read() {
        for (value, is) in [
            ("letsencrypt.org", Named::Authority("letsencrypt.org".to_owned())),
            (" LetsEncrypt.org ; validationmethods=dns-01", Named::Authority("letsencrypt.org".to_owned())),
            (";", Named::Nobody),
            ("", Named::Nobody),
            ("; policy=ev", Named::Nobody),
            ("https://letsencrypt.org", Named::Broken),
            ("let's encrypt", Named::Broken),
        ] {
            assert_eq!(named(value), is, "{value}");
        }
    }

    #[test]
    fn nonsense_has_no_issuer() {
        assert!(issuer("%%%").is_none() && issuer("MIIC").is_none());
    }
}
