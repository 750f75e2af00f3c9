//! Tests of edge.proxy.

use super::CHECK;
use crate::Why;
use crate::check::Status;
use crate::facts::{OriginAnswer, OriginSeen, RecordData};
use crate::testing::{absent, answer, certificate, chain_at, findings, header, healthy, host, seen, status, unseen};

#[test]
fn a_network_is_recognised_by_range_or_by_header() {
    assert_eq!(status(&CHECK, &healthy()), Status::Pass);
    let mut facts = healthy();
    for name in ["example.com", "www.example.com"] {
        host(&mut facts, name, "5.161.44.10");
        let hop = &mut chain_at(&mut facts, &format!("https://{name}/")).hops[0];
        hop.address = "5.161.44.10:443".to_owned();
        hop.headers = vec![header("x-amz-cf-id", "abc")];
    }
    assert_eq!(status(&CHECK, &facts), Status::Pass);
}

#[test]
fn without_a_network_there_is_no_way_round_and_with_one_it_fails() {
    let mut facts = healthy();
    host(&mut facts, "example.com", "5.161.44.10");
    host(&mut facts, "www.example.com", "5.161.44.10");
    assert_eq!(status(&CHECK, &facts), Status::NotApplicable);
    let mut facts = healthy();
    answer(&mut facts, "example.com", "AAAA", vec![RecordData::Aaaa("2a01:4ff::10".parse().unwrap())]);
    assert!(findings(&CHECK, &facts)[0].says.contains("goes round Cloudflare"));
}

#[test]
fn without_the_page_nothing_is_claimed() {
    let mut facts = healthy();
    host(&mut facts, "example.com", "5.161.44.10");
    host(&mut facts, "www.example.com", "5.161.44.10");
    facts.http.insert("https://example.com/".to_owned(), unseen(Why::Timeout));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    absent(&mut facts, "www.example.com");
    answer(&mut facts, "example.com", "A", vec![RecordData::A("10.0.0.12".parse().unwrap())]);
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}

#[test]
fn an_origin_that_shows_the_site_fails_and_other_servers_do_not() {
    let at = |answer: Option<OriginAnswer>, certificate: Option<String>| {
        let mut facts = healthy();
        let found = vec!["direct.example.com".to_owned()];
        let open = OriginSeen { found, open: true, certificate, answer };
        facts.origins.insert("5.161.44.10".to_owned(), seen(open));
        facts
    };
    let page = |title: &str| OriginAnswer { status: 200, title: Some(title.to_owned()), ..OriginAnswer::default() };
    let same = at(Some(page("Example")), Some(certificate(&["example.com"], -9, 80)));
    let found = findings(&CHECK, &same);
    assert!(found[0].says.contains("5.161.44.10") && found[0].subject == "direct.example.com", "{found:?}");
    for other in [at(Some(page("Webmail")), Some(certificate(&["*.example.com"], -9, 80))), at(None, None)] {
        assert_eq!(status(&CHECK, &other), Status::Pass);
    }
    // Without the site itself there is nothing to compare with.
    let mut alone = same.clone();
    alone.http.insert("https://example.com/".to_owned(), unseen(Why::Timeout));
    assert_eq!(status(&CHECK, &alone), Status::CouldNotTell);
    // A server that stays silent to strangers is set up as it should be.
    let mut silent = healthy();
    silent.origins.insert("5.161.44.10".to_owned(), seen(OriginSeen::default()));
    assert_eq!(status(&CHECK, &silent), Status::Pass);
    // One that took the connection and then failed may show anything at other times.
    for why in [Why::Timeout, Why::Busy, Why::Broken] {
        silent.origins.insert("5.161.44.10".to_owned(), unseen(why));
        assert_eq!(status(&CHECK, &silent), Status::CouldNotTell);
    }
}
