//! Reads JavaScript and TypeScript by their grammar: a pattern would guess at destructuring, aliases, defaults, comments and JSX.

use super::script_need::{Guards, need};
use super::{Found, nuxt};
use crate::facts::Need;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use tree_sitter::{Node, ParseOptions, Parser, Tree};

/// Which grammar a file follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// TypeScript with JSX; also reads plain JavaScript.
    Tsx,
    /// TypeScript without JSX, where `<T>x` is a cast.
    TypeScript,
    /// Scripts inside a page of Vue, Svelte or Astro.
    Page,
}

/// Steps of the parser after which it asks whether to go on, times this: a text that takes longer is made to.
const PATIENCE: u32 = 200_000;
/// Functions of the project's own that are asked for a name, as they are usually called.
const ASKERS: [&str; 14] = [
    "env",
    "getenv",
    "getenvvar",
    "requireenv",
    "requiredenv",
    "readenv",
    "mustenv",
    "mustgetenv",
    "getenvorthrow",
    "envvar",
    "getrequiredenv",
    "assertenv",
    "ensureenv",
    "getenvvariable",
];

pub(super) fn read(dialect: Dialect, text: &str, found: &mut Found) {
    match dialect {
        Dialect::Page => page(text, found),
        _ if worth(text) => script(dialect, text, 0, found),
        _ => {}
    }
}

/// Most files neither read settings nor call anybody, and need no parser.
fn worth(text: &str) -> bool {
    ["env", "Env", "fetch", "axios", "got", "runtimeConfig"].iter().any(|word| text.contains(word))
}

/// The scripts of a page, each with the lines before it.
fn page(text: &str, found: &mut Found) {
    let mut rest = 0;
    if let Some(front) = text.strip_prefix("---\n")
        && let Some(end) = front.find("\n---")
    {
        script(Dialect::TypeScript, &front[..end], 1, found);
        rest = end;
    }
    while let Some(open) = text[rest..].find("<script") {
        let Some(begin) = text[rest + open..].find('>').map(|at| rest + open + at + 1) else { break };
        let end = text[begin..].find("</script").map_or(text.len(), |at| begin + at);
        let above = text[..begin].matches('\n').count();
        script(Dialect::TypeScript, &text[begin..end], u32::try_from(above).unwrap_or(u32::MAX), found);
        rest = end;
    }
}

fn parse(dialect: Dialect, text: &str) -> Option<Tree> {
    let mut parser = Parser::new();
    let grammar = match dialect {
        Dialect::Tsx => tree_sitter_typescript::LANGUAGE_TSX,
        _ => tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
    };
    parser.set_language(&grammar.into()).ok()?;
    let mut steps = 0_u32;
    let mut patient = |_: &tree_sitter::ParseState| {
        steps += 1;
        if steps > PATIENCE { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut patient);
    let bytes = text.as_bytes();
    parser.parse_with_options(&mut |at, _| bytes.get(at..).unwrap_or_default(), None, Some(options))
}

fn script(dialect: Dialect, text: &str, above: u32, found: &mut Found) {
    let Some(tree) = parse(dialect, text) else { return };
    let mut file =
        File { text, above, aliases: BTreeSet::new(), schemas: BTreeMap::new(), guards: Guards::default(), found };
    // Aliases and schemas are known before the places that use them.
    for learning in [true, false] {
        let mut cursor = tree.walk();
        let mut above: Vec<Node<'_>> = vec![];
        'walk: loop {
            let node = cursor.node();
            if learning {
                file.learn(node, &above)
            } else {
                file.meet(node, &above)
            }
            if cursor.goto_first_child() {
                above.push(node);
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    break 'walk;
                }
                above.pop();
            }
        }
    }
}

struct File<'t, 'f> {
    text: &'t str,
    above: u32,
    /// Names that stand for the whole environment.
    aliases: BTreeSet<&'t str>,
    /// Objects of schemas by the name that they are kept under: the names with what each needs.
    schemas: BTreeMap<&'t str, Vec<(&'t str, u32, Need)>>,
    guards: Guards<'t>,
    found: &'f mut Found,
}

