//! Consent: what may be felt on a host is only done there when somebody who answers for it agreed, by name, for a time.

use crate::EngineError;
use audit::facts::{Agreed, Agreement, Cap, Target};
use audit::read::text::clean;
use jiff::{SignedDuration, Timestamp};
use url::Url;

/// Characters of a name.
const NAME: usize = 120;
/// How long a consent lasts.
const LASTS: SignedDuration = SignedDuration::from_hours(24 * 30);

/// What is sent to a form, and what can come of it: the words that a person agrees to.
pub const WHAT: &str = "Up to 30 tries in a row at each log-in, reset or other form on this host, with a wrong password and an address at probe.invalid, which no mail can reach. A contact form that checks nothing may deliver empty messages. The sender may be locked out for a while.";

/// What is sent over an account of a mail server: the words that a person agrees to.
pub const WHAT_MAIL: &str = "One test message of each chosen kind over this account to the address named here, each time that somebody asks for it, and never by itself. It counts against the limits of the mail service like any other message.";

/// What a recorded journey sends: the words that a person agrees to.
pub const WHAT_JOURNEY: &str = "The steps of the recorded journeys on this host, as their file writes them, each time that somebody starts them or runs an audit; where a watch goes on, those of sign-in and dashboard in each of its rounds too. Accounts, orders and whatever else the steps make are really made there, and a journey that fails is gone through a second time.";

/// Proof that somebody agreed. It is only made by recording who did, and nothing that needs it can be called without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent(Agreed);

impl Consent {
    /// Records that `by` agreed for a host of the audited domain.
    ///
    /// # Errors
    /// The host is not the domain or below it, or nobody is named.
    pub fn record(target: &Target, host: &str, by: &str, cap: Cap, now: Timestamp) -> Result<Self, EngineError> {
        let (host, by) = (host_of(target, host)?, named(by)?);
        let until = now.saturating_add(LASTS).unwrap_or(now);
        Ok(Self(Agreed { kind: Agreement::Tries, host, by, what: WHAT.to_owned(), cap, at: now, until }))
    }

    /// Records that `by` agreed to test messages over the account at a server, `host:port`.
    ///
    /// # Errors
    /// Nobody is named, or the server is none.
    pub fn to_send(server: &str, by: &str, now: Timestamp) -> Result<Self, EngineError> {
        if !is_server(server) {
            return Err(EngineError::new("consent-host", "consent to test messages is given for one mail server"));
        }
        let (by, until) = (named(by)?, now.saturating_add(LASTS).unwrap_or(now));
        let (kind, what, cap) = (Agreement::Mail, WHAT_MAIL.to_owned(), Cap::ONE_EACH);
        Ok(Self(Agreed { kind, host: server.to_owned(), by, what, cap, at: now, until }))
    }

    /// Records that `by` agreed to the writing steps of recorded journeys on a host that their file names.
    ///
    /// # Errors
    /// It is no host, or nobody is named.
    pub fn to_write(host: &str, by: &str, now: Timestamp) -> Result<Self, EngineError> {
        let host = host.trim().trim_end_matches('.').to_ascii_lowercase();
        if !is_host(&host) {
            return Err(EngineError::new("consent-host", "consent to a journey is given for one host"));
        }
        let (by, until) = (named(by)?, now.saturating_add(LASTS).unwrap_or(now));
        let (kind, what, cap) = (Agreement::Journey, WHAT_JOURNEY.to_owned(), Cap::MOST);
        Ok(Self(Agreed { kind, host, by, what, cap, at: now, until }))
    }

    /// The consent of an earlier record, as long as it lasts.
    pub(crate) fn recorded(target: &Target, agreed: Agreed, now: Timestamp) -> Option<Self> {
        let known = match agreed.kind {
            Agreement::Tries => below(target, &agreed.host),
            Agreement::Mail => is_server(&agreed.host),
            Agreement::Journey => is_host(&agreed.host),
        };
        (known && !agreed.by.is_empty() && now < agreed.until).then_some(Self(agreed))
    }

    /// What was agreed to.
    #[must_use]
    pub fn agreed(&self) -> &Agreed {
        &self.0
    }

    /// Whether it is about the host of this URL, now.
    pub(crate) fn covers(&self, url: &Url, now: Timestamp) -> bool {
        self.0.kind == Agreement::Tries && url.host_str() == Some(self.0.host.as_str()) && now < self.0.until
    }

    /// Whether it is about test messages over the account at this server, now.
    #[must_use]
    pub fn lets_send(&self, server: &str, now: Timestamp) -> bool {
        self.0.kind == Agreement::Mail && self.0.host == server && now < self.0.until
    }

    /// Whether it is about the writing steps of journeys on this host, now.
    pub(crate) fn lets_write(&self, host: &str, now: Timestamp) -> bool {
        self.0.kind == Agreement::Journey && self.0.host == host && now < self.0.until
    }
}

