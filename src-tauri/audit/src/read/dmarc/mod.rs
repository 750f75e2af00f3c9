//! DMARC policy records (RFC 9989 §4.7): tags, what of them is obsolete or wrong, and where reports go (RFC 9990).

mod steps;
#[cfg(test)]
mod tests;
mod walk;

pub use steps::{Step, steps, with};
pub use walk::{Discovery, discover, walk};

use crate::read::text::clean;

/// What receivers are asked to do with mail that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Policy {
    /// Only report.
    None,
    /// Treat with suspicion: the spam folder.
    Quarantine,
    /// Do not take it.
    Reject,
}

impl Policy {
    /// As written in a record.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Quarantine => "quarantine",
            Self::Reject => "reject",
        }
    }
}

/// A record, read as a receiver that follows RFC 9989 reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DmarcRecord {
    /// `p`: for the domain itself. Without it receivers act as if it were none (§4.7).
    pub policy: Option<Policy>,
    /// `sp`: for its existing sub-domains.
    pub subdomains: Option<Policy>,
    /// `np`: for sub-domains that do not exist.
    pub nonexistent: Option<Policy>,
    /// `adkim=s`: DKIM domains must be exactly the domain of the From address.
    pub strict_dkim: bool,
    /// `aspf=s`: the same for SPF.
    pub strict_spf: bool,
    /// `t=y`: receivers apply one policy weaker than written.
    pub testing: bool,
    /// `psd`: `y`, `n` or `u`, when written.
    pub psd: Option<char>,
    /// `fo`, when written.
    pub failure_options: Option<String>,
    /// `rua`: where aggregate reports go.
    pub aggregate: Vec<Address>,
    /// `ruf`: where failure reports go.
    pub failure: Vec<Address>,
    /// Tags with values that are not valid; receivers ignore them.
    pub wrong: Vec<Wrong>,
    /// Tags that RFC 9989 removed (`pct`, `rf`, `ri`): older receivers may still read them.
    pub obsolete: Vec<String>,
    /// Tags that nobody knows and everybody ignores.
    pub unknown: Vec<String>,
}

/// A mailbox that takes reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The mailbox, `reports@example.com`.
    pub mailbox: String,
    /// Its domain, lower case.
    pub domain: String,
}

/// A tag whose value is not valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Its name.
    pub tag: &'static str,
    /// Its value, safe to show.
    pub value: String,
    /// What would be valid.
    pub wants: &'static str,
}

/// Why a record cannot be read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DmarcError {
    /// It does not begin with the version; such a text is no DMARC record.
    #[error("it does not begin with \"v=DMARC1\"")]
    Version,
    /// Something between the semicolons is no `name=value`.
    #[error("it is not a list of tags like \"v=DMARC1; p=none\"")]
    Tags,
}

/// Whether a TXT record is a DMARC record at all: its first tag is `v=DMARC1` (§4.8).
#[must_use]
pub fn is_dmarc(text: &str) -> bool {
    let first = text.split(';').next().unwrap_or_default();
    first.split_once('=').is_some_and(|(name, value)| name.trim().eq_ignore_ascii_case("v") && value.trim() == "DMARC1")
}

/// Reads a record.
///
/// # Errors
/// When it is no DMARC record, or no list of tags.
pub fn parse(text: &str) -> Result<DmarcRecord, DmarcError> {
    if !is_dmarc(text) {
        return Err(DmarcError::Version);
    }
    let lower: String = text.split(';').skip(1).map(lower_name).collect::<Vec<_>>().join(";");
    let tags = if lower.trim().is_empty() { Vec::new() } else { super::dkim::tags(&lower).ok_or(DmarcError::Tags)? };
    let mut record = DmarcRecord::default();
    for (name, value) in &tags {
        record.take(name, value);
    }
    Ok(record)
}

/// The domains that take reports, each once; those outside need `<domain>._report._dmarc.<there>` (RFC 9990 §4).
#[must_use]
pub fn report_domains(record: &str) -> Vec<String> {
    let Ok(record) = parse(record) else { return Vec::new() };
    let mut domains: Vec<String> = Vec::new();
    for address in record.aggregate.into_iter().chain(record.failure) {
        if !domains.contains(&address.domain) {
            domains.push(address.domain);
        }
    }
    domains.truncate(20);
    domains
}

/// Tag names are compared without regard to case.
fn lower_name(part: &str) -> String {
    match part.split_once('=') {
        Some((name, value)) => format!("{}={value}", name.to_ascii_lowercase()),
        None => part.to_owned(),
    }
}