impl<'t> File<'t, '_> {
    fn of(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    fn line(&self, node: Node<'_>) -> u32 {
        let row = u32::try_from(node.start_position().row).unwrap_or(u32::MAX);
        row.saturating_add(self.above).saturating_add(1)
    }

    /// Whether an expression is the whole environment.
    fn root(&self, node: Node<'_>) -> bool {
        let node = bare(node);
        let text = self.of(node);
        if node.kind() == "identifier" {
            return self.aliases.contains(text);
        }
        if text.len() > 60 {
            return false;
        }
        let text: String = text.chars().filter(|letter| !letter.is_whitespace() && *letter != '?').collect();
        let text = text.strip_prefix("globalThis.").or_else(|| text.strip_prefix("window.")).unwrap_or(&text);
        matches!(text, "process.env" | "import.meta.env" | "Bun.env" | "Deno.env.toObject()")
    }

    fn learn(&mut self, node: Node<'_>, above: &[Node<'_>]) {
        match node.kind() {
            "variable_declarator" => {
                let (Some(name), Some(value)) = (field(node, "name"), field(node, "value")) else { return };
                if name.kind() == "identifier" && self.root(value) {
                    self.aliases.insert(self.of(name));
                } else if name.kind() == "identifier"
                    && let Some(object) = schema(value)
                {
                    let fields = self.fields(object);
                    self.schemas.insert(self.of(name), fields);
                }
            }
            "import_statement" => self.import(node),
            "unary_expression" | "if_statement" => {
                if let Some(name) = self.guards.guarded(node, above, self.text) {
                    self.guards.add(name);
                }
            }
            _ => {}
        }
    }

    /// SvelteKit's and Astro's modules hand names over as imports.
    fn import(&mut self, node: Node<'_>) {
        let source = field(node, "source").map_or("", |source| self.of(source)).trim_matches(['"', '\'']);
        let fixed = source.starts_with("$env/static/") || source.starts_with("astro:env/");
        if !fixed && !source.starts_with("$env/dynamic/") {
            return;
        }
        each(node, "import_specifier", &mut |specifier| {
            let Some(name) = field(specifier, "name") else { return };
            let local = field(specifier, "alias").unwrap_or(name);
            if fixed {
                self.found.reads(self.of(name), self.line(name), Need::Required);
            } else if self.of(name) == "env" {
                self.aliases.insert(self.of(local));
            }
        });
    }

    fn meet(&mut self, node: Node<'_>, above: &[Node<'_>]) {
        match node.kind() {
            "pair" if field(node, "key").is_some_and(|key| self.of(key) == "runtimeConfig") => {
                let settings = field(node, "value").filter(|value| value.kind() == "object");
                if let Some(settings) = settings.filter(|_| self.text.contains("defineNuxtConfig")) {
                    nuxt::settings(settings, self.text, self.found);
                }
            }
            "member_expression" => {
                let (Some(object), Some(property)) = (field(node, "object"), field(node, "property")) else { return };
                if self.root(object) {
                    let vite = self.of(object).contains("import.meta");
                    let name = self.of(property);
                    let method = above.last().is_some_and(|parent| {
                        parent.kind() == "call_expression" && field(*parent, "function") == Some(node)
                    });
                    let supplied = vite && super::known::bundler(name);
                    if !method && !supplied {
                        self.take(name, node, above);
                    }
                }
            }
            "subscript_expression" => {
                let (Some(object), Some(index)) = (field(node, "object"), field(node, "index")) else { return };
                if self.root(object) && index.kind() == "string" {
                    self.take(self.of(index).trim_matches(['"', '\'']), node, above);
                }
            }
            "variable_declarator" => {
                let (Some(name), Some(value)) = (field(node, "name"), field(node, "value")) else { return };
                if name.kind() == "object_pattern" && self.root(value) {
                    self.pattern(name);
                }
            }
            "call_expression" => self.call(node, above),
            "assignment_expression"
                if field(node, "left").is_some_and(|left| self.of(left) == super::calls::FOR_ALL_AXIOS) =>
            {
                self.found.call(super::calls::FOR_ALL_AXIOS, self.line(node), true);
            }
            "binary_expression" if field(node, "operator").is_some_and(|operator| self.of(operator) == "in") => {
                let (Some(left), Some(right)) = (field(node, "left"), field(node, "right")) else { return };
                if left.kind() == "string" && self.root(right) {
                    self.found.reads(self.of(left).trim_matches(['"', '\'']), self.line(left), Need::Optional);
                }
            }
            _ => {}
        }
    }

    fn take(&mut self, name: &str, node: Node<'_>, above: &[Node<'_>]) {
        if let Some(need) = need(node, above, self.text, &self.guards) {
            self.found.reads(name, self.line(node), need);
        }
    }

    /// `const { A, B: b, C = "x" } = process.env`.
    fn pattern(&mut self, pattern: Node<'_>) {
        for entry in children(pattern) {
            let (name, need) = match entry.kind() {
                "shorthand_property_identifier_pattern" => (Some(entry), Need::Required),
                "object_assignment_pattern" => (field(entry, "left"), Need::Defaulted),
                "pair_pattern" => {
                    let own = field(entry, "value").is_some_and(|value| value.kind() == "assignment_pattern");
                    (field(entry, "key"), if own { Need::Defaulted } else { Need::Required })
                }
                _ => (None, Need::Required),
            };
            if let Some(name) = name {
                let text = self.of(name);
                let need = if need == Need::Required && self.guards.holds(text) { Need::Optional } else { need };
                self.found.reads(text.trim_matches(['"', '\'']), self.line(name), need);
            }
        }
    }

    fn call(&mut self, node: Node<'_>, above: &[Node<'_>]) {
        let (Some(function), Some(arguments)) = (field(node, "function"), field(node, "arguments")) else { return };
        super::calls::script(self.of(function), self.of(arguments), self.line(node), self.found);
        let given = children(arguments);
        let first = given.first().copied();
        let called = self.of(function);
        // zod, valibot and their kind: schema.parse(process.env).
        if let Some(first) = first.filter(|first| self.root(*first)) {
            let kept = field(function, "object").map(|object| (self.of(object), schema(object)));
            let fields = match kept {
                Some((name, None)) => self.schemas.get(name).cloned().unwrap_or_default(),
                Some((_, Some(object))) => self.fields(object),
                // envalid: cleanEnv(process.env, { A: str() }).
                None => given
                    .get(1)
                    .filter(|second| second.kind() == "object")
                    .map(|object| self.fields(*object))
                    .unwrap_or_default(),
            };
            let line = self.line(first);
            for (name, at, need) in fields {
                self.found.reads(name, if at == 0 { line } else { at }, need);
            }
            return;
        }
        let asks =
            called.ends_with("Deno.env.get") || ASKERS.contains(&called.to_ascii_lowercase().replace('_', "").as_str());
        if let Some(first) = first.filter(|first| asks && first.kind() == "string") {
            let name = self.of(first).trim_matches(['"', '\'']);
            if super::shouted(name) && given.len() > 1 {
                self.found.reads(name, self.line(node), Need::Defaulted);
            } else if super::shouted(name) {
                self.take(name, node, above);
            }
        }
    }

    /// The names of a schema: each key with whether its value is optional or has a default.
    fn fields(&self, object: Node<'_>) -> Vec<(&'t str, u32, Need)> {
        let field_of = |entry: &Node<'_>| {
            let (key, value) = (field(*entry, "key")?, field(*entry, "value")?);
            let text = self.of(value);
            let need = if text.contains("default") || text.contains(".catch(") {
                Need::Defaulted
            } else if text.contains("optional") || text.contains("nullish") {
                Need::Optional
            } else {
                Need::Required
            };
            Some((self.of(key).trim_matches(['"', '\'']), self.line(key), need))
        };
        children(object).iter().filter(|entry| entry.kind() == "pair").filter_map(field_of).collect()
    }
}

