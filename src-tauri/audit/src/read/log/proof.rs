//! What has to stand around a word of a log so that it counts.

use crate::facts::LogForm;
use regex::bytes::Regex;
use std::sync::LazyLock;

/// Bytes looked at on either side of a word.
const NEAR: usize = 200;
/// Values that stand for one that was taken out.
const TAKEN_OUT: [&[u8]; 13] = [
    b"*",
    b"[",
    b"<",
    b"redacted",
    b"filtered",
    b"hidden",
    b"masked",
    b"null",
    b"nil",
    b"none",
    b"undefined",
    b"xxx",
    b"...",
];

/// Numbers that may be a card, an account or a person's.
pub(super) static NUMBERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?-u)(?:[2-6][0-9]{3}(?:[ -]?[0-9]){10,12}|[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}|[0-9]{3}-[0-9]{2}-[0-9]{4})",
    )
    .unwrap_or_else(|error| unreachable!("the pattern of numbers: {error}"))
});

static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u)\b(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32})\b")
        .unwrap_or_else(|error| unreachable!("the pattern of identifiers: {error}"))
});

/// Whether a line holds a UUID or 32 hexadecimal digits, as frameworks put in front of each line of a request.
pub(super) fn identified(line: &[u8]) -> bool {
    NAMED.is_match(&line[..line.len().min(4_096)])
}

/// The value that is given to the field which ends right before `text`, if any; and whether it stands in quotes or behind `=`.
pub(super) fn value(text: &[u8]) -> Option<(&[u8], bool)> {
    let text = &text[..text.len().min(NEAR)];
    let skip = |text: &[u8], wanted: &[u8]| text.iter().take_while(|byte| wanted.contains(byte)).count();
    let closed = skip(text, b"\\\"']");
    let rest = &text[closed..];
    let spaces = skip(rest, b" ");
    let mark = rest.get(spaces)?;
    let (sure, after) = match mark {
        b'=' => (true, skip(&rest[spaces..], b"=>")),
        b':' => (closed > 0, 1),
        b'%' if rest[spaces..].starts_with(b"%3D") => (true, 3),
        _ => return None,
    };
    let rest = &rest[spaces + after..];
    let rest = &rest[skip(rest, b" ")..];
    let opened = skip(rest, b"\\\"'");
    let rest = &rest[opened..];
    let quoted = opened > 0;
    let ends: &[u8] = if quoted { b"\"'\\\n" } else { b" ,;&\"'\\\n\r}])|" };
    let end = rest.iter().position(|byte| ends.contains(byte)).unwrap_or(rest.len());
    let value = &rest[..end];
    (!value.is_empty()).then_some((value, sure || quoted))
}

/// Whether somebody took the value out before it was written.
pub(super) fn taken_out(value: &[u8]) -> bool {
    let begins = |word: &&[u8]| value.len() >= word.len() && value[..word.len()].eq_ignore_ascii_case(word);
    TAKEN_OUT.iter().any(begins)
        || value == b"-"
        || value == b"true"
        || value == b"false"
        || value.starts_with("…".as_bytes())
}

/// Whether a value mixes letters and digits, as tokens do and words do not.
pub(super) fn mixed(value: &[u8]) -> bool {
    value.iter().any(u8::is_ascii_digit) && value.iter().any(u8::is_ascii_alphabetic)
}

/// Whether an `@` at `at` stands in the address of a person.
pub(super) fn person(text: &[u8], at: usize) -> bool {
    let local = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'+' | b'-');
    let before = text[..at].iter().rev().take(64).take_while(|byte| local(byte)).count();
    let name = &text[at - before..at];
    let after = text[at + 1..]
        .iter()
        .take(120)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
        .count();
    let domain = &text[at + 1..at + 1 + after];
    let domain = domain.strip_suffix(b".").unwrap_or(domain);
    let Some(dot) = domain.iter().rposition(|byte| *byte == b'.') else { return false };
    let end = &domain[dot + 1..];
    let is = |names: &[&[u8]]| names.iter().any(|known| name.eq_ignore_ascii_case(known));
    let nobody: &[&[u8]] = &[
        b"git",
        b"noreply",
        b"no-reply",
        b"postmaster",
        b"support",
        b"info",
        b"hello",
        b"root",
        b"admin",
        b"mailer-daemon",
    ];
    let sample = domain.eq_ignore_ascii_case(b"example.com") || domain.eq_ignore_ascii_case(b"example.org");
    // `user:password@host` is a matter of keys, not of people.
    let login = at > before && text[at - before - 1] == b':';
    !name.is_empty()
        && dot > 0
        && end.len() >= 2
        && end.iter().all(u8::is_ascii_alphabetic)
        && !is(nobody)
        && !sample
        && !login
}

/// Whether a level such as `error` stands where a level stands.
pub(super) fn level(text: &[u8], start: usize, end: usize) -> bool {
    let word = &text[start..end];
    let around = |at: Option<usize>| {
        at.and_then(|at| text.get(at)).is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_')
    };
    if !around(start.checked_sub(1)) || !around(Some(end)) {
        return false;
    }
    let before = &text[start.saturating_sub(16)..start];
    let field = [
        &b"level=\""[..],
        b"level=",
        b"lvl=",
        b"\"level\":\"",
        b"\"level\": \"",
        b"severity\":\"",
        b"severity=",
        b"\"lvl\":\"",
    ];
    let named = field.iter().any(|field| before.to_ascii_lowercase().ends_with(field));
    let bracket = before.ends_with(b"[") && matches!(text.get(end), Some(b']'));
    // A level in a field that belongs to something else is none.
    let capitals = word.iter().all(u8::is_ascii_uppercase) && !before.ends_with(b"\"");
    named || bracket || capitals
}

