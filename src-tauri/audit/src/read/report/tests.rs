//! Reports by both forms of the RFCs, summed by sender, and hostile ones.

use super::{Gathering, ReportError, read, senders};

const NEW: &str = include_str!("../../../../../tests/cases/reports/rfc9990.xml");
const OLD: &str = include_str!("../../../../../tests/cases/reports/rfc7489.xml");

#[test]
fn both_forms_of_a_report_are_read() {
    let new = read(NEW.as_bytes()).unwrap();
    assert_eq!(
        (new.reporter.as_str(), new.domain.as_str(), new.id.as_str()),
        ("Alder Mail", "example.com", "20261104-7f3c")
    );
    assert_eq!((new.begin, new.end, new.rows.len(), new.lost), (1_793_750_400, 1_793_836_799, 2, 0));
    let row = &new.rows[0];
    assert_eq!((row.count, row.dkim, row.spf, row.excused), (123, true, false, false));
    assert_eq!(row.signers, [("example.com".to_owned(), "pm".to_owned())]);
    assert_eq!(row.envelopes, ["pm-bounces.mtasv.net"]);
    assert!(new.rows[1].excused && new.rows[1].ip.unwrap().is_ipv6());
    let old = read(OLD.as_bytes()).unwrap();
    assert_eq!((old.reporter.as_str(), old.rows.len()), ("Birch Inc", 2));
    assert!(old.rows[0].spf && !old.rows[0].dkim && old.rows[1].envelopes.is_empty());
    let prefixed = OLD.replace("<", "<d:").replace("<d:/", "</d:").replace("<d:?", "<?");
    let prefixed = prefixed.replace("<d:feedback>", "<d:feedback xmlns:d=\"http://dmarc.org/dmarc-xml/0.1\">");
    assert_eq!(read(prefixed.as_bytes()).unwrap(), old);
}

#[test]
fn characters_that_xml_writes_by_reference_are_kept() {
    let named = NEW.replace("Alder Mail", "Alder &amp; Söhne &#34;Mail&#x22; &unknown;");
    assert_ne!(named, NEW);
    assert_eq!(read(named.as_bytes()).unwrap().reporter, "Alder & Söhne \"Mail\"");
}

#[test]
fn reports_are_counted_once_and_summed_by_sender() {
    let mut all = Gathering::default();
    for text in [NEW, OLD, NEW] {
        all.add(read(text.as_bytes()).unwrap());
    }
    let seen = all.finish();
    assert_eq!((seen.reports, seen.repeated), (2, 1));
    assert_eq!(seen.days.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2026-11-04", "2026-11-05"]);
    assert_eq!(seen.reporters["Alder Mail"], 127);
    let own: std::net::IpAddr = "198.51.100.9".parse().unwrap();
    let found = senders(&seen, "example.com", &|ip| (ip == own).then(|| "example.com".to_owned()));
    let told: Vec<_> = found.iter().map(|s| (s.name.as_str(), s.own, s.messages, s.proven, s.unproven())).collect();
    assert_eq!(
        told,
        [
            ("Postmark", true, 123, 123, 0),
            ("senders that nothing names", false, 31, 0, 31),
            ("lists.example.net", false, 4, 0, 0),
            ("your own servers", true, 2, 2, 0),
        ]
    );
    assert!(found[0].service && found[0].docs.is_some());
    assert_eq!(senders(&seen, "example.org", &|_| None), []);
}

#[test]
fn reports_that_are_given_later_join_those_before() {
    let mut first = Gathering::default();
    first.add(read(NEW.as_bytes()).unwrap());
    first.leave_out("damaged XML");
    let mut all = Gathering::after(first.finish());
    for text in [NEW, OLD] {
        all.add(read(text.as_bytes()).unwrap());
    }
    let joined = all.finish();
    let mut at_once = Gathering::default();
    for text in [NEW, OLD, NEW] {
        at_once.add(read(text.as_bytes()).unwrap());
    }
    assert_eq!(joined, at_once.finish());
}

#[test]
fn a_period_of_a_day_is_one_day_wherever_it_begins() {
    for (begin, end, wanted) in [
        ("1793750400", "1793836799", 1),
        ("1793750400", "1793836800", 1),
        ("1793786400", "1793872800", 1),
        ("1793750400", "1793923199", 2),
        ("1793750400", "1793754000", 0),
        ("1793836799", "1793750400", 0),
        ("1793750400", "7258000000", 40),
    ] {
        let mut all = Gathering::default();
        let text =
            NEW.replace("1793750400", "b").replace("1793836799", end).replace("<begin>b", &format!("<begin>{begin}"));
        all.add(read(text.as_bytes()).unwrap());
        assert_eq!(all.finish().days.len(), wanted, "{begin} {end}");
    }
}

#[test]
fn what_is_no_report_says_so_and_hostile_ones_are_bounded() {
    for (text, wanted) in [
        ("", ReportError::NoReport),
        ("<html><body>reports</body></html>", ReportError::NoReport),
        ("{\"feedback\": 1}", ReportError::NoReport),
        ("<feedback></feedback>", ReportError::NoReport),
        ("<feedback><record></row></record></feedback>", ReportError::Damaged),
        (&NEW[..NEW.len() / 2], ReportError::Damaged),
        (&format!("<feedback>{}", "<a>".repeat(100_000)), ReportError::TooDeep),
    ] {
        assert_eq!(read(text.as_bytes()), Err(wanted), "{}", &text[..text.len().min(60)]);
    }
    // Entities that double themselves are not expanded.
    let mut laughs = "<!DOCTYPE feedback [<!ENTITY a0 \"ha\">".to_owned();
    for level in 1..40 {
        laughs.push_str(&format!("<!ENTITY a{level} \"&a{0};&a{0};\">", level - 1));
    }
    laughs.push_str("]>");
    let text = NEW.split_once('\n').unwrap().1.replace("Alder Mail", "Alder&a39; Mail");
    assert_eq!(read(format!("{laughs}{text}").as_bytes()).unwrap().reporter, "Alder Mail");
    let row = "<record><row><source_ip>192.0.2.1</source_ip><count>18446744073709551615</count></row></record>";
    let many = OLD.replace("</feedback>", &format!("{}</feedback>", row.repeat(120_000)));
    let many = read(many.as_bytes()).unwrap();
    assert_eq!((many.rows.len(), many.lost), (100_000, 20_002));
    let mut all = Gathering::default();
    all.add(many);
    let seen = all.finish();
    assert_eq!(seen.sources[0].messages, u64::MAX);
    assert_eq!(seen.left_out.values().sum::<u32>(), 20_002);
    let long = OLD.replace("Birch Inc", &"\u{202e}b".repeat(50_000));
    assert!(read(long.as_bytes()).unwrap().reporter.len() < 2_000);
    let wide: String = (0..7_000)
        .map(|n| {
            row.replace("192.0.2.1", &format!("10.{}.{}.1", n / 250, n % 250)).replace("18446744073709551615", "1")
        })
        .collect();
    let mut all = Gathering::default();
    all.add(read(OLD.replace("</feedback>", &format!("{wide}</feedback>")).as_bytes()).unwrap());
    let seen = all.finish();
    assert_eq!((seen.sources.len(), seen.beyond), (5_000, 2_002));
}
