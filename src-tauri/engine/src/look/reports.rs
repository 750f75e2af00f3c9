//! DMARC aggregate reports in files: plain, packed, or attached to a message, as mailboxes save them. Memory and depth are bounded.

use crate::EngineError;
use audit::facts::ReportsSeen;
use audit::read::report::{Gathering, read};
use audit::read::text::clean;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::MultiGzDecoder;
use ignore::WalkBuilder;
use mail_parser::{Message, MessageParser, MimeHeaders, PartType};
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;
use zip::ZipArchive;

/// Bytes of one file that are read, and of one report after unpacking; those of the largest mailboxes have a few.
const LONGEST: u64 = 64 * 1024 * 1024;
/// Files of one folder.
const FILES: usize = 20_000;
/// Folders inside folders.
const DEPTH: usize = 16;
/// Packed files inside packed files or messages.
const LAYERS: u8 = 4;
/// Files in one archive, attachments of one message.
const PARTS: usize = 50;
/// Files that a page may hand over at once.
const GIVEN: usize = 200;
/// Letters of base64 that a page may hand over at once: 30 MB.
const PACKED: usize = 40 * 1024 * 1024;

/// Reads the reports at a path, a file or a folder of files; `stop` is asked again and again.
///
/// # Errors
/// The path cannot be opened.
pub fn reports(path: &Path, stop: &dyn Fn() -> bool) -> Result<ReportsSeen, EngineError> {
    let trouble = |error: std::io::Error| {
        EngineError::new("reports", format!("failed to read {}: {error}", clean(&path.display().to_string(), 300)))
    };
    let kind = std::fs::metadata(path).map_err(trouble)?;
    let mut all = Gathering::default();
    if !kind.is_dir() {
        one(File::open(path).map_err(trouble)?, &mut all);
        return Ok(all.finish());
    }
    drop(std::fs::read_dir(path).map_err(trouble)?);
    let walk = WalkBuilder::new(path)
        .standard_filters(false)
        .follow_links(false)
        .max_depth(Some(DEPTH))
        .sort_by_file_name(std::cmp::Ord::cmp)
        .build();
    let files = walk.filter(|entry| !entry.as_ref().is_ok_and(|entry| entry.file_type().is_some_and(|is| is.is_dir())));
    for (count, entry) in files.enumerate() {
        if count >= FILES {
            all.leave_out("beyond the first 20,000 files");
            break;
        }
        if stop() {
            all.leave_out("not reached in the time allowed");
            break;
        }
        let file = entry.ok().filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
        match file.and_then(|entry| File::open(entry.path()).ok()) {
            Some(file) => one(file, &mut all),
            None => all.leave_out("not readable"),
        }
    }
    Ok(all.finish())
}

/// Reads the reports of one file that is already at hand.
#[must_use]
pub fn reports_from(bytes: &[u8]) -> ReportsSeen {
    let mut all = Gathering::default();
    unfold(bytes, 0, &mut all);
    all.finish()
}

/// Reads files that a page handed over, in base64, and joins them with what earlier ones told.
///
/// # Errors
/// They are too large or too many, or none of them holds a report; the words say why.
pub fn reports_given(earlier: Option<&ReportsSeen>, files: &[String]) -> Result<ReportsSeen, EngineError> {
    let trouble = |says: String| EngineError::new("reports", says);
    if files.len() > GIVEN || files.iter().map(String::len).sum::<usize>() > PACKED {
        return Err(trouble("give at most 200 files with 30 MB together at once".to_owned()));
    }
    let mut all = earlier.cloned().map_or_else(Gathering::default, Gathering::after);
    for file in files {
        let bytes = STANDARD.decode(file).map_err(|_| trouble("this is no file".to_owned()))?;
        unfold(&bytes, 0, &mut all);
    }
    let seen = all.finish();
    if seen.reports > earlier.map_or(0, |earlier| earlier.reports) {
        return Ok(seen);
    }
    if seen.repeated > 0 {
        return Err(trouble("these reports were given before; each counts once".to_owned()));
    }
    let why: Vec<String> = seen.left_out.iter().map(|(why, count)| format!("{count} × {why}")).collect();
    let how = "give the attachments of the report mails as they are (.xml, .zip, .gz), or the mails themselves (.eml)";
    Err(trouble(format!("no DMARC report could be read from this ({}); {how}", why.join(", "))))
}

fn one(file: File, all: &mut Gathering) {
    match bounded(file) {
        Ok(bytes) => unfold(&bytes, 0, all),
        Err(why) => all.leave_out(why),
    }
}

fn bounded(source: impl Read) -> Result<Vec<u8>, &'static str> {
    let mut bytes = Vec::new();
    source.take(LONGEST + 1).read_to_end(&mut bytes).map_err(|_| "broken off or damaged")?;
    if bytes.len() as u64 > LONGEST { Err("larger than 64 MB") } else { Ok(bytes) }
}

