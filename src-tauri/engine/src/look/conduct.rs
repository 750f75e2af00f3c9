//! Conduct: every name server of the zone is asked for every record type itself, and over EDNS and TCP, one question after another.

use super::delegation::parents;
use crate::net::question::{How, Reply};
use crate::net::record;
use crate::net::trouble::Trouble;
use crate::run::Desk;
use audit::facts::{Conduct, Delegation, Fact, Observation, Service, Timers};
use audit::picture::present;
use audit::read::service::announced;
use audit::{Unseen, Why};
use futures::StreamExt;
use futures::future::join_all;
use hickory_proto::op::ResponseCode;
use hickory_proto::rr::{RData, RecordType};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

/// Servers asked in depth, each address counted.
const SERVERS: usize = 8;
/// Questions under way at one server.
const AT_ONCE: usize = 12;
/// Names compared besides the bare domain.
const NAMES: usize = 24;
/// Records kept of one set, and characters of each.
const KEPT: usize = 256;
/// A name that every resolver knows and no name server of a product has.
const STRANGER: &str = "a.root-servers.net";

/// Types compared at the bare domain.
const APEX: [RecordType; 11] = [
    RecordType::A,
    RecordType::AAAA,
    RecordType::MX,
    RecordType::TXT,
    RecordType::NS,
    RecordType::CAA,
    RecordType::HTTPS,
    RecordType::DNSKEY,
    RecordType::CDS,
    RecordType::CDNSKEY,
    RecordType::NAPTR,
];
/// Types compared at every other name.
const HOST: [RecordType; 5] = [RecordType::A, RecordType::AAAA, RecordType::MX, RecordType::TXT, RecordType::HTTPS];

/// Looks at how the servers of a delegation behave.
pub(crate) async fn look(desk: &Desk<'_>, delegation: &Delegation) {
    let what = format!("records at each name server of {}", delegation.zone);
    let fact = desk.job(&what, Box::pin(see(desk, delegation))).await;
    desk.saw(Observation::Service { fact });
}

async fn see(desk: &Desk<'_>, delegation: &Delegation) -> Fact<Service> {
    let questions = questions(desk).await;
    let answering = delegation.servers.iter().filter_map(|server| {
        let holds = server.soa.seen().is_ok_and(|soa| soa.authoritative && soa.serial.is_some());
        Some((server.name.as_str(), server.address.filter(|_| holds)?))
    });
    let asked: Vec<(&str, IpAddr)> = answering.take(SERVERS).collect();
    let first = asked.first().map(|(_, address)| SocketAddr::new(*address, 53));
    let (glue, timers, servers) = tokio::join!(
        Box::pin(glue(desk, &delegation.zone)),
        Box::pin(async { timers(desk, first?, &delegation.zone).await }),
        join_all(asked.iter().map(|(name, address)| Box::pin(conduct(
            desk,
            name,
            *address,
            &delegation.zone,
            &questions
        )))),
    );
    desk.seen(Service { glue, timers, servers }, "the name servers themselves")
}

/// Every name that is there with the types it is compared by.
async fn questions(desk: &Desk<'_>) -> Vec<(String, RecordType)> {
    let apex = desk.apex().to_owned();
    let mut all: Vec<(String, RecordType)> = APEX.iter().map(|rtype| (apex.clone(), *rtype)).collect();
    all.push((format!("_dmarc.{apex}"), RecordType::TXT));
    let mut names = vec![format!("www.{apex}")];
    names.extend(desk.known.iter().take(NAMES).cloned());
    let there = join_all(names.into_iter().map(|name| async move {
        let answer = desk.ask(&name, RecordType::A).await;
        answer.seen().is_ok_and(|answer| !answer.records.is_empty()).then_some(name)
    }));
    for name in there.await.into_iter().flatten() {
        all.extend(HOST.map(|rtype| (name.clone(), rtype)));
    }
    let services = join_all(announced().iter().map(|service| async {
        let name = format!("{}.{apex}", service.label);
        let answer = desk.ask(&name, RecordType::SRV).await;
        answer.seen().is_ok_and(|answer| !answer.records.is_empty()).then_some(name)
    }));
    all.extend(services.await.into_iter().flatten().map(|name| (name, RecordType::SRV)));
    all
}

