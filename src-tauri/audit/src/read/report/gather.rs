//! Reports joined: each counted once, messages summed by machine.

use super::{Report, Row};
use crate::facts::{ReportsSeen, Source};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Machines kept; the busiest of a large company are fewer.
const SOURCES: usize = 5_000;
/// Reporters and domains kept.
const NAMES: usize = 500;
/// Envelope domains and signers kept of one machine.
const PROOFS: usize = 20;
/// The longest period of one report, in days; RFC 9990 §3 has one day.
const DAYS: usize = 40;
/// Days kept.
const CALENDAR: usize = 800;
/// Reports that are known again: a year of those of thirty receivers.
const KNOWN: usize = 10_000;
/// Letters of the name that a report is known by.
const NAME: usize = 400;

/// Reports while they are read one after the other.
#[derive(Debug, Default)]
pub struct Gathering {
    seen: ReportsSeen,
    sources: BTreeMap<(IpAddr, String), Source>,
}

impl Gathering {
    /// Goes on with what earlier reports told. What was left out then was told then.
    #[must_use]
    pub fn after(earlier: ReportsSeen) -> Self {
        let mut seen = ReportsSeen { repeated: 0, left_out: BTreeMap::new(), ..earlier };
        let sources = std::mem::take(&mut seen.sources);
        Self { seen, sources: sources.into_iter().map(|source| ((source.ip, source.domain.clone()), source)).collect() }
    }

    /// Takes a report in, unless it was there before.
    pub fn add(&mut self, report: Report) {
        let key = format!("{}\n{}\n{} {}", report.reporter, report.domain, report.id, report.begin);
        let key: String = key.chars().take(NAME).collect();
        let seen = &mut self.seen;
        if seen.known.contains(&key) {
            seen.repeated += 1;
            return;
        }
        if seen.known.len() >= KNOWN {
            *seen.left_out.entry("beyond the first 10,000 reports".to_owned()).or_default() += 1;
            return;
        }
        seen.known.insert(key);
        seen.reports += 1;
        for _ in 0..report.lost {
            *seen.left_out.entry("rows that are not readable or too many".to_owned()).or_default() += 1;
        }
        if let (Ok(begin), Ok(end)) = (Timestamp::from_second(report.begin), Timestamp::from_second(report.end)) {
            seen.from = Some(seen.from.map_or(begin, |from| from.min(begin)));
            seen.until = Some(seen.until.map_or(end, |until| until.max(end)));
            let room = CALENDAR.saturating_sub(seen.days.len());
            seen.days.extend(days(begin, end).into_iter().take(room));
        }
        *named(&mut seen.domains, &report.domain) += 1;
        let messages = report.rows.iter().fold(0_u64, |sum, row| sum.saturating_add(row.count));
        let counted = named(&mut seen.reporters, &report.reporter);
        *counted = counted.saturating_add(messages);
        for row in report.rows {
            self.row(&report.domain, row);
        }
    }

    /// Notes something that was not read.
    pub fn leave_out(&mut self, why: &str) {
        *self.seen.left_out.entry(why.to_owned()).or_default() += 1;
    }

    /// What all of them tell, the busiest machines first.
    #[must_use]
    pub fn finish(mut self) -> ReportsSeen {
        self.seen.sources = self.sources.into_values().collect();
        self.seen.sources.sort_by(|one, other| other.messages.cmp(&one.messages).then(one.ip.cmp(&other.ip)));
        self.seen
    }

    fn row(&mut self, domain: &str, row: Row) {
        let Some(ip) = row.ip else { return };
        let key = (ip, domain.to_owned());
        if !self.sources.contains_key(&key) && self.sources.len() >= SOURCES {
            self.seen.beyond = self.seen.beyond.saturating_add(row.count);
            return;
        }
        let source = self.sources.entry(key).or_insert_with(|| blank(ip, domain));
        let add = |sum: &mut u64, when: bool| *sum = sum.saturating_add(if when { row.count } else { 0 });
        let proven = row.spf || row.dkim;
        add(&mut source.messages, true);
        add(&mut source.proven, proven);
        add(&mut source.by_spf, row.spf);
        add(&mut source.by_dkim, row.dkim);
        add(&mut source.quarantined, row.disposition == "quarantine");
        add(&mut source.rejected, row.disposition == "reject");
        add(&mut source.excused, row.excused && !proven);
        let room = PROOFS.saturating_sub(source.envelopes.len());
        source.envelopes.extend(row.envelopes.into_iter().take(room));
        let room = PROOFS.saturating_sub(source.signers.len());
        source.signers.extend(row.signers.into_iter().take(room));
    }
}

fn blank(ip: IpAddr, domain: &str) -> Source {
    Source {
        ip,
        domain: domain.to_owned(),
        messages: 0,
        proven: 0,
        by_spf: 0,
        by_dkim: 0,
        quarantined: 0,
        rejected: 0,
        excused: 0,
        envelopes: BTreeSet::new(),
        signers: BTreeSet::new(),
    }
}

/// The count of a name; names beyond those kept are counted together.
fn named<'m, T: Default>(map: &'m mut BTreeMap<String, T>, name: &str) -> &'m mut T {
    let name = if map.contains_key(name) || map.len() < NAMES { name } else { "others" };
    map.entry(name.to_owned()).or_default()
}

/// The days of a period of which at least half lies in it, so that a report of one day that begins at 22:00 counts as one.
fn days(begin: Timestamp, end: Timestamp) -> Vec<Date> {
    let half = SignedDuration::from_hours(12);
    let first = begin.to_zoned(TimeZone::UTC).date();
    let day = |date: &Date| {
        let Ok(noon) = date.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).map(|noon| noon.timestamp()) else { return false };
        // Ends are written as 23:59:59 or as the next midnight.
        let covered = end.min(noon + half).duration_since(begin.max(noon - half));
        covered + SignedDuration::from_secs(60) >= half
    };
    first.series(jiff::Span::new().days(1)).take(DAYS).filter(day).collect()
}
