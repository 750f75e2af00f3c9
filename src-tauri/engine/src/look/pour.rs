//! Logs of any size stream by: a file, a folder or a pipe, packed or not; memory is bounded.

use crate::EngineError;
use audit::read::text::clean;
use flate2::read::MultiGzDecoder;
use ignore::WalkBuilder;
use ruzstd::decoding::StreamingDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// Bytes read at once.
const PIECE: usize = 256 * 1024;
/// Files of one folder.
const FILES: usize = 100_000;
/// Folders inside folders.
const DEPTH: usize = 32;

/// What takes a log in.
pub(super) trait Reads {
    /// Another log begins.
    fn open(&mut self, name: &str);
    /// The next bytes.
    fn feed(&mut self, bytes: &[u8]);
    /// A log was left out.
    fn leave_out(&mut self, why: &str);
    /// A limit ended the reading.
    fn cut(&mut self, limit: &str);
}

macro_rules! reads {
    ($reader:ty) => {
        impl Reads for $reader {
            fn open(&mut self, name: &str) {
                Self::open(self, name);
            }

            fn feed(&mut self, bytes: &[u8]) {
                Self::feed(self, bytes);
            }

            fn leave_out(&mut self, why: &str) {
                Self::leave_out(self, why);
            }

            fn cut(&mut self, limit: &str) {
                Self::cut(self, limit);
            }
        }
    };
}

reads!(audit::read::log::Reader);
reads!(audit::read::query::Reader);

/// Pours what lies at a path, a file or a folder of files, into a reader; `stop` is asked again and again.
///
/// # Errors
/// The path cannot be opened, or is neither a file nor a folder.
pub(super) fn path(path: &Path, reader: &mut dyn Reads, stop: &dyn Fn() -> bool) -> Result<(), EngineError> {
    let trouble = |says: String| {
        EngineError::new("log", format!("failed to read {}: {says}", clean(&path.display().to_string(), 300)))
    };
    let kind = std::fs::metadata(path).map_err(|error| trouble(error.to_string()))?;
    if kind.is_dir() {
        drop(std::fs::read_dir(path).map_err(|error| trouble(error.to_string()))?);
        folder(path, reader, stop);
    } else if kind.is_file() || is_pipe(&kind) {
        let file = File::open(path).map_err(|error| trouble(error.to_string()))?;
        one(file, &name(path), reader, stop);
    } else {
        return Err(trouble("it is neither a file nor a folder".to_owned()));
    }
    Ok(())
}

/// Pours what comes through a pipe into a reader.
pub(super) fn pipe(source: impl Read, reader: &mut dyn Reads, stop: &dyn Fn() -> bool) {
    one(source, "standard input", reader, stop);
}

#[cfg(unix)]
fn is_pipe(kind: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    kind.file_type().is_fifo()
}

#[cfg(not(unix))]
fn is_pipe(_: &std::fs::Metadata) -> bool {
    false
}

fn name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn folder(root: &Path, reader: &mut dyn Reads, stop: &dyn Fn() -> bool) {
    let walk = WalkBuilder::new(root)
        .standard_filters(false)
        .follow_links(false)
        .max_depth(Some(DEPTH))
        .sort_by_file_name(std::cmp::Ord::cmp)
        .build();
    let mut seen = 0;
    for entry in walk {
        if stop() {
            return reader.cut("the time allowed was over");
        }
        let Ok(entry) = entry else {
            reader.leave_out("not readable");
            continue;
        };
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            continue;
        }
        seen += 1;
        if seen > FILES {
            return reader.cut("there are more than 100,000 files");
        }
        let below = entry.path().strip_prefix(root).unwrap_or(entry.path()).to_string_lossy().into_owned();
        match File::open(entry.path()) {
            Ok(file) => one(file, &below, reader, stop),
            Err(_) => reader.leave_out("not readable"),
        }
    }
}

/// Reads one log, unpacked by its first bytes.
fn one(source: impl Read, name: &str, reader: &mut dyn Reads, stop: &dyn Fn() -> bool) {
    let mut source = BufReader::with_capacity(PIECE, source);
    let first = match source.fill_buf() {
        Ok(first) => first,
        Err(_) => return reader.leave_out("not readable"),
    };
    let whole = match first {
        [0x1f, 0x8b, ..] => pour(MultiGzDecoder::new(source), name, reader, stop),
        // RFC 8878 §3.1.1: the magic number of a frame.
        [0x28, 0xb5, 0x2f, 0xfd, ..] => frames(source, name, reader, stop),
        _ => pour(source, name, reader, stop),
    };
    if whole.is_err() {
        reader.leave_out("broken off or damaged");
    }
}

/// zstd files may hold several frames, one behind the other.
fn frames(
    mut source: BufReader<impl Read>,
    name: &str,
    reader: &mut dyn Reads,
    stop: &dyn Fn() -> bool,
) -> io::Result<()> {
    let mut begun = false;
    while !source.fill_buf()?.is_empty() {
        let frame = StreamingDecoder::new(&mut source).map_err(io::Error::other)?;
        stream(frame, name, reader, stop, &mut begun)?;
    }
    Ok(())
}

fn pour(source: impl Read, name: &str, reader: &mut dyn Reads, stop: &dyn Fn() -> bool) -> io::Result<()> {
    stream(source, name, reader, stop, &mut false)
}

fn stream(
    mut source: impl Read,
    name: &str,
    reader: &mut dyn Reads,
    stop: &dyn Fn() -> bool,
    begun: &mut bool,
) -> io::Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        if stop() {
            reader.cut("the time allowed was over");
            return Ok(());
        }
        let taken = match source.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(taken) => taken,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let bytes = &piece[..taken];
        if !*begun {
            // Databases and pictures lie beside logs; text has no zero bytes.
            if bytes[..taken.min(4_096)].contains(&0) {
                reader.leave_out("not text");
                return Ok(());
            }
            reader.open(name);
            *begun = true;
        }
        reader.feed(bytes);
    }
}
