//! check_host() by examples of the RFC's text, and by hostile records.

use super::check::check_host;
use super::conformance::{Zone, follow};
use super::macros::{Values, expand, pieces};
use super::outcome::{SpfChecked, SpfProgress, SpfQuery, SpfResult};
use crate::Why;
use crate::facts::{DnsAnswer, Fact, Rcode, Record, RecordData};
use crate::testing::{seen, unseen};
use std::collections::BTreeMap;

fn query(ip: &str, from: &str) -> SpfQuery {
    SpfQuery {
        ip: ip.parse().unwrap(),
        helo: "mail.example.com".to_owned(),
        mail_from: from.to_owned(),
        receiver: "mx.receiver.example".to_owned(),
        time: 1_700_000_000,
    }
}

fn check(zone: &str, ip: &str, from: &str) -> SpfChecked {
    follow(&query(ip, from), &Zone::new(&serde_json::from_str(zone).unwrap()))
}

/// RFC 7208 §7.4.
#[test]
fn macros_become_what_the_examples_of_the_rfc_say() {
    let values = |ip: &str| Values {
        ip: ip.parse().unwrap(),
        local: "strong-bad",
        sender_domain: "email.example.com",
        helo: "mx.example.org",
        receiver: "unknown",
        time: 0,
        domain: "email.example.com",
        validated: "mx.example.org",
    };
    for (text, wanted) in [
        ("%{s}", "strong-bad@email.example.com"),
        ("%{o}", "email.example.com"),
        ("%{d}", "email.example.com"),
        ("%{d4}", "email.example.com"),
        ("%{d3}", "email.example.com"),
        ("%{d2}", "example.com"),
        ("%{d1}", "com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{l}", "strong-bad"),
        ("%{l-}", "strong.bad"),
        ("%{lr}", "strong-bad"),
        ("%{lr-}", "bad.strong"),
        ("%{l1r-}", "strong"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
        ("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"),
        ("%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"),
        ("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"),
        ("%{d99999999999999999999999}", "email.example.com"),
        ("%{S}", "strong-bad%40email.example.com"),
    ] {
        assert_eq!(expand(&pieces(text).unwrap(), &values("192.0.2.3"), 500), wanted, "{text}");
    }
    let six = expand(&pieces("%{ir}.%{v}._spf.%{d2}").unwrap(), &values("2001:db8::cb01"), 500);
    assert_eq!(six, "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com");
    for broken in ["%", "%{", "%{}", "%{x}", "%{d0}", "%{d-2}", "%{dr2}", "%{d!}", "%a"] {
        assert_eq!(pieces(broken), None, "{broken}");
    }
}

#[test]
fn the_trace_tells_which_term_decided_and_what_it_cost() {
    let zone = r#"{
        "example.com": [{"TXT": "v=spf1 mx include:_spf.example.net -all exp=why.%{d}"}, {"MX": [10, "mx.example.com"]}],
        "mx.example.com": [{"A": "192.0.2.1"}],
        "_spf.example.net": [{"TXT": "v=spf1 ip4:198.51.100.0/24 ~all"}],
        "why.example.com": [{"TXT": "%{i} is not ours; we are %{d}, you asked at %{t} from %{r}"}]
    }"#;
    let passed = check(zone, "198.51.100.7", "a@example.com");
    assert_eq!((passed.result, passed.lookups, passed.void), (SpfResult::Pass, 2, 0));
    assert_eq!(passed.because, "\"include:_spf.example.net\" in the record of example.com matches");
    assert!(
        passed
            .trace
            .iter()
            .any(|step| step.depth == 1 && step.term == "ip4:198.51.100.0/24" && step.outcome == "matches")
    );
    let failed = check(zone, "203.0.113.5", "a@example.com");
    assert_eq!(failed.result, SpfResult::Fail);
    assert_eq!(
        failed.explanation.as_deref(),
        Some("203.0.113.5 is not ours; we are example.com, you asked at 1700000000 from mx.receiver.example")
    );
    // RFC 7208 §5: the mapped form of an IPv4 address is that address.
    assert_eq!(check(zone, "::ffff:192.0.2.1", "a@example.com").result, SpfResult::Pass);
}

