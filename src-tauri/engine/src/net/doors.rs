//! How many connections for HTTP are open to one address at once, whatever the hosts behind it: shared servers and networks serve many.

use super::line::Line;
use super::trouble::{Trouble, seconds};
use audit::Why;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// As many as a browser opens to one host.
const AT_ONCE: usize = 6;

/// Every address that was connected to, and the kept connections that may have to make room.
pub(crate) struct Doors {
    at_once: usize,
    doors: Mutex<HashMap<IpAddr, Arc<Door>>>,
    lines: Mutex<Vec<Weak<Line>>>,
}

struct Door {
    places: Arc<Semaphore>,
    left: Notify,
}

/// A place among the connections to one address. Whoever owns the socket holds it, so that it is free only when the socket is closed.
pub(crate) struct Place {
    _permit: OwnedSemaphorePermit,
    door: Arc<Door>,
}

/// What a user of a connection holds beside it: those who wait for a place are told when it is dropped.
#[derive(Clone)]
pub(crate) struct Guest(Arc<Door>);

impl Default for Doors {
    fn default() -> Self {
        Self::wide(AT_ONCE)
    }
}

impl Doors {
    /// Lets so many in at once; more than a browser would only where somebody agreed to it.
    pub(crate) fn wide(at_once: usize) -> Self {
        Self { at_once, doors: Mutex::default(), lines: Mutex::default() }
    }

    /// Lets a line know that its idle connections may be closed for others.
    pub(super) fn know(&self, line: &Arc<Line>) {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::downgrade(line));
    }

    /// Waits for a place at this address; kept connections that nobody uses are closed for it.
    pub(crate) async fn enter(&self, address: IpAddr, within: Duration) -> Result<Place, Trouble> {
        let door = {
            let mut doors = self.doors.lock().unwrap_or_else(PoisonError::into_inner);
            doors.entry(address).or_insert_with(|| Arc::new(Door::new(self.at_once))).clone()
        };
        let says = || {
            format!(
                "{} connections to {address} were in use, and none of them came free within {}",
                self.at_once,
                seconds(within)
            )
        };
        timeout(within, self.wait(address, door)).await.map_err(|_| Trouble::new(Why::Timeout, says()))
    }

    async fn wait(&self, address: IpAddr, door: Arc<Door>) -> Place {
        loop {
            let left = door.left.notified();
            tokio::pin!(left);
            // From here on nobody leaves unnoticed.
            left.as_mut().enable();
            if door.places.available_permits() == 0 {
                self.close_idle(address);
            }
            tokio::select! {
                biased;
                // The semaphore is never closed.
                Ok(permit) = door.places.clone().acquire_owned() => {
                    return Place { _permit: permit, door: door.clone() };
                }
                () = left => {}
            }
        }
    }

    fn close_idle(&self, address: IpAddr) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.retain(|line| line.upgrade().inspect(|line| line.close_idle(address)).is_some());
    }
}

impl Door {
    fn new(at_once: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(at_once)), left: Notify::new() }
    }
}

impl Place {
    /// Somebody who uses the connection.
    pub(crate) fn guest(&self) -> Guest {
        Guest(self.door.clone())
    }
}

impl Guest {
    /// Tells those who wait that the connection is idle.
    pub(crate) fn rest(&self) {
        self.0.left.notify_waiters();
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.0.left.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use crate::look::http::look;
    use crate::testing::{Answer, PUBLIC, a, desk, names, plan, world};
    use futures::future::join_all;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    /// Answers a page to every request, slowly, and keeps the connection.
    async fn serve(mut stream: TcpStream) {
        let mut head = Vec::new();
        while let Ok(byte) = stream.read_u8().await {
            head.push(byte);
            if head.ends_with(b"\r\n\r\n") {
                head.clear();
                tokio::time::sleep(Duration::from_millis(60)).await;
                let page = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 5\r\n\r\nhello";
                if stream.write_all(page).await.is_err() {
                    return;
                }
            }
        }
    }

    #[tokio::test]
    async fn eight_hosts_at_one_address_share_six_connections() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let web = listener.local_addr().unwrap();
        let (open, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (counted, peak) = (open.clone(), most.clone());
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (counted, peak) = (counted.clone(), peak.clone());
                tokio::spawn(async move {
                    // Those that were closed for this one are counted as closed first.
                    tokio::time::sleep(Duration::from_millis(40)).await;
                    peak.fetch_max(counted.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    serve(stream).await;
                    counted.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        let (server, _) = names(|name, _| Answer::Records(vec![a(name, PUBLIC)])).await;
        let (plan, world) = (plan(), world(server, web));
        let (desk, _events) = desk(&plan, &world);
        let hosts: Vec<String> = (0..8).map(|number| format!("h{number}.site.test")).collect();
        // Two at once and then one more of each, so that kept connections have to make room.
        let looks = hosts.iter().map(|host| async {
            let both = futures::future::join(look(&desk, "http", host), look(&desk, "http", host)).await;
            [both.0, both.1, look(&desk, "http", host).await]
        });
        for walked in join_all(looks).await.into_iter().flatten() {
            assert_eq!(walked.fact.seen().unwrap().hops[0].status, 200);
        }
        let most = most.load(Ordering::SeqCst);
        assert!((4..=6).contains(&most), "{most} at once");
    }
}
