//! The product's own log.

use super::pour;
use crate::EngineError;
use audit::facts::LogSeen;
use audit::read::log::Reader;
use std::io::Read;
use std::path::Path;

/// Reads the log at a path, a file or a folder of files; `stop` is asked again and again.
///
/// # Errors
/// The path cannot be opened, or is neither a file nor a folder.
pub fn log(path: &Path, salt: &[u8; 32], stop: &dyn Fn() -> bool) -> Result<LogSeen, EngineError> {
    let mut reader = Reader::new(salt);
    pour::path(path, &mut reader, stop)?;
    Ok(reader.finish())
}

/// Reads the log that comes through a pipe.
pub fn log_from(source: impl Read, salt: &[u8; 32], stop: &dyn Fn() -> bool) -> LogSeen {
    let mut reader = Reader::new(salt);
    pour::pipe(source, &mut reader, stop);
    reader.finish()
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
