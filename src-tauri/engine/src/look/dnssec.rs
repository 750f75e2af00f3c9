//! DNSSEC: the keys and signatures of every zone from the root to the domain, asked of the resolver without its own checking.

use crate::net::question::{How, Reply};
use crate::net::signed::{Set, anchors, wish};
use crate::net::trouble::Trouble;
use crate::net::{denial, record};
use crate::run::Desk;
use audit::facts::{Absence, Denial, Dnssec, Fact, Link, Observation, RecordData, ServerSigned, SignedSet, Wish};
use audit::{Unseen, Why};
use futures::future::{join_all, join3};
use hickory_proto::dnssec::rdata::DNSKEY;
use hickory_proto::op::ResponseCode;
use hickory_proto::rr::RecordType;
use std::net::{IpAddr, SocketAddr};

/// Names walked from the root to the domain.
const CLIMB: usize = 8;

/// What the resolver gave for one name and type.
type Signed = Result<(Set, String), Trouble>;

/// Servers of the zone that are asked one by one.
const SERVERS: usize = 6;
/// A type that nobody has: what is said of it is how the zone denies types (RFC 1183 §2.2).
const RARE: RecordType = RecordType::Unknown(19);

/// Records of either kind by which the zone may ask its parent for keys.
const WISHES: usize = 32;

/// A name on the way with what it shows.
struct Step {
    name: String,
    /// Whether a zone begins here.
    cut: Result<bool, Trouble>,
    digests: Result<Reply, Trouble>,
    keys: Signed,
}

/// Looks at the chain of signatures down to the domain.
pub(crate) async fn look(desk: &Desk<'_>) {
    let what = format!("DNSSEC of {}", desk.apex());
    let fact = desk.job(&what, Box::pin(see(desk, &what))).await;
    desk.saw(Observation::Dnssec { fact });
}

async fn see(desk: &Desk<'_>, what: &str) -> Fact<Dnssec> {
    let steps = join_all(ancestors(desk.apex()).map(|name| step(desk, name)));
    let sets = join_all([RecordType::SOA, RecordType::A].map(|rtype| async move {
        (rtype, desk.net.dns.ask_signed(desk.apex(), rtype).await.map(|reply| reply_set(&reply, desk.apex(), rtype)))
    }));
    let (mut steps, sets) = tokio::join!(steps, sets);
    // The root is signed everywhere: without its signatures the resolver leaves all of them out.
    let from = match &steps.first().map(|root| &root.keys) {
        Some(Ok((set, from))) if set.is_signed() => from.clone(),
        Some(Ok((_, from))) => {
            let says = format!("{from} leaves DNSSEC signatures out of its answers, as many home routers do");
            let way = "name another resolver for the run, such as 9.9.9.9";
            return Fact::Unseen(Trouble::new(Why::Depends, says).with_way(way).of(what));
        }
        Some(Err(trouble)) => return Fact::Unseen(trouble.of(what)),
        None => return Fact::Unseen(Trouble::new(Why::Depends, "there is no root").of(what)),
    };
    if let Err(unseen) = cuts(&mut steps, desk.apex()) {
        return Fact::Unseen(unseen);
    }
    let mut links = Vec::new();
    let mut above: Option<Above> = None;
    for step in &steps {
        let keys = step.keys.as_ref().map(|(set, _)| set.zone_keys()).unwrap_or_default();
        links.push(link(desk, step, &keys, above.as_ref()));
        above = Some(Above { zone: step.name.clone(), keys });
    }
    let Above { zone, keys } = above.unwrap_or_default();
    let (servers, wished) = tokio::join!(Box::pin(servers(desk, &zone, &keys)), Box::pin(wished(desk, &zone, &keys)));
    let answers = sets.into_iter().map(|(rtype, answer)| {
        let mnemonic = record::mnemonic(rtype);
        let signatures = match answer {
            Ok((set, from)) => desk.seen((!set.is_empty()).then(|| set.signatures(&keys)), from),
            Err(trouble) => Fact::Unseen(trouble.of(format!("signature over {} {mnemonic}", desk.apex()))),
        };
        SignedSet { rtype: mnemonic, signatures }
    });
    desk.seen(Dnssec { answers: answers.collect(), links, servers, wished }, from)
}

