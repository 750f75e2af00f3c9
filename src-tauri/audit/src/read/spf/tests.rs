//! Syntax, questions, cost and mended records of SPF, by examples and by hostile text.

use super::*;
use crate::facts::{DnsAnswer, Rcode, Record, RecordData};
use crate::{Unseen, Why};
use std::collections::BTreeMap;

/// Answers by `"name TYPE"`; what is not in it is unseen.
#[derive(Default)]
struct Zone(BTreeMap<String, DnsAnswer>);

impl Zone {
    fn with(mut self, name: &str, rtype: &str, data: Vec<RecordData>) -> Self {
        let rcode = if data.is_empty() { Rcode::NxDomain } else { Rcode::NoError };
        let records = data.into_iter().map(|data| Record { name: name.to_owned(), ttl: 300, data }).collect();
        self.0.insert(format!("{name} {rtype}"), DnsAnswer { rcode, records });
        self
    }

    fn spf(self, name: &str, text: &str) -> Self {
        self.with(name, "TXT", vec![RecordData::Txt(vec![text.to_owned()])])
    }

    fn evaluate(&self, text: &str) -> Evaluation {
        evaluate("example.com", &parse(text).unwrap(), &|name, rtype| {
            self.0.get(&format!("{name} {rtype}")).ok_or_else(|| Unseen {
                what: format!("{name} {rtype}"),
                why: Why::Timeout,
                says: "no answer".to_owned(),
                way: "again".to_owned(),
            })
        })
    }
}

#[test]
fn version_needs_a_space_or_the_end() {
    assert!(is_spf("v=spf1") && is_spf("V=SPF1 -all"));
    assert!(!is_spf("v=spf10 -all") && !is_spf("v=spf1-all") && !is_spf("") && !is_spf(" v=spf1"));
}

#[test]
fn reads_every_mechanism_and_modifier() {
    let text = "v=spf1 a a:mail.example.com/24//64 mx mx/28 mx:x.example//128 ip4:192.0.2.0/24 ip4:192.0.2.1 ip6:2001:db8::/32 \
                ptr ptr:example.com include:_spf.example.net exists:%{ir}.%{v}._spf.%{d2} redirect=_spf.example.org exp=why.example.com \
                x-note=%{d} ?all";
    let record = parse(text).unwrap();
    assert_eq!(record.directives.len(), 13);
    assert_eq!(record.redirect.unwrap().name().unwrap(), "_spf.example.org");
    assert_eq!(record.exp.unwrap().name().unwrap(), "why.example.com");
    assert_eq!(record.ignored, ["x-note=%{d}"]);
    let Mechanism::A(Some(spec), 24, 64) = &record.directives[1].mechanism else {
        panic!("{:?}", record.directives[1])
    };
    assert_eq!(spec.text, "mail.example.com");
    assert_eq!(record.directives[3].mechanism, Mechanism::Mx(None, 28, 128));
    let Mechanism::Exists(spec) = &record.directives[11].mechanism else { panic!() };
    assert!(spec.macros && spec.name().is_none());
    assert_eq!(record.directives[12].qualifier, Qualifier::Neutral);
}

#[test]
fn rejects_what_receivers_reject() {
    for bad in [
        "ipv4:192.0.2.1",
        "ip4:192.0.2",
        "ip4:192.0.2.300",
        "ip4:192.0.2.0/33",
        "ip4:192.0.2.0/024",
        "ip4:",
        "ip4",
        "ip6:192.0.2.1",
        "ip6:2001:db8::/129",
        "include",
        "include:",
        "include:localhost",
        "include:example.123",
        "include:-.",
        "include:a..b.com",
        "all:example.com",
        "-",
        "+",
        "a:",
        "a/",
        "a/33",
        "a//129",
        "mx/a",
        "exists:%{x}.example.com",
        "exists:%{d0}.example.com",
        "exists:%d",
        "exists:%{d",
        "redirect=",
        "redirect=com",
        "aall",
        "inlcude:example.com",
        "a:exämple.com",
        "\u{202e}all",
        "all\t-all",
        "a:example.com/abc",
    ] {
        assert!(parse(&format!("v=spf1 {bad} -all")).is_err(), "{bad}");
    }
    assert_eq!(parse("v=spf1 redirect=a.example redirect=b.example"), Err(SpfError::Twice("redirect")));
    assert_eq!(parse("v=spf2.0/pra -all"), Err(SpfError::Version));
    assert!(parse("v=spf1 ipv4:1.2.3.4").unwrap_err().to_string().contains("not a word that SPF knows"));
}

#[test]
fn accepts_what_receivers_accept() {
    for good in [
        "",
        "  -all  ",
        "A MX -ALL",
        "a:EXAMPLE.com. -all",
        "include:%{d}",
        "exists:%{l1r+-}.example.com",
        "a:_x.example.com ~all",
        "include=x",
    ] {
        assert!(parse(&format!("v=spf1 {good}")).is_ok(), "{good}");
    }
}

