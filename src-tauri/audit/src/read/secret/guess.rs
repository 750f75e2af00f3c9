//! Whether a value that has no form of its own is a secret: drawn at random, given to a telling name, and no placeholder.

use super::proof::Around;
use super::rarity::{entropy, rarity};

/// Parts of names whose values are meant to be seen, or are no secrets.
const HARMLESS: [&str; 50] = [
    "public_key",
    "pubkey",
    "publickey",
    "public-key",
    "hash",
    "checksum",
    "digest",
    "csrf",
    "xsrf",
    "integrity",
    "fingerprint",
    "cursor",
    "page",
    "etag",
    "nonce",
    "cache",
    "primary",
    "foreign",
    "keyboard",
    "tokenizer",
    "token_type",
    "tokentype",
    "key_id",
    "keyid",
    "token_id",
    "tokenid",
    "secret_id",
    "secretname",
    "secret_name",
    "secret_arn",
    "keyname",
    "key_name",
    "thumbprint",
    "sitekey",
    "site_key",
    "idempotency",
    "partition",
    "sort_key",
    "objectkey",
    "signature",
    "commit",
    "credentialid",
    "credential_id",
    "credentialsid",
    "credentials_id",
    "secretsid",
    "public_token",
    "publictoken",
    "audience",
    "accessor",
];
/// What values begin with that are no secrets: hashes of packages, public keys, addresses.
const OTHER: [&str; 16] = [
    "sha1-",
    "sha256",
    "sha384",
    "sha512",
    "data:",
    "http",
    "AAAAB3NzaC1",
    "AAAAC3Nza",
    "MIIB",
    "MIIC",
    "MIID",
    "MIIE",
    "MIIF",
    "arn:",
    "urn:",
    "npm:",
];

/// Whether a value is what documentation and templates put in the place of a key.
pub(super) fn placeholder(body: &[u8]) -> bool {
    const WORDS: [&str; 30] = [
        "example",
        "placeholder",
        "changeme",
        "change_me",
        "change-me",
        "redacted",
        "dummy",
        "your_",
        "your-",
        "yourkey",
        "yourtoken",
        "insert",
        "xxxx",
        "****",
        "....",
        "todo",
        "abcdefghij",
        "abcdef123",
        "abc123",
        "notreal",
        "not_real",
        "not-a-real",
        "replace",
        "foobar",
        "012345678",
        "1234567890",
        "123456789",
        "deadbeef",
        "goes_here",
        "sample_",
    ];
    let text = String::from_utf8_lossy(body).to_ascii_lowercase();
    let mut seen = [false; 256];
    body.iter().for_each(|byte| seen[usize::from(*byte)] = true);
    let distinct = seen.iter().filter(|there| **there).count();
    let run = body.windows(7).any(|part| part.iter().all(|byte| *byte == part[0]));
    run || WORDS.iter().any(|word| text.contains(word)) || (body.len() >= 12 && distinct < 6)
}

/// Drawn at random, in quotes or in a file of settings.
pub(super) fn random(value: &[u8], around: &Around<'_>) -> bool {
    !harmless(around) && !result(around) && given(around) && drawn(value)
}

/// Made by a machine, and given to a name that tells a service and that what follows opens it.
pub(super) fn of_service(value: &[u8], around: &Around<'_>) -> bool {
    const TELLING: [&str; 9] = ["key", "token", "secret", "passw", "auth", "credential", "access", "login", "api"];
    let name = name(around);
    TELLING.iter().any(|word| name.contains(word))
        && !harmless(around)
        && !result(around)
        && given(around)
        && made(value)
}

/// Whether a value is made of signs as only a machine chooses them, however short.
fn made(value: &[u8]) -> bool {
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = value.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let text = String::from_utf8_lossy(value);
    if OTHER.iter().any(|other| text.starts_with(other)) || sequence(value) {
        return false;
    }
    match (digits, letters) {
        (_, 0) => digits == value.len() && entropy(value) >= 2.5,
        _ if uuid(value) => true,
        _ if value.iter().all(u8::is_ascii_hexdigit) => digits >= 3 && letters >= 2 && entropy(value) >= 2.8,
        _ => digits >= 2 && letters >= 2 && entropy(value) >= 3.0 && rarity(value) >= 4.2,
    }
}

/// Drawn at random.
pub(super) fn drawn(value: &[u8]) -> bool {
    let text = String::from_utf8_lossy(value);
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = value.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let hex = value.iter().all(u8::is_ascii_hexdigit);
    if OTHER.iter().any(|other| text.starts_with(other)) || sequence(value) {
        return false;
    }
    if hex {
        return value.len() >= 32 && digits >= 6 && letters >= 4 && entropy(value) >= 3.0;
    }
    let parts = uuid(value);
    let mixed = digits >= 2 && letters >= 6 && (parts || digits + letters + 6 >= value.len());
    parts || (mixed && entropy(value) >= 3.4 && rarity(value) >= 4.55)
}

/// Drawn at random from more letters than a hash has, and no id.
pub(super) fn lone(value: &[u8]) -> bool {
    !value.iter().all(u8::is_ascii_hexdigit) && !uuid(value) && drawn(value) && entropy(value) >= 3.6
}

/// What a person or a generator makes as a password, in quotes or in a file of settings.
pub(super) fn password(value: &[u8], around: &Around<'_>) -> bool {
    !harmless(around) && given(around) && chosen(value)
}

