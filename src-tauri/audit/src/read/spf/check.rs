//! check_host() of RFC 7208 §4, by answers that are already known: it ends in a result or names the questions still to ask.
//!
//! Two libraries were tried on the public conformance suite and fall short (mail-auth 0.11: about three quarters, viaspf
//! 0.7-alpha: 94 %), which is why this is own code; `conformance.rs` runs the whole suite.

use super::expand::Stop;
use super::macros::reverse_name;
use super::outcome::{SpfChecked, SpfProgress, SpfQuery, SpfResult, SpfStep};
use super::parse::{DomainSpec, Mechanism, Qualifier, SpfRecord, is_spf, parse};
use super::walk::{LOOKUP_LIMIT, VOID_LIMIT};
use crate::facts::{DnsAnswer, Fact, RecordData};
use std::net::IpAddr;

/// Names behind one `mx`, and reverse names of one address, that are looked at (RFC 7208 §4.6.4).
const NAMES: usize = 10;
/// Steps that are told; a record can hold thousands of addresses.
const STEPS: usize = 400;

/// What is known of a question; none when it was not asked yet.
pub type Known<'k, 'a> = &'k dyn Fn(&str, &'static str) -> Option<&'a Fact<DnsAnswer>>;

/// Evaluates as far as the known answers reach. The same query and answers give the same progress.
#[must_use]
pub fn check_host(query: &SpfQuery, known: Known<'_, '_>) -> SpfProgress {
    let identity = Identity::of(query);
    let mut check = Check { known, identity: &identity, lookups: 0, void: 0, trace: Vec::new(), exp: None };
    let ended = if is_domain(&identity.domain) {
        check.domain(&identity.domain, 0)
    } else {
        Ok((SpfResult::None, format!("\"{}\" is no full domain name", identity.domain)))
    };
    let (result, because) = match ended {
        Ok(ended) => ended,
        Err(Stop::Asks(asks)) => return SpfProgress::Asks(asks),
        Err(Stop::Permanent(because)) => (SpfResult::PermError, because),
        Err(Stop::Temporary(because)) => (SpfResult::TempError, because),
    };
    let explanation = match (result, check.exp.take()) {
        (SpfResult::Fail, Some((spec, domain))) => match check.explanation(&spec, &domain) {
            Ok(text) => Some(text),
            Err(Stop::Asks(asks)) => return SpfProgress::Asks(asks),
            // §6.2: an explanation that cannot be had is left out, and changes nothing else.
            Err(_) => None,
        },
        _ => None,
    };
    let Check { lookups, void, trace, .. } = check;
    SpfProgress::Ended(SpfChecked { result, because, domain: identity.domain, explanation, lookups, void, trace })
}

/// The identity that is checked: MAIL FROM, or HELO for a bounce (§2.4).
pub(super) struct Identity<'q> {
    pub(super) query: &'q SpfQuery,
    pub(super) ip: IpAddr,
    pub(super) local: String,
    pub(super) domain: String,
}

impl<'q> Identity<'q> {
    fn of(query: &'q SpfQuery) -> Self {
        let (local, domain) = match query.mail_from.rsplit_once('@') {
            Some((local, domain)) => (local, domain),
            None if query.mail_from.is_empty() => ("", query.helo.as_str()),
            None => ("", query.mail_from.as_str()),
        };
        let local = if local.is_empty() { "postmaster" } else { local };
        let domain = domain.strip_suffix('.').unwrap_or(domain);
        // §5: an IPv4 address inside an IPv6 one is that IPv4 address.
        Self { query, ip: query.ip.to_canonical(), local: local.to_owned(), domain: domain.to_owned() }
    }
}

/// A well-formed name of at least two labels (§4.3).
pub(super) fn is_domain(name: &str) -> bool {
    let bare = name.strip_suffix('.').unwrap_or(name);
    askable(bare) && bare.contains('.') && !bare.starts_with('[') && bare.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether DNS can be asked for the name at all (RFC 1035 §3.1).
pub(super) fn askable(name: &str) -> bool {
    name.len() <= 253 && name.split('.').all(|label| (1..=63).contains(&label.len()))
}

type Ended = Result<(SpfResult, String), Stop>;

pub(super) struct Check<'c, 'k, 'a> {
    pub(super) known: Known<'k, 'a>,
    pub(super) identity: &'c Identity<'c>,
    lookups: u32,
    void: u32,
    trace: Vec<SpfStep>,
    /// The explanation of the record that decides, with its domain.
    exp: Option<(DomainSpec, String)>,
}

impl<'a> Check<'_, '_, 'a> {
    /// The result of a domain's record. Depth is bounded, because every record below the first costs one of ten look-ups.
    fn domain(&mut self, domain: &str, depth: usize) -> Ended {
        let answer = self.answer(domain, "TXT")?;
        let texts: Vec<String> = answer.texts().filter(|text| is_spf(text)).take(2).collect();
        let record = match texts.as_slice() {
            [] => return Ok((SpfResult::None, format!("{domain} has no SPF record"))),
            [text] => {
                self.step(depth, domain, text, "the record");
                parse(text).map_err(|error| Stop::Permanent(format!("the record of {domain} is not valid: {error}")))?
            }
            _ => return Err(Stop::Permanent(format!("{domain} has more than one SPF record"))),
        };
        self.record(domain, &record, depth)
    }

