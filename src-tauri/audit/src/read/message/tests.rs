//! Messages of the RFCs and of a second implementation, changed ones, and hostile ones.

use super::arc::ArcResult;
use super::signature::DkimResult;
use super::{Examination, Examined, Mail, MessageError, domain_of, mailbox};
use crate::Why;
use crate::facts::{DmarcResult, DnsAnswer, Fact, Rcode, Record, RecordData};
use crate::testing::{seen, unseen};
use std::collections::BTreeMap;

const RFC8463: &str = include_str!("../../../../../tests/cases/mail/rfc8463.txt");
const RFC6376: &str = include_str!("../../../../../tests/cases/mail/rfc6376.txt");
const ARC: &str = include_str!("../../../../../tests/cases/mail/arc.txt");
/// Messages as they came, each with the number of its signatures, as far as their keys stand with it.
const PUBLIC: [(&str, usize); 5] = [
    (include_str!("../../../../../tests/cases/mail/public/dkim-003.txt"), 2),
    (include_str!("../../../../../tests/cases/mail/public/dkim-004.txt"), 1),
    (include_str!("../../../../../tests/cases/mail/public/dkim-005.txt"), 1),
    (include_str!("../../../../../tests/cases/mail/public/dkim-006.txt"), 1),
    (include_str!("../../../../../tests/cases/mail/public/arc-001.txt"), 2),
];
/// Before every expiry and after every date in the cases.
const NOW: i64 = 1_600_000_000;

/// Records by name, and the message.
fn case(text: &str) -> (BTreeMap<String, String>, String) {
    let text = text.replace("\r\n", "\n");
    let (records, message) = text.split_once("\n\n").unwrap();
    let records = records.lines().map(|line| line.split_once(' ').unwrap());
    (records.map(|(name, text)| (name.to_owned(), text.to_owned())).collect(), message.to_owned())
}

fn txt(text: Option<&String>) -> Fact<DnsAnswer> {
    let record = |text: &String| Record { name: "x".to_owned(), ttl: 60, data: RecordData::Txt(vec![text.clone()]) };
    seen(DnsAnswer { rcode: Rcode::NoError, records: text.iter().map(|text| record(text)).collect() })
}

