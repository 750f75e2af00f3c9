//! TLS greetings of our own: a ClientHello for any version and suites, and the first words of the answer. No handshake is finished.

mod answer;
mod ask;
#[cfg(test)]
mod tests;

pub(crate) use answer::{Heard, Said, alert};
pub(crate) use ask::Greeting;

use super::dial::{Dialler, Errand, line};
use super::trouble::Trouble;
use crate::trace::{Kind, Purpose};
use audit::Why;
use std::io;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

/// Bytes of an answer that are read: the first message fits into one record (RFC 8446 §5.1).
const ANSWER: usize = 16 * 1024 + 5;
/// The same where certificates come before what is waited for.
const LONG: usize = 4 * ANSWER;

/// Greets a server on a connection of its own and hears its answer.
pub(crate) async fn greet(dial: &Dialler, address: SocketAddr, greeting: &Greeting<'_>) -> Result<Heard, Trouble> {
    let mut stream = dial.tcp(address, Errand::new(Purpose::Tls, greeting.host)).await?;
    let span =
        dial.trace.begin(Kind::Greeting, address, || (format!("{} greeted", greeting.host), vec![line(&stream)]));
    let within = dial.limits.handshake;
    let talk = async {
        stream.write_all(&greeting.bytes()).await?;
        let (mut bytes, most) = (Vec::new(), if greeting.group { LONG } else { ANSWER });
        loop {
            match answer::read(&bytes, greeting.group) {
                Said::More if bytes.len() >= most => return Ok(Heard::Nonsense),
                Said::More => {}
                Said::This(heard) => return Ok(heard),
            }
            let mut part = [0; 2048];
            match stream.read(&mut part).await? {
                0 => return Ok(Heard::Closed),
                some => bytes.extend_from_slice(part.get(..some).unwrap_or_default()),
            }
        }
    };
    let heard = timeout(within, talk).await;
    if heard.is_ok() {
        span.end(Vec::<String>::new);
    }
    match heard {
        Ok(Ok(heard)) => Ok(heard),
        Ok(Err(error)) if broke(&error) => Ok(Heard::Closed),
        Ok(Err(error)) => Err(Trouble::of_io(&error, &address.to_string())),
        Err(_) => Err(Trouble::silent(&address.to_string(), "answer a TLS greeting", within)),
    }
}

fn broke(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    matches!(error.kind(), Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe)
}

/// What a connection that was closed without a word means when it cannot be told from a refusal.
pub(crate) fn closed(address: SocketAddr) -> Trouble {
    Trouble::new(Why::Broken, format!("{address} broke off the connection before the answer was whole"))
}
