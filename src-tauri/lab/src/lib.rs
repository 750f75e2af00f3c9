//! A small internet on loopback with a fictional product, Juniper Desk, and faults that can be switched on and off one by one.

mod authority;
mod cloudflare;
mod database;
mod denial;
mod dns;
mod encode;
mod faults;
mod flood;
mod front;
mod http;
mod inbox;
mod keys;
mod letter;
mod lighthouse;
mod live;
mod mark;
mod members;
mod mend;
mod names;
mod nameserver;
mod page;
mod post;
mod project;
mod quirk;
mod random;
mod receivers;
mod records;
mod registry;
mod relic;
mod repository;
mod resolvers;
mod script;
mod secret;
mod serve;
mod signer;
mod site;
mod sockets;
mod staple;
mod strange;
mod submission;
mod transparency;
mod visits;
mod watched;
mod wire;
mod world;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::SystemTime;

use tokio_util::sync::CancellationToken;

pub use crate::faults::{Cell, FAULTS, Fault, cells, showcase};
use crate::live::Shared;
pub use crate::mend::Mend;
pub use crate::project::Project;
pub use crate::wire::Wire;
use crate::world::{DOMAIN, RESOLVER};

/// Why a lab could not start or change.
#[derive(Debug, thiserror::Error)]
pub enum LabError {
    /// A fault of this name is not in [`FAULTS`].
    #[error("unknown fault \"{name}\"{}", hint(close))]
    UnknownFault {
        /// The name as it was given.
        name: String,
        /// Names of the table that look like it, the closest first.
        close: Vec<&'static str>,
    },
    /// No socket on loopback could be had.
    #[error("failed to open a socket on loopback: {0}")]
    Socket(#[from] std::io::Error),
    /// A certificate could not be made.
    #[error("failed to make a certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// A key for signed zones could not be made.
    #[error("failed to make a key for signed zones: {0}")]
    Signer(#[from] hickory_proto::dnssec::DnsSecError),
    /// A TLS server could not be set up.
    #[error("failed to set up TLS: {0}")]
    Tls(#[from] rustls::Error),
}

fn hint(close: &[&str]) -> String {
    match close {
        [] => String::new(),
        names => format!("; close to it: {}", names.join(", ")),
    }
}

/// The running small internet; dropping it stops its servers.
pub struct Lab {
    wire: Wire,
    stop: CancellationToken,
    /// Keeps the refusing port from being given to anybody else.
    _closed: tokio::net::TcpSocket,
}

impl Lab {
    /// Starts all servers. `now` is the time of certificates and serial numbers, `seed` decides all that looks random, `faults` are names
    /// of [`FAULTS`].
    pub async fn start(now: SystemTime, seed: u64, faults: &[&str]) -> Result<Lab, LabError> {
        let names = faults.iter().map(|name| faults::named(name));
        let shared = Arc::new(Shared::new(now, seed, names.collect::<Result<_, _>>()?)?);
        let stop = CancellationToken::new();
        let (ports, closed) = sockets::open(&shared, &stop).await?;
        let ports = Arc::new(ports);
        Ok(Lab { wire: Wire { shared, ports }, stop, _closed: closed })
    }

    /// The product's domain.
    pub fn domain(&self) -> &'static str {
        DOMAIN
    }

    /// The first public address of the bare domain.
    pub fn apex(&self) -> IpAddr {
        IpAddr::V4(world::APEX.v4[0])
    }

    /// The public resolver, as the outside world sees it.
    pub fn resolver(&self) -> SocketAddr {
        SocketAddr::from((RESOLVER, 53))
    }

    /// DER of the certificates to trust: the root of the lab's authority and nothing else.
    pub fn roots(&self) -> Vec<Vec<u8>> {
        vec![self.wire.shared.authority.root()]
    }

    /// The key to trust for signed zones: algorithm number (RFC 8624) and key bytes (RFC 4034 §2.1.4) of the lab's root.
    pub fn anchor(&self) -> (u8, Vec<u8>) {
        self.wire.shared.signer.anchor()
    }

    /// The public logs that hold its certificates: operator, name and key (SubjectPublicKeyInfo, DER) of each that is on the list.
    pub fn logs(&self) -> Vec<(String, String, Vec<u8>)> {
        self.wire.shared.authority.logs()
    }

    /// The day of that list.
    pub fn log_list(&self) -> &'static str {
        transparency::LIST
    }

    /// The road into this internet.
    pub fn wire(&self) -> Wire {
        self.wire.clone()
    }

    /// The read-only token of the product's Cloudflare account.
    pub fn cloudflare_token(&self) -> &'static str {
        cloudflare::TOKEN
    }