/// What a person or a generator makes as a password.
pub(super) fn chosen(value: &[u8]) -> bool {
    const COMMON: [&str; 34] = [
        "pass", "secret", "test", "demo", "admin", "user", "qwerty", "1234", "abc", "foo", "bar", "null", "true",
        "false", "none", "env", "config", "login", "hunter", "welcome", "default", "correct", "horse", "wrong",
        "token", "p@ss", "passw", "letmein", "dummy", "value", "string", "invalid", "sample", "pwd",
    ];
    let text = String::from_utf8_lossy(value).to_ascii_lowercase();
    let has = |wanted: fn(&u8) -> bool| value.iter().any(wanted);
    let kinds = [
        has(u8::is_ascii_lowercase),
        has(u8::is_ascii_uppercase),
        has(u8::is_ascii_digit),
        has(u8::is_ascii_punctuation),
    ];
    let template = text.contains(['{', '}', '<', '>', '(', ')', '[', ']', '\\', ' '])
        || text.starts_with(['$', '%', '/', '.', '#', ':', '@']);
    let address = text.contains("://") || text.contains("::") || text.contains("->");
    !template
        && !address
        && !COMMON.iter().any(|common| text.contains(common))
        && !sequence(value)
        && kinds.iter().filter(|kind| **kind).count() >= 3
        && value.iter().filter(|byte| byte.is_ascii_digit()).count() >= 2
        && rarity(value) >= 3.9
}

/// Whether the name says that its value is meant to be seen.
fn harmless(around: &Around<'_>) -> bool {
    let name = name(around);
    HARMLESS.iter().any(|harmless| name.contains(harmless))
}

/// The whole name that a value is given to, in lower case, with what stands behind it.
fn name(around: &Around<'_>) -> String {
    let head = around
        .before
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
        .count();
    let mut name = String::from_utf8_lossy(&around.before[around.before.len() - head..]).to_ascii_lowercase();
    name.push_str(&String::from_utf8_lossy(around.name).to_ascii_lowercase());
    name
}

/// Whether the value is what a call gives back, as documentation writes it: `sign('', 'secret') => 'f7f9…'`.
fn result(around: &Around<'_>) -> bool {
    let between = String::from_utf8_lossy(around.name);
    between.split_once("=>").is_some_and(|(before, _)| before.trim_end().ends_with(')'))
}

/// Whether the value is written out as one: in quotes, or alone on a line of settings (`NAME=value`, `name: value`).
fn given(around: &Around<'_>) -> bool {
    let quote = around.name.last().copied().filter(|byte| matches!(byte, b'"' | b'\'' | b'`'));
    match (quote, around.after.first()) {
        (Some(open), Some(close)) => *close == open || *close == b'\\',
        (Some(_), None) => false,
        (None, after) if after.is_none_or(u8::is_ascii_whitespace) => {
            setting(around) || element(around) || asked(around, after)
        }
        (None, Some(b',')) => around.name.ends_with(b",") && begins_a_line(around),
        (None, after) => element(around) || header(around, after) || asked(around, after),
    }
}

/// Whether name and value are a part of an address, as `?token=…&` is (RFC 3986 section 3.4).
fn asked(around: &Around<'_>, after: Option<&u8>) -> bool {
    let name = around.before.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    let before = around.before.len().checked_sub(name + 1).and_then(|at| around.before.get(at));
    let ends = after.is_none_or(|after| b"&#\"'`<)".contains(after) || after.is_ascii_whitespace());
    matches!(before, Some(b'?' | b'&')) && around.name.ends_with(b"=") && ends
}

/// Whether the value is all that an element of XML holds.
fn element(around: &Around<'_>) -> bool {
    around.name.trim_ascii_end().ends_with(b">") && around.after.trim_ascii_start().starts_with(b"</")
}

/// Whether name and value stand in one pair of quotes, as headers do on a command line: `-H "X-Api-Key: …"`.
fn header(around: &Around<'_>, after: Option<&u8>) -> bool {
    let name = around.before.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-').count();
    let before = around.before.len().checked_sub(name + 1).and_then(|at| around.before.get(at));
    around.name.trim_ascii_end().ends_with(b":") && before == after && matches!(after, Some(b'"' | b'\''))
}

/// Whether nothing but the name stands before the value on its line, and `export` and the like.
fn begins_a_line(around: &Around<'_>) -> bool {
    let start = around.before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let line = String::from_utf8_lossy(&around.before[start..]);
    let line = line.trim_start().trim_start_matches("- ");
    let line =
        ["export ", "set ", "ENV ", "ARG ", "env "].iter().find_map(|word| line.strip_prefix(word)).unwrap_or(line);
    line.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

/// Whether a line begins with nothing but the name, as in `.env`, YAML, INI, `export` and Docker files.
fn setting(around: &Around<'_>) -> bool {
    let named = begins_a_line(around);
    let end = around.after.iter().position(|byte| *byte == b'\n').unwrap_or(around.after.len());
    let rest = String::from_utf8_lossy(&around.after[..end]);
    let alone = rest.trim().is_empty() || rest.trim_start().starts_with('#');
    let between = String::from_utf8_lossy(around.name);
    // The head of a YAML block stands on the line before its text.
    let sign = between.trim_end().trim_end_matches(['|', '>', '+', '-']).trim_end();
    named && alone && (between.contains('=') || sign.ends_with(':')) && !between.contains('(')
}

/// Whether most of the value counts up or down, as alphabets and keyboards do.
pub(super) fn sequence(value: &[u8]) -> bool {
    let steps = value.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) <= 1).count();
    steps * 2 > value.len()
}

fn uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value
            .iter()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 8 | 13 | 18 | 23) { *byte == b'-' } else { byte.is_ascii_hexdigit() })
}