    fn record(&mut self, domain: &str, record: &SpfRecord, depth: usize) -> Ended {
        for directive in record.reached() {
            let matches = self.mechanism(domain, &directive.mechanism, &directive.text, depth)?;
            self.step(depth, domain, &directive.text, if matches { "matches" } else { "no match" });
            if matches {
                if depth == 0 {
                    self.exp = record.exp.clone().map(|spec| (spec, domain.to_owned()));
                }
                let result = match directive.qualifier {
                    Qualifier::Fail => SpfResult::Fail,
                    Qualifier::Neutral => SpfResult::Neutral,
                    Qualifier::Pass => SpfResult::Pass,
                    Qualifier::SoftFail => SpfResult::SoftFail,
                };
                return Ok((result, format!("\"{}\" in the record of {domain} matches", directive.text)));
            }
        }
        let Some(spec) = record.followed() else {
            return Ok((SpfResult::Neutral, format!("nothing in the record of {domain} matches (RFC 7208 §4.7)")));
        };
        self.count(&format!("redirect={}", spec.text))?;
        let target = self.target(spec, domain)?;
        self.step(depth, domain, &format!("redirect={}", spec.text), &target);
        match if is_domain(&target) { self.domain(&target, depth)? } else { (SpfResult::None, String::new()) } {
            (SpfResult::None, _) => {
                Err(Stop::Permanent(format!("{domain} redirects to {target}, which has no SPF record")))
            }
            ended => Ok(ended),
        }
    }

    fn mechanism(&mut self, domain: &str, mechanism: &Mechanism, term: &str, depth: usize) -> Result<bool, Stop> {
        let ip = self.identity.ip;
        match (mechanism, ip) {
            (Mechanism::All, _) => Ok(true),
            (Mechanism::Ip4(net), IpAddr::V4(ip)) => Ok(net.contains(&ip)),
            (Mechanism::Ip6(net), IpAddr::V6(ip)) => Ok(net.contains(&ip)),
            (Mechanism::Ip4(_) | Mechanism::Ip6(_), _) => Ok(false),
            (Mechanism::Include(spec), _) => self.include(domain, spec, term, depth),
            (Mechanism::A(spec, v4, v6), _) => {
                self.count(term)?;
                let name = self.own(spec.as_ref(), domain)?;
                let Some(found) = self.addresses(&name)? else { return Ok(false) };
                self.void_if(found.is_empty())?;
                Ok(found.iter().any(|address| within(*address, ip, *v4, *v6)))
            }
            (Mechanism::Mx(spec, v4, v6), _) => {
                self.count(term)?;
                let name = self.own(spec.as_ref(), domain)?;
                self.exchanges(&name, ip, *v4, *v6)
            }
            (Mechanism::Ptr(spec), _) => {
                self.count(term)?;
                let target = self.own(spec.as_ref(), domain)?;
                let (names, void) = self.validated_names()?;
                self.void_if(void)?;
                Ok(names.iter().any(|name| below(name, &target)))
            }
            (Mechanism::Exists(spec), _) => {
                self.count(term)?;
                let name = self.target(spec, domain)?;
                if !askable(&name) {
                    return Ok(false);
                }
                // §5.7: always A, also for an IPv6 sender.
                let found = self.answer(&name, "A")?.addresses().any(|address| address.is_ipv4());
                self.void_if(!found)?;
                Ok(found)
            }
        }
    }

    /// The table of §5.2.
    fn include(&mut self, domain: &str, spec: &DomainSpec, term: &str, depth: usize) -> Result<bool, Stop> {
        self.count(term)?;
        let target = self.target(spec, domain)?;
        let (result, _) =
            if is_domain(&target) { self.domain(&target, depth + 1)? } else { (SpfResult::None, String::new()) };
        self.step(depth, domain, term, &format!("{target} says {result}"));
        match result {
            SpfResult::Pass => Ok(true),
            SpfResult::None => Err(Stop::Permanent(format!("{domain} includes {target}, which has no SPF record"))),
            _ => Ok(false),
        }
    }

