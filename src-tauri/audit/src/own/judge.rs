//! Holds what was seen against what a row expects: no look of its own, and no guess where nothing was seen.

use super::{DnsWish, HttpWish, OwnRow, PROBE, sign};
use crate::check::{Finding, Fix, Grade, Verdict};
use crate::facts::{Exchange, Facts};
use crate::picture::present;
use crate::read::text::clean;
use crate::{Unseen, Why};
use std::collections::BTreeMap;

/// Minutes that mending one may take: nobody knows better.
const MINUTES: u16 = 30;

/// Judges one row.
pub(crate) fn judge(row: &OwnRow, facts: &Facts) -> Result<Verdict, Unseen> {
    let (mut proof, mut findings, mut unseen) = (vec![], vec![], vec![]);
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    let http = row.http.iter().map(|wish| (wish.url.clone(), answers(wish, facts)));
    let dns = row.dns.iter().map(|wish| (wish.question(), holds(wish, facts)));
    for (subject, told) in http.chain(dns) {
        // A finding is known again by its subject, so that two expectations of one address are told apart.
        let nth = times.entry(subject.clone()).and_modify(|nth| *nth += 1).or_insert(1);
        let subject = if *nth > 1 { format!("{subject} #{nth}") } else { subject };
        match told {
            Ok(Told { wrong: None, saw, .. }) => proof.push(format!("{subject}: {saw}")),
            Ok(Told { wrong: Some(says), saw, wanted }) => findings.push(Finding {
                subject,
                grade: Grade::Fail,
                severity: row.severity,
                says,
                evidence: vec![format!("expected: {wanted}"), format!("found: {saw}")],
                fix: Fix {
                    says: row.fix.clone().unwrap_or_else(|| {
                        "Make it as this row expects it; or change what your own row expects, where that is what is wrong.".to_owned()
                    }),
                    paste: None,
                    minutes: MINUTES,
                    after: vec![],
                },
            }),
            Err(one) => unseen.push(one),
        }
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

/// What was expected, what was seen, and what is wrong with it.
struct Told {
    wanted: String,
    saw: String,
    wrong: Option<String>,
}

fn not_looked(what: &str) -> Unseen {
    Unseen {
        what: what.to_owned(),
        why: Why::NotLooked,
        says: "it was not looked at since this row was added or changed".to_owned(),
        way: "run the audit again".to_owned(),
    }
}

fn answers(wish: &HttpWish, facts: &Facts) -> Result<Told, Unseen> {
    let fact = facts.exchanges.get(&format!("{PROBE} {}", wish.url)).ok_or_else(|| not_looked(&wish.url))?;
    let seen = fact.seen()?;
    let (mut wanted, mut saw, mut wrong, mut unsure) = (vec![], vec![format!("status {}", seen.status)], vec![], None);
    if let Some(status) = wish.status {
        wanted.push(format!("status {status}"));
        if status != seen.status {
            wrong.push(format!("answers with status {} instead of {status}", seen.status));
        }
    }
    if let Some(name) = &wish.header {
        let values: Vec<&str> = seen.header(name).collect();
        saw.extend(values.iter().map(|value| clean(&format!("{name}: {value}"), 400)));
        wanted
            .push(wish.equals.as_ref().map_or_else(|| format!("a header {name}"), |value| format!("{name}: {value}")));
        match &wish.equals {
            _ if values.is_empty() => {
                saw.push(format!("no header {name}"));
                wrong.push(format!("sends no header {name}"));
            }
            Some(value) if !values.iter().any(|sent| sent.trim() == value) => {
                wrong.push(format!("sends {name}: {} instead of {value}", clean(&values.join(", "), 200)));
            }
            _ => {}
        }
    }
    if let Some(words) = &wish.contains {
        wanted.push(format!("a body with {words:?}"));
        match body(seen, words) {
            Ok(true) => saw.push(format!("a body with {words:?}")),
            Ok(false) => {
                saw.push(format!("a body without {words:?}"));
                wrong.push(format!("has a body without {words:?}"));
            }
            Err(why) => unsure = Some(Unseen { what: wish.url.clone(), ..why }),
        }
    }
    match unsure {
        Some(why) if wrong.is_empty() => Err(why),
        _ => Ok(Told {
            wanted: wanted.join("; "),
            saw: saw.join("; "),
            wrong: (!wrong.is_empty()).then(|| format!("{} {}.", wish.url, wrong.join(", and "))),
        }),
    }
}

/// Whether a body holds these words.
fn body(seen: &Exchange, words: &str) -> Result<bool, Unseen> {
    let told = |there| seen.body.signs.contains(&sign(words, there));
    match (told(true), told(false)) {
        (true, _) => Ok(true),
        (false, true) if seen.body.truncated => Err(Unseen {
            what: String::new(),
            why: Why::Garbled,
            says: format!("its body is longer than what is read, and {words:?} is not in the part that was"),
            way: "expect words that stand nearer to the start of the page".to_owned(),
        }),
        (false, true) => Ok(false),
        (false, false) => Err(not_looked("")),
    }
}

fn holds(wish: &DnsWish, facts: &Facts) -> Result<Told, Unseen> {
    let key = wish.question();
    let answer = facts.dns.get(&key).ok_or_else(|| not_looked(&key))?.seen()?;
    let there: Vec<String> = answer
        .records
        .iter()
        .filter(|record| record.data.rtype() == wish.rtype)
        .map(|record| present(&record.data).1)
        .collect();
    let saw = if there.is_empty() { "no such record".to_owned() } else { clean(&there.join("; "), 1_000) };
    let same = |value: &String| plain(value, &wish.rtype) == plain(&wish.value, &wish.rtype);
    let wrong = (!there.iter().any(same)).then(|| match there.as_slice() {
        [] => format!("{} has no {} record; {} is expected.", wish.name, wish.rtype, wish.value),
        [_] => format!("{} has the {} record {saw}; {} is expected.", wish.name, wish.rtype, wish.value),
        _ => format!("{} has the {} records {saw}; {} is not among them.", wish.name, wish.rtype, wish.value),
    });
    Ok(Told { wanted: wish.value.clone(), saw, wrong })
}

/// A value without what says nothing: quotes, blanks in a row, a final dot, and capitals in names (RFC 4343).
fn plain(value: &str, rtype: &str) -> String {
    let value = value.replace('"', "");
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    if ["TXT", "CAA"].contains(&rtype) { value } else { value.trim_end_matches('.').to_ascii_lowercase() }
}