#[test]
fn hostile_text_ends_in_a_verdict() {
    for text in [
        "v=spf1 %".repeat(2000),
        format!("v=spf1 {}", "a ".repeat(50_000)),
        format!("v=spf1 a:{}", "a.".repeat(60_000)),
    ] {
        let _ = parse(&text).map(|record| record.asks("example.com"));
    }
    let mut seed = 1_u64;
    for _ in 0..20_000 {
        let alphabet = b"v=spf1 amx:/.%{}d-+~?0129iplcude\xff";
        let bytes: Vec<u8> = (0..24)
            .map(|_| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                alphabet[(seed >> 33) as usize % alphabet.len()]
            })
            .collect();
        let text = format!("v=spf1 {}", String::from_utf8_lossy(&bytes));
        let _ = parse(&text).map(|record| record.asks("example.com"));
        let _ = mended(&text);
    }
}

#[test]
fn asks_what_evaluation_needs_and_no_more() {
    let record = parse("v=spf1 a mx:m.example include:I.example exists:e.example ptr exists:%{i}.x.example ip4:192.0.2.1 redirect=r.example").unwrap();
    let asks = record.asks("Example.com");
    let shown: Vec<String> = asks.iter().map(|(name, rtype)| format!("{name} {rtype}")).collect();
    assert_eq!(
        shown,
        ["example.com A", "example.com AAAA", "m.example MX", "i.example TXT", "e.example A", "r.example TXT"]
    );
    assert!(parse("v=spf1 -all include:x.example redirect=y.example").unwrap().asks("example.com").is_empty());
    assert!(parse(&format!("v=spf1 include:{}.example", "a".repeat(64))).unwrap().asks("example.com").is_empty());
}

#[test]
fn counts_the_whole_tree() {
    let zone = Zone::default()
        .spf("one.example", "v=spf1 include:two.example include:three.example ~all")
        .spf("two.example", "v=spf1 ip4:192.0.2.1 -all")
        .spf("three.example", "v=spf1 ptr mx:m.example -all")
        .with("m.example", "MX", vec![RecordData::Mx { preference: 1, exchange: "mx.m.example".to_owned() }]);
    let out = zone.evaluate("v=spf1 include:one.example ip4:192.0.2.9 -all");
    assert_eq!((out.lookups, out.void), (5, 0));
    assert_eq!(out.costs[0].lookups, 5);
    assert_eq!(out.costs.iter().map(|cost| cost.depth).collect::<Vec<_>>(), [0, 1, 1, 2, 2]);
    assert_eq!(out.ending, Ending::All(Qualifier::Fail));
    assert!(out.problems.is_empty() && out.unseen.is_empty());
}

#[test]
fn redirect_brings_its_own_ending() {
    let zone = Zone::default().spf("r.example", "v=spf1 ip4:192.0.2.1 ~all");
    assert_eq!(zone.evaluate("v=spf1 redirect=r.example").ending, Ending::All(Qualifier::SoftFail));
    assert_eq!(zone.evaluate("v=spf1 redirect=gone.example").ending, Ending::Unknown);
    assert_eq!(zone.evaluate("v=spf1 ip4:192.0.2.1").ending, Ending::Open);
}

#[test]
fn broken_branches_are_told() {
    let zone = Zone::default()
        .spf("loop.example", "v=spf1 include:example.com ~all")
        .spf("bad.example", "v=spf1 ipv4:192.0.2.1 ~all")
        .with("none.example", "TXT", vec![])
        .with(
            "many.example",
            "MX",
            (0..11).map(|n| RecordData::Mx { preference: n, exchange: format!("m{n}.example") }).collect(),
        )
        .with(
            "two.example",
            "TXT",
            vec![
                RecordData::Txt(vec!["v=spf1 ".to_owned(), "-all".to_owned()]),
                RecordData::Txt(vec!["v=spf1".to_owned()]),
            ],
        );
    let out = zone.evaluate(
        "v=spf1 include:loop.example include:bad.example include:none.example mx:many.example include:two.example -all",
    );
    assert!(
        matches!(
            out.problems.as_slice(),
            [Problem::Loop(a), Problem::Syntax(b, _), Problem::NoRecord(c), Problem::ManyExchanges(d), Problem::TwoRecords(e)]
                if a == "example.com" && b == "bad.example" && c == "none.example" && d == "many.example" && e == "two.example"
        ),
        "{:?}",
        out.problems
    );
}

#[test]
fn unseen_parts_stay_unseen() {
    let out =
        Zone::default().evaluate("v=spf1 include:quiet.example include:%{d}.x.example a mx exists:%{i}.y.example -all");
    assert_eq!(out.lookups, 5);
    let why: Vec<Why> = out.unseen.iter().map(|unseen| unseen.why).collect();
    // Two includes that may cost more; then three look-ups of which more than two may be void.
    assert_eq!(why, [Why::Timeout, Why::Beyond, Why::Timeout, Why::Timeout, Why::Beyond]);
    // Where two at most can be void, macros decide nothing.
    assert!(Zone::default().evaluate("v=spf1 a exists:%{i}.y.example -all").unseen.is_empty());
}

