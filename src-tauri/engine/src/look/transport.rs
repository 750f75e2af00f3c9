//! Transport: one connection to port 443 of each address of a host shows whether it is open and what its handshake says.

use super::offer::spent;
use crate::net::dial::Errand;
use crate::net::trouble::Trouble;
use crate::run::Desk;
use crate::trace::Purpose;
use audit::Why;
use audit::facts::{Fact, Handshake, Observation, Reach};
use futures::future::join_all;
use std::net::{IpAddr, SocketAddr};
use std::time::Instant;

/// Addresses of one host that are visited.
const ADDRESSES: usize = 8;

/// Looks at every address of a host.
pub(crate) async fn look(desk: &Desk<'_>, host: &str, addresses: &[IpAddr]) {
    let (visited, left) = addresses.split_at(addresses.len().min(ADDRESSES));
    join_all(visited.iter().map(|address| one(desk, host, *address))).await;
    for address in left {
        let says = format!("{host} has more than {ADDRESSES} addresses; only the first {ADDRESSES} were visited");
        let trouble = Trouble::new(Why::Beyond, says);
        desk.saw(Observation::Reach { key: key(host, *address), fact: Fact::Unseen(trouble.of(port(host, *address))) });
        let what = certificate(host, *address);
        desk.saw(Observation::Tls { key: key(host, *address), fact: Fact::Unseen(trouble.of(what)) });
    }
}

fn key(host: &str, address: IpAddr) -> String {
    format!("{host}|{address}")
}

fn port(host: &str, address: IpAddr) -> String {
    format!("port 443 of {host} at {address}")
}

fn certificate(host: &str, address: IpAddr) -> String {
    format!("certificate of {host} at {address}")
}

/// Both facts come from one connection.
async fn one(desk: &Desk<'_>, host: &str, address: IpAddr) {
    let what = certificate(host, address);
    let fact = desk
        .job(
            &what,
            Box::pin(async {
                if !desk.asked.spend(address) {
                    return Fact::Unseen(spent(address).of(certificate(host, address)));
                }
                let _turn = desk.turns.to_greet(address).await;
                shake(desk, host, address).await
            }),
        )
        .await;
    desk.saw(Observation::Tls { key: key(host, address), fact });
}

async fn shake(desk: &Desk<'_>, host: &str, address: IpAddr) -> Fact<Handshake> {
    let target = SocketAddr::new(address, 443);
    let begun = Instant::now();
    let dialled = desk.net.dial.tcp(target, Errand::new(Purpose::Tls, host)).await;
    let took_ms = u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX);
    let reach = match &dialled {
        Ok(_) => desk.seen(Reach { open: true, took_ms }, target.to_string()),
        Err(trouble) if trouble.why == Why::Refused => desk.seen(Reach { open: false, took_ms }, target.to_string()),
        Err(trouble) => Fact::Unseen(trouble.of(port(host, address))),
    };
    desk.saw(Observation::Reach { key: key(host, address), fact: reach });
    let handshake = match dialled {
        Ok(stream) => desk.net.tls.look(stream, host, target).await,
        Err(trouble) => Err(trouble),
    };
    match handshake {
        Ok(value) => desk.seen(value, target.to_string()),
        Err(trouble) => Fact::Unseen(trouble.of(certificate(host, address))),
    }
}
