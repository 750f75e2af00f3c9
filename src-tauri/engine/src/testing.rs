//! Small loopback servers that misbehave on purpose, and a world that leads to them.

use crate::plan::Plan;
use crate::run::{Desk, Event};
use crate::world::{Wire, World};
use audit::facts::{Facts, Scope, Target};
use hickory_proto::op::{Message, MessageType, OpCode, ResponseCode};
use hickory_proto::rr::rdata::{A, CNAME};
use hickory_proto::rr::{Name, RData, Record, RecordType};
use jiff::Timestamp;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::mpsc;

/// The public address that every test host stands for.
pub(crate) const PUBLIC: Ipv4Addr = Ipv4Addr::new(104, 18, 20, 10);

/// How a name server answers.
pub(crate) enum Answer {
    Records(Vec<Record>),
    Code(ResponseCode),
    Silent,
    /// TC over UDP; over TCP the records, or TC again when there are none.
    Truncated(Vec<Record>),
    /// The right id, then nonsense.
    Garbage,
    /// A right answer to another question, then nothing.
    Forged,
}

pub(crate) fn a(name: &str, address: Ipv4Addr) -> Record {
    Record::from_rdata(Name::from_ascii(name).unwrap(), 300, RData::A(A(address)))
}

pub(crate) fn alias(name: &str, to: &str) -> Record {
    Record::from_rdata(Name::from_ascii(name).unwrap(), 300, RData::CNAME(CNAME(Name::from_ascii(to).unwrap())))
}

/// A name server on UDP and TCP; `rule` gets the name (without final dot) and the type.
pub(crate) async fn names(
    rule: impl Fn(&str, RecordType) -> Answer + Send + Sync + 'static,
) -> (SocketAddr, Arc<AtomicU32>) {
    let (udp, tcp) = loop {
        let udp = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()).await {
            break (udp, tcp);
        }
    };
    let address = udp.local_addr().unwrap();
    let asked = Arc::new(AtomicU32::new(0));
    let (rule, count) = (Arc::new(rule), asked.clone());
    let other = rule.clone();
    tokio::spawn(async move {
        let mut buffer = [0; 4096];
        loop {
            let (length, from) = udp.recv_from(&mut buffer).await.unwrap();
            count.fetch_add(1, Ordering::SeqCst);
            if let Some(bytes) = reply(&buffer[..length], &*rule, false) {
                udp.send_to(&bytes, from).await.unwrap();
            }
        }
    });
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = tcp.accept().await.unwrap();
            let length = stream.read_u16().await.unwrap();
            let mut buffer = vec![0; usize::from(length)];
            stream.read_exact(&mut buffer).await.unwrap();
            if let Some(bytes) = reply(&buffer, &*other, true) {
                stream.write_u16(u16::try_from(bytes.len()).unwrap()).await.unwrap();
                stream.write_all(&bytes).await.unwrap();
            }
            // Held open until the client has read.
            let _ = stream.read_u8().await;
        }
    });
    (address, asked)
}

fn reply(question: &[u8], rule: &dyn Fn(&str, RecordType) -> Answer, tcp: bool) -> Option<Vec<u8>> {
    let question = Message::from_vec(question).unwrap();
    let query = question.queries[0].clone();
    let name = query.name().to_ascii();
    let mut message = Message::new(question.metadata.id, MessageType::Response, OpCode::Query);
    message.metadata.recursion_available = true;
    message.add_query(query.clone());
    match rule(name.trim_end_matches('.'), query.query_type()) {
        Answer::Records(records) => drop(message.add_answers(records)),
        Answer::Code(code) => message.metadata.response_code = code,
        Answer::Silent => return None,
        Answer::Truncated(records) if tcp && !records.is_empty() => drop(message.add_answers(records)),
        Answer::Truncated(_) => message.metadata.truncation = true,
        Answer::Garbage => {
            let mut bytes = message.to_vec().unwrap();
            bytes.truncate(2);
            bytes.extend([0x81, 0x80, 0, 1, 0, 9, 0, 0, 0, 0, 0xc0, 0x0c, 0xff]);
            return Some(bytes);
        }
        Answer::Forged => {
            message.queries[0].set_name(Name::from_ascii("forged.test.").unwrap());
            message.add_answer(a("forged.test.", Ipv4Addr::new(6, 6, 6, 6)));
        }
    }
    Some(message.to_vec().unwrap())
}

