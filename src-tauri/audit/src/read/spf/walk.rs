//! What evaluating a record costs a receiver (RFC 7208 §4.6.4), from answers that are already known; unknown parts stay unknown.

use super::parse::{DomainSpec, Mechanism, Qualifier, SpfError, SpfRecord, is_spf, parse};
use crate::facts::DnsAnswer;
use crate::{Unseen, Why};

/// Terms that cause look-ups: more than this many and receivers treat the record as broken (§4.6.4).
pub const LOOKUP_LIMIT: u32 = 10;
/// Look-ups that find nothing: more than this many and receivers may treat the record as broken (§4.6.4).
pub const VOID_LIMIT: u32 = 2;
/// Records that are read at most, so that a hostile tree of includes ends.
const MOST_RECORDS: u32 = 60;
/// Includes within includes that are followed at most.
const DEEPEST: usize = 12;

/// What evaluating a record costs and meets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evaluation {
    /// Look-ups of the whole tree as far as it is known: the worst case, when no mechanism matches early.
    pub lookups: u32,
    /// Look-ups that found nothing.
    pub void: u32,
    /// Every term of the record and of those it includes that costs look-ups, outer before inner.
    pub costs: Vec<Cost>,
    /// What makes receivers treat the record as broken.
    pub problems: Vec<Problem>,
    /// Parts that were not seen and could change the outcome.
    pub unseen: Vec<Unseen>,
    /// What happens to a sender that nothing names.
    pub ending: Ending,
}

/// A term and what it costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// 0: in the domain's own record; 1: in a record that this one includes; and so on.
    pub depth: usize,
    /// The term as written.
    pub term: String,
    /// The name that it leads to, when it is a fixed one.
    pub name: Option<String>,
    /// Look-ups of the term with all that it includes.
    pub lookups: u32,
    /// Whether everybody whom the term allows is allowed by the whole record: nothing before it, here or outside, says otherwise.
    pub certain: bool,
}

/// What happens to a sender that nothing names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Ending {
    /// `all` with its qualifier, of the record or of the one that it redirects to.
    All(Qualifier),
    /// Nothing is said, which means neutral (§4.7).
    #[default]
    Open,
    /// The record that it redirects to was not seen.
    Unknown,
}

/// What makes receivers treat the record as broken (permerror).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The name includes or redirects to itself, directly or by way of others.
    Loop(String),
    /// More than ten mail exchanges behind an `mx` (§4.6.4).
    ManyExchanges(String),
    /// Included or redirected to, but without a record (§5.2, §6.1).
    NoRecord(String),
    /// Included or redirected to, with a record that is not valid.
    Syntax(String, SpfError),
    /// Included or redirected to, with more than one record (§4.5).
    TwoRecords(String),
}

/// Walks the record of `domain` and all that it includes, by the answers that `ask` knows.
#[must_use]
pub fn evaluate<'a>(
    domain: &str,
    record: &SpfRecord,
    ask: &dyn Fn(&str, &str) -> Result<&'a DnsAnswer, Unseen>,
) -> Evaluation {
    let mut walk =
        Walk { ask, out: Evaluation::default(), path: Vec::new(), records: 0, maybe_void: Vec::new(), certain: true };
    walk.out.ending = walk.record(&domain.to_ascii_lowercase(), record);
    let Walk { mut out, maybe_void, .. } = walk;
    let possible = u32::try_from(maybe_void.len()).unwrap_or(u32::MAX);
    if out.void <= VOID_LIMIT && out.void.saturating_add(possible) > VOID_LIMIT {
        out.unseen.extend(maybe_void);
    }
    out
}

struct Walk<'f, 'a> {
    ask: &'f dyn Fn(&str, &str) -> Result<&'a DnsAnswer, Unseen>,
    out: Evaluation,
    path: Vec<String>,
    records: u32,
    /// Look-ups that may or may not find something.
    maybe_void: Vec<Unseen>,
    /// Whether all terms so far, here and on the way here, allow.
    certain: bool,
}

impl Walk<'_, '_> {
    fn record(&mut self, domain: &str, record: &SpfRecord) -> Ending {
        self.records += 1;
        self.path.push(domain.to_owned());
        let outside = self.certain;
        for directive in record.reached() {
            self.certain &= directive.qualifier == Qualifier::Pass;
            self.mechanism(domain, &directive.mechanism, &directive.text);
        }
        let ending = match (record.all(), record.followed()) {
            (Some(qualifier), _) => Ending::All(qualifier),
            (None, Some(spec)) => self.other(spec, &format!("redirect={}", spec.text)),
            (None, None) => Ending::Open,
        };
        self.certain = outside;
        self.path.pop();
        ending
    }