impl DmarcRecord {
    /// The policy that receivers apply to the domain's own mail: testing mode counted in (§4.7, tag `t`), and none where one of
    /// the policies is not valid (§4.10.1).
    #[must_use]
    pub fn applied(&self) -> Policy {
        if self.wrong.iter().any(|wrong| matches!(wrong.tag, "p" | "sp" | "np")) {
            return Policy::None;
        }
        match (self.policy, self.testing) {
            (Some(Policy::Reject), true) => Policy::Quarantine,
            (None, _) | (Some(Policy::Quarantine), true) => Policy::None,
            (Some(policy), _) => policy,
        }
    }

    /// The policy written for sub-domains that exist: `sp`, else `p` (§4.7).
    #[must_use]
    pub fn for_subdomains(&self) -> Policy {
        self.subdomains.or(self.policy).unwrap_or(Policy::None)
    }

    /// The policy written for names that do not exist: `np`, else that for sub-domains (§4.7).
    #[must_use]
    pub fn for_nonexistent(&self) -> Policy {
        self.nonexistent.unwrap_or_else(|| self.for_subdomains())
    }

    fn take(&mut self, tag: &str, value: &str) {
        match tag {
            "p" => self.policy = self.policy_of("p", value),
            "sp" => self.subdomains = self.policy_of("sp", value),
            "np" => self.nonexistent = self.policy_of("np", value),
            "adkim" => self.strict_dkim = self.letter("adkim", value, "rs", "r or s") == Some('s'),
            "aspf" => self.strict_spf = self.letter("aspf", value, "rs", "r or s") == Some('s'),
            "t" => self.testing = self.letter("t", value, "yn", "y or n") == Some('y'),
            "psd" => self.psd = self.letter("psd", value, "ynu", "y, n or u"),
            "fo" => self.failure_options = self.options(value),
            "rua" => self.aggregate = self.addresses("rua", value),
            "ruf" => self.failure = self.addresses("ruf", value),
            "pct" | "rf" | "ri" => self.obsolete.push(tag.to_owned()),
            _ => self.unknown.push(clean(tag, 40)),
        }
    }

    fn wrong(&mut self, tag: &'static str, value: &str, wants: &'static str) {
        self.wrong.push(Wrong { tag, value: clean(value, 80), wants });
    }

    fn policy_of(&mut self, tag: &'static str, value: &str) -> Option<Policy> {
        let known = [Policy::None, Policy::Quarantine, Policy::Reject];
        let found = known.into_iter().find(|policy| value.eq_ignore_ascii_case(policy.word()));
        if found.is_none() {
            self.wrong(tag, value, "none, quarantine or reject");
        }
        found
    }

    fn letter(&mut self, tag: &'static str, value: &str, known: &str, wants: &'static str) -> Option<char> {
        let lower = value.to_ascii_lowercase();
        let found = known.chars().find(|letter| lower.chars().eq([*letter]));
        if found.is_none() {
            self.wrong(tag, value, wants);
        }
        found
    }

    fn options(&mut self, value: &str) -> Option<String> {
        let known = |option: &str| matches!(option.trim(), "0" | "1" | "d" | "s" | "D" | "S");
        if value.split(':').all(known) {
            return Some(value.to_owned());
        }
        self.wrong("fo", value, "0, 1, d or s, parted by colons");
        None
    }

    fn addresses(&mut self, tag: &'static str, value: &str) -> Vec<Address> {
        let mut found = Vec::new();
        for uri in value.split(',').map(str::trim).take(20) {
            match address(uri) {
                Some(address) => found.push(address),
                None => self.wrong(tag, uri, "addresses like mailto:reports@example.com, parted by commas"),
            }
        }
        found
    }
}

/// A `mailto:` address; a size limit after `!` is obsolete and left out.
fn address(uri: &str) -> Option<Address> {
    let scheme = uri.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"))?;
    let mailbox = uri[scheme.len()..].split('!').next().unwrap_or_default();
    let (local, domain) = mailbox.rsplit_once('@')?;
    let domain = idna::domain_to_ascii_strict(domain.trim_end_matches('.')).ok()?;
    let visible = !local.is_empty() && local.bytes().all(|b| b.is_ascii_graphic() && b != b'@');
    (visible && domain.contains('.')).then(|| Address { mailbox: format!("{local}@{domain}"), domain })
}
