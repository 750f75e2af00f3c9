//! A raw client for the lab: DNS over both transports, and HTTPS with rustls trusting only the lab's root.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use hickory_proto::op::{Edns, Message, MessageType, OpCode, Query};
use hickory_proto::rr::{Name, RecordType};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use lab::{Lab, Wire};
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

pub const APEX: &str = "104.18.20.10";
pub const APP: &str = "104.18.28.77";
pub const ADA: &str = "173.245.58.101";

/// The true time, for the verifier of the test client reads it too.
#[expect(clippy::disallowed_methods, reason = "a test is the caller that brings the time")]
pub fn now() -> SystemTime {
    SystemTime::now()
}

pub async fn lab(faults: &[&str]) -> Lab {
    Lab::start(now(), 7, faults).await.unwrap()
}

pub fn at(address: &str, port: u16) -> SocketAddr {
    SocketAddr::new(address.parse::<IpAddr>().unwrap(), port)
}

fn question(name: &str, kind: RecordType, edns: bool) -> Message {
    let mut message = Message::new(4711, MessageType::Query, OpCode::Query);
    message.metadata.recursion_desired = true;
    message.add_query(Query::query(Name::from_ascii(name).unwrap(), kind));
    if edns {
        let mut edns = Edns::new();
        edns.set_max_payload(1232);
        message.set_edns(edns);
    }
    message
}

/// Asks over UDP; `None`: silence for 300 ms.
pub async fn ask(wire: &Wire, server: &str, name: &str, kind: RecordType) -> Option<Message> {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let question = question(name, kind, true).to_vec().unwrap();
    let to = wire.route(at(server, 53));
    socket.send_to(&question, to).await.unwrap();
    let mut buffer = [0; 4096];
    let wait = Duration::from_millis(300);
    let answered = tokio::time::timeout(wait, socket.recv_from(&mut buffer)).await;
    let (length, from) = answered.ok()?.unwrap();
    assert_eq!(from, to);
    Some(Message::from_vec(&buffer[..length]).unwrap())
}

/// Asks over UDP without EDNS: 512 bytes at most.
pub async fn ask_small(wire: &Wire, server: &str, name: &str, kind: RecordType) -> Message {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let question = question(name, kind, false).to_vec().unwrap();
    socket.send_to(&question, wire.route(at(server, 53))).await.unwrap();
    let mut buffer = [0; 4096];
    let length = socket.recv(&mut buffer).await.unwrap();
    assert!(length <= 512);
    Message::from_vec(&buffer[..length]).unwrap()
}

pub async fn ask_stream(wire: &Wire, server: &str, name: &str, kind: RecordType) -> Message {
    let mut stream = TcpStream::connect(wire.route(at(server, 53))).await.unwrap();
    let question = question(name, kind, true).to_vec().unwrap();
    stream.write_u16(u16::try_from(question.len()).unwrap()).await.unwrap();
    stream.write_all(&question).await.unwrap();
    let length = stream.read_u16().await.unwrap();
    let mut answer = vec![0; usize::from(length)];
    stream.read_exact(&mut answer).await.unwrap();
    Message::from_vec(&answer).unwrap()
}

/// The data of the answer section as text.
pub fn answers(message: &Message) -> Vec<String> {
    message.answers.iter().map(|record| record.data.to_string()).collect()
}

/// A TLS connection that trusts only the lab's root.
pub async fn greet(lab: &Lab, address: &str, host: &str, alpn: &[&str]) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = rustls::RootCertStore::empty();
    for root in lab.roots() {
        roots.add(CertificateDer::from(root)).unwrap();
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    let to = at(address, 443);
    lab.wire().hold(to).await?;
    let stream = TcpStream::connect(lab.wire().route(to)).await?;
    let name = ServerName::try_from(host.to_owned()).unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

/// One GET over HTTPS: status line, headers and body as text.
pub async fn get(lab: &Lab, address: &str, host: &str, path: &str) -> std::io::Result<String> {
    let mut stream = greet(lab, address, host, &["http/1.1"]).await?;
    read(&mut stream, host, path).await
}

/// One GET over plain http.
pub async fn get_plain(lab: &Lab, address: &str, host: &str, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(lab.wire().route(at(address, 80))).await?;
    read(&mut stream, host, path).await
}

/// One HTTP/1.1 request and all that comes back until the server closes.
pub async fn read<S>(stream: &mut S, host: &str, path: &str) -> std::io::Result<String>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// One request over HTTP/2: status, length as told, body.
pub async fn request2(lab: &Lab, method: &str, path: &str) -> Result<(u16, Option<String>, usize), hyper::Error> {
    let host = lab.domain();
    let stream = greet(lab, APEX, host, &["h2"]).await.unwrap();
    let executor = TokioExecutor::new();
    let (mut sender, connection) = hyper::client::conn::http2::handshake(executor, TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let request = hyper::Request::builder()
        .method(method)
        .uri(format!("https://{host}{path}"))
        .body(Full::<Bytes>::default())
        .unwrap();
    let response = sender.send_request(request).await?;
    let told = response.headers().get("content-length");
    let told = told.map(|length| length.to_str().unwrap().to_owned());
    let status = response.status().as_u16();
    let body = response.into_body().collect().await?.to_bytes();
    Ok((status, told, body.len()))
}
