//! http.compression: text is sent compressed.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::Exchange;
use crate::read::caching::Caching;
use crate::{Case, Unseen};

/// http.compression.
pub static CHECK: Check = Check {
    id: "http.compression",
    title: "Text is sent compressed",
    why: "Packed text is a third of the size: on a phone that is the difference between a page and a white screen.",
    needs: &[Need::Public],
    concern: Concern::Speed,
    covers: "The front page, its own scripts and styles, asked for with Brotli, zstd and gzip as a browser does and unpacked.",
    ask: None,
    refs: &["RFC 9110 §8.4, §12.5.3", "RFC 7932", "RFC 8878", "RFC 9659", "RFC 1952"],
    judge,
};

/// Below this, packing gains nothing: the answer fits one packet anyway.
const SMALL: u32 = 1_400;
/// Files shown.
const SHOWN: usize = 8;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let (home, _) = case.home()?;
    let (mut proof, mut plain, mut mixed, mut unseen) = (vec![], vec![], vec![], vec![]);
    for (url, exchange) in case.exchanges("home").chain(case.exchanges("asset")) {
        match exchange {
            Ok(exchange) if text(exchange) && case.ours(url) => {
                let encoding = exchange.header("content-encoding").next().unwrap_or("none").to_owned();
                let line = format!(
                    "{url}: {encoding}, {} sent for {}",
                    kilobytes(exchange.body.wire),
                    kilobytes(exchange.body.bytes)
                );
                if encoding == "none" || encoding == "identity" {
                    plain.push((exchange.body.bytes, line));
                } else {
                    let caching = Caching::of(&exchange.headers);
                    let varies = caching.vary.iter().any(|name| name == "accept-encoding" || name == "*");
                    if !varies && caching.shared_may_reuse(exchange.status, false) {
                        mixed.push(line.clone());
                    }
                    proof.push(line);
                }
            }
            Ok(_) => {}
            Err(why) if case.ours(url) => unseen.push(why),
            Err(_) => {}
        }
    }
    let mut findings = vec![];
    if !plain.is_empty() {
        let bytes = plain.iter().fold(0u32, |sum, (bytes, _)| sum.saturating_add(*bytes));
        let says = format!("{} of text are sent unpacked; packed they would be about a third.", kilobytes(bytes));
        let lines = plain.into_iter().map(|(_, line)| line).collect();
        findings.push(finding(&home.url, Severity::Medium, says, lines, PACK, Some(NGINX)));
    }
    if !mixed.is_empty() {
        let says = "Packed answers may be kept by caches that do not know they are packed (no Vary), so some visitors get garbage.";
        let vary = "Send Vary: Accept-Encoding with every answer that may be packed. At nginx, this line does it.";
        findings.push(finding(&home.url, Severity::Low, says.to_owned(), mixed, vary, Some("gzip_vary on;")));
    }
    proof.truncate(SHOWN);
    Ok(Verdict::judged(proof, findings, unseen))
}

const PACK: &str = "Switch compression on at your CDN (Cloudflare, Vercel and Netlify do it by themselves for the usual types) or web server. At nginx, paste this.";
const NGINX: &str = "gzip on;\ngzip_vary on;\ngzip_types text/css text/javascript application/javascript application/json image/svg+xml;";

fn text(exchange: &Exchange) -> bool {
    let kind = exchange.header("content-type").next().unwrap_or_default().to_ascii_lowercase();
    let known = ["text/", "application/javascript", "application/json", "application/xml", "image/svg"];
    exchange.status == 200 && exchange.body.bytes > SMALL && known.iter().any(|start| kind.starts_with(start))
}

fn kilobytes(bytes: u32) -> String {
    format!("{:.1} kB", f64::from(bytes) / 1000.0)
}

fn finding(
    subject: &str,
    severity: Severity,
    says: String,
    mut evidence: Vec<String>,
    how: &str,
    paste: Option<&str>,
) -> Finding {
    evidence.truncate(SHOWN);
    let fix = Fix { says: how.to_owned(), paste: paste.map(str::to_owned), minutes: 15, after: vec![] };
    Finding { subject: subject.to_owned(), grade: Grade::Warn, severity, says, evidence, fix }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::Why;
    use crate::check::{Severity, Status};
    use crate::facts::Facts;
    use crate::testing::{exchange, findings, header, healthy, put, status, unseen};

    const APP: &str = "https://example.com/app.js";

    fn site(fields: &[(&str, &str)], bytes: usize) -> Facts {
        let mut facts = healthy();
        let mut answer = exchange(APP, 200, &vec![b'x'; bytes]);
        answer.headers = fields.iter().map(|(name, value)| header(name, value)).collect();
        put(&mut facts, "asset", answer);
        facts
    }

    const JS: (&str, &str) = ("content-type", "text/javascript");

    #[test]
    fn packed_text_and_small_text_pass() {
        let packed =
            [JS, ("content-encoding", "br"), ("vary", "Accept-Encoding"), ("cache-control", "public, max-age=60")];
        assert_eq!(status(&CHECK, &site(&packed, 90_000)), Status::Pass);
        let zstd = [JS, ("content-encoding", "zstd"), ("vary", "Accept-Encoding")];
        assert_eq!(status(&CHECK, &site(&zstd, 90_000)), Status::Pass);
        assert_eq!(status(&CHECK, &site(&[JS], 900)), Status::Pass);
        assert_eq!(status(&CHECK, &site(&[("content-type", "image/png")], 90_000)), Status::Pass);
    }

    #[test]
    fn unpacked_text_and_missing_vary_are_told() {
        assert_eq!(findings(&CHECK, &site(&[JS], 90_000))[0].severity, Severity::Medium);
        let packed = [JS, ("content-encoding", "gzip"), ("cache-control", "public, max-age=60")];
        assert_eq!(findings(&CHECK, &site(&packed, 90_000))[0].severity, Severity::Low);
    }

    #[test]
    fn silence_is_not_judged() {
        let mut facts = site(&[JS], 900);
        facts.exchanges.insert(format!("asset {APP}"), unseen(Why::Timeout));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    }
}
