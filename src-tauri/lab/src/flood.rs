//! Answers that are made to hurt: bodies without end or many times their packed size, header fields by the thousand, speech that is no HTTP.

use std::io::Write;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use flate2::{Compress, Compression, FlushCompress};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use hyper::body::{Body, Frame};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::Sleep;

/// More often than anybody listens.
pub(crate) const ENDLESS: u64 = u64::MAX;
/// What the repeated part of a packed body unpacks to at once.
const BLOCK: usize = 1024 * 1024;
/// Bytes of a body sent at once, unless it comes slowly.
const PIECE: usize = 16 * 1024;

/// An answer over HTTP that goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Flood {
    pub status: u16,
    pub kind: &'static str,
    pub coding: Coding,
    /// How the body begins.
    pub first: &'static str,
    /// What follows, `times` over.
    pub again: &'static str,
    pub times: u64,
    /// The wait before each of them.
    pub every: Duration,
    /// Header fields besides the usual ones, by number.
    pub fields: usize,
    /// One header field of this name and so many bytes.
    pub long: Option<(&'static str, usize)>,
    /// Where it leads; empty: nowhere.
    pub location: &'static str,
}

/// How a body is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    /// As Brotli, whatever the text: a rule of style, a megabyte of it in a hundred bytes.
    Brotli,
    /// As Brotli, with a window of 1 GB.
    BrotliWide,
    /// As gzip: the repeated part is stretched to a megabyte of itself.
    Gzip,
    /// As empty gzip members, one after another.
    GzipEmpty,
    Plain,
    /// As zstd: the repeated part is its last letter, 128 KB of it in four bytes.
    Zstd,
    /// As zstd frames that hold nothing for whoever unpacks them, one after another.
    ZstdEmpty,
    /// As zstd, with a window of 2 GB.
    ZstdWide,
    /// Only said to be packed like this.
    Said(&'static str),
}

impl Flood {
    /// A body that begins and goes on like this.
    pub const fn body(kind: &'static str, first: &'static str, again: &'static str, times: u64) -> Flood {
        let every = Duration::ZERO;
        Flood {
            status: 200,
            kind,
            coding: Coding::Plain,
            first,
            again,
            times,
            every,
            fields: 0,
            long: None,
            location: "",
        }
    }

    /// A redirect to here.
    pub const fn to(location: &'static str) -> Flood {
        Flood { status: 302, location, ..Flood::body("text/plain", "", "", 0) }
    }

    /// A page with these header fields.
    pub const fn headed(fields: usize, long: Option<(&'static str, usize)>) -> Flood {
        Flood { fields, long, ..Flood::body("text/html", "<!doctype html><title>Many</title>", "", 0) }
    }

    pub const fn packed(self, coding: Coding) -> Flood {
        Flood { coding, ..self }
    }

    /// The same with this beginning, and this without end.
    pub const fn after(self, first: &'static str, again: &'static str) -> Flood {
        Flood { first, again, times: ENDLESS, ..self }
    }

    pub const fn every(self, every: Duration) -> Flood {
        Flood { every, ..self }
    }

    /// The answer, its body still to be sent.
    pub fn response(self) -> Response<Flow> {
        let (first, again, coding) = match self.coding {
            Coding::Plain => (self.first.into(), self.again.into(), None),
            Coding::Said(coding) => (self.first.into(), self.again.into(), Some(coding)),
            Coding::Gzip => {
                let (first, again) = bomb(self.first, self.again);
                (first, again, Some("gzip"))
            }
            Coding::GzipEmpty => (Bytes::new(), empty_member().repeat(4_096).into(), Some("gzip")),
            Coding::Brotli => (Bytes::from_static(&RULES), Bytes::from_static(&MORE_RULES), Some("br")),
            Coding::Zstd => {
                let (first, again) = repeated(self.first, self.again);
                (first, again, Some("zstd"))
            }
            Coding::ZstdEmpty => (Bytes::new(), skippable(), Some("zstd")),
            Coding::ZstdWide => (zstd_head(21), self.again.into(), Some("zstd")),
            // RFC 9841 §9.1: the marker, then 30 window bits; the rest is the start of a block of data.
            Coding::BrotliWide => {
                (Bytes::from_static(&[0x11, 0x1e, 0x80, 0xff, 0xff, 0x7f, 0x00]), self.again.into(), Some("br"))
            }
        };
        let together = if self.every.is_zero() { (PIECE / again.len().max(1)).max(1) } else { 1 };
        let again: Bytes = if together == 1 { again } else { again.repeat(together).into() };
        let left = self.times.div_ceil(u64::try_from(together).unwrap_or(1));
        let mut response = Response::new(Flow { first: Some(first), again, left, every: self.every, rest: None });
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or_default();
        let mut put = |name: HeaderName, value: &str| {
            response.headers_mut().extend(HeaderValue::from_str(value).ok().map(|value| (name, value)));
        };
        put(http::header::CONTENT_TYPE, self.kind);
        if ["text/css", "text/javascript"].contains(&self.kind) {
            put(http::header::CACHE_CONTROL, "public, max-age=31536000, immutable");
        }
        put(http::header::VARY, "accept-encoding");
        coding.iter().for_each(|coding| put(http::header::CONTENT_ENCODING, coding));
        if !self.location.is_empty() {
            put(http::header::LOCATION, self.location);
        }
        for number in 0..self.fields {
            if let Ok(name) = HeaderName::try_from(format!("x-flood-{number:06}")) {
                put(name, "1");
            }
        }
        if let Some((name, length)) = self.long {
            put(HeaderName::from_static(name), &format!("/{}", "x".repeat(length)));
        }
        response
    }
}

/// A gzip stream that begins like this and goes on with `text`: its beginning, and what may follow as often as one likes, about a
/// thousandth of what it unpacks to.
fn bomb(first: &str, text: &str) -> (Bytes, Bytes) {
    let plain = text.repeat(BLOCK / text.len().max(1));
    // A full flush forgets what came before, so that the block may follow itself (RFC 1951 §3.2.3).
    let mut packer = Compress::new(Compression::best(), false);
    let mut pack = |plain: &[u8]| {
        let mut packed = Vec::with_capacity(64 * 1024);
        let done = packer.compress_vec(plain, &mut packed, FlushCompress::Full);
        debug_assert!(done.is_ok());
        packed
    };
    let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff].into_iter().chain(pack(first.as_bytes())).collect::<Vec<u8>>();
    (head.into(), pack(plain.as_bytes()).into())
}

