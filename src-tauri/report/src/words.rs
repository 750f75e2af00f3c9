//! The words of the report: statuses with their shapes, dates, times and counts as a person reads them.

use crate::block::{Mark, Shape, Tone};
use audit::check::Concern;
use audit::facts::{Choice, DatabaseKind};
use audit::{Launch, Severity, State, Status};
use jiff::Timestamp;

fn mark(word: &str, shape: Shape, tone: Tone) -> Mark {
    Mark { word: word.to_owned(), shape, tone }
}

/// The state of an item.
#[must_use]
pub fn state(state: State) -> Mark {
    match state {
        State::Failing => mark("failing", Shape::Octagon, Tone::Fail),
        State::Attention => mark("needs attention", Shape::Triangle, Tone::Warn),
        State::Unsure => mark("could not tell", Shape::Question, Tone::Unsure),
        State::NeedsYou => mark("needs you", Shape::Hand, Tone::Ask),
        State::Proposed => mark("to confirm", Shape::Half, Tone::Ask),
        State::Stale => mark("out of date", Shape::Clock, Tone::Ask),
        State::Done => mark("done", Shape::Tick, Tone::Pass),
        State::Waived => mark("accepted", Shape::Bar, Tone::Waived),
        State::NotApplicable => mark("does not apply", Shape::Dash, Tone::Quiet),
        State::NotBuilt => mark("not built yet", Shape::Dotted, Tone::Quiet),
    }
}

/// The state of a failure signal: raised or not.
#[must_use]
pub fn signal(signal: State) -> Mark {
    match signal {
        State::Failing => mark("raised", Shape::Octagon, Tone::Fail),
        State::Done => mark("not so", Shape::Tick, Tone::Pass),
        other => state(other),
    }
}

/// How a check ended.
#[must_use]
pub fn status(status: Status) -> Mark {
    match status {
        Status::Fail => mark("fail", Shape::Octagon, Tone::Fail),
        Status::Warn => mark("warning", Shape::Triangle, Tone::Warn),
        Status::CouldNotTell => mark("could not tell", Shape::Question, Tone::Unsure),
        Status::Waived => mark("accepted", Shape::Bar, Tone::Waived),
        Status::Pass => mark("pass", Shape::Tick, Tone::Pass),
        Status::NotApplicable => mark("does not apply", Shape::Dash, Tone::Quiet),
    }
}

/// How much a finding matters; failures are octagons, warnings triangles.
#[must_use]
pub fn severity(grade: audit::Grade, severity: Severity) -> Mark {
    let word = match severity {
        Severity::Critical => "critical",
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low => "low",
    };
    match grade {
        audit::Grade::Fail => mark(word, Shape::Octagon, Tone::Fail),
        audit::Grade::Warn => mark(word, Shape::Triangle, Tone::Warn),
    }
}

/// The launch verdict.
#[must_use]
pub fn verdict(verdict: Launch) -> Mark {
    match verdict {
        Launch::Go => mark("go", Shape::Tick, Tone::Pass),
        Launch::Conditional => mark("go with conditions", Shape::Triangle, Tone::Warn),
        Launch::NoGo => mark("no-go", Shape::Octagon, Tone::Fail),
    }
}

/// What is at stake.
#[must_use]
pub fn concern(concern: Concern) -> &'static str {
    match concern {
        Concern::Reach => "reach",
        Concern::Trust => "trust",
        Concern::Mail => "mail",
        Concern::Data => "data",
        Concern::Speed => "speed",
        Concern::Control => "control",
    }
}

/// A person's short answer.
#[must_use]
pub fn choice(choice: Choice) -> &'static str {
    match choice {
        Choice::Yes => "yes",
        Choice::No => "no",
        Choice::NotApplicable => "does not apply",
    }
}

/// A database system by its name.
#[must_use]
pub fn database(kind: DatabaseKind) -> &'static str {
    match kind {
        DatabaseKind::MariaDb => "MariaDB",
        DatabaseKind::MySql => "MySQL",
        DatabaseKind::Postgres => "PostgreSQL",
        DatabaseKind::Sqlite => "SQLite",
    }
}

