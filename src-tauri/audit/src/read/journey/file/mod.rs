//! The TOML of journeys, checked: what is written wrongly is told with its line.

mod raw;

use super::secrets::{self, WAY};
use super::template::{Template, is_name};
use super::{
    Body, Capture, Expect, GIVEN, Journey, LONGEST_LIMIT, MOST_JOURNEYS, MOST_STEPS, SECRET, Step, VERSION, Who, Wrong,
};
use crate::read::text::clean;
use raw::{Many, RawCapture, RawExpect, RawFile, RawJourney, RawStep};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;
use url::Url;

/// Characters of a name.
const NAME: usize = 120;
/// Characters of an expression, and bytes of what it is compiled to.
const REGEX: (usize, usize) = (1_000, 1024 * 1024);
/// Methods that a step can have.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
/// Header fields that the client sets itself.
const OWN: [&str; 5] = ["host", "content-length", "connection", "transfer-encoding", "upgrade"];

/// The text, to find lines in.
#[derive(Clone, Copy)]
struct Text<'a>(&'a str);

impl Text<'_> {
    fn line(self, at: usize) -> usize {
        1 + self.0.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count()
    }

    fn wrong(self, at: usize, says: impl Into<String>) -> Wrong {
        Wrong { line: Some(self.line(at)), says: says.into() }
    }

    /// Where these words stand at or after a place; else the place.
    fn find(self, from: usize, words: &str) -> usize {
        self.0.get(from..).and_then(|rest| rest.find(words)).map_or(from, |at| from + at)
    }

    fn template(self, at: usize, text: &str) -> Result<Template, Wrong> {
        Template::read(text).map_err(|says| self.wrong(self.find(at, text.lines().next().unwrap_or_default()), says))
    }
}

pub(super) fn read(text: &str) -> Result<Vec<Journey>, Wrong> {
    let raw: RawFile = toml::from_str(text).map_err(|error| Wrong {
        line: error.span().map(|span| Text(text).line(span.start)),
        says: clean(&error.message().replace('\n', " "), 300),
    })?;
    let text = Text(text);
    if *raw.version.get_ref() != VERSION {
        return Err(text.wrong(raw.version.span().start, format!("this program reads version = {VERSION} only")));
    }
    if raw.journey.is_empty() || raw.journey.len() > MOST_JOURNEYS {
        let says = format!("a file holds between 1 and {MOST_JOURNEYS} journeys, each under [[journey]]");
        return Err(Wrong { line: None, says });
    }
    let mut journeys: Vec<Journey> = Vec::new();
    for raw in raw.journey {
        let at = raw.span().start;
        let journey = journey(text, at, raw.into_inner())?;
        if journeys.iter().any(|other| other.name == journey.name) {
            return Err(text.wrong(at, format!("two journeys have the name \"{}\"", journey.name)));
        }
        journeys.push(journey);
    }
    Ok(journeys)
}

fn journey(text: Text<'_>, at: usize, raw: RawJourney) -> Result<Journey, Wrong> {
    let base_at = raw.base.span().start;
    let base = Url::parse(raw.base.get_ref().trim()).ok().filter(plain);
    let base = base.ok_or_else(|| text.wrong(base_at, "base is a whole address, such as https://app.example.com"))?;
    let session = match &raw.session {
        None => None,
        Some(who) => Some(match who.get_ref().as_str() {
            "owner" => Who::Owner,
            "lesser" => Who::Lesser,
            _ => return Err(text.wrong(who.span().start, "session is \"owner\" or \"lesser\"")),
        }),
    };
    let mut hosts = Vec::new();
    for host in &raw.hosts {
        let named = host.get_ref().trim().trim_end_matches('.').to_ascii_lowercase();
        let fits = |host: &str| Url::parse(&format!("https://{host}/")).is_ok_and(|url| url.host_str() == Some(host));
        if !fits(&named) {
            return Err(text.wrong(host.span().start, "a host is written as accounts.example.net, without https://"));
        }
        hosts.push(named);
    }
    let mailbox = match &raw.mailbox {
        None => None,
        Some(address) => {
            let parts =
                address.get_ref().split_once('@').filter(|(name, domain)| !name.is_empty() && !domain.is_empty());
            let (name, domain) = parts
                .ok_or_else(|| text.wrong(address.span().start, "mailbox is an address such as ada@example.com"))?;
            Some(format!("{name}@{domain}"))
        }
    };
    if raw.step.is_empty() || raw.step.len() > MOST_STEPS {
        return Err(
            text.wrong(at, format!("a journey has between 1 and {MOST_STEPS} steps, each under [[journey.step]]"))
        );
    }
    let mut known: BTreeSet<String> = GIVEN.iter().map(|name| (*name).to_owned()).collect();
    let mut steps = Vec::new();
    for raw in raw.step {
        let at = raw.span().start;
        steps.push(step(text, at, raw.into_inner(), &mut known, mailbox.is_some())?);
    }
    Ok(Journey {
        name: named(text, at, &raw.name)?,
        kind: raw.kind,
        base,
        hosts,
        within_ms: limit(text, at, raw.within_ms)?,
        session,
        mailbox,
        steps,
    })
}

