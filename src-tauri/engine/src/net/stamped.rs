//! A TCP stream that knows when a request left this process and when the kernel got what was read last.
//!
//! Between the kernel's receipt of bytes and the task that reads them lies a wake-up of this machine, about a tenth of a millisecond on
//! one that sleeps in between. That is not the server's time, so it is taken from the kernel where it tells (Linux, `SO_TIMESTAMPING`,
//! Documentation/networking/timestamping.rst); elsewhere the time of the read itself counts.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant, SystemTime};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// How far the clock of the day may run from the monotonic one while an answer is awaited, besides a thousandth of that time.
const STEP: Duration = Duration::from_micros(20);

/// The two moments of the exchange that goes on, nanoseconds since `base` and one; nought for none.
pub(crate) struct Stamps {
    base: Instant,
    left: AtomicU64,
    came: AtomicU64,
}

impl Stamps {
    fn new() -> Self {
        Self { base: Instant::now(), left: AtomicU64::new(0), came: AtomicU64::new(0) }
    }

    /// A request is about to be sent: forgets the one before.
    pub(crate) fn begin(&self) {
        self.left.store(0, Ordering::Relaxed);
        self.came.store(0, Ordering::Relaxed);
    }

    /// When the first bytes of the request were handed to the kernel.
    pub(crate) fn left(&self) -> Option<Instant> {
        self.read(&self.left)
    }

    /// When the kernel got the bytes that were read last.
    pub(crate) fn came(&self) -> Option<Instant> {
        self.read(&self.came)
    }

    fn read(&self, of: &AtomicU64) -> Option<Instant> {
        let since = of.load(Ordering::Relaxed).checked_sub(1)?;
        self.base.checked_add(Duration::from_nanos(since))
    }

    fn note(&self, of: &AtomicU64, at: Instant) {
        let since = at.saturating_duration_since(self.base).as_nanos();
        of.store(u64::try_from(since).unwrap_or(u64::MAX - 1) + 1, Ordering::Relaxed);
    }
}

/// One moment on both clocks.
#[derive(Clone, Copy, Debug)]
struct Moment {
    day: SystemTime,
    mono: Instant,
}

impl Moment {
    fn now() -> Self {
        Self { day: SystemTime::now(), mono: Instant::now() }
    }
}

/// When the kernel got bytes that it stamped by the clock of the day, on the monotonic one. Nothing where that cannot be: before the request
/// was sent, after the read, or when the clock of the day was set in between.
fn received(stamp: SystemTime, sent: Moment, read: Moment) -> Option<Instant> {
    let at = read.mono.checked_sub(read.day.duration_since(stamp).ok()?)?;
    let (mono, day) = (read.mono.duration_since(sent.mono), read.day.duration_since(sent.day).ok()?);
    (at >= sent.mono && mono.abs_diff(day) <= STEP + mono / 1_000).then_some(at)
}

/// The stream.
pub(crate) struct Stamped {
    stream: TcpStream,
    stamps: Arc<Stamps>,
    /// When the last request was begun to be written.
    sent: Option<Moment>,
    #[cfg(target_os = "linux")]
    control: Vec<u8>,
}

impl Stamped {
    /// Asks the kernel for its stamps; where it has none, none are used.
    pub(crate) fn over(stream: TcpStream) -> Self {
        #[cfg(target_os = "linux")]
        kernel::ask(&stream);
        Self {
            stream,
            stamps: Arc::new(Stamps::new()),
            sent: None,
            #[cfg(target_os = "linux")]
            control: kernel::control(),
        }
    }

    pub(crate) fn stamps(&self) -> Arc<Stamps> {
        self.stamps.clone()
    }

    fn writes(&mut self) {
        if self.stamps.left().is_none() {
            let now = Moment::now();
            self.stamps.note(&self.stamps.left, now.mono);
            self.sent = Some(now);
        }
    }

