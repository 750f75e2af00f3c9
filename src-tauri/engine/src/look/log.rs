//! The product's own log: a file, a folder or a pipe of any size streams by, packed or not; memory is bounded.

use crate::EngineError;
use audit::facts::LogSeen;
use audit::read::log::Reader;
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

/// Reads the log at a path, a file or a folder of files; `stop` is asked again and again.
///
/// # Errors
/// The path cannot be opened, or is neither a file nor a folder.
pub fn log(path: &Path, salt: &[u8; 32], stop: &dyn Fn() -> bool) -> Result<LogSeen, EngineError> {
    let trouble = |says: String| {
        EngineError::new("log", format!("failed to read {}: {says}", clean(&path.display().to_string(), 300)))
    };
    let kind = std::fs::metadata(path).map_err(|error| trouble(error.to_string()))?;
    let mut reader = Reader::new(salt);
    if kind.is_dir() {
        drop(std::fs::read_dir(path).map_err(|error| trouble(error.to_string()))?);
        folder(path, &mut reader, stop);
    } else if kind.is_file() || is_pipe(&kind) {
        let file = File::open(path).map_err(|error| trouble(error.to_string()))?;
        one(file, &name(path), &mut reader, stop);
    } else {
        return Err(trouble("it is neither a file nor a folder".to_owned()));
    }
    Ok(reader.finish())
}

/// Reads the log that comes through a pipe.
pub fn log_from(source: impl Read, salt: &[u8; 32], stop: &dyn Fn() -> bool) -> LogSeen {
    let mut reader = Reader::new(salt);
    one(source, "standard input", &mut reader, stop);
    reader.finish()
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

fn folder(root: &Path, reader: &mut Reader, stop: &dyn Fn() -> bool) {
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
fn one(source: impl Read, name: &str, reader: &mut Reader, stop: &dyn Fn() -> bool) {
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
    reader: &mut Reader,
    stop: &dyn Fn() -> bool,
) -> io::Result<()> {
    let mut begun = false;
    while !source.fill_buf()?.is_empty() {
        let frame = StreamingDecoder::new(&mut source).map_err(io::Error::other)?;
        stream(frame, name, reader, stop, &mut begun)?;
    }
    Ok(())
}

fn pour(source: impl Read, name: &str, reader: &mut Reader, stop: &dyn Fn() -> bool) -> io::Result<()> {
    stream(source, name, reader, stop, &mut false)
}

fn stream(
    mut source: impl Read,
    name: &str,
    reader: &mut Reader,
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

#[cfg(test)]
mod tests {
    use super::{log, log_from};
    use audit::facts::LeakKind;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};
    use std::io::Write;

    #[test]
    fn packed_and_plain_files_pipes_and_folders_tell_the_same() {
        let text = format!("{}password=hunter2\n", "level=info msg=hello request_id=a1\n".repeat(40_000));
        let gzip = |text: &str| {
            let mut packed = GzEncoder::new(vec![], Compression::fast());
            packed.write_all(text.as_bytes()).unwrap();
            packed.finish().unwrap()
        };
        let zstd = |text: &str| compress_to_vec(text.as_bytes(), CompressionLevel::Fastest);
        let (half, rest) = text.split_at(text.len() / 2);
        for bytes in [
            text.clone().into_bytes(),
            gzip(&text),
            zstd(&text),
            [gzip(half), gzip(rest)].concat(),
            [zstd(half), zstd(rest)].concat(),
        ] {
            let seen = log_from(bytes.as_slice(), &[7; 32], &|| false);
            assert_eq!((seen.lines, seen.bytes), (40_001, text.len() as u64));
            assert_eq!(seen.leaks[&LeakKind::Password].examples[0].line, 40_001);
        }
        let root = std::env::temp_dir().join(format!("launch-ready-log-{}", std::process::id()));
        std::fs::create_dir_all(root.join("old")).unwrap();
        std::fs::write(root.join("app.log"), &text).unwrap();
        std::fs::write(root.join("old/app.1.gz"), gzip(&text)).unwrap();
        std::fs::write(root.join("old/broken.gz"), &gzip(&text)[..200]).unwrap();
        std::fs::write(root.join("store.db"), b"SQLite\0\0").unwrap();
        let seen = log(&root, &[7; 32], &|| false).unwrap();
        std::fs::remove_dir_all(&root).unwrap();
        assert_eq!(seen.left_out.keys().collect::<Vec<_>>(), ["broken off or damaged", "not text"]);
        assert_eq!(seen.leaks[&LeakKind::Password].count, 2);
        assert_eq!(seen.leaks[&LeakKind::Password].examples[1].file, "old/app.1.gz");
        assert!(log(&root, &[7; 32], &|| false).is_err());
    }

    #[test]
    fn a_reader_that_is_told_to_stop_says_so() {
        let seen = log_from("hello\n".as_bytes(), &[7; 32], &|| true);
        assert!(seen.cut.is_some());
    }
}