    fn mechanism(&mut self, domain: &str, mechanism: &Mechanism, term: &str) {
        let own = |spec: &Option<DomainSpec>| match spec {
            Some(spec) => spec.name(),
            None => Some(domain.to_owned()),
        };
        match mechanism {
            Mechanism::All | Mechanism::Ip4(_) | Mechanism::Ip6(_) => {}
            Mechanism::Include(spec) => drop(self.other(spec, term)),
            Mechanism::A(spec, ..) => {
                let name = own(spec);
                self.cost(term, name.clone());
                self.look(term, name, &["A", "AAAA"]);
            }
            Mechanism::Exists(spec) => {
                self.cost(term, spec.name());
                self.look(term, spec.name(), &["A"]);
            }
            Mechanism::Mx(spec, ..) => {
                let name = own(spec);
                self.cost(term, name.clone());
                if let Some(name) = &name
                    && let Ok(answer) = (self.ask)(name, "MX")
                    && exchanges(answer) > 10
                {
                    self.out.problems.push(Problem::ManyExchanges(name.clone()));
                }
                self.look(term, name, &["MX"]);
            }
            // What it finds depends on the sender's address alone.
            Mechanism::Ptr(spec) => self.cost(term, own(spec)),
        }
    }

    fn cost(&mut self, term: &str, name: Option<String>) {
        self.out.lookups += 1;
        let (depth, term, certain) = (self.path.len() - 1, term.to_owned(), self.certain);
        self.out.costs.push(Cost { depth, term, name, lookups: 1, certain });
    }

    /// Whether a look-up finds something: void only when every family is known to be empty.
    fn look(&mut self, term: &str, name: Option<String>, types: &[&str]) {
        let Some(name) = name else {
            self.maybe_void.push(depends(term));
            return;
        };
        let answers: Vec<_> = types.iter().map(|rtype| (self.ask)(&name, rtype)).collect();
        if answers.iter().flatten().any(|answer| tells(answer)) {
            return;
        }
        match answers.into_iter().find_map(Result::err) {
            Some(unseen) => self.maybe_void.push(unseen),
            None => self.out.void += 1,
        }
    }

    /// Follows an include or a redirect.
    fn other(&mut self, spec: &DomainSpec, term: &str) -> Ending {
        let before = self.out.lookups;
        self.cost(term, spec.name());
        let at = self.out.costs.len() - 1;
        let ending = self.follow(spec, term);
        self.out.costs[at].lookups = self.out.lookups - before;
        ending
    }

    fn follow(&mut self, spec: &DomainSpec, term: &str) -> Ending {
        let Some(name) = spec.name() else {
            self.out.unseen.push(depends(term));
            return Ending::Unknown;
        };
        if self.path.contains(&name) {
            self.out.problems.push(Problem::Loop(name));
            return Ending::Unknown;
        }
        if self.records >= MOST_RECORDS || self.path.len() >= DEEPEST {
            self.out.unseen.push(too_far(&name));
            return Ending::Unknown;
        }
        let answer = match (self.ask)(&name, "TXT") {
            Ok(answer) => answer,
            Err(unseen) => {
                self.out.unseen.push(unseen);
                return Ending::Unknown;
            }
        };
        let texts: Vec<String> = answer.texts().filter(|text| is_spf(text)).take(2).collect();
        let problem = match texts.as_slice() {
            [] => Problem::NoRecord(name),
            [text] => match parse(text) {
                Ok(record) => return self.record(&name, &record),
                Err(error) => Problem::Syntax(name, error),
            },
            _ => Problem::TwoRecords(name),
        };
        self.out.problems.push(problem);
        Ending::Unknown
    }
}

fn exchanges(answer: &DnsAnswer) -> usize {
    answer.records.iter().filter(|record| matches!(record.data, crate::facts::RecordData::Mx { .. })).count()
}

/// Whether an answer holds anything but the aliases on the way to nothing.
fn tells(answer: &DnsAnswer) -> bool {
    answer.records.iter().any(|record| !matches!(record.data, crate::facts::RecordData::Cname(_)))
}

fn depends(term: &str) -> Unseen {
    Unseen {
        what: term.to_owned(),
        why: Why::Beyond,
        says: format!("\"{term}\" depends on each message, so what it leads to cannot be looked up beforehand"),
        way: "send a message to a mailbox of your own and read the SPF result in its headers".to_owned(),
    }
}

fn too_far(name: &str) -> Unseen {
    Unseen {
        what: format!("{name} TXT"),
        why: Why::Garbled,
        says: "the records that include each other go on for too long to follow".to_owned(),
        way: "include fewer services in the SPF record".to_owned(),
    }
}
