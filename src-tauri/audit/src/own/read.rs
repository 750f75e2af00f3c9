//! Reads the file of own rows: bounded, with the line of what is wrong and what to do about it.

use super::{DnsWish, HttpWish, Own, OwnRow};
use crate::check::Severity;
use crate::facts::Target;
use crate::read::domain::within;
use crate::read::secret::pasted;
use crate::read::text::clean;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};
use toml::Spanned;
use url::Url;

/// Longest file, bytes.
const LONGEST: usize = 64 * 1024;
/// Most rows.
const ROWS: usize = 100;
/// Most expectations of all rows together: each is one request or one question to the resolver.
const WISHES: usize = 100;
/// The types of record that can be expected.
const TYPES: [&str; 8] = ["A", "AAAA", "CAA", "CNAME", "MX", "NS", "SRV", "TXT"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: Spanned<i64>,
    #[serde(default)]
    row: Vec<Spanned<Row>>,
}

/// A row as somebody wrote it; what each key means stands at [`OwnRow`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: Spanned<String>,
    stage: Spanned<i64>,
    title: Spanned<String>,
    why: Spanned<String>,
    question: Option<Spanned<String>>,
    severity: Option<Severity>,
    fix: Option<Spanned<String>>,
    #[serde(default)]
    http: Vec<Spanned<HttpWish>>,
    #[serde(default)]
    dns: Vec<Spanned<DnsWish>>,
}

/// What is wrong, and the byte where it stands.
struct Wrong(usize, String);

/// Reads the file for a domain.
///
/// # Errors
/// A sentence with the line of what cannot be used, and what to do.
pub fn read(text: &str, target: &Target) -> Result<Own, String> {
    if text.len() > LONGEST {
        return Err("it is larger than 64 kB; keep the rows that this launch needs".to_owned());
    }
    let line = |at: usize| text.get(..at).map_or(1, |before| before.matches('\n').count() + 1);
    let file: File = toml::from_str(text).map_err(|error| {
        let at = match error.span() {
            Some(span) => format!("line {}: ", line(span.start)),
            None if error.message().contains("recursion") => "it is nested too deep to be read: ".to_owned(),
            None => "it cannot be read: ".to_owned(),
        };
        let says = clean(error.message(), 300);
        let way = if says.starts_with("missing field") { "; write it there" } else { "" };
        format!("{at}{says}{way}")
    })?;
    rows(file, target).map_err(|Wrong(at, says)| format!("line {}: {says}", line(at)))
}

fn rows(file: File, target: &Target) -> Result<Own, Wrong> {
    if *file.version.get_ref() != 1 {
        return Err(Wrong(file.version.span().start, "write version = 1, the only one that there is".to_owned()));
    }
    if let Some(over) = file.row.get(ROWS) {
        return Err(Wrong(over.span().start, format!("there are more than {ROWS} rows; remove some")));
    }
    let (mut ids, mut wishes, mut rows) = (BTreeSet::new(), 0, vec![]);
    for row in file.row {
        let (begin, named) = (row.span().start, row.get_ref().id.span().start);
        let row = one(row.into_inner(), begin, target)?;
        if !ids.insert(row.id.clone()) {
            return Err(Wrong(named, format!("two rows have the id {}; give this one another", row.id)));
        }
        wishes += row.http.len() + row.dns.len();
        if wishes > WISHES {
            return Err(Wrong(begin, format!("all rows together expect more than {WISHES} things; remove some")));
        }
        rows.push(row);
    }
    Ok(Own { rows })
}

fn one(row: Row, begin: usize, target: &Target) -> Result<OwnRow, Wrong> {
    let fits = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    let at = row.id.span().start;
    let id = row.id.into_inner();
    if id.is_empty() || id.len() > 40 || !id.bytes().all(fits) {
        let says = "an id is 1 to 40 small letters, digits and hyphens, such as status-page; write such a one";
        return Err(Wrong(at, says.to_owned()));
    }
    let stage = u8::try_from(*row.stage.get_ref()).ok().filter(|stage| (1..=7).contains(stage));
    let stage = stage.ok_or_else(|| Wrong(row.stage.span().start, "write the stage as a number from 1 to 7".into()))?;
    let own = OwnRow {
        id,
        stage,
        title: text("title", row.title, 200)?,
        why: text("why", row.why, 500)?,
        question: row.question.map(|words| text("question", words, 300)).transpose()?,
        severity: row.severity.unwrap_or(Severity::Medium),
        fix: row.fix.map(|words| text("fix", words, 500)).transpose()?,
        http: each(row.http, |wish| answer(wish, target))?,
        dns: each(row.dns, |wish| record(wish, target))?,
    };
    if own.question.is_none() && !own.expects() {
        let says = "this row asks nothing; write a question, or what is expected: [[row.http]] or [[row.dns]]";
        return Err(Wrong(begin, says.to_owned()));
    }
    Ok(own)
}

