//! Services that are announced: healthy, broken, unseen.

use super::super::CHECK;
use crate::check::{Finding, Status};
use crate::facts::{Facts, RecordData};
use crate::testing::{absent, answer, findings, handshake, healthy, host, seen, status, unseen};

const SIP: &str = "_sip._tls.example.com";

fn whole() -> Facts {
    let mut facts = healthy();
    for rtype in ["CNAME", "TXT", "SOA", "CAA", "MX", "NAPTR", "HTTPS"] {
        answer(&mut facts, "example.com", rtype, vec![]);
    }
    answer(&mut facts, "example.com", "NS", vec![RecordData::Ns("ada.ns.cloudflare.com".to_owned())]);
    host(&mut facts, "sip.host.net", "203.0.113.9");
    absent(&mut facts, "gone.host.net");
    facts
}

fn told(name: &str, rtype: &str, texts: &[&str]) -> Vec<Finding> {
    findings(&CHECK, &with(whole(), name, rtype, texts))
}

fn with(mut facts: Facts, name: &str, rtype: &str, texts: &[&str]) -> Facts {
    let data = texts.iter().map(|text| RecordData::Other { rtype: rtype.to_owned(), text: (*text).to_owned() });
    answer(&mut facts, name, rtype, data.collect());
    facts
}

#[test]
fn usual_services_are_well() {
    for (name, rtype, text) in [
        (SIP, "SRV", "100 1 443 sip.host.net."),
        (SIP, "SRV", "0 0 0 ."),
        ("example.com", "HTTPS", "1 . alpn=h2"),
        ("example.com", "HTTPS", "1 . alpn=h3,h2 ipv4hint=104.18.20.10"),
        ("example.com", "HTTPS", "1 . alpn=h2 ipv4hint=104.18.21.10"),
        ("example.com", "HTTPS", "1 sip.host.net. mandatory=port port=8443 alpn=h3"),
        ("example.com", "NAPTR", "10 20 \"s\" \"SIP+D2U\" \"\" _sip._udp.example.com."),
    ] {
        assert_eq!(told(name, rtype, &[text]), [], "{text}");
    }
}

#[test]
fn services_that_lead_nowhere_are_told() {
    for (texts, says) in [
        (vec!["1 1 443 203.0.113.9."], "host name belongs"),
        (vec!["1 1 443 _sip._tls.example.com."], "names itself"),
        (vec!["1 1 443 sip.example.com.example.com."], "twice"),
        (vec!["1 1 0 sip.host.net."], "port 0"),
        (vec!["1 1 443 gone.host.net."], "no address"),
        (vec!["0 0 0 .", "1 1 443 sip.host.net."], "as well"),
    ] {
        let found = told(SIP, "SRV", &texts);
        assert!(found.len() == 1 && found[0].says.contains(says), "{texts:?}: {found:#?}");
    }
}

#[test]
fn an_alias_counts_only_where_it_can_be_mended() {
    for (target, count) in [("sip.example.com", 1), ("sipdir.host.net", 0)] {
        let mut facts = with(whole(), SIP, "SRV", &[&format!("1 1 443 {target}.")]);
        let data = vec![RecordData::Cname("a.host.net".to_owned()), RecordData::A("203.0.113.9".parse().unwrap())];
        answer(&mut facts, target, "A", data);
        assert_eq!(findings(&CHECK, &facts).len(), count, "{target}");
    }
}

#[test]
fn bindings_that_contradict_are_told() {
    for (texts, says) in [
        (vec!["0 ."], "no web site"),
        (vec!["0 example.com."], "circle"),
        (vec!["0 sip.host.net.", "1 . alpn=h2"], "beside"),
        (vec!["1 . mandatory=port alpn=h2"], "must know port"),
        (vec!["1 . no-default-alpn="], "forbids"),
        (vec!["1 . port=80 alpn=h2"], "port 80"),
        (vec!["1 gone.host.net. alpn=h2"], "no address"),
        (vec!["1 . ipv4hint=203.0.113.77"], "203.0.113.77"),
    ] {
        let found = told("example.com", "HTTPS", &texts);
        assert!(found.len() == 1 && found[0].says.contains(says), "{texts:?}: {found:#?}");
    }
}

#[test]
fn a_circle_of_aliases_over_several_names_is_told() {
    let facts = with(whole(), "example.com", "HTTPS", &["0 a.host.net."]);
    let facts = with(facts, "a.host.net", "HTTPS", &["0 b.host.net."]);
    let facts = with(facts, "b.host.net", "HTTPS", &["0 a.host.net."]);
    assert!(findings(&CHECK, &facts)[0].says.contains("example.com → a.host.net → b.host.net → a.host.net"));
}

#[test]
fn a_promise_that_the_server_does_not_keep_is_told() {
    let mut facts = with(whole(), "example.com", "HTTPS", &["1 . alpn=h2"]);
    let mut shown = handshake("example.com");
    shown.alpn = Some("http/1.1".to_owned());
    facts.tls.insert("example.com|104.18.20.10".to_owned(), seen(shown));
    assert!(findings(&CHECK, &facts)[0].says.contains("HTTP/1.1 only"));
    facts.tls.insert("example.com|104.18.20.10".to_owned(), unseen(crate::Why::Timeout));
    assert_eq!(status(&CHECK, &facts), Status::Pass);
}

#[test]
fn a_rule_that_is_malformed_is_told() {
    assert!(told("example.com", "NAPTR", &["10 20 \"s\" \"SIP+D2U\" \"\" ."])[0].says.contains("neither"));
}

#[test]
fn silence_is_not_judged() {
    for key in [format!("{SIP} SRV"), "example.com HTTPS".to_owned(), "example.com NAPTR".to_owned()] {
        let mut facts = whole();
        facts.dns.insert(key.clone(), unseen(crate::Why::Busy));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell, "{key}");
    }
    let mut facts = with(whole(), SIP, "SRV", &["1 1 443 slow.host.net."]);
    facts.dns.insert("slow.host.net A".to_owned(), unseen(crate::Why::Timeout));
    facts.dns.insert("slow.host.net AAAA".to_owned(), unseen(crate::Why::Timeout));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}
