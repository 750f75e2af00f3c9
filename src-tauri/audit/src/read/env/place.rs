//! What a file of a project is, by its name: its language, and what it is for.

use super::code::Language;
use super::hosting::House;
use super::script::Dialect;
use super::yaml::Role;
use crate::facts::Part;

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `.env` and its relatives.
    Dotenv {
        /// Whether it is an example for others.
        example: bool,
    },
    /// JavaScript or TypeScript.
    Script(Dialect),
    /// Python.
    Python,
    /// A language whose look-ups are calls with a fixed name.
    Code(Language),
    /// A shell script.
    Shell,
    /// A Dockerfile.
    Dockerfile,
    /// YAML whose keys or values name settings.
    Yaml(Role),
    /// Spring's `application.properties`.
    Properties,
    /// Settings of a hosting platform, or of a package.
    Hosting(House),
}

/// How the file at this path is read; none when it names no settings.
#[must_use]
pub fn kind(path: &str) -> Option<Kind> {
    let lower = path.to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or_default();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    if let Some(rest) = name.strip_prefix(".env").filter(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_'])) {
        return (!matches!(ending, "ts" | "js" | "py" | "vault" | "enc" | "gpg"))
            .then_some(Kind::Dotenv { example: example(rest) });
    }
    if name == "env.example" || name == "env.sample" || ending == "env" && name.len() > 4 {
        return Some(Kind::Dotenv { example: example(name) });
    }
    if name == "dockerfile" || name.starts_with("dockerfile.") || ending == "dockerfile" || name == "containerfile" {
        return Some(Kind::Dockerfile);
    }
    if name.ends_with(".d.ts") || name.ends_with(".min.js") {
        return None;
    }
    Some(match ending {
        "js" | "jsx" | "mjs" | "cjs" | "tsx" => Kind::Script(Dialect::Tsx),
        "ts" | "mts" | "cts" => Kind::Script(Dialect::TypeScript),
        "vue" | "svelte" | "astro" => Kind::Script(Dialect::Page),
        "py" => Kind::Python,
        "rb" | "erb" | "rake" | "ru" => Kind::Code(Language::Ruby),
        "go" => Kind::Code(Language::Go),
        "php" => Kind::Code(Language::Php),
        "rs" => Kind::Code(Language::Rust),
        "java" => Kind::Code(Language::Java),
        "kt" | "kts" => Kind::Code(Language::Kotlin),
        "cs" => Kind::Code(Language::CSharp),
        "ex" | "exs" => Kind::Code(Language::Elixir),
        "prisma" => Kind::Code(Language::Prisma),
        "sh" | "bash" | "zsh" => Kind::Shell,
        "yml" | "yaml" => Kind::Yaml(role(&lower, name)),
        "properties" if name.starts_with("application") => Kind::Properties,
        _ if matches!(name, "gemfile" | "rakefile") => Kind::Code(Language::Ruby),
        _ if name == "procfile" => Kind::Shell,
        _ if name == "netlify.toml" => Kind::Hosting(House::Netlify),
        _ if name == "package.json" => Kind::Hosting(House::Package),
        _ if name == "vercel.json" => Kind::Hosting(House::Vercel),
        _ => return None,
    })
}

fn example(rest: &str) -> bool {
    ["example", "sample", "template", "dist", "default", "tpl"].iter().any(|word| rest.contains(word))
}

fn role(lower: &str, name: &str) -> Role {
    let pipeline = lower.starts_with(".github/workflows/")
        || lower.contains("/.github/workflows/")
        || lower.contains(".circleci/")
        || matches!(name, ".gitlab-ci.yml" | "azure-pipelines.yml" | "bitbucket-pipelines.yml" | ".travis.yml");
    if pipeline {
        Role::Pipeline
    } else if name.starts_with("docker-compose") || name.starts_with("compose.") || name.starts_with("compose-") {
        Role::Compose
    } else if name.starts_with("application") {
        Role::Spring
    } else if matches!(name, "render.yaml" | "app.yaml" | "serverless.yml" | "serverless.yaml") {
        Role::Platform
    } else {
        Role::Manifest
    }
}

/// What the file at this path is for.
#[must_use]
pub fn part(path: &str) -> Part {
    let lower = path.to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or_default();
    let folder = |wanted: &[&str]| {
        let folders = lower.rsplit_once('/').map_or("", |(folders, _)| folders);
        folders.split('/').any(|folder| wanted.contains(&folder))
    };
    let test_folders = [
        "test",
        "tests",
        "__tests__",
        "__mocks__",
        "spec",
        "specs",
        "e2e",
        "cypress",
        "playwright",
        "fixtures",
        "fixture",
        "testdata",
        "examples",
        "example",
        "docs",
        "doc",
        "samples",
        "benchmarks",
        "bench",
        "benches",
        "stories",
        ".storybook",
    ];
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let test = folder(&test_folders)
        || [".test.", ".spec.", ".stories.", "_test.go", "_test.py", "_spec.rb", "_test.exs", "tests.cs", "test.java"]
            .iter()
            .any(|mark| name.contains(mark))
        || name.starts_with("test_")
        || matches!(stem, "conftest" | "jest" | "vitest" | "playwright" | "cypress" | "karma");
    if test {
        return Part::Test;
    }
    if matches!(kind(path), Some(Kind::Yaml(Role::Pipeline))) || folder(&[".github", ".circleci", ".gitlab", "ci"]) {
        return Part::Ci;
    }
    let build = folder(&["scripts", "script", "tools", "tooling", "hack", "tasks", "build"])
        || matches!(name, "build.rs" | "rakefile" | "gulpfile.js" | "gruntfile.js" | "setup.py" | "noxfile.py")
        || matches!(kind(path), Some(Kind::Dockerfile | Kind::Hosting(House::Package)))
        || matches!(kind(path), Some(Kind::Shell))
            && !["entrypoint", "start", "run", "procfile"].iter().any(|word| name.contains(word));
    if build { Part::Build } else { Part::App }
}