/// What a file is shows in its first bytes; names and declared types are often wrong.
fn unfold(bytes: &[u8], layer: u8, all: &mut Gathering) {
    if layer > LAYERS {
        return all.leave_out("packed too often");
    }
    match bytes {
        [] => all.leave_out("empty"),
        [0x1f, 0x8b, ..] => match bounded(MultiGzDecoder::new(bytes)) {
            Ok(inside) => unfold(&inside, layer + 1, all),
            Err(why) => all.leave_out(why),
        },
        [b'P', b'K', 3 | 5, 4 | 6, ..] => archive(bytes, layer, all),
        _ if is_xml(bytes) => match read(bytes) {
            Ok(report) => all.add(report),
            Err(why) => all.leave_out(&why.to_string()),
        },
        _ => message(bytes, layer, all),
    }
}

fn is_xml(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    text.trim_ascii_start().starts_with(b"<")
}

fn archive(bytes: &[u8], layer: u8, all: &mut Gathering) {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return all.leave_out("broken off or damaged") };
    if archive.len() > PARTS {
        all.leave_out("an archive of more than 50 files");
    }
    for at in 0..archive.len().min(PARTS) {
        match archive.by_index(at) {
            Ok(file) if file.is_dir() => {}
            Ok(file) => match bounded(file) {
                Ok(inside) => unfold(&inside, layer + 1, all),
                Err(why) => all.leave_out(why),
            },
            Err(_) => all.leave_out("packed in a way that is not read"),
        }
    }
}

fn message(bytes: &[u8], layer: u8, all: &mut Gathering) {
    // What has no header fields is a message to this parser too, without anything attached.
    if !MessageParser::new().parse(bytes).is_some_and(|message| attachments(&message, layer, all)) {
        all.leave_out("a message or other text without a report");
    }
}

