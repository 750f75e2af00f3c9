//! Which finding of a later audit is which of an earlier one, and whether an audit looked at a thing at all.

use crate::audit::Outcome;
use crate::check::{Finding, Status};

/// A finding of the earlier audit with its counterpart.
pub(super) enum Pair<'a> {
    /// It is in both.
    Both { was: &'a Finding, now: &'a Finding, accepted_then: bool, accepted_now: bool },
    /// Only the earlier one has it, and it was open then.
    Gone(&'a Finding),
    /// Only the later one has it.
    Come { now: &'a Finding, accepted: bool },
}

/// A finding, and whether it is accepted for a time.
type Held<'a> = (&'a Finding, bool);

/// Whether a finding of one run is that of another.
type Rule<'a> = &'a dyn Fn(&Finding, &Finding) -> bool;

/// Two findings are the same when they are about the same subject and say the same; a number in the sentence may have changed, or
/// the sentence where the fix is the same, or all of it where the subject has just that one and it matters more or less than before.
pub(super) fn pairs<'a>(was: &'a Outcome, now: &'a Outcome) -> Vec<Pair<'a>> {
    let (mut before, mut after) = (held(was), held(now));
    let single = |held: &[Held<'_>], subject: &str| held.iter().filter(|(one, _)| one.subject == subject).count() == 1;
    let lone: Vec<String> = before
        .iter()
        .map(|(finding, _)| finding.subject.clone())
        .filter(|subject| single(&before, subject) && single(&after, subject))
        .collect();
    let exactly = |a: &Finding, b: &Finding| a.says == b.says;
    let but_numbers = |a: &Finding, b: &Finding| numberless(&a.says) == numberless(&b.says);
    let by_fix = |a: &Finding, b: &Finding| a.fix.says == b.fix.says;
    let alone = |a: &Finding, b: &Finding| lone.contains(&a.subject) && (a.grade, a.severity) != (b.grade, b.severity);
    let rules: [Rule<'_>; 4] = [&exactly, &but_numbers, &by_fix, &alone];
    let mut pairs = vec![];
    for same in rules {
        before.retain(|&(finding, accepted_then)| {
            let found = after.iter().position(|(other, _)| other.subject == finding.subject && same(finding, other));
            let Some(at) = found else { return true };
            let (other, accepted_now) = after.remove(at);
            pairs.push(Pair::Both { was: finding, now: other, accepted_then, accepted_now });
            false
        });
    }
    pairs.extend(before.into_iter().map(|(finding, _)| Pair::Gone(finding)));
    pairs.extend(after.into_iter().map(|(finding, accepted)| Pair::Come { now: finding, accepted }));
    pairs
}

fn held(outcome: &Outcome) -> Vec<Held<'_>> {
    let open = outcome.findings.iter().map(|finding| (finding, false));
    let accepted = outcome.waived.iter().filter_map(|waived| waived.finding.as_ref()).map(|finding| (finding, true));
    open.chain(accepted).collect()
}

fn numberless(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_ascii_digit()).collect()
}

/// Why an audit cannot say anything of a subject; none when it looked at it. A host that did not answer says nothing of another one.
pub(super) fn blind(outcome: &Outcome, subject: &str, domain: &str) -> Option<String> {
    if matches!(outcome.status, Status::Pass | Status::NotApplicable) {
        return None;
    }
    let own = hosts(subject, domain);
    let of_another = |what: &str| {
        let named = hosts(what, domain);
        !own.is_empty() && !named.is_empty() && !named.iter().any(|host| own.contains(host))
    };
    outcome.unseen.iter().find(|unseen| !of_another(&unseen.what)).map(|unseen| unseen.says.clone())
}

/// The names of the audited domain in a text.
fn hosts<'a>(text: &'a str, domain: &str) -> Vec<&'a str> {
    let within = |name: &&str| name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    text.split(|letter: char| !(letter.is_ascii_alphanumeric() || ".-_".contains(letter))).filter(within).collect()
}
