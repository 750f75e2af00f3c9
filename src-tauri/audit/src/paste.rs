//! What can be pasted where: a response header as the provider in front of the site takes it.

use crate::facts::Hop;
use crate::read::provider;
use std::net::SocketAddr;

/// Where a response header is set: how to get there, and what to paste.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The way there, one sentence.
    pub says: String,
    /// What to paste.
    pub paste: String,
}

/// Where `name: value` is added for the site that gave this answer.
#[must_use]
pub fn header(hop: &Hop, name: &str, value: &str) -> Place {
    let line = format!("{name}: {value}");
    let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
    let (says, paste) = match provider_of(hop).as_deref() {
        Some("Cloudflare") => (
            "At Cloudflare: Rules → Transform Rules → Modify Response Header → Set static, name and value as here; or set it in the application behind it.",
            line,
        ),
        Some("Vercel") => (
            "Add this to vercel.json in the project, then deploy.",
            format!(
                "{{ \"headers\": [{{ \"source\": \"/(.*)\", \"headers\": [{{ \"key\": \"{name}\", \"value\": \"{quoted}\" }}] }}] }}"
            ),
        ),
        Some("Netlify") => {
            ("Add this to the file _headers in the published folder, then deploy.", format!("/*\n  {line}"))
        }
        Some("nginx") => (
            "Add this to the server block of nginx, then reload it.",
            format!("add_header {name} \"{quoted}\" always;"),
        ),
        _ => ("Add this response header at your CDN, web server or framework.", line),
    };
    Place { says: says.to_owned(), paste }
}

/// Who gave an answer: its provider, or its web server where that is all it tells.
#[must_use]
pub fn provider_of(hop: &Hop) -> Option<String> {
    let lines: Vec<String> = hop.headers.iter().map(|h| format!("{}: {}", h.name, h.value.to_lowercase())).collect();
    // The platform that runs the site takes headers in its project, whatever stands in front of it.
    let platform = [("x-vercel-id", "Vercel"), ("x-nf-request-id", "Netlify")];
    if let Some((_, name)) = platform.iter().find(|(mark, _)| hop.header(mark).next().is_some()) {
        return Some((*name).to_owned());
    }
    // A web server that names itself is closer to the site than the provider of its address.
    if hop.header("server").any(|value| value.to_lowercase().starts_with("nginx")) {
        return Some("nginx".to_owned());
    }
    let address = hop.address.parse::<SocketAddr>().ok()?.ip();
    let known = provider::all().iter().find(|provider| provider.serves(address, &[], &lines).is_some());
    known.map(|provider| provider.name.clone())
}

#[cfg(test)]
mod tests {
    use super::header;
    use crate::testing::{header as line, hop};

    #[test]
    fn the_recognised_provider_gets_its_own_form() {
        let mut answer = hop("https://example.com/", 200, None);
        assert!(header(&answer, "X-A", "1").says.contains("Cloudflare"));
        answer.address = "5.161.44.10:443".to_owned();
        assert_eq!(header(&answer, "X-A", "1").paste, "X-A: 1");
        for (name, value, part) in [
            ("server", "nginx/1.27", "add_header X-A \"a \\\"b\\\"\" always;"),
            ("x-vercel-id", "fra1::x", "\"value\": \"a \\\"b\\\"\""),
            ("x-nf-request-id", "01", "/*\n  X-A: a \"b\""),
        ] {
            answer.headers = vec![line(name, value)];
            assert!(header(&answer, "X-A", "a \"b\"").paste.contains(part), "{name}");
        }
    }
}
