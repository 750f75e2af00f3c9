//! The lab's records on the wire: a message of DNS from what a server says, signed where the zone is signed and the asker wants it.

use hickory_proto::ProtoError;
use hickory_proto::dnssec::DigestType;
use hickory_proto::dnssec::rdata::{CDS, DNSSECRData};
use hickory_proto::op::{Edns, Message, MessageType, ResponseCode};
use hickory_proto::rr::rdata::svcb::{Alpn, IpHint, Mandatory, SvcParamKey, SvcParamValue};
use hickory_proto::rr::rdata::{A, AAAA, CAA, CNAME, HTTPS, MX, NAPTR, NS, SOA, SRV, SVCB, TLSA, TXT};
use hickory_proto::rr::{Name, RData, Record, RecordType};

use crate::denial;
use crate::dns::{Code, Reply};
use crate::names::{Binding, Data, Kind, Names, Server, Want};
use crate::signer::Signer;

/// Seconds that answers may be kept.
pub(crate) const TTL: u32 = 300;
/// The largest datagram that is sent, whatever the client would take (DNS flag day 2020).
const PAYLOAD: u16 = 1232;
/// The largest datagram for a client that says nothing of EDNS (RFC 1035 §4.2.1).
const SMALL: u16 = 512;

/// What a question asks for.
pub(crate) fn want(asked: RecordType) -> Want {
    match asked {
        RecordType::A => Want::Kind(Kind::A),
        RecordType::AAAA => Want::Kind(Kind::Aaaa),
        RecordType::AXFR => Want::Transfer,
        RecordType::ANY => Want::Every,
        RecordType::CAA => Want::Kind(Kind::Caa),
        RecordType::CDNSKEY => Want::Kind(Kind::Cdnskey),
        RecordType::CDS => Want::Kind(Kind::Cds),
        RecordType::CNAME => Want::Kind(Kind::Cname),
        RecordType::DNSKEY => Want::Kind(Kind::Dnskey),
        RecordType::DS => Want::Kind(Kind::Ds),
        RecordType::HTTPS => Want::Kind(Kind::Https),
        RecordType::MX => Want::Kind(Kind::Mx),
        RecordType::NAPTR => Want::Kind(Kind::Naptr),
        RecordType::NS => Want::Kind(Kind::Ns),
        RecordType::SOA => Want::Kind(Kind::Soa),
        RecordType::SRV => Want::Kind(Kind::Srv),
        RecordType::TLSA => Want::Kind(Kind::Tlsa),
        RecordType::TXT => Want::Kind(Kind::Txt),
        _ => Want::Other,
    }
}

/// The type of records of a kind.
pub(crate) fn rtype(kind: Kind) -> RecordType {
    match kind {
        Kind::A => RecordType::A,
        Kind::Aaaa => RecordType::AAAA,
        Kind::Caa => RecordType::CAA,
        Kind::Cdnskey => RecordType::CDNSKEY,
        Kind::Cds => RecordType::CDS,
        Kind::Cname => RecordType::CNAME,
        Kind::Dnskey => RecordType::DNSKEY,
        Kind::Ds => RecordType::DS,
        Kind::Https => RecordType::HTTPS,
        Kind::Mx => RecordType::MX,
        Kind::Naptr => RecordType::NAPTR,
        Kind::Ns => RecordType::NS,
        Kind::Soa => RecordType::SOA,
        Kind::Srv => RecordType::SRV,
        Kind::Tlsa => RecordType::TLSA,
        Kind::Txt => RecordType::TXT,
    }
}