#[test]
fn void_look_ups_are_counted_when_every_family_is_empty() {
    let zone = Zone::default()
        .with("a.example", "A", vec![])
        .with("a.example", "AAAA", vec![])
        .with("b.example", "A", vec![])
        .with("b.example", "AAAA", vec![RecordData::Aaaa("2001:db8::1".parse().unwrap())])
        .with("c.example", "MX", vec![])
        .with("d.example", "A", vec![]);
    let out = zone.evaluate("v=spf1 a:a.example a:b.example mx:c.example exists:d.example -all");
    assert_eq!(out.void, 3);
}

#[test]
fn a_tree_without_end_ends() {
    let mut zone = Zone::default();
    for n in 0..200 {
        zone = zone.spf(
            &format!("n{n}.example"),
            &format!("v=spf1 include:n{}.example include:n{}.example -all", n + 1, n + 2),
        );
    }
    let out = zone.evaluate("v=spf1 include:n0.example -all");
    assert!(out.lookups > LOOKUP_LIMIT && out.lookups < 500, "{}", out.lookups);
    assert!(out.unseen.iter().any(|unseen| unseen.why == Why::Garbled));
}

#[test]
fn senders_have_names() {
    assert!(sender::all().len() >= 40);
    assert_eq!(of_domain("_spf.google.com").unwrap().name, "Google Workspace");
    assert_eq!(of_domain("u123.wl.sendgrid.net").unwrap().name, "SendGrid");
    assert_eq!(by_mx("ASPMX.L.google.com.").unwrap().name, "Google Workspace");
    assert!(of_domain("notgoogle.com").is_none() && of_domain("").is_none());
    for sender in sender::all() {
        assert!(sender.docs.starts_with("https://") && !sender.name.is_empty(), "{}", sender.name);
        assert!(
            sender.domains.iter().chain(&sender.mx).all(|name| *name == name.to_lowercase() && name.contains('.')),
            "{}",
            sender.name
        );
        if let Some(include) = &sender.include {
            assert!(parse(&format!("v=spf1 include:{include} ~all")).is_ok(), "{include}");
            assert_eq!(of_domain(include).unwrap().name, sender.name);
        }
    }
}

#[test]
fn records_to_paste() {
    let two = [
        parse("v=spf1 include:_spf.google.com mx -all").unwrap(),
        parse("v=spf1 include:_spf.google.com redirect=x.example").unwrap(),
    ];
    assert_eq!(merged(&two), "v=spf1 include:_spf.google.com mx include:x.example ~all");
    assert_eq!(with_all(&parse("v=spf1 a +all mx").unwrap(), Qualifier::SoftFail), "v=spf1 a ~all");
    assert_eq!(without_ptr(&parse("v=spf1 a ptr:x.example ?ptr -all").unwrap()), "v=spf1 a -all");
    assert_eq!(
        suggested(&["aspmx.l.google.com".to_owned(), "alt1.aspmx.l.google.com".to_owned()]),
        "v=spf1 include:_spf.google.com ~all"
    );
    assert_eq!(suggested(&["mx.unknown.example".to_owned()]), "v=spf1 mx ~all");
    assert_eq!(suggested(&[".".to_owned()]), "v=spf1 -all");
    assert_eq!(
        mended("v=spf1 inlcude:x.example ipv4:192.0.2.1 ip4:2001:db8::1/64 -all").unwrap(),
        "v=spf1 include:x.example ip4:192.0.2.1 ip6:2001:db8::1/64 -all"
    );
    assert_eq!(mended("v=spf1 include=x.example -all").unwrap(), "v=spf1 include:x.example -all");
    assert!(mended("v=spf1 whatever:x.example -all").is_none());
    let long = line("example.com", 3600, &format!("v=spf1 {}~all", "ip4:192.0.2.1 ".repeat(30)));
    assert!(long.starts_with("example.com. 3600 IN TXT \"v=spf1 ip4") && long.contains("\" \""));
    assert!(long.split('"').skip(1).step_by(2).all(|part| part.len() <= 255));
}

#[test]
fn a_list_of_approved_senders_decides_on_every_term_of_the_record_itself() {
    let record = parse("v=spf1 ip4:192.0.2.1 Include:a.example include:b.example mx redirect=c.example").unwrap();
    let approved = ["include:A.example".to_owned(), "mx".to_owned(), "include:gone.example".to_owned()];
    let decided = super::decided("example.com", &record, &approved);
    let words: Vec<(&str, &str)> = decided.iter().map(|(term, word)| (term.as_str(), word.as_str())).collect();
    assert_eq!(
        words,
        [
            ("Include:a.example", "approved"),
            ("include:b.example", "unwanted"),
            ("ip4:192.0.2.1", "unwanted"),
            ("mx", "approved"),
            ("redirect=c.example", "unwanted")
        ]
    );
}