/// What a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    Card,
    Account,
    Person,
}

/// What the number at `start..end` of a text is; none for most.
pub(super) fn number(text: &[u8], start: usize, end: usize) -> Option<Number> {
    let edge = |at: Option<usize>| {
        at.and_then(|at| text.get(at))
            .is_none_or(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'.' | b'_' | b'-'))
    };
    if !edge(start.checked_sub(1)) || !edge(Some(end)) && text.get(end) != Some(&b'.') {
        return None;
    }
    let found = &text[start..end];
    let line = text[..start].iter().rev().take(NEAR).take_while(|byte| **byte != b'\n').count();
    let context = text[start - line..start].to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| memchr::memmem::find(&context, word.as_bytes()).is_some());
    if found[0].is_ascii_uppercase() {
        return account(found).then_some(Number::Account);
    }
    if found.len() == 11 && found[3] == b'-' {
        let area = &found[..3];
        let issued =
            area != b"000" && area != b"666" && area[0] != b'9' && &found[4..6] != b"00" && &found[7..] != b"0000";
        return (issued && says(&["ssn", "social"])).then_some(Number::Person);
    }
    let digits: Vec<u8> = found.iter().filter(|byte| byte.is_ascii_digit()).map(|byte| byte - b'0').collect();
    let grouped = found.len() == digits.len() + 3;
    let told = grouped || says(&["card", "pan", "cc_", "ccnum", "visa", "mastercard", "amex", "number"]);
    (told && card(&digits)).then_some(Number::Card)
}

/// Issuer's range and length, then the check digit (ISO/IEC 7812-1 annex B); published test numbers are no card.
fn card(digits: &[u8]) -> bool {
    let first = |count: usize| digits.iter().take(count).fold(0_u32, |number, digit| number * 10 + u32::from(*digit));
    let known = match digits.len() {
        16 => {
            matches!(first(1), 4)
                || (51..=55).contains(&first(2))
                || (2221..=2720).contains(&first(4))
                || first(4) == 6011
                || first(2) == 65
                || (3528..=3589).contains(&first(4))
        }
        15 => matches!(first(2), 34 | 37),
        14 => matches!(first(2), 36 | 38),
        _ => false,
    };
    let text: String = digits.iter().map(|digit| char::from(digit + b'0')).collect();
    let test = [
        "4242424242424242",
        "4111111111111111",
        "5555555555554444",
        "378282246310005",
        "4000056655665556",
        "5105105105105100",
        "6011111111111117",
        "371449635398431",
        "4012888888881881",
    ];
    known && !test.contains(&text.as_str()) && luhn(digits)
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let twice = u32::from(*digit) * 2;
            if at % 2 == 0 { u32::from(*digit) } else { twice / 10 + twice % 10 }
        })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|digit| *digit != digits[0])
}

/// ISO 13616: the check of an IBAN, for countries that have one.
fn account(found: &[u8]) -> bool {
    const LENGTHS: [(&[u8; 2], usize); 30] = [
        (b"AT", 20),
        (b"BE", 16),
        (b"BG", 22),
        (b"CH", 21),
        (b"CY", 28),
        (b"CZ", 24),
        (b"DE", 22),
        (b"DK", 18),
        (b"EE", 20),
        (b"ES", 24),
        (b"FI", 18),
        (b"FR", 27),
        (b"GB", 22),
        (b"GR", 27),
        (b"HR", 21),
        (b"HU", 28),
        (b"IE", 22),
        (b"IT", 27),
        (b"LT", 20),
        (b"LU", 20),
        (b"LV", 21),
        (b"MT", 31),
        (b"NL", 18),
        (b"NO", 15),
        (b"PL", 28),
        (b"PT", 25),
        (b"RO", 24),
        (b"SE", 24),
        (b"SI", 19),
        (b"SK", 24),
    ];
    if !LENGTHS.iter().any(|(country, length)| found.starts_with(*country) && found.len() == *length) {
        return false;
    }
    let turned = found[4..].iter().chain(&found[..4]);
    let rest = turned.fold(0_u32, |rest, byte| {
        let digit = if byte.is_ascii_digit() { u32::from(byte - b'0') } else { u32::from(byte - b'A') + 10 };
        if digit > 9 { (rest * 100 + digit) % 97 } else { (rest * 10 + digit) % 97 }
    });
    rest == 1
}

/// The form of one line.
pub(super) fn form(line: &[u8]) -> LogForm {
    let line = line.trim_ascii();
    if line.starts_with(b"{") && line.ends_with(b"}") {
        return LogForm::Json;
    }
    let has = |text: &[u8]| memchr::memmem::find(line, text).is_some();
    if has(b"] \"") && has(b" HTTP/") {
        return LogForm::Access;
    }
    let priority = line.first() == Some(&b'<')
        && line.get(1).is_some_and(u8::is_ascii_digit)
        && line.iter().take(6).any(|byte| *byte == b'>');
    let months: [&[u8]; 12] =
        [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
    let dated =
        months.iter().any(|month| line.starts_with(month)) && line.get(9) == Some(&b':') && line.get(12) == Some(&b':');
    if priority || dated {
        return LogForm::Syslog;
    }
    let pairs = line.split(|byte| *byte == b' ').filter(|word| {
        word.iter().position(|byte| *byte == b'=').is_some_and(|at| {
            at > 0 && word[..at].iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
        })
    });
    if pairs.take(3).count() == 3 { LogForm::Logfmt } else { LogForm::Plain }
}
