//! The server that takes the product's mail: greeting, EHLO and STARTTLS on port 25. It takes no message.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::live::Shared;
use crate::site::Greeting;

/// The host that takes the mail.
pub(crate) const POST: &str = "smtp.google.com";
/// Conversations held at once.
const HELD: usize = 64;
/// The longest conversation.
const LIFETIME: Duration = Duration::from_secs(30);
/// Bytes that a client may send before TLS.
const HEARD: u64 = 4 * 1024;

/// How the mail host behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Post {
    pub mood: Greeting,
    /// Its first line.
    pub says: &'static str,
    pub starttls: bool,
}

impl Post {
    pub const HEALTHY: Post = Post { mood: Greeting::Answers, says: "220 smtp.google.com ESMTP ready", starttls: true };
}

/// Accepts until the lab stops.
pub(crate) async fn listen(shared: Arc<Shared>, listener: TcpListener, stop: CancellationToken) {
    accept(listener, stop, move |stream| {
        let shared = Arc::clone(&shared);
        async move { converse(&shared, stream).await }
    })
    .await;
}

/// Holds a conversation with each client, for a while and not with too many at once.
pub(crate) async fn accept<F: Future<Output = io::Result<()>> + Send + 'static>(
    listener: TcpListener,
    stop: CancellationToken,
    converse: impl Fn(TcpStream) -> F,
) {
    let places = Arc::new(Semaphore::new(HELD));
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let (Ok((stream, _)), Ok(place)) = (accepted, Arc::clone(&places).try_acquire_owned()) else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let (talk, stop) = (converse(stream), stop.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                _ = tokio::time::timeout(LIFETIME, talk) => {}
            }
            drop(place);
        });
    }
}

async fn converse(shared: &Arc<Shared>, stream: TcpStream) -> io::Result<()> {
    let live = shared.live();
    let post = live.world.post;
    match post.mood {
        Greeting::Hangs => std::future::pending::<()>().await,
        Greeting::Resets => return stream.set_zero_linger(),
        _ => {}
    }
    let mut stream = BufReader::new(stream);
    say(&mut stream, post.says).await?;
    loop {
        let mut line = String::new();
        if (&mut stream).take(HEARD).read_line(&mut line).await? == 0 {
            return Ok(());
        }
        match line.trim().to_ascii_uppercase().split(' ').next().unwrap_or_default() {
            "EHLO" => {
                let encrypts = if post.starttls { "250-STARTTLS\r\n" } else { "" };
                say(
                    &mut stream,
                    &format!("250-{POST} at your service\r\n250-SIZE 157286400\r\n{encrypts}250 SMTPUTF8"),
                )
                .await?;
            }
            "STARTTLS" if post.starttls => {
                say(&mut stream, "220 2.0.0 Ready to start TLS").await?;
                let Some(config) = live.configs.get(POST) else { return Ok(()) };
                let mut secure = TlsAcceptor::from(Arc::clone(config)).accept(stream.into_inner()).await?;
                let mut heard = [0; 64];
                while secure.read(&mut heard).await? > 0 {}
                return Ok(());
            }
            "QUIT" => return say(&mut stream, "221 2.0.0 closing connection").await,
            _ => say(&mut stream, "502 5.5.1 Unrecognized command").await?,
        }
    }
}

async fn say(stream: &mut BufReader<TcpStream>, line: &str) -> io::Result<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await
}
