//! A file of routes to measure: each with its address, and where that is not enough its method, header fields, body and what a good
//! answer is. It holds no secret: a session comes from the keychain or the environment.

use super::text::clean;
use serde::Deserialize;
use std::collections::BTreeMap;
use url::Url;

/// Bytes of a file that are read.
const LONGEST: usize = 1024 * 1024;
/// Routes of one file.
const MOST: usize = 200;
/// Header fields that carry a session or a key.
const SECRET: [&str; 6] =
    ["authorization", "cookie", "proxy-authorization", "x-api-key", "x-auth-token", "x-csrf-token"];

/// A route to measure.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Its address.
    pub url: String,
    /// `GET` where none is named.
    #[serde(default = "get")]
    pub method: String,
    /// Header fields besides the usual ones.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The body, empty for none.
    #[serde(default)]
    pub body: String,
    /// The status of a good answer; any below 400 where none is named.
    #[serde(default)]
    pub status: Option<u16>,
    /// Text that a good answer contains.
    #[serde(default)]
    pub contains: Option<String>,
}

fn get() -> String {
    "GET".to_owned()
}

impl Route {
    /// A GET of this address.
    #[must_use]
    pub fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            method: get(),
            headers: BTreeMap::new(),
            body: String::new(),
            status: None,
            contains: None,
        }
    }

    /// Whether asking for it changes nothing (RFC 9110 §9.2.1).
    #[must_use]
    pub fn safe(&self) -> bool {
        matches!(self.method.to_ascii_uppercase().as_str(), "GET" | "HEAD" | "OPTIONS")
    }

    /// Whether it can be asked, and holds no secret.
    ///
    /// # Errors
    /// What is wrong with it; a secret is never repeated.
    pub fn sound(&self) -> Result<(), String> {
        let url = Url::parse(&self.url).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let url = url.ok_or("this is no http or https address")?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("the address holds a user name or password".to_owned());
        }
        if let Some(name) = self.headers.keys().find(|name| SECRET.contains(&name.to_ascii_lowercase().as_str())) {
            return Err(format!(
                "the header {} carries a secret, which is not written here; have the session sent along that the keychain holds, or in the terminal LAUNCH_READY_COOKIE or LAUNCH_READY_TOKEN",
                clean(name, 40)
            ));
        }
        match self.status {
            Some(status) if !(100..600).contains(&status) => Err(format!("{status} is no status of HTTP")),
            _ => Ok(()),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    route: Vec<Route>,
}

/// Reads a file of routes.
///
/// # Errors
/// What is wrong, with its line where there is one.
pub fn read(text: &str) -> Result<Vec<Route>, String> {
    if text.len() > LONGEST {
        return Err("it is larger than 1 MB, which no list of routes is".to_owned());
    }
    let file: File = toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| text.get(..span.start).unwrap_or(text).matches('\n').count() + 1);
        let says = clean(error.message(), 200);
        line.map_or_else(|| says.clone(), |line| format!("line {line}: {says}"))
    })?;
    if file.route.is_empty() {
        return Err("there is no route in it; write one as [[route]] with url = \"https://example.com/\"".to_owned());
    }
    if file.route.len() > MOST {
        return Err(format!("there are {} routes in it, and {MOST} can be measured at one go", file.route.len()));
    }
    for route in &file.route {
        route.sound().map_err(|what| format!("{}: {what}", clean(&route.url, 120)))?;
    }
    Ok(file.route)
}

#[cfg(test)]
mod tests {
    use super::{Route, read};

    #[test]
    fn routes_are_read_with_what_a_good_answer_is() {
        let text = "[[route]]\nurl = \"https://example.com/\"\n\n[[route]]\nurl = \"https://api.example.com/search\"\nmethod = \"post\"\nheaders = { content-type = \"application/json\" }\nbody = '{\"q\": 1}'\nstatus = 201\ncontains = \"hits\"\n";
        let [first, second] = read(text).unwrap().try_into().unwrap();
        assert_eq!(first, Route::new("https://example.com/"));
        assert!(first.safe() && !second.safe());
        assert_eq!((second.status, second.contains.as_deref()), (Some(201), Some("hits")));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_never_with_a_secret() {
        let typo = "[[route]]\nurl = \"https://example.com/\"\nmethd = \"GET\"\n";
        assert!(read(typo).unwrap_err().starts_with("line 3: unknown field"), "{}", read(typo).unwrap_err());
        let secret = "[[route]]\nurl = \"https://example.com/\"\nheaders = { Cookie = \"sid=canary-3\" }\n";
        let told = read(secret).unwrap_err();
        assert!(told.contains("LAUNCH_READY_COOKIE") && !told.contains("canary"), "{told}");
        for wrong in [
            "",
            "[[route]]\nurl = \"/login\"\n",
            "[[route]]\nurl = \"ftp://example.com/\"\n",
            "[[route]]\nurl = \"https://me:pw@example.com/\"\n",
            "[[route]]\nurl = \"https://example.com/\"\nstatus = 42\n",
            "route = 3",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        let many = "[[route]]\nurl = \"https://example.com/\"\n".repeat(201);
        assert!(read(&many).unwrap_err().contains("201 routes"));
    }
}