async fn conduct(
    desk: &Desk<'_>,
    name: &str,
    address: IpAddr,
    zone: &str,
    questions: &[(String, RecordType)],
) -> Conduct {
    let target = SocketAddr::new(address, 53);
    let at = format!("{name} ({address})");
    let sets = futures::stream::iter(questions).map(|(asked, rtype)| Box::pin(set(desk, target, &at, asked, *rtype)));
    let dns = &desk.net.dns;
    let (edns, open, tcp, transfer, answers) = tokio::join!(
        Box::pin(dns.ask_server_with(target, zone, RecordType::SOA, How { edns: true, ..How::default() })),
        Box::pin(dns.ask_server_with(target, STRANGER, RecordType::A, How { recurse: true, ..How::default() })),
        Box::pin(dns.ask_server_over_tcp(target, zone, RecordType::SOA)),
        Box::pin(dns.ask_server_over_tcp(target, zone, RecordType::AXFR)),
        sets.buffer_unordered(AT_ONCE).collect::<Vec<Answered>>(),
    );
    let denied = answers.iter().filter(|(_, denied, _)| *denied).map(|(key, ..)| key.clone()).collect();
    let sets = answers.into_iter().map(|(key, _, fact)| (key, fact)).collect();
    let told = |reply: Result<Reply, Trouble>, what: &str, yes: fn(&Reply) -> bool| match reply {
        Ok(reply) => desk.seen(yes(&reply), reply.from.clone()),
        Err(trouble) => Fact::Unseen(trouble.of(format!("{what} at {at}"))),
    };
    let understood =
        |reply: &Reply| !matches!(reply.message.metadata.response_code, ResponseCode::FormErr | ResponseCode::NotImp);
    Conduct {
        server: name.to_owned(),
        address,
        edns: told(edns, "EDNS", understood),
        open: told(open, "recursion", |reply| !reply.message.answers.is_empty()),
        tcp: match tcp {
            Err(trouble) if trouble.why == Why::Refused => desk.seen(false, target.to_string()),
            other => told(other, "TCP", |_| true),
        },
        transfer: Some(match transfer {
            // To hang up or to refuse is a way to say no.
            Err(trouble) if matches!(trouble.why, Why::Refused | Why::Broken) => desk.seen(false, target.to_string()),
            other => told(other, "transfer of the zone", handed_out),
        }),
        denied,
        sets,
    }
}

/// Whether the first message of a transfer holds more than the SOA record that begins it (RFC 5936 §2.2).
fn handed_out(reply: &Reply) -> bool {
    let answers = &reply.message.answers;
    answers.len() > 1 && answers.first().is_some_and(|held| held.record_type() == RecordType::SOA)
}

/// The question, whether the server says that there is no such name, and the records.
type Answered = (String, bool, Fact<Vec<String>>);

/// One set of records as one server shows it.
async fn set(desk: &Desk<'_>, target: SocketAddr, at: &str, name: &str, rtype: RecordType) -> Answered {
    let key = format!("{name} {}", record::mnemonic(rtype));
    let unseen = |trouble: Trouble| -> Fact<Vec<String>> { Fact::Unseen(trouble.of(format!("{key} at {at}"))) };
    let mut denied = false;
    let fact = match desk.net.dns.ask_server(target, name, rtype).await {
        Err(trouble) => unseen(trouble),
        Ok(reply) => {
            let message = &reply.message;
            let said = message.metadata.response_code;
            let own = message.answers.iter().filter(|held| record::name(&held.name) == name);
            let mut shown: Vec<String> =
                own.take(KEPT).map(|held| present(&record::fact(held).data)).map(text).collect();
            shown.sort();
            if message.answers.len() > KEPT {
                // Half a set would look like another set, since servers turn the order of records round.
                let says =
                    format!("{} gave {} records; more than {KEPT} are not read", reply.from, message.answers.len());
                unseen(Trouble::new(Why::Garbled, says))
            } else if said == ResponseCode::Refused {
                unseen(Trouble::new(Why::Refused, format!("{} refuses to answer for {name}", reply.from)))
            } else if message.metadata.authoritative && matches!(said, ResponseCode::NoError | ResponseCode::NXDomain) {
                denied = said == ResponseCode::NXDomain;
                desk.seen(shown, reply.from)
            } else {
                // A referral: this name is another zone's business.
                unseen(Trouble::new(Why::Beyond, format!("{} does not answer for {name} with authority", reply.from)))
            }
        }
    };
    (key, denied, fact)
}

fn text((rtype, value): (String, String)) -> String {
    format!("{rtype} {value}")
}

async fn timers(desk: &Desk<'_>, target: SocketAddr, zone: &str) -> Option<Timers> {
    let reply = desk.net.dns.ask_server(target, zone, RecordType::SOA).await.ok()?;
    reply.message.answers.iter().find_map(|held| match &held.data {
        RData::SOA(soa) => Some(Timers {
            refresh: soa.refresh.unsigned_abs(),
            retry: soa.retry.unsigned_abs(),
            expire: soa.expire.unsigned_abs(),
            minimum: soa.minimum,
        }),
        _ => None,
    })
}

/// The addresses beside the parent's referral, and the servers' own beside them as facts of DNS.
async fn glue(desk: &Desk<'_>, zone: &str) -> BTreeMap<String, Vec<IpAddr>> {
    let mut glue: BTreeMap<String, Vec<IpAddr>> = BTreeMap::new();
    for (_, address) in parents(desk, zone).await {
        let asked = desk.net.dns.ask_server(SocketAddr::new(address, 53), zone, RecordType::NS).await;
        let Ok(reply) = asked else { continue };
        for held in reply.message.additionals.iter().take(KEPT) {
            let address = match &held.data {
                RData::A(address) => IpAddr::V4(address.0),
                RData::AAAA(address) => IpAddr::V6(address.0),
                _ => continue,
            };
            glue.entry(record::name(&held.name)).or_default().push(address);
        }
        let own: Vec<Result<Vec<IpAddr>, Unseen>> = join_all(glue.keys().map(|name| desk.addresses(name))).await;
        drop(own);
        break;
    }
    glue
}
