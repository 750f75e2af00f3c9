//! The proofs that a signed zone gives of what it does not have: NSEC (RFC 4034 §4) and NSEC3 records (RFC 5155) out of the zone's own names.

use std::collections::BTreeSet;

use hickory_proto::ProtoError;
use hickory_proto::dnssec::Nsec3HashAlgorithm;
use hickory_proto::dnssec::rdata::{DNSSECRData, NSEC, NSEC3};
use hickory_proto::rr::{Name, RData, Record, RecordType};

use crate::encode::{TTL, name, rtype};
use crate::names::{Denying, Kind, Names};

/// The records that go with a negative answer about `missing`, or with one that a wildcard gave for it.
pub(crate) fn records(names: &Names, zone: &str, missing: &str) -> Result<Vec<Record>, ProtoError> {
    let chain = match names.denying.get(zone).copied().unwrap_or_default() {
        Denying::Never => return Ok(Vec::new()),
        Denying::Nsec => Chain::plain(names, zone)?,
        Denying::Nsec3 { rounds, salt, opt_out } => Chain::hashed(names, zone, rounds, salt, opt_out)?,
        Denying::Elsewhere => {
            let chain = Chain::plain(names, zone)?;
            let used = chain.near(names, missing)?;
            return Ok(chain.links.into_iter().filter(|held| !used.contains(held)).take(1).collect());
        }
    };
    chain.near(names, missing)
}

/// The records of a whole zone in their order.
struct Chain {
    links: Vec<Record>,
    hash: Option<(u16, &'static [u8])>,
    zone: Name,
}

impl Chain {
    fn plain(names: &Names, zone: &str) -> Result<Chain, ProtoError> {
        let held: Vec<(Name, BTreeSet<Kind>)> =
            names.inventory(zone).map(|(own, kinds)| Ok((name(own)?, kinds))).collect::<Result<_, ProtoError>>()?;
        let mut held = held;
        held.sort_by(|one, other| one.0.cmp(&other.0));
        let next = held.iter().map(|(own, _)| own.clone()).cycle().skip(1);
        let link = |((own, kinds), next): (&(Name, BTreeSet<Kind>), Name)| {
            let data = NSEC::new(next, types(kinds).chain([RecordType::NSEC, RecordType::RRSIG]));
            Record::from_rdata(own.clone(), TTL, RData::DNSSEC(DNSSECRData::NSEC(data)))
        };
        Ok(Chain { links: held.iter().zip(next).map(link).collect(), hash: None, zone: name(zone)? })
    }

    fn hashed(names: &Names, zone: &str, rounds: u16, salt: &'static [u8], opt_out: bool) -> Result<Chain, ProtoError> {
        let top = name(zone)?;
        let mut held = Vec::new();
        let mut between = BTreeSet::new();
        for (own, kinds) in names.inventory(zone) {
            if opt_out && own != zone && kinds.iter().eq([&Kind::Ns]) {
                continue;
            }
            let own = name(own)?;
            let above = std::iter::successors(Some(own.base_name()), |one| Some(one.base_name()));
            between.extend(above.take_while(|one| top.zone_of(one) && *one != top));
            held.push((own, kinds));
        }
        // Names that exist only because something lies below them have a hash too (RFC 5155 §7.1).
        let known: BTreeSet<Name> = held.iter().map(|(own, _)| own.clone()).collect();
        held.extend(between.into_iter().filter(|one| !known.contains(one)).map(|one| (one, BTreeSet::new())));
        let mut links = Vec::new();
        for (own, kinds) in held {
            links.push((hash(&own, rounds, salt)?, kinds));
        }
        links.sort();
        let next: Vec<Vec<u8>> = links.iter().map(|(hash, _)| hash.clone()).cycle().skip(1).take(links.len()).collect();
        let link = |((hash, kinds), next): ((Vec<u8>, BTreeSet<Kind>), Vec<u8>)| {
            let signed = (!kinds.is_empty()).then_some(RecordType::RRSIG);
            let all = types(&kinds).chain(signed);
            let data = NSEC3::new(Nsec3HashAlgorithm::SHA1, opt_out, rounds, salt.to_vec(), next, all);
            let own = top.prepend_label(label(&hash).as_str())?;
            Ok(Record::from_rdata(own, TTL, RData::DNSSEC(DNSSECRData::NSEC3(data))))
        };
        let links = links.into_iter().zip(next).map(link).collect::<Result<_, ProtoError>>()?;
        Ok(Chain { links, hash: Some((rounds, salt)), zone: top })
    }

    /// The records that a server picks: the name itself where it exists, else the closest one above, the gap and the wildcard's place.
    fn near(&self, names: &Names, missing: &str) -> Result<Vec<Record>, ProtoError> {
        let encloser = names.encloser(missing);
        let depth = encloser.split('.').filter(|label| !label.is_empty()).count();
        let whole = name(missing)?;
        let (gap, wild) = (whole.trim_to(depth + 1), name(encloser)?.prepend_label("*")?);
        let mut picked: Vec<&Record> = Vec::new();
        let at = self.place(&whole)?;
        match (names.stands(missing), self.hash) {
            // A delegation that was opted out stands in a gap like a name that is not there.
            (true, Some(_)) if at.is_some_and(|held| !self.fits(held, &whole)) => {
                picked.extend([self.place(&whole.base_name())?, at].into_iter().flatten());
            }
            (true, _) => picked.extend(at),
            (false, None) => picked.extend([at, self.place(&wild)?].into_iter().flatten()),
            (false, Some(_)) => {
                let places = [self.place(&name(encloser)?)?, self.place(&gap)?, self.place(&wild)?];
                picked.extend(places.into_iter().flatten());
            }
        }
        let mut once: Vec<Record> = Vec::new();
        for held in picked {
            if !once.contains(held) {
                once.push(held.clone());
            }
        }
        Ok(once)
    }

    /// The record of this name, or the last one before its place; before the first lies the last.
    fn place(&self, wanted: &Name) -> Result<Option<&Record>, ProtoError> {
        let own = self.owner(wanted)?;
        Ok(self.links.iter().rfind(|held| held.name <= own).or(self.links.last()))
    }

    fn fits(&self, held: &Record, wanted: &Name) -> bool {
        self.owner(wanted).is_ok_and(|own| own == held.name)
    }

    /// The name that a record about this name has.
    fn owner(&self, wanted: &Name) -> Result<Name, ProtoError> {
        match self.hash {
            None => Ok(wanted.clone()),
            Some((rounds, salt)) => self.zone.prepend_label(label(&hash(wanted, rounds, salt)?).as_str()),
        }
    }
}

fn types(kinds: &BTreeSet<Kind>) -> impl Iterator<Item = RecordType> {
    kinds.iter().map(|kind| rtype(*kind))
}

fn hash(own: &Name, rounds: u16, salt: &[u8]) -> Result<Vec<u8>, ProtoError> {
    Ok(Nsec3HashAlgorithm::SHA1.hash(salt, own, rounds)?.as_ref().to_vec())
}

/// Base 32 with the extended hex alphabet (RFC 4648 §7), in lower case; twenty bytes need no padding.
fn label(hash: &[u8]) -> String {
    data_encoding::BASE32_DNSSEC.encode(hash)
}
