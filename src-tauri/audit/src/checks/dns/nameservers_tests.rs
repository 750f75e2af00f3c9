//! Tests of dns.nameservers.

use super::CHECK;
use crate::Why;
use crate::check::Status;
use crate::facts::{Conduct, Delegation, Facts, RecordData, ServerAnswer, ServerSeen, Service, Timers};
use crate::testing::{answer, blank, findings, seen, status, unseen};

fn server(name: &str, authoritative: bool, serial: Option<u32>) -> ServerSeen {
    let rcode = if authoritative { "NOERROR" } else { "REFUSED" }.to_owned();
    let at = std::net::Ipv4Addr::new(173, 245, 58, name.as_bytes()[0]);
    let soa = seen(ServerAnswer { rcode, authoritative, serial, nameservers: vec![] });
    ServerSeen { name: name.to_owned(), address: Some(at.into()), soa }
}

fn facts(parent: &[&str], servers: Vec<ServerSeen>) -> Facts {
    let child = servers.iter().map(|server| server.name.clone()).collect();
    let parent = seen(parent.iter().map(|&name| name.to_owned()).collect());
    let mut facts = blank();
    facts.service = Some(seen(Service::default()));
    facts.delegation = Some(seen(Delegation { zone: "example.com".to_owned(), parent, child, servers }));
    facts
}

#[test]
fn two_that_agree_pass() {
    let two = vec![server("a.ns", true, Some(7)), server("b.ns", true, Some(7))];
    assert_eq!(status(&CHECK, &facts(&["a.ns", "b.ns"], two)), Status::Pass);
}

#[test]
fn lame_single_different_and_undelegated_servers_are_told() {
    let lame = facts(&["a.ns", "b.ns"], vec![server("a.ns", true, Some(7)), server("b.ns", false, None)]);
    assert!(findings(&CHECK, &lame)[0].says.contains("b.ns"));
    let single = facts(&["a.ns"], vec![server("a.ns", true, Some(7))]);
    assert_eq!(status(&CHECK, &single), Status::Warn);
    let old = facts(&["a.ns", "b.ns"], vec![server("a.ns", true, Some(7)), server("b.ns", true, Some(6))]);
    assert!(findings(&CHECK, &old)[0].says.contains("different versions"));
    let other = facts(&["a.ns", "c.ns"], vec![server("a.ns", true, Some(7)), server("b.ns", true, Some(7))]);
    assert!(findings(&CHECK, &other)[0].says.contains("registrar"));
}

#[test]
fn a_silent_server_or_parent_is_not_judged() {
    let mut quiet = server("b.ns", true, Some(7));
    quiet.soa = unseen(Why::Timeout);
    assert_eq!(
        status(&CHECK, &facts(&["a.ns", "b.ns"], vec![server("a.ns", true, Some(7)), quiet])),
        Status::CouldNotTell
    );
    assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
}

/// Two servers that agree, with these records at each.
fn conduct(question: &str, sets: [&[&str]; 2]) -> Facts {
    let mut facts = facts(&["a.ns", "b.ns"], vec![server("a.ns", true, Some(7)), server("b.ns", true, Some(7))]);
    let servers =
        ["a.ns", "b.ns"].into_iter().zip(["173.245.58.1", "173.245.58.2"]).zip(sets).map(|((name, at), set)| {
            let set = seen(set.iter().map(|&text| text.to_owned()).collect::<Vec<_>>());
            Conduct {
                server: name.to_owned(),
                address: at.parse().unwrap(),
                edns: seen(true),
                tcp: seen(true),
                open: seen(false),
                transfer: Some(seen(false)),
                denied: [].into(),
                sets: [(question.to_owned(), set)].into(),
            }
        });
    facts.service = Some(seen(Service { servers: servers.collect(), ..Service::default() }));
    facts
}

fn change(mut facts: Facts, change: impl FnOnce(&mut Service)) -> Facts {
    let mut service = facts.service.as_ref().unwrap().seen().unwrap().clone();
    change(&mut service);
    facts.service = Some(seen(service));
    facts
}

#[test]
fn records_that_differ_between_servers_are_told_with_both_values() {
    assert_eq!(status(&CHECK, &conduct("example.com MX", [&["MX 1 a"], &["MX 1 a"]])), Status::Pass);
    let found = findings(&CHECK, &conduct("example.com MX", [&["MX 1 a"], &[]]));
    assert!(found[0].evidence.iter().any(|line| line.contains("b.ns") && line.ends_with("none")), "{found:?}");
    assert_eq!(status(&CHECK, &conduct("example.com TXT", [&["TXT a"], &["TXT b"]])), Status::Warn);
    assert_eq!(status(&CHECK, &conduct("example.com A", [&["A 5.161.44.10"], &["A 5.161.44.11"]])), Status::Fail);
}

