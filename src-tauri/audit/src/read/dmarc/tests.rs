//! DMARC records: every tag, obsolete and wrong ones, and where reports go.

use super::*;

#[test]
fn reads_every_tag() {
    let record = parse(
        "v=DMARC1; p=reject; sp=quarantine; np=reject; adkim=s; aspf=r; fo=1:d:s; psd=n; t=y; \
         rua=mailto:a@example.com,mailto:b@Reports.Example; ruf=mailto:c@example.com!10m;",
    )
    .unwrap();
    assert_eq!(
        (record.policy, record.subdomains, record.nonexistent),
        (Some(Policy::Reject), Some(Policy::Quarantine), Some(Policy::Reject))
    );
    assert!(record.strict_dkim && !record.strict_spf && record.testing);
    assert_eq!((record.psd, record.failure_options.as_deref()), (Some('n'), Some("1:d:s")));
    assert_eq!(record.aggregate[1].domain, "reports.example");
    assert_eq!(record.failure[0].mailbox, "c@example.com");
    assert!(record.wrong.is_empty() && record.obsolete.is_empty() && record.unknown.is_empty());
    assert_eq!(record.applied(), Policy::Quarantine);
}

#[test]
fn obsolete_unknown_and_wrong_are_told_apart() {
    let record = parse("v=DMARC1;p=blok;pct=50;rf=afrf;ri=86400;zz=1;aspf=x;fo=9;rua=reports@example.com").unwrap();
    assert_eq!(record.policy, None);
    assert_eq!(record.obsolete, ["pct", "rf", "ri"]);
    assert_eq!(record.unknown, ["zz"]);
    assert_eq!(record.wrong.iter().map(|wrong| wrong.tag).collect::<Vec<_>>(), ["p", "aspf", "fo", "rua"]);
    assert_eq!(record.wrong[0].value, "blok");
    assert_eq!(record.applied(), Policy::None);
}

#[test]
fn only_the_version_makes_a_record() {
    assert!(is_dmarc("v=DMARC1") && is_dmarc("v = DMARC1 ; p=none") && is_dmarc("V=DMARC1;"));
    for other in ["v=DMARC2; p=none", "v=dmarc1; p=none", "p=none; v=DMARC1", "v=spf1 -all", "", "v=DMARC1 p=none"] {
        assert!(!is_dmarc(other), "{other}");
        assert_eq!(parse(other), Err(DmarcError::Version));
    }
    assert_eq!(parse("v=DMARC1; p"), Err(DmarcError::Tags));
    assert_eq!(parse("v=DMARC1; p=none; p=reject"), Err(DmarcError::Tags));
    assert_eq!(parse("v=DMARC1").unwrap().policy, None);
    assert_eq!(parse("v=DMARC1; P=None").unwrap().policy, Some(Policy::None));
}

#[test]
fn report_domains_are_unique_and_valid() {
    let text = "v=DMARC1; p=none; rua=mailto:a@one.example,mailto:b@ONE.example., mailto:c@bücher.example,https://x.example,mailto:d@nodot; ruf=mailto:e@two.example";
    assert_eq!(report_domains(text), ["one.example", "xn--bcher-kva.example", "two.example"]);
    assert!(report_domains("nothing").is_empty());
    assert!(report_domains(&format!("v=DMARC1; rua={}", "mailto:a@b.example,".repeat(5000))).len() <= 20);
}

#[test]
fn hostile_text_ends_in_a_verdict() {
    for text in [
        "v=DMARC1;".repeat(9000),
        format!("v=DMARC1; p={}", "\u{202e}".repeat(9000)),
        "v=DMARC1; rua=mailto:@,mailto:a@".to_owned(),
    ] {
        let _ = parse(&text);
    }
    let record = parse("v=DMARC1; p=\u{202e}enon").unwrap();
    assert!(!record.wrong[0].value.contains('\u{202e}'));
}

use crate::facts::{DnsAnswer, Rcode, Record, RecordData};

fn zone<'z>(records: &'z [(&'z str, &'z str)]) -> impl Fn(&str) -> Result<DnsAnswer, crate::Unseen> + 'z {
    |name| {
        let texts = records.iter().filter(|(domain, _)| format!("_dmarc.{domain}") == name);
        let data = |text: &str| RecordData::Txt(vec![text.to_owned()]);
        let records = texts.map(|(_, text)| Record { name: name.to_owned(), ttl: 60, data: data(text) }).collect();
        Ok(DnsAnswer { rcode: Rcode::NoError, records })
    }
}

