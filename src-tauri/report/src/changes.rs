//! Prints what changed between two runs for a terminal.

use crate::sections::change_mark;
use crate::text::shown;
use audit::diff::{Diff, Kind, Row};
use audit::read::text::clean;
use std::fmt::Write as _;

/// Rows that are printed; the rest is counted.
const ROWS: usize = 100;
/// No line needs more characters.
const LONGEST: usize = 300;

/// The lines, coloured by ANSI escapes when asked for.
#[must_use]
pub fn print(diff: &Diff, color: bool) -> String {
    let mut out = String::new();
    let verdict = |moment: &audit::diff::Moment| shown(&crate::words::verdict(moment.verdict), color);
    let _ = writeln!(out, "{}  then {}, now {}", clean(&diff.target, LONGEST), verdict(&diff.was), verdict(&diff.now));
    let _ = writeln!(out, "  {}", clean(&diff.says, LONGEST));
    if diff.now.cut_short {
        out.push_str("  The later run was stopped before everything was looked at.\n");
    }
    let changed: Vec<&Row> = diff.rows.iter().filter(|row| row.kind != Kind::Unchanged).collect();
    if !changed.is_empty() {
        out.push('\n');
    }
    for row in changed.iter().take(ROWS) {
        line(row, color, &mut out);
    }
    let more = changed.len().saturating_sub(ROWS);
    if more > 0 {
        let _ = writeln!(out, "  and {more} more");
    }
    let moved: Vec<_> = diff.stages.iter().filter(|stage| stage.was != stage.now).collect();
    if !moved.is_empty() {
        out.push('\n');
    }
    for stage in moved {
        let title = clean(&stage.title, LONGEST);
        let _ = writeln!(out, "{} {title}  {} of {} ready, was {}", stage.number, stage.now, stage.of, stage.was);
    }
    out
}

fn line(row: &Row, color: bool, out: &mut String) {
    let side = row.now.as_ref().or(row.was.as_ref());
    let says = clean(side.map_or(&row.title, |side| &side.says), LONGEST);
    let severity =
        side.map_or_else(String::new, |side| format!("{}  ", crate::words::severity(side.grade, side.severity).word));
    let _ = writeln!(out, "{}  {severity}{says}", shown(&change_mark(row.kind), color));
    let place = if row.subject.is_empty() { String::new() } else { format!(" · {}", clean(&row.subject, LONGEST)) };
    let note = if row.note.is_empty() { String::new() } else { format!(" · {}", clean(&row.note, LONGEST)) };
    let _ = writeln!(out, "      {}{place}{note}", row.check);
}
