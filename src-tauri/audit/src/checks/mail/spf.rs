//! mail.spf: one valid SPF record that receivers can follow to its end and that ends in no.

use crate::check::{Check, Concern, Need, Verdict};
use crate::read::spf::{self, Cost, LOOKUP_LIMIT, VOID_LIMIT};
use crate::read::text::clean;
use crate::{Case, Unseen};
use findings::{findings, invalid, missing, several};

#[path = "spf_findings.rs"]
mod findings;

/// mail.spf.
pub static CHECK: Check = Check {
    id: "mail.spf",
    title: "One valid SPF record names who may send mail for the domain",
    why: "Without it, sign-up and invoice mail lands in spam, and anybody can send in your name.",
    needs: &[Need::Public],
    concern: Concern::Mail,
    covers: "Syntax, number of records, look-ups, loops and the ending of the record; terms that depend on each message are not followed.",
    ask: None,
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
    proof.extend(cost.costs.iter().filter(|cost| cost.depth == 0).map(sender));
    let findings = findings(case, &record, &cost);
    Ok(Verdict::judged(proof, findings, cost.unseen))
}

/// A term with the service behind it and its cost.
fn sender(cost: &Cost) -> String {
    let service = cost.name.as_deref().and_then(spf::of_domain);
    let who = service.map_or_else(String::new, |service| format!(": {} ({})", service.name, service.docs));
    let look_ups = if cost.lookups == 1 { "1 look-up".to_owned() } else { format!("{} look-ups", cost.lookups) };
    format!("{}{who}, {look_ups}", clean(&cost.term, 120))
}

/// A record, safe to show.
fn shown(text: &str) -> String {
    clean(text, 600)
}

#[cfg(test)]
#[path = "spf_tests.rs"]
mod tests;
