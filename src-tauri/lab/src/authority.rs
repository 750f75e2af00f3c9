//! The lab's certificate authority: one root, one intermediate, and the chain each host presents.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, SerialNumber,
};
use rustls::ServerConfig;
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert, ResolvesServerCertUsingSni};
use rustls::sign::CertifiedKey;
use time::OffsetDateTime;

use crate::LabError;
use crate::random::Random;
use crate::site::Chain;
use crate::strange::tagged;
use crate::transparency::Logs;
use crate::world::{ISSUER, World};
use crate::{staple, strange};

const DAY: Duration = Duration::from_secs(86_400);
/// Days a leaf lives, as the free authorities issue them.
const LIFE: u32 = 90;
/// id-pe-authorityInfoAccess (RFC 5280 §4.2.2.1).
const AUTHORITY_INFO_ACCESS: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 1, 1];

/// The name that a login page's own certificate bears.
const GATEWAY: &str = "gateway.hotel-wifi.example";

type Issuer = CertifiedIssuer<'static, KeyPair>;

/// The keys live as long as the lab: a world that changes only signs anew.
pub(crate) struct Authority {
    now: SystemTime,
    root: Issuer,
    intermediate: Issuer,
    stranger: Issuer,
    /// Another authority that is trusted, as many sites use two.
    other: Issuer,
    google: Issuer,
    leaf: KeyPair,
    logs: Logs,
}

impl Authority {
    pub fn new(now: SystemTime) -> Result<Authority, LabError> {
        let make = |name, organisation, above| authority(now, name, organisation, above, Chain::Good);
        let root = make("Lantern Root R1", "Lantern Authority", None)?;
        let intermediate = make("Lantern E5", "Lantern Authority", Some(&root))?;
        let stranger = make("Backyard Signing CA", "Lantern Authority", None)?;
        let other = make("E7", "Let's Encrypt", Some(&root))?;
        let google = make("WE1", "Google Trust Services", Some(&root))?;
        let (leaf, logs) = (KeyPair::generate()?, Logs::new()?);
        Ok(Authority { now, root, intermediate, stranger, other, google, leaf, logs })
    }

    /// DER of the only certificate to trust.
    pub fn root(&self) -> Vec<u8> {
        self.root.der().to_vec()
    }

    /// DER of the certificate between root and leaves.
    pub fn intermediate(&self) -> Vec<u8> {
        self.intermediate.der().to_vec()
    }

    /// The public logs on the list: operator, name and key.
    pub fn logs(&self) -> Vec<(String, String, Vec<u8>)> {
        self.logs.listed()
    }

    /// A TLS configuration for every site of the world, by host name.
    pub fn configs(&self, world: &World) -> Result<BTreeMap<String, Arc<ServerConfig>>, LabError> {
        let mut random = Random::new(world.seed, "serial numbers");
        world
            .sites
            .iter()
            .map(|(host, site)| {
                let serial = random.next();
                let chain = self.chain(host, site.chain, serial)?;
                // The key need not fit the certificate: a server of that key could not be run here, and nobody finishes with it.
                let mut shown = CertifiedKey::new(chain, any_supported_type(&self.key())?);
                let issuer = self.intermediate.key();
                let signer = if site.chain == Chain::StapledByStranger { &self.leaf } else { issuer };
                shown.ocsp = staple::of(site.chain, serial >> 1, self.now, issuer, signer);
                let config = base()?.with_cert_resolver(Arc::new(Shown(Arc::new(shown))));
                Ok((host.clone(), Arc::new(with_alpn(config, site.two))))
            })
            .collect()
    }

    /// The configuration for names nobody knows: it ends the handshake with an alert.
    pub fn unknown() -> Result<Arc<ServerConfig>, LabError> {
        let nobody = Arc::new(ResolvesServerCertUsingSni::new());
        Ok(Arc::new(base()?.with_cert_resolver(nobody)))
    }

    /// The configuration of a gateway that opens everybody's connections: a certificate that it has signed itself.
    pub fn gateway(now: SystemTime) -> Result<Arc<ServerConfig>, LabError> {
        let mut params = CertificateParams::new(vec![GATEWAY.to_owned()])?;
        params.distinguished_name = subject(GATEWAY, Some("Hotel Wi-Fi"));
        params.not_before = OffsetDateTime::from(now - DAY * 400);
        params.not_after = OffsetDateTime::from(now + DAY * 1_800);
        let key = KeyPair::generate()?;
        let chain = vec![params.self_signed(&key)?.der().clone()];
        let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        Ok(Arc::new(with_alpn(base()?.with_single_cert(chain, key)?, true)))
    }

