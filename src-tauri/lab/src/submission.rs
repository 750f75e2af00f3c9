//! The service that takes mail from the product, with a password (RFC 6409): port 587 with STARTTLS, port 465 encrypted at once.

use std::io;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::letter::{self, Mailing};
use crate::live::Shared;
use crate::post::accept;

/// Its name.
pub(crate) const HOST: &str = "smtp.mtasv.net";
/// The product's account.
pub(crate) const ACCOUNT: (&str, &str) = ("juniper-server", "lab-submission-2b7e");
/// Bytes of one line, and of one message.
const LINE: u64 = 4 * 1024;
const MESSAGE: usize = 256 * 1024;

/// Accepts until the lab stops.
pub(crate) async fn listen(shared: Arc<Shared>, listener: TcpListener, stop: CancellationToken) {
    accept(listener, stop, move |stream| {
        let shared = Arc::clone(&shared);
        async move { greet(&shared, stream).await }
    })
    .await;
}

/// The port of the account.
pub(crate) fn port(mailing: Mailing) -> u16 {
    if mailing.implicit { 465 } else { 587 }
}

/// Accepts until the lab stops, encrypted from the first byte.
pub(crate) async fn listen_encrypted(shared: Arc<Shared>, listener: TcpListener, stop: CancellationToken) {
    accept(listener, stop, move |stream| {
        let shared = Arc::clone(&shared);
        async move {
            let Some(config) = shared.live().configs.get(HOST).cloned() else { return Ok(()) };
            let mut stream = BufReader::new(TlsAcceptor::from(config).accept(stream).await?);
            say(&mut stream, "220 smtp.mtasv.net ESMTP").await?;
            take(&shared, &mut stream).await
        }
    })
    .await;
}

/// Everything before encryption.
async fn greet(shared: &Arc<Shared>, stream: TcpStream) -> io::Result<()> {
    let live = shared.live();
    let mut stream = BufReader::new(stream);
    say(&mut stream, "220 smtp.mtasv.net ESMTP").await?;
    loop {
        let line = line(&mut stream).await?;
        match word(&line).as_str() {
            "" => return Ok(()),
            "EHLO" if live.world.mailing.encrypts => say(&mut stream, "250-smtp.mtasv.net\r\n250 STARTTLS").await?,
            "EHLO" => say(&mut stream, "250-smtp.mtasv.net\r\n250 AUTH PLAIN LOGIN").await?,
            "STARTTLS" if live.world.mailing.encrypts => {
                say(&mut stream, "220 2.0.0 Ready to start TLS").await?;
                let Some(config) = live.configs.get(HOST) else { return Ok(()) };
                let secure = TlsAcceptor::from(Arc::clone(config)).accept(stream.into_inner()).await?;
                return take(shared, &mut BufReader::new(secure)).await;
            }
            "QUIT" => return say(&mut stream, "221 2.0.0 bye").await,
            // A password that comes without encryption is taken by whoever listens: the tests look for this answer.
            "AUTH" => say(&mut stream, "235 2.7.0 taken in the clear").await?,
            _ => say(&mut stream, "502 5.5.1 Unrecognized command").await?,
        }
    }
}

/// Everything after it.
async fn take<S: AsyncRead + AsyncWrite + Unpin>(shared: &Arc<Shared>, stream: &mut BufReader<S>) -> io::Result<()> {
    let live = shared.live();
    let mailing = live.world.mailing;
    let mut signed_in = false;
    loop {
        let line = line(stream).await?;
        let answer = match word(&line).as_str() {
            "" => return Ok(()),
            "EHLO" => "250-smtp.mtasv.net\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN",
            "AUTH" => {
                signed_in = mailing.knows && known(&line);
                if signed_in { "235 2.7.0 Welcome" } else { "535 5.7.8 Username and password not accepted" }
            }
            "MAIL" if !signed_in => "530 5.7.0 Authentication required",
            "MAIL" => mailing.sender,
            "RCPT" => mailing.recipient,
            "DATA" => {
                say(stream, "354 Go ahead").await?;
                let message = content(stream).await?;
                if let Some(after) = mailing.takes {
                    shared.deliver(letter::arrived(&live.world, &message), after);
                }
                "250 2.0.0 Queued"
            }
            "QUIT" => return say(stream, "221 2.0.0 bye").await,
            _ => "502 5.5.1 Unrecognized command",
        };
        say(stream, answer).await?;
    }
}

/// Whether `AUTH PLAIN` holds the account's name and password (RFC 4616 §2).
fn known(line: &str) -> bool {
    let (user, password) = ACCOUNT;
    let given = line.trim().rsplit(' ').next().and_then(|word| STANDARD.decode(word).ok());
    given == Some(format!("\0{user}\0{password}").into_bytes())
}

/// A message up to its last dot (RFC 5321 §4.5.2).
async fn content<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> io::Result<Vec<u8>> {
    let mut message = Vec::new();
    while message.len() < MESSAGE {
        let mut line = Vec::new();
        if (&mut *stream).take(LINE).read_until(b'\n', &mut line).await? == 0 || line == b".\r\n" {
            break;
        }
        message.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
    Ok(message)
}

fn word(line: &str) -> String {
    line.split_whitespace().next().unwrap_or_default().to_ascii_uppercase()
}

pub(crate) async fn line<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> io::Result<String> {
    let mut line = String::new();
    (&mut *stream).take(LINE).read_line(&mut line).await?;
    Ok(line)
}

pub(crate) async fn say<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufReader<S>, text: &str) -> io::Result<()> {
    stream.write_all(format!("{text}\r\n").as_bytes()).await?;
    stream.flush().await
}
