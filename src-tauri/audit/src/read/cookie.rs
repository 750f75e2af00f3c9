//! Cookies as servers set them: name and attributes (RFC 6265bis §5.6). Values are never read; facts do not hold them.

/// A `Set-Cookie` line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetCookie {
    /// Its name; empty where the line has none.
    pub name: String,
    /// Attributes in order: name in lower case, value as sent.
    attributes: Vec<(String, String)>,
}

/// What a cookie says of requests that other sites cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SameSite {
    /// Sent with links from other sites, not with their forms and frames.
    Lax,
    /// Nothing is said; browsers differ in what they make of it.
    Missing,
    /// Sent with every request.
    None,
    /// Never sent with requests from other sites.
    Strict,
    /// A word that does not exist.
    Unknown(String),
}

/// Attributes read of one cookie.
const MOST_ATTRIBUTES: usize = 30;

/// Reads a line; the last attribute of a name counts.
#[must_use]
pub fn parse(line: &str) -> SetCookie {
    let mut parts = line.split(';');
    let pair = parts.next().unwrap_or_default();
    let name = pair.split_once('=').map_or("", |(name, _)| name).trim().to_owned();
    let attributes = parts.take(MOST_ATTRIBUTES).map(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (name.trim().to_ascii_lowercase(), value.trim().to_owned())
    });
    SetCookie { name, attributes: attributes.collect() }
}

impl SetCookie {
    fn last(&self, name: &str) -> Option<&str> {
        self.attributes.iter().rev().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Whether it only travels encrypted.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.last("secure").is_some()
    }

    /// Whether scripts cannot read it.
    #[must_use]
    pub fn http_only(&self) -> bool {
        self.last("httponly").is_some()
    }

    /// Whether it is kept apart for each site that frames this one.
    #[must_use]
    pub fn partitioned(&self) -> bool {
        self.last("partitioned").is_some()
    }

    /// The domain that it is sent to besides the host that set it, lower case without leading dot.
    #[must_use]
    pub fn domain(&self) -> Option<String> {
        let domain = self.last("domain")?.trim_start_matches('.').to_ascii_lowercase();
        (!domain.is_empty()).then_some(domain)
    }

    /// The path that it is sent to, where it names one.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.last("path").filter(|path| path.starts_with('/'))
    }

    /// Whether it only takes back an earlier cookie.
    #[must_use]
    pub fn deletes(&self) -> bool {
        match self.last("max-age") {
            Some(age) => age.starts_with('-') || age == "0",
            None => self.last("expires").is_some_and(|date| date.contains("1970")),
        }
    }

    /// What it says of requests that other sites cause.
    #[must_use]
    pub fn same_site(&self) -> SameSite {
        let Some(value) = self.last("samesite") else { return SameSite::Missing };
        match value.to_ascii_lowercase().as_str() {
            "lax" => SameSite::Lax,
            "none" => SameSite::None,
            "strict" => SameSite::Strict,
            _ => SameSite::Unknown(value.to_owned()),
        }
    }

    /// Why browsers refuse it because of its prefix, when they do (RFC 6265bis §5.7, steps 20 and 21).
    #[must_use]
    pub fn broken_prefix(&self) -> Option<&'static str> {
        let name = self.name.to_ascii_lowercase();
        if (name.starts_with("__secure-") || name.starts_with("__host-")) && !self.secure() {
            return Some("its name promises Secure, and Secure is missing");
        }
        if !name.starts_with("__host-") {
            return None;
        }
        if self.domain().is_some() {
            return Some("its name starts with __Host-, which forbids Domain");
        }
        (self.path() != Some("/")).then_some("its name starts with __Host-, which asks for Path=/")
    }

    /// Whether a browser that asked `host` takes it: its domain must be the host or above it.
    #[must_use]
    pub fn fits(&self, host: &str) -> bool {
        self.domain()
            .is_none_or(|domain| host == domain || host.strip_suffix(&domain).is_some_and(|rest| rest.ends_with('.')))
    }
}

#[cfg(test)]
mod tests {
    use super::{SameSite, parse};

    #[test]
    fn names_and_attributes_are_read_as_browsers_do() {
        let cookie =
            parse("sid=…; Path=/; secure ;HttpOnly; SameSite=lax; SameSite=STRICT; Domain=.Example.com; Max-Age=3600");
        assert_eq!((cookie.name.as_str(), cookie.path()), ("sid", Some("/")));
        assert!(cookie.secure() && cookie.http_only() && !cookie.partitioned() && !cookie.deletes());
        assert_eq!((cookie.same_site(), cookie.domain().as_deref()), (SameSite::Strict, Some("example.com")));
        assert!(cookie.fits("app.example.com") && cookie.fits("example.com") && !cookie.fits("badexample.com"));
        assert_eq!(parse("a=…; SameSite=maybe").same_site(), SameSite::Unknown("maybe".to_owned()));
        assert_eq!(parse("a=…").same_site(), SameSite::Missing);
        assert_eq!((parse("=…").name.as_str(), parse("").name.as_str()), ("", ""));
        assert!(parse("a=…; Max-Age=0").deletes() && parse("a=…; Expires=Thu, 01 Jan 1970 00:00:00 GMT").deletes());
    }

    #[test]
    fn prefixes_hold_what_they_promise() {
        assert_eq!(parse("__Host-a=…; Secure; Path=/").broken_prefix(), None);
        assert_eq!(parse("__Secure-a=…; Secure; Domain=example.com").broken_prefix(), None);
        for line in [
            "__Host-a=…; Path=/",
            "__host-a=…; Secure; Path=/; Domain=x.example",
            "__Host-a=…; Secure; Path=/a",
            "__Secure-a=…",
        ] {
            assert!(parse(line).broken_prefix().is_some(), "{line}");
        }
    }

    #[test]
    fn hostile_lines_are_bounded() {
        assert_eq!(parse(&format!("a=…{}", ";b=c".repeat(100_000))).attributes.len(), 30);
    }
}
