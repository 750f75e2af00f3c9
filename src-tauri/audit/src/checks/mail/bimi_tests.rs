//! mail.bimi with, without and with a broken record.

use super::CHECK;
use crate::Why;
use crate::check::{Severity, Status};
use crate::facts::{Facts, RecordData};
use crate::testing::{answer, blank, findings, judge, status, unseen};

fn with(records: &[&str], policy: &str) -> Facts {
    let mut facts = blank();
    let text = |text: &&str| RecordData::Txt(vec![(*text).to_owned()]);
    answer(&mut facts, "default._bimi.example.com", "TXT", records.iter().map(text).collect());
    answer(&mut facts, "_dmarc.example.com", "TXT", vec![text(&policy)]);
    facts
}

#[test]
fn absence_and_a_whole_record_pass() {
    assert_eq!(status(&CHECK, &with(&[], "v=DMARC1; p=none")), Status::Pass);
    let whole = "v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/vmc.pem";
    assert_eq!(status(&CHECK, &with(&[whole], "v=DMARC1; p=reject")), Status::Pass);
    assert_eq!(status(&CHECK, &with(&["v=BIMI1; l=; a=;"], "v=DMARC1; p=none")), Status::Pass);
}

#[test]
fn a_record_that_shows_nothing_is_advice() {
    for (records, policy) in [
        (&["v=BIMI1; l=https://example.com/logo.svg"][..], "v=DMARC1; p=none"),
        (&["v=BIMI1; l=http://example.com/logo.svg"], "v=DMARC1; p=reject"),
        (&["v=BIMI1; l=https://example.com/logo.png"], "v=DMARC1; p=reject"),
        (&["v=BIMI1; l=https://a.example/a.svg", "v=BIMI1; l=https://a.example/b.svg"], "v=DMARC1; p=reject"),
    ] {
        let found = findings(&CHECK, &with(records, policy));
        assert_eq!((found.len(), found[0].severity), (1, Severity::Low), "{records:?} {found:?}");
    }
}

#[test]
fn what_was_not_seen_is_not_judged() {
    let mut facts = with(&[], "v=DMARC1; p=none");
    facts.dns.insert("default._bimi.example.com TXT".to_owned(), unseen(Why::Timeout));
    assert_eq!(judge(&CHECK, &facts).unwrap_err().why, Why::Timeout);
}