/// Whether an address can be a base: nothing secret in it.
fn plain(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some()
        && url.username().is_empty()
        && url.password().is_none()
}

fn named(text: Text<'_>, at: usize, name: &str) -> Result<String, Wrong> {
    let shown = clean(name.trim(), NAME);
    if shown.is_empty() { Err(text.wrong(at, "a name is missing")) } else { Ok(shown) }
}

fn limit(text: Text<'_>, at: usize, limit: Option<u32>) -> Result<Option<u32>, Wrong> {
    match limit {
        Some(limit) if limit == 0 || limit > LONGEST_LIMIT => {
            let at = text.find(at, "within_ms");
            Err(text.wrong(at, format!("within_ms is between 1 and {LONGEST_LIMIT} milliseconds")))
        }
        limit => Ok(limit),
    }
}

fn step(text: Text<'_>, at: usize, raw: RawStep, known: &mut BTreeSet<String>, mailbox: bool) -> Result<Step, Wrong> {
    let body = body(text, at, &raw)?;
    let method = match &raw.method {
        None if body == Body::None => "GET",
        None => "POST",
        Some(method) => {
            let wanted = method.get_ref().to_ascii_uppercase();
            let known = METHODS.iter().find(|known| **known == wanted);
            known
                .copied()
                .ok_or_else(|| text.wrong(method.span().start, format!("method is one of {}", METHODS.join(", "))))?
        }
    };
    if matches!(method, "GET" | "HEAD") && body != Body::None {
        return Err(text.wrong(at, format!("a {method} sends no body; use POST, or put the values into the path")));
    }
    let path = text.template(raw.path.span().start, raw.path.get_ref().trim())?;
    let start = path.beginning();
    let whole = Url::parse(start).is_ok_and(|url| plain(&url));
    if !(start.starts_with('/') || whole || path.is_one_name()) {
        return Err(text.wrong(raw.path.span().start, "path begins with / or is a whole address"));
    }
    let headers = headers(text, &raw.headers)?;
    let step = Step {
        name: match &raw.name {
            Some(name) => named(text, at, name)?,
            None => clean(&format!("{method} {path}"), NAME),
        },
        method,
        path,
        headers,
        body,
        follow: raw.follow.unwrap_or(true),
        expect: expect(text, at, raw.expect)?,
        captures: captures(text, raw.capture, mailbox)?,
    };
    // What an answer gives can be expected of it as well, such as a name in two places.
    known.extend(step.captures.iter().map(|(name, _)| name.clone()));
    let mut unknown = None;
    step.names(&mut |name| {
        if !known.contains(name) && !name.starts_with(SECRET) {
            unknown.get_or_insert_with(|| name.to_owned());
        }
    });
    if let Some(name) = unknown {
        let says = format!(
            "nothing gives {{{{{name}}}}} before this step; take it from an earlier answer under capture, or name a secret as {{{{{SECRET}{name}}}}}"
        );
        return Err(text.wrong(text.find(at, &name), says));
    }
    Ok(step)
}

fn headers(text: Text<'_>, raw: &BTreeMap<String, Spanned<String>>) -> Result<Vec<(String, Template)>, Wrong> {
    let mut headers = Vec::new();
    for (name, value) in raw {
        let at = value.span().start;
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(token) || OWN.contains(&name.to_ascii_lowercase().as_str()) {
            return Err(text.wrong(at, format!("the header {} cannot be set", clean(name, 60))));
        }
        let template = text.template(at, value.get_ref())?;
        if secrets::is_secret_header(name) && template.is_fixed() {
            return Err(text.wrong(at, format!("the header {} carries a secret; {WAY}", clean(name, 60))));
        }
        headers.push((name.to_ascii_lowercase(), template));
    }
    Ok(headers)
}

fn body(text: Text<'_>, at: usize, raw: &RawStep) -> Result<Body, Wrong> {
    let given = [raw.form.is_some(), raw.json.is_some(), raw.body.is_some()].iter().filter(|given| **given).count();
    if given > 1 {
        return Err(text.wrong(at, "a step sends one of form, json and body"));
    }
    let secret = |at: usize, name: &str| text.wrong(at, format!("{} holds a value; {WAY}", clean(name, 60)));
    if let Some(form) = &raw.form {
        let mut fields = Vec::new();
        for (name, value) in form {
            let at = value.span().start;
            let template = text.template(at, value.get_ref())?;
            if secrets::is_secret(name) && template.is_fixed() && !value.get_ref().is_empty() {
                return Err(secret(at, name));
            }
            fields.push((name.clone(), template));
        }
        return Ok(Body::Form(fields));
    }
    if let Some(json) = &raw.json {
        let at = json.span().start;
        let value: Value = serde_json::from_str(json.get_ref())
            .map_err(|error| text.wrong(at, format!("json is not valid JSON ({})", clean(&error.to_string(), 120))))?;
        if let Some(name) = fixed_secret(&value) {
            return Err(secret(text.find(at, name), name));
        }
        let mut broken = None;
        strings(&value, &mut |written| {
            if let Err(says) = Template::read(written) {
                broken.get_or_insert(says);
            }
        });
        return broken.map_or(Ok(Body::Json(value)), |says| Err(text.wrong(at, says)));
    }
    match &raw.body {
        None => Ok(Body::None),
        Some(body) => {
            let template = text.template(body.span().start, body.get_ref())?;
            let kind = raw.kind.clone().unwrap_or_else(|| "text/plain; charset=utf-8".to_owned());
            Ok(Body::Text { kind: clean(&kind, NAME), text: template })
        }
    }
}

