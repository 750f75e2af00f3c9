//! Whether the text after `-----BEGIN … PRIVATE KEY-----` begins as a key does, so that a heading in documentation is none.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// Base64 characters that are enough to know the container.
const ENOUGH: usize = 24;
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Whether a PEM block, from its `-----BEGIN`, begins with a key.
pub(super) fn begins_a_key(block: &[u8]) -> bool {
    let text = String::from_utf8_lossy(block);
    let Some((label, rest)) = text.strip_prefix("-----BEGIN ").and_then(|rest| rest.split_once("-----")) else {
        return false;
    };
    // An encrypted key (RFC 1421) and a key of OpenPGP put headers before the base64.
    if ["Proc-Type:", "DEK-Info:", "Version:", "Comment:"].iter().any(|header| rest.contains(header)) {
        return true;
    }
    let rest = rest.replace("\\r", "").replace("\\n", "");
    let body: String = rest
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '/'))
        .take(ENOUGH)
        .collect();
    let Ok(bytes) = LENIENT.decode(&body) else { return false };
    if label.starts_with("PGP") {
        // Bit 7 of a packet's first byte is always one (RFC 9580 section 4.2).
        return bytes.first().is_some_and(|first| first & 0x80 != 0);
    }
    bytes.starts_with(b"openssh-key-v1")
        || matches!(bytes[..], [0x30, 0x20..=0x7f | 0x81..=0x83, ..])
        || label.starts_with("SSH2")
}

#[cfg(test)]
mod tests {
    use super::begins_a_key;

    #[test]
    fn containers_are_known_and_words_are_not() {
        let block = |label: &str, body: &str| format!("-----BEGIN {label}PRIVATE KEY-----{body}");
        for (label, body) in [
            ("RSA ", "\nMIIEpAIBAAKCAQEA0Z3VS5JJcds3xfn"),
            ("", "\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAA"),
            ("EC ", "\r\nMHcCAQEEIIrYSSNQFaA2Hwf1duRSxK"),
            ("OPENSSH ", "\nb3BlbnNzaC1rZXktdjEAAAAABG5vbm"),
            ("RSA ", "\nProc-Type: 4,ENCRYPTED"),
        ] {
            assert!(begins_a_key(block(label, body).as_bytes()), "{label} {body}");
        }
        for (label, body) in [
            ("RSA ", "\nyour key goes here and is long enough"),
            ("", "\nzxw4J9ZdLgolLbt2LFZ5d76da0uZlMmPyI0"),
            ("", ""),
        ] {
            assert!(!begins_a_key(block(label, body).as_bytes()), "{label} {body}");
        }
    }
}
