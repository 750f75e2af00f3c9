//! What becomes of a JavaScript expression when its setting is missing: told by what stands around it.

use super::script::{bare, field};
use crate::facts::Need;
use std::collections::BTreeSet;
use tree_sitter::Node;

/// Steps up from a name; what stands further away says nothing of it.
const NEAR: usize = 24;

/// Names whose absence ends the function quietly, so that what follows has them.
#[derive(Default)]
pub(super) struct Guards<'t> {
    names: BTreeSet<&'t str>,
}

impl<'t> Guards<'t> {
    pub(super) fn add(&mut self, name: &'t str) {
        self.names.insert(name);
    }

    pub(super) fn holds(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// The name in `if (!process.env.X) return`.
    pub(super) fn guarded(&self, node: Node<'_>, _above: &[Node<'_>], text: &'t str) -> Option<&'t str> {
        if node.kind() != "if_statement" {
            return None;
        }
        let condition = bare(field(node, "condition")?);
        let negated = condition.kind() == "unary_expression" && text.get(condition.byte_range())?.starts_with('!');
        let inner = bare(field(condition, "argument").filter(|_| negated)?);
        let then = text.get(field(node, "consequence")?.byte_range())?;
        let leaves = ["return", "continue", "break"].iter().any(|word| then.contains(word));
        if !leaves || ends(then) {
            return None;
        }
        let name = field(inner, "property").unwrap_or(inner);
        text.get(name.byte_range())
    }
}

/// Whether a branch stops the program.
fn ends(text: &str) -> bool {
    ["throw ", "process.exit", "Deno.exit", "invariant(", "fail("].iter().any(|word| text.contains(word))
}

/// What the expression needs; none where it is written to, not read.
pub(super) fn need(node: Node<'_>, above: &[Node<'_>], text: &str, guards: &Guards<'_>) -> Option<Need> {
    let own = text.get(node.byte_range()).unwrap_or_default();
    let name = field(node, "property").and_then(|name| text.get(name.byte_range())).unwrap_or_default();
    let mut child = node;
    let mut told = None;
    for parent in above.iter().rev().take(NEAR) {
        let parent = *parent;
        let operator =
            field(parent, "operator").and_then(|operator| text.get(operator.byte_range())).unwrap_or_default();
        let left = field(parent, "left") == Some(child);
        match parent.kind() {
            "assignment_expression" if left && told.is_none() => return None,
            "augmented_assignment_expression" if left => return Some(Need::Defaulted),
            "unary_expression" if operator == "delete" => return None,
            "unary_expression" if told.is_none() && operator == "typeof" => return Some(Need::Optional),
            "unary_expression" if told.is_none() && operator == "!" => {
                // Whether `!X` leads to an error is told by the statement above it.
                told = Some(Need::Optional);
            }
            "binary_expression" if told.is_none() => match operator {
                "||" | "??" if left => {
                    let right =
                        field(parent, "right").and_then(|right| text.get(right.byte_range())).unwrap_or_default();
                    return Some(match right.trim_matches(['"', '\'', '`']) {
                        "" | "undefined" | "null" | "false" => Need::Optional,
                        right if ends(right) => Need::Required,
                        _ => Need::Defaulted,
                    });
                }
                "&&" | "===" | "!==" | "==" | "!=" if left || operator != "&&" => return Some(Need::Optional),
                "&&" if beside(parent, own, text) => return Some(Need::Optional),
                _ => {}
            },
            "ternary_expression"
                if field(parent, "condition") == Some(child) || within(field(parent, "condition"), own, text) =>
            {
                return Some(Need::Optional);
            }
            "if_statement" => {
                let asked = field(parent, "condition") == Some(child) || within(field(parent, "condition"), own, text);
                if asked {
                    let then =
                        field(parent, "consequence").and_then(|then| text.get(then.byte_range())).unwrap_or_default();
                    let fatal = told == Some(Need::Optional) && ends(then);
                    return Some(if fatal { Need::Required } else { Need::Optional });
                }
            }
            "function_declaration" | "method_definition" | "program" => break,
            _ => {}
        }
        child = parent;
    }
    let plain = told.unwrap_or(Need::Required);
    Some(if plain == Need::Required && guards.holds(name) { Need::Optional } else { plain })
}

/// Whether `X && use(X)` asks for the same name on its left.
fn beside(parent: Node<'_>, own: &str, text: &str) -> bool {
    within(field(parent, "left"), own, text)
}

fn within(node: Option<Node<'_>>, own: &str, text: &str) -> bool {
    node.and_then(|node| text.get(node.byte_range())).is_some_and(|around| around.contains(own))
}
