//! Every rule by its own samples; streaming, lines, limits and redaction of the scanner.

use super::*;
use std::collections::BTreeSet;
use std::time::Instant;

const SALT: [u8; 32] = [7; 32];

fn scan(text: &str) -> Vec<SecretMatch> {
    let mut scanner = Scanner::guessing("https://example.com/app.js", &SALT);
    scanner.feed(text.as_bytes());
    scanner.finish()
}

/// The matches of a text in which a rule looks: packed, or as people write it.
fn scan_as(rule: &Rule, text: &str) -> Vec<SecretMatch> {
    let mut scanner = Scanner { guesses: !rule.packed, ..Scanner::new("https://example.com/app.js", &SALT) };
    scanner.feed(text.as_bytes());
    scanner.finish()
}

/// A key that matches `stripe-secret-key`, different for each number.
fn key(n: usize) -> String {
    format!("sk_{}_{:0>8}aB3dE5gH7jK9mN1p", "live", n * 7_919)
}

/// What is wrong with a sample that a rule must find in `text`.
fn trouble(rule: &Rule, sample: &str, text: &str) -> Option<String> {
    let found = scan_as(rule, text);
    let [only] = found.as_slice() else {
        return Some(format!("{}: {} found in {text:?}: {found:?}", rule.id, found.len()));
    };
    if (&only.rule, only.public) != (&rule.id, rule.public) {
        return Some(format!("{} in {text:?} taken for {}", rule.id, only.rule));
    }
    // At most the fixed beginning may be seen of it.
    let shown = only.redacted.trim_end_matches('…').trim_end();
    let rest = sample.replacen(shown, "", 1);
    let told = rule.named || only.redacted.chars().count() <= 34;
    (!told || rest.len() < 14).then(|| format!("{}: {} shows too much", rule.id, only.redacted))
}

#[test]
fn every_rule_finds_its_samples_and_nothing_else() {
    let mut ids = BTreeSet::new();
    let mut troubles = Vec::new();
    for (at, rule) in rules().iter().enumerate() {
        assert!(ids.insert(&rule.id), "{} stands twice", rule.id);
        assert!(!rule.yes.is_empty() && !rule.no.is_empty(), "{} needs samples of both kinds", rule.id);
        assert!(rule::compiled().pattern(at).is_some(), "{} does not compile", rule.id);
        for sample in rule.yes.iter().map(|pieces| pieces.concat()) {
            let json = |text: &str| serde_json::to_string(text).unwrap();
            // A sample in quotes of its own would end the quotes around it.
            let bare = !sample.contains(['"', '\'', '\n']);
            let wrapped =
                [format!("const k = '{sample}';"), format!("{{\"k\":\"{sample}\"}}"), format!("a\\n{sample}\\nb")];
            let texts = std::iter::once(sample.clone())
                .chain(wrapped.into_iter().filter(|_| bare))
                .chain([json(&format!("x\n{sample}\n")), json(&json(&format!("x\n{sample}\n")))])
                // A packed script is no text in another.
                .take(if rule.packed { 1 } else { usize::MAX });
            troubles.extend(texts.filter_map(|text| trouble(rule, &sample, &text)));
        }
        for sample in rule.no.iter().map(|pieces| pieces.concat()) {
            if scan_as(rule, &sample).iter().any(|m| m.rule == rule.id) {
                troubles.push(format!("{} wrongly in {sample:?}", rule.id));
            }
        }
    }
    assert!(troubles.is_empty(), "{} troubles\n{}", troubles.len(), troubles.join("\n"));
    assert!(ids.len() >= 250, "{}", ids.len());
}