/// The answer to a question as a message, cut to what the client takes.
pub(crate) fn message(
    asked: &Message,
    server: Server,
    reply: &Reply,
    names: &Names,
    signer: &Signer,
    stream: bool,
) -> Result<Message, ProtoError> {
    let mut message = Message::new(asked.metadata.id, MessageType::Response, asked.metadata.op_code);
    message.add_queries(asked.queries.iter().cloned());
    message.metadata.recursion_desired = asked.metadata.recursion_desired;
    message.metadata.checking_disabled = asked.metadata.checking_disabled;
    message.metadata.recursion_available = server.recursive() || names.open.contains(&server);
    message.metadata.authoritative = reply.authoritative;
    message.metadata.response_code = match reply.code {
        Code::NoError => ResponseCode::NoError,
        Code::FormErr => ResponseCode::FormErr,
        Code::NxDomain => ResponseCode::NXDomain,
        Code::Refused => ResponseCode::Refused,
        Code::ServFail => ResponseCode::ServFail,
    };
    let wants = asked.edns.as_ref().is_some_and(|edns| edns.flags().dnssec_ok);
    let signs = wants && !(server == Server::Resolver && names.stripped) && !names.bare.contains(&server);
    let section = |held: &[(String, Data)]| {
        let mut records = records(held, signer)?;
        if signs {
            let signatures = signatures(&records, names, signer);
            records.extend(signatures);
        }
        Ok::<_, ProtoError>(records)
    };
    message.add_answers(section(&reply.answers)?);
    message.add_authorities(section(&reply.authority)?);
    if signs && !(server == Server::Resolver && names.unproven) {
        for query in &asked.queries {
            let proofs = proofs(&text(query.name()), reply, names, signer)?;
            message.add_authorities(proofs);
        }
    }
    if let Some(left) = reply.ttl {
        message.answers.iter_mut().chain(&mut message.authorities).for_each(|record| record.ttl = left);
    }
    message.add_additionals(records(&reply.additional, signer)?);
    if asked.edns.is_some() && reply.code != Code::FormErr {
        let mut edns = Edns::new();
        edns.set_max_payload(asked.max_payload().min(PAYLOAD));
        edns.set_dnssec_ok(wants);
        message.set_edns(edns);
    }
    let room = if asked.edns.is_some() { asked.max_payload().clamp(SMALL, PAYLOAD) } else { SMALL };
    let room = if stream { usize::from(u16::MAX) } else { usize::from(room) };
    if message.to_vec().map_or(true, |bytes| bytes.len() > room) {
        return Ok(message.truncate());
    }
    Ok(message)
}

/// What proves that an answer holds all there is: records about the gap that the name asked for, or its last alias, lies in.
fn proofs(asked: &str, reply: &Reply, names: &Names, signer: &Signer) -> Result<Vec<Record>, ProtoError> {
    let last = reply.answers.iter().fold(asked, |last, (_, data)| match data {
        Data::Cname(target) => target.as_str(),
        _ => last,
    });
    let denier =
        reply.authority.iter().find_map(|(zone, data)| matches!(data, Data::Soa { .. }).then_some(zone.as_str()));
    let wild = reply.answers.iter().any(|(owner, _)| owner == last) && !names.stands(last);
    let Some(zone) = denier.or_else(|| wild.then(|| names.zone(last))) else { return Ok(Vec::new()) };
    let Some(signing) = names.signing.get(zone) else { return Ok(Vec::new()) };
    let top = name(zone)?;
    let mut proofs = denial::records(names, zone, last)?;
    let signatures: Vec<Record> = proofs
        .iter()
        .filter_map(|held| signer.sign(std::slice::from_ref(held), &top, *signing, held.name.num_labels()))
        .collect();
    proofs.extend(signatures);
    Ok(proofs)
}

fn signatures(records: &[Record], names: &Names, signer: &Signer) -> Vec<Record> {
    let mut sets: Vec<Vec<Record>> = Vec::new();
    for record in records {
        let same = |set: &&mut Vec<Record>| {
            set.iter().all(|one| one.name == record.name && one.record_type() == record.record_type())
        };
        match sets.iter_mut().find(same) {
            Some(set) => set.push(record.clone()),
            None => sets.push(vec![record.clone()]),
        }
    }
    let signature = |set: &Vec<Record>| {
        let first = set.first()?;
        let owner = text(&first.name);
        // The parent signs the digest of its child's key (RFC 4035 §2.4).
        let within = match first.record_type() {
            RecordType::DS => owner.split_once('.').map_or("", |(_, rest)| rest),
            _ => owner.as_str(),
        };
        let zone = names.zone(within);
        // What a wildcard gave is signed as the wildcard (RFC 4034 §3.1.3).
        let labels = match names.stands(&owner) {
            true => first.name.num_labels(),
            false => name(names.encloser(&owner)).ok()?.num_labels(),
        };
        signer.sign(set, &name(zone).ok()?, *names.signing.get(zone)?, labels)
    };
    sets.iter().filter_map(signature).collect()
}

/// A name as the lab's names are written.
pub(crate) fn text(name: &Name) -> String {
    name.to_ascii().trim_end_matches('.').to_ascii_lowercase()
}

