//! mail.received: messages that the product sent prove on arrival where they came from, and arrive as mail, not as spam.

use crate::check::{Check, Concern, Need, Verdict};
use crate::facts::{DmarcResult, Fact, Flow, MessageSeen};
use crate::{Case, Finding, Unseen, Why};
pub(super) use findings::minutes;
use findings::{called_spam, machine_alone, open_end, slow, unproven};
use jiff::{SignedDuration, Timestamp};

#[path = "received_findings.rs"]
mod findings;

/// mail.received.
pub static CHECK: Check = Check {
    id: "mail.received",
    title: "A real message of the product proves where it comes from",
    why: "Records only promise; a message that arrived shows what a customer's mailbox makes of your mail.",
    needs: &[Need::Mail],
    concern: Concern::Mail,
    covers: "Messages that were given: DKIM signatures verified with the keys in DNS, SPF of the machine that handed over, DMARC, the time on the way by the servers' own clocks, and verdicts of spam filters where they are documented.",
    ask: None,
    refs: &["RFC 6376 §6", "RFC 7208", "RFC 9989 §5.3", "RFC 8617", "RFC 5321 §4.4"],
    judge,
};

/// How long what a message proved counts: keys and services change.
const LASTS: SignedDuration = SignedDuration::from_hours(24 * 30);
/// Minutes that people wait for a message, where the roadmap names no figure for its kind.
const FEW_MINUTES: u32 = 3;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let (mut proof, mut found, mut unseen) = (vec![], vec![], vec![]);
    let mut none = true;
    for (key, fact) in case.messages() {
        none = false;
        match fresh(case, key, fact).and_then(|seen| told(case, key, seen)) {
            Ok((line, wrong)) => {
                proof.push(line);
                found.extend(wrong);
            }
            Err(why) => unseen.push(why),
        }
    }
    if none {
        return Err(asked("no message was given yet"));
    }
    Ok(Verdict::judged(proof, found, unseen))
}

fn asked(says: &str) -> Unseen {
    Unseen {
        what: "a received message".to_owned(),
        why: Why::NotAnswered,
        says: says.to_owned(),
        way: "send yourself a password reset, save it in its original form (.eml) and drop it here, or run `launch-ready audit` with --message reset=FILE".to_owned(),
    }
}

/// How long a message may take.
#[derive(Clone, Copy)]
pub(super) struct Wait {
    minutes: u32,
    /// Whether the roadmap says so.
    asked: bool,
}

impl Wait {
    pub(super) fn of(case: &Case<'_>, flow: Flow) -> Self {
        let named = case.roadmap.arrival_minutes.get(&flow);
        Self { minutes: named.copied().unwrap_or(FEW_MINUTES), asked: named.is_some() }
    }

    pub(super) fn is_over(self, seconds: i64) -> bool {
        seconds > i64::from(self.minutes) * 60
    }

    /// That in words, to end a sentence.
    pub(super) fn says(self) -> String {
        let who = if self.asked { "this roadmap allows no more than" } else { "people wait no longer than" };
        format!("{who} {} minutes", self.minutes)
    }
}

/// A fact that still counts.
pub(super) fn fresh<'a, T>(case: &Case<'_>, key: &str, fact: &'a Fact<T>) -> Result<&'a T, Unseen> {
    let Fact::Seen { at, .. } = fact else { return fact.seen() };
    if case.now.duration_since(*at) > LASTS {
        return Err(asked(&format!("the message \"{key}\" was given on {}, which is too long ago", day(*at))));
    }
    fact.seen()
}

fn day(at: Timestamp) -> String {
    at.strftime("%-d %B %Y").to_string()
}

/// What a message proves: in a line, and what is wrong with it.
pub(super) fn told(case: &Case<'_>, key: &str, seen: &MessageSeen) -> Result<(String, Vec<Finding>), Unseen> {
    let what = called(key, seen);
    let Some(from) = seen.from.as_deref() else {
        return Ok((format!("{what}: no single author in From"), vec![unproven(&what, seen)]));
    };
    if !seen.belongs(case.apex()) {
        return Err(asked(&format!("the {what} is from {from}, not from {}", case.apex())));
    }
    let proven = match seen.dmarc {
        DmarcResult::Pass => true,
        DmarcResult::Fail | DmarcResult::PermError => false,
        DmarcResult::None => seen.proven_by_key().is_some() || seen.proven_by_machine(),
        DmarcResult::TempError => return Err(silent(&what, seen)),
    };
    let mut wrong = vec![];
    match seen.proven_by_key() {
        _ if !proven => wrong.push(unproven(&what, seen)),
        None => wrong.push(machine_alone(&what, seen)),
        Some(signature) if !signature.says.is_empty() => wrong.push(open_end(&what, seen, signature)),
        Some(_) => {}
    }
    wrong.extend(seen.spam.iter().filter(|word| word.spam == Some(true)).take(1).map(|word| called_spam(&what, word)));
    let wait = Wait::of(case, seen.flow);
    wrong.extend(seen.seconds().filter(|took| wait.is_over(*took)).map(|took| slow(&what, seen, took, wait)));
    Ok((line(&what, seen), wrong))
}

fn line(what: &str, seen: &MessageSeen) -> String {
    let mut parts: Vec<String> = vec![];
    parts.extend(seen.proven_by_key().map(|one| format!("signed by {} (selector {})", one.domain, one.selector)));
    parts.extend(seen.spf.as_ref().map(|spf| format!("SPF {} for {}", spf.result, spf.domain)));
    parts.push(match &seen.policy {
        Some(policy) => format!("DMARC {} ({policy})", seen.dmarc.word()),
        None => format!("DMARC {}", seen.dmarc.word()),
    });
    parts.extend(seen.seconds().map(|seconds| format!("{seconds} s on the way by the servers' clocks")));
    format!("{what}: {}", parts.join(", "))
}

/// A message as a person calls it: its flow, and its number where there are several.
fn called(key: &str, seen: &MessageSeen) -> String {
    match key.split_once(' ') {
        Some((_, number)) => format!("{} {number}", seen.flow.says()),
        None => seen.flow.says().to_owned(),
    }
}

fn silent(what: &str, seen: &MessageSeen) -> Unseen {
    Unseen {
        what: what.to_owned(),
        why: Why::Timeout,
        says: format!("DNS did not answer for a proof of this message ({})", seen.says),
        way: "give the message again when DNS answers".to_owned(),
    }
}

#[cfg(test)]
#[path = "received_tests.rs"]
pub(super) mod tests;