fn text(what: &str, words: Spanned<String>, most: usize) -> Result<String, Wrong> {
    let at = words.span().start;
    said(what, words.get_ref(), most).map_err(|says| Wrong(at, says))
}

fn each<T>(wishes: Vec<Spanned<T>>, read: impl Fn(T) -> Result<T, String>) -> Result<Vec<T>, Wrong> {
    let one = |wish: Spanned<T>| {
        let at = wish.span().start;
        read(wish.into_inner()).map_err(|says| Wrong(at, says))
    };
    wishes.into_iter().map(one).collect()
}

/// A text as it is shown: on one line, bounded, and no key itself.
fn said(what: &str, text: &str, most: usize) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > most {
        return Err(format!("write {what} in 1 to {most} characters"));
    }
    if let Some(title) = pasted(text) {
        return Err(format!("{what} holds a key itself ({title}); take it out, and replace it if others saw it"));
    }
    Ok(clean(text, most))
}

fn answer(mut wish: HttpWish, target: &Target) -> Result<HttpWish, String> {
    let typed = said("url", &wish.url, 400)?;
    let ours = |url: &Url| {
        let host = url.host_str().is_some_and(|host| within(host, &target.domain));
        let bare = url.username().is_empty() && url.password().is_none() && url.port().is_none();
        host && bare && matches!(url.scheme(), "http" | "https")
    };
    let home = Url::parse(&format!("https://{}/", target.domain));
    let url = home.ok().and_then(|home| home.join(&typed).ok()).filter(ours);
    // A word alone is more often a host that was forgotten to be written whole than a page.
    let mut url = url.filter(|_| typed.starts_with('/') || typed.contains("://")).ok_or_else(|| {
        let name = &target.name;
        format!("{typed:?} is neither a path such as /pricing nor an address of {name} or of a host below it, without port and password; only those are asked")
    })?;
    url.set_fragment(None);
    wish.url = url.to_string();
    if wish.status.is_none() && wish.header.is_none() && wish.contains.is_none() {
        return Err(format!("say what {typed} has to answer: status, header or contains"));
    }
    match wish.status {
        Some(429 | 503) => {
            return Err("429 and 503 mean \"not now\" and are never taken for an answer; expect another".to_owned());
        }
        Some(status) if !(200..=599).contains(&status) => {
            return Err("a status is a number from 200 to 599; write such a one".to_owned());
        }
        _ => {}
    }
    if let Some(name) = &mut wish.header {
        *name = name.trim().to_ascii_lowercase();
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if name.is_empty() || name.len() > 60 || !name.bytes().all(fits) {
            return Err("write the name of one header, such as cache-control".to_owned());
        }
        if name == "set-cookie" {
            return Err("set-cookie holds what belongs to one visitor and cannot be expected; remove it".to_owned());
        }
    }
    if wish.equals.is_some() && wish.header.is_none() {
        return Err("equals is the value of a header; name the header too".to_owned());
    }
    wish.equals = wish.equals.map(|words| said("equals", &words, 400)).transpose()?;
    wish.contains = wish.contains.map(|words| said("contains", &words, 200)).transpose()?;
    Ok(wish)
}

fn record(mut wish: DnsWish, target: &Target) -> Result<DnsWish, String> {
    let name = wish.name.trim().trim_end_matches('.').to_ascii_lowercase();
    let whole = match name.as_str() {
        "@" => target.domain.clone(),
        name if within(name, &target.domain) => name.to_owned(),
        name => format!("{name}.{}", target.domain),
    };
    let label = |label: &str| {
        let fits = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
        !label.is_empty() && label.len() <= 63 && label.bytes().all(fits)
    };
    if whole.len() > 253 || !whole.split('.').all(label) {
        let (typed, domain) = (clean(&wish.name, 80), &target.name);
        return Err(format!(
            "{typed:?} is no name below {domain}; write one such as status, or @ for the domain itself"
        ));
    }
    wish.name = whole;
    wish.rtype = wish.rtype.trim().to_ascii_uppercase();
    wish.value = said("value", &wish.value, 1_000)?;
    let address = match wish.rtype.as_str() {
        "A" => wish.value.parse().map(|address: Ipv4Addr| address.to_string()).ok(),
        "AAAA" => wish.value.parse().map(|address: Ipv6Addr| address.to_string()).ok(),
        other if TYPES.contains(&other) => Some(wish.value),
        _ => return Err(format!("the type of a record is one of {}; write one of them", TYPES.join(", "))),
    };
    let wrong = || format!("the value of a record of type {} is one address; write it without more", wish.rtype);
    wish.value = address.ok_or_else(wrong)?;
    Ok(wish)
}
