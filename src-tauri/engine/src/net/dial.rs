//! The only place that opens connections: the address policy first, then the wire, always under a deadline.

use super::trouble::Trouble;
use crate::plan::Limits;
use crate::trace::{Kind, Purpose, Trace};
use crate::world::Wire;
use audit::Why;
use audit::read::address;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Opens connections through the wire.
pub(crate) struct Dialler {
    wire: Wire,
    allow_private: bool,
    pub(crate) limits: Limits,
    pub(crate) trace: Trace,
}

/// What a connection is made for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Errand<'a> {
    pub(crate) purpose: Purpose,
    /// The host whose address it goes to, or the address again where there is no host.
    pub(crate) host: &'a str,
}

impl<'a> Errand<'a> {
    pub(crate) fn new(purpose: Purpose, host: &'a str) -> Self {
        Self { purpose, host }
    }

    /// What is told of the connection to `address`, and what has to be known for it.
    pub(crate) fn of(self, address: SocketAddr) -> (String, Vec<String>) {
        let ip = address.ip().to_string();
        (format!("{} for {}", address, self.host), vec![self.host.to_owned(), lies(self.host, &ip), ip])
    }
}

/// The word for "this host has this address".
pub(crate) fn lies(host: &str, ip: &str) -> String {
    format!("{host}@{ip}")
}

/// The word by which exchanges on a connection name it.
pub(crate) fn line(stream: &TcpStream) -> String {
    stream.local_addr().map_or_else(|_| String::new(), |address| format!("line {address}"))
}

impl Dialler {
    pub(crate) fn new(wire: Wire, allow_private: bool, limits: Limits, trace: Trace) -> Self {
        Self { wire, allow_private, limits, trace }
    }

    /// Where datagrams to an address go.
    pub(crate) fn route(&self, address: SocketAddr) -> SocketAddr {
        (self.wire.route)(address)
    }

    /// Whether policy lets us contact an address; judged on the address itself, before any routing.
    pub(crate) fn allowed(&self, address: IpAddr) -> Result<(), Trouble> {
        let class = address::class(address);
        // Nobody's site lives on these, not even in a test network.
        let never = matches!(class, address::Class::Multicast) || address.is_unspecified();
        if class.is_public() || (self.allow_private && !never) {
            return Ok(());
        }
        Err(Trouble::new(Why::Forbidden, format!("{address} is {}, so it was not contacted", class.says())))
    }

    /// A TCP connection to an address of the audited world.
    pub(crate) async fn tcp(&self, address: SocketAddr, errand: Errand<'_>) -> Result<TcpStream, Trouble> {
        self.allowed(address.ip())?;
        self.through(address, self.limits.connect, errand).await
    }

    /// Where a connection to an address really goes, once the wire lets it; the caller has asked the policy.
    pub(crate) async fn held(&self, address: SocketAddr) -> io::Result<SocketAddr> {
        (self.wire.hold)(address).await?;
        Ok(self.route(address))
    }

    /// A TCP connection to a server that the user or the machine chose (a resolver): no policy.
    #[expect(clippy::disallowed_methods, reason = "this is the dialler")]
    pub(crate) async fn through(
        &self,
        address: SocketAddr,
        within: Duration,
        errand: Errand<'_>,
    ) -> Result<TcpStream, Trouble> {
        let who = address.to_string();
        let span = self.trace.begin(Kind::Connection(errand.purpose), address, || errand.of(address));
        let connecting = async {
            let stream = TcpStream::connect(self.held(address).await?).await?;
            stream.set_nodelay(true)?;
            Ok(stream)
        };
        match timeout(within, connecting).await {
            Ok(Ok(stream)) => {
                span.end(|| vec![line(&stream)]);
                Ok(stream)
            }
            Ok(Err(error)) => {
                span.end(Vec::<String>::new);
                Err(Trouble::of_io(&error, &who))
            }
            Err(_) => Err(Trouble::silent(&who, "accept a connection", within)),
        }
    }
}
