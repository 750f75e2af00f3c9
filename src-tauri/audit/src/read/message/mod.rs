//! Messages as files (.eml): header fields and body as bytes, for signatures that cover every byte of them (RFC 5322 §2, RFC 6376 §3.4).

mod arc;
mod canon;
mod examine;
mod hops;
#[cfg(test)]
mod second_tests;
mod signature;
mod spam;
#[cfg(test)]
mod tests;

pub use arc::{ArcResult, ArcSeen};
pub use examine::{DmarcSeen, Examination, Examined, Mail, SpfSeen};
pub use hops::Hop;
pub use signature::{DkimResult, SignatureSeen};
pub use spam::SpamWord;

use crate::read::text::clean;

/// The longest message that is read; mailboxes take 25 to 50 MB.
pub const LONGEST: usize = 64 * 1024 * 1024;
/// Header fields that are read.
const FIELDS: usize = 2_000;
/// Bytes of all header fields.
const HEADERS: usize = 1024 * 1024;

/// A message, line ends as on the wire (CRLF).
#[derive(Debug)]
pub(super) struct Message {
    fields: Vec<Field>,
    body: Vec<u8>,
}

/// A header field as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// Name in lower case.
    name: String,
    /// The whole field, without the last CRLF.
    raw: Vec<u8>,
}

/// Why a file is no message that can be examined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// Larger than [`LONGEST`].
    #[error("it is larger than 64 MB")]
    TooLong,
    /// Too many header fields, or too long ones.
    #[error("it has more header fields than any message needs")]
    TooManyFields,
    /// No header fields at all.
    #[error("it does not begin with header fields; save the message in its original form (.eml, \"show original\")")]
    NoFields,
}

impl Message {
    /// Reads a file; one with bare line feeds, as programs on Unix save it, becomes what went over the wire.
    pub(super) fn read(file: &[u8]) -> Result<Self, MessageError> {
        if file.len() > LONGEST {
            return Err(MessageError::TooLong);
        }
        let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
        let wire = on_the_wire(file);
        let mut rest = wire.as_slice();
        // A mailbox file sets a line of its own before each message (RFC 4155).
        if rest.starts_with(b"From ") {
            rest = after_line(rest);
        }
        let mut fields: Vec<Field> = Vec::new();
        let mut taken = 0;
        loop {
            let end = line_end(rest);
            let line = &rest[..end];
            if line.is_empty() {
                rest = after_line(rest);
                break;
            }
            taken += line.len();
            match (line[0], fields.last_mut()) {
                (b' ' | b'\t', Some(field)) => {
                    field.raw.extend_from_slice(b"\r\n");
                    field.raw.extend_from_slice(line);
                }
                _ => match field(line) {
                    Some(field) => fields.push(field),
                    // A line that is no field: the body began without an empty line.
                    None => break,
                },
            }
            if fields.len() > FIELDS || taken > HEADERS {
                return Err(MessageError::TooManyFields);
            }
            rest = after_line(rest);
            if rest.is_empty() {
                break;
            }
        }
        if fields.is_empty() {
            return Err(MessageError::NoFields);
        }
        Ok(Self { fields, body: rest.to_vec() })
    }

    /// The fields of a name, top first.
    fn all<'m>(&'m self, name: &'m str) -> impl DoubleEndedIterator<Item = &'m Field> {
        self.fields.iter().filter(move |field| field.name == name)
    }

    /// The text of the topmost field of a name.
    fn text(&self, name: &str) -> Option<String> {
        self.all(name).next().map(Field::text)
    }
}

impl Field {
    /// What follows the colon.
    fn value(&self) -> &[u8] {
        let colon = self.raw.iter().position(|byte| *byte == b':').map_or(self.raw.len(), |at| at + 1);
        &self.raw[colon..]
    }

    /// The value on one line; bytes that are no UTF-8 are replaced.
    fn text(&self) -> String {
        String::from_utf8_lossy(self.value()).replace("\r\n", "").replace('\t', " ").trim().to_owned()
    }
}

fn field(line: &[u8]) -> Option<Field> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = line[..colon].trim_ascii_end();
    let visible = !name.is_empty() && name.len() <= 200 && name.iter().all(u8::is_ascii_graphic);
    let name = visible.then(|| String::from_utf8_lossy(name).to_ascii_lowercase())?;
    Some(Field { name, raw: line.to_vec() })
}

fn line_end(text: &[u8]) -> usize {
    text.windows(2).position(|pair| pair == b"\r\n").unwrap_or(text.len())
}

fn after_line(text: &[u8]) -> &[u8] {
    text.get(line_end(text) + 2..).unwrap_or_default()
}

fn on_the_wire(file: &[u8]) -> Vec<u8> {
    let mut wire = Vec::with_capacity(file.len() + file.len() / 40);
    for (at, byte) in file.iter().enumerate() {
        if *byte == b'\n' && (at == 0 || file[at - 1] != b'\r') {
            wire.push(b'\r');
        }
        wire.push(*byte);
    }
    wire
}

/// The mailbox of an address field: comments and display names left out; none when there is not exactly one.
pub(super) fn mailbox(text: &str) -> Option<String> {
    let (mut depth, mut quoted, mut escaped, mut plain) = (0_u32, false, false, String::new());
    for c in text.chars().take(4_000) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' if depth == 0 => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            _ if depth == 0 && !quoted => plain.push(c),
            _ => {}
        }
    }
    let mut angled = plain.split('<').skip(1).filter_map(|part| part.split_once('>').map(|(inside, _)| inside.trim()));
    let found = match (angled.next(), angled.next()) {
        (Some(one), None) => one.to_owned(),
        (None, _) => {
            let mut words = plain.split([' ', ',', ';']).filter(|word| word.contains('@'));
            match (words.next(), words.next()) {
                (Some(one), None) => one.trim().to_owned(),
                _ => return None,
            }
        }
        _ => return None,
    };
    let (_, domain) = found.rsplit_once('@')?;
    (found.len() <= 320 && domain.contains('.')).then(|| clean(&found, 320))
}

/// The domain of a mailbox, as DNS asks it.
pub(super) fn domain_of(mailbox: &str) -> Option<String> {
    let (_, domain) = mailbox.rsplit_once('@')?;
    idna::domain_to_ascii(domain.trim_end_matches('.')).ok().filter(|domain| !domain.is_empty())
}
