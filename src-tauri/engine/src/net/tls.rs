//! TLS as a browser does it, and TLS as an observer: the chain as sent, and the platform verifier's answer beside it.

use super::dial::line;
use super::trouble::Trouble;
use crate::trace::{Kind, Trace};
use crate::world::World;
use audit::Why;
use audit::facts::{Handshake, Trust, TrustProblem};
use audit::read::certificate::Certificate;
use audit::read::text::clean;
use audit::read::transparency::{self, Logs};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, ProtocolVersion, SignatureScheme};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Certificates kept of a chain; the TLS library itself stops at 64 KB of them.
const CERTIFICATES: usize = 30;

/// What a browser offers to speak on a connection.
pub(super) const WEB: &[&str] = &["h2", "http/1.1"];

/// Bytes of a stapled OCSP answer that are kept.
const STAPLE: usize = 16 * 1024;

/// TLS under the trust of the world.
pub(crate) struct Tls {
    crypto: Arc<CryptoProvider>,
    time: Arc<dyn TimeProvider>,
    trust: Arc<dyn ServerCertVerifier>,
    /// Public logs of certificates.
    pub(crate) logs: Arc<Logs>,
    within: Duration,
    trace: Trace,
}

impl Tls {
    pub(crate) fn new(world: &World, within: Duration) -> Self {
        Self {
            crypto: world.crypto.clone(),
            time: world.time(),
            trust: world.trust.clone(),
            logs: world.logs.clone(),
            within,
            trace: world.trace.clone(),
        }
    }

