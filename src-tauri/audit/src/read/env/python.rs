//! Reads Python by its tokens: `os.environ`, `getenv`, django-environ, decouple, and the fields of pydantic's settings.

use super::calls::{self, arguments, dotted};
use super::code::Place;
use super::token::{Style, Token, TokenKind, tokens};
use super::{Found, is_name};
use crate::facts::Need;

const STYLE: Style = Style { line: &["#"], block: &[], long: &["\"\"\"", "'''"], quotes: &['"', '\''] };
/// Methods of django-environ's and environs' readers that take a name.
const CASTS: [&str; 22] = [
    "str",
    "bool",
    "int",
    "float",
    "json",
    "list",
    "tuple",
    "dict",
    "url",
    "db",
    "db_url",
    "cache",
    "cache_url",
    "email",
    "email_url",
    "search_url",
    "path",
    "bytes",
    "decimal",
    "date",
    "datetime",
    "enum",
];

pub(super) fn read(text: &str, found: &mut Found) {
    let tokens = tokens(text, &STYLE);
    let has = |word: &str| tokens.iter().any(|token| token.word() == Some(word));
    let (environ, decouple, settings) = (has("environ") || has("environs"), has("decouple"), has("BaseSettings"));
    for (at, token) in tokens.iter().enumerate() {
        let place = Place { tokens: &tokens, at };
        if let Some(inner) = token.text().filter(|inner| formatted(&tokens, at) && inner.contains("environ")) {
            read(inner, found);
        }
        match token.word() {
            Some("environ") if tokens.get(at + 1).is_some_and(|next| next.is("[")) => {
                place.call(1, found, |_, _| Need::Required);
            }
            Some("class") if settings => class(&tokens, at, found),
            _ => {}
        }
        if let Some(name) = membership(&tokens, at) {
            found.reads(name, token.line, Need::Optional);
        }
        let Some((name, open)) = dotted(&tokens, at) else { continue };
        let short = name.strip_prefix("os.").unwrap_or(&name);
        let cast = short.strip_prefix("env.").is_some_and(|cast| CASTS.contains(&cast));
        let asks = matches!(short, "getenv" | "environ.get")
            || environ && (short == "env" || cast)
            || decouple && matches!(short, "config" | "decouple.config");
        if asks {
            let asked = at > 0 && matches!(tokens[at - 1].word(), Some("if" | "elif" | "not" | "and"));
            place.call(open - at, found, |inside, behind| match fallback(inside) {
                Some(own) if own.word() == Some("None") => Need::Optional,
                Some(_) => Need::Defaulted,
                None => behind.behind(asked),
            });
        }
    }
    calls::python(&tokens, found);
}

/// Whether the string at `at` has an `f` in front of it.
fn formatted(tokens: &[Token<'_>], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| tokens.get(before)).and_then(Token::word);
    before.is_some_and(|word| matches!(word, "f" | "F" | "rf" | "fr" | "Rf" | "fR"))
}

/// The value that stands in: the second argument, or `default=`.
fn fallback<'s, 't>(inside: &'s [Token<'t>]) -> Option<&'s Token<'t>> {
    let mut depth = 0_usize;
    for (at, token) in inside.iter().enumerate() {
        match token.text {
            _ if token.kind != TokenKind::Mark => {}
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            "," if depth == 0 => {
                let named = inside.get(at + 2).is_some_and(|next| next.is("="));
                match inside.get(at + 1).and_then(Token::word) {
                    Some("default") if named => return inside.get(at + 3),
                    _ if named => {}
                    _ => return inside.get(at + 1),
                }
            }
            _ => {}
        }
    }
    None
}

/// The name in `"X" in os.environ`.
fn membership<'t>(tokens: &[Token<'t>], at: usize) -> Option<&'t str> {
    let name = tokens.get(at)?.text().filter(|name| is_name(name))?;
    let mut next = at + 1;
    if tokens.get(next)?.word() == Some("not") {
        next += 1;
    }
    if tokens.get(next)?.word() != Some("in") {
        return None;
    }
    let word = tokens.get(next + 1)?.word()?;
    let environ = word == "environ" || word == "os" && tokens.get(next + 3).and_then(Token::word) == Some("environ");
    environ.then_some(name)
}

/// The fields of a class of settings: `stripe_key: str` reads `STRIPE_KEY`.
fn class(tokens: &[Token<'_>], at: usize, found: &mut Found) {
    let Some(open) = (at + 2..at + 3).find(|open| tokens.get(*open).is_some_and(|token| token.is("("))) else { return };
    let bases = arguments(tokens, open);
    if !bases.iter().any(|token| token.word().is_some_and(|word| word.ends_with("BaseSettings"))) {
        return;
    }
    let indent = tokens[at].column;
    let body = open + bases.len() + 3;
    let body: Vec<&Token<'_>> =
        tokens.iter().skip(body).take_while(|token| token.column > indent || token.is(")")).take(20_000).collect();
    let field_column = body.first().map_or(0, |token| token.column);
    let prefix = body
        .windows(3)
        .find(|three| three[0].word() == Some("env_prefix") && three[1].is("="))
        .and_then(|three| three[2].text())
        .unwrap_or_default();
    for (index, token) in body.iter().enumerate().filter(|(_, token)| token.column == field_column) {
        let colon = body.get(index + 1).is_some_and(|next| next.is(":") && next.line == token.line);
        let Some(name) = token.word().filter(|name| colon && *name != "model_config" && *name != "class") else {
            continue;
        };
        let rest: Vec<&&Token<'_>> = body[index + 2..].iter().take_while(|other| other.column > field_column).collect();
        let typed = rest.iter().take_while(|token| !token.is("=")).any(|token| token.word() == Some("ClassVar"));
        if typed || name.starts_with('_') {
            continue;
        }
        let own = rest.iter().position(|token| token.is("=")).map(|at| &rest[at + 1..]);
        let alias = rest
            .windows(3)
            .find(|three| matches!(three[0].word(), Some("alias" | "validation_alias" | "env")) && three[1].is("="));
        let alias = alias.and_then(|three| three[2].text());
        let need = match own {
            None => Need::Required,
            Some(own) if own.first().and_then(|token| token.word()) == Some("Field") => {
                let inside: Vec<&str> = own.iter().skip(2).map(|token| token.text).collect();
                let dots = inside.starts_with(&[".", ".", "."]);
                let given =
                    inside.windows(2).any(|two| matches!(two[0], "default" | "default_factory") && two[1] == "=");
                let first = inside.first().is_some_and(|first| *first != ")") && inside.get(1) != Some(&"=") && !dots;
                if given || first { Need::Defaulted } else { Need::Required }
            }
            Some(own) if own.first().and_then(|token| token.word()) == Some("None") => Need::Optional,
            Some(_) => Need::Defaulted,
        };
        let name = alias.map_or_else(|| format!("{prefix}{name}").to_ascii_uppercase(), str::to_owned);
        found.reads(&name, token.line, need);
    }
}
