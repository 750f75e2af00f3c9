//! Zstandard bodies (RFC 8878) unpacked within the window that the web allows (RFC 9659), so that a frame cannot ask for memory at will.

use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::io::{self, Write};

/// The largest window that a sender may demand of everybody (RFC 9659 §3).
const WINDOW: u64 = 8 * 1024 * 1024;
/// Bytes unpacked before they are handed on.
const STEP: usize = 128 * 1024;

/// Unpacks every frame into `out`, which may stop it by refusing bytes.
pub(super) fn unpack(packed: &[u8], out: &mut impl Write) -> io::Result<()> {
    let mut rest = packed;
    while !rest.is_empty() {
        match head(rest)? {
            Head::Skipped(length) => rest = rest.get(length..).ok_or(io::ErrorKind::UnexpectedEof)?,
            Head::Frame { window } if window > WINDOW => {
                let says = format!("it demands a window of {window} bytes; the web allows {WINDOW}");
                return Err(io::Error::new(io::ErrorKind::InvalidData, says));
            }
            Head::Frame { .. } => frame(&mut rest, out)?,
        }
    }
    Ok(())
}

fn frame(rest: &mut &[u8], out: &mut impl Write) -> io::Result<()> {
    let mut decoder = FrameDecoder::new();
    decoder.reset(&mut *rest).map_err(invalid)?;
    while !decoder.is_finished() {
        decoder.decode_blocks(&mut *rest, BlockDecodingStrategy::UptoBytes(STEP)).map_err(invalid)?;
        decoder.collect_to_writer(&mut *out)?;
    }
    if decoder.get_checksum_from_data().is_some_and(|sent| decoder.get_calculated_checksum() != Some(sent)) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "its checksum is wrong"));
    }
    Ok(())
}

fn invalid(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

enum Head {
    Frame {
        window: u64,
    },
    /// Bytes for applications, with their head (RFC 8878 §3.1.2).
    Skipped(usize),
}

/// What a frame's first bytes demand (RFC 8878 §3.1.1.1).
fn head(bytes: &[u8]) -> io::Result<Head> {
    let short = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let (magic, rest) = bytes.split_first_chunk::<4>().ok_or_else(short)?;
    if let [0x50..=0x5F, 0x2A, 0x4D, 0x18] = magic {
        let length = u32::from_le_bytes(*rest.first_chunk::<4>().ok_or_else(short)?);
        return Ok(Head::Skipped(usize::try_from(length).unwrap_or(usize::MAX).saturating_add(8)));
    }
    if *magic != [0x28, 0xB5, 0x2F, 0xFD] {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it does not begin as zstd does"));
    }
    let (descriptor, rest) = rest.split_first().ok_or_else(short)?;
    if descriptor & 0x20 == 0 {
        let byte = *rest.first().ok_or_else(short)?;
        let base = 1_u64 << (10 + (byte >> 3));
        return Ok(Head::Frame { window: base + base / 8 * u64::from(byte & 7) });
    }
    // A frame of a single segment is its own window.
    let dictionary = [0, 1, 2, 4][usize::from(descriptor & 3)];
    let size = 1_usize << (descriptor >> 6);
    let field = rest.get(dictionary..dictionary + size).ok_or_else(short)?;
    let value = field.iter().rev().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    Ok(Head::Frame { window: if size == 2 { value + 256 } else { value } })
}

#[cfg(test)]
mod tests {
    use super::unpack;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    #[test]
    fn frames_are_unpacked_and_bytes_between_them_skipped() {
        let text = "boards and invoices ".repeat(20_000);
        let packed = compress_to_vec(text.as_bytes(), CompressionLevel::Fastest);
        assert!(packed.len() < text.len() / 4);
        let skipped = [0x53, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3];
        let mut out = Vec::new();
        unpack(&[packed.as_slice(), &skipped, &packed].concat(), &mut out).unwrap();
        assert_eq!(out, text.repeat(2).into_bytes());
    }

    #[test]
    fn a_frame_cannot_ask_for_memory_at_will() {
        // A window of 2 GB, and a single segment of 2^60 bytes.
        let wide = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 21 << 3, 1, 0, 0];
        let single = [&[0x28, 0xB5, 0x2F, 0xFD, 0xE0][..], &(1_u64 << 60).to_le_bytes(), &[1, 0, 0]].concat();
        for bytes in [&wide[..], &single] {
            assert!(unpack(bytes, &mut Vec::new()).unwrap_err().to_string().contains("window"));
        }
    }

    #[test]
    fn nonsense_is_told() {
        let packed = compress_to_vec(&b"hello hello hello hello"[..], CompressionLevel::Fastest);
        for bytes in [&b"hello"[..], &packed[..packed.len() - 2], &[0x28, 0xB5, 0x2F, 0xFD]] {
            assert!(unpack(bytes, &mut Vec::new()).is_err());
        }
    }
}
