//! What names alone tell (data: `assets/data/env.toml`): who supplies them, whether visitors get them, whether they are secret.

use crate::read::shipped::Shipped;
use serde::Deserialize;
use std::sync::LazyLock;

const FILE: &str = include_str!("../../../../../assets/data/env.toml");

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    system: Vec<String>,
    supplied: Vec<String>,
    bundler: Vec<String>,
    public: Vec<String>,
    secret: Vec<String>,
    likely: Vec<String>,
    harmless: Vec<String>,
}

// The tests prove that the file parses.
static NAMES: LazyLock<Names> = LazyLock::new(|| Shipped::read(FILE).map(|list| list.rows).unwrap_or_default());

/// Whether an operating system, runtime or platform sets this name by itself.
#[must_use]
pub fn supplied(name: &str) -> bool {
    NAMES.system.iter().any(|known| known == name)
        || NAMES.supplied.iter().any(|prefix| name.starts_with(prefix.as_str()))
}

/// Whether Vite and its relatives set this member of `import.meta.env`.
pub(super) fn bundler(name: &str) -> bool {
    NAMES.bundler.iter().any(|known| known == name)
}

/// The prefix that puts this name into every visitor's browser.
#[must_use]
pub fn public_prefix(name: &str) -> Option<&'static str> {
    NAMES.public.iter().map(String::as_str).find(|prefix| name.starts_with(prefix) && name.len() > prefix.len())
}

/// Whether the words of a name say that its value is a secret.
#[must_use]
pub fn secret_name(name: &str) -> bool {
    named(name, &NAMES.secret) || named(name, &NAMES.likely) && !named(name, &NAMES.harmless)
}

/// Whether a name that visitors get is called a secret by its own words.
#[must_use]
pub fn secret_public(name: &str) -> bool {
    let bare = public_prefix(name).map_or(name, |prefix| &name[prefix.len()..]);
    named(bare, &NAMES.secret) && !named(bare, &NAMES.harmless)
}

fn named(name: &str, words: &[String]) -> bool {
    let framed = format!("_{}_", name.to_ascii_uppercase());
    words.iter().any(|word| framed.contains(&format!("_{word}_")))
}

#[cfg(test)]
mod tests {
    use super::{NAMES, Names, Shipped, public_prefix, secret_name, secret_public, supplied};

    #[test]
    fn the_file_parses_and_its_lists_are_read() {
        assert!(Shipped::<Names>::read(super::FILE).is_ok());
        assert!(NAMES.system.len() > 40 && NAMES.public.len() > 6);
        assert!(supplied("PATH") && supplied("VERCEL_URL") && !supplied("DATABASE_URL"));
        assert_eq!(public_prefix("NEXT_PUBLIC_X"), Some("NEXT_PUBLIC_"));
        assert_eq!(public_prefix("VITE_"), None);
    }

    #[test]
    fn secret_words_count_as_whole_parts() {
        assert!(secret_name("STRIPE_SECRET_KEY") && secret_name("DB_PASSWORD") && secret_name("GITHUB_TOKEN"));
        assert!(!secret_name("SECRETARY_NAME") && !secret_name("KEYBOARD") && !secret_name("SUPABASE_ANON_KEY"));
        assert!(secret_public("NEXT_PUBLIC_STRIPE_SECRET_KEY"));
        for harmless in
            ["NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY", "VITE_MAPBOX_TOKEN", "PUBLIC_SUPABASE_ANON_KEY", "VITE_API_KEY"]
        {
            assert!(!secret_public(harmless), "{harmless}");
        }
    }
}