#[test]
fn addresses_that_a_provider_turns_round_are_no_difference() {
    let pool = conduct("example.com A", [&["A 104.18.20.10"], &["A 104.18.26.99"]]);
    assert_eq!(status(&CHECK, &pool), Status::Pass);
    let part = conduct("example.com A", [&["A 5.161.44.10", "A 5.161.44.11"], &["A 5.161.44.11", "A 5.161.44.12"]]);
    assert_eq!(status(&CHECK, &part), Status::Pass);
}

#[test]
fn manners_timers_and_old_addresses_are_told() {
    let same = || conduct("example.com MX", [&[], &[]]);
    assert!(findings(&CHECK, &change(same(), |s| s.servers[0].open = seen(true)))[0].says.contains("everybody"));
    assert!(findings(&CHECK, &change(same(), |s| s.servers[0].tcp = seen(false)))[0].says.contains("TCP"));
    assert!(findings(&CHECK, &change(same(), |s| s.servers[0].edns = seen(false)))[0].says.contains("EDNS"));
    let timers = Timers { refresh: 7_200, retry: 900, expire: 3_600, minimum: 172_800 };
    assert_eq!(findings(&CHECK, &change(same(), |s| s.timers = Some(timers))).len(), 2);
    let hasty = Timers { refresh: 900, retry: 900, expire: 604_800, minimum: 1_800 };
    assert!(findings(&CHECK, &change(same(), |s| s.timers = Some(hasty)))[0].says.contains("tries again later"));
    let mut mailed = same();
    let (mname, rname) = ("a.ns".to_owned(), "me@example.com".to_owned());
    answer(&mut mailed, "example.com", "SOA", vec![RecordData::Soa { mname, rname, serial: 7 }]);
    let told = findings(&CHECK, &mailed);
    assert_eq!(told[0].fix.paste.as_deref(), Some("me.example.com."));
    let mut old = change(same(), |s| drop(s.glue.insert("a.ns".to_owned(), vec!["192.0.9.9".parse().unwrap()])));
    answer(&mut old, "a.ns", "A", vec![RecordData::A("173.245.58.1".parse().unwrap())]);
    answer(&mut old, "a.ns", "AAAA", vec![]);
    assert!(findings(&CHECK, &old)[0].says.contains("old address"));
    let silent = change(same(), |s| s.servers[0].tcp = unseen(Why::Timeout));
    assert_eq!(status(&CHECK, &silent), Status::CouldNotTell);
}

#[test]
fn a_server_without_address_is_told_and_a_machine_without_ipv6_is_no_fault() {
    let mut nowhere = server("b.ns", true, Some(7));
    (nowhere.address, nowhere.soa) = (None, unseen(Why::Depends));
    let mut facts = facts(&["a.ns", "b.ns"], vec![server("a.ns", true, Some(7)), nowhere]);
    answer(&mut facts, "b.ns", "A", vec![]);
    answer(&mut facts, "b.ns", "AAAA", vec![]);
    assert!(findings(&CHECK, &facts)[0].says.contains("no address"));
    let mut six = server("b.ns", true, Some(7));
    (six.address, six.soa) = (Some("2606:4700::1".parse().unwrap()), unseen(Why::NoRoute));
    let three = vec![server("a.ns", true, Some(7)), server("b.ns", true, Some(7)), six];
    assert_eq!(status(&CHECK, &self::facts(&["a.ns", "b.ns"], three)), Status::Pass);
}

#[test]
fn a_server_that_says_too_much_or_too_little_is_told() {
    let same = || conduct("example.com MX", [&["MX 1 a"], &["MX 1 a"]]);
    let open = change(same(), |s| s.servers[1].transfer = Some(seen(true)));
    assert!(findings(&CHECK, &open)[0].says.contains("whole list"));
    let both = change(same(), |s| {
        let mut other = s.servers[1].clone();
        other.address = "2606:4700::1".parse().unwrap();
        s.servers.push(other);
        s.servers[1..].iter_mut().for_each(|server| server.transfer = Some(seen(true)));
    });
    assert_eq!(findings(&CHECK, &both).iter().map(|one| one.evidence.len()).collect::<Vec<_>>(), [2]);
    let quiet = change(same(), |s| s.servers[1].transfer = Some(unseen(Why::Timeout)));
    assert_eq!(status(&CHECK, &quiet), Status::Pass);
    let denying = |question: &str| change(same(), |s| s.servers[1].denied = [question.to_owned()].into());
    assert!(
        findings(&CHECK, &denying("example.com HTTPS"))[0].says.contains("does not exist when asked for its HTTPS")
    );
    assert_eq!(status(&CHECK, &denying("gone.example.com A")), Status::Pass);
}

#[test]
fn a_server_inside_a_private_network_is_told_once() {
    let mut inner = server("b.ns", true, Some(7));
    (inner.address, inner.soa) = (Some("10.0.0.53".parse().unwrap()), unseen(Why::Forbidden));
    let mut facts = facts(&["a.ns", "b.ns"], vec![server("a.ns", true, Some(7)), inner]);
    let found = findings(&CHECK, &facts);
    assert!(found.len() == 1 && found[0].says.contains("private address"), "{found:#?}");
    facts.scope.allow_private = true;
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}
