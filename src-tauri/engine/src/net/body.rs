//! Bodies, streamed under a cap: what is decoded beyond it is never held in memory.

use super::trouble::Trouble;
use super::zstd::Unpacker;
use audit::Why;
use brotli_decompressor::DecompressorWriter;
use flate2::write::MultiGzDecoder;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use std::io::{self, Write};
use tokio::task::yield_now;

/// Bytes that the Brotli decoder hands on at once.
const BUFFER: usize = 16 * 1024;

/// Encoded bytes that may come ahead of what they unpack to; beyond them the stream is padding, which costs time and says nothing.
const PADDING: usize = 64 * 1024;
/// Encoded bytes unpacked at once: a bomb's kilobyte is a megabyte, and neither deadlines nor other exchanges may wait for more.
const SLICE: usize = 1024;
/// How a Brotli stream begins that claims a window of up to 1 GB (the extension that no HTTP content coding allows, RFC 7932 §9.1).
const LARGE_WINDOW: u8 = 0x11;

/// How much of a body was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Taken {
    /// Decoded bytes handed on.
    pub(crate) bytes: usize,
    /// Bytes that came over the wire, still encoded.
    pub(crate) wire: usize,
    /// Whether there was more.
    pub(crate) truncated: bool,
}

/// Streams a body into `sink`, decoding gzip, Brotli and zstd, and stops at `cap` decoded bytes.
pub(crate) async fn stream(
    mut body: Incoming,
    encoding: &str,
    cap: usize,
    sink: impl FnMut(&[u8]) + Send,
) -> Result<Taken, Trouble> {
    let mut out = Capped { sink, left: cap, taken: Taken::default() };
    match encoding.trim().to_ascii_lowercase().as_str() {
        "" | "identity" => {
            while let Some(frame) = body.frame().await {
                let frame = frame.map_err(|error| super::http::of_hyper(&error, "the server"))?;
                let Some(data) = frame.data_ref() else { continue };
                out.taken.wire += data.len();
                if out.write_all(data).is_err() {
                    break;
                }
            }
            Ok(out.taken)
        }
        "gzip" | "x-gzip" => {
            let mut decoder = MultiGzDecoder::new(out);
            while let Some(frame) = body.frame().await {
                let frame = frame.map_err(|error| super::http::of_hyper(&error, "the server"))?;
                let Some(data) = frame.data_ref() else { continue };
                for slice in data.chunks(SLICE) {
                    decoder.get_mut().count(slice.len(), 0)?;
                    if let Err(error) = decoder.write_all(slice) {
                        return stopped(decoder.get_ref().taken, &error);
                    }
                    yield_now().await;
                }
            }
            // An answer without a body (HEAD, 304) is no gzip stream and yet whole.
            if decoder.get_ref().taken.wire == 0 {
                return Ok(decoder.get_ref().taken);
            }
            match decoder.try_finish() {
                Ok(()) => Ok(decoder.get_ref().taken),
                Err(error) => stopped(decoder.get_ref().taken, &error),
            }
        }
        "br" => {
            let mut decoder = DecompressorWriter::new(out, BUFFER);
            while let Some(frame) = body.frame().await {
                let frame = frame.map_err(|error| super::http::of_hyper(&error, "the server"))?;
                let Some(data) = frame.data_ref() else { continue };
                let first = decoder.get_ref().taken.wire == 0;
                if first && data.first().is_some_and(|byte| byte & 0x7f == LARGE_WINDOW) {
                    let says = "the compressed body asks for a window larger than the coding allows";
                    return Err(Trouble::new(Why::Garbled, says));
                }
                for slice in data.chunks(SLICE) {
                    decoder.get_mut().count(slice.len(), 0)?;
                    if let Err(error) = decoder.write_all(slice) {
                        return stopped(decoder.get_ref().taken, &error);
                    }
                    yield_now().await;
                }
            }
            match decoder.close() {
                Err(error) if decoder.get_ref().taken.wire > 0 => stopped(decoder.get_ref().taken, &error),
                _ => Ok(decoder.get_ref().taken),
            }
        }
        "zstd" => {
            let mut unpacker = Unpacker::new();
            while let Some(frame) = body.frame().await {
                let frame = frame.map_err(|error| super::http::of_hyper(&error, "the server"))?;
                let Some(data) = frame.data_ref() else { continue };
                for slice in data.chunks(SLICE) {
                    out.count(slice.len(), unpacker.behind())?;
                    unpacker.feed(slice);
                    loop {
                        match unpacker.step(&mut out) {
                            // A block of four bytes may be one of 128 KB.
                            Ok(true) => yield_now().await,
                            Ok(false) => break,
                            Err(error) => return stopped(out.taken, &error),
                        }
                    }
                }
            }
            match unpacker.end() {
                Err(error) if out.taken.wire > 0 => stopped(out.taken, &error),
                _ => Ok(out.taken),
            }
        }
        other => Err(Trouble::new(
            Why::Garbled,
            format!("the body came in the encoding \"{other}\", which was not asked for"),
        )),
    }
}

fn stopped(taken: Taken, error: &io::Error) -> Result<Taken, Trouble> {
    if taken.truncated {
        return Ok(taken);
    }
    Err(Trouble::new(Why::Garbled, format!("the compressed body cannot be read ({error})")))
}

struct Capped<F> {
    sink: F,
    left: usize,
    taken: Taken,
}

impl<F> Capped<F> {
    /// Counts what came over the wire; `behind` of it may wait in the decoder before it is handed on.
    fn count(&mut self, wire: usize, behind: usize) -> Result<(), Trouble> {
        self.taken.wire += wire;
        if self.taken.wire <= (self.taken.bytes + PADDING).saturating_add(behind) {
            return Ok(());
        }
        let says = format!(
            "the compressed body is padding: {} KB of it unpack to {} bytes",
            self.taken.wire / 1024,
            self.taken.bytes
        );
        Err(Trouble::new(Why::Garbled, says))
    }
}

impl<F: FnMut(&[u8])> Write for Capped<F> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let fits = &data[..data.len().min(self.left)];
        if fits.is_empty() && !data.is_empty() {
            self.taken.truncated = true;
            return Err(io::ErrorKind::WriteZero.into());
        }
        (self.sink)(fits);
        self.left -= fits.len();
        self.taken.bytes += fits.len();
        Ok(fits.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
