//! Where a match says little: lock files hold hashes, fixtures and examples hold keys that open nothing.

use super::rule::Rule;

/// Files that tools write, full of hashes.
const LOCKS: [&str; 21] = [
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "cargo.lock",
    "poetry.lock",
    "pipfile.lock",
    "uv.lock",
    "pdm.lock",
    "composer.lock",
    "gemfile.lock",
    "go.sum",
    "go.work.sum",
    "mix.lock",
    "packages.lock.json",
    "flake.lock",
    "pubspec.lock",
    "podfile.lock",
    "package.resolved",
    "gradle.lockfile",
];
/// Folders whose keys are made up for tests and documentation.
const FOLDERS: [&str; 18] = [
    "test",
    "tests",
    "__tests__",
    "spec",
    "specs",
    "fixture",
    "fixtures",
    "__fixtures__",
    "testdata",
    "test-data",
    "mocks",
    "__mocks__",
    "example",
    "examples",
    "samples",
    "docs",
    "cypress",
    "e2e",
];
/// Kinds whose values look alike whether they open something or not.
const COMMON: [&str; 6] = ["jwt", "private-key", "putty-key", "jwk-private", "basic-auth-url", "database-url"];

/// Whether a match of this rule in a file at this path is left out: noise by the place where it stands.
#[must_use]
pub fn quiet(rule: &Rule, path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let name = path.rsplit('/').next().unwrap_or(&path);
    let common = rule.guess || COMMON.contains(&rule.id.as_str());
    if LOCKS.contains(&name) {
        // A login in the address of a package registry is real even there.
        return common && rule.id != "basic-auth-url" || rule.named;
    }
    let sample = [".example", ".sample", ".template", ".dist", ".tmpl"].iter().any(|end| name.ends_with(end))
        || [".test.", ".spec.", "_test.", "test_", "_spec."]
            .iter()
            .any(|mark| name.contains(mark) && !name.starts_with(".env"));
    let folder =
        path.rsplit_once('/').is_some_and(|(folders, _)| folders.split('/').any(|folder| FOLDERS.contains(&folder)));
    common && (sample || folder) || (rule.guess && name.starts_with("readme"))
}

#[cfg(test)]
mod tests {
    use super::quiet;
    use crate::read::secret::by_id;

    #[test]
    fn noise_is_left_out_and_real_kinds_are_not() {
        let (guess, key, stripe) =
            (by_id("generic-key").unwrap(), by_id("private-key").unwrap(), by_id("stripe-secret-key").unwrap());
        for path in [
            "package-lock.json",
            "web/yarn.lock",
            "tests/data/key.pem",
            "src/__tests__/a.ts",
            ".env.example",
            "src/auth.test.ts",
        ] {
            assert!(quiet(guess, path) && quiet(key, path), "{path}");
            assert!(!quiet(stripe, path), "{path}");
        }
        for path in [".env", ".env.test.local", "src/contest/a.ts", "latest.rs", "deploy/key.pem"] {
            assert!(!quiet(guess, path) && !quiet(key, path), "{path}");
        }
    }
}
