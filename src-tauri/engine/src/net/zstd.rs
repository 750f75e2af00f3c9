//! Zstandard bodies (RFC 8878) unpacked within the window that the web allows (RFC 9659), so that a frame cannot ask for memory at will.

use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::io::{self, Write};

/// The largest window that a sender may demand of everybody (RFC 9659 §3).
const WINDOW: u64 = 8 * 1024 * 1024;
/// The largest block (RFC 8878 §3.1.1.2.4).
const BLOCK: usize = 128 * 1024;

/// Unpacks frames as they come, block by block.
pub(super) struct Unpacker {
    /// What came and is not unpacked yet: never more than a block and what was fed last.
    held: Vec<u8>,
    decoder: FrameDecoder,
    place: Place,
}

/// Where in the stream the held bytes begin.
#[derive(Clone, Copy)]
enum Place {
    Between,
    /// In a frame for applications with so many bytes still to come.
    Skipped(usize),
    /// In a frame with this window, behind which a checksum may come.
    Inside {
        window: u64,
        summed: bool,
    },
}

impl Unpacker {
    pub(super) fn new() -> Self {
        Self { held: Vec::new(), decoder: FrameDecoder::new(), place: Place::Between }
    }

    /// Takes in what came.
    pub(super) fn feed(&mut self, packed: &[u8]) {
        self.held.extend_from_slice(packed);
    }

    /// Bytes that may have come, or are unpacked already, before the first of them can be handed on.
    pub(super) fn behind(&self) -> usize {
        let window = match self.place {
            Place::Inside { window, .. } => usize::try_from(window).unwrap_or(usize::MAX),
            Place::Between | Place::Skipped(_) => 0,
        };
        window.saturating_add(BLOCK)
    }

    /// Unpacks the next block into `out`, which may stop it by refusing bytes; false when more must come first.
    pub(super) fn step(&mut self, out: &mut impl Write) -> io::Result<bool> {
        match self.place {
            Place::Between => {
                let Some(head) = head(&self.held)? else { return Ok(false) };
                self.place = match head {
                    Head::Skipped(length) => Place::Skipped(length),
                    Head::Frame { window, .. } if window > WINDOW => {
                        let says = format!("it demands a window of {window} bytes; the web allows {WINDOW}");
                        return Err(io::Error::new(io::ErrorKind::InvalidData, says));
                    }
                    Head::Frame { window, summed, length } => {
                        self.decoder.reset(&self.held[..length]).map_err(invalid)?;
                        self.held.drain(..length);
                        Place::Inside { window, summed }
                    }
                };
            }
            Place::Skipped(left) => {
                let here = left.min(self.held.len());
                self.held.drain(..here);
                self.place = if here == left { Place::Between } else { Place::Skipped(left - here) };
                return Ok(here == left);
            }
            Place::Inside { summed, .. } => {
                let Some(length) = block(&self.held, summed)? else { return Ok(false) };
                let one = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder.decode_blocks(&self.held[..length], one).map_err(invalid)?;
                self.held.drain(..length);
                self.decoder.collect_to_writer(&mut *out)?;
                if self.decoder.is_finished() {
                    self.place = Place::Between;
                    let sent = self.decoder.get_checksum_from_data();
                    if sent.is_some() && sent != self.decoder.get_calculated_checksum() {
                        return Err(io::Error::new(io::ErrorKind::InvalidData, "its checksum is wrong"));
                    }
                }
            }
        }
        Ok(true)
    }

