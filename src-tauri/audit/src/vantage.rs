//! The place that a run looked from: a network that answers in place of others is told, and what it answered is not judged.

use crate::facts::{DnsAnswer, Fact, Facts, SetSeen};
use crate::read::record_set::same;
use crate::{Unseen, Why};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Public resolvers that must agree with the domain's own name servers before this machine's resolver counts as the odd one.
const WITNESSES: usize = 2;

/// What is wrong with the place, and what cannot be judged from it.
enum Place {
    /// A login page answers for every name.
    Portal(Unseen),
    /// Only answers with these addresses are made up.
    Decoy(Unseen, BTreeSet<IpAddr>),
    /// Connections are taken over.
    Intercepted(Unseen),
    /// The resolver of this machine says another thing than everybody else.
    Split(Unseen),
    /// The resolver of this machine says nothing at all; nothing was made up.
    Unheard(Unseen),
}

/// What a person should know of the place, each with its way out.
#[must_use]
pub fn told(facts: &Facts) -> Vec<Unseen> {
    let note = |place: Place| match place {
        Place::Portal(note)
        | Place::Decoy(note, _)
        | Place::Intercepted(note)
        | Place::Split(note)
        | Place::Unheard(note) => note,
    };
    places(facts).into_iter().map(note).collect()
}

/// Whether the network on the way answers in place of everybody, so that nothing that was seen from here tells anything of others.
#[must_use]
pub fn in_the_way(facts: &Facts) -> bool {
    places(facts).iter().any(|place| matches!(place, Place::Portal(_) | Place::Intercepted(_)))
}

/// The facts without what this place made up; none when the place is honest.
#[must_use]
pub(crate) fn veil(facts: &Facts) -> Option<Facts> {
    let places = places(facts);
    if places.iter().all(|place| matches!(place, Place::Unheard(_))) {
        return None;
    }
    let mut veiled = facts.clone();
    for place in places {
        match place {
            Place::Portal(why) => shroud(&mut veiled, &why, Told::EVERYTHING),
            // Other people's resolvers are the witnesses here, so their answers stay.
            Place::Split(why) => shroud(&mut veiled, &why, Told { witnesses: false, ..Told::EVERYTHING }),
            Place::Decoy(why, made_up) => cover(&mut veiled.dns, &why, |answer| decoy(answer, &made_up)),
            Place::Intercepted(why) => shroud(&mut veiled, &why, Told::CONNECTIONS),
            Place::Unheard(_) => {}
        }
    }
    Some(veiled)
}

/// What a place may have made up.
#[derive(Clone, Copy)]
struct Told {
    /// Answers that were got by way of this machine's resolver.
    names: bool,
    /// Answers of resolvers elsewhere.
    witnesses: bool,
    /// What was found on connections to addresses of the domain.
    connections: bool,
}

impl Told {
    const EVERYTHING: Self = Self { names: true, witnesses: true, connections: true };
    const CONNECTIONS: Self = Self { names: false, witnesses: false, connections: true };
}

/// Every kind of fact is named here without a rest, so that a new kind cannot be added without saying who could have made it up.
fn shroud(facts: &mut Facts, why: &Unseen, told: Told) {
    let Facts {
        // What the run and its user say themselves.
        version: _,
        target: _,
        roadmap: _,
        scope: _,
        started: _,
        finished: _,
        cut_short: _,
        answers: _,
        dossiers: _,
        sprint: _,
        waivers: _,
        measured: _,
        own: _,
        watched: _,
        vantage: _,
        // Read from this machine's own disk.
        inventory: _,
        tree: _,
        history: _,
        log: _,
        queries: _,
        reports: _,
        // Asked at an address that the owner named, with the owner's password.
        database: _,
        // Put on the product at another time.
        load: _,
        // Names alone; what they lead to is covered.
        found: _,
        // Only ever taken over connections whose certificate names the one who was asked.
        registration: _,
        logs: _,
        cloudflare: _,
        sts: _,
        brand: _,
        // The browser itself holds to that.
        lighthouse: _,
        dns,
        delegation,
        dnssec,
        service,
        propagation,
        reach,
        tls,
        offers,
        origins,
        http,
        exchanges,
        claims,
        mailhosts,
        bundle,
        signposts,
        latency,
        discoveries,
        oauth,
        bursts,
        messages,
        roundtrips,
        journeys,
    } = facts;
    if told.names {
        cover(dns, why, |_| true);
        cover(messages, why, |_| true);
        cover(roundtrips, why, |_| true);
        cover_one(delegation, why);
        cover_one(dnssec, why);
        cover_one(service, why);
    }
    if told.witnesses {
        cover_one(propagation, why);
    }
    if told.connections {
        cover(reach, why, |_| true);
        cover(tls, why, |_| true);
        cover(offers, why, |_| true);
        cover(origins, why, |_| true);
        cover(http, why, |_| true);
        cover(exchanges, why, |_| true);
        cover(claims, why, |_| true);
        cover(mailhosts, why, |_| true);
        cover(latency, why, |_| true);
        cover(discoveries, why, |_| true);
        cover(oauth, why, |_| true);
        cover(bursts, why, |_| true);
        cover(journeys, why, |_| true);
        cover_one(bundle, why);
        cover_one(signposts, why);
    }
}

