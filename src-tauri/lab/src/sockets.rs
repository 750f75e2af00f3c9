//! Opens the lab's sockets on loopback and sets a server on each.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::{TcpListener, TcpSocket, UdpSocket};
use tokio_util::sync::CancellationToken;

use crate::http::Entry;
use crate::live::Shared;
use crate::names::Server;
use crate::nameserver::{datagrams, streams};
use crate::serve;
use crate::wire::{Ports, Web};
use crate::world::House;

const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
/// How often a port that is free for datagrams may turn out to be taken for streams.
const ATTEMPTS: usize = 32;

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
        elsewhere: web(shared, House::Elsewhere, stop).await?,
        post: serving(shared, stop, crate::post::listen).await?,
        submission: serving(shared, stop, crate::submission::listen).await?,
        encrypted: serving(shared, stop, crate::submission::listen_encrypted).await?,
        database: serving(shared, stop, crate::database::listen).await?,
        inbox: serving(shared, stop, crate::inbox::listen).await?,
        tls: web(shared, House::Tls, stop).await?.secure,
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

async fn serving<F: Future<Output = ()> + Send + 'static>(
    shared: &Arc<Shared>,
    stop: &CancellationToken,
    listen: fn(Arc<Shared>, TcpListener, CancellationToken) -> F,
) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind(ANY).await?;
    let address = listener.local_addr()?;
    tokio::spawn(listen(Arc::clone(shared), listener, stop.clone()));
    Ok(address)
}

async fn name_server(shared: &Arc<Shared>, server: Server, stop: &CancellationToken) -> io::Result<SocketAddr> {
    let (socket, listener) = pair().await?;
    let address = socket.local_addr()?;
    tokio::spawn(datagrams(Arc::clone(shared), server, socket, stop.clone()));
    tokio::spawn(streams(Arc::clone(shared), server, listener, stop.clone()));
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
