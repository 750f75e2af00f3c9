//! Records and policy that ask other mail servers to encrypt: MTA-STS (RFC 8461) and TLS reports (RFC 8460).

use crate::read::dkim::tags;
use crate::read::text::clean;

/// What a policy asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Do not deliver where a host cannot prove itself.
    Enforce,
    /// Only report.
    Testing,
    /// As if there were no policy.
    None,
}

/// A policy (RFC 8461 §3.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StsPolicy {
    /// What it asks for.
    pub mode: Mode,
    /// Hosts that may take the mail; `*.` stands for one label.
    pub hosts: Vec<String>,
    /// Seconds that it may be kept.
    pub max_age: u32,
}

/// Whether a TXT record means to be an MTA-STS record.
#[must_use]
pub fn is_sts(text: &str) -> bool {
    first_is(text, "STSv1")
}

/// Whether a TXT record means to be a record for TLS reports.
#[must_use]
pub fn is_tlsrpt(text: &str) -> bool {
    first_is(text, "TLSRPTv1")
}

fn first_is(text: &str, version: &str) -> bool {
    let first = text.split(';').next().unwrap_or_default();
    first.split_once('=').is_some_and(|(name, value)| name.trim() == "v" && value.trim() == version)
}

/// Whether the record has the `id` that tells a changed policy (RFC 8461 §3.1): 1 to 32 letters and digits.
#[must_use]
pub fn sts_id(text: &str) -> Option<String> {
    let id = tags(text)?.into_iter().find(|(name, _)| name == "id")?.1;
    ((1..=32).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(id)
}

/// Where TLS reports go (RFC 8460 §3); none when the record names no usable place.
#[must_use]
pub fn tlsrpt(text: &str) -> Option<Vec<String>> {
    let rua = tags(text)?.into_iter().find(|(name, _)| name == "rua")?.1;
    let usable = |uri: &&str| {
        uri.starts_with("https://") || uri.strip_prefix("mailto:").is_some_and(|mailbox| mailbox.contains('@'))
    };
    let found: Vec<String> = rua.split(',').map(str::trim).filter(usable).take(10).map(|uri| clean(uri, 200)).collect();
    (!found.is_empty()).then_some(found)
}

/// Reads a policy.
///
/// # Errors
/// What is missing or wrong, as a fragment.
pub fn policy(text: &str) -> Result<StsPolicy, String> {
    let (mut version, mut mode, mut hosts, mut max_age) = (false, None, Vec::new(), None);
    for line in text.lines().take(200).filter(|line| !line.trim().is_empty()) {
        let Some((key, value)) = line.split_once(':') else {
            return Err(format!("\"{}\" is no line like \"mode: enforce\"", clean(line, 60)));
        };
        let value = value.trim();
        match key.trim() {
            "version" => version = value == "STSv1",
            "mode" => {
                mode = match value {
                    "enforce" => Some(Mode::Enforce),
                    "testing" => Some(Mode::Testing),
                    "none" => Some(Mode::None),
                    other => return Err(format!("its mode \"{}\" is not known", clean(other, 40))),
                }
            }
            "mx" => hosts.push(clean(&value.trim_end_matches('.').to_ascii_lowercase(), 253)),
            "max_age" => max_age = value.parse().ok().filter(|seconds| *seconds <= 31_557_600),
            _ => {}
        }
    }
    let mode = mode.ok_or("it has no mode")?;
    if !version {
        return Err("it has no line \"version: STSv1\"".to_owned());
    }
    if hosts.is_empty() && mode != Mode::None {
        return Err("it names no mail host".to_owned());
    }
    Ok(StsPolicy { mode, hosts, max_age: max_age.ok_or("it has no max_age up to 31557600")? })
}

impl StsPolicy {
    /// Whether a mail host may take the mail (§4.1).
    #[must_use]
    pub fn covers(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        self.hosts.iter().any(|pattern| match pattern.strip_prefix("*.") {
            Some(parent) => host.split_once('.').is_some_and(|(_, above)| above == parent),
            None => *pattern == host,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_read_and_cover_one_label() {
        let read = policy(
            "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.Example.net\r\nmax_age: 86400\r\n",
        )
        .unwrap();
        assert_eq!((read.mode, read.max_age), (Mode::Enforce, 86_400));
        assert!(read.covers("MAIL.example.com.") && read.covers("mx1.example.net"));
        assert!(!read.covers("a.b.example.net") && !read.covers("example.net") && !read.covers("mx.example.com"));
        assert!(policy("version: STSv1\nmode: none\nmax_age: 1").is_ok());
        for broken in [
            "",
            "mode: enforce\nmx: a.example\nmax_age: 1",
            "version: STSv1\nmode: strict\nmx: a.example\nmax_age: 1",
            "version: STSv1\nmode: enforce\nmax_age: 1",
            "version: STSv1\nmode: enforce\nmx: a.example",
            "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 99999999",
            "<html>",
        ] {
            assert!(policy(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn records_are_read() {
        assert!(is_sts("v=STSv1; id=20160831085700Z;") && !is_sts("v=STSv2; id=1"));
        assert_eq!(sts_id("v=STSv1; id=2016;").as_deref(), Some("2016"));
        assert_eq!((sts_id("v=STSv1"), sts_id("v=STSv1; id=a-b")), (None, None));
        let both = tlsrpt("v=TLSRPTv1; rua=mailto:tls@example.com,https://example.com/v1").unwrap();
        assert_eq!(both, ["mailto:tls@example.com", "https://example.com/v1"]);
        assert_eq!((tlsrpt("v=TLSRPTv1"), tlsrpt("v=TLSRPTv1; rua=tls@example.com")), (None, None));
    }
}
