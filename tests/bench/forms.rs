//! Samples of the forms that published scanners look for, drawn from `tests/cases/formats.toml`: the same for the same seed.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};
use serde::Deserialize;

const FILE: &str = include_str!("../cases/formats.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forms {
    pub source: String,
    pub date: String,
    writings: Vec<String>,
    form: Vec<Form>,
    none: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    of: String,
    kind: String,
    name: Option<String>,
    line: Option<String>,
    value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    line: String,
    value: String,
}

/// A text with a secret of a form in it, or with nothing that is one.
pub struct Sample {
    /// The scanner and its kind; nothing for a text without a secret.
    pub kind: Option<String>,
    pub text: String,
}

impl Forms {
    pub fn read() -> Self {
        toml::from_str(FILE).unwrap()
    }

    /// One value of every form in every writing, and every line in which nothing is secret.
    pub fn drawn(&self, seed: u64) -> Vec<Sample> {
        let mut dice = fastrand::Rng::with_seed(seed);
        let mut samples = Vec::new();
        for form in &self.form {
            let value = text(&form.value, &mut dice);
            let name = form.name.as_deref().unwrap_or_default();
            let writings = form.line.as_slice().iter().chain(self.writings.iter().filter(|_| form.line.is_none()));
            samples.extend(writings.map(|writing| Sample {
                kind: Some(format!("{} {}", form.of, form.kind)),
                text: writing.replace("{n}", name).replace("{v}", &value),
            }));
        }
        samples.extend(
            self.none
                .iter()
                .map(|Line { line, value }| Sample { kind: None, text: line.replace("{v}", &text(value, &mut dice)) }),
        );
        samples
    }
}

/// A text that an expression describes.
fn text(shape: &str, dice: &mut fastrand::Rng) -> String {
    let shape = ParserBuilder::new().unicode(false).utf8(false).build().parse(shape).unwrap();
    let mut bytes = Vec::new();
    draw(&shape, dice, &mut bytes);
    String::from_utf8(bytes).unwrap()
}

fn draw(shape: &Hir, dice: &mut fastrand::Rng, out: &mut Vec<u8>) {
    match shape.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.extend(&*literal.0),
        HirKind::Class(class) => {
            let signs: Vec<u8> = match class {
                Class::Bytes(class) => class.iter().flat_map(|range| range.start()..=range.end()).collect(),
                Class::Unicode(class) => {
                    let signs = class.iter().flat_map(|range| range.start()..=range.end());
                    signs.map(|sign| u8::try_from(sign).unwrap()).collect()
                }
            };
            out.push(signs[dice.usize(..signs.len())]);
        }
        HirKind::Repetition(part) => {
            let most = part.max.unwrap_or(part.min + 20);
            (0..dice.u32(part.min..=most)).for_each(|_| draw(&part.sub, dice, out));
        }
        HirKind::Capture(part) => draw(&part.sub, dice, out),
        HirKind::Concat(parts) => parts.iter().for_each(|part| draw(part, dice, out)),
        HirKind::Alternation(parts) => draw(&parts[dice.usize(..parts.len())], dice, out),
    }
}
