//! The words of tls.protocols: what each problem means, how bad it is, and how it is mended at the provider that was recognised.

use crate::Case;
use crate::check::{Finding, Fix, Grade, Severity};
use crate::read::provider;
use crate::read::suite::Weakness;
use std::net::IpAddr;

/// What can be wrong, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Weak(Weakness),
    NothingNewer,
    Ssl3,
    Compression,
    BrokenGroup,
    ShortGroup,
    Old,
    OlderSuites,
    Renegotiation,
    NoHttp2,
}

const NGINX: &str = "ssl_protocols TLSv1.2 TLSv1.3;\nssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;\nssl_prefer_server_ciphers off;";

/// The finding, with its evidence still to come.
pub(super) fn finding(case: &Case<'_>, host: &str, address: IpAddr, kind: Kind) -> Finding {
    let (grade, severity, says) = told(host, kind);
    Finding { subject: host.to_owned(), grade, severity, says, evidence: vec![], fix: fix(case, host, address, kind) }
}

fn told(host: &str, kind: Kind) -> (Grade, Severity, String) {
    use Grade::{Fail, Warn};
    use Severity::{Critical, High, Low, Medium};
    match kind {
        Kind::Weak(weakness) => {
            let (grade, severity) = match weakness {
                Weakness::Anonymous | Weakness::Unencrypted => (Fail, Critical),
                Weakness::Export | Weakness::Des | Weakness::Rc4 => (Fail, High),
                Weakness::TripleDes => (Warn, Medium),
            };
            (grade, severity, format!("{host} accepts {}.", weakness.says()))
        }
        Kind::NothingNewer => {
            (Fail, High, format!("{host} speaks nothing newer than TLS 1.1, so today's browsers refuse to connect."))
        }
        Kind::Ssl3 => {
            (Fail, High, format!("{host} still accepts SSL 3.0, which anybody on the way can break (POODLE)."))
        }
        Kind::Compression => {
            (Fail, High, format!("{host} compresses what it encrypts, which gives session cookies away (CRIME)."))
        }
        Kind::BrokenGroup => (
            Fail,
            High,
            format!("{host} agrees on keys over numbers so short that anybody on the way can break them (Logjam)."),
        ),
        Kind::ShortGroup => (
            Warn,
            Medium,
            format!(
                "{host} agrees on keys over shorter numbers than today's rules allow (Logjam); security reviews fail on them."
            ),
        ),
        Kind::Old => (
            Warn,
            Medium,
            format!(
                "{host} still accepts TLS versions from before 2008; browsers no longer need them and security reviews fail on them."
            ),
        ),
        Kind::OlderSuites => (
            Warn,
            Medium,
            format!("{host} encrypts only in older ways, so recorded traffic can be read when its key leaks one day."),
        ),
        Kind::Renegotiation => (
            Warn,
            Low,
            format!(
                "{host} lacks a fifteen-year-old repair of TLS (RFC 5746), a sign of software that is no longer kept up."
            ),
        ),
        Kind::NoHttp2 => {
            (Warn, Low, format!("{host} speaks HTTP/1.1 only, so pages with many files load slower than they could."))
        }
    }
}

fn fix(case: &Case<'_>, host: &str, address: IpAddr, kind: Kind) -> Fix {
    let edge = provider::at(case, host, address).map(|(provider, _)| provider.name.as_str());
    let (says, paste, minutes) = match (kind, edge) {
        (Kind::NoHttp2, Some("Cloudflare")) => (
            "In Cloudflare, switch HTTP/2 on for this domain.".to_owned(),
            Some("Speed → Settings → Protocol Optimization → HTTP/2: On".to_owned()),
            5,
        ),
        (Kind::NoHttp2, Some(name)) => (format!("Switch HTTP/2 on for this host at {name}."), None, 10),
        (Kind::NoHttp2, None) => {
            ("Switch HTTP/2 on in the web server; for nginx:".to_owned(), Some("http2 on;".to_owned()), 10)
        }
        (Kind::Old | Kind::NothingNewer | Kind::Ssl3, Some("Cloudflare")) => (
            "In Cloudflare, raise the minimum TLS version of this domain to 1.2.".to_owned(),
            Some("SSL/TLS → Edge Certificates → Minimum TLS Version: TLS 1.2".to_owned()),
            5,
        ),
        (_, Some("Cloudflare")) => (
            "In Cloudflare, raise the minimum TLS version to 1.2 and choose the modern cipher suites.".to_owned(),
            Some("SSL/TLS → Edge Certificates → Minimum TLS Version: TLS 1.2\nSSL/TLS → Edge Certificates → Cipher suites → Modern".to_owned()),
            10,
        ),
        (_, Some("Amazon CloudFront")) => (
            "Choose a current security policy for the distribution.".to_owned(),
            Some("ViewerCertificate.MinimumProtocolVersion: TLSv1.2_2021".to_owned()),
            10,
        ),
        (_, Some(name)) => (
            format!("Let {name} accept TLS 1.2 and 1.3 with modern suites only; where it has no such setting, ask its support."),
            None,
            20,
        ),
        (_, None) => (
            "Let the web server accept TLS 1.2 and 1.3 with modern suites only; for nginx:".to_owned(),
            Some(NGINX.to_owned()),
            20,
        ),
    };
    Fix { says, paste, minutes, after: vec!["tls.certificate".to_owned()] }
}