    fn key(&self) -> PrivateKeyDer<'static> {
        PrivatePkcs8KeyDer::from(self.leaf.serialize_der()).into()
    }

    fn chain(&self, host: &str, chain: Chain, serial: u64) -> Result<Vec<CertificateDer<'static>>, LabError> {
        let days_left = match chain {
            Chain::Expired => -3,
            Chain::Expiring => 2,
            _ => 70,
        };
        let name = match chain {
            Chain::WrongName => "juniperdesk.larkhosting.example",
            _ => host,
        };
        let mut params = self.leaf(name, days_left, serial)?;
        strange::dress(&mut params, chain, self.now);
        if chain == Chain::SelfSigned {
            return Ok(vec![params.self_signed(&self.leaf)?.der().clone()]);
        }
        let restricted = match chain {
            Chain::Fenced | Chain::ForMail => Some(self.restricted(chain, &self.root)?),
            Chain::Deep => Some(self.restricted(chain, &self.intermediate)?),
            _ => None,
        };
        let issuer = match (&restricted, chain) {
            (Some(restricted), _) => restricted,
            (_, Chain::OneOperator | Chain::OtherAuthority | Chain::UnknownLog | Chain::Unlogged) => &self.other,
            (_, Chain::Google) => &self.google,
            (_, Chain::UnknownIssuer) => &self.stranger,
            _ => &self.intermediate,
        };
        let bare = self.signed(chain, &params, issuer)?;
        let leaf = match self.logs.entries(chain, &bare, issuer.key(), self.now) {
            Some(entries) => {
                params.custom_extensions.push(entries);
                self.signed(chain, &params, issuer)?
            }
            None => bare,
        };
        let above = issuer.der().clone();
        Ok(match chain {
            Chain::NoIntermediate => vec![leaf],
            Chain::Deep => vec![leaf, above, self.intermediate.der().clone()],
            Chain::Shuffled => vec![leaf, self.root.der().clone(), above],
            Chain::Many => [vec![leaf, above], vec![self.stranger.der().clone(); 98]].concat(),
            Chain::Endless => [vec![leaf, above], vec![self.stranger.der().clone(); 302]].concat(),
            _ => vec![leaf, above],
        })
    }

    fn signed(
        &self,
        chain: Chain,
        params: &CertificateParams,
        issuer: &Issuer,
    ) -> Result<CertificateDer<'static>, LabError> {
        Ok(match chain {
            Chain::Sha1 => strange::sha1(params, &self.leaf)?,
            Chain::ShortKey => params.signed_by(&strange::Foreign::new(1024), issuer)?.der().clone(),
            Chain::HugeKey => params.signed_by(&strange::Foreign::new(16_384), issuer)?.der().clone(),
            Chain::Nonsense => strange::nonsense(),
            _ => params.signed_by(&self.leaf, issuer)?.der().clone(),
        })
    }

    /// An authority that may not vouch for the product.
    fn restricted(&self, chain: Chain, above: &Issuer) -> Result<Issuer, LabError> {
        authority(self.now, "Lantern E9", "Lantern Authority", Some(above), chain)
    }

    fn leaf(&self, name: &str, days_left: i32, serial: u64) -> Result<CertificateParams, LabError> {
        let mut params = CertificateParams::new(vec![name.to_owned()])?;
        params.distinguished_name = subject(name, None);
        let end = if days_left < 0 {
            self.now - DAY * days_left.unsigned_abs()
        } else {
            self.now + DAY * days_left.unsigned_abs()
        };
        params.not_after = OffsetDateTime::from(end);
        params.not_before = OffsetDateTime::from(end - DAY * LIFE);
        params.serial_number = Some(SerialNumber::from_slice(&(serial >> 1).to_be_bytes()));
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        params.custom_extensions = vec![issuers()];
        Ok(params)
    }
}

/// Shows one chain to everybody who asks.
#[derive(Debug)]
struct Shown(Arc<CertifiedKey>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

fn authority(
    now: SystemTime,
    name: &str,
    organisation: &str,
    above: Option<&Issuer>,
    chain: Chain,
) -> Result<Issuer, LabError> {
    let mut params = CertificateParams::default();
    params.distinguished_name = subject(name, Some(organisation));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(u8::from(above.is_none())));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = OffsetDateTime::from(now - DAY * 400);
    params.not_after = OffsetDateTime::from(now + DAY * 1_800);
    strange::restrict(&mut params, chain);
    let key = KeyPair::generate()?;
    Ok(match above {
        None => CertifiedIssuer::self_signed(params, key)?,
        Some(issuer) => {
            params.use_authority_key_identifier_extension = true;
            CertifiedIssuer::signed_by(params, key, issuer)?
        }
    })
}

pub(crate) fn subject(name: &str, organisation: Option<&str>) -> DistinguishedName {
    let mut subject = DistinguishedName::new();
    if let Some(organisation) = organisation {
        subject.push(DnType::OrganizationName, organisation);
    }
    subject.push(DnType::CommonName, name);
    subject
}

/// The address of the issuer's certificate (caIssuers), for clients that fetch what a server forgot.
fn issuers() -> CustomExtension {
    const CA_ISSUERS: [u8; 10] = [0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x02];
    let address = format!("http://{ISSUER}/e5.der");
    let location = tagged(0x86, address.as_bytes());
    let access = tagged(0x30, &[&CA_ISSUERS[..], &location].concat());
    CustomExtension::from_oid_content(&AUTHORITY_INFO_ACCESS, tagged(0x30, &access))
}

fn base() -> Result<rustls::ConfigBuilder<ServerConfig, rustls::server::WantsServerCert>, LabError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?.with_no_client_auth())
}

fn with_alpn(mut config: ServerConfig, two: bool) -> ServerConfig {
    let known = [b"h2".to_vec(), b"http/1.1".to_vec()];
    config.alpn_protocols = known.into_iter().skip(usize::from(!two)).collect();
    config
}
