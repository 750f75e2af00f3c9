//! Languages whose look-ups are calls with a fixed name: their tokens tell as much as their grammar would.

use super::calls::arguments;
use super::token::{Style, Token, tokens};
use super::{Found, is_name, shouted};
use crate::facts::Need;

/// A language that is read by its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Ruby.
    Ruby,
    /// Go.
    Go,
    /// PHP.
    Php,
    /// Rust.
    Rust,
    /// Java.
    Java,
    /// Kotlin.
    Kotlin,
    /// C#.
    CSharp,
    /// Elixir.
    Elixir,
    /// Prisma's schema.
    Prisma,
}

impl Language {
    fn style(self) -> Style {
        let c = Style { line: &["//"], block: &[("/*", "*/")], long: &["\"\"\""], quotes: &['"', '\''] };
        match self {
            Self::Ruby => {
                Style { line: &["#"], block: &[("\n=begin", "\n=end")], long: &[], quotes: &['"', '\'', '`'] }
            }
            Self::Elixir => Style { line: &["#"], block: &[], long: &["\"\"\""], quotes: &['"', '\''] },
            Self::Php => Style { line: &["//", "#"], block: &[("/*", "*/")], long: &[], quotes: &['"', '\''] },
            Self::Go => Style { long: &["`"], ..c },
            // A single quote is a lifetime as often as a letter.
            Self::Rust => Style { long: &[], quotes: &['"'], ..c },
            _ => c,
        }
    }
}

pub(super) fn read(language: Language, text: &str, found: &mut Found) {
    let tokens = tokens(text, &language.style());
    for (at, token) in tokens.iter().enumerate() {
        let Some(word) = token.word() else { continue };
        let place = Place { tokens: &tokens, at };
        match language {
            Language::Ruby => ruby(place, word, found),
            Language::Go => go(place, word, found),
            Language::Php => php(place, word, found),
            Language::Rust => rust(place, word, found),
            Language::Java | Language::Kotlin => java(place, word, found),
            Language::CSharp => csharp(place, word, found),
            Language::Elixir => elixir(place, word, found),
            Language::Prisma if word == "env" => place.call(1, found, |_, _| Need::Required),
            Language::Prisma => {}
        }
    }
    match language {
        Language::Go => {
            tags(&tokens, found);
            super::calls::go(&tokens, found);
        }
        Language::Php => curl(&tokens, found),
        Language::Rust => reqwest(&tokens, found),
        _ => {}
    }
}

/// A word among its neighbours.
#[derive(Clone, Copy)]
pub(super) struct Place<'s, 't> {
    pub(super) tokens: &'s [Token<'t>],
    pub(super) at: usize,
}

impl<'s, 't> Place<'s, 't> {
    fn next(self, by: usize) -> Option<&'s Token<'t>> {
        self.tokens.get(self.at + by)
    }

    fn is(self, by: usize, mark: &str) -> bool {
        self.next(by).is_some_and(|token| token.is(mark))
    }

