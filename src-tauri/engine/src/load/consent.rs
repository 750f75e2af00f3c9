//! Consent to load: who agreed, for which host, how much at most, and until when.

use crate::EngineError;
use crate::consent::{host_of, named};
use audit::facts::{LoadAgreed, LoadCap, Target};
use jiff::{SignedDuration, Timestamp};
use url::Url;

/// How long a consent lasts: load is agreed to for a day's work, not for a month.
const LASTS: SignedDuration = SignedDuration::from_hours(48);

/// Proof that somebody agreed to load on a host. It is only made by recording who did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadConsent(LoadAgreed);

impl LoadConsent {
    /// Records that `by` agreed to load on a host of the audited domain.
    ///
    /// # Errors
    /// The host is not the domain or below it, or nobody is named.
    pub fn record(target: &Target, host: &str, by: &str, cap: LoadCap, now: Timestamp) -> Result<Self, EngineError> {
        let (host, by) = (host_of(target, host)?, named(by)?);
        let until = now.saturating_add(LASTS).unwrap_or(now);
        Ok(Self(LoadAgreed { host, by, cap, at: now, until }))
    }

    /// The consent of an earlier record, as long as it lasts.
    pub(crate) fn recorded(target: &Target, agreed: LoadAgreed, now: Timestamp) -> Option<Self> {
        let known = host_of(target, &agreed.host).is_ok_and(|host| host == agreed.host);
        (known && named(&agreed.by).is_ok() && now < agreed.until).then_some(Self(agreed))
    }

    /// What was agreed to.
    #[must_use]
    pub fn agreed(&self) -> &LoadAgreed {
        &self.0
    }

    pub(super) fn covers(&self, url: &Url, now: Timestamp) -> bool {
        url.host_str() == Some(self.0.host.as_str()) && now < self.0.until
    }
}
