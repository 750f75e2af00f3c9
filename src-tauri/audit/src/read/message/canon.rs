//! The two canonical forms of RFC 6376 §3.4.

/// How a part is written before it is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Relaxed,
    Simple,
}

impl Form {
    /// Of a word in `c=`.
    pub(super) fn of(word: &str) -> Option<Self> {
        match word.trim() {
            "relaxed" => Some(Self::Relaxed),
            "simple" => Some(Self::Simple),
            _ => None,
        }
    }
}

/// A header field with the CRLF that ends it; `raw` comes without.
pub(super) fn field(form: Form, raw: &[u8]) -> Vec<u8> {
    let mut out = bare_field(form, raw);
    out.extend_from_slice(b"\r\n");
    out
}

/// The same without that CRLF, as the signature's own field is hashed (§3.7).
pub(super) fn bare_field(form: Form, raw: &[u8]) -> Vec<u8> {
    if form == Form::Simple {
        return raw.to_vec();
    }
    let colon = raw.iter().position(|byte| *byte == b':').unwrap_or(raw.len());
    let mut out: Vec<u8> = raw[..colon].trim_ascii_end().to_ascii_lowercase();
    out.push(b':');
    let unfolded: Vec<u8> = raw
        .get(colon + 1..)
        .unwrap_or_default()
        .iter()
        .copied()
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .collect();
    squeeze(unfolded.trim_ascii_start(), &mut out);
    out
}

/// Runs of spaces and tabs become one space; those at the end go.
fn squeeze(line: &[u8], out: &mut Vec<u8>) {
    let mut gap = false;
    for byte in line {
        if matches!(byte, b' ' | b'\t') {
            gap = true;
            continue;
        }
        if gap {
            out.push(b' ');
            gap = false;
        }
        out.push(*byte);
    }
}

/// The body; `out` is fed part by part. Empty lines at the end go (§3.4.3, §3.4.4).
pub(super) fn body(form: Form, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 2);
    let mut rest = body;
    while !rest.is_empty() {
        let end = rest.windows(2).position(|pair| pair == b"\r\n").unwrap_or(rest.len());
        match form {
            Form::Simple => out.extend_from_slice(&rest[..end]),
            Form::Relaxed => squeeze(&rest[..end], &mut out),
        }
        out.extend_from_slice(b"\r\n");
        rest = rest.get(end + 2..).unwrap_or_default();
    }
    while out.ends_with(b"\r\n\r\n") {
        out.truncate(out.len() - 2);
    }
    if out == b"\r\n" {
        out.clear();
    }
    if out.is_empty() && form == Form::Simple {
        out.extend_from_slice(b"\r\n");
    }
    out
}