/// Reads what is attached; tells whether anything looked like a report.
fn attachments(message: &Message<'_>, layer: u8, all: &mut Gathering) -> bool {
    let mut found = false;
    for part in message.parts.iter().take(PARTS) {
        match &part.body {
            PartType::Message(inner) if layer < LAYERS => found |= attachments(inner, layer + 1, all),
            PartType::Message(_) | PartType::Multipart(_) => {}
            _ => {
                let inside = part.contents();
                let packed = matches!(inside, [0x1f, 0x8b, ..] | [b'P', b'K', 3, 4, ..]);
                if packed || is_xml(inside) && !part.is_content_type("text", "html") {
                    found = true;
                    unfold(inside, layer + 1, all);
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{reports, reports_from, reports_given};
    use base64::Engine as _;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::{Cursor, Write};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    const REPORT: &[u8] = include_bytes!("../../../../tests/cases/reports/rfc7489.xml");
    const OTHER: &[u8] = include_bytes!("../../../../tests/cases/reports/rfc9990.xml");

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(vec![], Compression::best());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    }

    fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(vec![]));
        for (name, bytes) in files {
            archive.start_file(*name, SimpleFileOptions::default()).unwrap();
            archive.write_all(bytes).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    fn attached(name: &str, kind: &str, bytes: &[u8]) -> Vec<u8> {
        let encoded = base64::engine::general_purpose::STANDARD.encode(bytes);
        let lines: Vec<&str> = encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
        format!(
            "From: noreply-dmarc@birch.example\r\nTo: dmarc@example.com\r\nSubject: Report Domain: example.com\r\n\
             MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n\
             <html>A report is attached.</html>\r\n--b\r\nContent-Type: {kind}; name=\"{name}\"\r\n\
             Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n{}\r\n--b--\r\n",
            lines.join("\r\n")
        )
        .into_bytes()
    }

    #[test]
    fn what_a_page_hands_over_is_joined_or_refused_in_words() {
        let packed = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
        let first = reports_given(None, &[packed(REPORT), packed(b"hello")]).unwrap();
        assert_eq!((first.reports, first.left_out.len()), (1, 1));
        let both = reports_given(Some(&first), &[packed(OTHER)]).unwrap();
        assert_eq!((both.reports, both.left_out.len()), (2, 0));
        let says = |earlier, files: &[String]| reports_given(earlier, files).unwrap_err().message;
        assert!(says(Some(&both), &[packed(REPORT)]).contains("given before"));
        for (bytes, word) in [
            (b"hello".as_slice(), "without a report"),
            (b"<feedback><a>", "damaged XML"),
            (b"<html></html>", "no DMARC report"),
            (b"\x1f\x8b\x08nonsense", "broken off or damaged"),
            (b"", "empty"),
        ] {
            assert!(says(None, &[packed(bytes)]).contains(word), "{word}: {}", says(None, &[packed(bytes)]));
        }
        assert!(says(None, &["~".to_owned()]).contains("no file"));
        assert!(says(None, &vec![packed(REPORT); 201]).contains("at most 200 files"));
    }

    #[test]
    fn plain_packed_and_attached_reports_tell_the_same() {
        let plain = reports_from(REPORT);
        assert_eq!((plain.reports, plain.sources.len()), (1, 2));
        let whole = attached("r.xml.gz", "application/gzip", &gzip(REPORT));
        let forwarded = [
            b"From: a@example.com\r\nMIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n".as_slice(),
            whole.as_slice(),
        ]
        .concat();
        for bytes in [
            gzip(REPORT),
            zipped(&[("birch.example!example.com!1793836800!1793923199.xml", REPORT)]),
            whole.clone(),
            attached("r.zip", "application/octet-stream", &zipped(&[("r.xml", REPORT)])),
            attached("r.xml", "text/xml", REPORT),
            forwarded,
        ] {
            assert_eq!(reports_from(&bytes), plain, "{}", String::from_utf8_lossy(&bytes[..60]));
        }
        let root = std::env::temp_dir().join(format!("launch-ready-reports-{}", std::process::id()));
        std::fs::create_dir_all(root.join("old")).unwrap();
        for (name, bytes) in [
            ("a.xml.gz", gzip(REPORT)),
            ("old/b.zip", zipped(&[("b.xml", OTHER), ("again.xml", REPORT)])),
            ("broken.gz", gzip(REPORT)[..100].to_vec()),
            ("broken.zip", b"PK\x03\x04nothing".to_vec()),
            ("notes.txt", b"call the agency".to_vec()),
            ("mail.eml", b"From: a@example.com\r\n\r\nno report here\r\n".to_vec()),
            ("page.xml", b"<html></html>".to_vec()),
        ] {
            std::fs::write(root.join(name), bytes).unwrap();
        }
        let seen = reports(&root, &|| false).unwrap();
        let stopped = reports(&root, &|| true).unwrap();
        std::fs::remove_dir_all(&root).unwrap();
        assert_eq!((seen.reports, seen.repeated), (2, 1));
        let left: Vec<_> = seen.left_out.iter().map(|(why, count)| (why.as_str(), *count)).collect();
        assert_eq!(
            left,
            [("a message or other text without a report", 2), ("broken off or damaged", 2), ("no DMARC report", 1)]
        );
        assert_eq!((stopped.reports, stopped.left_out.len()), (0, 1));
        assert!(reports(&root, &|| false).is_err());
    }

    /// Reports as receivers sent them: who reports, about which domain, machines and messages (`tests/cases/receivers`).
    const PUBLIC: [(&str, &str, &str, usize, u64); 7] = [
        ("002.xml", "google.com", "example.org", 1, 2),
        ("003.xml", "Fastmail Pty Ltd", "stalw.art", 4, 9),
        ("100.eml", "google.com", "stalw.art", 1, 1),
        ("101.eml", "backschues.NET", "stalw.art", 1, 1),
        ("102.eml", "Mail.Ru", "stalw.art", 1, 1),
        ("103.eml", "Outlook.com", "stalw.art", 1, 1),
        ("104.eml", "AMAZON-SES", "stalw.art", 1, 1),
    ];

    #[test]
    fn reports_that_receivers_sent_are_read_as_another_reader_reads_them() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases/receivers");
        for (name, reporter, domain, machines, messages) in PUBLIC {
            let seen = reports_from(&std::fs::read(folder.join(name)).unwrap());
            let sum: u64 = seen.sources.iter().map(|source| source.messages).sum();
            assert_eq!((seen.reports, seen.sources.len(), sum), (1, machines, messages), "{name}: {seen:?}");
            let told = format!("{seen:?}");
            assert!(told.contains(&format!("{reporter:?}")) && told.contains(&format!("{domain:?}")), "{name}: {told}");
        }
        // Its days lie in 1975.
        let sample = reports_from(&std::fs::read(folder.join("001.xml")).unwrap());
        assert_eq!(sample.left_out.keys().collect::<Vec<_>>(), ["no DMARC report"]);
    }

    #[test]
    fn bombs_are_left_out() {
        let zeros = vec![b' '; 70 * 1024 * 1024];
        let bomb = gzip(&zeros);
        assert!(bomb.len() < 100_000);
        for bytes in [bomb.clone(), zipped(&[("r.xml", &zeros)]), attached("r.gz", "application/gzip", &bomb)] {
            assert_eq!(reports_from(&bytes).left_out.keys().collect::<Vec<_>>(), ["larger than 64 MB"]);
        }
        let mut nested = REPORT.to_vec();
        for _ in 0..6 {
            nested = gzip(&nested);
        }
        assert_eq!(reports_from(&nested).left_out.keys().collect::<Vec<_>>(), ["packed too often"]);
        let many: Vec<(String, &[u8])> = (0..300).map(|n| (format!("{n}.xml"), REPORT)).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
        let seen = reports_from(&zipped(&many));
        assert_eq!((seen.reports, seen.repeated), (1, 49));
    }
}
