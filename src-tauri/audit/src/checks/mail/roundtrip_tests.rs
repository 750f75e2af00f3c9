//! mail.roundtrip on messages that came quickly, late, as junk, not at all, and that were refused.

use super::super::received::tests::good;
use super::CHECK;
use crate::Why;
use crate::check::{Grade, Status, Verdict};
use crate::facts::{DmarcResult, Fact, Facts, Flow, MessageSeen, Roundtrip, RoundtripEnd};
use crate::testing::{blank, findings, judge, now, seen, status, unseen};

fn with(end: RoundtripEnd) -> Facts {
    let trip = Roundtrip {
        flow: Flow::Reset,
        server: "smtp.example.net:587".to_owned(),
        from: "example.com".to_owned(),
        to: "inbox.example.net".to_owned(),
        token: "lr0a1b".to_owned(),
        sent: now(),
        end,
    };
    let mut facts = blank();
    facts.roundtrips.insert("reset".to_owned(), seen(trip));
    facts
}

fn arrived(seconds: u32, junk: Option<&str>, seen: MessageSeen) -> Facts {
    with(RoundtripEnd::Arrived { seconds, theirs: false, junk: junk.map(str::to_owned), seen: Box::new(seen) })
}

#[test]
fn a_message_that_arrives_quickly_and_proven_passes() {
    let facts = arrived(7, None, good());
    let Ok(Verdict::Judged { proof, findings, .. }) = judge(&CHECK, &facts) else { panic!() };
    assert_eq!(findings, []);
    assert!(proof[0].starts_with(
        "test message (password reset): arrived at inbox.example.net after 7 s by this computer's clock; password reset: signed by example.com"
    ));
    assert_eq!(status(&CHECK, &arrived(180, None, good())), Status::Pass);
}

#[test]
fn late_unproven_junk_and_refused_messages_are_told() {
    let told = |facts: &Facts| findings(&CHECK, facts).into_iter().map(|one| (one.grade, one.says)).collect::<Vec<_>>();
    assert!(told(&arrived(300, None, good()))[0].1.contains("took 5 minutes to arrive"));
    assert!(told(&arrived(300, None, good()))[0].1.ends_with("people wait no longer than 3 minutes."));
    let mut welcome = arrived(300, None, good());
    if let Some(Fact::Seen { value, .. }) = welcome.roundtrips.get_mut("reset") {
        value.flow = Flow::Onboarding;
    }
    assert!(told(&welcome)[0].1.ends_with("this roadmap allows no more than 3 minutes."), "{:?}", told(&welcome));
    assert_eq!(told(&arrived(300, None, good()))[0].0, Grade::Warn);
    assert_eq!(told(&arrived(601, None, good()))[0].0, Grade::Fail);
    assert!(told(&arrived(7, Some("Junk"), good()))[0].1.contains("lay in the junk folder"));
    let unsigned = MessageSeen { dmarc: DmarcResult::Fail, dkim: vec![], spf: None, ..good() };
    assert!(told(&arrived(7, None, unsigned))[0].1.contains("it carries no signature"));
    let refused = with(RoundtripEnd::Refused { code: 550, says: "sender not confirmed".to_owned() });
    assert!(told(&refused)[0].1.contains("refuses to take"));
}

#[test]
fn what_did_not_come_yet_is_no_failure() {
    let why = |facts: &Facts| match judge(&CHECK, facts) {
        Err(unseen) => unseen.why,
        Ok(Verdict::Judged { unseen, .. }) => unseen[0].why,
        Ok(other) => panic!("{other:?}"),
    };
    assert_eq!(why(&blank()), Why::NotAnswered);
    assert_eq!(why(&with(RoundtripEnd::Underway { says: String::new() })), Why::NotAnswered);
    let lost = with(RoundtripEnd::Underway { says: "it did not come within 3 minutes".to_owned() });
    assert_eq!((why(&lost), status(&CHECK, &lost)), (Why::Timeout, Status::CouldNotTell));
    let mut facts = blank();
    facts.roundtrips.insert("reset".to_owned(), unseen(Why::Untrusted));
    assert_eq!(why(&facts), Why::Untrusted);
}