/// The zone above with its keys.
#[derive(Default)]
struct Above {
    zone: String,
    keys: Vec<DNSKEY>,
}

/// What each of the zone's own servers shows: resolvers ask any of them, so one without signatures breaks the zone now and then.
async fn servers(desk: &Desk<'_>, zone: &str, keys: &[DNSKEY]) -> Vec<ServerSigned> {
    if keys.is_empty() {
        return Vec::new();
    }
    let listed = desk.net.dns.ask(zone, RecordType::NS).await;
    let names = crate::run::names(&listed, |data| match data {
        RecordData::Ns(name) => Some(name),
        _ => None,
    });
    let found = join_all(names.iter().take(SERVERS).map(|name| async move {
        let addresses = desk.addresses_elsewhere(name).await.unwrap_or_default();
        match addresses.first() {
            Some(address) => server(desk, zone, keys, name, *address).await,
            None => None,
        }
    }));
    found.await.into_iter().flatten().collect()
}

/// None for a server that answers without authority, or has an address inside a private network: what is wrong there is the business of dns.nameservers.
async fn server(desk: &Desk<'_>, zone: &str, keys: &[DNSKEY], name: &str, address: IpAddr) -> Option<ServerSigned> {
    let (dns, at) = (&desk.net.dns, SocketAddr::new(address, 53));
    let how = How { recurse: false, edns: true, signed: true };
    let random = desk.facts().scope.random_name.clone();
    let (soa, missing, bare) = join3(
        Box::pin(dns.ask_server_with(at, zone, RecordType::SOA, how)),
        Box::pin(dns.ask_server_with(at, &random, RecordType::A, how)),
        Box::pin(dns.ask_server_with(at, zone, RARE, how)),
    )
    .await;
    let server = format!("{name} ({address})");
    let soa = match soa {
        Ok(reply) if telling(&reply, &server).is_err() => return None,
        Err(trouble) if trouble.why == Why::Forbidden => return None,
        Ok(reply) => desk.seen(Set::of(&reply.message, zone, RecordType::SOA).signatures(keys), &reply.from),
        Err(trouble) => Fact::Unseen(trouble.of(format!("signature over the SOA of {zone} at {server}"))),
    };
    let name = absence(desk, zone, keys, &server, (&random, RecordType::A), missing);
    let rtype = absence(desk, zone, keys, &server, (zone, RARE), bare);
    Some(ServerSigned { server, soa, name, rtype })
}

fn absence(
    desk: &Desk<'_>,
    zone: &str,
    keys: &[DNSKEY],
    server: &str,
    (name, rtype): (&str, RecordType),
    reply: Result<Reply, Trouble>,
) -> Fact<Absence> {
    let question = format!("{name} {}", record::mnemonic(rtype));
    match reply.and_then(|reply| telling(&reply, server).map(|()| reply)) {
        Ok(reply) => {
            let message = &reply.message;
            let held = [rtype, RecordType::CNAME].map(|rtype| Set::of(message, name, rtype));
            let set = held.iter().find(|set| !set.is_empty());
            let labels = set.and_then(Set::wildcard);
            let denial = match (set, labels) {
                (Some(_), Some(labels)) => denial::expanded(message, zone, name, labels, keys),
                (Some(_), None) => Denial::default(),
                (None, _) => denial::absent(message, zone, name, rtype, keys),
            };
            let answered = set.map(|set| set.signatures(keys));
            desk.seen(Absence { question, answered, wildcard: labels.is_some(), denial }, reply.from)
        }
        Err(trouble) => Fact::Unseen(trouble.of(format!("denial of {question} at {server}"))),
    }
}

/// Whether an answer was given with authority.
fn telling(reply: &Reply, server: &str) -> Result<(), Trouble> {
    let code = reply.message.metadata.response_code;
    if matches!(code, ResponseCode::NoError | ResponseCode::NXDomain) && reply.message.metadata.authoritative {
        return Ok(());
    }
    Err(Trouble::new(Why::Depends, format!("{server} gave no answer with authority ({code})"))
        .with_way("mend the name server first (see dns.nameservers)"))
}

