//! The rules of dns.records that look at one record or one name: slips of the pen, aliases that go astray, times to live.

use crate::Case;
use crate::check::{Finding, Fix, Grade, Severity};
use crate::facts::{Record, RecordData};
use crate::picture::present;
use std::collections::BTreeSet;

/// Aliases in a row that resolvers follow for sure; several give up above it.
const FOLLOWED: usize = 8;
/// Aliases walked.
const WALKED: usize = 24;
/// A week: the longest that a change should take to reach everybody.
const WEEK: u32 = 604_800;
/// Bytes of text at one name; more does not fit into usual answers and slows every look-up of it.
const TEXT: usize = 4_096;

const TYPES: [&str; 9] = ["A", "AAAA", "CAA", "CNAME", "HTTPS", "MX", "NS", "SRV", "TXT"];

/// Judges the records of a name.
pub(super) fn name(case: &Case<'_>, name: &str) -> Vec<Finding> {
    let own: Vec<&Record> = own(case, name).collect();
    let mut found: Vec<Finding> = own.iter().filter_map(|record| slip(case, record)).collect();
    if name != case.apex() {
        found.extend(beside(name, &own));
    }
    found.extend(slow(&own));
    found.extend(much(name, &own));
    found.extend(nobody(name, &own));
    found.extend(astray(case, name));
    found
}

/// The records of the name itself, each once, aliases of others left out.
fn own<'a>(case: &Case<'a>, name: &'a str) -> impl Iterator<Item = &'a Record> {
    let mut seen = BTreeSet::new();
    let answers =
        TYPES.into_iter().filter_map(|rtype| case.dns(name, rtype).ok().map(|answer| answer.records.as_slice()));
    let all: Vec<&'a Record> = answers.flatten().filter(|record| record.name == name).collect();
    all.into_iter().filter(move |record| seen.insert(present(&record.data)))
}

/// Slips of the pen in one record.
fn slip(case: &Case<'_>, record: &Record) -> Option<Finding> {
    let (rtype, value) = present(&record.data);
    let target = match &record.data {
        RecordData::Cname(target) | RecordData::Ns(target) | RecordData::Mx { exchange: target, .. } => Some(target),
        _ => None,
    };
    let twice = format!(".{0}.{0}", case.apex());
    let line = format!("{} {rtype} {value}", record.name);
    let gone = Some(format!("remove: {}. IN {rtype} {value}.", record.name));
    if let Some(target) = target {
        if target.ends_with(&twice) {
            let says = format!(
                "The {rtype} record of {} ends in your domain twice ({target}), so it leads nowhere.",
                record.name
            );
            let fix = "Write the target with a dot at its end, or as your DNS provider's form wants it: the bare name without your domain.";
            let meant = value.replace(&twice, &format!(".{}", case.apex()));
            // What was meant is a guess, which the founder confirms.
            let paste = gone.map(|gone| {
                let name = &record.name;
                format!("{gone}\nadd: {name}. {} IN {rtype} {meant}. <if that is the host you mean>", record.ttl)
            });
            return Some(finding(&record.name, Grade::Fail, Severity::High, says, line, fix, paste));
        }
        if target.contains("://") || target.contains('/') || target.starts_with("http:") || target.starts_with("https:")
        {
            let says = format!(
                "The {rtype} record of {} holds a web address ({target}) where a bare host name belongs, so it leads nowhere.",
                record.name
            );
            let fix = "Write only the host name, without https:// and without a path.";
            return Some(finding(&record.name, Grade::Fail, Severity::High, says, line, fix, gone));
        }
    }
    if let RecordData::Txt(parts) = &record.data {
        let text = parts.concat();
        let quoted = |quote: char| text.len() > 1 && text.starts_with(quote) && text.ends_with(quote);
        if quoted('"') || quoted('\u{201c}') || text.starts_with('\u{201c}') {
            let says = format!(
                "A TXT record of {} has quotation marks inside its text, so whoever looks for it does not recognise it.",
                record.name
            );
            let fix = "Enter the text without quotation marks; your DNS provider adds those that belong there.";
            return Some(finding(&record.name, Grade::Warn, Severity::Medium, says, line, fix, None));
        }
    }
    None
}