/// A name or an address of a host, as a URL writes it.
fn is_host(host: &str) -> bool {
    Url::parse(&format!("https://{host}/")).is_ok_and(|url| url.host_str() == Some(host) && url.path() == "/")
}

fn is_server(server: &str) -> bool {
    let plain =
        |host: &str| !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    server.rsplit_once(':').is_some_and(|(host, port)| plain(host) && port.parse::<u16>().is_ok_and(|port| port > 0))
}

/// A host of the domain, as it was typed for a consent.
pub(crate) fn host_of(target: &Target, typed: &str) -> Result<String, EngineError> {
    let host = typed.trim().trim_end_matches('.').to_ascii_lowercase();
    if !below(target, &host) {
        let says = format!("{} is no host of {}; consent is given for one host of it", clean(&host, 120), target.name);
        return Err(EngineError::new("consent-host", says));
    }
    Ok(host)
}

/// The name of whoever agreed.
pub(crate) fn named(typed: &str) -> Result<String, EngineError> {
    let by = clean(typed.trim(), NAME);
    if by.chars().filter(|letter| letter.is_alphabetic()).count() < 2 {
        return Err(EngineError::new("consent-name", "write the name of the person who agreed"));
    }
    Ok(by)
}

fn below(target: &Target, host: &str) -> bool {
    let plain = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    plain && host.strip_suffix(target.domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::Consent;
    use audit::facts::{Cap, Target};
    use jiff::Timestamp;

    fn target() -> Target {
        Target { name: "example.com".to_owned(), domain: "example.com".to_owned() }
    }

    #[test]
    fn it_names_a_host_of_the_domain_and_a_person() {
        let record = |host: &str, by: &str| Consent::record(&target(), host, by, Cap::MOST, Timestamp::UNIX_EPOCH);
        assert_eq!(record("App.Example.com.", " Ada Alder ").unwrap().agreed().host, "app.example.com");
        for (host, by) in [
            ("evil.test", "Ada"),
            ("notexample.com", "Ada"),
            ("app.example.com", " "),
            ("a/b.example.com", "Ada"),
            ("", "Ada"),
        ] {
            assert!(record(host, by).is_err(), "{host} {by}");
        }
    }

    #[test]
    fn one_kind_of_consent_is_none_of_the_other() {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let mail = Consent::to_send("mail.example.com:587", "Ada", now).unwrap();
        assert!(mail.lets_send("mail.example.com:587", now));
        assert!(
            !mail.lets_send("mail.example.com:465", now)
                && !mail.lets_send("mail.example.com:587", mail.agreed().until)
        );
        assert!(!mail.covers(&"https://mail.example.com/".parse().unwrap(), now));
        assert!(!mail.covers(&"https://mail.example.com:587/".parse().unwrap(), now));
        let tries = Consent::record(&target(), "mail.example.com", "Ada", Cap::MOST, now).unwrap();
        assert!(!tries.lets_send("mail.example.com", now) && !tries.lets_send("mail.example.com:587", now));
        assert_eq!(Consent::recorded(&target(), mail.agreed().clone(), now), Some(mail));
        for server in ["mail.example.com", ":587", "mail.example.com:0", "a b:587", "a/b:587"] {
            assert!(Consent::to_send(server, "Ada", now).is_err(), "{server}");
        }
    }

    #[test]
    fn consent_to_journeys_is_for_one_host_and_nothing_else() {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let journeys = Consent::to_write("App.Example.com", "Ada", now).unwrap();
        assert!(journeys.lets_write("app.example.com", now) && !journeys.lets_write("example.com", now));
        assert!(!journeys.lets_write("app.example.com", journeys.agreed().until));
        assert!(!journeys.covers(&"https://app.example.com/session".parse().unwrap(), now));
        assert_eq!(Consent::recorded(&target(), journeys.agreed().clone(), now), Some(journeys));
        let tries = Consent::record(&target(), "app.example.com", "Ada", Cap::MOST, now).unwrap();
        assert!(!tries.lets_write("app.example.com", now));
        for (host, by) in [("", "Ada"), ("a/b", "Ada"), ("a b", "Ada"), ("a:80", "Ada"), ("app.example.com", " ")] {
            assert!(Consent::to_write(host, by, now).is_err(), "{host}");
        }
    }

    #[test]
    fn it_covers_one_host_for_a_time() {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let consent = Consent::record(&target(), "app.example.com", "Ada", Cap::MOST, now).unwrap();
        let url = |text: &str| text.parse().unwrap();
        assert!(consent.covers(&url("https://app.example.com/session"), now));
        assert!(!consent.covers(&url("https://example.com/session"), now));
        let later = consent.agreed().until;
        assert!(!consent.covers(&url("https://app.example.com/session"), later));
        assert_eq!(Consent::recorded(&target(), consent.agreed().clone(), later), None);
        assert_eq!(Consent::recorded(&target(), consent.agreed().clone(), now), Some(consent));
    }
}