    fn word(self, by: usize) -> &'t str {
        self.next(by).and_then(Token::word).unwrap_or_default()
    }

    /// Whether the words and marks that follow are these.
    fn follows(self, wanted: &[&str]) -> bool {
        wanted
            .iter()
            .enumerate()
            .all(|(by, text)| self.next(by + 1).is_some_and(|token| token.text().is_none() && token.text == *text))
    }

    /// Whether the word before is an `if`, `unless`, `!` or the like.
    fn asked(self) -> bool {
        let before = |by: usize| self.at.checked_sub(by).and_then(|at| self.tokens.get(at));
        before(1).is_some_and(|token| {
            token.is("!") || matches!(token.word(), Some("if" | "unless" | "elsif" | "elif" | "not" | "and" | "when"))
        }) || before(1).is_some_and(|token| token.is("&&"))
    }

    /// A name in brackets that open `by` tokens on: noted with what `need` says of the arguments and of the tokens behind.
    pub(super) fn call(self, by: usize, found: &mut Found, need: impl Fn(&[Token<'t>], Place<'s, 't>) -> Need) {
        let open = self.at + by;
        let bracket = self.tokens.get(open).is_some_and(|token| token.is("(") || token.is("["));
        let Some(name) = self.tokens.get(open + 1).filter(|_| bracket).and_then(Token::text) else { return };
        let inside = arguments(self.tokens, open);
        let behind = Place { tokens: self.tokens, at: open + inside.len() + 1 };
        if behind.is(1, "=") || !is_name(name) {
            return;
        }
        found.reads(name, self.tokens[self.at].line, need(inside, behind));
    }

    /// What a value of its own, an error or a question behind the look-up makes of it.
    pub(super) fn behind(self, asked: bool) -> Need {
        let Some(next) = self.next(1) else { return Need::Required };
        let or = ["||", "??", "?:", "||=", "??="].iter().any(|mark| next.is(mark)) || next.word() == Some("or");
        if or {
            let fatal = matches!(self.word(2), "raise" | "throw" | "abort" | "error" | "exit" | "die" | "fail");
            return if fatal { Need::Required } else { Need::Defaulted };
        }
        let compared =
            ["==", "!=", "&&", "?"].iter().any(|mark| next.is(mark)) || matches!(next.word(), Some("is" | "and"));
        if compared || asked { Need::Optional } else { Need::Required }
    }
}

fn more(inside: &[Token<'_>]) -> bool {
    inside.get(1).is_some_and(|token| token.is(","))
}

fn ruby(place: Place<'_, '_>, word: &str, found: &mut Found) {
    if word != "ENV" {
        return;
    }
    let asked = place.asked();
    if place.is(1, "[") {
        place.call(1, found, |_, behind| {
            let questions = ["present", "blank", "nil", "empty"];
            let asks = behind.is(1, ".") && questions.contains(&behind.word(2)) || behind.is(1, "&");
            behind.behind(asked || asks)
        });
    } else if place.follows(&[".", "fetch"]) {
        place.call(3, found, |inside, behind| {
            if more(inside) || behind.is(1, "{") || behind.word(1) == "do" { Need::Defaulted } else { Need::Required }
        });
    } else if place.is(1, ".") && matches!(place.word(2), "key" | "has_key" | "include") && place.is(3, "?") {
        place.call(4, found, |_, _| Need::Optional);
    } else if place.follows(&[".", "dig"]) {
        place.call(3, found, |_, behind| behind.behind(asked));
    }
}

/// Whether a function of the project's own asks for a setting, by its name.
fn asker(word: &str) -> bool {
    let plain = word.to_ascii_lowercase().replace('_', "");
    plain.len() <= 24
        && [
            "getenv",
            "mustgetenv",
            "mustenv",
            "requireenv",
            "lookupenv",
            "envor",
            "envordefault",
            "getenvor",
            "getenvordefault",
            "readenv",
        ]
        .contains(&plain.as_str())
}

fn go(place: Place<'_, '_>, word: &str, found: &mut Found) {
    let after_dot = place.at > 0 && place.tokens[place.at - 1].is(".");
    match word {
        "os" if place.follows(&[".", "Getenv"]) => place.call(3, found, |_, behind| behind.behind(false)),
        "os" if place.follows(&[".", "LookupEnv"]) => place.call(3, found, |_, _| Need::Optional),
        "viper" if place.follows(&[".", "BindEnv"]) => place.call(3, found, |_, _| Need::Optional),
        _ if !after_dot && asker(word) => {
            place.call(1, found, |inside, _| if more(inside) { Need::Defaulted } else { Need::Required })
        }
        _ => {}
    }
}

/// Struct tags: `env:"PORT" envDefault:"80"`, `envconfig:"PORT" default:"80"`.
fn tags(tokens: &[Token<'_>], found: &mut Found) {
    for token in tokens {
        let Some(tag) = token.text().filter(|tag| tag.len() < 1_000) else { continue };
        let value = |key: &str| tag.split(&format!("{key}:\"")).nth(1).and_then(|rest| rest.split('"').next());
        let Some(named) = value("envconfig")
            .or_else(|| tag.split_whitespace().find_map(|part| part.strip_prefix("env:\"")?.split('"').next()))
        else {
            continue;
        };
        let (name, rules) = named.split_once(',').unwrap_or((named, ""));
        let own = ["envDefault", "env-default", "default"].iter().any(|key| value(key).is_some())
            || rules.contains("default");
        let must = rules.contains("required")
            || rules.contains("notEmpty")
            || tag.contains("required:\"true\"")
            || tag.contains("env-required:\"true\"");
        let need = match (own, must) {
            (true, _) => Need::Defaulted,
            (_, true) => Need::Required,
            // These libraries take an unset name for an empty value.
            _ => Need::Optional,
        };
        if shouted(name) {
            found.reads(name, token.line, need);
        }
    }
}

fn php(place: Place<'_, '_>, word: &str, found: &mut Found) {
    let method = place.at > 0 && (place.tokens[place.at - 1].is(">") || place.tokens[place.at - 1].is("::"));
    let asked = place.asked();
    match word {
        "getenv" if !method => place.call(1, found, |_, behind| elvis(behind, asked)),
        "env" if !method => place.call(1, found, |inside, behind| match inside.get(2) {
            Some(own) if more(inside) && matches!(own.word(), Some("null" | "NULL")) => Need::Optional,
            Some(_) if more(inside) => Need::Defaulted,
            _ => elvis(behind, asked),
        }),
        "_ENV" => place.call(1, found, |_, behind| elvis(behind, asked)),
        _ => {}
    }
}

/// PHP's `?:` with a space in between is still one.
fn elvis(behind: Place<'_, '_>, asked: bool) -> Need {
    behind.behind(asked)
}

fn rust(place: Place<'_, '_>, word: &str, found: &mut Found) {
    match word {
        "env" if place.is(1, "!") => place.call(2, found, |_, _| Need::Required),
        "option_env" if place.is(1, "!") => place.call(2, found, |_, _| Need::Optional),
        "env" if place.is(1, "::") && matches!(place.word(2), "var" | "var_os") => place.call(3, found, |_, behind| {
            let method = if behind.is(1, ".") { behind.word(2) } else { "" };
            match method {
                "unwrap_or" | "unwrap_or_else" | "unwrap_or_default" | "or_else" => Need::Defaulted,
                "ok" | "is_ok" | "is_err" | "is_some" | "is_none" | "map" | "as_deref" | "as_ref" | "and_then" => {
                    Need::Optional
                }
                _ if behind.is(1, "{") => Need::Optional,
                _ => Need::Required,
            }
        }),
        // clap: #[arg(long, env = "NAME")].
        "env" if place.is(1, "=") => {
            if let Some(token) = place.next(2)
                && let Some(name) = token.text().filter(|name| shouted(name))
            {
                found.reads(name, token.line, Need::Optional);
            }
        }
        _ => {}
    }
}

fn java(place: Place<'_, '_>, word: &str, found: &mut Found) {
    match word {
        "System" if place.follows(&[".", "getenv", "(", ")", ".", "getOrDefault"]) => {
            place.call(7, found, |_, _| Need::Defaulted)
        }
        "System" if place.follows(&[".", "getenv", "(", ")", ".", "get"]) => {
            place.call(7, found, |_, behind| behind.behind(false))
        }
        "System" if place.follows(&[".", "getenv", "(", ")"]) => place.call(5, found, |_, behind| behind.behind(false)),
        "System" if place.follows(&[".", "getenv"]) => place.call(3, found, |_, behind| behind.behind(false)),
        "Value" if place.is(1, "(") => {
            for text in
                arguments(place.tokens, place.at + 1).iter().filter_map(|token| Some((token.text()?, token.line)))
            {
                super::shell::braces(text.0, text.1, super::shell::Fallback::Colon, found);
            }
        }
        _ => {}
    }
}

fn csharp(place: Place<'_, '_>, word: &str, found: &mut Found) {
    if word == "GetEnvironmentVariable" {
        let asked = place.asked();
        place.call(1, found, |_, behind| behind.behind(asked));
    }
}

fn elixir(place: Place<'_, '_>, word: &str, found: &mut Found) {
    if word != "System" || !place.is(1, ".") {
        return;
    }
    match place.word(2) {
        "fetch_env" if place.is(3, "!") => place.call(4, found, |_, _| Need::Required),
        "fetch_env" => place.call(3, found, |_, _| Need::Optional),
        "get_env" => {
            let asked = place.asked();
            place.call(3, found, |inside, behind| if more(inside) { Need::Defaulted } else { behind.behind(asked) });
        }
        _ => {}
    }
}

/// PHP's curl waits without end unless told otherwise.
fn curl(tokens: &[Token<'_>], found: &mut Found) {
    let ends = tokens.iter().any(|token| token.word().is_some_and(|word| word.starts_with("CURLOPT_TIMEOUT")));
    for token in tokens.iter().filter(|token| token.word() == Some("curl_init")) {
        found.call("curl_init", token.line, ends);
    }
}

/// Rust's reqwest waits without end unless its builder is told otherwise.
fn reqwest(tokens: &[Token<'_>], found: &mut Found) {
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.word() == Some("reqwest")) {
        let place = Place { tokens, at };
        if place.follows(&["::", "get", "("]) {
            found.call("reqwest::get", token.line, false);
        } else if place.follows(&["::", "Client", "::", "new", "("]) {
            found.call("reqwest::Client::new", token.line, false);
        }
    }
}