fn records(held: &[(String, Data)], signer: &Signer) -> Result<Vec<Record>, ProtoError> {
    let record = |(owner, data): &(String, Data)| {
        let owner = name(owner)?;
        let data = rdata(&owner, data, signer)?;
        Ok(Record::from_rdata(owner, TTL, data))
    };
    held.iter().map(record).collect()
}

pub(crate) fn name(text: &str) -> Result<Name, ProtoError> {
    let mut name = Name::from_ascii(text)?;
    name.set_fqdn(true);
    Ok(name)
}

fn rdata(owner: &Name, data: &Data, signer: &Signer) -> Result<RData, ProtoError> {
    Ok(match data {
        Data::A(address) => RData::A(A(*address)),
        Data::Aaaa(address) => RData::AAAA(AAAA(*address)),
        Data::Caa { critical, tag, value } => RData::CAA(caa(*critical, tag, value)),
        Data::Cname(target) => RData::CNAME(CNAME(name(target)?)),
        Data::Cds(None) => RData::DNSSEC(DNSSECRData::CDS(CDS::new(0, None, DigestType::Unknown(0), vec![0]))),
        Data::Cds(Some(digest)) => signer.wish(owner, *digest).ok_or("the digest cannot be made")?,
        Data::Cdnskey(digest) => signer.wished_key(*digest),
        Data::Dnskey => signer.key(),
        Data::Ds(digest) => signer.digest(owner, *digest).ok_or("the digest cannot be made")?,
        Data::Https(held) => RData::HTTPS(HTTPS(binding(held)?)),
        Data::Mx(preference, host) => RData::MX(MX::new(*preference, name(host)?)),
        Data::Naptr(flags, service, rule, next) => {
            let [flags, service, rule] = [flags, service, rule].map(|text| text.as_bytes().into());
            RData::NAPTR(NAPTR::new(10, 20, flags, service, rule, name(next)?))
        }
        Data::Ns(host) => RData::NS(NS(name(host)?)),
        Data::Soa { primary, contact, serial } => {
            RData::SOA(SOA::new(name(primary)?, name(contact)?, *serial, 10_000, 2_400, 604_800, 1_800))
        }
        Data::Srv(port, host) => RData::SRV(SRV::new(10, 5, *port, name(host)?)),
        Data::Tlsa([usage, selector, matching], data) => {
            RData::TLSA(TLSA::new((*usage).into(), (*selector).into(), (*matching).into(), data.clone()))
        }
        Data::Txt(text) => RData::TXT(TXT::from_bytes(text.as_bytes().chunks(255).collect())),
    })
}

/// Parameters go in the order of their numbers (RFC 9460 §2.2).
fn binding(held: &Binding) -> Result<SVCB, ProtoError> {
    let keys: Vec<SvcParamKey> = held.mandatory.iter().map(|key| SvcParamKey::from(*key)).collect();
    let alpn: Vec<String> = held.alpn.iter().map(|&protocol| protocol.to_owned()).collect();
    let hints: Vec<A> = held.hints.iter().map(|address| A(*address)).collect();
    let parameters = [
        (!keys.is_empty()).then_some((SvcParamKey::Mandatory, SvcParamValue::Mandatory(Mandatory(keys)))),
        (!alpn.is_empty()).then_some((SvcParamKey::Alpn, SvcParamValue::Alpn(Alpn(alpn)))),
        held.port.map(|port| (SvcParamKey::Port, SvcParamValue::Port(port))),
        (!hints.is_empty()).then_some((SvcParamKey::Ipv4Hint, SvcParamValue::Ipv4Hint(IpHint(hints)))),
    ];
    Ok(SVCB::new(held.priority, name(&held.target)?, parameters.into_iter().flatten().collect()))
}

fn caa(critical: bool, tag: &str, value: &str) -> CAA {
    let mut record = CAA::new_issue(critical, None, Vec::new());
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
        let signer = Signer::new(SystemTime::UNIX_EPOCH).unwrap();
        for fault in FAULTS {
            let world = World::with(SystemTime::UNIX_EPOCH, 1, &BTreeSet::from([fault.name]));
            for (owner, data) in world.names.all() {
                assert!(records(&[(owner.to_owned(), data.clone())], &signer).is_ok(), "{owner} {data:?}");
            }
        }
    }
}
