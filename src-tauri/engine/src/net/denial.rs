//! Proofs that something is absent: NSEC (RFC 4035 §5.4, RFC 4592) and hashed NSEC3 records (RFC 5155 §8) read for what they prove.

use super::record;
use super::signed::Set;
use audit::facts::{Denial, DenialKind, Proves};
use data_encoding::BASE32_DNSSEC;
use hickory_proto::dnssec::Nsec3HashAlgorithm;
use hickory_proto::dnssec::rdata::{DNSKEY, DNSSECRData, NSEC, NSEC3};
use hickory_proto::op::Message;
use hickory_proto::rr::{Name, RData, RecordType};

/// Records of one answer that are read; a proof has three at most.
const RECORDS: usize = 12;
/// Rounds of hashing that are followed; resolvers stop at 50 to 500 (RFC 9276 §3.2).
const ROUNDS: u16 = 500;
/// Labels of a name that are hashed on the way up.
const LABELS: usize = 24;
/// A name that does not exist, told by a type of its own (RFC 9824 §3.1).
const NXNAME: RecordType = RecordType::Unknown(128);

/// What a negative answer proves of a name and type with records of this zone, and whether these keys made the signatures.
pub(crate) fn absent(message: &Message, zone: &str, name: &str, rtype: RecordType, keys: &[DNSKEY]) -> Denial {
    read(message, zone, keys, |proofs| {
        let name = absolute(name)?;
        proofs
            .hashed
            .first()
            .map_or_else(|| proofs.plain_absence(&name, rtype), |_| proofs.hashed_absence(&name, rtype))
    })
}

/// Whether the name of an answer made from a wildcard of so many labels is proven not to exist itself (RFC 4035 §5.3.4).
pub(crate) fn expanded(message: &Message, zone: &str, name: &str, labels: u8, keys: &[DNSKEY]) -> Denial {
    read(message, zone, keys, |proofs| {
        let name = absolute(name)?;
        let used = match proofs.hashed.is_empty() {
            true => proofs.covering(&name)?,
            false => proofs.hash_covering(&name.trim_to(usize::from(labels) + 1))?,
        };
        Some((Proves::NoName, vec![used]))
    })
}

fn absolute(name: &str) -> Option<Name> {
    let mut name = Name::from_ascii(name).ok()?;
    name.set_fqdn(true);
    Some(name.to_lowercase())
}

fn read(
    message: &Message,
    zone: &str,
    keys: &[DNSKEY],
    prove: impl FnOnce(&Proofs) -> Option<(Proves, Vec<usize>)>,
) -> Denial {
    let mut denial = Denial::default();
    let Some(zone) = absolute(zone) else { return denial };
    let proofs = Proofs::of(message, zone);
    denial.kind = match (proofs.plain.is_empty(), proofs.hashed.first()) {
        (_, Some(first)) => {
            denial.iterations = first.data.iterations();
            denial.salt = u8::try_from(first.data.salt().len()).unwrap_or(u8::MAX);
            denial.opt_out = proofs.hashed.iter().any(|held| held.data.opt_out());
            Some(DenialKind::Nsec3)
        }
        (false, None) => Some(DenialKind::Nsec),
        (true, None) => None,
    };
    if denial.iterations > ROUNDS {
        denial.proves = Proves::TooCostly;
        return denial;
    }
    if let Some((proves, used)) = prove(&proofs) {
        denial.proves = proves;
        denial.signatures = used.into_iter().map(|place| proofs.signatures(message, place, keys)).collect();
    }
    denial
}

struct Plain {
    owner: Name,
    data: NSEC,
}

struct Hashed {
    owner: Name,
    hash: Vec<u8>,
    data: NSEC3,
}

/// The records of one zone that deny.
struct Proofs {
    zone: Name,
    plain: Vec<Plain>,
    hashed: Vec<Hashed>,
}

type Found = Option<(Proves, Vec<usize>)>;

impl Proofs {
    fn of(message: &Message, zone: Name) -> Self {
        let (mut plain, mut hashed) = (Vec::new(), Vec::new());
        for held in message.authorities.iter().take(64) {
            let owner = held.name.to_lowercase();
            if !zone.zone_of(&owner) || plain.len() + hashed.len() >= RECORDS {
                continue;
            }
            match &held.data {
                RData::DNSSEC(DNSSECRData::NSEC(data)) => plain.push(Plain { owner, data: data.clone() }),
                // A hash stands as one label right below the zone (RFC 5155 §3).
                RData::DNSSEC(DNSSECRData::NSEC3(data)) if owner.base_name() == zone => {
                    let hash = owner.iter().next().and_then(|label| BASE32_DNSSEC.decode(label).ok());
                    hashed.extend(hash.map(|hash| Hashed { owner, hash, data: data.clone() }));
                }
                _ => {}
            }
        }
        // All of one answer share their parameters (RFC 5155 §8.2).
        if let Some(first) = hashed.first().map(|held| (held.data.iterations(), held.data.salt().to_vec())) {
            hashed.retain(|held| (held.data.iterations(), held.data.salt()) == (first.0, first.1.as_slice()));
        }
        Self { zone, plain, hashed }
    }

