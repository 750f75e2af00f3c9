//! http.caching: browsers and caches keep what they may keep, and no longer.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::Exchange;
use crate::read::caching::{Caching, DAY};
use crate::{Case, Unseen};
use url::Url;

/// http.caching.
pub static CHECK: Check = Check {
    id: "http.caching",
    title: "Browsers and caches keep what they may keep",
    why: "Files that are fetched anew on each visit make the product slow for the people who use it most; a page that is kept too long shows them an old release.",
    needs: &[Need::Public],
    concern: Concern::Speed,
    covers: "The front page and its own scripts, styles and images: how long RFC 9111 lets caches use them, and whether asking again costs a full transfer.",
    ask: None,
    refs: &["RFC 9111 §3, §4.2, §4.3", "RFC 8246", "RFC 9110 §13.1.2"],
    judge,
};

/// Files shown.
const SHOWN: usize = 8;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let (home, _) = case.home()?;
    let (mut proof, mut findings, mut unseen) = (vec![], vec![], vec![]);
    let (mut short, mut blind) = (vec![], vec![]);
    for (url, exchange) in case.exchanges("asset").filter(|(url, _)| case.ours(url)) {
        match exchange {
            Ok(exchange) if exchange.status == 200 => {
                let caching = Caching::of(&exchange.headers);
                let life = caching.private_lifetime();
                let line = format!("{url}: {}", exchange.header("cache-control").next().unwrap_or("no Cache-Control"));
                if named_by_content(url) && (caching.no_store || life.is_none_or(|life| life < DAY)) {
                    short.push(line);
                } else if life.unwrap_or(0) == 0 && !caching.validator {
                    blind.push(line);
                } else {
                    proof.push(line);
                }
            }
            Ok(_) => {}
            Err(why) => unseen.push(why),
        }
    }
    let again: Vec<String> = case.exchanges("again").filter_map(|(_, again)| full_again(case, again.ok()?)).collect();
    unseen.extend(case.exchanges("again").filter_map(|(_, again)| again.err()).take(1));
    if !short.is_empty() {
        let says = format!(
            "{} files with a name of their own for each release are fetched anew all the time instead of being kept.",
            short.len()
        );
        findings.push(finding(&home.url, Severity::Medium, says, short, KEEP, NGINX));
    }
    if !blind.is_empty() {
        let says = format!(
            "{} files come without any word on how long they last or how to recognise them, so browsers fetch them in full again.",
            blind.len()
        );
        findings.push(finding(
            &home.url,
            Severity::Low,
            says,
            blind,
            "Send an ETag or Last-Modified, and Cache-Control. At nginx, paste this.",
            "etag on;",
        ));
    }
    if !again.is_empty() {
        let says =
            format!("{} files are sent in full although the browser shows that it has them already.", again.len());
        let how = "Let the server answer a matching If-None-Match with 304. At nginx this is on by default.";
        findings.push(finding(&home.url, Severity::Low, says, again, how, "etag on;\nif_modified_since exact;"));
    }
    let caching = Caching::of(&home.headers);
    let life = caching.private_lifetime().unwrap_or(0);
    if life >= DAY {
        let says =
            format!("The front page itself is kept for {} days, so visitors see an old release that long.", life / DAY);
        let saw =
            home.header("cache-control").map(|value| format!("GET {} → cache-control: {value}", home.url)).collect();
        let how =
            "Let browsers ask before they show the page again. At nginx, paste this into the location of the page.";
        findings.push(finding(
            &home.url,
            Severity::Medium,
            says,
            saw,
            how,
            "add_header Cache-Control \"no-cache\" always;",
        ));
    }
    proof.truncate(SHOWN);
    Ok(Verdict::judged(proof, findings, unseen))
}

const KEEP: &str = "Let browsers keep files whose name changes with their content for a year. At nginx, paste this.";
const NGINX: &str = "location /assets/ {\n    add_header Cache-Control \"public, max-age=31536000, immutable\";\n}";