    /// A connection that carries data, for these protocols (ALPN, RFC 7301): only when the certificate is trusted for this host.
    /// `way` is the word by which exchanges name the stream.
    pub(crate) async fn carried<S>(
        &self,
        stream: S,
        way: &str,
        host: &str,
        address: SocketAddr,
        protocols: &[&str],
    ) -> Result<TlsStream<S>, Trouble>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let shaken = self.shake(stream, way, host, address, self.trust.clone(), protocols).await;
        shaken.map_err(|failure| failure.trouble)
    }

    /// A connection that is made whatever the certificate says; its user sends nothing that a stranger may not read.
    pub(crate) async fn unjudged(
        &self,
        stream: TcpStream,
        host: &str,
        address: SocketAddr,
    ) -> Result<TlsStream<TcpStream>, Trouble> {
        let recorder = Arc::new(Recorder { trust: self.trust.clone(), sent: Mutex::default() });
        let way = line(&stream);
        self.shake(stream, &way, host, address, recorder, WEB).await.map_err(|failure| failure.trouble)
    }

    /// The same for a protocol that names none of its own in the handshake: DNS over TLS.
    pub(crate) async fn trusted_without_alpn(
        &self,
        stream: TcpStream,
        host: &str,
        address: SocketAddr,
    ) -> Result<TlsStream<TcpStream>, Trouble> {
        let mut config = self.config(self.trust.clone())?;
        config.alpn_protocols.clear();
        let way = line(&stream);
        let span = self.trace.begin(Kind::Greeting, address, || (format!("handshake with {host}"), vec![way.clone()]));
        let connecting = TlsConnector::from(Arc::new(config)).connect(server_name(host)?, stream);
        match timeout(self.within, connecting).await {
            Ok(done) => done
                .inspect(|stream| drop(span.end(|| told(stream, way))))
                .map_err(|error| of_handshake(&error, host, address).trouble),
            Err(_) => Err(Trouble::silent(&address.to_string(), "finish the TLS handshake", self.within)),
        }
    }

    /// What one handshake shows. Nothing is sent on it afterwards.
    pub(crate) async fn look(&self, stream: TcpStream, host: &str, address: SocketAddr) -> Result<Handshake, Trouble> {
        self.observe(stream, host, address, true).await
    }

    /// The same inside another protocol, which names none in the handshake: mail after STARTTLS.
    pub(crate) async fn look_inside(
        &self,
        stream: TcpStream,
        host: &str,
        address: SocketAddr,
    ) -> Result<Handshake, Trouble> {
        self.observe(stream, host, address, false).await
    }

    async fn observe(
        &self,
        stream: TcpStream,
        host: &str,
        address: SocketAddr,
        web: bool,
    ) -> Result<Handshake, Trouble> {
        let recorder = Arc::new(Recorder { trust: self.trust.clone(), sent: Mutex::default() });
        let (way, protocols) = (line(&stream), if web { WEB } else { &[] });
        let shaken = self.shake(stream, &way, host, address, recorder.clone(), protocols).await;
        let sent = recorder.sent.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (shaken, sent) {
            (Ok(stream), Some(sent)) => {
                let agreed = stream.get_ref().1;
                let mut handshake = self.judged(sent).await;
                handshake.protocol = agreed.protocol_version().map(version);
                handshake.cipher = agreed
                    .negotiated_cipher_suite()
                    .and_then(|suite| suite.suite().as_str())
                    .map(|name| name.replacen("TLS13_", "TLS_", 1));
                handshake.alpn = agreed.alpn_protocol().map(|name| audit::read::text::clean_bytes(name, 32));
                Ok(handshake)
            }
            // The server could not prove that it holds the key: that says something about the certificate.
            (Err(Failure { certificate: Some(detail), .. }), Some(sent)) => {
                let mut handshake = self.judged(sent).await;
                if handshake.trust == Trust::Trusted {
                    handshake.trust = Trust::Refused { problem: TrustProblem::Other, detail };
                }
                Ok(handshake)
            }
            (Err(failure), _) => Err(failure.trouble),
            (Ok(_), None) => Err(Trouble::new(Why::Garbled, format!("{address} sent no certificate for {host}"))),
        }
    }

    /// The settings of connections that carry data, for a client that makes them itself.
    pub(crate) fn client(&self) -> Result<ClientConfig, Trouble> {
        self.config(self.trust.clone())
    }

    async fn shake<S>(
        &self,
        stream: S,
        way: &str,
        host: &str,
        address: SocketAddr,
        verifier: Arc<dyn ServerCertVerifier>,
        protocols: &[&str],
    ) -> Result<TlsStream<S>, Failure>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let name = server_name(host)?;
        let mut config = self.config(verifier)?;
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        let connector = TlsConnector::from(Arc::new(config));
        let takes = || (format!("handshake with {host}"), vec![way.to_owned()]);
        let span = self.trace.begin(Kind::Greeting, address, takes);
        match timeout(self.within, connector.connect(name, stream)).await {
            Ok(Ok(stream)) => {
                span.end(|| told(&stream, way.to_owned()));
                Ok(stream)
            }
            Ok(Err(error)) => Err(of_handshake(&error, host, address)),
            Err(_) => Err(Trouble::silent(&address.to_string(), "finish the TLS handshake", self.within).into()),
        }
    }

    fn config(&self, verifier: Arc<dyn ServerCertVerifier>) -> Result<ClientConfig, Trouble> {
        let mut config = ClientConfig::builder_with_details(self.crypto.clone(), self.time.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| Trouble::new(Why::Beyond, format!("TLS could not be set up on this machine ({error})")))?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth();
        config.alpn_protocols = WEB.iter().map(|name| name.as_bytes().to_vec()).collect();
        // A resumed session would show no chain and would flatter the latency figures.
        config.resumption = Resumption::disabled();
        Ok(config)
    }

    /// Asks the platform's verifier off the async threads: on some systems it goes to disk or to the network.
    async fn judged(&self, sent: Sent) -> Handshake {
        let (trust, logs) = (self.trust.clone(), self.logs.clone());
        let staple =
            Some(&sent.staple).filter(|der| !der.is_empty() && der.len() <= STAPLE).map(|der| STANDARD.encode(der));
        let (chain, count, stapled) = (encoded(&sent.chain), sent.chain.len(), !sent.staple.is_empty());
        let verdict = tokio::task::spawn_blocking(move || {
            let ders: Vec<&[u8]> = sent.chain.iter().take(CERTIFICATES).map(AsRef::as_ref).collect();
            let logs = transparency::entries(&ders, sent.staple.get(..STAPLE).unwrap_or(&sent.staple), &logs);
            let Some((leaf, rest)) = sent.chain.split_first() else {
                return (logs, Err(Error::NoCertificatesPresented));
            };
            let told = trust.verify_server_cert(leaf, rest, &sent.name, &sent.staple, sent.now);
            (logs, told.map(|_| ()))
        });
        let (logs, trust) = match verdict.await {
            Ok((logs, Ok(()))) => (Some(logs), Trust::Trusted),
            Ok((logs, Err(error))) => {
                let detail = clean(&error.to_string(), 400);
                (Some(logs), Trust::Refused { problem: problem_of(&error, chain.first()), detail })
            }
            Err(_) => {
                let detail = "the verifier broke off on this chain".to_owned();
                (None, Trust::Refused { problem: TrustProblem::Other, detail })
            }
        };
        let sent = u32::try_from(count).unwrap_or(u32::MAX);
        Handshake { protocol: None, cipher: None, alpn: None, chain, sent, stapled, staple, logs, trust }
    }
}

fn encoded(chain: &[CertificateDer<'_>]) -> Vec<String> {
    chain.iter().take(CERTIFICATES).map(|der| STANDARD.encode(der)).collect()
}

fn server_name(host: &str) -> Result<ServerName<'static>, Trouble> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse::<IpAddr>() {
        return Ok(ServerName::IpAddress(address.into()));
    }
    ServerName::try_from(host.to_owned())
        .map_err(|_| Trouble::new(Why::Garbled, format!("\"{host}\" is no name that a certificate can be asked for")))
}

