//! Pictures of small worlds: what is marked, what differs, where each form leads, and who stands where.

use super::{Pictures, of};
use crate::drift;
use crate::facts::{Chain, End, Facts, Propagation, Rcode, RecordData, SetSeen, Told, Way};
use crate::testing::{answer, chain, healthy, hop, now, seen, unseen};
use crate::{Fact, State, Why};
use std::collections::BTreeMap;

fn drawn(facts: &Facts) -> Pictures {
    let roadmap = crate::roadmap::by_id("sd").unwrap();
    of(facts, roadmap, &crate::audit(facts, roadmap, now()))
}

fn txt(text: &str) -> RecordData {
    RecordData::Txt(vec![text.to_owned()])
}

#[test]
fn a_healthy_world_has_no_mark() {
    let mut facts = healthy();
    answer(
        &mut facts,
        "example.com",
        "MX",
        vec![RecordData::Mx { preference: 1, exchange: "smtp.google.com".to_owned() }],
    );
    answer(&mut facts, "example.com", "TXT", vec![txt("v=spf1 include:_spf.google.com -all")]);
    facts.dns.insert("example.com CAA".to_owned(), unseen(Why::Busy));
    let pictures = drawn(&facts);
    let record =
        |rtype: &str| pictures.records.iter().find(|row| row.name == "example.com" && row.rtype == rtype).unwrap();
    assert_eq!(record("MX").line.as_deref(), Some("example.com. 300 IN MX 1 smtp.google.com."));
    assert_eq!(record("TXT").line.as_deref(), Some("example.com. 300 IN TXT \"v=spf1 include:_spf.google.com -all\""));
    assert_eq!((record("A").from.as_str(), record("A").marks.len()), ("test", 0));
    assert_eq!(pictures.unanswered.len(), 1);
}

#[test]
fn records_that_are_wrong_or_there_twice_are_marked() {
    let mut facts = healthy();
    let apex = "example.com";
    answer(&mut facts, apex, "TXT", vec![txt("v=spf1 -all"), txt("v=spf1 ~all"), txt("google-site-verification=x")]);
    let mail = RecordData::Mx { preference: 1, exchange: "203.0.113.25".to_owned() };
    answer(&mut facts, apex, "MX", vec![mail, RecordData::Mx { preference: 5, exchange: "203.0.113.25".to_owned() }]);
    for rtype in ["CNAME", "SOA", "CAA", "NS"] {
        answer(&mut facts, apex, rtype, vec![]);
    }
    let pictures = drawn(&facts);
    let words = |value: &str| -> Vec<&str> {
        let row = pictures.records.iter().find(|row| row.value == value).unwrap();
        row.marks.iter().map(|mark| mark.word.as_str()).collect()
    };
    assert_eq!(words("v=spf1 -all")[0], "duplicate");
    assert!(words("google-site-verification=x").is_empty());
    assert!(words("1 203.0.113.25").starts_with(&["duplicate", "malformed"]), "{:?}", words("1 203.0.113.25"));
}

#[test]
fn what_differs_from_the_accepted_records_is_told_with_who_and_when() {
    let mut facts = healthy();
    answer(&mut facts, "example.com", "TXT", vec![txt("one")]);
    let nothing = drawn(&facts).expected;
    assert!(nothing.accepted.is_none() && nothing.today >= 3, "{}", nothing.today);
    let accepted = crate::facts::Answer { owner: "Dana".to_owned(), ..drift::accept(&facts, now()) };
    facts.answers.insert(drift::KEY.to_owned(), accepted);
    assert!(drawn(&facts).expected.drifts.is_empty());
    answer(&mut facts, "example.com", "TXT", vec![txt("one"), txt("two")]);
    let pictures = drawn(&facts);
    let by = pictures.expected.accepted.unwrap();
    assert_eq!((by.by.as_str(), by.at, by.sets), ("Dana", now(), nothing.today));
    assert_eq!(
        (pictures.expected.drifts.len(), pictures.expected.drifts[0].new.as_slice()),
        (1, ["two".to_owned()].as_slice())
    );
    let marked: Vec<&str> =
        pictures.records.iter().filter(|row| !row.marks.is_empty()).map(|row| row.value.as_str()).collect();
    assert_eq!(marked, ["two"]);
}

