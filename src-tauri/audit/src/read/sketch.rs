//! How alike two answers are, told from a few salted fingerprints of their words: nothing of the text can be read back from them.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hasher};

/// Fingerprints kept: the smallest of all words (Broder, "On the resemblance and containment of documents", 1997).
const KEPT: usize = 64;
/// Of a hundred fingerprints that two pages share when they are the same but for marks that change with each visit.
const ALIKE: usize = 80;

/// Sketches one body while its bytes stream by.
pub struct Sketch {
    salted: DefaultHasher,
    word: Option<DefaultHasher>,
    kept: BTreeSet<u32>,
}

impl Sketch {
    /// A sketch under a salt of this run; only sketches with the same salt can be compared.
    #[must_use]
    pub fn new(salt: &[u8]) -> Self {
        let mut salted = DefaultHasher::new();
        salted.write(salt);
        Self { salted, word: None, kept: BTreeSet::new() }
    }

    /// Takes in the next bytes.
    pub fn feed(&mut self, part: &[u8]) {
        for byte in part {
            if byte.is_ascii_alphanumeric() || *byte >= 0x80 {
                self.word.get_or_insert_with(|| self.salted.clone()).write_u8(*byte);
            } else {
                self.end();
            }
        }
    }

    fn end(&mut self) {
        let Some(word) = self.word.take() else { return };
        let print = u32::try_from(word.finish() >> 32).unwrap_or(0);
        let fits = self.kept.len() < KEPT || self.kept.last().is_some_and(|last| print < *last);
        if fits {
            self.kept.insert(print);
        }
        if self.kept.len() > KEPT {
            self.kept.pop_last();
        }
    }

    /// The fingerprints, smallest first.
    #[must_use]
    pub fn finish(mut self) -> Vec<u32> {
        self.end();
        self.kept.into_iter().collect()
    }
}

/// Whether two sketches are of the same text but for a few words.
#[must_use]
pub fn alike(one: &[u32], other: &[u32]) -> bool {
    let (one, other): (BTreeSet<u32>, BTreeSet<u32>) = (one.iter().copied().collect(), other.iter().copied().collect());
    let union: Vec<&u32> = one.union(&other).take(KEPT).collect();
    let shared = union.iter().filter(|print| one.contains(print) && other.contains(print)).count();
    !union.is_empty() && shared * 100 >= union.len() * ALIKE
}

#[cfg(test)]
mod tests {
    use super::{KEPT, Sketch, alike};

    fn sketch(text: &str) -> Vec<u32> {
        let mut sketch = Sketch::new(b"salt");
        text.as_bytes().chunks(3).for_each(|part| sketch.feed(part));
        sketch.finish()
    }

    #[test]
    fn marks_of_a_visit_change_little_and_another_page_much() {
        let words: Vec<String> = (0..300).map(|n| format!("word{n}")).collect();
        let page = words.join(" ");
        let one = sketch(&format!("<p nonce=\"a1b2\">{page}</p>"));
        assert_eq!(one.len(), KEPT);
        assert!(alike(&one, &sketch(&format!("<p nonce=\"9f8e\">{page}</p>"))));
        assert!(!alike(&one, &sketch("<p>log in first</p>")));
        assert!(
            alike(&sketch("{\"a\":1}"), &sketch("{\"a\":1}")) && !alike(&sketch("{\"a\":1}"), &sketch("{\"b\":2}"))
        );
        assert!(!alike(&[], &[]));
    }

    #[test]
    fn another_salt_gives_other_fingerprints() {
        let mut other = Sketch::new(b"pepper");
        other.feed(b"a secret word");
        assert_ne!(other.finish(), sketch("a secret word"));
    }
}
