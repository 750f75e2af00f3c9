//! `cargo xtask bench`: runs a benchmark by its name.

use crate::needs::{self, Purpose};
use crate::shell;
use crate::stop::Stop;
use crate::yard::Yard;

/// The benchmarks there are: name and what it measures.
const BENCHES: &[(&str, &str)] = &[
    (
        "audit",
        "a whole audit of the lab on a slow network: time, connections, first outcome, and other tools on the same lab",
    ),
    ("logs", "logs of two gigabytes, plain and packed: speed and the most memory held"),
];

/// Runs the named benchmarks; without a name it tells which there are, and an unknown name ends with exit code 2.
pub fn bench(names: &[&str]) -> Result<(), Stop> {
    if let Some(unknown) = names.iter().find(|name| BENCHES.iter().all(|(known, _)| known != *name)) {
        return Err(Stop::Missing(format!("unknown benchmark: {unknown}\n{}", list())));
    }
    if names.is_empty() {
        println!("{}", list());
        return Ok(());
    }
    let yard = Yard::open()?;
    needs::ready(&yard, Purpose::Headless)?;
    for name in names {
        yard.say(&format!("benchmark {name}, in the release profile (the first build takes several minutes)"));
        shell::show(yard.command("cargo").args(["bench", "--quiet", "--package", "headless", "--bench", name]))?;
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
