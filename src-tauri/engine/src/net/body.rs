//! Bodies, streamed under a cap: what is decoded beyond it is never held in memory.

use super::trouble::Trouble;
use audit::Why;
use flate2::write::MultiGzDecoder;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use std::io::{self, Write};

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

/// Streams a body into `sink`, decoding gzip, and stops at `cap` decoded bytes.
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
                decoder.get_mut().taken.wire += data.len();
                if let Err(error) = decoder.write_all(data) {
                    return stopped(&decoder, &error);
                }
            }
            if let Err(error) = decoder.try_finish() {
                return stopped(&decoder, &error);
            }
            Ok(decoder.get_ref().taken)
        }
        other => Err(Trouble::new(
            Why::Garbled,
            format!("the body came in the encoding \"{other}\", which was not asked for"),
        )),
    }
}

fn stopped<F: FnMut(&[u8])>(decoder: &MultiGzDecoder<Capped<F>>, error: &io::Error) -> Result<Taken, Trouble> {
    let taken = decoder.get_ref().taken;
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
