//! Calls to other services, and whether each gives up after a set time.

use super::Found;
use super::token::Token;

/// A call to another service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// What is called: `fetch`, `requests.get`.
    pub call: String,
    /// Line, from 1.
    pub line: u32,
    /// Whether it ends after a set time, or may well do.
    pub bounded: bool,
}

/// A time-out that counts for every call of this kind, wherever it is set.
pub(super) const FOR_ALL_AXIOS: &str = "axios.defaults.timeout";

/// A call in JavaScript: the function and its arguments as written.
pub(super) fn script(function: &str, arguments: &str, line: u32, found: &mut Found) {
    let function =
        function.strip_prefix("globalThis.").or_else(|| function.strip_prefix("window.")).unwrap_or(function);
    let inside = arguments.strip_prefix('(').unwrap_or(arguments).trim_start();
    // A path of the product's own site is no other service; it is asked from the visitor's browser.
    let own = inside.starts_with("\"/") || inside.starts_with("'/") || inside.starts_with("`/");
    let ends = ["signal", "timeout", "..."].iter().any(|word| inside.contains(word));
    match function {
        "fetch" if !own && !inside.starts_with(')') => {
            // Options that come from elsewhere may hold a signal.
            let elsewhere = second(inside).is_some_and(|second| !second.starts_with('{')) || !plain(inside);
            found.call("fetch", line, ends || elsewhere);
        }
        "axios.create" if ends => found.call(FOR_ALL_AXIOS, line, true),
        "axios" | "axios.get" | "axios.post" | "axios.put" | "axios.patch" | "axios.delete" | "axios.head"
        | "axios.request"
            if !own =>
        {
            found.call(function, line, ends);
        }
        "got" | "got.get" | "got.post" | "got.put" | "got.delete" => found.call(function, line, ends),
        _ => {}
    }
}

/// Whether the first argument is an address and not a prepared request.
fn plain(inside: &str) -> bool {
    inside.starts_with(['"', '\'', '`']) || second(inside).is_some() || inside.to_ascii_lowercase().contains("url")
}

/// What follows the first comma outside of brackets and quotes.
fn second(inside: &str) -> Option<&str> {
    let (mut depth, mut quote) = (0_u32, None);
    for (at, letter) in inside.char_indices() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(letter),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') if depth == 0 => return None,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, ',') if depth == 0 => {
                let rest = inside[at + 1..].trim_start();
                return (!rest.starts_with(')')).then_some(rest);
            }
            _ => {}
        }
    }
    None
}

/// Calls of Python by its tokens.
pub(super) fn python(tokens: &[Token<'_>], found: &mut Found) {
    for (at, token) in tokens.iter().enumerate() {
        let Some((name, open)) = dotted(tokens, at) else { continue };
        let verb = name.rsplit('.').next().unwrap_or_default();
        let asks = name.starts_with("requests.")
            && matches!(verb, "get" | "post" | "put" | "patch" | "delete" | "head" | "request")
            || matches!(name.as_str(), "urllib.request.urlopen" | "urlopen");
        if asks && name.matches('.').count() < 3 {
            let inside = arguments(tokens, open);
            let ends = inside.iter().any(|token| token.word() == Some("timeout") || token.is("**"));
            found.call(&name, token.line, ends);
        }
    }
}

/// Calls of Go by its tokens.
pub(super) fn go(tokens: &[Token<'_>], found: &mut Found) {
    for (at, token) in tokens.iter().enumerate() {
        if token.word() != Some("http") || !tokens.get(at + 1).is_some_and(|dot| dot.is(".")) {
            continue;
        }
        let Some(name) = tokens.get(at + 2).and_then(Token::word) else { continue };
        let open = tokens.get(at + 3);
        match name {
            "Get" | "Post" | "Head" | "PostForm" if open.is_some_and(|open| open.is("(")) => {
                found.call(&format!("http.{name}"), token.line, false);
            }
            "Client" if open.is_some_and(|open| open.is("{")) => {
                let ends = arguments(tokens, at + 3).iter().any(|token| token.word() == Some("Timeout"));
                found.call("http.Client", token.line, ends);
            }
            _ => {}
        }
    }
}

/// The dotted name that begins at a token and is called, and where its bracket opens.
pub(super) fn dotted(tokens: &[Token<'_>], at: usize) -> Option<(String, usize)> {
    if at > 0 && tokens[at - 1].is(".") {
        return None;
    }
    let mut name = tokens[at].word()?.to_owned();
    let mut next = at + 1;
    while tokens.get(next).is_some_and(|token| token.is(".")) {
        name.push('.');
        name.push_str(tokens.get(next + 1)?.word()?);
        next += 2;
        if name.len() > 80 {
            return None;
        }
    }
    tokens.get(next).is_some_and(|token| token.is("(")).then_some((name, next))
}

/// The tokens between the bracket at `open` and its partner.
pub(super) fn arguments<'s, 't>(tokens: &'s [Token<'t>], open: usize) -> &'s [Token<'t>] {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open).take(4_000) {
        if token.is("(") || token.is("{") || token.is("[") {
            depth += 1;
        } else if token.is(")") || token.is("}") || token.is("]") {
            depth -= 1;
            if depth == 0 {
                return &tokens[open + 1..at];
            }
        }
    }
    &[]
}