/// How a web server treats a connection once the request was read.
pub(crate) enum Manner {
    /// Sends this and closes.
    Says(Vec<u8>),
    /// Sends this and reads the next request.
    Keeps(Vec<u8>),
    /// Sends this, then the second part again and again.
    Endless(Vec<u8>, Vec<u8>),
    /// Sends one byte of this at a time.
    Drips(Vec<u8>),
    Hangs,
}

/// A web server on loopback without TLS; `rule` gets the path and all header lines.
pub(crate) async fn web(rule: impl Fn(&str, &str) -> Manner + Send + Sync + 'static) -> (SocketAddr, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let visits = Arc::new(AtomicU32::new(0));
    let (rule, count) = (Arc::new(rule), visits.clone());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            count.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(serve(stream, rule.clone()));
        }
    });
    (address, visits)
}

async fn serve(mut stream: TcpStream, rule: Arc<impl Fn(&str, &str) -> Manner + Send + Sync>) {
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let Ok(byte) = stream.read_u8().await else { return };
            head.push(byte);
        }
        let head = String::from_utf8(head).unwrap();
        let path = head.split(' ').nth(1).unwrap();
        match rule(path, &head) {
            Manner::Keeps(bytes) => {
                if stream.write_all(&bytes).await.is_err() {
                    return;
                }
                continue;
            }
            Manner::Says(bytes) => drop(stream.write_all(&bytes).await),
            Manner::Endless(first, part) => {
                let mut sent = stream.write_all(&first).await;
                while sent.is_ok() {
                    sent = stream.write_all(&part).await;
                }
            }
            Manner::Drips(bytes) => {
                for byte in bytes {
                    if stream.write_u8(byte).await.is_err() {
                        return;
                    }
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
            Manner::Hangs => std::future::pending().await,
        }
        return;
    }
}

/// An answer with these header lines and this body.
pub(crate) fn says(status: &str, headers: &str, body: &[u8]) -> Manner {
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n", body.len());
    Manner::Says([head.as_bytes(), body].concat())
}

/// A world in which port 53 is `names` and every other port is `web`; no waits, nobody trusted.
pub(crate) fn world(names: SocketAddr, web: SocketAddr) -> World {
    let route = move |to: SocketAddr| if to.port() == 53 { names } else { web };
    let wire = Wire { route: Arc::new(route), hold: Arc::new(|_| Box::pin(async { Ok(()) })) };
    World::through(wire, SocketAddr::from(([9, 9, 9, 9], 53)), Vec::new()).with_seed([1; 32])
}

/// A plan for `site.test` with short limits.
pub(crate) fn plan() -> Plan {
    let target = Target { name: "site.test".to_owned(), domain: "site.test".to_owned() };
    let mut plan = Plan::new(target, "sd");
    plan.limits.dns = Duration::from_millis(300);
    plan.limits.connect = Duration::from_millis(500);
    plan.limits.handshake = Duration::from_millis(500);
    plan.pace = Duration::from_millis(5);
    plan
}

/// A desk to work at.
pub(crate) fn desk<'a>(plan: &'a Plan, world: &'a World) -> (Desk<'a>, mpsc::UnboundedReceiver<Event>) {
    let (on, events) = mpsc::unbounded_channel();
    let facts = Facts::begin(plan.target.clone(), &plan.roadmap, Scope::default(), Timestamp::UNIX_EPOCH);
    (Desk::open(facts, plan, world, [1; 32], on), events)
}