/// A stream of Brotli with a window of 64 KB (RFC 7932 §9.1) and a megabyte of `a{top:0}` lines, up to where a byte begins; then a
/// megabyte more of them, which may follow itself.
const RULES: [u8; 110] = [
    0xf4, 0xff, 0x1f, 0x00, 0x88, 0x53, 0xce, 0x33, 0x8a, 0x33, 0x0b, 0xa8, 0x20, 0xfb, 0x1e, 0xbf, 0x05, 0x33, 0xf6,
    0x3e, 0xc0, 0xb7, 0x54, 0x7c, 0xe8, 0xff, 0x3f, 0x00, 0x90, 0x00, 0x88, 0xc3, 0x02, 0xd0, 0xbd, 0x0f, 0xd0, 0xff,
    0x7f, 0x00, 0x20, 0x01, 0x10, 0x87, 0x05, 0xa0, 0x7b, 0x1f, 0xa0, 0xff, 0xff, 0x00, 0x40, 0x02, 0x20, 0x0e, 0x0b,
    0x40, 0xf7, 0x3e, 0x40, 0xff, 0xff, 0x01, 0x80, 0x04, 0x40, 0x1c, 0x16, 0x80, 0xee, 0x7d, 0x80, 0xfe, 0xff, 0x03,
    0x00, 0x09, 0x80, 0x38, 0x2c, 0x00, 0xdd, 0xfb, 0x00, 0xfd, 0xff, 0x07, 0x00, 0x12, 0x00, 0x71, 0x58, 0x00, 0xba,
    0xf7, 0x01, 0xda, 0xff, 0x0f, 0x00, 0x24, 0x00, 0xe2, 0xb0, 0x00, 0x6c, 0xef, 0x03, 0x0c,
];
const MORE_RULES: [u8; 97] = [
    0xfa, 0xff, 0x0f, 0x00, 0x24, 0x00, 0xe2, 0xb0, 0x00, 0x74, 0xef, 0x03, 0xf4, 0xff, 0x1f, 0x00, 0x48, 0x00, 0xc4,
    0x61, 0x01, 0xe8, 0xde, 0x07, 0xe8, 0xff, 0x3f, 0x00, 0x90, 0x00, 0x88, 0xc3, 0x02, 0xd0, 0xbd, 0x0f, 0xd0, 0xff,
    0x7f, 0x00, 0x20, 0x01, 0x10, 0x87, 0x05, 0xa0, 0x7b, 0x1f, 0xa0, 0xff, 0xff, 0x00, 0x40, 0x02, 0x20, 0x0e, 0x0b,
    0x40, 0xf7, 0x3e, 0x40, 0xff, 0xff, 0x01, 0x80, 0x04, 0x40, 0x1c, 0x16, 0x80, 0xee, 0x7d, 0x80, 0xfe, 0xff, 0x03,
    0x00, 0x09, 0x80, 0x38, 0x2c, 0x00, 0xdd, 0xfb, 0x00, 0xed, 0xff, 0x07, 0x00, 0x12, 0x00, 0x71, 0x58, 0x00, 0xb6,
    0xf7, 0x01,
];

/// How a frame of zstd begins that has a window of so many doublings of a kilobyte (RFC 8878 §3.1.1.1.2).
fn zstd_head(doublings: u8) -> Bytes {
    [0x28, 0xb5, 0x2f, 0xfd, 0, doublings << 3].to_vec().into()
}

