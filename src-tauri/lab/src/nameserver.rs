//! The name servers on their sockets, datagrams and streams; what is wrong with an answer's bytes is done here.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use hickory_proto::op::{Message, OpCode};
use hickory_proto::rr::rdata::CNAME;
use hickory_proto::rr::{Name, RData, Record};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::dns::{self, Code, Reply};
use crate::encode;
use crate::live::Shared;
use crate::names::{How, Server, Want};

/// Questions answered at once by one server.
const HELD: usize = 256;
/// How late a slow answer comes.
const LATE: Duration = Duration::from_secs(5);
/// How long a stream may idle.
const IDLE: Duration = Duration::from_secs(30);

/// Answers datagrams until the lab stops.
pub(crate) async fn datagrams(shared: Arc<Shared>, server: Server, socket: UdpSocket, stop: CancellationToken) {
    let (socket, places) = (Arc::new(socket), Arc::new(Semaphore::new(HELD)));
    let mut buffer = vec![0; 4096];
    loop {
        let received = tokio::select! {
            () = stop.cancelled() => return,
            received = socket.recv_from(&mut buffer) => received,
        };
        // An ICMP error for an earlier answer is told here; the socket itself lives on.
        let Ok((length, from)) = received else { continue };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
        let (shared, socket, question) = (Arc::clone(&shared), Arc::clone(&socket), buffer[..length].to_vec());
        tokio::spawn(async move {
            if let Some(bytes) = reply(&shared, server, &question, false).await {
                // A client that left does not wait for it.
                drop(socket.send_to(&bytes, from).await);
            }
            drop(place);
        });
    }
}

/// Answers on streams until the lab stops.
pub(crate) async fn streams(shared: Arc<Shared>, server: Server, listener: TcpListener, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(HELD));
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else { continue };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
        let (shared, stop) = (Arc::clone(&shared), stop.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                _ = converse(&shared, server, stream) => {}
            }
            drop(place);
        });
    }
}

/// Questions and answers on one stream, each with its length in front (RFC 1035 §4.2.2), until the client leaves. Questions may follow
/// one another before the first is answered: each answer is as late as its own question was.
pub(crate) async fn converse(
    shared: &Shared,
    server: Server,
    stream: impl AsyncRead + AsyncWrite + Unpin,
) -> io::Result<()> {
    let (mut coming, mut going) = tokio::io::split(stream);
    let (put, mut waiting) = mpsc::channel(HELD);
    let hear = async {
        loop {
            let length = timeout(IDLE, coming.read_u16()).await??;
            let mut question = vec![0; usize::from(length)];
            timeout(IDLE, coming.read_exact(&mut question)).await??;
            if put.send((shared.due(), question)).await.is_err() {
                return Ok(());
            }
        }
    };
    let speak = async {
        while let Some((due, question)) = waiting.recv().await {
            sleep_until(due).await;
            let Some(bytes) = answer(shared, server, &question, true).await else { continue };
            match asked(&question).and_then(|(name, want)| shared.live().world.names.trouble(server, &name, want)) {
                Some(How::Drips) => return drip(&mut going, &bytes).await,
                Some(How::Floods) => return flood(&mut going, &bytes).await,
                _ => {}
            }
            going.write_u16(u16::try_from(bytes.len()).unwrap_or(u16::MAX)).await?;
            going.write_all(&bytes).await?;
            going.flush().await?;
        }
        Ok(())
    };
    tokio::select! {
        heard = hear => heard,
        spoken = speak => spoken,
    }
}

fn asked(question: &[u8]) -> Option<(String, Want)> {
    let asked = Message::from_vec(question).ok()?;
    let query = asked.queries.first()?;
    Some((encode::text(query.name()), encode::want(query.query_type())))
}

/// A long answer of which a byte comes now and then.
async fn drip(stream: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<()> {
    stream.write_u16(u16::MAX).await?;
    for byte in bytes.iter().chain(std::iter::repeat(&0)) {
        stream.write_u8(*byte).await?;
        stream.flush().await?;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

/// Whole answers to questions that nobody asked.
async fn flood(stream: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<()> {
    let mut other = bytes.to_vec();
    other.iter_mut().take(2).for_each(|byte| *byte = !*byte);
    loop {
        stream.write_u16(u16::try_from(other.len()).unwrap_or(u16::MAX)).await?;
        stream.write_all(&other).await?;
    }
}

/// The bytes that answer a question's bytes after the delay of an exchange; `None`: the server stays silent.
async fn reply(shared: &Shared, server: Server, question: &[u8], stream: bool) -> Option<Vec<u8>> {
    shared.pause().await;
    answer(shared, server, question, stream).await
}

/// The bytes that answer a question's bytes; `None`: the server stays silent.
pub(crate) async fn answer(shared: &Shared, server: Server, question: &[u8], stream: bool) -> Option<Vec<u8>> {
    let asked = Message::from_vec(question).ok()?;
    let live = shared.live();
    let names = &live.world.names;
    let [query] = asked.queries.as_slice() else { return None };
    let (name, want) = (encode::text(query.name()), encode::want(query.query_type()));
    let said = if asked.metadata.op_code != OpCode::Query {
        Reply::bare(Code::Refused)
    } else if asked.edns.is_some() && names.no_edns.contains(&server) {
        Reply::bare(Code::FormErr)
    } else {
        dns::answer(names, server, &name, want, asked.metadata.checking_disabled)?
    };
    let mut message = encode::message(&asked, server, &said, names, &shared.signer, stream).ok()?;
    match names.trouble(server, &name, want) {
        Some(How::Cut) => message = message.truncate(),
        Some(How::Forged) => {
            for query in &mut message.queries {
                query.set_name(other());
            }
            message.answers.iter_mut().for_each(|record| record.name = other());
        }
        Some(How::Misnumbered) => message.metadata.id = message.metadata.id.wrapping_add(1),
        Some(How::Slow) => tokio::time::sleep(LATE).await,
        Some(How::Garbled) => return Some(garbage(&message)),
        Some(How::Drips | How::Floods) if !stream => message = message.truncate(),
        Some(How::Stuffed) if !stream => message = message.truncate(),
        Some(How::Stuffed) => stuff(&mut message),
        Some(How::Twisted) => return Some(twisted(&message)),
        _ => {}
    }
    message.to_vec().ok()
}

/// As many aliases of other names as a message holds, in front of the answer.
fn stuff(message: &mut Message) {
    let own = std::mem::take(&mut message.answers);
    let alias = |number: usize| {
        let name = |word: &str| Name::from_ascii(format!("{word}{number}.stuffing.example.")).unwrap_or_default();
        Record::from_rdata(name("a"), 300, RData::CNAME(CNAME(name("b"))))
    };
    message.answers.extend((0..1_000).map(alias));
    message.answers.extend(own);
}

/// The question, then a record whose name is a pointer to that same pointer.
fn twisted(message: &Message) -> Vec<u8> {
    let mut bytes = message.metadata.id.to_be_bytes().to_vec();
    bytes.extend([0x81, 0x80, 0, 0, 0, 1, 0, 0, 0, 0, 0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 127, 0, 0, 1]);
    bytes
}

fn other() -> Name {
    Name::from_ascii("somebody-else.example.").unwrap_or_default()
}

/// The right id, an answer without error and nine promised records, then bytes that are none.
fn garbage(message: &Message) -> Vec<u8> {
    let mut bytes = message.metadata.id.to_be_bytes().to_vec();
    bytes.extend([0x81, 0x80, 0, 1, 0, 9, 0, 0, 0, 0, 0xc0, 0x0c, 0xff]);
    bytes
}