/// A field of JSON that is secret by its name and holds a fixed text.
fn fixed_secret(value: &Value) -> Option<&str> {
    match value {
        Value::Array(values) => values.iter().find_map(fixed_secret),
        Value::Object(fields) => fields.iter().find_map(|(name, value)| match value {
            Value::String(text) if secrets::is_secret(name) && !text.is_empty() && !text.contains("{{") => {
                Some(name.as_str())
            }
            other => fixed_secret(other),
        }),
        _ => None,
    }
}

fn strings(value: &Value, told: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => told(text),
        Value::Array(values) => values.iter().for_each(|value| strings(value, told)),
        Value::Object(fields) => fields.values().for_each(|value| strings(value, told)),
        _ => {}
    }
}

fn expect(text: Text<'_>, at: usize, raw: RawExpect) -> Result<Expect, Wrong> {
    let templates =
        |texts: Many<String>| texts.list().iter().map(|one| text.template(at, one)).collect::<Result<Vec<_>, _>>();
    let status = raw.status.list();
    if let Some(status) = status.iter().find(|status| !(100..600).contains(*status)) {
        return Err(text.wrong(text.find(at, &status.to_string()), format!("{status} is no HTTP status")));
    }
    let (mut json, mut headers) = (Vec::new(), Vec::new());
    for (pointer, wanted) in raw.json {
        // A time or a number without a JSON form cannot be what a JSON answer holds.
        let wanted = serde_json::to_value(&wanted)
            .map_err(|_| text.wrong(text.find(at, &pointer), "this value is none that JSON knows"))?;
        json.push((pointer, Some(wanted)));
    }
    json.extend(raw.json_has.list().into_iter().map(|pointer| (pointer, None)));
    if let Some((pointer, _)) = json.iter().find(|(pointer, _)| !pointer.is_empty() && !pointer.starts_with('/')) {
        let says = "a field of JSON is written as /user/name (RFC 6901)";
        return Err(text.wrong(text.find(at, pointer), says));
    }
    for (name, value) in &raw.headers {
        headers.push((name.to_ascii_lowercase(), Some(text.template(at, value)?)));
    }
    headers.extend(raw.headers_has.list().into_iter().map(|name| (name.to_ascii_lowercase(), None)));
    Ok(Expect {
        status,
        contains: templates(raw.contains)?,
        lacks: templates(raw.lacks)?,
        json,
        headers,
        cookies: raw.cookies.list(),
        at: raw.at.map(|path| text.template(at, &path)).transpose()?,
        within_ms: limit(text, at, raw.within_ms)?,
    })
}

fn captures(
    text: Text<'_>,
    raw: BTreeMap<String, Spanned<RawCapture>>,
    mailbox: bool,
) -> Result<Vec<(String, Capture)>, Wrong> {
    let mut captures = Vec::new();
    for (name, capture) in raw {
        let at = capture.span().start;
        if !is_name(&name) || GIVEN.contains(&name.as_str()) || name.starts_with(SECRET) {
            let says = "this name cannot be given; use letters, digits, _ and -, and neither run nor email";
            return Err(text.wrong(at, says));
        }
        let RawCapture { field, meta, json, header, cookie, regex, mail } = capture.into_inner();
        if mail.is_some() && !mailbox {
            let says = "a link can only be taken from mail where the journey names its mailbox, such as mailbox = \"tests@example.com\"";
            return Err(text.wrong(at, says));
        }
        let header = header.map(|name| name.to_ascii_lowercase());
        let plain = [
            field.map(Capture::Field),
            meta.map(Capture::Meta),
            json.map(Capture::Json),
            header.map(Capture::Header),
            cookie.map(Capture::Cookie),
            mail.map(Capture::Mail),
        ];
        let regex = regex.map(|written| compiled(&written).map_err(|says| text.wrong(at, says))).transpose()?;
        let mut given = plain.into_iter().flatten().chain(regex.map(Capture::Regex));
        match (given.next(), given.next()) {
            (Some(one), None) => captures.push((name, one)),
            _ => {
                let says = "a value is taken from one of field, meta, json, header, cookie, regex and mail";
                return Err(text.wrong(at, says));
            }
        }
    }
    Ok(captures)
}

fn compiled(written: &str) -> Result<regex::bytes::Regex, String> {
    if written.len() > REGEX.0 {
        return Err(format!("an expression has at most {} characters", REGEX.0));
    }
    regex::bytes::RegexBuilder::new(written)
        .size_limit(REGEX.1)
        .build()
        .map_err(|error| format!("this is no expression: {}", clean(&error.to_string().replace('\n', " "), 200)))
}