/// Frames of zstd with bytes for applications (RFC 8878 §3.1.2).
fn skippable() -> Bytes {
    let frame = [&[0x50, 0x2a, 0x4d, 0x18][..], &1_016_u32.to_le_bytes(), &[0; 1_016]].concat();
    frame.repeat(16).into()
}

/// A frame of zstd that begins like this and goes on with one letter: its beginning, and the block that may follow as often as one likes.
fn repeated(first: &str, text: &str) -> (Bytes, Bytes) {
    const RAW: usize = 0;
    const REPEATED: usize = 1;
    let head = |kind: usize, size: usize| (size << 3 | kind << 1).to_le_bytes().into_iter().take(3);
    let begin = zstd_head(7).into_iter().chain(head(RAW, first.len())).chain(first.bytes());
    let letter = text.bytes().last().unwrap_or(b'\n');
    (begin.collect::<Vec<u8>>().into(), head(REPEATED, 128 * 1024).chain([letter]).collect::<Vec<u8>>().into())
}

fn empty_member() -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), Compression::fast());
    let written = packer.write_all(b"");
    debug_assert!(written.is_ok());
    packer.finish().unwrap_or_default()
}

/// A body that is made while it is read.
#[derive(Default)]
pub(crate) struct Flow {
    first: Option<Bytes>,
    again: Bytes,
    left: u64,
    every: Duration,
    rest: Option<Pin<Box<Sleep>>>,
}

impl Body for Flow {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let flow = self.get_mut();
        if let Some(first) = flow.first.take().filter(|first| !first.is_empty()) {
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        if flow.left == 0 || flow.again.is_empty() {
            return Poll::Ready(None);
        }
        if !flow.every.is_zero() {
            let every = flow.every;
            let rest = flow.rest.get_or_insert_with(|| Box::pin(tokio::time::sleep(every)));
            if rest.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            flow.rest = None;
        }
        flow.left -= 1;
        Poll::Ready(Some(Ok(Frame::data(flow.again.clone()))))
    }
}

/// What is said on a connection in place of proper HTTP, whatever was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Speech {
    pub first: &'static str,
    /// Said again and again; empty: the connection is closed.
    pub again: &'static str,
    /// The wait before each.
    pub every: Duration,
}

impl Speech {
    /// Says it as soon as the client has said something, until the client leaves.
    pub async fn hold(self, mut stream: impl AsyncRead + AsyncWrite + Unpin) -> std::io::Result<()> {
        let mut asked = [0; 4096];
        if stream.read(&mut asked).await? == 0 {
            return Ok(());
        }
        stream.write_all(self.first.as_bytes()).await?;
        stream.flush().await?;
        while !self.again.is_empty() {
            if !self.every.is_zero() {
                tokio::time::sleep(self.every).await;
            }
            stream.write_all(self.again.as_bytes()).await?;
            stream.flush().await?;
        }
        stream.shutdown().await
    }
}

#[cfg(test)]
mod tests {
    use super::{MORE_RULES, RULES, bomb, empty_member, repeated};
    use flate2::write::MultiGzDecoder;
    use std::io::{Read, Write};

    #[test]
    fn rules_unpack_to_megabytes() {
        let packed = [&RULES[..], &MORE_RULES.repeat(4)].concat();
        let mut unpacked = brotli_decompressor::DecompressorWriter::new(Vec::new(), 4_096);
        unpacked.write_all(&packed).unwrap();
        unpacked.flush().unwrap();
        let text = unpacked.get_ref();
        assert!(text.len() > 5_000_000 && text.chunks_exact(9).all(|line| line == b"a{top:0}\n"), "{}", text.len());
    }

    #[test]
    fn a_letter_is_repeated() {
        let (first, again) = repeated("a{top:0}", " ");
        let packed = [&first[..], &again.repeat(8)].concat();
        let mut unpacked = Vec::new();
        // The frame has no end, which is told once everything was read.
        let end = ruzstd::decoding::StreamingDecoder::new(packed.as_slice()).unwrap().read_to_end(&mut unpacked);
        assert!(end.is_err() && unpacked.len() > 3 * 128 * 1024, "{}", unpacked.len());
        assert!(unpacked.starts_with(b"a{top:0}  "));
    }

    #[test]
    fn a_bomb_unpacks_to_a_thousand_times_its_size() {
        let (first, again) = bomb("<!doctype html>", "<p>more</p>");
        let mut unpacked = MultiGzDecoder::new(Vec::new());
        unpacked.write_all(&first).unwrap();
        for _ in 0..5 {
            unpacked.write_all(&again).unwrap();
        }
        unpacked.flush().unwrap();
        assert!(unpacked.get_ref().len() > 4 * 1024 * 1024 && again.len() < 8 * 1024, "{}", again.len());
        assert!(unpacked.get_ref().starts_with(b"<!doctype html><p>more</p><p>more"));
    }

    #[test]
    fn empty_members_unpack_to_nothing() {
        let mut unpacked = MultiGzDecoder::new(Vec::new());
        unpacked.write_all(&empty_member().repeat(3)).unwrap();
        assert_eq!(unpacked.finish().unwrap(), b"");
    }
}