#[test]
fn the_walk_goes_up_and_skips_long_names() {
    assert_eq!(walk("a.mail.example.com"), ["a.mail.example.com", "mail.example.com", "example.com", "com"]);
    // RFC 9989 §4.10: after the first question a name of more than eight labels is cut to seven.
    let long = walk("a.b.c.d.e.f.g.h.i.j.mail.example.com");
    assert_eq!(
        long[..3],
        ["a.b.c.d.e.f.g.h.i.j.mail.example.com", "g.h.i.j.mail.example.com", "h.i.j.mail.example.com"]
    );
    assert_eq!((long.len(), long[7]), (8, "com"));
    assert_eq!(walk("b.c.d.e.f.mail.example.com")[1], "c.d.e.f.mail.example.com");
}

#[test]
fn the_record_with_the_fewest_labels_names_the_organisation() {
    let records = [("example.com", "v=DMARC1; p=reject; sp=none"), ("mail.example.com", "v=DMARC1; p=none")];
    let found = discover("a.mail.example.com", &zone(&records)).unwrap();
    assert_eq!((found.organisation, found.policy.as_ref().unwrap().0), ("example.com", "example.com"));
    assert_eq!(found.policy.unwrap().2.for_subdomains(), Policy::None);
    let own = discover("mail.example.com", &zone(&records)).unwrap();
    assert_eq!((own.organisation, own.policy.unwrap().0), ("example.com", "mail.example.com"));
    let none = discover("a.example.com", &zone(&[])).unwrap();
    assert_eq!((none.organisation, none.policy, none.by_suffix), ("a.example.com", None, "example.com"));
}

#[test]
fn psd_moves_the_border_where_the_suffix_list_does_not() {
    let n = [("example.com", "v=DMARC1; p=reject"), ("giant.example.com", "v=DMARC1; p=none; psd=n")];
    let found = discover("a.giant.example.com", &zone(&n)).unwrap();
    assert_eq!((found.organisation, found.by_suffix), ("giant.example.com", "example.com"));
    let y = [("bank", "v=DMARC1; p=reject; psd=y; np=reject")];
    let found = discover("mail.giant.bank", &zone(&y)).unwrap();
    assert_eq!((found.organisation, found.policy.unwrap().0), ("giant.bank", "bank"));
    let two = [("example.com", "v=DMARC1; p=reject"), ("example.com", "v=DMARC1; p=none")];
    assert_eq!(discover("example.com", &zone(&two)).unwrap().policy, None);
}

/// The zones and verdicts of authheaders 0.16.3 (MIT), whose look-ups another hand wrote. Of a record without `p` it says
/// "none", where ours says that `p` is missing and applies nothing (RFC 9989 §4.7): the same to a receiver.
#[test]
fn policies_are_found_as_another_implementation_finds_them() {
    let zone = zone(&[
        ("example.com", "v=DMARC1; p=reject"),
        ("example.org", "v=DMARC1; p=none"),
        ("example.net", "v=DMARC1; p=none; sp=reject"),
        ("example.biz", "v=DMARC1; p=none; sp=quarantine; np=reject"),
        ("nop.example.org", "v=DMARC1; sp=quarantine; np=reject"),
        ("bad.example.com", "v=DMARC1; p=none; reject"),
        ("gov", "v=DMARC1; p=reject; sp=none; np=reject; psd=y"),
    ]);
    let exists = |domain: &str| domain != "sub.example.biz" && domain != "example.gov";
    for (domain, at, applied) in [
        ("example.com", "example.com", Policy::Reject),
        ("example.org", "example.org", Policy::None),
        ("sub.example.net", "example.net", Policy::Reject),
        ("sub.example.biz", "example.biz", Policy::Reject),
        ("sub2.example.biz", "example.biz", Policy::Quarantine),
        ("nop.example.org", "nop.example.org", Policy::None),
        ("example.gov", "gov", Policy::Reject),
    ] {
        let found = discover(domain, &zone).unwrap();
        let (here, _, record) = found.policy.unwrap();
        let policy = match (here == domain, exists(domain)) {
            (true, _) => record.applied(),
            (false, true) => record.for_subdomains(),
            (false, false) => record.for_nonexistent(),
        };
        assert_eq!((here, policy), (at, applied), "{domain}");
    }
    assert_eq!(discover("example.gov", &zone).unwrap().organisation, "example.gov");
    assert_eq!(parse("v=DMARC1; p=none; reject"), Err(DmarcError::Tags));
}