    fn exchanges(&mut self, name: &str, ip: IpAddr, v4: u8, v6: u8) -> Result<bool, Stop> {
        if !askable(name) {
            return Ok(false);
        }
        let answer = self.answer(name, "MX")?;
        let mut hosts: Vec<(u16, &String)> = answer
            .records
            .iter()
            .filter_map(|record| match &record.data {
                RecordData::Mx { preference, exchange } => Some((*preference, exchange)),
                _ => None,
            })
            .collect();
        // §5.4: in order of preference; a match before an exchange that cannot be had is a match.
        hosts.sort_by_key(|(preference, _)| *preference);
        self.void_if(hosts.is_empty())?;
        if hosts.len() > NAMES {
            return Err(Stop::Permanent(format!("{name} has more than {NAMES} mail exchanges")));
        }
        self.ask_ahead(hosts.iter().map(|(_, host)| host.as_str()))?;
        // §4.6.4 counts terms, so exchanges without an address do not add to the void look-ups of their mx.
        for (_, host) in hosts {
            let found = self.addresses(host)?.unwrap_or_default();
            if found.iter().any(|address| within(*address, ip, v4, v6)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The names of the address that lead back to it (§5.5), and whether it has none at all.
    pub(super) fn validated_names(&mut self) -> Result<(Vec<String>, bool), Stop> {
        let answer = match self.answer(&reverse_name(self.identity.ip), "PTR") {
            Err(Stop::Temporary(_)) => return Ok((Vec::new(), false)),
            answer => answer?,
        };
        let names: Vec<String> = answer
            .records
            .iter()
            .filter_map(|record| match &record.data {
                RecordData::Other { rtype, text } if rtype == "PTR" => {
                    Some(text.trim_end_matches('.').to_ascii_lowercase())
                }
                _ => None,
            })
            .take(NAMES)
            .collect();
        self.ask_ahead(names.iter().map(String::as_str))?;
        let mut validated = Vec::new();
        for name in &names {
            let found = match self.addresses(name) {
                Err(Stop::Temporary(_)) => continue,
                found => found?.unwrap_or_default(),
            };
            if found.contains(&self.identity.ip) {
                validated.push(name.clone());
            }
        }
        Ok((validated, names.is_empty()))
    }

    /// The addresses of a name in the sender's family; none when DNS cannot be asked for it.
    fn addresses(&self, name: &str) -> Result<Option<Vec<IpAddr>>, Stop> {
        if !askable(name) {
            return Ok(None);
        }
        let v4 = self.identity.ip.is_ipv4();
        let answer = self.answer(name, if v4 { "A" } else { "AAAA" })?;
        Ok(Some(answer.addresses().filter(|address| address.is_ipv4() == v4).collect()))
    }

    /// Asks for the addresses of several names in one go.
    fn ask_ahead<'n>(&self, names: impl Iterator<Item = &'n str>) -> Result<(), Stop> {
        let rtype = if self.identity.ip.is_ipv4() { "A" } else { "AAAA" };
        let mut asks: Vec<(String, &'static str)> = names
            .filter(|name| askable(name))
            .map(|name| (name.to_ascii_lowercase(), rtype))
            .filter(|(name, rtype)| (self.known)(name, rtype).is_none())
            .collect();
        asks.sort();
        asks.dedup();
        if asks.is_empty() { Ok(()) } else { Err(Stop::Asks(asks)) }
    }

    pub(super) fn answer(&self, name: &str, rtype: &'static str) -> Result<&'a DnsAnswer, Stop> {
        let name = name.to_ascii_lowercase();
        match (self.known)(&name, rtype) {
            None => Err(Stop::Asks(vec![(name, rtype)])),
            Some(Fact::Seen { value, .. }) => Ok(value),
            Some(Fact::Unseen(unseen)) => Err(Stop::Temporary(format!("{name} {rtype}: {}", unseen.says))),
        }
    }

    fn count(&mut self, term: &str) -> Result<(), Stop> {
        self.lookups += 1;
        if self.lookups > LOOKUP_LIMIT {
            return Err(Stop::Permanent(format!(
                "\"{term}\" would be look-up {}, {LOOKUP_LIMIT} are allowed",
                self.lookups
            )));
        }
        Ok(())
    }

    fn void_if(&mut self, void: bool) -> Result<(), Stop> {
        self.void += u32::from(void);
        if self.void > VOID_LIMIT {
            return Err(Stop::Permanent(format!("{} look-ups found nothing, {VOID_LIMIT} are allowed", self.void)));
        }
        Ok(())
    }

    fn step(&mut self, depth: usize, domain: &str, term: &str, outcome: &str) {
        if self.trace.len() < STEPS {
            let (domain, term, outcome) = (domain.to_owned(), term.to_owned(), outcome.to_owned());
            self.trace.push(SpfStep { depth, domain, term, outcome });
        }
    }
}

/// Whether two addresses of one family share the prefix for that family.
fn within(address: IpAddr, ip: IpAddr, v4: u8, v6: u8) -> bool {
    let bits = if address.is_ipv4() { v4 } else { v6 };
    ipnet::IpNet::new(address, bits).is_ok_and(|net| net.contains(&ip))
}

/// Whether a name is the target or below it.
pub(super) fn below(name: &str, target: &str) -> bool {
    let (name, target) = (name.to_ascii_lowercase(), target.trim_end_matches('.').to_ascii_lowercase());
    name.strip_suffix(target.as_str()).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}