    /// Whether everything that came was whole.
    pub(super) fn end(&self) -> io::Result<()> {
        let whole = matches!(self.place, Place::Between) && self.held.is_empty();
        if whole { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

fn invalid(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

enum Head {
    Frame {
        window: u64,
        summed: bool,
        length: usize,
    },
    /// Bytes for applications, with their head (RFC 8878 §3.1.2).
    Skipped(usize),
}

/// What a frame's first bytes demand (RFC 8878 §3.1.1.1); none when there are too few of them.
fn head(bytes: &[u8]) -> io::Result<Option<Head>> {
    let Some((magic, rest)) = bytes.split_first_chunk::<4>() else { return Ok(None) };
    if let [0x50..=0x5F, 0x2A, 0x4D, 0x18] = magic {
        let length = rest.first_chunk::<4>().map(|length| u32::from_le_bytes(*length));
        let whole = |length| usize::try_from(length).unwrap_or(usize::MAX).saturating_add(8);
        return Ok(length.map(|length| Head::Skipped(whole(length))));
    }
    if *magic != [0x28, 0xB5, 0x2F, 0xFD] {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it does not begin as zstd does"));
    }
    let Some((descriptor, rest)) = rest.split_first() else { return Ok(None) };
    let (single, summed) = (descriptor & 0x20 != 0, descriptor & 0x04 != 0);
    let before = usize::from(!single) + [0, 1, 2, 4][usize::from(descriptor & 3)];
    let size = match descriptor >> 6 {
        0 => usize::from(single),
        flag => 1 << flag,
    };
    let Some(field) = rest.get(before..before + size) else { return Ok(None) };
    let window = match rest.first() {
        // A frame of a single segment is its own window.
        _ if single => {
            let value = field.iter().rev().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
            if size == 2 { value + 256 } else { value }
        }
        Some(byte) => {
            let base = 1_u64 << (10 + (byte >> 3));
            base + base / 8 * u64::from(byte & 7)
        }
        None => return Ok(None),
    };
    Ok(Some(Head::Frame { window, summed, length: 5 + before + size }))
}

/// The bytes of the next block with its head, and with the frame's checksum behind the last (RFC 8878 §3.1.1.2); none while they are
/// not all there.
fn block(bytes: &[u8], summed: bool) -> io::Result<Option<usize>> {
    let Some([low, middle, high]) = bytes.first_chunk::<3>() else { return Ok(None) };
    let head = usize::from(*low) | usize::from(*middle) << 8 | usize::from(*high) << 16;
    let (last, repeated, size) = (head & 1 == 1, head >> 1 & 3 == 1, head >> 3);
    if size > BLOCK {
        let says = format!("it has a block of {size} bytes; the largest has {BLOCK}");
        return Err(io::Error::new(io::ErrorKind::InvalidData, says));
    }
    let length = 3 + if repeated { 1 } else { size } + if last && summed { 4 } else { 0 };
    Ok((bytes.len() >= length).then_some(length))
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, Unpacker};
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};
    use std::io::{self, Write};

    /// Feeds so many bytes at a time.
    fn unpack_by(size: usize, packed: &[u8], out: &mut impl Write) -> io::Result<()> {
        let mut unpacker = Unpacker::new();
        for part in packed.chunks(size) {
            unpacker.feed(part);
            while unpacker.step(out)? {}
            assert!(unpacker.held.len() <= BLOCK + 7 + size);
        }
        unpacker.end()
    }

    fn unpack(packed: &[u8], out: &mut impl Write) -> io::Result<()> {
        unpack_by(1024, packed, out)
    }

    #[test]
    fn frames_are_unpacked_and_bytes_between_them_skipped() {
        let text = "boards and invoices ".repeat(20_000);
        let packed = compress_to_vec(text.as_bytes(), CompressionLevel::Fastest);
        assert!(packed.len() < text.len() / 4);
        let skipped = [0x53, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3];
        let stream = [packed.as_slice(), &skipped, &packed].concat();
        for size in [1, 1_000, stream.len()] {
            let mut out = Vec::new();
            unpack_by(size, &stream, &mut out).unwrap();
            assert!(out == text.repeat(2).into_bytes(), "{size} at a time");
        }
    }

    #[test]
    fn blocks_are_handed_on_while_others_are_still_to_come() {
        // A window of 128 KB, then blocks of one byte as often as a block may hold.
        let head = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 7 << 3];
        let again = [&u32::to_le_bytes(u32::try_from(BLOCK << 3 | 1 << 1).unwrap())[..3], b"a"].concat();
        let (mut unpacker, mut out) = (Unpacker::new(), Vec::new());
        unpacker.feed(&head);
        for _ in 0..10 {
            unpacker.feed(&again);
            while unpacker.step(&mut out).unwrap() {}
        }
        assert!(out.len() >= 9 * BLOCK && out.iter().all(|byte| *byte == b'a'), "{}", out.len());
        assert!(unpacker.end().is_err());
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