    /// The addresses of the signed-in area, each with what it is.
    pub fn places(&self) -> Vec<(String, &'static str)> {
        members::places()
    }

    /// The hosts whose forms may be tried: they are the lab's own.
    pub fn hosts_of_forms(&self) -> [&'static str; 1] {
        [members::HOST]
    }

    /// Cookie and token of the studio's owner.
    pub fn owner(&self) -> [&'static str; 2] {
        members::OWNER
    }

    /// Cookie and token of somebody who works there and administers nothing.
    pub fn worker(&self) -> [&'static str; 2] {
        members::WORKER
    }

    /// The journeys of the product, as the text of a file.
    pub fn journeys(&self) -> &'static str {
        visits::FILE
    }

    /// The secrets that the journeys name, each with its value.
    pub fn secrets_of_journeys(&self) -> [(&'static str, &'static str); 2] {
        visits::secrets()
    }

    /// Switches one fault on or off while the servers run.
    pub fn switch(&self, fault: &str, on: bool) -> Result<(), LabError> {
        self.wire.shared.switch(faults::named(fault)?, on)
    }

    /// Makes the changes that a person would make at the DNS provider or the host; tells how many of them the lab knows how to make.
    /// Switching a fault undoes them.
    pub fn mend(&self, mends: &[Mend]) -> Result<usize, LabError> {
        self.wire.shared.mend(mends)
    }

    /// Messages that the product sent, as they lie in the mailbox of its founder, each with the word of its flow.
    pub fn letters(&self) -> Vec<(&'static str, Vec<u8>)> {
        let live = self.wire.shared.live();
        ["reset", "invoice"].map(|flow| (flow, letter::of(&live.world, flow))).to_vec()
    }

    /// The account that the product sends mail with, and the founder's mailbox: server, port, user and password of each.
    pub fn account(&self) -> [(&'static str, u16, &'static str, &'static str); 2] {
        let port = submission::port(self.wire.shared.live().world.mailing);
        let (user, password) = submission::ACCOUNT;
        [(submission::HOST, port, user, password), inbox::ACCOUNT]
    }

    /// The address that the product sends from, and that of the founder's mailbox.
    pub fn addresses(&self) -> [&'static str; 2] {
        [letter::SENDER, letter::FOUNDER]
    }

    /// What the founder says of the settings that are secret: where each lives, who owns it, when it was last replaced.
    pub fn kept(&self) -> BTreeMap<String, String> {
        self.wire.shared.live().world.files.kept.clone()
    }

    /// How the product's database is reached, by a role that may only look.
    pub fn database(&self) -> String {
        let (role, password) = database::ACCOUNT;
        format!("postgres://{role}:{password}@{}/desk?sslmode=disable", self.wire.ports.database)
    }

    /// The report that Lighthouse would write of the front page.
    pub fn lighthouse(&self) -> String {
        let live = self.wire.shared.live();
        live.world.lighthouse.report(live.world.now)
    }

    /// What a watch of the product recorded in the last days.
    pub fn watched(&self) -> String {
        let live = self.wire.shared.live();
        live.world.watched.record(live.world.now)
    }

    /// Writes out the product's own folder and log as they are now, for as long as the answer is kept.
    pub fn project(&self) -> std::io::Result<Project> {
        let live = self.wire.shared.live();
        Project::write(&live.world.files, live.world.now)
    }

    /// Routes worth sampling in the demo.
    pub fn routes(&self) -> Vec<String> {
        vec![format!("https://{DOMAIN}/dashboard")]
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