/// "20 Nov 2026 14:05 UTC".
#[must_use]
pub fn time(at: Timestamp) -> String {
    at.strftime("%-d %b %Y %H:%M UTC").to_string()
}

/// "20 Nov 2026".
#[must_use]
pub fn day(at: Timestamp) -> String {
    at.strftime("%-d %b %Y").to_string()
}

/// A day.
#[must_use]
pub fn date(day: jiff::civil::Date) -> String {
    day.strftime("%-d %b %Y").to_string()
}

/// "15 min", "2 h", "1 h 30 min".
#[must_use]
pub fn minutes(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, rest) => format!("{rest} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, rest) => format!("{hours} h {rest} min"),
    }
}

/// Microseconds as "0.8 ms", "84 ms", "1.25 s".
#[must_use]
pub fn millis(micros: u32) -> String {
    let seconds = f64::from(micros) / 1_000_000.0;
    match micros {
        0..1_000 => format!("{:.1} ms", seconds * 1000.0),
        1_000..1_000_000 => format!("{:.0} ms", seconds * 1000.0),
        _ if micros.is_multiple_of(1_000_000) => format!("{seconds:.0} s"),
        _ => format!("{seconds:.2} s"),
    }
}

/// Seconds as "300 s", "1 h", "2 days".
#[must_use]
pub fn ttl(seconds: u32) -> String {
    match seconds {
        s if s >= 86_400 && s.is_multiple_of(86_400) => count(usize::try_from(s / 86_400).unwrap_or(usize::MAX), "day"),
        s if s >= 3_600 && s.is_multiple_of(3_600) => format!("{} h", s / 3_600),
        s if s >= 600 && s.is_multiple_of(60) => format!("{} min", s / 60),
        s => format!("{s} s"),
    }
}

/// "1 finding", "3 findings".
#[must_use]
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// The first letter as a capital, unless the first word is an address or the name of a setting, which is written as it is.
#[must_use]
pub fn capital(words: &str) -> String {
    let first = words.split_whitespace().next().unwrap_or_default().trim_end_matches(['.', ',', ':', ';']);
    if first.contains(['.', '/', ':', '_', '=', '@']) {
        return words.to_owned();
    }
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Where a standard can be read, for those with a stable address.
#[must_use]
pub fn standard(name: &str) -> Option<String> {
    let rest = name.strip_prefix("RFC ")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    if digits.is_empty() {
        return None;
    }
    let section = rest.split_once('§').map(|(_, section)| section.trim());
    let section = section.filter(|section| section.chars().all(|c| c.is_ascii_digit() || c == '.'));
    let place = section.map(|section| format!("#section-{section}")).unwrap_or_default();
    Some(format!("https://www.rfc-editor.org/rfc/rfc{digits}{place}"))
}

#[cfg(test)]
mod tests {
    use super::{count, millis, minutes, standard, time, ttl};

    #[test]
    fn times_read_as_people_write_them() {
        assert_eq!(time("2026-11-20T14:05:09Z".parse().unwrap()), "20 Nov 2026 14:05 UTC");
        assert_eq!([minutes(15), minutes(120), minutes(95)], ["15 min", "2 h", "1 h 35 min"]);
        assert_eq!([millis(840), millis(84_300), millis(1_250_000)], ["0.8 ms", "84 ms", "1.25 s"]);
        assert_eq!([millis(1_000_000), millis(1_500_000), millis(20_000_000)], ["1 s", "1.50 s", "20 s"]);
        assert_eq!([ttl(300), ttl(3_600), ttl(86_400), ttl(172_800)], ["300 s", "1 h", "1 day", "2 days"]);
        assert_eq!([count(1, "check"), count(2, "check")], ["1 check", "2 checks"]);
    }

    #[test]
    fn standards_lead_to_their_section() {
        let at = "https://www.rfc-editor.org/rfc/rfc7208";
        assert_eq!(standard("RFC 7208 §3.3"), Some(format!("{at}#section-3.3")));
        assert_eq!(standard("RFC 7208"), Some(at.to_owned()));
        assert_eq!(standard("javascript:alert(1)"), None);
        assert_eq!(standard("RFC x"), None);
    }
}
