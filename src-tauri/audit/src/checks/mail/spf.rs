//! mail.spf: one valid SPF record that receivers can follow to its end and that ends in no.

use crate::check::{Check, Concern, Need, Verdict};
use crate::read::spf::{self, Allowed, LOOKUP_LIMIT, VOID_LIMIT};
use crate::read::text::clean;
use crate::{Case, Unseen};
use findings::{findings, invalid, missing, several};
use std::collections::BTreeMap;

#[path = "spf_findings.rs"]
mod findings;

/// mail.spf.
pub static CHECK: Check = Check {
    id: "mail.spf",
    title: "One valid SPF record names who may send mail for the domain",
    why: "Without it, sign-up and invoice mail lands in spam, and anybody can send in your name.",
    needs: &[Need::Public],
    concern: Concern::Mail,
    covers: "Syntax, number of records, look-ups, loops and the ending of the record, and who may send by it; terms that depend on each message are not followed.",
    ask: Some("Did you approve every sender that the SPF record names? Mark those that should go."),
    refs: &["RFC 7208 §3.2, §4.5, §4.6.4, §5.1, §5.5", "RFC 7505"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let texts: Vec<String> = case.dns(case.apex(), "TXT")?.texts().filter(|text| spf::is_spf(text)).collect();
    let [text] = texts.as_slice() else {
        return Ok(Verdict::judged(
            vec![],
            vec![if texts.is_empty() { missing(case) } else { several(case, &texts) }],
            vec![],
        ));
    };
    let record = match spf::parse(text) {
        Ok(record) => record,
        Err(error) => return Ok(Verdict::judged(vec![], vec![invalid(case, text, &error)], vec![])),
    };
    let cost = spf::evaluate(case.apex(), &record, &|name, rtype| case.dns(name, rtype));
    let mut proof = vec![
        shown(text),
        format!("{} of {LOOKUP_LIMIT} look-ups, {} of {VOID_LIMIT} that find nothing", cost.lookups, cost.void),
    ];
    let tree =
        spf::marked(spf::tree(&record, &cost), case.answer(CHECK.id).map_or(&BTreeMap::new(), |said| &said.rows));
    proof.extend(spf::lines(&tree));
    let own = || tree.iter().filter(|allowed| allowed.depth == 0);
    let unwanted: Vec<Allowed> = own().filter(|allowed| allowed.approved == Some(false)).cloned().collect();
    let open = own().filter(|allowed| allowed.approved.is_none()).count();
    if open > 0 {
        let (these, are) = if open == 1 { ("one of these senders", "is") } else { ("of these senders", "are") };
        let number = if open == 1 { String::new() } else { format!("{open} ") };
        proof.push(format!("nobody said yet whether {number}{these} {are} meant to be there"));
    }
    let findings = findings(case, &record, &cost, &unwanted);
    Ok(Verdict::judged(proof, findings, cost.unseen))
}

/// A record, safe to show.
fn shown(text: &str) -> String {
    clean(text, 600)
}

#[cfg(test)]
#[path = "spf_tests.rs"]
mod tests;