/// An alias beside other data of the same name (RFC 1034 §3.6.2); the bare domain has a finding of its own.
fn beside(name: &str, own: &[&Record]) -> Option<Finding> {
    let alias = own.iter().find_map(|record| match &record.data {
        RecordData::Cname(target) => Some(target),
        _ => None,
    })?;
    let others: BTreeSet<String> =
        own.iter().map(|record| present(&record.data).0).filter(|rtype| rtype != "CNAME").collect();
    if others.is_empty() {
        return None;
    }
    let list = others.into_iter().collect::<Vec<_>>().join(", ");
    let says = format!(
        "{name} is an alias (CNAME) and has {list} records as well, which is not allowed; some resolvers see one, some the other."
    );
    let fix =
        "Keep the alias and move the other records elsewhere, or replace the alias by the addresses that it leads to.";
    let lines = format!("{name} CNAME {alias}, beside {list}");
    Some(finding(name, Grade::Fail, Severity::Medium, says, lines, fix, None))
}

/// Records that the world keeps for more than a week.
fn slow(own: &[&Record]) -> Option<Finding> {
    let leads = |record: &&&Record| {
        matches!(record.data, RecordData::A(_) | RecordData::Aaaa(_) | RecordData::Cname(_) | RecordData::Mx { .. })
    };
    let record = own.iter().filter(leads).find(|record| record.ttl > WEEK)?;
    let (rtype, value) = present(&record.data);
    let days = record.ttl / 86_400;
    let says = format!(
        "The {rtype} record of {} is kept by others for {days} days, so a move to another server takes as long.",
        record.name
    );
    let line = format!("{} {} {rtype} {value}", record.name, record.ttl);
    let dot = if matches!(record.data, RecordData::A(_) | RecordData::Aaaa(_)) { "" } else { "." };
    let paste = Some(format!("{}. 3600 IN {rtype} {value}{dot}", record.name));
    Some(finding(&record.name, Grade::Warn, Severity::Low, says, line, "Set its time to live to an hour.", paste))
}

fn much(name: &str, own: &[&Record]) -> Option<Finding> {
    let texts = own.iter().filter_map(|record| match &record.data {
        RecordData::Txt(parts) => Some(parts.iter().map(String::len).sum::<usize>()),
        _ => None,
    });
    let bytes: usize = texts.sum();
    (bytes > TEXT).then(|| {
        let says = format!("The TXT records of {name} hold {bytes} bytes; answers that long are lost on some networks, and with them your SPF record.");
        let line = format!("{name} TXT: {bytes} bytes");
        let fix = "Remove TXT records of services that you no longer use or that have finished their check.";
        finding(name, Grade::Warn, Severity::Low, says, line, fix, None)
    })
}

/// "Takes no mail" (RFC 7505) beside servers that do.
fn nobody(name: &str, own: &[&Record]) -> Option<Finding> {
    let mail: Vec<&String> = own
        .iter()
        .filter_map(|record| match &record.data {
            RecordData::Mx { exchange, .. } => Some(exchange),
            _ => None,
        })
        .collect();
    (mail.len() > 1 && mail.iter().any(|exchange| *exchange == ".")).then(|| {
        let says = format!(
            "{name} says that it takes no mail and names mail servers as well, so some mail to you is refused."
        );
        let line =
            format!("{name} MX {}", mail.iter().map(|exchange| exchange.as_str()).collect::<Vec<_>>().join(", "));
        finding(
            name,
            Grade::Fail,
            Severity::High,
            says,
            line,
            "Remove the empty MX record.",
            Some(format!("remove: {name}. IN MX 0 .")),
        )
    })
}

/// Aliases in a circle, or more in a row than everybody follows.
fn astray(case: &Case<'_>, name: &str) -> Option<Finding> {
    let mut way = vec![name.to_owned()];
    while way.len() <= WALKED {
        let here = way.last()?;
        let Some(next) = alias(case, name, here) else { break };
        if way.contains(&next) {
            way.push(next);
            let circle = way.join(" → ");
            let says = format!("{name} is an alias that leads in a circle, so nobody can open it.");
            let fix = "Point one of these names to a real host where your DNS is managed.";
            return Some(finding(name, Grade::Fail, Severity::High, says, circle, fix, None));
        }
        way.push(next);
    }
    let count = way.len() - 1;
    (count > FOLLOWED).then(|| {
        let many = if count >= WALKED { format!("more than {WALKED}") } else { count.to_string() };
        let says = format!(
            "{name} is reached over {many} aliases in a row; many resolvers stop after {FOLLOWED} and find nothing."
        );
        let fix = "Point the name straight to the last name of the chain.";
        finding(name, Grade::Warn, Severity::Medium, says, way.join(" → "), fix, None)
    })
}

