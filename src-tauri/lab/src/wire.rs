//! The way from public addresses to the lab's sockets on loopback, with the waits and refusals on it.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use crate::live::Shared;
use crate::names::Server;
use crate::world::{House, Manner, Place};

/// The sockets of the lab.
#[derive(Debug)]
pub(crate) struct Ports {
    pub names: BTreeMap<Server, SocketAddr>,
    pub edge: Web,
    pub origin: Web,
    pub elsewhere: Web,
    /// Where the mail host answers.
    pub post: SocketAddr,
    /// Where mail of the product is taken.
    pub submission: SocketAddr,
    /// The same, encrypted from the first byte.
    pub encrypted: SocketAddr,
    /// Where the founder's mailbox is read.
    pub inbox: SocketAddr,
    /// The product's database; it is reached on loopback, as founders reach theirs by a tunnel.
    pub database: SocketAddr,
    /// Where public resolvers answer over TLS.
    pub tls: SocketAddr,
    /// Bound but not listening, so that it refuses and nobody else gets it.
    pub closed: SocketAddr,
}

/// The two web sockets of a house.
#[derive(Debug)]
pub(crate) struct Web {
    pub plain: SocketAddr,
    pub secure: SocketAddr,
}

/// The only road into the lab's internet; clones are cheap and share one state.
#[derive(Clone)]
pub struct Wire {
    pub(crate) shared: Arc<Shared>,
    pub(crate) ports: Arc<Ports>,
}

impl Wire {
    /// Where a connection or datagram meant for this public address really goes on loopback. An address nobody serves maps to a
    /// closed port, so that it refuses.
    pub fn route(&self, to: SocketAddr) -> SocketAddr {
        match (self.shared.live().world.portal, to.port()) {
            (Some(_), 80) => return self.ports.origin.plain,
            (Some(portal), 443 | 853) if portal.seals => return self.ports.origin.secure,
            _ => {}
        }
        let Some(place) = self.place(to) else {
            return self.ports.closed;
        };
        let port = match (place.manner, place.house, to.port()) {
            (Manner::Refuses, ..) => None,
            (_, House::Edge, 80) => Some(self.ports.edge.plain),
            (_, House::Edge, 443) => Some(self.ports.edge.secure),
            (_, House::Origin, 80) => Some(self.ports.origin.plain),
            (_, House::Origin, 443) => Some(self.ports.origin.secure),
            (_, House::Elsewhere, 80) => Some(self.ports.elsewhere.plain),
            (_, House::Elsewhere, 443) => Some(self.ports.elsewhere.secure),
            (_, House::Post, 25) => Some(self.ports.post),
            (_, House::Submission, 587) => Some(self.ports.submission),
            (_, House::Submission, 465) => Some(self.ports.encrypted),
            (_, House::Inbox, 993) => Some(self.ports.inbox),
            (_, House::Name(_), 853) => Some(self.ports.tls),
            (_, House::Name(_), 443) => Some(self.ports.origin.secure),
            (_, House::Name(server), 53) => self.ports.names.get(&server).copied(),
            _ => None,
        };
        port.unwrap_or(self.ports.closed)
    }

    /// Waits or fails before a connection to this public address, as the chosen delay and the faults say: refused at once, held
    /// for ever, or let through. Dropping the future gives up.
    pub fn hold(&self, to: SocketAddr) -> Pin<Box<dyn Future<Output = io::Result<()>> + Send>> {
        let wire = self.clone();
        Box::pin(async move {
            wire.shared.pause().await;
            if let Some(portal) = wire.shared.live().world.portal {
                // Encrypted connections cannot be led to the login page unseen, so most portals lead them nowhere.
                let taken = to.port() == 80 || portal.seals;
                return if taken { Ok(()) } else { std::future::pending().await };
            }
            let place = wire.place(to);
            if let Some(House::Name(server)) = place.map(|place| place.house)
                && wire.shared.live().world.names.no_streams.contains(&server)
            {
                return Err(io::ErrorKind::ConnectionRefused.into());
            }
            match place.map(|place| place.manner) {
                Some(Manner::Hangs) => std::future::pending().await,
                Some(Manner::Refuses) => Err(io::ErrorKind::ConnectionRefused.into()),
                Some(Manner::Open) | None => Ok(()),
            }
        })
    }

    /// Adds a delay to every exchange: connect, TLS greeting, datagram and request. Off by default; zero turns it off again.
    pub fn delay(&self, each: Duration) {
        self.shared.delay(each);
    }

    fn place(&self, to: SocketAddr) -> Option<Place> {
        self.shared.live().world.places.get(&to.ip()).copied()
    }
}