pub(super) fn examine(records: &BTreeMap<String, String>, message: &[u8]) -> Examined {
    let mail = Mail::open(message).unwrap();
    let mut known: BTreeMap<(String, &'static str), Fact<DnsAnswer>> = BTreeMap::new();
    loop {
        let asks = match mail.examine(NOW, &|name, rtype| known.get(&(name.to_owned(), rtype))) {
            Examination::Ended(examined) => return *examined,
            Examination::Asks(asks) => asks,
        };
        assert!(!asks.is_empty() && known.len() < 300);
        for (name, rtype) in asks {
            let answer = match (rtype, records.get(&name).map(String::as_str)) {
                (_, Some("TIMEOUT")) => unseen(Why::Timeout),
                ("TXT", _) => txt(records.get(&name)),
                _ => txt(None),
            };
            assert!(known.insert((name, rtype), answer).is_none());
        }
    }
}

fn results(examined: &Examined) -> Vec<DkimResult> {
    examined.dkim.iter().map(|one| one.result).collect()
}

#[test]
fn the_examples_of_the_rfcs_verify() {
    let (records, message) = case(RFC8463);
    let both = examine(&records, message.as_bytes());
    assert_eq!(results(&both), [DkimResult::Pass, DkimResult::Pass], "{:?}", both.dkim);
    assert_eq!(both.dkim[0].algorithm, "ed25519-sha256");
    assert_eq!(both.from.as_deref(), Some("joe@football.example.com"));
    let (records, message) = case(RFC6376);
    assert_eq!(results(&examine(&records, message.as_bytes())), [DkimResult::Pass]);
}

#[test]
fn messages_that_were_sent_for_real_verify() {
    for (text, proven) in PUBLIC {
        let (records, message) = case(text);
        let seen = examine(&records, message.as_bytes());
        let passed = results(&seen).iter().filter(|result| **result == DkimResult::Pass).count();
        assert_eq!(passed, proven, "{:?}", seen.dkim);
        let sealed = text.contains("\nARC-Seal:");
        assert_eq!(seen.arc.result, if sealed { ArcResult::Pass } else { ArcResult::None }, "{:?}", seen.arc);
    }
}

#[test]
fn a_changed_message_fails_and_a_silent_server_is_no_failure() {
    let (mut records, message) = case(RFC8463);
    let fail = |text: String| results(&examine(&records, text.as_bytes()));
    assert_eq!(fail(message.replace("hungry", "angry")), [DkimResult::Fail, DkimResult::Fail]);
    assert_eq!(fail(message.replace("Is dinner", "Was dinner")), [DkimResult::Fail, DkimResult::Fail]);
    assert_eq!(fail(message.replace("a=ed25519-sha256", "a=rsa-sha1")), [DkimResult::PermError, DkimResult::Pass]);
    assert_eq!(fail(message.replace("h=from : to :\n", "h=to :\n")).len(), 2);
    // A second From would be shown in place of the signed one; it is oversigned, so both signatures fail.
    assert_eq!(fail(format!("From: <a@evil.example>\n{message}")), [DkimResult::Fail, DkimResult::Fail]);
    // Relaxed form: folding and spaces may change on the way (RFC 6376 §3.4.2).
    let refolded = message.replace("Subject: Is dinner ready?", "SUBJECT:   Is\n  dinner \t ready?  ");
    assert_eq!(fail(refolded), [DkimResult::Pass, DkimResult::Pass]);
    assert_eq!(fail(message.replace('\n', "\r\n")), [DkimResult::Pass, DkimResult::Pass]);
    let key = records.keys().next().unwrap().clone();
    records.insert(key.clone(), "TIMEOUT".to_owned());
    assert_eq!(results(&examine(&records, message.as_bytes()))[0], DkimResult::TempError);
    records.insert(key.clone(), "v=DKIM1; k=ed25519; p=".to_owned());
    assert_eq!(results(&examine(&records, message.as_bytes()))[0], DkimResult::PermError);
    records.remove(&key);
    assert_eq!(results(&examine(&records, message.as_bytes()))[0], DkimResult::PermError);
}

#[test]
fn a_chain_of_seals_holds_until_one_is_touched() {
    let (records, message) = case(ARC);
    let whole = examine(&records, message.as_bytes());
    assert_eq!((whole.arc.result, whole.arc.says.as_str()), (ArcResult::Pass, ""), "{:?}", whole.arc);
    assert!(whole.arc.sealers.len() > 1, "{:?}", whole.arc.sealers);
    let cut = message.replacen("ARC-Seal:", "X-Seal:", 1);
    assert_eq!(examine(&records, cut.as_bytes()).arc.result, ArcResult::Fail);
    let claimed = message.replacen("cv=pass", "cv=none", 1);
    assert_eq!(examine(&records, claimed.as_bytes()).arc.result, ArcResult::Fail);
    let (records, message) = case(RFC8463);
    assert_eq!(examine(&records, message.as_bytes()).arc.result, ArcResult::None);
}

#[test]
fn the_policy_of_the_author_decides() {
    let (mut records, message) = case(RFC8463);
    assert_eq!(examine(&records, message.as_bytes()).dmarc.result, DmarcResult::None);
    records.insert("_dmarc.example.com".to_owned(), "v=DMARC1; p=reject; sp=quarantine".to_owned());
    let passed = examine(&records, message.as_bytes()).dmarc;
    assert_eq!((passed.result, passed.policy.as_deref()), (DmarcResult::Pass, Some("quarantine at example.com")));
    assert_eq!(passed.aligned, ["DKIM football.example.com", "DKIM football.example.com"]);
    let forged = message.replace("joe@football.example.com", "joe@shop.example");
    records.insert("_dmarc.shop.example".to_owned(), "v=DMARC1; p=reject".to_owned());
    assert_eq!(examine(&records, forged.as_bytes()).dmarc.result, DmarcResult::Fail);
    let two = format!("From: <a@evil.example>\n{message}");
    assert_eq!(examine(&records, two.as_bytes()).dmarc.result, DmarcResult::PermError);
    records.insert("_dmarc.football.example.com".to_owned(), "TIMEOUT".to_owned());
    assert_eq!(examine(&records, message.as_bytes()).dmarc.result, DmarcResult::TempError);
}

#[test]
fn the_machine_at_the_border_is_asked_for_in_spf() {
    let (mut records, message) = case(RFC8463);
    let received = "Return-Path: <bounce@mail.example.com>\n\
                    Received: from mx.receiver.test ([10.0.0.2]) by store.receiver.test; Fri, 11 Jul 2003 21:00:44 -0700\n\
                    Received: from out.example.com (out.example.com [5.161.44.10])\n\tby mx.receiver.test; Fri, 11 Jul 2003 21:00:40 -0700 (PDT)\n";
    let text = format!("{received}{}", message.replace("hungry", "angry"));
    records.insert("mail.example.com".to_owned(), "v=spf1 ip4:5.161.44.10 -all".to_owned());
    records.insert("_dmarc.example.com".to_owned(), "v=DMARC1; p=reject; aspf=r".to_owned());
    let seen = examine(&records, text.as_bytes());
    assert_eq!(seen.spf.as_ref().unwrap().checked.result.to_string(), "pass");
    assert_eq!((seen.dmarc.result, seen.dmarc.aligned[0].as_str()), (DmarcResult::Pass, "SPF mail.example.com"));
    assert_eq!(seen.hops.iter().map(|hop| hop.seconds).collect::<Vec<_>>(), [None, Some(4)]);
    records.insert("_dmarc.example.com".to_owned(), "v=DMARC1; p=reject; aspf=s".to_owned());
    assert_eq!(examine(&records, text.as_bytes()).dmarc.result, DmarcResult::Fail);
}

#[test]
fn mailboxes_are_read_and_tricks_are_not() {
    assert_eq!(mailbox("\"a@evil.example\" (b@evil.example) <joe@Example.com>").as_deref(), Some("joe@Example.com"));
    assert_eq!(mailbox("joe@example.com (Joe)").as_deref(), Some("joe@example.com"));
    for none in ["", "Joe", "<a@b.example>, <c@d.example>", "a@b.example, c@d.example", "<joe>", "a@localhost"] {
        assert_eq!(mailbox(none), None, "{none}");
    }
    assert_eq!(domain_of("joe@BÜCHER.example.").as_deref(), Some("xn--bcher-kva.example"));
}

#[test]
fn hostile_messages_end() {
    assert_eq!(Mail::open(b"").unwrap_err(), MessageError::NoFields);
    assert_eq!(Mail::open(b"\x00\x01\x02").unwrap_err(), MessageError::NoFields);
    assert_eq!(Mail::open("A: b\n".repeat(3_000).as_bytes()).unwrap_err(), MessageError::TooManyFields);
    assert_eq!(
        Mail::open(format!("A: {}\n", "x".repeat(2_000_000)).as_bytes()).unwrap_err(),
        MessageError::TooManyFields
    );
    let (records, message) = case(RFC8463);
    let bytes = message.as_bytes();
    for at in (0..bytes.len()).step_by(7) {
        let _ = Mail::open(&bytes[..at]).map(|_| examine(&records, &bytes[..at.max(20)]));
        let mut bent = bytes.to_vec();
        bent[at] = bent[at].wrapping_add(128) ^ 0x0d;
        let _ = Mail::open(&bent).map(|_| examine(&records, &bent));
    }
    for tags in [
        "l=99999999999999999999",
        "l=-1",
        "x=x",
        "c=a/b/c",
        "i=@",
        "h=::::",
        "q=;",
        "d=..",
        "s=",
        "b=;b=",
        "bh=\u{202e}",
    ] {
        let text = message.replacen("v=1;", &format!("v=1; {tags};"), 1);
        assert!(!results(&examine(&records, text.as_bytes())).is_empty(), "{tags}");
    }
    let many = format!(
        "{}{message}",
        "DKIM-Signature: v=1; d=a.example; s=x; b=AA; bh=AA; h=from; a=rsa-sha256\n".repeat(100)
    );
    assert_eq!(examine(&records, many.as_bytes()).dkim.len(), 10);
}

#[test]
fn floods_are_refused_in_words_or_cut_and_never_cost_much() {
    let (records, message) = case(RFC8463);
    // What no mail server takes on is refused before anything of it is read.
    assert_eq!(Mail::open(&vec![b'\n'; super::LONGEST + 1]).unwrap_err(), MessageError::TooLong);
    for field in ["X: y\n", "Received: from a by b; Fri, 11 Sep 2020 10:00:00 +0000\n"] {
        let told = Mail::open(format!("{}{message}", field.repeat(100_000)).as_bytes()).unwrap_err();
        assert_eq!(told, MessageError::TooManyFields);
        assert!(told.to_string().len() > 20, "{told}");
    }
    // What stays below that is examined: parts inside parts are body, hops and signatures beyond the usual are left out.
    let nested: String =
        (0..10_000).map(|n| format!("--{n}\nContent-Type: multipart/mixed; boundary={n}\n\n")).collect();
    assert_eq!(results(&examine(&records, format!("{message}{nested}").as_bytes())), [DkimResult::Fail; 2]);
    let hops = "Received: from a.example by b.example; Fri, 11 Sep 2020 10:00:00 +0000\n".repeat(900);
    let signatures = "DKIM-Signature: v=1; d=a.example; s=x; b=AA; bh=AA; h=from; a=rsa-sha256\n".repeat(1_000);
    let seen = examine(&records, format!("{hops}{signatures}{message}").as_bytes());
    assert_eq!((seen.dkim.len(), seen.hops.len()), (10, 50));
}
