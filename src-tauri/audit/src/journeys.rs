//! What journeys tell: which step failed and how, in words; how long they took; and what is missing while none was recorded.

use crate::check::{Finding, Fix, Grade, Severity, Verdict};
use crate::facts::Choice;
use crate::facts::{Fact, JourneyEnd, JourneyKind, JourneySeen, Miss, StepSeen};
use crate::read::text::clean;
use crate::{Case, Unseen, Why};

/// Steps that a finding shows.
const SHOWN: usize = 12;
const WAY: &str = "record the steps on the page Journeys, or run `launch-ready audit` with --journey FILE; `launch-ready journey --help` shows such a file, and `launch-ready journey import` makes one from a recording of a browser";

/// Judges the journeys of these kinds; without one of the first kind it is not told.
///
/// # Errors
/// No journey of the first kind was gone through.
pub fn judge(case: &Case<'_>, kinds: &'static [JourneyKind]) -> Result<Verdict, Unseen> {
    let wanted = kinds.first().map_or("core", |kind| kind.word());
    let (mut proof, mut findings, mut unseen) = (vec![], vec![], vec![]);
    for (name, fact) in case.journeys(kinds) {
        match fact {
            Fact::Unseen(why) => unseen.push(why.clone()),
            Fact::Seen { value, at, .. } => {
                let told = one(name, value, &at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string());
                proof.extend(told.0);
                findings.extend(told.1);
                unseen.extend(told.2);
            }
        }
    }
    if proof.is_empty() && findings.is_empty() && unseen.is_empty() {
        return Err(Unseen {
            what: format!("journey ({wanted})"),
            why: Why::NotAnswered,
            says: "no journey of this kind was recorded yet".to_owned(),
            way: WAY.to_owned(),
        });
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

/// What is told where a person says no.
pub struct No {
    /// How much it matters.
    pub severity: Severity,
    /// What is, as one plain sentence.
    pub says: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// A fair estimate of the work, minutes.
    pub minutes: u16,
}

/// Judges a question about journeys that only a person can answer.
///
/// # Errors
/// Nobody answered yet.
pub fn said(case: &Case<'_>, id: &str, no: &No) -> Result<Verdict, Unseen> {
    let answer = case.answer(id)?;
    let told: Vec<String> =
        [&answer.note, &answer.evidence].iter().filter(|text| !text.is_empty()).map(|text| clean(text, 300)).collect();
    let told = if told.is_empty() { vec!["a person says so".to_owned()] } else { told };
    Ok(match answer.choice {
        Choice::NotApplicable => Verdict::NotApplicable(answer.note.clone()),
        Choice::Yes => Verdict::judged(told, vec![], vec![]),
        Choice::No => {
            let fix = Fix { says: no.fix.to_owned(), paste: None, minutes: no.minutes, after: vec![] };
            let grade = if no.severity >= Severity::High { Grade::Fail } else { Grade::Warn };
            let (subject, says) = ("product".to_owned(), no.says.to_owned());
            Verdict::judged(
                vec![],
                vec![Finding { subject, grade, severity: no.severity, says, evidence: told, fix }],
                vec![],
            )
        }
    })
}

fn one(name: &str, seen: &JourneySeen, at: &str) -> (Option<String>, Vec<Finding>, Option<Unseen>) {
    match &seen.end {
        JourneyEnd::Whole => (Some(proof(name, seen)), slow(name, seen), None),
        JourneyEnd::Failed => {
            (None, seen.steps.last().map(|step| failed(name, seen, step, at)).into_iter().collect(), None)
        }
        JourneyEnd::Lost { step, unseen } => {
            let says = format!("the step \"{step}\" could not be judged: {}", unseen.says);
            let lost = Unseen { what: format!("journey \"{name}\""), says, ..unseen.clone() };
            (None, vec![], Some(lost))
        }
    }
}

fn proof(name: &str, seen: &JourneySeen) -> String {
    let slowest = seen.steps.iter().max_by_key(|step| step.times.total);
    let slowest = slowest.filter(|_| seen.steps.len() > 1).map_or_else(String::new, |step| {
        format!(", the slowest \"{}\" with {}", step.name, time(step.times.total / 1_000))
    });
    let limit = seen.within_ms.map_or_else(String::new, |limit| format!(" of {} allowed", time(limit)));
    let earlier =
        seen.earlier.as_ref().map_or_else(String::new, |step| format!("; an earlier try failed at \"{step}\""));
    let over = seen.slow.map_or_else(String::new, |network| format!(" over a poor connection ({network})"));
    let by = seen.by.as_ref().map_or_else(String::new, |by| format!("; {by} agreed to its steps that write"));
    let steps = counted(seen.steps.len());
    format!("\"{name}\" ({}): {steps} in {}{limit}{over}{slowest}{earlier}{by}", seen.kind.word(), time(seen.took_ms))
}

fn counted(steps: usize) -> String {
    if steps == 1 { "1 step".to_owned() } else { format!("{steps} steps") }
}

fn time(ms: u32) -> String {
    if ms < 1_000 { format!("{ms} ms") } else { format!("{:.1} s", f64::from(ms) / 1_000.0) }
}

/// What is wrong with a step, each as the end of a sentence.
#[must_use]
pub fn words(miss: &Miss) -> String {
    match miss {
        Miss::Status { seen, wanted } if wanted.is_empty() => {
            format!("it was answered with status {seen} where one below 400 was expected")
        }
        Miss::Status { seen, wanted } => {
            let wanted: Vec<String> = wanted.iter().map(u16::to_string).collect();
            format!("it was answered with status {seen} where {} was expected", wanted.join(" or "))
        }
        Miss::Lacks { text } => format!("the answer does not hold the text \"{text}\""),
        Miss::Holds { text } => format!("the answer holds the text \"{text}\", which it must not"),
        Miss::Json { pointer, there: false, .. } => format!("the answer has no JSON field {pointer}"),
        Miss::Json { pointer, wanted, .. } => {
            format!("the JSON field {pointer} is not {}", wanted.as_deref().unwrap_or("there"))
        }
        Miss::Header { name, wanted: None } => format!("the answer has no header {name}"),
        Miss::Header { name, wanted: Some(wanted) } => format!("the header {name} does not hold \"{wanted}\""),
        Miss::NoCookie { name } => format!("the cookie {name} was not set"),
        Miss::At { wanted, seen } => format!("it led to {seen} where {wanted} was expected"),
        Miss::Slow { within_ms, took_ms } => {
            format!("it took {} where {} was allowed", time(*took_ms), time(*within_ms))
        }
        Miss::Capture { from, .. } => format!("the answer holds no {from}, which a later step needs"),
        Miss::NoMail { within_s } => format!("the mail that it sends did not come within {within_s} s"),
        Miss::Redirects { count, back_to: Some(to) } => {
            format!("it is sent round in a circle, back to {to} after {count} redirects")
        }
        Miss::Redirects { count, back_to: None } => format!("it is sent on and on, {count} times and more"),
        Miss::Unencrypted { host } => format!("it is sent on to {host} without encryption"),
    }
}

/// A step as a line: what was asked, what came, how long it took.
#[must_use]
pub fn line(step: &StepSeen) -> String {
    let hops: Vec<String> = step.hops.iter().map(|hop| format!("{} {}", hop.status, hop.url)).collect();
    // A step without a name of its own is called by what it asks.
    let name = if step.name == step.what { String::new() } else { format!("{}: ", step.name) };
    format!("{name}{} → {}, {}", step.what, hops.join(" → "), time(step.times.total / 1_000))
}

fn failed(name: &str, seen: &JourneySeen, step: &StepSeen, at: &str) -> Finding {
    let told: Vec<String> = step.misses.iter().map(words).collect();
    let (place, planned) = (seen.steps.len(), seen.planned);
    let mut evidence: Vec<String> = seen.steps.iter().rev().take(SHOWN).map(line).collect();
    evidence.reverse();
    if let Some(earlier) = &seen.earlier {
        evidence.push(format!("a first try failed at \"{earlier}\" as well; this is the second one, at {at}"));
    }
    let stops =
        matches!(seen.kind, JourneyKind::Signup | JourneyKind::Login | JourneyKind::Checkout | JourneyKind::Booking);
    let severity = if stops { Severity::Critical } else { Severity::High };
    Finding {
        subject: name.to_owned(),
        grade: Grade::Fail,
        severity,
        says: format!(
            "The journey \"{name}\" ends at step {place} of {planned}, \"{}\": {}.",
            step.name,
            told.join("; ")
        ),
        evidence,
        fix: fix(name, step, at),
    }
}

fn fix(name: &str, step: &StepSeen, at: &str) -> Fix {
    let again = format!("Then go through \"{name}\" again.");
    let (says, paste) = match step.misses.first() {
        Some(Miss::Status { seen: 500.., .. }) => (
            format!("Look into the server's log at {at}: the error of this request stands there. Mend it. {again}"),
            None,
        ),
        Some(Miss::Status { seen: ..400, wanted })
            if wanted.iter().all(|status| *status >= 400) && !wanted.is_empty() =>
        {
            let says = "The product took what it must refuse. Check who asks (session, signature) before anything else is done, and answer 401 or 403 otherwise.";
            (format!("{says} {again}"), None)
        }
        Some(Miss::Capture { from, .. }) if from.starts_with("hidden field ") => {
            let field = from.trim_start_matches("hidden field ");
            let says = format!(
                "Put the hidden field back into the form, or name the new one in the file of the journey. {again}"
            );
            (says, Some(format!("<input type=\"hidden\" name=\"{field}\" value=\"<token of this session>\">")))
        }
        Some(Miss::NoMail { .. }) => (
            format!(
                "Look into the log of your mail service at {at}: it tells whether the product handed the mail over, and what the mailbox said to it. {again}"
            ),
            None,
        ),
        Some(Miss::NoCookie { name }) => {
            let says = format!("Set the cookie in this answer, so that the next request is known again. {again}");
            (says, Some(format!("Set-Cookie: {name}=<session>; Path=/; Secure; HttpOnly; SameSite=Lax")))
        }
        Some(Miss::Redirects { .. }) => {
            let says = "Find the two rules that send a visitor to each other; most often the session that one of them sets is not seen by the other.";
            (format!("{says} {again}"), None)
        }
        Some(Miss::Unencrypted { .. }) => (
            format!(
                "Let the redirect name the https address; behind a proxy, let the program read X-Forwarded-Proto. {again}"
            ),
            None,
        ),
        _ => {
            let says = "Take this step by hand in a browser. Where the product is wrong, mend it; where it changed on purpose, change what the file of the journey expects.";
            (format!("{says} {again}"), None)
        }
    };
    Fix { says, paste, minutes: 60, after: vec![] }
}

fn slow(name: &str, seen: &JourneySeen) -> Vec<Finding> {
    let of_step = seen.steps.iter().filter_map(|step| {
        let miss = step.misses.iter().find(|miss| matches!(miss, Miss::Slow { .. }))?;
        Some((format!("The step \"{}\" of the journey \"{name}\" is slow: {}.", step.name, words(miss)), line(step)))
    });
    let whole = seen.within_ms.filter(|limit| seen.took_ms > *limit).map(|limit| {
        let says = words(&Miss::Slow { within_ms: limit, took_ms: seen.took_ms });
        (format!("The journey \"{name}\" is slow: {says}."), proof(name, seen))
    });
    of_step
        .chain(whole)
        .map(|(says, evidence)| Finding {
            subject: name.to_owned(),
            grade: Grade::Warn,
            severity: Severity::Medium,
            says,
            evidence: vec![evidence],
            fix: Fix {
                says: "Measure the step by `launch-ready latency`, and look at what the server does meanwhile: mail, payment and other services belong behind the answer, not before it.".to_owned(),
                paste: None,
                minutes: 120,
                after: vec![],
            },
        })
        .collect()
}

#[cfg(test)]
#[path = "journeys_tests.rs"]
mod tests;
