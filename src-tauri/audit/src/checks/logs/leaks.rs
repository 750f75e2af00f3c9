//! logs.leaks: logs hold no keys, passwords or personal data.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{Leak, LeakKind, LogSeen, Spot};
use crate::{Case, Unseen, Why};

/// logs.leaks.
pub static CHECK: Check = Check {
    id: "logs.leaks",
    title: "Logs hold no keys, passwords or personal data",
    why: "Logs are copied to more places and read by more people than the database; what stands in them is as good as published.",
    needs: &[Need::Log],
    concern: Concern::Data,
    covers: "Known kinds of keys, passwords, tokens, sessions, cards, bank accounts, social security numbers, e-mail addresses, whole requests and stack traces.",
    ask: None,
    refs: &["https://owasp.org/www-project-top-ten/", "ISO/IEC 7812-1", "ISO 13616", "assets/data/secrets.toml"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let log = case.log()?;
    let findings = log.leaks.iter().map(|(kind, leak)| finding(*kind, leak)).collect();
    let proof = vec![format!("{} lines, {} bytes; files read: {}", log.lines, log.bytes, log.files)];
    Ok(Verdict::judged(proof, findings, cut(log)))
}

/// What was left unread because a limit ended the reading.
pub(super) fn cut(log: &LogSeen) -> Vec<Unseen> {
    let unseen = |limit: &String| Unseen {
        what: "lines of the log".to_owned(),
        why: Why::Beyond,
        says: format!("not every line was read: {limit}"),
        way: "name a smaller part of it on the page Code and keys, or read it alone with `launch-ready logs FILE`"
            .to_owned(),
    };
    log.cut.iter().map(unseen).collect()
}

/// A place as a line of evidence.
pub(super) fn first(spot: &Spot) -> String {
    format!("{}:{} {}", spot.file, spot.line, spot.says)
}

/// What a kind of leak is called, and how much it matters.
#[must_use]
pub fn rank(kind: LeakKind) -> (&'static str, Severity) {
    match kind {
        LeakKind::Key => ("keys of other services", Severity::Critical),
        LeakKind::Password => ("passwords", Severity::Critical),
        LeakKind::Card => ("card numbers", Severity::Critical),
        LeakKind::Token => ("access tokens", Severity::High),
        LeakKind::Session => ("sessions of users", Severity::High),
        LeakKind::PersonalId => ("bank accounts or personal numbers", Severity::High),
        LeakKind::Body => ("whole requests as users sent them", Severity::Medium),
        LeakKind::Email => ("e-mail addresses of people", Severity::Medium),
        LeakKind::StackTrace => ("stack traces", Severity::Low),
    }
}

fn finding(kind: LeakKind, leak: &Leak) -> Finding {
    let (called, severity) = rank(kind);
    let (harm, fix) = words(kind);
    Finding {
        subject: called.to_owned(),
        grade: if severity >= Severity::High { Grade::Fail } else { Grade::Warn },
        severity,
        says: format!("The log holds {called} ({} found); {harm}.", leak.count),
        evidence: leak.examples.iter().map(first).collect(),
        fix: Fix { says: fix.to_owned(), paste: None, minutes: 45, after: vec![] },
    }
}

fn words(kind: LeakKind) -> (&'static str, &'static str) {
    let filter =
        "Let the logger leave these fields out, then delete the lines that are already written, copies included.";
    match kind {
        LeakKind::Key => (
            "whoever reads it can act as the product",
            "Replace each key at its issuer, let the logger leave such fields out, and delete the lines that are already written.",
        ),
        LeakKind::Password => ("whoever reads it can sign in as these people, here and elsewhere", filter),
        LeakKind::Card => ("card rules forbid it, and the whole log store falls under them", filter),
        LeakKind::Token | LeakKind::Session => (
            "whoever reads it can act as these users while they last",
            "End the sessions and tokens that were written, let the logger leave out headers, cookies and these fields, and delete the lines.",
        ),
        LeakKind::PersonalId | LeakKind::Email => (
            "the law counts each copy as personal data to be guarded and deleted",
            "Log the user's number in its place; delete the old lines when their time is over.",
        ),
        LeakKind::Body => (
            "whatever people type ends up there, passwords included",
            "Log the route, the status and the size; leave the request itself out.",
        ),
        LeakKind::StackTrace => (
            "errors are better grouped by a service than searched line by line",
            "Send errors to a service that groups them, and log one line with the request's id.",
        ),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::CHECK;
    use crate::check::{Severity, Status};
    use crate::facts::Facts;
    use crate::read::log::Reader;
    use crate::testing::{blank, findings, seen, status};

    /// Facts of a product with this log.
    pub(in crate::checks) fn logged(text: &str) -> Facts {
        let mut reader = Reader::new(&[7; 32]);
        reader.open("app.log");
        reader.feed(text.as_bytes());
        let mut facts = blank();
        facts.log = Some(seen(reader.finish()));
        facts
    }

    #[test]
    fn a_clean_log_passes() {
        assert_eq!(status(&CHECK, &logged("level=info msg=hello request_id=a1\n")), Status::Pass);
    }

    #[test]
    fn leaks_are_told_by_kind_without_their_values() {
        let found = findings(&CHECK, &logged("password=hunter2\nmail=ada@juniper.test\n"));
        let told: Vec<_> = found.iter().map(|finding| (finding.subject.as_str(), finding.severity)).collect();
        assert_eq!(told, [("passwords", Severity::Critical), ("e-mail addresses of people", Severity::Medium)]);
        assert_eq!(found[0].evidence, ["app.log:1 password=…"]);
    }

    #[test]
    fn without_a_log_it_is_not_judged() {
        assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
    }
}