/// Where a name leads, from the answers for the first name or its own.
fn alias(case: &Case<'_>, first: &str, name: &str) -> Option<String> {
    let answers = [case.dns(first, "A"), case.dns(name, "CNAME")];
    answers.into_iter().flatten().flat_map(|answer| &answer.records).find_map(|record| match &record.data {
        RecordData::Cname(target) if record.name == name => Some(target.clone()),
        _ => None,
    })
}

pub(super) fn finding(
    name: &str,
    grade: Grade,
    severity: Severity,
    says: String,
    evidence: String,
    fix: &str,
    paste: Option<String>,
) -> Finding {
    let fix = Fix { says: fix.to_owned(), paste, minutes: 10, after: vec![] };
    Finding { subject: name.to_owned(), grade, severity, says, evidence: vec![evidence], fix }
}

#[cfg(test)]
mod tests {
    use super::name;
    use crate::Case;
    use crate::check::Finding;
    use crate::facts::{Facts, RecordData};
    use crate::testing::{answer, healthy, now};

    fn judged(facts: &Facts, host: &str) -> Vec<Finding> {
        name(&Case { facts, roadmap: crate::roadmap::by_id("sd").unwrap(), now: now() }, host)
    }

    fn with(rtype: &str, data: Vec<RecordData>) -> Vec<Finding> {
        let mut facts = healthy();
        answer(&mut facts, "docs.example.com", rtype, data);
        judged(&facts, "docs.example.com")
    }

    #[test]
    fn usual_records_are_well() {
        assert!(with("TXT", vec![RecordData::Txt(vec!["say \"hello\" to us".to_owned()])]).is_empty());
        assert!(with("CNAME", vec![RecordData::Cname("example.com".to_owned())]).is_empty());
        assert!(with("MX", vec![RecordData::Mx { preference: 0, exchange: ".".to_owned() }]).is_empty());
    }

    #[test]
    fn slips_are_told() {
        let cname = |target: &str| with("CNAME", vec![RecordData::Cname(target.to_owned())]);
        assert!(cname("pages.example.com.example.com")[0].says.contains("twice"));
        assert!(cname("https://pages.host.net")[0].says.contains("web address"));
        assert!(with("TXT", vec![RecordData::Txt(vec!["\"v=spf1 -all\"".to_owned()])])[0].says.contains("quotation"));
        assert!(with("TXT", vec![RecordData::Txt(vec!["x".repeat(5_000)])])[0].says.contains("5000 bytes"));
        let both = [(0, "."), (10, "mx.host.net")]
            .map(|(preference, host)| RecordData::Mx { preference, exchange: host.to_owned() });
        assert!(with("MX", both.to_vec())[0].says.contains("takes no mail"));
    }

    #[test]
    fn aliases_beside_data_in_circles_and_in_long_chains_are_told() {
        let mut facts = healthy();
        answer(&mut facts, "docs.example.com", "CNAME", vec![RecordData::Cname("x.host.net".to_owned())]);
        answer(
            &mut facts,
            "docs.example.com",
            "MX",
            vec![RecordData::Mx { preference: 1, exchange: "m.net".to_owned() }],
        );
        assert!(judged(&facts, "docs.example.com")[0].says.contains("MX records as well"));
        let mut facts = healthy();
        answer(&mut facts, "a.example.com", "CNAME", vec![RecordData::Cname("b.example.com".to_owned())]);
        answer(&mut facts, "b.example.com", "CNAME", vec![RecordData::Cname("a.example.com".to_owned())]);
        assert!(judged(&facts, "a.example.com")[0].evidence[0].ends_with("b.example.com → a.example.com"));
        for number in 0..10 {
            let next = RecordData::Cname(format!("c{}.example.com", number + 1));
            answer(&mut facts, &format!("c{number}.example.com"), "CNAME", vec![next]);
        }
        assert!(judged(&facts, "c0.example.com")[0].says.contains("10 aliases"));
    }

    #[test]
    fn records_that_are_kept_for_weeks_are_told() {
        let mut facts = healthy();
        let Some(crate::Fact::Seen { value, .. }) = facts.dns.get_mut("example.com A") else { panic!() };
        value.records[0].ttl = 1_209_600;
        assert!(judged(&facts, "example.com")[0].says.contains("14 days"));
    }
}