/// The object of `z.object({…})` and its kind, through `.strict()` and other calls behind it.
fn schema(node: Node<'_>) -> Option<Node<'_>> {
    let mut node = bare(node);
    for _ in 0..8 {
        if node.kind() != "call_expression" {
            return None;
        }
        let arguments = field(node, "arguments")?;
        if let Some(object) = children(arguments).into_iter().find(|argument| argument.kind() == "object") {
            return Some(object);
        }
        node = field(field(node, "function")?, "object")?;
    }
    None
}

/// Without brackets, casts and `!` around it.
pub(super) fn bare(mut node: Node<'_>) -> Node<'_> {
    while matches!(
        node.kind(),
        "parenthesized_expression" | "as_expression" | "non_null_expression" | "satisfies_expression"
    ) {
        let Some(inner) = node.named_child(0) else { break };
        node = inner;
    }
    node
}

pub(super) fn field<'n>(node: Node<'n>, name: &str) -> Option<Node<'n>> {
    node.child_by_field_name(name)
}

fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| child.kind() != "comment").take(2_000).collect()
}

fn each<'n>(node: Node<'n>, kind: &str, with: &mut impl FnMut(Node<'n>)) {
    let mut waiting = children(node);
    waiting.reverse();
    while let Some(node) = waiting.pop() {
        if node.kind() == kind {
            with(node);
        } else {
            waiting.extend(children(node).into_iter().rev());
        }
    }
}
