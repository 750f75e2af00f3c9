//! Opens the lab's sockets on loopback and sets a server on each.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hickory_server::Server as NameServer;
use tokio::net::{TcpListener, TcpSocket, UdpSocket};
use tokio_util::sync::CancellationToken;

use crate::dns::Handler;
use crate::http::Entry;
use crate::live::Shared;
use crate::names::Server;
use crate::serve;
use crate::wire::{Ports, Web};
use crate::world::House;

const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
/// How often a port that is free for datagrams may turn out to be taken for streams.
const ATTEMPTS: usize = 32;
/// Seconds a DNS connection over TCP may idle.
const IDLE: Duration = Duration::from_secs(30);

/// All servers, running until `stop`; the socket is the port that refuses.
pub(crate) async fn open(shared: &Arc<Shared>, stop: &CancellationToken) -> io::Result<(Ports, TcpSocket)> {
    let closed = TcpSocket::new_v4()?;
    closed.bind(ANY)?;
    let mut names = BTreeMap::new();
    for server in Server::ALL {
        names.insert(server, name_server(shared, server, stop).await?);
    }
    let ports = Ports {
        names,
        edge: web(shared, House::Edge, stop).await?,
        origin: web(shared, House::Origin, stop).await?,
        closed: closed.local_addr()?,
    };
    Ok((ports, closed))
}

async fn web(shared: &Arc<Shared>, house: House, stop: &CancellationToken) -> io::Result<Web> {
    let mut opened = [ANY; 2];
    for (address, secure) in opened.iter_mut().zip([false, true]) {
        let listener = TcpListener::bind(ANY).await?;
        *address = listener.local_addr()?;
        let entry = Entry { house, secure };
        tokio::spawn(serve::listen(Arc::clone(shared), entry, listener, stop.clone()));
    }
    let [plain, secure] = opened;
    Ok(Web { plain, secure })
}

async fn name_server(shared: &Arc<Shared>, server: Server, stop: &CancellationToken) -> io::Result<SocketAddr> {
    let (datagrams, streams) = pair().await?;
    let address = datagrams.local_addr()?;
    let handler = Handler { shared: Arc::clone(shared), server };
    let mut running = NameServer::new(handler);
    running.register_socket(datagrams);
    running.register_listener(streams, IDLE, 64);
    let stop = stop.clone();
    tokio::spawn(async move {
        // Dropping the server aborts its tasks; a failed one leaves questions unanswered, which clients tell.
        tokio::select! {
            () = stop.cancelled() => {}
            _ = running.block_until_done() => {}
        }
    });
    Ok(address)
}

/// Sockets for datagrams and streams on one port number.
async fn pair() -> io::Result<(UdpSocket, TcpListener)> {
    let mut attempts = 0;
    loop {
        let datagrams = UdpSocket::bind(ANY).await?;
        match TcpListener::bind(datagrams.local_addr()?).await {
            Ok(streams) => return Ok((datagrams, streams)),
            Err(error) if attempts == ATTEMPTS => return Err(error),
            Err(_) => attempts += 1,
        }
    }
}