fn cover<T>(facts: &mut BTreeMap<String, Fact<T>>, why: &Unseen, made_up: impl Fn(&T) -> bool) {
    for (key, fact) in facts {
        if !matches!(fact, Fact::Seen { value, .. } if !made_up(value)) {
            *fact = Fact::Unseen(Unseen { what: key.replace('|', " at "), ..why.clone() });
        }
    }
}

fn cover_one<T>(fact: &mut Option<Fact<T>>, why: &Unseen) {
    if fact.is_some() {
        *fact = Some(Fact::Unseen(why.clone()));
    }
}

fn decoy(answer: &DnsAnswer, made_up: &BTreeSet<IpAddr>) -> bool {
    let mut addresses = answer.addresses().peekable();
    addresses.peek().is_some() && addresses.all(|address| made_up.contains(&address))
}

fn places(facts: &Facts) -> Vec<Place> {
    let mut places = vec![];
    if let Some(Ok(vantage)) = facts.vantage.as_ref().map(Fact::seen) {
        let made_up: BTreeSet<IpAddr> = vantage.decoy.seen().cloned().unwrap_or_default().into_iter().collect();
        if let Some(example) = made_up.first() {
            let apex = facts.dns.get(&format!("{} A", facts.target.domain)).and_then(|fact| fact.seen().ok());
            places.push(if apex.is_some_and(|answer| decoy(answer, &made_up)) {
                Place::Portal(note(format!(
                    "this network answers every name with {example}, as login pages of hotels and trains do"
                )))
            } else {
                let says = format!("the resolver of this network sends names that do not exist to {example}");
                Place::Decoy(note(says), made_up)
            });
        }
        if let Ok(Some(answer)) = vantage.intercepted.seen() {
            let says = format!("this network answers requests to other people's addresses itself ({answer})");
            places.push(Place::Intercepted(note(says)));
        }
        if let Ok(Some(shown)) = vantage.sealed.seen() {
            let says = format!(
                "this network answers encrypted connections to other people's addresses itself, with a certificate of {shown}"
            );
            places.push(Place::Intercepted(note(says)));
        }
        if let Some(why) = &vantage.unheard {
            let says = format!("your own resolver did not answer ({why}); the domain's own servers were asked");
            let way = "nothing was lost by it; to have the resolver working again, look at the network settings of this machine";
            places.push(Place::Unheard(Unseen { way: way.to_owned(), ..note(says) }));
        }
    }
    places.extend(split(facts));
    places
}

/// This machine's resolver against the domain's own name servers and public resolvers.
fn split(facts: &Facts) -> Option<Place> {
    let seen = facts.propagation.as_ref()?.seen().ok()?;
    seen.questions.iter().find_map(|question| {
        let Some(Fact::Seen { value, from, .. }) = facts.dns.get(question) else { return None };
        let (name, _) = question.split_once(' ')?;
        let set = |fact: Option<&'_ Fact<SetSeen>>| fact.and_then(|fact| fact.seen().ok().cloned());
        let own: Vec<SetSeen> = seen.servers.iter().filter_map(|told| set(told.answers.get(question))).collect();
        let own: Vec<&SetSeen> = own.iter().collect();
        if own.is_empty() || same(&own, &SetSeen::of(value, name)) {
            return None;
        }
        let answers = seen.resolvers.iter().filter_map(|told| Some((&told.who, set(told.answers.get(question))?)));
        let agree: BTreeSet<&String> = answers.filter(|(_, set)| same(&own, set)).map(|(who, _)| who).collect();
        (agree.len() >= WITNESSES).then(|| {
            let says = format!(
                "the resolver {from} says another thing about {question} than the domain's own name servers and {} public resolvers",
                agree.len()
            );
            Place::Split(note(says))
        })
    })
}

fn note(says: String) -> Unseen {
    let way = "log in to this network, leave its VPN or use another one, or name a public resolver for the run; then run the audit again";
    Unseen { what: "the network of this machine".to_owned(), why: Why::NoRoute, says, way: way.to_owned() }
}

#[cfg(test)]
#[path = "vantage_tests.rs"]
mod tests;
