//! mail.received on messages that prove themselves, that do not, and that could not be examined.

use super::CHECK;
use crate::check::{Grade, Status, Verdict};
use crate::facts::{DmarcResult, Fact, Facts, Flow, MessageSeen, SpfTold};
use crate::read::message::{ArcResult, ArcSeen, DkimResult, Hop, SignatureSeen, SpamWord};
use crate::testing::{blank, findings, judge, now, seen, status, unseen};
use crate::{Unseen, Why};
use jiff::ToSpan;

pub(crate) fn good() -> MessageSeen {
    let hop = |by: &str, seconds: i64| Hop {
        by: Some(by.to_owned()),
        at: Some(now() + seconds.seconds()),
        seconds: (seconds > 0).then_some(seconds),
        ..Hop::default()
    };
    MessageSeen {
        flow: Flow::Reset,
        from: Some("example.com".to_owned()),
        dmarc: DmarcResult::Pass,
        says: String::new(),
        policy: Some("quarantine at example.com".to_owned()),
        dkim: vec![signature("example.com", DkimResult::Pass, "")],
        spf: Some(SpfTold {
            result: "pass".to_owned(),
            domain: "example.com".to_owned(),
            ip: "5.9.1.1".parse().unwrap(),
        }),
        arc: ArcSeen { result: ArcResult::None, sealers: vec![], says: String::new() },
        hops: vec![hop("out.example.com", 0), hop("mx.example.net", 4)],
        spam: vec![],
    }
}

fn signature(domain: &str, result: DkimResult, says: &str) -> SignatureSeen {
    let (selector, algorithm) = ("pm".to_owned(), "rsa-sha256".to_owned());
    SignatureSeen { domain: domain.to_owned(), selector, algorithm, result, says: says.to_owned() }
}

fn with(messages: Vec<(&str, Fact<MessageSeen>)>) -> Facts {
    let mut facts = blank();
    facts.messages = messages.into_iter().map(|(key, fact)| (key.to_owned(), fact)).collect();
    facts
}

fn wrong(message: MessageSeen) -> Vec<(Grade, String)> {
    findings(&CHECK, &with(vec![("reset", seen(message))])).into_iter().map(|one| (one.grade, one.says)).collect()
}

#[test]
fn a_message_that_proves_itself_passes() {
    let facts = with(vec![("reset", seen(good())), ("reset 2", seen(good()))]);
    let Ok(Verdict::Judged { proof, findings, unseen }) = judge(&CHECK, &facts) else { panic!() };
    assert!(findings.is_empty() && unseen.is_empty(), "{findings:?} {unseen:?}");
    assert_eq!(
        proof[0],
        "password reset: signed by example.com (selector pm), SPF pass for example.com, DMARC pass (quarantine at example.com), 4 s on the way by the servers' clocks"
    );
    assert!(proof[1].starts_with("password reset 2: "));
    // A service that adds its own signature, and filters that say no, change nothing.
    let mut two = good();
    two.dkim.insert(0, signature("mtasv.net", DkimResult::Fail, "the body was changed after it was signed"));
    two.spam.push(SpamWord { field: "x-spam-flag".to_owned(), spam: Some(false), says: "no".to_owned() });
    assert_eq!(wrong(two), []);
    // A domain without a policy is the business of mail.dmarc.
    assert_eq!(wrong(MessageSeen { dmarc: DmarcResult::None, policy: None, ..good() }), []);
}

#[test]
fn what_is_not_proven_fails_with_the_reason() {
    let fail = |dkim: Vec<SignatureSeen>| wrong(MessageSeen { dmarc: DmarcResult::Fail, spf: None, dkim, ..good() });
    let says = |dkim| {
        let wrong = fail(dkim);
        assert_eq!((wrong.len(), wrong[0].0), (1, Grade::Fail), "{wrong:?}");
        wrong[0].1.clone()
    };
    assert!(says(vec![]).contains("it carries no signature"));
    assert!(says(vec![signature("sendgrid.net", DkimResult::Pass, "")]).contains("that of sendgrid.net, not yours"));
    let changed = signature("example.com", DkimResult::Fail, "the body was changed after it was signed");
    assert!(says(vec![changed]).contains("fails, as the body was changed"));
    assert!(says(vec![signature("mail.example.com", DkimResult::Pass, "")]).contains("exactly the domain"));
    let forged = MessageSeen { from: None, dmarc: DmarcResult::PermError, ..good() };
    assert!(wrong(forged)[0].1.contains("no author, or more than one"));
    let bare = MessageSeen { dmarc: DmarcResult::None, dkim: vec![], spf: None, ..good() };
    assert_eq!(wrong(bare)[0].0, Grade::Fail);
}

#[test]
fn weak_proofs_spam_and_waiting_are_told() {
    assert!(wrong(MessageSeen { dkim: vec![], ..good() })[0].1.contains("sending machine alone"));
    let open = signature("example.com", DkimResult::Pass, "9 bytes at the end of the body are not covered (l=)");
    assert!(wrong(MessageSeen { dkim: vec![open], ..good() })[0].1.contains("does not cover all of it"));
    let word = SpamWord { field: "x-spam-flag".to_owned(), spam: Some(true), says: "yes".to_owned() };
    assert_eq!(wrong(MessageSeen { spam: vec![word], ..good() })[0].0, Grade::Fail);
    let mut late = good();
    late.hops[1].at = Some(now() + 540.seconds());
    late.hops[1].seconds = Some(540);
    assert!(wrong(late.clone())[0].1.contains("took 9 minutes on the way"));
    // Clocks that run backwards tell no time at all.
    late.hops.push(Hop { at: Some(now()), seconds: Some(-540), ..Hop::default() });
    assert_eq!(wrong(late), []);
}

#[test]
fn what_was_not_given_is_old_or_of_somebody_else_is_asked_for() {
    let why = |facts: &Facts| match judge(&CHECK, facts) {
        Err(Unseen { why, says, .. }) => (why, says),
        Ok(Verdict::Judged { unseen, .. }) => (unseen[0].why, unseen[0].says.clone()),
        Ok(other) => panic!("{other:?}"),
    };
    assert_eq!(why(&blank()).0, Why::NotAnswered);
    let other = MessageSeen { from: Some("other.test".to_owned()), ..good() };
    assert!(why(&with(vec![("reset", seen(other))])).1.contains("is from other.test, not from example.com"));
    let old = Fact::Seen { value: good(), at: now() - (31 * 24).hours(), from: "you".to_owned() };
    assert_eq!(why(&with(vec![("reset", old)])).0, Why::NotAnswered);
    let silent = with(vec![("reset", seen(MessageSeen { dmarc: DmarcResult::TempError, ..good() }))]);
    assert_eq!((why(&silent).0, status(&CHECK, &silent)), (Why::Timeout, Status::CouldNotTell));
    assert_eq!(status(&CHECK, &with(vec![("reset", unseen(Why::Garbled))])), Status::CouldNotTell);
}
