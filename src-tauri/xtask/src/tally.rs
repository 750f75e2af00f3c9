//! Counts test results as cargo prints them.

use std::ops::AddAssign;

/// How many tests passed, failed and were left out.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Tally {
    passed: usize,
    failed: usize,
    skipped: usize,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl Tally {
    /// The plain closing line.
    pub fn line(self) -> String {
        let skipped = if self.skipped > 0 { format!(", {} skipped", self.skipped) } else { String::new() };
        format!("{} passed, {} failed{skipped}", self.passed, self.failed)
    }
}

/// Adds up the result lines of one `cargo test`; none unless every test program that was started also told its result.
pub fn count(out: &str, err: &str) -> Option<Tally> {
    let started = err.lines().map(str::trim_start).filter(|line| is_start(line)).count();
    let results: Vec<Option<Tally>> =
        out.lines().filter_map(|line| line.strip_prefix("test result: ")).map(result).collect();
    if started == 0 || results.len() != started {
        return None;
    }
    let mut sum = Tally::default();
    for result in results {
        sum += result?;
    }
    Some(sum)
}

fn is_start(line: &str) -> bool {
    line.starts_with("Running unittests ")
        || line.starts_with("Running tests/")
        || line.starts_with("Doc-tests ")
        || (line.starts_with("Running ") && line.ends_with(')') && line.contains(" ("))
}

/// `ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.10s`
fn result(line: &str) -> Option<Tally> {
    let (_, counts) = line.split_once(". ")?;
    let number =
        |what: &str| counts.split("; ").find_map(|part| part.strip_suffix(what)?.trim_end().parse::<usize>().ok());
    Some(Tally { passed: number("passed")?, failed: number("failed")?, skipped: number("ignored")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ERR: &str = "   Compiling audit v0.1.0\n     Running unittests src/lib.rs (target/debug/deps/audit-1)\n     \
                       Running tests/borders.rs (target/debug/deps/borders-2)\n   Doc-tests audit\n";
    const OUT: &str = "\nrunning 2 tests\ntest a ... ok\n\n\
        test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\n\
        test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s\n\n\
        test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";

    #[test]
    fn every_program_counts_once() {
        let sum = count(OUT, ERR).unwrap();
        assert_eq!(sum, Tally { passed: 5, failed: 1, skipped: 1 });
        assert_eq!(sum.line(), "5 passed, 1 failed, 1 skipped");
        assert_eq!(Tally { passed: 5, failed: 0, skipped: 0 }.line(), "5 passed, 0 failed");
    }

    #[test]
    fn a_program_that_ended_without_a_result_leaves_no_count() {
        let crashed: String =
            OUT.lines().filter(|line| !line.contains("FAILED")).map(|line| format!("{line}\n")).collect();
        assert_eq!(count(&crashed, ERR), None);
        assert_eq!(count("", "error: could not compile `audit`"), None);
        assert_eq!(count(&OUT.replace("3 passed", "x passed"), ERR), None);
    }
}
