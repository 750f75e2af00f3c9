//! edge.proxy: a content delivery network stands in front, and no address goes round it.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::read::address::class;
use crate::read::provider::{self, Provider};
use crate::{Case, Unseen, Why};
use std::net::IpAddr;

/// edge.proxy.
pub static CHECK: Check = Check {
    id: "edge.proxy",
    title: "A delivery network stands in front of the site, with no way round it",
    why: "Without one, a burst of visitors or a cheap attack reaches your only server directly.",
    needs: &[Need::Public],
    concern: Concern::Reach,
    covers: "The addresses, aliases and headers of the bare domain and www; other names that lead to the origin are looked at later.",
    ask: None,
    refs: &["assets/data/providers.toml", "RFC 9110 §7.6.3"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let mut seen = vec![];
    // An address that no visitor can reach is the business of the dns checks.
    let usable = |address: &IpAddr| class(*address).is_public() || case.facts.scope.allow_private;
    for host in [case.apex().to_owned(), case.www()] {
        let found = case.addresses(&host).or_else(|why| if host == case.apex() { Err(why) } else { Ok(vec![]) })?;
        for address in found.into_iter().filter(usable) {
            let behind = recognised(case, &host, address);
            seen.push((host.clone(), address, behind));
        }
    }
    if seen.is_empty() {
        let says = format!("{} has no address that visitors can reach", case.apex());
        return Err(Unseen {
            what: case.apex().to_owned(),
            why: Why::Depends,
            says,
            way: "mend its address records first".to_owned(),
        });
    }
    let proof = seen.iter().filter_map(|(host, address, behind)| {
        let (provider, sign) = behind.as_ref().ok()?.as_ref()?;
        Some(format!("{host} {address}: {} ({sign})", provider.name))
    });
    let proof: Vec<String> = proof.collect();
    let Some((network, _)) = seen.iter().find_map(|(_, _, behind)| behind.as_ref().ok().and_then(Option::as_ref))
    else {
        // Nothing was recognised: only honest when everything that could tell was seen.
        if let Some(why) = seen.iter().find_map(|(_, _, behind)| behind.as_ref().err()) {
            return Err(why.clone());
        }
        return Ok(Verdict::judged(
            proof,
            seen.first().map(|(_, address, _)| none(case, *address)).into_iter().collect(),
            vec![],
        ));
    };
    // Only a network that publishes its ranges can be told to be gone round.
    let round = |(host, address, behind): &(String, IpAddr, Result<_, Unseen>)| {
        let outside = matches!(behind, Ok(None) | Err(_)) && !network.ranges.is_empty();
        outside.then(|| past(host, *address, network))
    };
    Ok(Verdict::judged(proof, seen.iter().filter_map(round).collect(), vec![]))
}

type Behind = Option<(&'static Provider, String)>;

fn recognised(case: &Case<'_>, host: &str, address: IpAddr) -> Result<Behind, Unseen> {
    let aliases: Vec<&str> = case.dns(host, "A").map(|answer| answer.aliases().collect()).unwrap_or_default();
    let known = |headers: &[String]| {
        let networks = provider::all().iter().filter(|provider| provider.does("cdn"));
        networks.filter_map(|provider| provider.serves(address, &aliases, headers).map(|sign| (provider, sign))).next()
    };
    if let Some(found) = known(&[]) {
        return Ok(Some(found));
    }
    let chain = case.chain(&format!("https://{host}/"))?;
    Ok(known(&provider::headers(chain, host, address)))
}

fn none(case: &Case<'_>, address: IpAddr) -> Finding {
    Finding {
        subject: case.apex().to_owned(),
        grade: Grade::Warn,
        severity: Severity::Medium,
        says: "No delivery network (CDN) stands in front of the site, so every visitor and every attack reaches your server directly.".to_owned(),
        evidence: vec![format!("{} {address}: no known delivery network by address, alias or header", case.apex())],
        fix: Fix {
            says: "Put Cloudflare's free plan, or the CDN of your host, in front: add the domain there, copy the records, then change the name servers at your registrar.".to_owned(),
            paste: None,
            minutes: 60,
            after: vec!["dns.nameservers".to_owned(), "dns.apex".to_owned()],
        },
    }
}

fn past(host: &str, address: IpAddr, network: &Provider) -> Finding {
    let rtype = if address.is_ipv4() { "A" } else { "AAAA" };
    Finding {
        subject: host.to_owned(),
        grade: Grade::Fail,
        severity: Severity::High,
        says: format!("{host} also points to {address}, which goes round {} straight to your server.", network.name),
        evidence: vec![
            format!("{host} {rtype} {address}"),
            format!("{address} is in none of {}'s published ranges", network.name),
        ],
        fix: Fix {
            says: format!(
                "Switch this record to proxied at {}, or remove it; then let the server accept connections from {} only.",
                network.name, network.name
            ),
            paste: Some(format!("change: {host}. IN {rtype} {address}  →  proxied")),
            minutes: 20,
            after: vec![],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::Why;
    use crate::check::Status;
    use crate::facts::RecordData;
    use crate::testing::{absent, answer, chain_at, findings, header, healthy, host, status, unseen};

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
    fn no_network_warns_and_a_way_round_fails() {
        let mut facts = healthy();
        host(&mut facts, "example.com", "5.161.44.10");
        host(&mut facts, "www.example.com", "5.161.44.10");
        assert_eq!(status(&CHECK, &facts), Status::Warn);
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
}
