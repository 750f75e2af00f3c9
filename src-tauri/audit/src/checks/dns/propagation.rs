//! dns.propagation: public resolvers give the answer that the domain's own name servers give.

#[path = "propagation_rules.rs"]
mod rules;

use crate::check::{Check, Concern, Need, Verdict};
use crate::facts::{Propagation, SetSeen, Told};
use crate::read::record_set;
use crate::read::text::clean;
use crate::{Case, Unseen, Why};
use rules::Odd;
use std::collections::BTreeMap;

/// dns.propagation.
pub static CHECK: Check = Check {
    id: "dns.propagation",
    title: "Everyone is given the same answer for your domain",
    why: "While resolvers disagree, some visitors reach the old server, or nothing, and you cannot reproduce what they report.",
    needs: &[Need::Public],
    concern: Concern::Reach,
    covers: "Addresses, mail, name servers and texts of the domain and the address of www, at its own name servers and at five public resolvers over plain DNS, TLS and HTTPS.",
    ask: None,
    refs: &["RFC 1034 §4.3", "RFC 2308", "RFC 7858", "RFC 8484", "assets/data/resolvers.toml"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let seen = case.propagation()?;
    let (mut unseen, mut odd) = (vec![], BTreeMap::<&str, Vec<Odd<'_>>>::new());
    let mut compared = 0;
    for question in &seen.questions {
        let own = own(seen, question, &mut unseen);
        if own.is_empty() {
            continue;
        }
        for told in &seen.resolvers {
            match answer(told, question) {
                Err(why) => unseen.push(why),
                Ok(set) => {
                    compared += 1;
                    if !record_set::same(&own, set) {
                        let found = Odd { question, told, set, own: own[0], kind: rules::kind(&own, set) };
                        odd.entry(&told.who).or_default().push(found);
                    }
                }
            }
        }
    }
    let findings = odd.iter().flat_map(|(resolver, odd)| rules::findings(resolver, odd, &case.facts.target.domain));
    Ok(Verdict::judged(proof(seen, compared), findings.collect(), unseen))
}

/// The answers of the domain's own name servers; what a silent one would have said is only missed when none of them spoke.
fn own<'a>(seen: &'a Propagation, question: &str, unseen: &mut Vec<Unseen>) -> Vec<&'a SetSeen> {
    let answers: Vec<_> = seen.servers.iter().map(|told| answer(told, question)).collect();
    let own: Vec<&SetSeen> = answers.iter().filter_map(|answer| answer.as_ref().ok().copied()).collect();
    if own.is_empty() {
        unseen.extend(answers.into_iter().find_map(Result::err));
    }
    own
}

fn answer<'a>(told: &'a Told, question: &str) -> Result<&'a SetSeen, Unseen> {
    match told.answers.get(question) {
        Some(fact) => fact.seen(),
        None => Err(Unseen {
            what: format!("{question} at {}", told.who),
            why: Why::NotLooked,
            says: "it was not looked at yet".to_owned(),
            way: "run the audit".to_owned(),
        }),
    }
}

fn proof(seen: &Propagation, compared: usize) -> Vec<String> {
    let mut lines =
        vec![format!("{compared} answers of public resolvers compared with those of the domain's own name servers")];
    for told in &seen.resolvers {
        let answers = told.answers.iter().filter_map(|(question, fact)| Some((question, fact.seen().ok()?)));
        let texts = answers.map(|(question, set)| format!("{question}: {}", rules::text(set)));
        let text = texts.collect::<Vec<_>>().join("; ");
        if !text.is_empty() {
            lines.push(clean(&format!("{} over {}: {text}", told.who, told.way.says()), 600));
        }
    }
    lines
}

#[cfg(test)]
#[path = "propagation_tests.rs"]
mod tests;
