//! `cargo xtask bench`: runs a benchmark by its name.

use crate::stop::Stop;

/// The benchmarks there are: name and what it measures.
const BENCHES: &[(&str, &str)] = &[];

/// Tells which benchmarks there are; an unknown name ends with exit code 2.
pub fn bench(names: &[&str]) -> Result<(), Stop> {
    if let Some(unknown) = names.iter().find(|name| BENCHES.iter().all(|(known, _)| known != *name)) {
        return Err(Stop::Missing(format!("unknown benchmark: {unknown}\n{}", list())));
    }
    println!("{}", list());
    Ok(())
}

fn list() -> String {
    if BENCHES.is_empty() {
        return "There is no benchmark yet.".to_owned();
    }
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
