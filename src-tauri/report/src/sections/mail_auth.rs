//! E-mail authentication: what proves that mail comes from this domain, the records as seen, and what is wrong with them.

use super::follow;
use crate::block::{Block, Span};
use crate::brief::Brief;
use crate::words;
use audit::Fact;
use audit::facts::{DnsAnswer, Rcode};

pub(super) const TITLE: &str = "E-mail authentication";

/// Records of one name that are printed; more than one is already wrong.
const RECORDS: usize = 4;

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("mail-auth", TITLE);
    blocks.push(Block::lead(
        "Three records let a receiver tell your mail from a forgery: SPF lists who may send, DKIM signs each message, DMARC says what to do with the rest.",
    ));
    let apex = &brief.audit.target.domain;
    blocks.extend(part(brief, "SPF", "mail.spf", std::slice::from_ref(apex), audit_spf));
    let selectors: Vec<String> =
        brief.facts.scope.selectors.iter().map(|selector| format!("{selector}._domainkey.{apex}")).collect();
    blocks.extend(part(brief, "DKIM", "mail.dkim", &selectors, |_| true));
    blocks.extend(part(brief, "DMARC", "mail.dmarc", &[format!("_dmarc.{apex}")], |_| true));
    blocks
}

fn audit_spf(text: &str) -> bool {
    audit::read::spf::is_spf(text)
}

fn part(brief: &Brief<'_>, title: &str, check: &str, names: &[String], keep: fn(&str) -> bool) -> Vec<Block> {
    let id = format!("mail-{}", title.to_lowercase());
    let mut blocks = vec![Block::heading(2, title, id)];
    if let Some(outcome) = brief.audit.outcome(check) {
        let mut says = vec![Span::Status(words::status(outcome.status)), Span::text(format!("  {}", outcome.title))];
        for (at, step) in brief.audit.order.iter().filter(|step| step.check == check).enumerate() {
            says.push(Span::text(if at == 0 { ". See " } else { ", " }));
            says.push(Span::finding(step.rank));
        }
        blocks.push(Block::body(says));
        blocks.extend(outcome.unseen.iter().map(|unseen| Block::quiet(format!("{}: {}", unseen.what, unseen.says))));
    }
    let found: Vec<Block> = names.iter().flat_map(|name| records(brief, name, keep)).collect();
    if found.is_empty() {
        blocks.push(Block::quiet(format!("No record was seen under {}.", words::count(names.len(), "name"))));
    }
    blocks.extend(found);
    blocks
}

fn records(brief: &Brief<'_>, name: &str, keep: fn(&str) -> bool) -> Vec<Block> {
    let Some(Fact::Seen { value: answer, at, from }) = brief.facts.dns.get(&format!("{name} TXT")) else {
        return vec![];
    };
    let DnsAnswer { rcode: Rcode::NoError, .. } = answer else { return vec![] };
    let aliases: Vec<&str> = answer.aliases().collect();
    let texts: Vec<String> = answer.texts().filter(|text| keep(text)).take(RECORDS).collect();
    if texts.is_empty() {
        return vec![];
    }
    let mut source = format!("Seen {} by {from}.", words::time(*at));
    if !aliases.is_empty() {
        source.push_str(&format!(" By way of {}.", aliases.join(", ")));
    }
    let mut inside: Vec<Block> = vec![Block::body(vec![Span::code(name)])];
    inside.extend(texts.into_iter().map(Block::Code));
    inside.push(Block::quiet(source));
    vec![Block::entry("Record", inside)]
}
