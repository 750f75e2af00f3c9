//! The senders that somebody approved, as a file: for CI, and for a record that is to stay as it is.

use crate::exit::Trouble;
use crate::input;
use audit::facts::{Answer, Choice, Facts};
use audit::read::spf;
use audit::read::text::clean;
use std::path::PathBuf;

/// The approved senders of a domain.
#[derive(clap::Args)]
pub struct Senders {
    /// Senders that you approved: a file with their terms as the SPF record writes them; any other term of the record fails
    #[arg(long, value_name = "FILE")]
    senders: Option<PathBuf>,
}

impl Senders {
    /// The terms in the file, read before anything is looked at.
    pub fn read(&self) -> Result<Option<Vec<String>>, Trouble> {
        let Some(path) = &self.senders else { return Ok(None) };
        let text = String::from_utf8_lossy(&input::bytes(path)?).into_owned();
        let words = text.lines().flat_map(|line| line.split('#').next().unwrap_or_default().split_whitespace());
        let all = |word: &str| word.trim_start_matches(['+', '-', '~', '?']).eq_ignore_ascii_case("all");
        // A whole record may stand there too.
        let terms = words.filter(|word| !word.eq_ignore_ascii_case("v=spf1") && !all(word));
        let terms: Vec<String> = terms.map(|term| clean(term, 600)).collect();
        if terms.is_empty() {
            let says = "names no sender; write terms of the SPF record into it, such as include:_spf.google.com";
            return Err(Trouble::new(format!("{} {says}", path.display())));
        }
        Ok(Some(terms))
    }

    /// Puts what was approved among the answers, and tells which of it the record does not have.
    pub fn enter(approved: Option<Vec<String>>, facts: &mut Facts) {
        let Some(approved) = approved else { return };
        let domain = facts.target.domain.clone();
        let texts = facts.dns.get(&format!("{domain} TXT")).and_then(|fact| fact.seen().ok());
        let texts: Vec<String> =
            texts.map_or(vec![], |answer| answer.texts().filter(|text| spf::is_spf(text)).collect());
        let [text] = texts.as_slice() else { return };
        let Ok(record) = spf::parse(text) else { return };
        let rows = spf::decided(&domain, &record, &approved);
        for term in approved.iter().filter(|term| !rows.keys().any(|known| known.eq_ignore_ascii_case(term))) {
            eprintln!("launch-ready: {term} is approved, and the SPF record of {domain} does not have it");
        }
        let (at, text) = (facts.finished.unwrap_or(facts.started), String::new);
        let answer = Answer { choice: Choice::Yes, note: text(), evidence: text(), owner: text(), rows, at };
        facts.answers.insert("mail.spf".to_owned(), answer);
    }
}
