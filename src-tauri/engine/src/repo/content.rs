//! One file's bytes through the rules: text as it is, UTF-16 as text, anything else left alone.

use audit::facts::SecretMatch;
use audit::read::secret::File;

/// Bytes in which a file shows whether it is text.
const HEAD: usize = 8 * 1024;
/// Finds kept of one file.
const MOST: usize = 200;

/// What a file holds; none when it is no text.
pub(super) fn scan(bytes: &[u8], salt: &[u8; 32]) -> Option<Vec<SecretMatch>> {
    let mut file = File::new("", salt, true);
    match bytes {
        [0xff, 0xfe, rest @ ..] => file.feed(wide(rest, u16::from_le_bytes).as_bytes()),
        [0xfe, 0xff, rest @ ..] => file.feed(wide(rest, u16::from_be_bytes).as_bytes()),
        _ if bytes[..bytes.len().min(HEAD)].contains(&0) => return None,
        _ => file.feed(bytes),
    }
    let mut found = file.finish();
    found.truncate(MOST);
    Some(found)
}

fn wide(bytes: &[u8], order: fn([u8; 2]) -> u16) -> String {
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| order(*pair));
    char::decode_utf16(units).map(|letter| letter.unwrap_or('\u{fffd}')).collect()
}
