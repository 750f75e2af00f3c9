//! The forms that published scanners look for are found in whatever way they are written, and their false samples are not.

#[path = "../../../../../tests/bench/forms.rs"]
mod forms;

use super::Scanner;
use forms::Forms;
use std::collections::BTreeMap;

#[test]
fn forms_of_published_scanners_are_found_and_their_false_samples_are_not() {
    let all = Forms::read();
    assert!(!all.source.is_empty() && all.date.starts_with("20"));
    let samples = all.drawn(1);
    let found = |text: &str| {
        let mut scanner = Scanner::guessing("settings.txt", &[7; 32]);
        scanner.feed(text.as_bytes());
        !scanner.finish().is_empty()
    };
    let mut missed: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let (mut secrets, mut none, mut wrong) = (0_usize, 0_usize, Vec::new());
    for sample in &samples {
        match (&sample.kind, found(&sample.text)) {
            (Some(_), true) => secrets += 1,
            (Some(kind), false) => {
                secrets += 1;
                missed.entry(kind).or_default().push(&sample.text);
            }
            (None, true) => wrong.push(&sample.text),
            (None, false) => none += 1,
        }
    }
    let left: usize = missed.values().map(Vec::len).sum();
    println!(
        "{} of {secrets} samples found, {} of {} false samples told",
        secrets - left,
        wrong.len(),
        none + wrong.len()
    );
    assert!(secrets > 5_000 && left * 100 <= secrets * 2, "{left} of {secrets} missed: {missed:#?}");
    assert!(wrong.len() * 20 <= none, "{wrong:#?}");
}
