//! The seam to the world: how connections are made, whom we trust, what time it is and where randomness comes from.

use crate::error::EngineError;
use crate::net::signed::root_anchors;
use crate::trace::Trace;
use audit::read::transparency::{Log, Logs};
use futures::future::BoxFuture;
use jiff::Timestamp;
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::time_provider::TimeProvider;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How packets travel. Every TCP connection awaits `hold`, then connects to `route`; UDP datagrams go to `route`.
#[derive(Clone)]
pub struct Wire {
    /// Where a connection to an address really goes; the identity on the real network.
    pub route: Arc<dyn Fn(SocketAddr) -> SocketAddr + Send + Sync>,
    /// Delay, refusal or silence of a TCP connection to an address; nothing on the real network.
    pub hold: Arc<dyn Fn(SocketAddr) -> BoxFuture<'static, io::Result<()>> + Send + Sync>,
}

impl Wire {
    /// The real network.
    #[must_use]
    pub fn straight() -> Self {
        Self { route: Arc::new(|address| address), hold: Arc::new(|_| Box::pin(async { Ok(()) })) }
    }
}

/// The time now.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;
/// Thirty-two bytes of randomness; asked once a run.
pub type Seed = Arc<dyn Fn() -> [u8; 32] + Send + Sync>;

/// Everything that a run reaches outside itself with.
#[derive(Clone)]
pub struct World {
    pub(crate) wire: Wire,
    /// Resolvers of this world, in the order to ask; the reason when there are none.
    pub(crate) resolvers: Result<Vec<SocketAddr>, String>,
    pub(crate) crypto: Arc<CryptoProvider>,
    pub(crate) trust: Arc<dyn ServerCertVerifier>,
    /// Keys of the root zone that signatures of DNS are traced back to: algorithm number and key bytes.
    pub(crate) anchors: Vec<(u8, Vec<u8>)>,
    /// Public logs of certificates whose signatures are known.
    pub(crate) logs: Arc<Logs>,
    pub(crate) clock: Clock,
    pub(crate) seed: Seed,
    /// Folder for published lists that are worth keeping for a day.
    pub(crate) kept: Option<PathBuf>,
    pub(crate) trace: Trace,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").field("resolvers", &self.resolvers).finish_non_exhaustive()
    }
}

impl World {
    /// This machine's network, its resolvers, and its trust store with some roots (DER) added.
    ///
    /// # Errors
    /// The trust store cannot be read, or an added root is no certificate.
    pub fn real(extra_roots: Vec<Vec<u8>>) -> Result<Self, EngineError> {
        let crypto = Arc::new(rustls::crypto::ring::default_provider());
        let roots = extra_roots.into_iter().map(CertificateDer::from);
        let verifier = rustls_platform_verifier::Verifier::new_with_extra_roots(roots, crypto.clone())
            .map_err(|error| EngineError::new("trust-store", format!("failed to read the trusted roots: {error}")))?;
        let trust: Arc<dyn ServerCertVerifier> = Arc::new(verifier);
        Ok(Self::new(Wire::straight(), system_resolvers(), crypto, trust))
    }

    /// A world behind a wire, as the lab makes one: its resolver is asked and only these roots (DER) are trusted.
    #[must_use]
    pub fn through(wire: Wire, resolver: SocketAddr, roots: Vec<Vec<u8>>) -> Self {
        let crypto = Arc::new(rustls::crypto::ring::default_provider());
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(roots.into_iter().map(CertificateDer::from));
        let trust: Arc<dyn ServerCertVerifier> =
            match WebPkiServerVerifier::builder_with_provider(Arc::new(store), crypto.clone()).build() {
                Ok(verifier) => verifier,
                Err(_) => Arc::new(NobodyTrusted(crypto.clone())),
            };
        Self::new(wire, Ok(vec![resolver]), crypto, trust)
    }

    fn new(
        wire: Wire,
        resolvers: Result<Vec<SocketAddr>, String>,
        crypto: Arc<CryptoProvider>,
        trust: Arc<dyn ServerCertVerifier>,
    ) -> Self {
        let random = crypto.secure_random;
        let seed = move || {
            let mut bytes = [0; 32];
            // Without randomness the label is guessable and the salt is known: harmless to the audited site, so the run goes on.
            let _ = random.fill(&mut bytes);
            bytes
        };
        Self {
            wire,
            resolvers,
            crypto,
            trust,
            anchors: root_anchors(),
            logs: Arc::new(Logs::shipped().clone()),
            clock: Arc::new(Timestamp::now),
            seed: Arc::new(seed),
            kept: None,
            trace: Trace::default(),
        }
    }

    /// The same world at another time.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The same world with chosen randomness, so that two runs ask for the same names.
    #[must_use]
    pub fn with_seed(mut self, seed: [u8; 32]) -> Self {
        self.seed = Arc::new(move || seed);
        self
    }

    /// The same world with a folder in which published lists are kept for a day.
    #[must_use]
    pub fn keeping(mut self, folder: impl Into<PathBuf>) -> Self {
        self.kept = Some(folder.into());
        self
    }

    /// The same world with every exchange noted.
    #[must_use]
    pub fn traced(mut self, trace: &Trace) -> Self {
        self.trace = trace.clone();
        self
    }

    /// The same world with another root of signed DNS: algorithm number (RFC 8624) and key bytes (RFC 4034 §2.1.4) of each key.
    #[must_use]
    pub fn with_anchors(mut self, anchors: Vec<(u8, Vec<u8>)>) -> Self {
        self.anchors = anchors;
        self
    }

    /// The same world with other public logs of certificates: operator, name and key (SubjectPublicKeyInfo, DER) of each.
    #[must_use]
    pub fn with_logs(mut self, as_of: &str, logs: Vec<(String, String, Vec<u8>)>) -> Self {
        let logs =
            logs.into_iter().map(|(operator, name, key)| Log { operator, name, key, retired: None, takes: None });
        self.logs = Arc::new(Logs::new(as_of, logs));
        self
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// The clock in the form that certificate checks take.
    pub(crate) fn time(&self) -> Arc<dyn TimeProvider> {
        Arc::new(WorldTime(self.clock.clone()))
    }
}

fn system_resolvers() -> Result<Vec<SocketAddr>, String> {
    let (config, _) = hickory_resolver::system_conf::read_system_conf().map_err(|error| error.to_string())?;
    let servers = config.name_servers.iter();
    let mut addresses: Vec<_> = servers
        .flat_map(|server| server.connections.iter().map(move |way| SocketAddr::new(server.ip, way.port)))
        .collect();
    addresses.dedup();
    if addresses.is_empty() { Err("no resolver is set up".to_owned()) } else { Ok(addresses) }
}

struct WorldTime(Clock);

impl fmt::Debug for WorldTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WorldTime")
    }
}

impl TimeProvider for WorldTime {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from((self.0)().as_second()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

/// A world without a single usable root trusts nobody.
#[derive(Debug)]
struct NobodyTrusted(Arc<CryptoProvider>);

impl ServerCertVerifier for NobodyTrusted {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &rustls::pki_types::ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<rustls::client::danger::ServerCertVerified, rustls::Error> {
        Err(rustls::CertificateError::UnknownIssuer.into())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
