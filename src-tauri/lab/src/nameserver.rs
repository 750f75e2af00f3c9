//! The name servers on their sockets, datagrams and streams; what is wrong with an answer's bytes is done here.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use hickory_proto::op::{Message, OpCode};
use hickory_proto::rr::Name;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::dns::{self, Code, Reply};
use crate::encode;
use crate::live::Shared;
use crate::names::{How, Server};

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

/// Questions and answers on one stream, each with its length in front (RFC 1035 §4.2.2), until the client leaves.
pub(crate) async fn converse(
    shared: &Shared,
    server: Server,
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
) -> io::Result<()> {
    loop {
        let length = timeout(IDLE, stream.read_u16()).await??;
        let mut question = vec![0; usize::from(length)];
        timeout(IDLE, stream.read_exact(&mut question)).await??;
        let Some(bytes) = reply(shared, server, &question, true).await else { continue };
        stream.write_u16(u16::try_from(bytes.len()).unwrap_or(u16::MAX)).await?;
        stream.write_all(&bytes).await?;
        stream.flush().await?;
    }
}

/// The bytes that answer a question's bytes; `None`: the server stays silent.
pub(crate) async fn reply(shared: &Shared, server: Server, question: &[u8], stream: bool) -> Option<Vec<u8>> {
    shared.pause().await;
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
        _ => {}
    }
    message.to_vec().ok()
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
