//! http.cors: only sites that are trusted may read answers in the name of a signed-in visitor.

use crate::check::{Check, Concern, Need, Verdict};
use crate::facts::Exchange;
use crate::{Case, Unseen, Why};
use std::collections::BTreeSet;

/// http.cors.
pub static CHECK: Check = Check {
    id: "http.cors",
    title: "Only sites that you trust may read your interface from a browser",
    why: "Any website that a signed-in customer opens could read and change that customer's data.",
    needs: &[Need::Public],
    concern: Concern::Data,
    covers: "The first page of every host and the routes, asked by GET and by preflight in the name of a foreign origin, of null and of lookalikes.",
    ask: None,
    refs: &["WHATWG Fetch §3.2", "RFC 6454 §7", "RFC 9110 §12.5.5"],
    judge,
};

/// Who asks: the probes by GET and by preflight, and the name of the asker for people.
const ASKERS: [(&str, &str, rules::Asker); 4] = [
    ("cors-any", "cors-preflight", rules::Asker::Any),
    ("cors-null", "cors-preflight-null", rules::Asker::Null),
    ("cors-suffix", "cors-preflight-suffix", rules::Asker::Suffix),
    ("cors-prefix", "cors-preflight-prefix", rules::Asker::Prefix),
];

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    case.addresses(case.apex())?;
    let (_, mut unseen) = case.pages();
    let urls: BTreeSet<&str> = case.exchanges("cors-any").map(|(url, _)| url).collect();
    if urls.is_empty() && unseen.is_empty() {
        return Err(Unseen {
            what: "cross-origin answers".to_owned(),
            why: Why::NotLooked,
            says: "no address was asked in the name of another origin yet".to_owned(),
            way: "run the audit".to_owned(),
        });
    }
    let (mut proof, mut findings) = (vec![], vec![]);
    for url in urls {
        if let Err(why) = case.exchange("cors-any", url) {
            unseen.push(why);
            continue;
        }
        let mut answers: Vec<(rules::Asker, &Exchange)> = vec![];
        for (get, preflight, asker) in ASKERS {
            match case.exchange(get, url) {
                Ok(answer) if answer.status >= 500 && rules::allowed(answer).is_none() => unseen.push(failing(answer)),
                Ok(answer) => answers.push((asker, answer)),
                Err(why) => unseen.push(why),
            }
            match case.exchange(preflight, url) {
                Ok(answer) => answers.push((asker, answer)),
                // Where OPTIONS is no method that the server knows, the others are not asked.
                Err(why) if why.why == Why::NotLooked => {}
                Err(why) => unseen.push(why),
            }
        }
        let own = case.exchange("cors-own", url).ok();
        proof.extend(rules::seen(url, &answers, own));
        findings.extend(rules::broken(case.apex(), url, &answers, own));
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

fn failing(answer: &Exchange) -> Unseen {
    Unseen {
        what: answer.url.clone(),
        why: Why::Broken,
        says: format!("the server answered with an error of its own (HTTP {}), twice", answer.status),
        way: "mend the error first, then run the audit again".to_owned(),
    }
}

#[path = "cors_rules.rs"]
mod rules;

#[cfg(test)]
#[path = "cors_tests.rs"]
mod tests;
