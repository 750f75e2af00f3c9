//! Facts of DNSSEC: the keys and signatures from the root down to the zone, and whether each signature verifies.

use super::Fact;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The chain of signatures from the root to the zone that holds the domain (RFC 4035 §5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dnssec {
    /// The zones on the way, the root (`"."`) first, the domain's own last.
    pub links: Vec<Link>,
    /// Signatures over the zone's own records, by type: `SOA`, `A`.
    pub answers: Vec<SignedSet>,
    /// What each of the zone's own name servers shows; empty when the zone has no keys.
    #[serde(default)]
    pub servers: Vec<ServerSigned>,
    /// What the zone asks its parent to hold (RFC 7344); none when the zone has no keys.
    #[serde(default)]
    pub wished: Option<Fact<Vec<Wish>>>,
}

/// One record by which a zone asks its parent to hold a key (CDS, CDNSKEY).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Whether it shows the key itself (CDNSKEY) rather than its digest (CDS).
    pub key: bool,
    /// Whether it asks the parent to hold nothing any more (RFC 8078 §4).
    pub nothing: bool,
    /// Tag of the key.
    pub tag: u16,
    /// Whether the zone shows that key; none when digests of this kind cannot be made here.
    pub fits: Option<bool>,
    /// The record's data in presentation form, cut at 300 characters.
    pub text: String,
}

/// One zone on the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// The zone's name.
    pub zone: String,
    /// What its parent says of its keys; for the root, the keys that are trusted to begin with. An empty set is an answer.
    pub digests: Fact<Digests>,
    /// What the parent proves of digests that are absent; none when there are some, or the parent was not seen.
    #[serde(default)]
    pub denial: Option<Denial>,
    /// The keys that it shows.
    pub keys: Fact<Keys>,
}

/// The DS records of a zone (RFC 4034 §5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digests {
    /// The records.
    pub set: Vec<DigestSeen>,
    /// The parent's signatures over them.
    pub signatures: Vec<Signature>,
}

/// One DS record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestSeen {
    /// Tag of the key that it is of.
    pub tag: u16,
    /// Algorithm of the key (IANA dns-sec-alg-numbers).
    pub algorithm: u8,
    /// Kind of the digest (IANA ds-rr-types); 0 for a key that is trusted as it is.
    pub digest: u8,
    /// Whether a key that the zone shows has this digest; none when digests of this kind cannot be made here.
    pub fits: Option<bool>,
    /// The record's data in presentation form.
    pub text: String,
}

/// The DNSKEY records of a zone (RFC 4034 §2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keys {
    /// The keys.
    pub set: Vec<KeySeen>,
    /// The zone's signatures over them.
    pub signatures: Vec<Signature>,
}

/// One DNSKEY record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeySeen {
    /// Its tag (RFC 4034 appendix B).
    pub tag: u16,
    /// Algorithm number.
    pub algorithm: u8,
    /// Flags; 257 opens the chain, 256 signs records.
    pub flags: u16,
    /// Size in bits, of RSA keys its modulus.
    pub bits: u32,
    /// The DS record data that the parent would hold for it (SHA-256), when it opens the chain.
    pub digest: Option<String>,
}

/// The signatures over one set of records.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignedSet {
    /// Type of the records.
    pub rtype: String,
    /// Signatures over them; empty when the records came without any, none when there are no such records.
    pub signatures: Fact<Option<Vec<Signature>>>,
}

/// One RRSIG record (RFC 4034 §3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Tag of the key that made it.
    pub tag: u16,
    /// Algorithm number.
    pub algorithm: u8,
    /// Begin of its life.
    pub from: Timestamp,
    /// End of its life.
    pub until: Timestamp,
    /// Whether it verifies with a key of the signing zone, its life aside; none when this algorithm cannot be verified here.
    pub good: Option<bool>,
}

/// The proof of a negative answer, by NSEC (RFC 4035 §5.4) or NSEC3 records (RFC 5155 §8).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Denial {
    /// Which kind of records came; none when none did.
    pub kind: Option<DenialKind>,
    /// Extra rounds of hashing of NSEC3.
    pub iterations: u16,
    /// Bytes of salt of NSEC3.
    pub salt: u8,
    /// Whether unsigned delegations may hide between the hashes (RFC 5155 §6).
    pub opt_out: bool,
    /// What the records say, their signatures aside.
    pub proves: Proves,
    /// The signatures over each record that the proof rests on.
    pub signatures: Vec<Vec<Signature>>,
}

/// A kind of denial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DenialKind {
    /// Names in their order.
    Nsec,
    /// Hashes of names in their order.
    Nsec3,
}

/// What records of absence prove.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proves {
    /// Nothing of what was asked.
    #[default]
    Nothing,
    /// The name does not exist, nor does a wildcard for it.
    NoName,
    /// The name exists without records of this type.
    NoType,
    /// The name is, or may be, a delegation that is not signed.
    Unsigned,
    /// They ask for more hashing than resolvers do (RFC 9276 §3.2).
    TooCostly,
}

/// What one name server of the zone shows of signatures when asked itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServerSigned {
    /// Host name and address, as people write them.
    pub server: String,
    /// Signatures over the SOA record that it gives; empty when it gives it bare.
    pub soa: Fact<Vec<Signature>>,
    /// What it says of a name that nobody has.
    pub name: Fact<Absence>,
    /// What it says of a type that the domain does not have.
    pub rtype: Fact<Absence>,
}

/// One answer about something that should not exist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// Name and type that were asked: `q7x.example.com A`.
    pub question: String,
    /// Signatures over the records that answered all the same; none when the answer was negative.
    pub answered: Option<Vec<Signature>>,
    /// Whether those signatures are a wildcard's, so that the name itself must be proven absent (RFC 4035 §5.3.4).
    pub wildcard: bool,
    /// The proof that came along.
    pub denial: Denial,
}
