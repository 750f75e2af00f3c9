//! A poor connection laid over a good one: each packet takes its time, is held up by those before it, and some are lost.
//!
//! TCP hides losses: what is lost is sent again, and everything behind it waits. So a loss is a wait here as it is for a program on a
//! real network: one way there and back where packets behind it tell of it (fast retransmit, RFC 5681 §3.2), else the time-out after
//! which TCP sends again by itself, doubled each time (RFC 6298 §5.5). RFC 6298 §2.4 asks for a second at least; systems in use wait
//! 200 ms, and so does this.

use audit::facts::SlowNetwork;
use fastrand::Rng;
use std::collections::VecDeque;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep, sleep_until};

/// Bytes of a packet.
const PACKET: usize = 1_460;
/// Bytes under way in one direction at most.
const WINDOW: usize = 256 * 1024;
/// Packets behind a lost one that tell of it.
const TELLING: usize = 3;
/// The least time after which TCP sends again by itself.
const AGAIN: Duration = Duration::from_millis(200);
/// The same for the first packet of a connection (RFC 6298 §2.1).
const FIRST: Duration = Duration::from_secs(1);
/// How often a packet is lost at most: a network that loses more carries nothing.
const LOST: u32 = 5;

/// A stream over a poor connection.
pub(crate) struct Slow<S> {
    inner: S,
    there: Lane,
    back: Lane,
    /// Whether the other side has said all that it says.
    ended: bool,
}

impl<S> Slow<S> {
    /// Lays a poor connection over a stream that was just opened, after the time that its opening would have taken.
    pub(crate) async fn over(inner: S, network: SlowNetwork) -> Self {
        let mut there = Lane::new(network);
        let lost = there.losses();
        // 1 s, and then 2 and 4 more.
        let again = FIRST * (2_u32.pow(lost) - 1);
        sleep(there.delay + again).await;
        Self { inner, there, back: Lane::new(network), ended: false }
    }
}

/// One direction.
struct Lane {
    delay: Duration,
    loss: f64,
    /// Seconds that a byte takes.
    byte: f64,
    random: Rng,
    /// Packets under way, each with when it arrives.
    packets: VecDeque<(Instant, Vec<u8>)>,
    held: usize,
    /// When the line is free for the next packet.
    free: Instant,
    /// When the last packet arrives: none overtakes another.
    last: Instant,
    timer: Pin<Box<Sleep>>,
}

impl Lane {
    fn new(network: SlowNetwork) -> Self {
        let now = Instant::now();
        let byte = network.kilobits.map_or(0.0, |kilobits| 8.0 / (f64::from(kilobits.max(1)) * 1_000.0));
        Self {
            delay: Duration::from_millis(network.delay_ms.into()),
            loss: network.loss / 100.0,
            byte,
            random: Rng::with_seed(RandomState::new().build_hasher().finish()),
            packets: VecDeque::new(),
            held: 0,
            free: now,
            last: now,
            timer: Box::pin(sleep_until(now)),
        }
    }

    /// How often a packet is lost before it arrives.
    fn losses(&mut self) -> u32 {
        let mut lost = 0;
        while lost < LOST && self.random.f64() < self.loss {
            lost += 1;
        }
        lost
    }

    fn full(&self) -> bool {
        self.held >= WINDOW
    }

