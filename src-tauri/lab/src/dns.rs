//! The name servers on their sockets: what each of them answers to a question, taken from the world's names.

use std::sync::Arc;

use async_trait::async_trait;
use hickory_proto::op::{Edns, Header, HeaderCounts, Metadata, OpCode, ResponseCode};
use hickory_proto::rr::rdata::{A, AAAA, CAA, CNAME, MX, NS, SOA, TXT};
use hickory_proto::rr::{Name, RData, Record, RecordType};
use hickory_server::net::runtime::Time;
use hickory_server::server::{Request, RequestHandler, ResponseHandler, ResponseInfo};
use hickory_server::zone_handler::MessageResponseBuilder;

use crate::live::Shared;
use crate::names::{Data, How, Kind, Names, Server, Want, within};
use crate::world::DOMAIN;

/// Seconds that answers may be kept.
const TTL: u32 = 300;
/// The largest datagram that is sent, whatever the client would take (DNS flag day 2020).
const PAYLOAD: u16 = 1232;

/// What a server says to one question.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Reply {
    pub code: Code,
    pub authoritative: bool,
    pub answers: Vec<(String, Data)>,
    pub authority: Vec<(String, Data)>,
}

/// The response codes the lab uses.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Code {
    #[default]
    NoError,
    NxDomain,
    Refused,
    ServFail,
}

impl Reply {
    fn bare(code: Code) -> Reply {
        Reply { code, ..Reply::default() }
    }
}

/// What `server` answers; `None`: it stays silent.
pub(crate) fn answer(names: &Names, server: Server, name: &str, want: Want) -> Option<Reply> {
    match names.trouble(server, name, want) {
        Some(How::Dropped) => return None,
        Some(How::Refused) => return Some(Reply::bare(Code::Refused)),
        Some(How::ServFail) => return Some(Reply::bare(Code::ServFail)),
        None => {}
    }
    Some(match server {
        Server::Resolver => look(names, name, want, ""),
        Server::Ada | Server::Bob | Server::Carl => {
            let mut reply = authoritative(names, name, want, DOMAIN);
            reserial(&mut reply, names.serials.get(&server).copied());
            reply
        }
        Server::ParentOne | Server::ParentTwo => parent(names, name, want),
    })
}

fn look(names: &Names, name: &str, want: Want, bounds: &str) -> Reply {
    let found = names.look(name, want, bounds);
    let answered = match found.answers.last() {
        None => false,
        Some((_, data)) => want == Want::Every || want == Want::Kind(data.kind()),
    };
    let mut reply = Reply { answers: found.answers, ..Reply::default() };
    if !found.exists {
        reply.code = Code::NxDomain;
    }
    if (!answered || !found.exists) && within(&found.last, bounds) {
        let zone = names.zone(&found.last).to_owned();
        let soa = names.at(&zone, Kind::Soa).cloned();
        reply.authority.extend(soa.map(|data| (zone.clone(), data)));
    }
    reply
}

fn authoritative(names: &Names, name: &str, want: Want, zone: &str) -> Reply {
    if !within(name, zone) {
        return Reply::bare(Code::Refused);
    }
    Reply { authoritative: true, ..look(names, name, want, zone) }
}

/// The parent answers for its own zone and refers to the zones below it (RFC 1034 §4.3.2): no AA, NS in the authority section.
fn parent(names: &Names, name: &str, want: Want) -> Reply {
    let cut = names.zone(name).to_owned();
    if cut == "example" || !within(name, "example") {
        return authoritative(names, name, want, "example");
    }
    let authority = if cut == DOMAIN {
        names.delegation.iter().map(|host| Data::ns(host)).collect()
    } else {
        names.at(&cut, Kind::Ns).cloned().collect::<Vec<_>>()
    };
    Reply { authority: authority.into_iter().map(|data| (cut.clone(), data)).collect(), ..Reply::default() }
}

fn reserial(reply: &mut Reply, other: Option<u32>) {
    let Some(other) = other else { return };
    for (_, data) in reply.answers.iter_mut().chain(&mut reply.authority) {
        if let Data::Soa { serial, .. } = data {
            *serial = other;
        }
    }
}

/// One name server's answers on its sockets.
pub(crate) struct Handler {
    pub shared: Arc<Shared>,
    pub server: Server,
}

