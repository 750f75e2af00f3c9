//! An encrypted stream for libraries that speak mail: with a bound on what is read, and with the greeting again that a server spoke
//! before STARTTLS and does not repeat after it (RFC 3207 §4.2), for a library that waits for one.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

/// Bytes that are read of one conversation.
const MOST: usize = 8 * 1024 * 1024;

/// The stream.
pub(super) struct Channel {
    inner: TlsStream<TcpStream>,
    address: SocketAddr,
    /// What is read first.
    first: &'static [u8],
    left: usize,
}

impl Channel {
    pub(super) fn new(inner: TlsStream<TcpStream>, address: SocketAddr, first: &'static [u8]) -> Self {
        Self { inner, address, first, left: MOST }
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channel").field("address", &self.address).finish_non_exhaustive()
    }
}

impl AsyncRead for Channel {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if !self.first.is_empty() {
            let (now, rest) = self.first.split_at(self.first.len().min(into.remaining()));
            into.put_slice(now);
            self.first = rest;
            return Poll::Ready(Ok(()));
        }
        if self.left == 0 {
            return Poll::Ready(Err(io::Error::other("the server says more than any conversation needs")));
        }
        let before = into.filled().len();
        let done = Pin::new(&mut self.inner).poll_read(cx, into);
        let read = into.filled().len() - before;
        self.left = self.left.saturating_sub(read);
        done
    }
}

impl AsyncWrite for Channel {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

impl lettre::transport::smtp::client::AsyncTokioStream for Channel {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}