fn version(version: ProtocolVersion) -> String {
    version.as_str().map_or_else(|| format!("{version:?}"), |name| name.replace('_', "."))
}

/// A failed handshake; `certificate` holds the library's words when the certificate was to blame.
struct Failure {
    trouble: Trouble,
    certificate: Option<String>,
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self { trouble, certificate: None }
    }
}

fn of_handshake(error: &io::Error, host: &str, address: SocketAddr) -> Failure {
    let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) else {
        return Trouble::of_io(error, &address.to_string()).into();
    };
    match tls {
        Error::InvalidCertificate(_) => {
            let says = format!("the certificate of {host} at {} is not trusted: {}", address.ip(), plain(problem(tls)));
            Failure { trouble: Trouble::new(Why::Untrusted, says), certificate: Some(clean(&tls.to_string(), 400)) }
        }
        Error::AlertReceived(alert) => {
            Trouble::new(Why::Refused, format!("{address} refused the TLS handshake for {host} ({alert:?})")).into()
        }
        Error::PeerIncompatible(_) => {
            let says = format!("{address} offers no TLS version or cipher that browsers accept today");
            Trouble::new(Why::Garbled, says).into()
        }
        Error::InvalidMessage(
            rustls::InvalidMessage::HandshakePayloadTooLarge | rustls::InvalidMessage::CertificatePayloadTooLarge,
        ) => Trouble::new(Why::Garbled, format!("{address} sent more than 64 KB of certificates for {host}")).into(),
        other => Trouble::new(Why::Garbled, format!("{address} does not speak proper TLS for {host} ({other})")).into(),
    }
}

fn plain(problem: TrustProblem) -> &'static str {
    match problem {
        TrustProblem::Expired => "it has expired",
        TrustProblem::NotYetValid => "it is not valid yet",
        TrustProblem::WrongName => "it is for another name",
        TrustProblem::UnknownIssuer => {
            "no trusted authority stands behind it, or an intermediate certificate is missing"
        }
        TrustProblem::Revoked => "it was revoked",
        TrustProblem::Other => "the verifier of this machine refuses it",
    }
}

/// What a handshake tells: that the connection is secured, and the names in the certificate.
fn told<S>(stream: &TlsStream<S>, way: String) -> Vec<String> {
    let leaf = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
    let leaf = leaf.and_then(|leaf| Certificate::read(&STANDARD.encode(leaf)).ok());
    std::iter::once(secured(&way)).chain(leaf.into_iter().flat_map(|leaf| leaf.names)).collect()
}

/// The word by which exchanges on a secured connection name it.
pub(crate) fn secured(way: &str) -> String {
    format!("TLS on {way}")
}

/// The verifier's answer, with one case told more closely: an authority's own certificate used as a server's is refused before any
/// issuer is looked for, and what people call self-signed certificates are mostly of that kind.
fn problem_of(error: &Error, leaf: Option<&String>) -> TrustProblem {
    let authority = format!("{error:?}").contains("CaUsedAsEndEntity");
    let own_issuer = || leaf.is_some_and(|leaf| Certificate::read(leaf).is_ok_and(|leaf| leaf.self_issued));
    if authority && own_issuer() { TrustProblem::UnknownIssuer } else { problem(error) }
}

fn problem(error: &Error) -> TrustProblem {
    let Error::InvalidCertificate(error) = error else { return TrustProblem::Other };
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => TrustProblem::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => TrustProblem::NotYetValid,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => TrustProblem::WrongName,
        CertificateError::UnknownIssuer => TrustProblem::UnknownIssuer,
        CertificateError::Revoked => TrustProblem::Revoked,
        _ => TrustProblem::Other,
    }
}

#[derive(Debug)]
struct Sent {
    chain: Vec<CertificateDer<'static>>,
    staple: Vec<u8>,
    name: ServerName<'static>,
    now: UnixTime,
}

/// Keeps what the server sent and lets the handshake go on; whether to trust it is asked afterwards.
#[derive(Debug)]
struct Recorder {
    trust: Arc<dyn ServerCertVerifier>,
    sent: Mutex<Option<Sent>>,
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        rest: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        staple: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let chain = std::iter::once(leaf).chain(rest).map(|der| der.clone().into_owned()).collect();
        let sent = Sent { chain, staple: staple.to_vec(), name: name.to_owned(), now };
        *self.sent.lock().unwrap_or_else(PoisonError::into_inner) = Some(sent);
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.trust.verify_tls12_signature(message, leaf, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.trust.verify_tls13_signature(message, leaf, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.trust.supported_verify_schemes()
    }
}
