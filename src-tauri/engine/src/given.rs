//! What a person gives a run besides the domain: routes and extra trusted certificates.

use crate::EngineError;
use audit::facts::Target;
use audit::read::text::clean;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use url::Url;

/// Reads a route: a path on the bare domain, or a whole http(s) URL.
///
/// # Errors
/// It is neither, or it holds a user name or password.
pub fn route(target: &Target, typed: &str) -> Result<Url, EngineError> {
    let wrong = |what: &str| {
        EngineError::new(
            "route",
            format!(
                "{} {what}; write a path such as /login or a whole address such as https://app.{}/",
                clean(typed, 120),
                target.name
            ),
        )
    };
    let typed = typed.trim();
    let url = if typed.starts_with('/') {
        Url::parse(&format!("https://{}", target.domain)).and_then(|base| base.join(typed))
    } else {
        Url::parse(typed)
    };
    let mut url = url.map_err(|_| wrong("is not a route"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(wrong("is not a route"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(EngineError::new(
            "route",
            "the route holds a user name or password; give the session as a cookie or token instead",
        ));
    }
    url.set_fragment(None);
    Ok(url)
}

/// Reads the certificates in a file, PEM or a single DER, as DER.
///
/// # Errors
/// There is none in it.
pub fn certificates(file: &[u8]) -> Result<Vec<Vec<u8>>, EngineError> {
    let none = || {
        EngineError::new(
            "certificate",
            "no certificate was found in this file; give a PEM or DER file of the authority",
        )
    };
    if file.first() == Some(&0x30) {
        return Ok(vec![file.to_vec()]);
    }
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(file).collect();
    let found = found.map_err(|_| none())?;
    if found.is_empty() { Err(none()) } else { Ok(found.into_iter().map(|der| der.to_vec()).collect()) }
}

#[cfg(test)]
mod tests {
    use super::{certificates, route};
    use audit::facts::Target;

    #[test]
    fn routes_are_paths_or_urls() {
        let target = Target { name: "example.com".to_owned(), domain: "example.com".to_owned() };
        assert_eq!(route(&target, "/login?x=1#top").unwrap().as_str(), "https://example.com/login?x=1");
        assert_eq!(route(&target, "https://app.example.com/").unwrap().as_str(), "https://app.example.com/");
        for bad in ["login", "ftp://example.com/", "https://me:secret@example.com/", ""] {
            let error = route(&target, bad).unwrap_err();
            assert!(!error.message.contains("secret"), "{bad}");
        }
    }

    #[test]
    fn files_without_certificates_are_told() {
        assert!(certificates(b"hello").is_err());
    }
}