#[async_trait]
impl RequestHandler for Handler {
    async fn handle_request<R: ResponseHandler, T: Time>(&self, request: &Request, mut handle: R) -> ResponseInfo {
        self.shared.pause().await;
        let reply = self.reply(request);
        let mut metadata = Metadata::response_from_request(&request.metadata);
        let unsent = ResponseInfo::from(Header { metadata, counts: HeaderCounts::default() });
        let Some(reply) = reply else { return unsent };
        let (Ok(answers), Ok(authority)) = (records(&reply.answers), records(&reply.authority)) else {
            return unsent;
        };
        metadata.response_code = match reply.code {
            Code::NoError => ResponseCode::NoError,
            Code::NxDomain => ResponseCode::NXDomain,
            Code::Refused => ResponseCode::Refused,
            Code::ServFail => ResponseCode::ServFail,
        };
        metadata.authoritative = reply.authoritative;
        metadata.recursion_available = self.server == Server::Resolver;
        let mut edns = Edns::new();
        edns.set_max_payload(request.max_payload().min(PAYLOAD));
        let asked = request.edns.is_some().then_some(&edns);
        let message =
            MessageResponseBuilder::new(&request.queries, asked).build(metadata, &answers, &authority, &[], &[]);
        handle.send_response(message).await.unwrap_or(unsent)
    }
}

impl Handler {
    fn reply(&self, request: &Request) -> Option<Reply> {
        let Ok(info) = request.request_info() else {
            return Some(Reply::bare(Code::Refused));
        };
        if request.metadata.op_code != OpCode::Query {
            return Some(Reply::bare(Code::Refused));
        }
        let name = Name::from(info.query.name().clone()).to_ascii();
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        let live = self.shared.live();
        answer(&live.world.names, self.server, &name, want(info.query.query_type()))
    }
}

fn want(asked: RecordType) -> Want {
    match asked {
        RecordType::A => Want::Kind(Kind::A),
        RecordType::AAAA => Want::Kind(Kind::Aaaa),
        RecordType::ANY => Want::Every,
        RecordType::CAA => Want::Kind(Kind::Caa),
        RecordType::CNAME => Want::Kind(Kind::Cname),
        RecordType::MX => Want::Kind(Kind::Mx),
        RecordType::NS => Want::Kind(Kind::Ns),
        RecordType::SOA => Want::Kind(Kind::Soa),
        RecordType::TXT => Want::Kind(Kind::Txt),
        _ => Want::Other,
    }
}

fn records(held: &[(String, Data)]) -> Result<Vec<Record>, hickory_proto::ProtoError> {
    held.iter().map(|(owner, data)| Ok(Record::from_rdata(name(owner)?, TTL, rdata(data)?))).collect()
}

fn name(text: &str) -> Result<Name, hickory_proto::ProtoError> {
    let mut name = Name::from_ascii(text)?;
    name.set_fqdn(true);
    Ok(name)
}

fn rdata(data: &Data) -> Result<RData, hickory_proto::ProtoError> {
    Ok(match data {
        Data::A(address) => RData::A(A(*address)),
        Data::Aaaa(address) => RData::AAAA(AAAA(*address)),
        Data::Caa { tag, value } => RData::CAA(caa(tag, value)),
        Data::Cname(target) => RData::CNAME(CNAME(name(target)?)),
        Data::Mx(preference, host) => RData::MX(MX::new(*preference, name(host)?)),
        Data::Ns(host) => RData::NS(NS(name(host)?)),
        Data::Soa { primary, contact, serial } => {
            RData::SOA(SOA::new(name(primary)?, name(contact)?, *serial, 10_000, 2_400, 604_800, 1_800))
        }
        Data::Txt(text) => RData::TXT(TXT::from_bytes(text.as_bytes().chunks(255).collect())),
    })
}

fn caa(tag: &str, value: &str) -> CAA {
    let mut record = CAA::new_issue(false, None, Vec::new());
    record.tag = tag.to_owned();
    record.value = value.as_bytes().to_vec();
    record
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::SystemTime;

    use super::*;
    use crate::faults::FAULTS;
    use crate::world::World;

    #[test]
    fn every_record_of_every_world_can_be_sent() {
        for fault in FAULTS {
            let world = World::with(SystemTime::UNIX_EPOCH, 1, &BTreeSet::from([fault.name]));
            for (owner, data) in world.names.all() {
                assert!(rdata(data).is_ok() && name(owner).is_ok(), "{owner} {data:?}");
            }
        }
    }

    #[test]
    fn chains_of_aliases_end() {
        let mut names = Names::default();
        names.cut("", &["ns.example"], 1);
        names.put("a.example", [Data::cname("b.example")]);
        names.put("b.example", [Data::cname("a.example")]);
        let reply = answer(&names, Server::Resolver, "a.example", Want::Kind(Kind::A));
        assert!(reply.is_some_and(|reply| reply.answers.len() <= 12));
    }
}