    /// Sends bytes on their way.
    fn push(&mut self, bytes: &[u8]) {
        let now = Instant::now();
        let count = bytes.len().div_ceil(PACKET);
        for (place, packet) in bytes.chunks(PACKET).enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "a packet's length")]
            let takes = Duration::from_secs_f64(self.byte * packet.len() as f64);
            self.free = self.free.max(now) + takes;
            let told = count - place > TELLING;
            let wait: Duration = (0..self.losses())
                .map(|lost| match lost {
                    0 if told => self.delay,
                    _ => AGAIN.max(self.delay * 2) * 2_u32.pow(lost),
                })
                .sum();
            self.last = self.last.max(self.free + self.delay / 2 + wait);
            self.held += packet.len();
            self.packets.push_back((self.last, packet.to_vec()));
        }
    }

    /// Waits until the first packet has arrived; ready at once with nothing when none is under way.
    fn poll_arrival(&mut self, cx: &mut Context<'_>) -> Poll<Option<&mut Vec<u8>>> {
        let Some((at, _)) = self.packets.front() else { return Poll::Ready(None) };
        if *at > Instant::now() {
            if self.timer.deadline() != *at {
                self.timer.as_mut().reset(*at);
            }
            ready!(self.timer.as_mut().poll(cx));
        }
        Poll::Ready(self.packets.front_mut().map(|(_, packet)| packet))
    }

    /// Takes bytes off the first packet.
    fn taken(&mut self, count: usize) {
        self.held = self.held.saturating_sub(count);
        if let Some((_, packet)) = self.packets.front_mut() {
            packet.drain(..count.min(packet.len()));
            if packet.is_empty() {
                self.packets.pop_front();
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> Slow<S> {
    /// Hands on what has arrived at the other side; ready when nothing is under way.
    fn poll_there(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(packet) = ready!(self.there.poll_arrival(cx)) {
            let written = ready!(Pin::new(&mut self.inner).poll_write(cx, packet))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.there.taken(written);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Slow<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let slow = self.get_mut();
        // Whoever waits for an answer keeps the question going.
        if let Poll::Ready(Err(error)) = slow.poll_there(cx) {
            return Poll::Ready(Err(error));
        }
        while !slow.ended && !slow.back.full() {
            let mut bytes = [0; 8 * 1024];
            let mut read = ReadBuf::new(&mut bytes);
            match Pin::new(&mut slow.inner).poll_read(cx, &mut read) {
                Poll::Ready(done) => done?,
                Poll::Pending => break,
            }
            slow.ended = read.filled().is_empty();
            slow.back.push(read.filled());
        }
        match ready!(slow.back.poll_arrival(cx)) {
            Some(packet) => {
                let count = packet.len().min(buf.remaining());
                buf.put_slice(packet.get(..count).unwrap_or_default());
                slow.back.taken(count);
                Poll::Ready(Ok(()))
            }
            None if slow.ended => Poll::Ready(Ok(())),
            None => Poll::Pending,
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Slow<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.there.full() {
            ready!(self.poll_there(cx))?;
        }
        let taken = bytes.get(..bytes.len().min(WINDOW)).unwrap_or_default();
        self.there.push(taken);
        if let Poll::Ready(Err(error)) = self.poll_there(cx) {
            return Poll::Ready(Err(error));
        }
        Poll::Ready(Ok(taken.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // As with a socket, flushed means sent, not arrived.
        if let Poll::Ready(Err(error)) = self.poll_there(cx) {
            return Poll::Ready(Err(error));
        }
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_there(cx))?;
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::{PACKET, Slow};
    use audit::facts::SlowNetwork;
    use std::time::{Duration, Instant};
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    const GOOD: SlowNetwork = SlowNetwork { delay_ms: 0, loss: 0.0, kilobits: None };

    /// A stream over this network to somebody who sends everything back.
    async fn echo(network: SlowNetwork) -> Slow<DuplexStream> {
        let (ours, theirs) = duplex(1024 * 1024);
        tokio::spawn(async move {
            let (mut read, mut write) = tokio::io::split(theirs);
            let mut bytes = vec![0; 64 * 1024];
            while let Ok(count @ 1..) = read.read(&mut bytes).await {
                write.write_all(&bytes[..count]).await.unwrap();
            }
        });
        Slow::over(ours, network).await
    }

    /// How long so many bytes take there and back.
    async fn trip(stream: &mut Slow<DuplexStream>, count: usize) -> Duration {
        let begun = Instant::now();
        let sent: Vec<u8> = (0..count).map(|place| (place % 251) as u8).collect();
        stream.write_all(&sent).await.unwrap();
        stream.flush().await.unwrap();
        let mut back = vec![0; count];
        stream.read_exact(&mut back).await.unwrap();
        assert_eq!(sent, back);
        begun.elapsed()
    }

    fn near(took: Duration, millis: u64) {
        let (least, most) = (Duration::from_millis(millis), Duration::from_millis(millis + millis / 10 + 40));
        assert!((least..most).contains(&took), "{took:?} instead of {millis} ms");
    }

    #[tokio::test]
    async fn a_way_there_and_back_takes_the_delay_and_so_does_opening() {
        let begun = Instant::now();
        let mut stream = echo(SlowNetwork { delay_ms: 150, ..GOOD }).await;
        near(begun.elapsed(), 150);
        near(trip(&mut stream, 10).await, 150);
        // All packets of a window travel together.
        near(trip(&mut stream, 60 * PACKET).await, 150);
    }

    #[tokio::test]
    async fn bytes_take_their_time_on_a_narrow_line() {
        let mut stream = echo(SlowNetwork { kilobits: Some(800), ..GOOD }).await;
        // 20 000 bytes at 100 000 a second, there and then back; what arrives first goes back while the rest still comes.
        near(trip(&mut stream, 20_000).await, 214);
    }

    #[tokio::test]
    async fn a_lost_packet_is_a_wait_and_nothing_is_missing() {
        let mut stream = echo(SlowNetwork { delay_ms: 10, loss: 20.0, kilobits: None }).await;
        let (mut held_up, mut whole) = (0, 0);
        for _ in 0..40 {
            let took = trip(&mut stream, 10).await;
            held_up += u32::from(took >= Duration::from_millis(200));
            whole += u32::from(took < Duration::from_millis(60));
        }
        // A trip is one packet each way: it goes well with 64 of 100.
        assert!((4..=26).contains(&held_up) && held_up + whole == 40, "{held_up} {whole}");
    }

    #[tokio::test]
    async fn the_end_is_seen_and_a_broken_line_is_told() {
        let (ours, mut theirs) = duplex(1024);
        let mut stream = Slow::over(ours, SlowNetwork { delay_ms: 30, ..GOOD }).await;
        theirs.write_all(b"last").await.unwrap();
        drop(theirs);
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "last");
        let sent = async {
            stream.write_all(b"anyone").await?;
            tokio::time::sleep(Duration::from_millis(60)).await;
            stream.shutdown().await
        };
        assert!(sent.await.is_err());
    }
}
