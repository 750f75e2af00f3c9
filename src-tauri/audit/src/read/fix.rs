//! What a pasted fix says, step by step: records to set or remove, header lines, redirects. Forms and tests read it; people read the text.

use serde::Serialize;
use ts_rs::TS;

/// One step of a fix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[ts(export_to = "bindings.ts")]
pub enum FixStep {
    /// Set this record. Records of the same name, type and version tag (`v=spf1`) make way.
    Set(RecordLine),
    /// Remove this record.
    Remove(RecordLine),
    /// Send this header field with every page.
    Header {
        /// Field name as written.
        name: String,
        /// Field value.
        value: String,
    },
    /// Answer every request for a host with a redirect that keeps path and query.
    Redirect {
        /// Scheme of the requests that are redirected.
        #[ts(type = "string")]
        from: &'static str,
        /// Their host.
        host: String,
        /// Status code.
        status: u16,
        /// Where to: scheme and host.
        to: String,
    },
    /// Anything else, or a line that a person has to complete.
    Words {
        /// The line.
        text: String,
    },
}

/// A record as a zone file writes it (RFC 1035 §5.1): `name. 3600 IN TXT "value"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct RecordLine {
    /// Owner name without the final dot, lower case.
    pub name: String,
    /// Time to live in seconds, where the line gives one.
    pub ttl: Option<u32>,
    /// Type mnemonic.
    pub rtype: String,
    /// Data as written; the character-strings of a TXT record are joined and without quotes.
    pub value: String,
}

/// The steps of a fix, in order.
#[must_use]
pub fn steps(paste: &str) -> Vec<FixStep> {
    if let Some(redirect) = server_block(paste) {
        return vec![redirect];
    }
    paste.lines().map(str::trim).filter(|line| !line.is_empty()).map(step).collect()
}

fn step(line: &str) -> FixStep {
    let words = || FixStep::Words { text: line.to_owned() };
    if line.contains(['<', '→']) {
        return words();
    }
    if let Some(rest) = line.strip_prefix("remove:") {
        return record(rest).map_or_else(words, FixStep::Remove);
    }
    match record(line.strip_prefix("add:").unwrap_or(line)) {
        Some(record) => FixStep::Set(record),
        None => header(line).unwrap_or_else(words),
    }
}

fn record(line: &str) -> Option<RecordLine> {
    let (name, rest) = line.trim().split_once(char::is_whitespace)?;
    let name = name.strip_suffix('.')?.to_ascii_lowercase();
    let (first, after) = rest.trim_start().split_once(char::is_whitespace)?;
    let (ttl, rest) = match first.parse() {
        Ok(ttl) => (Some(ttl), after),
        Err(_) => (None, rest),
    };
    let (class, rest) = rest.trim_start().split_once(char::is_whitespace)?;
    let (rtype, value) = rest.trim_start().split_once(char::is_whitespace)?;
    let known = class == "IN" && rtype.bytes().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit());
    let value = if rtype == "TXT" { strings(value.trim())? } else { value.trim().to_owned() };
    known.then(|| RecordLine { name, ttl, rtype: rtype.to_owned(), value })
}

/// The character-strings of a TXT record, joined.
fn strings(value: &str) -> Option<String> {
    let mut text = String::new();
    let mut rest = value;
    while !rest.is_empty() {
        let (inside, after) = rest.strip_prefix('"')?.split_once('"')?;
        text.push_str(inside);
        rest = after.trim_start();
    }
    Some(text)
}

/// A header line: a field name of capitalised words, then its value.
fn header(line: &str) -> Option<FixStep> {
    let (name, value) = line.split_once(": ")?;
    let word = |word: &str| {
        word.starts_with(|letter: char| letter.is_ascii_uppercase()) && word.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    let known = name.split('-').all(word) && (name.contains('-') || matches!(name, "Vary" | "Link"));
    known.then(|| FixStep::Header { name: name.to_owned(), value: value.trim().to_owned() })
}

/// An nginx server block that only redirects.
fn server_block(paste: &str) -> Option<FixStep> {
    let after = |key: &str| paste.split_once(key)?.1.split_once(';').map(|(value, _)| value.trim());
    paste.trim_start().strip_prefix("server {")?;
    let host = after("server_name ")?.to_owned();
    let from = if after("listen ")?.starts_with("443") { "https" } else { "http" };
    let (status, to) = after("return ")?.split_once(' ')?;
    let to = to.strip_suffix("$request_uri")?.replace("$host", &host);
    Some(FixStep::Redirect { from, host, status: status.parse().ok()?, to })
}

#[cfg(test)]
mod tests {
    use super::{FixStep, RecordLine, steps};

    fn line(name: &str, ttl: Option<u32>, rtype: &str, value: &str) -> RecordLine {
        RecordLine { name: name.to_owned(), ttl, rtype: rtype.to_owned(), value: value.to_owned() }
    }

    #[test]
    fn records_are_read_as_a_zone_file_writes_them() {
        let paste = "remove: example.com. IN CNAME x.host.test.\nadd:    example.com. 300 IN A 192.0.2.7\n_dmarc.Example.com. 3600 IN TXT \"v=DMARC1; \" \"p=none\"";
        assert_eq!(
            steps(paste),
            [
                FixStep::Remove(line("example.com", None, "CNAME", "x.host.test.")),
                FixStep::Set(line("example.com", Some(300), "A", "192.0.2.7")),
                FixStep::Set(line("_dmarc.example.com", Some(3600), "TXT", "v=DMARC1; p=none")),
            ]
        );
    }

    #[test]
    fn header_lines_and_redirects_are_read() {
        let header = |name: &str, value: &str| FixStep::Header { name: name.to_owned(), value: value.to_owned() };
        assert_eq!(steps("X-Frame-Options: DENY\n"), [header("X-Frame-Options", "DENY")]);
        let block =
            "server {\n    listen 80;\n    server_name app.example.com;\n    return 301 https://$host$request_uri;\n}";
        let to = "https://app.example.com".to_owned();
        assert_eq!(
            steps(block),
            [FixStep::Redirect { from: "http", host: "app.example.com".to_owned(), status: 301, to }]
        );
    }

    #[test]
    fn what_a_person_has_to_complete_stays_words() {
        for words in [
            "example.com. 300 IN A <address from your hosting provider>",
            "change: www.example.com. IN A 5.161.44.10  →  proxied",
            "Revoke at: https://dashboard.example.com/keys",
            "https://example.com/",
            "x. IN TXT \"open",
            "",
        ] {
            assert!(steps(words).iter().all(|step| matches!(step, FixStep::Words { .. })), "{words}");
        }
    }
}