#[test]
fn each_voice_is_compared_with_the_domains_own_servers() {
    let set = |address: &str| {
        let records = vec![RecordData::A(address.parse().unwrap())];
        seen(SetSeen { rcode: Rcode::NoError, records, ttl: 120, denied_by_zone: true })
    };
    let told = |who: &str, way: Way, answer: Fact<SetSeen>| Told {
        who: who.to_owned(),
        way,
        at: "192.0.2.53:53".to_owned(),
        answers: BTreeMap::from([("example.com A".to_owned(), answer)]),
    };
    let mut facts = healthy();
    assert!(drawn(&facts).spread.unseen.is_some());
    facts.propagation = Some(seen(Propagation {
        questions: vec!["example.com A".to_owned()],
        servers: vec![told("ns1.example.net", Way::Plain, set("5.9.1.1"))],
        resolvers: vec![
            told("One", Way::Plain, set("5.9.1.1")),
            told("One", Way::Tls, set("5.9.9.9")),
            told("One", Way::Https, unseen(Why::Timeout)),
        ],
    }));
    let spread = drawn(&facts).spread;
    let states: Vec<State> = spread.questions[0].voices.iter().map(|voice| voice.state).collect();
    assert_eq!(states, [State::Done, State::Done, State::Attention, State::Unsure]);
    assert_eq!(spread.questions[0].voices[3].ttl, None);
}

#[test]
fn every_form_is_on_the_redirect_map_with_what_is_wrong_where() {
    let mut facts = healthy();
    let circle = Chain {
        hops: vec![
            hop("https://www.example.com/", 301, Some("http://www.example.com/")),
            hop("http://www.example.com/", 301, Some("https://www.example.com/")),
        ],
        end: End::Loop { back_to: "https://www.example.com/".to_owned() },
    };
    facts.http.insert("https://www.example.com/".to_owned(), seen(circle));
    facts.http.insert("http://example.com/".to_owned(), unseen(Why::Refused));
    facts.http.remove("http://www.example.com/");
    let chains = drawn(&facts).chains;
    let told: Vec<(&str, State)> = chains.iter().map(|chain| (chain.start.as_str(), chain.state)).collect();
    assert_eq!(
        told,
        [
            ("http://example.com/", State::NotApplicable),
            ("https://example.com/", State::Done),
            ("http://www.example.com/", State::Unsure),
            ("https://www.example.com/", State::Failing),
        ]
    );
    assert!(chains[3].hops[0].wrong.iter().any(|wrong| wrong.says.contains("circle")), "{:?}", chains[3]);
    assert_eq!(chains[3].hops[0].target.as_deref(), Some("http://www.example.com/"));
    assert_eq!(chains[1].to.as_deref(), Some("https://example.com/"));
}

#[test]
fn the_line_of_companies_says_where_one_ends_and_what_is_not_known() {
    let mut facts = healthy();
    chain(&mut facts, &["https://example.com/"]);
    let map = drawn(&facts).providers;
    let states: Vec<State> = map.stations.iter().map(|station| station.state).collect();
    assert_eq!(states.len(), 6);
    assert_eq!(map.stations[2].parties[0].name, "Cloudflare");
    assert_eq!(map.stations[3].state, State::Unsure);
    assert!(map.stations[3].says.contains("Cloudflare hides"), "{}", map.stations[3].says);
    assert_eq!(map.border.as_deref(), Some("here Cloudflare ends and hosting begins"));
    assert!(map.stations[0].state == State::Unsure && !map.stations[0].says.is_empty());
}
