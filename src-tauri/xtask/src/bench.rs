//! `cargo xtask bench`: runs a benchmark by its name.

use crate::needs::{self, Purpose};
use crate::shell;
use crate::stop::Stop;
use crate::yard::Yard;
use std::path::Path;

/// The benchmarks there are: name and what it measures.
const BENCHES: &[(&str, &str)] = &[
    (
        "audit",
        "a whole audit of the lab on a slow network: time, connections, first outcome, and other tools on the same lab",
    ),
    (
        "handover",
        "the demo's hand-over document from its facts: pages, size, time and memory, beside typst on the same words",
    ),
    (
        "latency",
        "load on a server that knows the truth: mixed delays, answers held back, cost of a request, and other tools beside it",
    ),
    ("logs", "logs of two gigabytes, plain and packed: speed and the most memory held"),
    ("quality", "secrets in published packages, labelled by hand: precision and recall, beside other scanners"),
    (
        "queries",
        "logs of queries of a gigabyte, form by form, and one of ten million kinds: speed and the most memory held",
    ),
    (
        "secrets",
        "keys in the history, the folder and a single file (of REPO, or of a made one), beside git and other scanners",
    ),
];

/// Runs the named benchmarks; a path behind a name is given to that benchmark. Without a name it tells which there are, and an unknown
/// name ends with exit code 2.
pub fn bench(words: &[&str]) -> Result<(), Stop> {
    let mut wanted: Vec<(&str, Vec<&str>)> = Vec::new();
    for word in words {
        match wanted.last_mut() {
            _ if BENCHES.iter().any(|(known, _)| known == word) => wanted.push((word, Vec::new())),
            Some((_, given)) if Path::new(word).is_dir() => given.push(word),
            _ => return Err(Stop::Missing(format!("unknown benchmark: {word}\n{}", list()))),
        }
    }
    if wanted.is_empty() {
        println!("{}", list());
        return Ok(());
    }
    let yard = Yard::open()?;
    needs::ready(&yard, Purpose::Headless)?;
    for (name, given) in wanted {
        let given = given.iter().filter_map(|path| std::path::absolute(path).ok());
        yard.say(&format!("benchmark {name}, in the release profile (the first build takes several minutes)"));
        let mut cargo = yard.command("cargo");
        cargo.args(["bench", "--quiet", "--package", "headless", "--bench", name, "--"]).args(given);
        shell::show(&mut cargo)?;
    }
    Ok(())
}

fn list() -> String {
    BENCHES.iter().map(|(name, says)| format!("  {name:<12} {says}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_benchmark_is_bad_input() {
        let stop = bench(&["warp-drive"]).unwrap_err();
        assert_eq!(stop.code(), 2);
        assert!(stop.to_string().contains("warp-drive"));
    }
}
