//! DMARC aggregate reports (RFC 9990 §3, and RFC 7489 Appendix C before it) as XML: read event by event, bounded in every direction.
//!
//! Elements are known by their local names, so that the namespace of RFC 9990, the older ones and none at all read alike. Entities
//! of a document type are never expanded: the parser hands them out as what they are, and they are left out.

mod gather;
mod sender;
#[cfg(test)]
mod tests;

pub use gather::Gathering;
pub use sender::{ReportSender, allowed, senders};

use super::text::clean;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;
use std::net::IpAddr;

/// Elements inside elements; the format has six.
const DEPTH: usize = 16;
/// Rows of one report that are read.
pub const ROWS: usize = 100_000;
/// Bytes kept of one text.
const TEXT: usize = 300;
/// Results of SPF or DKIM kept of one row.
const RESULTS: usize = 20;

/// One report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Who wrote it (`org_name`).
    pub reporter: String,
    /// Its id, unique to the reporter.
    pub id: String,
    /// Begin of the period, seconds since 1970.
    pub begin: i64,
    /// End of the period, seconds since 1970.
    pub end: i64,
    /// The domain where the policy stands.
    pub domain: String,
    /// Its rows.
    pub rows: Vec<Row>,
    /// Rows that could not be read, or lie beyond [`ROWS`].
    pub lost: u32,
}

/// Messages of one machine that were treated alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The machine.
    pub ip: Option<IpAddr>,
    /// How many.
    pub count: u64,
    /// What the receiver did: `none`, `pass`, `quarantine`, `reject`.
    pub disposition: String,
    /// Whether an aligned signature was valid.
    pub dkim: bool,
    /// Whether SPF passed for an aligned domain.
    pub spf: bool,
    /// Whether the receiver had a reason of its own to overrule the policy.
    pub excused: bool,
    /// Domains of envelope senders for which SPF passed.
    pub envelopes: Vec<String>,
    /// Domains and selectors of valid signatures.
    pub signers: Vec<(String, String)>,
}

/// Why a file is no report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// The XML does not hold together.
    #[error("damaged XML")]
    Damaged,
    /// XML without the elements of a report.
    #[error("no DMARC report")]
    NoReport,
    /// Elements inside elements without end.
    #[error("nested deeper than any report")]
    TooDeep,
}

/// One result of SPF or DKIM, while it is read.
#[derive(Default)]
struct Proof {
    domain: String,
    selector: String,
    passed: bool,
}

/// Reads a report.
///
/// # Errors
/// When the bytes are no such XML, or what a report needs is not there.
pub fn read(xml: &[u8]) -> Result<Report, ReportError> {
    let mut reader = Reader::from_reader(xml);
    let (mut report, mut row, mut proof) = (Report::default(), Row::default(), Proof::default());
    let (mut path, mut text): (Vec<String>, String) = (Vec::new(), String::new());
    let mut rooted = false;
    loop {
        match reader.read_event().map_err(|_| ReportError::Damaged)? {
            Event::Start(tag) => {
                let name = tag.local_name().as_ref().chars().take(40).collect::<String>().to_ascii_lowercase();
                rooted |= path.is_empty() && name == "feedback";
                if !rooted {
                    return Err(ReportError::NoReport);
                }
                if path.len() >= DEPTH {
                    return Err(ReportError::TooDeep);
                }
                path.push(name);
                text.clear();
            }
            Event::Text(part) => keep(&mut text, &part),
            Event::CData(part) => keep(&mut text, &part),
            // A character by its number, or one of the five names that XML knows (XML 1.0 §4.6); a report declares none of its own.
            Event::GeneralRef(name) => match name.resolve_char_ref() {
                Ok(Some(letter)) => keep(&mut text, letter.encode_utf8(&mut [0; 4])),
                _ => keep(&mut text, resolve_predefined_entity(&name).unwrap_or_default()),
            },
            Event::End(_) => {
                let inside: Vec<&str> = path.iter().map(String::as_str).collect();
                note(&inside, text.trim(), &mut report, &mut row, &mut proof);
                path.pop();
                text.clear();
            }
            Event::Eof if path.is_empty() && rooted => break,
            Event::Eof => return Err(if rooted { ReportError::Damaged } else { ReportError::NoReport }),
            _ => {}
        }
    }
    let whole = !report.domain.is_empty() && !report.reporter.is_empty() && report.begin > 0 && report.end > 0;
    if whole { Ok(report) } else { Err(ReportError::NoReport) }
}

fn keep(text: &mut String, part: &str) {
    let room = TEXT.saturating_sub(text.len());
    text.extend(part.chars().take(room));
}

/// What a closed element says, by its place.
fn note(inside: &[&str], text: &str, report: &mut Report, row: &mut Row, proof: &mut Proof) {
    let name = |text: &str| clean(text.trim_end_matches('.'), 253).to_ascii_lowercase();
    let passes = || text.eq_ignore_ascii_case("pass");
    match inside {
        ["feedback", "report_metadata", "org_name"] => report.reporter = clean(text, 120),
        ["feedback", "report_metadata", "report_id"] => report.id = clean(text, 200),
        ["feedback", "report_metadata", "date_range", "begin"] => report.begin = seconds(text),
        ["feedback", "report_metadata", "date_range", "end"] => report.end = seconds(text),
        ["feedback", "policy_published", "domain"] => report.domain = name(text),
        ["feedback", "record", "row", "source_ip"] => row.ip = text.parse::<IpAddr>().ok().map(|ip| ip.to_canonical()),
        ["feedback", "record", "row", "count"] => row.count = text.parse().unwrap_or(0),
        ["feedback", "record", "row", "policy_evaluated", "disposition"] => row.disposition = name(text),
        ["feedback", "record", "row", "policy_evaluated", "dkim"] => row.dkim = passes(),
        ["feedback", "record", "row", "policy_evaluated", "spf"] => row.spf = passes(),
        ["feedback", "record", "row", "policy_evaluated", "reason", "type"] => row.excused = true,
        ["feedback", "record", "auth_results", "dkim" | "spf", "domain"] => proof.domain = name(text),
        ["feedback", "record", "auth_results", "dkim", "selector"] => proof.selector = clean(text, 120),
        ["feedback", "record", "auth_results", "dkim" | "spf", "result"] => proof.passed = passes(),
        ["feedback", "record", "auth_results", "dkim"] => {
            let Proof { domain, selector, passed } = std::mem::take(proof);
            if passed && row.signers.len() < RESULTS {
                row.signers.push((domain, selector.to_ascii_lowercase()));
            }
        }
        ["feedback", "record", "auth_results", "spf"] => {
            let Proof { domain, passed, .. } = std::mem::take(proof);
            if passed && row.envelopes.len() < RESULTS {
                row.envelopes.push(domain);
            }
        }
        ["feedback", "record"] => {
            let row = std::mem::take(row);
            if row.ip.is_some() && row.count > 0 && report.rows.len() < ROWS {
                report.rows.push(row);
            } else {
                report.lost = report.lost.saturating_add(1);
            }
        }
        _ => {}
    }
}

/// Seconds since 1970 between 2000 and 2200; 0 for what is none.
fn seconds(text: &str) -> i64 {
    text.parse().ok().filter(|seconds| (946_684_800..7_258_118_400).contains(seconds)).unwrap_or(0)
}