#[test]
fn limits_hold_and_a_failing_server_is_no_broken_record() {
    let many = r#"{"example.com": [{"TXT": "v=spf1 mx -all"}, {"MX": [1, "a.example.com"]}, {"MX": [1, "."]}]}"#;
    assert_eq!(check(many, "192.0.2.1", "a@example.com").result, SpfResult::Fail);
    let slow = r#"{"example.com": [{"TXT": "v=spf1 a:slow.example.com -all"}], "slow.example.com": ["TIMEOUT"]}"#;
    let lost = check(slow, "192.0.2.1", "a@example.com");
    assert_eq!(lost.result, SpfResult::TempError);
    assert!(lost.because.starts_with("slow.example.com A: no answer"), "{}", lost.because);
    let before = r#"{"example.com": [{"TXT": "v=spf1 ip4:192.0.2.1 a:slow.example.com -all"}], "slow.example.com": ["TIMEOUT"]}"#;
    assert_eq!(check(before, "192.0.2.1", "a@example.com").result, SpfResult::Pass);
    let second = r#"{"example.com": [{"TXT": "v=spf1 mx -all"}, {"MX": [20, "slow.example.com"]}, {"MX": [10, "mx.example.com"]}],
        "slow.example.com": ["TIMEOUT"], "mx.example.com": [{"A": "192.0.2.1"}]}"#;
    assert_eq!(check(second, "192.0.2.1", "a@example.com").result, SpfResult::Pass);
    assert_eq!(check(second, "192.0.2.2", "a@example.com").result, SpfResult::TempError);
    assert_eq!(check("{}", "192.0.2.1", "").result, SpfResult::None);
    assert_eq!(check("{}", "192.0.2.1", "a@localhost").result, SpfResult::None);
}

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.roll(of.len())]
    }

    fn text(&mut self) -> String {
        const TERMS: [&str; 22] = [
            "include:a.example",
            "include:%{d}",
            "-include:b.example",
            "redirect=c.example",
            "redirect=%{o}",
            "a",
            "~a/0",
            "mx",
            "?mx:c.example//0",
            "ptr",
            "exists:%{ir}.a.example",
            "exists:%{l1r-}.%{p}",
            "exp=%{d}",
            "ip4:198.51.100.0/24",
            "ip6:2001:db8::/33",
            "-ip4:203.0.113.9",
            "~all",
            "-all",
            "?all",
            "x=%{c}",
            "%%",
            "a:%{s}.%{h}.b.example",
        ];
        const NOISE: [&str; 14] =
            ["%{", "}", "%", ":", "/", "//", "129", "é", "\u{0}", "\\000", "=", ".", "99999999999", "include:"];
        let mut text = "v=spf1".to_owned();
        for _ in 0..self.roll(16) {
            text.push(' ');
            text.push_str(self.pick(&TERMS));
            if self.roll(40) == 0 {
                text.push_str(self.pick(&NOISE));
            }
        }
        text
    }

    fn answer(&mut self, rtype: &str) -> Fact<DnsAnswer> {
        if self.roll(12) == 0 {
            return unseen(Why::Timeout);
        }
        let keep = if rtype == "TXT" { 1 + self.roll(8) / 7 } else { self.roll(12) };
        let records = (0..keep).map(|_| {
            let name = self.pick(&["a.example", "b.example", ".", "", "x..y", "[1]", "c.example."]).to_owned();
            let data = match (rtype, self.roll(9)) {
                (_, 0) => RecordData::Cname(name),
                ("TXT", n) if n > 7 => RecordData::Txt(vec!["other".to_owned()]),
                ("TXT", _) => RecordData::Txt(vec![self.text()]),
                ("MX", _) => RecordData::Mx { preference: 0, exchange: name },
                ("PTR", _) => RecordData::Other { rtype: "PTR".to_owned(), text: name },
                ("AAAA", _) => RecordData::Aaaa("2001:db8::1".parse().unwrap()),
                _ => RecordData::A("192.0.2.1".parse().unwrap()),
            };
            Record { name: "x".to_owned(), ttl: 0, data }
        });
        seen(DnsAnswer { rcode: Rcode::NoError, records: records.collect() })
    }
}

#[test]
fn hostile_zones_end_within_the_limits() {
    let mut dice = Dice(7);
    let mut results = BTreeMap::new();
    for _ in 0..6_000 {
        let ip = dice.pick(&["192.0.2.1", "2001:db8::1", "203.0.113.9"]);
        let from = dice.pick(&[
            "a@a.example",
            "",
            "@b.example",
            "%{d}@c.example",
            "a@..",
            "a@x@y.example",
            "\u{202e}@é.example",
        ]);
        let (query, mut known, mut asked) = (query(ip, from), BTreeMap::new(), 0);
        let checked = loop {
            let progress = {
                let ask = |name: &str, rtype: &'static str| known.get(&(name.to_owned(), rtype));
                check_host(&query, &ask)
            };
            match progress {
                SpfProgress::Ended(checked) => break checked,
                SpfProgress::Asks(asks) => {
                    for (name, rtype) in asks {
                        asked += 1;
                        assert!(known.insert((name, rtype), dice.answer(rtype)).is_none());
                    }
                }
            }
        };
        // Eleven records, ten terms with eleven questions each, the names of the address, one explanation.
        assert!(asked <= 140, "{asked} questions");
        assert!(checked.lookups <= 11 && checked.void <= 3 && checked.trace.len() <= 400);
        *results.entry(checked.result.to_string()).or_insert(0) += 1;
    }
    assert_eq!(results.len(), 7, "{results:?}");
}
