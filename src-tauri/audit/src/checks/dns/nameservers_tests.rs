//! Tests of dns.nameservers.

use super::CHECK;
use crate::Why;
use crate::check::Status;
use crate::facts::{Delegation, Facts, ServerAnswer, ServerSeen};
use crate::testing::{blank, findings, seen, status, unseen};

fn server(name: &str, authoritative: bool, serial: Option<u32>) -> ServerSeen {
    let rcode = if authoritative { "NOERROR" } else { "REFUSED" }.to_owned();
    let soa = seen(ServerAnswer { rcode, authoritative, serial, nameservers: vec![] });
    ServerSeen { name: name.to_owned(), address: Some("173.245.58.1".parse().unwrap()), soa }
}

fn facts(parent: &[&str], servers: Vec<ServerSeen>) -> Facts {
    let child = servers.iter().map(|server| server.name.clone()).collect();
    let parent = seen(parent.iter().map(|&name| name.to_owned()).collect());
    let mut facts = blank();
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