    fn took(&self, stamp: Option<SystemTime>) {
        let read = Moment::now();
        let told = stamp.zip(self.sent).and_then(|(stamp, sent)| received(stamp, sent, read));
        self.stamps.note(&self.stamps.came, told.unwrap_or(read.mono));
    }
}

impl AsyncRead for Stamped {
    #[cfg(target_os = "linux")]
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        use std::task::ready;
        use tokio::io::Interest;
        let this = self.get_mut();
        loop {
            ready!(this.stream.poll_read_ready(cx))?;
            let room = into.initialize_unfilled_to(into.remaining().min(kernel::AT_ONCE));
            let (stream, control, mut got) = (&this.stream, &mut this.control, None);
            let tried = stream.try_io(Interest::READABLE, || {
                let wanted = room.len();
                let read = kernel::read(stream, room, control)?;
                got = Some(read);
                // What does not fill the room has emptied the socket: the next one to ask waits, and is spared a call in vain.
                if (1..wanted).contains(&read.0) { Err(io::ErrorKind::WouldBlock.into()) } else { Ok(()) }
            });
            match (got, tried) {
                (Some((bytes, stamp)), _) => {
                    into.advance(bytes);
                    this.took(stamp);
                    return Poll::Ready(Ok(()));
                }
                (None, Err(error)) if error.kind() == io::ErrorKind::WouldBlock => {}
                (None, tried) => return Poll::Ready(tried),
            }
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let done = Pin::new(&mut this.stream).poll_read(cx, into);
        if done.is_ready() {
            this.took(None);
        }
        done
    }
}

impl AsyncWrite for Stamped {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.writes();
        Pin::new(&mut this.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.writes();
        Pin::new(&mut this.stream).poll_write_vectored(cx, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

#[cfg(target_os = "linux")]
mod kernel {
    use nix::sys::socket::{ControlMessageOwned, MsgFlags, TimestampingFlag, recvmsg, setsockopt, sockopt};
    use nix::sys::time::TimeSpec;
    use std::io::{self, IoSliceMut};
    use std::os::fd::AsRawFd;
    use std::time::{Duration, SystemTime};
    use tokio::net::TcpStream;

    /// Bytes that are read at once.
    pub(super) const AT_ONCE: usize = 64 * 1024;

    pub(super) fn ask(stream: &TcpStream) {
        let both = TimestampingFlag::SOF_TIMESTAMPING_RX_SOFTWARE | TimestampingFlag::SOF_TIMESTAMPING_SOFTWARE;
        // A kernel that knows no stamps sends none, and then the time of the read counts.
        let _ = setsockopt(stream, sockopt::Timestamping, &both);
    }

    pub(super) fn control() -> Vec<u8> {
        nix::cmsg_space!([TimeSpec; 3])
    }

    /// The bytes that are there, and when the kernel got the last of them.
    pub(super) fn read(
        stream: &TcpStream,
        room: &mut [u8],
        control: &mut [u8],
    ) -> io::Result<(usize, Option<SystemTime>)> {
        let mut rooms = [IoSliceMut::new(room)];
        let message = recvmsg::<()>(stream.as_raw_fd(), &mut rooms, Some(control), MsgFlags::empty())?;
        let stamp = message.cmsgs().ok().and_then(|mut all| {
            all.find_map(|one| match one {
                ControlMessageOwned::ScmTimestampsns(stamps) => Some(stamps.system),
                _ => None,
            })
        });
        let day = |stamp: TimeSpec| {
            let (seconds, nanos) = (u64::try_from(stamp.tv_sec()).ok()?, u32::try_from(stamp.tv_nsec()).ok()?);
            SystemTime::UNIX_EPOCH.checked_add(Duration::new(seconds, nanos)).filter(|_| seconds > 0)
        };
        Ok((message.bytes, stamp.and_then(day)))
    }
}

#[cfg(test)]
#[path = "stamped_tests.rs"]
mod tests;