/// Whether a file's name holds a hash or a version, so that another content comes under another name.
fn named_by_content(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let name = url.path_segments().and_then(Iterator::last).unwrap_or_default();
    let hash = |part: &str| {
        part.len() >= 6
            && part.bytes().any(|byte| byte.is_ascii_digit())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.split(['.', '-', '~']).skip(1).any(hash)
}

/// Told where a question with the right ETag or date was answered with the same content in full.
fn full_again(case: &Case<'_>, again: &Exchange) -> Option<String> {
    let first = case.exchange("asset", &again.url).ok()?;
    let asked = again.sent.iter().any(|header| header.name.starts_with("if-"));
    let same = again.status == 200 && again.body.sha256 == first.body.sha256;
    (asked && same)
        .then(|| format!("GET {} with what it gave to be known by → 200, {} bytes", again.url, again.body.wire))
}

fn finding(
    subject: &str,
    severity: Severity,
    says: String,
    mut evidence: Vec<String>,
    how: &str,
    paste: &str,
) -> Finding {
    evidence.truncate(SHOWN);
    let fix = Fix { says: how.to_owned(), paste: Some(paste.to_owned()), minutes: 20, after: vec![] };
    Finding { subject: subject.to_owned(), grade: Grade::Warn, severity, says, evidence, fix }
}

#[cfg(test)]
mod tests {
    use super::{CHECK, named_by_content};
    use crate::Why;
    use crate::check::Status;
    use crate::facts::Facts;
    use crate::testing::{chain_at, exchange, findings, header, healthy, put, status, unseen};

    const APP: &str = "https://example.com/assets/app-4f1c9a22.js";

    fn site(url: &str, fields: &[(&str, &str)]) -> Facts {
        let mut facts = healthy();
        let mut answer = exchange(url, 200, b"let a=1");
        answer.headers = fields.iter().map(|(name, value)| header(name, value)).collect();
        put(&mut facts, "asset", answer);
        facts
    }

    #[test]
    fn names_that_change_with_the_content_are_known() {
        for (name, own) in [
            ("app-4f1c9a22.js", true),
            ("main.8d1f33ab.chunk.css", true),
            ("jquery-3.6.0.min.js", false),
            ("app.js", false),
            ("analytics-loader.js", false),
        ] {
            assert_eq!(named_by_content(&format!("https://example.com/x/{name}")), own, "{name}");
        }
    }

    #[test]
    fn kept_and_asked_for_files_pass() {
        assert_eq!(
            status(&CHECK, &site(APP, &[("cache-control", "public, max-age=31536000, immutable")])),
            Status::Pass
        );
        assert_eq!(status(&CHECK, &site("https://example.com/app.js", &[("etag", "\"a\"")])), Status::Pass);
    }

    #[test]
    fn short_blind_and_stubborn_files_are_told() {
        assert_eq!(findings(&CHECK, &site(APP, &[("cache-control", "no-store")])).len(), 1);
        assert_eq!(findings(&CHECK, &site("https://example.com/app.js", &[])).len(), 1);
        let mut facts = site(APP, &[("cache-control", "max-age=31536000"), ("etag", "\"a\"")]);
        let mut again = exchange(APP, 200, b"let a=1");
        again.sent.push(header("if-none-match", "\"a\""));
        put(&mut facts, "again", again);
        assert_eq!(findings(&CHECK, &facts).len(), 1);
        let mut facts = healthy();
        chain_at(&mut facts, "https://example.com/").hops[0].headers.push(header("cache-control", "max-age=604800"));
        assert!(findings(&CHECK, &facts)[0].says.contains("7 days"));
    }

    #[test]
    fn silence_is_not_judged() {
        let mut facts = site(APP, &[]);
        facts.exchanges.insert(format!("asset {APP}"), unseen(Why::Timeout));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    }
}
