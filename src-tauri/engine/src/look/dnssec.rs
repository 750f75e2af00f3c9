//! DNSSEC: the keys and signatures of every zone from the root to the domain, asked of the resolver without its own checking.

use crate::net::record;
use crate::net::signed::{Set, anchors};
use crate::net::trouble::Trouble;
use crate::run::Desk;
use audit::facts::{Dnssec, Fact, Link, Observation, SignedSet};
use audit::{Unseen, Why};
use futures::future::{join_all, join3};
use hickory_proto::dnssec::rdata::DNSKEY;
use hickory_proto::rr::RecordType;

/// Names walked from the root to the domain.
const CLIMB: usize = 8;

/// What the resolver gave for one name and type.
type Signed = Result<(Set, String), Trouble>;

/// A name on the way with what it shows.
struct Step {
    name: String,
    /// Whether a zone begins here.
    cut: Result<bool, Trouble>,
    digests: Signed,
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
    let mut above: Option<Vec<DNSKEY>> = None;
    for step in &steps {
        let keys = step.keys.as_ref().map(|(set, _)| set.zone_keys()).unwrap_or_default();
        links.push(link(desk, step, &keys, above.as_deref()));
        above = Some(keys);
    }
    let keys = above.unwrap_or_default();
    let answers = sets.into_iter().map(|(rtype, answer)| {
        let mnemonic = record::mnemonic(rtype);
        let signatures = match answer {
            Ok((set, from)) => desk.seen((!set.is_empty()).then(|| set.signatures(&keys)), from),
            Err(trouble) => Fact::Unseen(trouble.of(format!("signature over {} {mnemonic}", desk.apex()))),
        };
        SignedSet { rtype: mnemonic, signatures }
    });
    desk.seen(Dnssec { answers: answers.collect(), links }, from)
}

fn link(desk: &Desk<'_>, step: &Step, keys: &[DNSKEY], above: Option<&[DNSKEY]>) -> Link {
    let shown = if step.name == "." { "the root".to_owned() } else { step.name.clone() };
    let digests = match (&step.digests, above) {
        (_, None) => desk.seen(anchors(&desk.world.anchors, keys), "this program's list"),
        (Ok((set, from)), Some(parent)) => desk.seen(set.digests(keys, parent), from),
        (Err(trouble), _) => Fact::Unseen(trouble.of(format!("DS of {shown}"))),
    };
    let keys = match &step.keys {
        Ok((set, from)) => desk.seen(set.keys(), from),
        Err(trouble) => Fact::Unseen(trouble.of(format!("DNSKEY of {shown}"))),
    };
    Link { zone: step.name.clone(), digests, keys }
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
    let digests = digests.map(|reply| reply_set(&reply, &name, RecordType::DS));
    let keys = keys.map(|reply| reply_set(&reply, &name, RecordType::DNSKEY));
    Step { cut, digests, keys, name }
}

fn reply_set(reply: &crate::net::dns::Reply, name: &str, rtype: RecordType) -> (Set, String) {
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
