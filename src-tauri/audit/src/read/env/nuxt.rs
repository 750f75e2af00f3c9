//! Reads the settings of a Nuxt project: each key under `runtimeConfig` is also a name, `NUXT_` with its words in capitals.

use super::Found;
use crate::facts::Need;
use tree_sitter::Node;

/// Objects inside one another that are followed.
const DEPTH: usize = 8;

/// The names that an object of `runtimeConfig` stands for.
pub(super) fn settings(object: Node<'_>, text: &str, found: &mut Found) {
    inside(object, text, "NUXT", DEPTH, found);
}

fn inside(object: Node<'_>, text: &str, above: &str, depth: usize, found: &mut Found) {
    let mut walk = object.walk();
    for pair in object.named_children(&mut walk).filter(|child| child.kind() == "pair") {
        let (Some(key), Some(value)) = (pair.child_by_field_name("key"), pair.child_by_field_name("value")) else {
            continue;
        };
        let key = text.get(key.byte_range()).unwrap_or_default().trim_matches(['"', '\'']);
        let name = format!("{above}_{}", capitals(key));
        if value.kind() == "object" {
            if depth > 0 {
                inside(value, text, &name, depth - 1, found);
            }
            continue;
        }
        let written = text.get(value.byte_range()).unwrap_or_default();
        let empty = matches!(written, "''" | "\"\"" | "``" | "undefined" | "null");
        let line = u32::try_from(key_line(pair)).unwrap_or(u32::MAX);
        // Nuxt copes without; what is empty in the file is what the environment is meant to fill.
        found.reads(&name, line, if empty { Need::Optional } else { Need::Defaulted });
    }
}

fn key_line(pair: Node<'_>) -> usize {
    pair.start_position().row + 1
}

/// `apiSecret` as `API_SECRET`.
fn capitals(key: &str) -> String {
    let mut name = String::new();
    let mut small = false;
    for letter in key.chars() {
        if letter.is_ascii_uppercase() && small {
            name.push('_');
        }
        small = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        name.push(if letter == '-' { '_' } else { letter.to_ascii_uppercase() });
    }
    name
}