    fn signatures(&self, message: &Message, place: usize, keys: &[DNSKEY]) -> Vec<audit::facts::Signature> {
        let (owner, rtype) = match self.hashed.get(place) {
            Some(held) => (Some(&held.owner), RecordType::NSEC3),
            None => (self.plain.get(place).map(|held| &held.owner), RecordType::NSEC),
        };
        let set = owner.map(|owner| Set::among(&message.authorities, &record::name(owner), rtype));
        set.map(|set| set.signatures(keys)).unwrap_or_default()
    }

    fn matching(&self, name: &Name) -> Option<usize> {
        self.plain.iter().position(|held| held.owner == *name)
    }

    /// The record between whose names this one would stand (RFC 4034 §6.1); the last one leads back to the zone itself.
    fn covering(&self, name: &Name) -> Option<usize> {
        self.plain.iter().position(|held| {
            let next = held.data.next_domain_name().to_lowercase();
            let before = held.owner < *name && (*name < next || next == self.zone);
            // A delegation says nothing of what lies below it (RFC 6840 §4.1).
            before && !(held.owner.zone_of(name) && cuts(held.data.type_set()))
        })
    }

    fn plain_absence(&self, name: &Name, rtype: RecordType) -> Found {
        if let Some(place) = self.matching(name) {
            let types = self.plain.get(place)?.data.type_set();
            return lacking(types, rtype).map(|proves| (proves, vec![place]));
        }
        let place = self.covering(name)?;
        let held = self.plain.get(place)?;
        let next = held.data.next_domain_name().to_lowercase();
        // Something lies below the name, so it exists and holds nothing.
        if name.zone_of(&next) {
            return Some((Proves::NoType, vec![place]));
        }
        let shared = |other: &Name| name.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
        let encloser = name.trim_to(shared(&held.owner).max(shared(&next)));
        let wild = encloser.prepend_label("*").ok()?;
        if let Some(other) = self.matching(&wild) {
            let types = self.plain.get(other)?.data.type_set();
            return lacking(types, rtype).map(|_| (Proves::NoType, vec![place, other]));
        }
        Some((Proves::NoName, vec![place, self.covering(&wild)?]))
    }

    fn hash(&self, name: &Name) -> Option<Vec<u8>> {
        let first = self.hashed.first()?;
        let made = Nsec3HashAlgorithm::SHA1.hash(first.data.salt(), name, first.data.iterations());
        Some(made.ok()?.as_ref().to_vec())
    }

    fn hash_matching(&self, name: &Name) -> Option<usize> {
        let hash = self.hash(name)?;
        self.hashed.iter().position(|held| held.hash == hash)
    }

    fn hash_covering(&self, name: &Name) -> Option<usize> {
        let hash = self.hash(name)?;
        self.hashed.iter().position(|held| {
            let next = held.data.next_hashed_owner_name();
            let (after, before) = (held.hash < hash, hash.as_slice() < next);
            // The last record leads back to the first.
            if held.hash.as_slice() < next { after && before } else { after || before }
        })
    }

    /// RFC 5155 §8.4 to §8.7: the closest name that exists, and that the next one down to the name asked does not.
    fn hashed_absence(&self, name: &Name, rtype: RecordType) -> Found {
        if let Some(place) = self.hash_matching(name) {
            let types = self.hashed.get(place)?.data.type_set();
            return lacking(types, rtype).map(|proves| (proves, vec![place]));
        }
        let (mut below, mut encloser) = (name.clone(), name.base_name());
        let mut climbed = 0;
        let exists = loop {
            if !self.zone.zone_of(&encloser) || climbed > LABELS {
                return None;
            }
            if let Some(place) = self.hash_matching(&encloser) {
                break place;
            }
            (below, encloser, climbed) = (encloser.clone(), encloser.base_name(), climbed + 1);
        };
        if cuts(self.hashed.get(exists)?.data.type_set()) {
            return None;
        }
        let place = self.hash_covering(&below)?;
        // An unsigned delegation may stand in such a gap (RFC 5155 §6).
        if rtype == RecordType::DS && self.hashed.get(place)?.data.opt_out() {
            return Some((Proves::Unsigned, vec![exists, place]));
        }
        let wild = encloser.prepend_label("*").ok()?;
        if let Some(other) = self.hash_matching(&wild) {
            let types = self.hashed.get(other)?.data.type_set();
            return lacking(types, rtype).map(|_| (Proves::NoType, vec![exists, place, other]));
        }
        Some((Proves::NoName, vec![exists, place, self.hash_covering(&wild)?]))
    }
}

type Types = hickory_proto::rr::RecordTypeSet;

/// Whether a record stands where another zone begins, or where an alias takes all names below.
fn cuts(types: &Types) -> bool {
    types.contains(RecordType::NS) && !types.contains(RecordType::SOA) || types.contains(RecordType::Unknown(39))
}

/// What a name with these types proves of this one.
fn lacking(types: &Types, rtype: RecordType) -> Option<Proves> {
    if types.contains(rtype) || types.contains(RecordType::CNAME) {
        return None;
    }
    let top = types.contains(RecordType::SOA);
    match rtype {
        // Only the parent's record of a delegation denies its digest (RFC 6840 §4.4).
        RecordType::DS if top => None,
        RecordType::DS => Some(if types.contains(RecordType::NS) { Proves::Unsigned } else { Proves::NoType }),
        _ if types.contains(NXNAME) => Some(Proves::NoName),
        _ if types.contains(RecordType::NS) && !top => None,
        _ => Some(Proves::NoType),
    }
}

#[cfg(test)]
#[path = "denial_tests.rs"]
mod tests;