#[test]
fn the_file_itself_holds_no_whole_key() {
    let found = scan(include_str!("../../../../../assets/data/secrets.toml"));
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn rules_are_worded_for_a_founder() {
    for rule in rules() {
        assert!(
            rule.revoke.ends_with('.') && rule.link.starts_with("https://") && !rule.title.ends_with('.'),
            "{}",
            rule.id
        );
        assert!(rule.words.iter().all(|word| word.len() >= 3), "{}", rule.id);
    }
}

#[test]
fn borders_between_pieces_do_not_matter() {
    let text = format!("{}\nlet a='{}';\n{}let b='{}'", "x".repeat(70_000), key(1), "y ".repeat(40_000), key(2));
    let whole = scan(&text);
    assert_eq!(whole.len(), 2);
    assert_eq!((whole[0].line, whole[1].line), (2, 3));
    for size in [1, 4_096, 65_536, 73_728] {
        let mut scanner = Scanner::new("https://example.com/app.js", &SALT);
        text.as_bytes().chunks(size).for_each(|piece| scanner.feed(piece));
        assert_eq!(scanner.finish(), whole, "pieces of {size}");
    }
}

#[test]
fn every_position_around_a_batch_border_finds_exactly_one() {
    let bot = by_id("telegram-bot-token").unwrap().yes[0].concat();
    // So many bytes at once are scanned up to BATCH; what begins there waits for the rest.
    let both = |text: &str| {
        let mut scanner = Scanner::new("https://example.com/app.js", &SALT);
        let (first, rest) = text.as_bytes().split_at(BATCH + WINDOW);
        scanner.feed(first);
        assert!(scanner.buffer.len() < first.len(), "the first part was scanned");
        scanner.feed(rest);
        scanner.finish()
    };
    for at in BATCH - 60..BATCH + 4 {
        let text = format!("{}\n{} {}", "x".repeat(at), key(3), "z ".repeat(5_000));
        let found = both(&text);
        assert_eq!((found.len(), found.first().map(|m| m.line)), (1, Some(2)), "at {at}");
        // A match whose beginning stands before its fixed word.
        assert_eq!(both(&format!("{} {bot} {}", "x".repeat(at), "z ".repeat(5_000))).len(), 1, "at {at}");
    }
}

#[test]
fn line_numbers_hold_over_many_batches() {
    let text: String = (1..=20_000)
        .map(|n| if n % 5_000 == 0 { format!("k('{}')\n", key(n)) } else { "var a = 1; // filler\n".to_owned() })
        .collect();
    assert_eq!(scan(&text).iter().map(|m| m.line).collect::<Vec<_>>(), [5_000, 10_000, 15_000, 20_000]);
}

#[test]
fn secret_matches_are_capped_and_public_ones_cannot_crowd_them_out() {
    let many: String = (0..2_000).map(|n| format!("'{}' '{}'\n", key(n), key(n).replacen("sk", "pk", 1))).collect();
    let found = scan(&many);
    assert_eq!(found.iter().filter(|m| !m.public).count(), 400);
    assert_eq!(found.iter().filter(|m| m.public).count(), 100);
    let same = format!("'{}'\n", key(1).replacen("sk", "pk", 1)).repeat(50);
    assert_eq!(scan(&same).len(), 1);
}

#[test]
fn the_value_is_never_kept_and_its_print_depends_on_the_salt() {
    let value = key(9);
    let one = scan(&format!("'{value}' \"{value}\""));
    assert_eq!(one.len(), 2);
    assert_eq!(one[0].fingerprint, one[1].fingerprint);
    assert_eq!(one[0].fingerprint.len(), 16);
    assert_eq!(one[0].redacted, "sk_live_…");
    assert!(!serde_json::to_string(&one).unwrap().contains(&value[8..]));
    let mut other = Scanner::new("https://example.com/app.js", &[8; 32]);
    other.feed(value.as_bytes());
    assert_ne!(other.finish()[0].fingerprint, one[0].fingerprint);
}

#[test]
fn a_word_in_a_longer_word_is_none() {
    assert!(scan(&format!("x{}", key(1))).is_empty());
    assert!(scan(&format!("task_{}", key(1))).is_empty());
    assert!(scan(&format!("{}{}", key(1), "_more")).is_empty());
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test measures the reader")]
fn hostile_text_stays_cheap() {
    for (name, text) in [
        ("words", "eyJ.".repeat(60_000)),
        ("words with dashes", " eyJ-".repeat(50_000)),
        ("one long word", format!("eyJ{}", "a".repeat(1_000_000))),
        ("addresses", "https://".repeat(120_000)),
        ("begin", "-----BEGIN ".repeat(90_000)),
        ("colons", ":AA".repeat(300_000)),
        ("passwords", " redis://a:bbbbb".repeat(60_000)),
        ("dashed ends", "sk-T3BlbkFJ ".repeat(80_000)),
        ("binary", "\u{0}\u{1}\u{7f}é".repeat(200_000)),
    ] {
        let start = Instant::now();
        let found = scan(&text);
        let took = start.elapsed();
        assert!(took.as_secs() < 60, "{name}: {took:?}");
        println!("{name}: {} bytes in {took:?}, {} found", text.len(), found.len());
    }
}

#[test]
fn ordinary_code_holds_nothing() {
    let code = "import{r as e}from\"./chunk-AKIAB.js\";const re_exports={};fetch(`https://api.example.com/v1?key=${k}`);\
                a.className=\"sk-circle sk-fading\";let npm_config=1;const secret_key=process.env.SECRET;/* -----BEGIN----- */\
                const path=pathname.split('/');x=\"xoxo\";lang=\"en-us1\";const hf_=0;db=\"postgres://postgres:postgres@localhost/dev\";\
                integrity=\"sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC\"";
    assert_eq!(scan(code), []);
}

/// Lines as people write them, in which nothing is secret.
const PLAIN: &str = include_str!("../../../../../tests/cases/secrets/plain.txt");

#[test]
fn secrets_and_ordinary_lines_are_told_apart() {
    let line = |text: String| (!text.contains('\n')).then_some(text);
    let secret = rules().iter().filter(|rule| !rule.public && !rule.packed).flat_map(|rule| &rule.yes);
    let mut lines: Vec<(String, bool)> =
        secret.filter_map(|pieces| line(pieces.concat())).map(|text| (text, true)).collect();
    let none = rules().iter().flat_map(|rule| &rule.no).filter_map(|pieces| line(pieces.concat()));
    lines.extend(none.chain(PLAIN.lines().map(str::to_owned)).map(|text| (text, false)));
    let (mut right, mut missed, mut wrong) = (0, Vec::new(), Vec::new());
    for part in lines.chunks(100) {
        let text: String = part.iter().map(|(text, _)| format!("{text}\n")).collect();
        let found: BTreeSet<u32> = scan(&text).iter().filter(|found| !found.public).map(|found| found.line).collect();
        for ((text, secret), at) in part.iter().zip(1..) {
            match (*secret, found.contains(&at)) {
                (true, true) => right += 1,
                (true, false) => missed.push(text),
                (false, true) => wrong.push(text),
                (false, false) => {}
            }
        }
    }
    let (precision, recall) = (
        f64::from(right) / (f64::from(right) + wrong.len() as f64),
        f64::from(right) / (f64::from(right) + missed.len() as f64),
    );
    println!("{} lines: precision {precision:.3}, recall {recall:.3}", lines.len());
    let none = lines.iter().filter(|(_, secret)| !secret).count() as f64;
    assert!(recall >= 0.98, "missed: {missed:#?}");
    assert!(wrong.len() as f64 <= 0.05 * none, "wrongly: {wrong:#?}");
}
