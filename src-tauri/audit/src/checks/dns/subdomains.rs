//! dns.subdomains: every name below the domain is there on purpose and works.

use super::www::record;
use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::read::address::class;
use crate::{Case, Unseen};
use std::net::IpAddr;

/// dns.subdomains.
pub static CHECK: Check = Check {
    id: "dns.subdomains",
    title: "Every name below your domain is there on purpose and works",
    why: "Forgotten names show half-finished pages, leak the inside of your network, or can be taken over by others.",
    needs: &[Need::Public],
    concern: Concern::Reach,
    covers: "The usual names (app, api, status, admin, staging and others) and those in certificates and their logs, on pages and on your own list, with wildcard records told apart; their addresses and port 443.",
    ask: Some("Which of these names are meant to be there?"),
    refs: &["RFC 4592", "RFC 6890", "RFC 8020"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let wild = case.addresses(&case.facts.scope.random_name)?;
    let (mut proof, mut findings, mut unseen) = (vec![], vec![], vec![]);
    if !wild.is_empty() {
        proof.push(format!(
            "every name below {} answers (wildcard record), so names were told apart by their own records",
            case.apex()
        ));
    }
    for name in &case.facts.scope.subdomains {
        unseen.extend(case.addresses(name).err());
    }
    let marks = case.answer("dns.subdomains").map(|answer| answer.rows.clone()).unwrap_or_default();
    for name in case.found_subdomains() {
        proof.push(known(case, &name, marks.get(&name).map(String::as_str)));
        let unwanted = marks.get(&name).is_some_and(|mark| mark == "unwanted");
        let found = case.addresses(&name).unwrap_or_default();
        if unwanted {
            findings.push(still_there(&name));
        } else if found.is_empty() {
            proof.push(format!("{name} has no address"));
        } else {
            let (mut inner, mut closed) = (vec![], vec![]);
            for address in found {
                if !class(address).is_public() && !case.facts.scope.allow_private {
                    inner.push(address);
                    continue;
                }
                match case.reach(&name, address) {
                    Ok(reach) if reach.open => proof.push(format!("{name} {address} answers on port 443")),
                    // A certificate may be for mail alone; only the usual names are expected on the web.
                    Ok(_) if case.facts.found.contains_key(&name) => {
                        proof.push(format!("{name} {address} takes no connection on port 443"))
                    }
                    Ok(_) => closed.push(address),
                    Err(why) => unseen.push(why),
                }
            }
            findings.extend(private(&name, &inner));
            findings.extend(dead(&name, &closed));
        }
    }
    // The logs only ever add names, so their silence changes no verdict.
    if let Some(Err(why)) = case.facts.logs.as_ref().map(crate::Fact::seen) {
        proof.push(format!("no names were added from certificate logs: {}", why.says));
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

/// Where a name was found, and what a person said of it.
fn known(case: &Case<'_>, name: &str, mark: Option<&str>) -> String {
    let place = case.facts.found.get(name).map_or("the usual names", String::as_str);
    format!("{name} is {} (found in {place})", mark.unwrap_or("unknown: nobody said whether it is meant to be there"))
}

/// One finding for a name, whatever the number of its addresses: the fix is the same.
fn private(name: &str, addresses: &[IpAddr]) -> Option<Finding> {
    let first = addresses.first()?;
    let says = format!(
        "{name} points to {}, which is {}; it does not work for visitors and shows how your network is built.",
        list(addresses),
        class(*first).says()
    );
    let evidence = addresses.iter().map(|address| format!("{name} {address}")).collect();
    Some(finding(name, Grade::Warn, Severity::Medium, says, evidence, Some(gone(name, addresses))))
}

fn dead(name: &str, addresses: &[IpAddr]) -> Option<Finding> {
    let (verb, at) = if addresses.len() == 1 { ("refuses", "") } else { ("refuse", "all ") };
    if addresses.is_empty() {
        return None;
    }
    let says =
        format!("{name} points to {}, which {at}{verb} connections; visitors see an error there.", list(addresses));
    let evidence = addresses
        .iter()
        .flat_map(|address| [format!("{name} {address}"), format!("{address} port 443: connection refused")])
        .collect();
    Some(finding(name, Grade::Warn, Severity::Medium, says, evidence, Some(gone(name, addresses))))
}

fn list(addresses: &[IpAddr]) -> String {
    addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")
}

fn gone(name: &str, addresses: &[IpAddr]) -> String {
    addresses.iter().map(|address| format!("remove: {}", record(name, *address))).collect::<Vec<_>>().join("\n")
}

fn still_there(name: &str) -> Finding {
    let says = format!("You marked {name} as unwanted, and it is still in your DNS.");
    finding(
        name,
        Grade::Fail,
        Severity::Medium,
        says,
        vec![format!("{name}: still answers")],
        Some(format!("remove every record of {name}.")),
    )
}

fn finding(
    subject: &str,
    grade: Grade,
    severity: Severity,
    says: String,
    evidence: Vec<String>,
    paste: Option<String>,
) -> Finding {
    let says_fix = "If nothing of yours should answer there, remove the record where your DNS is managed; otherwise start the service behind it.".to_owned();
    Finding {
        subject: subject.to_owned(),
        grade,
        severity,
        says,
        evidence,
        fix: Fix { says: says_fix, paste, minutes: 10, after: vec![] },
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::Why;
    use crate::check::Status;
    use crate::facts::{Facts, Reach, RecordData};
    use crate::testing::{absent, answer, findings, healthy, host, seen, status, unseen};

    fn with_names() -> Facts {
        let mut facts = healthy();
        facts.scope.subdomains = vec!["app.example.com".to_owned(), "docs.example.com".to_owned()];
        host(&mut facts, "app.example.com", "104.18.20.11");
        absent(&mut facts, "docs.example.com");
        facts
    }

    #[test]
    fn names_that_work_pass_and_a_wildcard_is_no_find() {
        let mut facts = with_names();
        assert_eq!(status(&CHECK, &facts), Status::Pass);
        for name in ["q7x.example.com", "docs.example.com"] {
            let mut two = ["104.18.20.98", "104.18.20.99"].map(|address| RecordData::A(address.parse().unwrap()));
            if name.starts_with('d') {
                two.reverse();
            }
            answer(&mut facts, name, "A", two.to_vec());
        }
        assert_eq!(status(&CHECK, &facts), Status::Pass);
    }

    #[test]
    fn private_dead_and_unwanted_names_are_told() {
        let mut facts = with_names();
        answer(&mut facts, "app.example.com", "A", vec![RecordData::A("192.168.1.20".parse().unwrap())]);
        assert!(findings(&CHECK, &facts)[0].says.contains("192.168.1.20"));
        let mut facts = with_names();
        facts.reach.insert("app.example.com|104.18.20.11".to_owned(), seen(Reach { open: false, took_ms: 1 }));
        assert_eq!(status(&CHECK, &facts), Status::Warn);
    }

    #[test]
    fn one_name_with_two_dead_addresses_is_one_finding() {
        let mut facts = with_names();
        let two = ["5.161.44.10", "5.161.44.11"].map(|address| RecordData::A(address.parse().unwrap()));
        answer(&mut facts, "app.example.com", "A", two.to_vec());
        for address in ["5.161.44.10", "5.161.44.11"] {
            facts.reach.insert(format!("app.example.com|{address}"), seen(Reach { open: false, took_ms: 1 }));
        }
        let found = findings(&CHECK, &facts);
        assert!(found.len() == 1 && found[0].says.contains("5.161.44.10 and 5.161.44.11"), "{found:#?}");
        assert_eq!(found[0].fix.paste.as_ref().unwrap().lines().count(), 2);
    }

    #[test]
    fn silence_is_not_judged() {
        let mut facts = with_names();
        facts.reach.insert("app.example.com|104.18.20.11".to_owned(), unseen(Why::Timeout));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    }
}