/// What the zone asks its parent to hold of it.
async fn wished(desk: &Desk<'_>, zone: &str, keys: &[DNSKEY]) -> Option<Fact<Vec<Wish>>> {
    if keys.is_empty() {
        return None;
    }
    let dns = &desk.net.dns;
    let (digests, shown) = tokio::join!(
        Box::pin(dns.ask_signed(zone, RecordType::CDS)),
        Box::pin(dns.ask_signed(zone, RecordType::CDNSKEY))
    );
    let both = digests.and_then(|digests| Ok((digests, shown?)));
    Some(match both {
        Ok((digests, shown)) => {
            let own = [&digests, &shown].into_iter().flat_map(|reply| reply.message.answers.iter().take(WISHES));
            desk.seen(own.filter_map(|held| wish(held, keys)).collect(), digests.from.clone())
        }
        Err(trouble) => Fact::Unseen(trouble.of(format!("CDS and CDNSKEY of {zone}"))),
    })
}

fn link(desk: &Desk<'_>, step: &Step, keys: &[DNSKEY], above: Option<&Above>) -> Link {
    let name = &step.name;
    let shown = if name == "." { "the root".to_owned() } else { name.clone() };
    let mut denial = None;
    let digests = match (&step.digests, above) {
        (_, None) => desk.seen(anchors(&desk.world.anchors, keys), "this program's list"),
        (Ok(reply), Some(parent)) => {
            let set = Set::of(&reply.message, name, RecordType::DS);
            denial = set
                .is_empty()
                .then(|| denial::absent(&reply.message, &parent.zone, name, RecordType::DS, &parent.keys));
            desk.seen(set.digests(keys, &parent.keys), &reply.from)
        }
        (Err(trouble), _) => Fact::Unseen(trouble.of(format!("DS of {shown}"))),
    };
    let keys = match &step.keys {
        Ok((set, from)) => desk.seen(set.keys(), from),
        Err(trouble) => Fact::Unseen(trouble.of(format!("DNSKEY of {shown}"))),
    };
    Link { zone: name.clone(), digests, denial, keys }
}

/// Leaves only the names where a zone begins: those with name servers of their own. Below the last of them lies the domain.
fn cuts(steps: &mut Vec<Step>, apex: &str) -> Result<(), Unseen> {
    for step in steps.iter() {
        step.cut.as_ref().map_err(|trouble| trouble.of(format!("{} NS", step.name)))?;
    }
    steps.retain(|step| step.name == "." || matches!(step.cut, Ok(true)));
    if steps.len() < 2 {
        let says = format!("{apex} has no name servers in DNS");
        return Err(Trouble::new(Why::Depends, says)
            .with_way("set up the domain at its registrar and its DNS provider first")
            .of(format!("DNSSEC of {apex}")));
    }
    Ok(())
}

async fn step(desk: &Desk<'_>, name: String) -> Step {
    let dns = &desk.net.dns;
    let (cut, digests, keys) = join3(
        Box::pin(dns.ask_signed(&name, RecordType::NS)),
        Box::pin(dns.ask_signed(&name, RecordType::DS)),
        Box::pin(dns.ask_signed(&name, RecordType::DNSKEY)),
    )
    .await;
    let cut = cut.map(|reply| !Set::of(&reply.message, &name, RecordType::NS).is_empty());
    let keys = keys.map(|reply| reply_set(&reply, &name, RecordType::DNSKEY));
    Step { cut, digests, keys, name }
}

fn reply_set(reply: &Reply, name: &str, rtype: RecordType) -> (Set, String) {
    (Set::of(&reply.message, name, rtype), reply.from.clone())
}

/// The root, then each name on the way to the domain.
fn ancestors(apex: &str) -> impl Iterator<Item = String> {
    let labels: Vec<&str> = apex.split('.').collect();
    let first = labels.len().saturating_sub(CLIMB);
    let below: Vec<String> = (first..labels.len()).rev().map(|from| labels[from..].join(".")).collect();
    std::iter::once(".".to_owned()).chain(below)
}

#[cfg(test)]
mod tests {
    use super::ancestors;

    #[test]
    fn the_way_leads_from_the_root_to_the_domain() {
        let way: Vec<String> = ancestors("app.example.co.uk").collect();
        assert_eq!(way, [".", "uk", "co.uk", "example.co.uk", "app.example.co.uk"]);
    }
}
