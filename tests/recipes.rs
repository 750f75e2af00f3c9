//! The recipes for CI: each is read as its system reads it, and its shell lines run on a branch without a key and on one with a key.

use crate::{file, text};
use saphyr_parser::{Event, Parser};
use std::path::{Path, PathBuf};
use std::process::Command;
use tree_sitter::{Node, Parser as Grammar};

const RECIPES: &str = include_str!("../assets/recipes/secrets.md");
/// Keys of YAML under which a CI system runs what stands there by a shell.
const RUN: [&str; 3] = ["run", "script", "entry"];

/// The first block of a language under the heading that begins with a word.
fn block(heading: &str, language: &str) -> &'static str {
    let part = RECIPES.split("\n## ").find(|part| part.starts_with(heading)).unwrap();
    let begin = format!("```{language}\n");
    let from = part.find(&begin).unwrap_or_else(|| panic!("{heading} has no {language}")) + begin.len();
    &part[from..from + part[from..].find("\n```").unwrap()]
}

/// What YAML gives to the keys that are run, in its order: a text, or a list of texts.
fn yaml_lines(yaml: &str) -> Vec<String> {
    let (mut lines, mut key, mut list) = (Vec::new(), None::<String>, 0_u32);
    for event in Parser::new_from_str(yaml) {
        match event.unwrap().0 {
            Event::Scalar(value, ..) => match key.take() {
                Some(run) if RUN.contains(&run.as_str()) => {
                    lines.push(value.into_owned());
                    key = (list > 0).then_some(run);
                }
                _ => key = Some(value.into_owned()),
            },
            Event::SequenceStart(..) => list = u32::from(key.as_deref().is_some_and(|key| RUN.contains(&key))),
            Event::SequenceEnd => (list, key) = (0, None),
            Event::MappingStart(..) | Event::MappingEnd => key = None,
            _ => {}
        }
    }
    lines
}

/// The texts that a pipeline in Groovy gives to `sh`.
fn groovy_lines(groovy: &str) -> Vec<String> {
    fn walk(node: Node<'_>, source: &str, lines: &mut Vec<String>) {
        let said = &source[node.byte_range()];
        match said.strip_prefix("sh '").and_then(|rest| rest.trim_end_matches(';').strip_suffix('\'')) {
            Some(line) if !line.contains('\n') => lines.push(line.to_owned()),
            _ => (0..node.child_count()).filter_map(|at| node.child(at)).for_each(|child| walk(child, source, lines)),
        }
    }
    let mut grammar = Grammar::new();
    grammar.set_language(&tree_sitter_groovy::LANGUAGE.into()).unwrap();
    let tree = grammar.parse(groovy, None).unwrap();
    assert!(!tree.root_node().has_error(), "{}", tree.root_node().to_sexp());
    let mut lines = Vec::new();
    walk(tree.root_node(), groovy, &mut lines);
    assert!(!lines.is_empty(), "{}", tree.root_node().to_sexp());
    lines
}

/// A clone as CI makes one, on a branch above `main`, with a baseline; `leaking` says whether a key stands in a commit of the branch.
fn cloned(leaking: bool) -> PathBuf {
    let yard = file(&format!("recipes-{leaking}"));
    let _ = std::fs::remove_dir_all(&yard);
    let clone = yard.join("clone");
    std::fs::create_dir_all(&yard).unwrap();
    sh(
        &yard,
        r#"set -e
git init --quiet --bare --initial-branch=main origin
git clone --quiet origin clone 2>/dev/null
cd clone
git config user.name A; git config user.email a@example.com; git config commit.gpgsign false
git checkout --quiet -B main
echo 'const port = 8080;' > app.js
launch-ready secrets --baseline .launch-ready-secrets.json --accept 'nothing is known yet' >/dev/null
git add -A; git commit --quiet -m one; git push --quiet origin main
git checkout --quiet -b work"#,
        0,
    );
    let key = ["sk", "live", "7qZ7wK3xV9tB5nM2rL8dF4"].join("_");
    let value = if leaking { format!("'{key}'") } else { "process.env.KEY".to_owned() };
    std::fs::write(clone.join("pay.js"), format!("const k = {value};\n")).unwrap();
    sh(&clone, "git add -A && git commit --quiet -m two && git push --quiet origin work", 0);
    clone
}

/// Runs lines as CI does: by a shell that ends with the first that fails.
fn sh(folder: &Path, lines: &str, code: i32) {
    let ours = Path::new(env!("CARGO_BIN_EXE_launch-ready")).parent().unwrap();
    let path = std::env::join_paths(
        std::iter::once(ours.to_owned()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let base = Command::new("git").args(["rev-parse", "origin/main"]).current_dir(folder).output().unwrap();
    let ended = Command::new("sh")
        .args(["-ec", lines])
        .current_dir(folder)
        .env("PATH", path.unwrap())
        .env("CI_MERGE_REQUEST_DIFF_BASE_SHA", text(&base.stdout).trim())
        .env("BITBUCKET_PR_DESTINATION_BRANCH", "main")
        .env("CHANGE_TARGET", "main")
        .output()
        .unwrap();
    assert_eq!(ended.status.code(), Some(code), "{lines}\n{}{}", text(&ended.stdout), text(&ended.stderr));
}

#[test]
fn every_recipe_stops_a_branch_with_a_key_and_no_other() {
    let recipes =
        ["GitHub", "GitLab", "Bitbucket", "CircleCI", "Azure"].map(|name| (name, yaml_lines(block(name, "yaml"))));
    let jenkins = ("Jenkins", groovy_lines(block("Jenkins", "groovy")));
    let recipes: Vec<(&str, Vec<String>)> = recipes.into_iter().chain([jenkins]).collect();
    for (name, lines) in &recipes {
        let ours = lines.iter().filter(|line| line.starts_with("launch-ready secrets ")).count();
        assert_eq!(ours, 1, "{name}: {lines:?}");
    }
    for leaking in [false, true] {
        let clone = cloned(leaking);
        for (_, lines) in &recipes {
            sh(&clone, &lines.join("\n"), i32::from(leaking));
        }
        std::fs::remove_dir_all(clone.parent().unwrap()).unwrap();
    }
}
