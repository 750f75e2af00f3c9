//! The server of the benchmark of latency: a process of its own that does what it is told and knows what is true.

use bytes::Bytes;
use hdrhistogram::Histogram;
use http_body_util::Full;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::convert::Infallible;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Delays of the first server in milliseconds, each with its share in percent.
pub const DELAYS: [(u64, u64); 4] = [(80, 5), (10, 20), (8, 100), (2, 400)];
/// What the second server does: it holds its answers for the last second of each ten.
const ROUND: Duration = Duration::from_secs(10);
const HELD: Duration = Duration::from_secs(1);

/// The server in its own process.
pub struct Server {
    child: Child,
    pub at: SocketAddr,
}

impl Server {
    pub fn start(kind: &str) -> Self {
        let this = std::env::current_exe().unwrap();
        let mut child =
            Command::new(this).args(["serve", kind]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        Self { child, at: line.trim().parse().unwrap() }
    }

    /// What the server itself counted so far.
    pub fn truth(&self) -> Histogram<u64> {
        let mut histogram = Histogram::new(3).unwrap();
        for time in self.tell("truth").split_whitespace() {
            histogram.record(time.parse().unwrap()).unwrap();
        }
        histogram
    }

    /// How many requests it has answered.
    pub fn seen(&self) -> u64 {
        self.tell("seen").trim().parse().unwrap()
    }

    fn tell(&self, what: &str) -> String {
        let mut stream = TcpStream::connect(self.at).unwrap();
        let asked = format!("GET /{what} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        stream.write_all(asked.as_bytes()).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text.rsplit("\r\n\r\n").next().unwrap_or_default().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Serves until it is killed; a thread a connection, so that one delay does not hold up another.
pub fn serve(kind: &str) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    if kind == "two" {
        return two(listener);
    }
    println!("{}", listener.local_addr().unwrap());
    std::io::stdout().flush().unwrap();
    let (begun, number, times) = (Instant::now(), Arc::new(AtomicU64::new(0)), Arc::new(Mutex::new(Vec::<u64>::new())));
    let answered = Arc::new(AtomicU64::new(0));
    for stream in listener.incoming() {
        let (mut stream, number, times, kind) = (stream.unwrap(), number.clone(), times.clone(), kind.to_owned());
        let answered = answered.clone();
        std::thread::spawn(move || {
            stream.set_nodelay(true).unwrap();
            let mut bytes = [0; 4096];
            if kind == "mixed" {
                receipt::ask(&stream);
            }
            while let Ok((read @ 1.., came)) = receipt::read(&mut stream, &mut bytes, kind == "mixed") {
                let told = match &bytes[..read] {
                    asked if asked.starts_with(b"GET /truth") => {
                        let all: Vec<String> = times.lock().unwrap().iter().map(u64::to_string).collect();
                        Some(all.join(" "))
                    }
                    asked if asked.starts_with(b"GET /seen") => Some(answered.load(Ordering::Relaxed).to_string()),
                    _ => None,
                };
                if let Some(all) = told {
                    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{all}", all.len());
                    drop(stream.write_all(answer.as_bytes()));
                    return;
                }
                match kind.as_str() {
                    "drawn" | "drawn-slower" => {
                        let slower = if kind == "drawn" { 1.0 } else { super::shifts::SHIFT };
                        let number = number.fetch_add(1, Ordering::Relaxed);
                        let millis = super::shifts::delay(&mut fastrand::Rng::with_seed(number)) * slower;
                        std::thread::sleep(Duration::from_secs_f64(millis / 1_000.0));
                    }
                    "mixed" => std::thread::sleep(delay(number.fetch_add(1, Ordering::Relaxed))),
                    "held" => {
                        let (elapsed, round) = (begun.elapsed().as_micros(), ROUND.as_micros());
                        let within = elapsed % round;
                        if within >= round - HELD.as_micros() {
                            std::thread::sleep(Duration::from_micros(u64::try_from(round - within).unwrap()));
                        }
                    }
                    _ => {}
                }
                let took = came.elapsed();
                if stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ngood").is_err() {
                    return;
                }
                answered.fetch_add(1, Ordering::Relaxed);
                if kind == "mixed" {
                    times.lock().unwrap().push(u64::try_from(took.as_micros()).unwrap());
                }
            }
        });
    }
}

/// When a request came: when the kernel had it, and not when the thread that serves it woke up, which on an idle machine is a tenth of a
/// millisecond later. Whoever asks has waited for that too, so a server that left it out would call an exact figure too high.
#[cfg(target_os = "linux")]
mod receipt {
    use nix::sys::socket::{ControlMessageOwned, MsgFlags, TimestampingFlag, recvmsg, setsockopt, sockopt};
    use nix::sys::time::TimeSpec;
    use std::io::{self, IoSliceMut, Read};
    use std::net::TcpStream;
    use std::os::fd::AsRawFd;
    use std::time::{Duration, Instant, SystemTime};

    pub fn ask(stream: &TcpStream) {
        let both = TimestampingFlag::SOF_TIMESTAMPING_RX_SOFTWARE | TimestampingFlag::SOF_TIMESTAMPING_SOFTWARE;
        setsockopt(stream, sockopt::Timestamping, &both).unwrap();
    }

    pub fn read(stream: &mut TcpStream, bytes: &mut [u8], stamped: bool) -> io::Result<(usize, Instant)> {
        if !stamped {
            return Ok((stream.read(bytes)?, Instant::now()));
        }
        let (mut rooms, mut control) = ([IoSliceMut::new(bytes)], nix::cmsg_space!([TimeSpec; 3]));
        let message = recvmsg::<()>(stream.as_raw_fd(), &mut rooms, Some(&mut control), MsgFlags::empty())?;
        let (now, day) = (Instant::now(), SystemTime::now());
        let stamp = message.cmsgs()?.find_map(|one| match one {
            ControlMessageOwned::ScmTimestampsns(stamps) => Some(Duration::from(stamps.system)),
            _ => None,
        });
        let since = stamp.and_then(|stamp| day.duration_since(SystemTime::UNIX_EPOCH + stamp).ok());
        Ok((message.bytes, now - since.unwrap_or_default()))
    }
}

/// When a request came: when it was read.
#[cfg(not(target_os = "linux"))]
mod receipt {
    use std::io::{self, Read};
    use std::net::TcpStream;
    use std::time::Instant;

    pub fn ask(_: &TcpStream) {}

    pub fn read(stream: &mut TcpStream, bytes: &mut [u8], _: bool) -> io::Result<(usize, Instant)> {
        Ok((stream.read(bytes)?, Instant::now()))
    }
}

/// The delay of the request of this number: the shares hold in every hundred, in an order that follows no pattern.
fn delay(number: u64) -> Duration {
    // 37 has no factor in common with 100, so each hundred is a permutation.
    let mut place = number * 37 % 100;
    for (share, millis) in DELAYS {
        if place < share {
            return Duration::from_millis(millis);
        }
        place -= share;
    }
    Duration::ZERO
}

/// The same that answers at once, in HTTP/2 without encryption, so that nothing but the protocol is measured.
fn two(listener: TcpListener) {
    let at = listener.local_addr().unwrap();
    listener.set_nonblocking(true).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        println!("{at}");
        std::io::stdout().flush().unwrap();
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            tokio::spawn(async move {
                let answer = service_fn(|_| async {
                    Ok::<_, Infallible>(hyper::Response::new(Full::new(Bytes::from_static(b"good"))))
                });
                let served = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
                // It ends when the client leaves.
                drop(served.serve_connection(TokioIo::new(stream), answer).await);
            });
        }
    });
}
