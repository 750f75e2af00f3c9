//! dns.apex: the bare domain leads to addresses that take connections.

use super::www::{Named, addresses};
use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::{Case, Unseen};

/// dns.apex.
pub static CHECK: Check = Check {
    id: "dns.apex",
    title: "The bare domain leads to servers that answer",
    why: "People type the bare domain; when it leads nowhere, every visitor, login and link is lost.",
    needs: &[Need::Public],
    concern: Concern::Reach,
    covers: "A and AAAA records of the bare domain, and a connection to port 443 of each address.",
    ask: None,
    refs: &["RFC 1035 §3.4.1", "RFC 3596", "RFC 6890", "RFC 8305"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let name = case.apex();
    let found = case.addresses(name)?;
    if found.is_empty() {
        let says = if case.exists(name)? {
            format!("{name} has no address, so browsers cannot open it.")
        } else {
            format!(
                "{name} does not exist in DNS: it is not registered, or its registrar does not know its name servers."
            )
        };
        return Ok(Verdict::judged(vec![], vec![nowhere(name, says)], vec![]));
    }
    Ok(addresses(case, &Named { name, silent: Severity::High }, &found))
}

fn nowhere(name: &str, says: String) -> Finding {
    Finding {
        subject: name.to_owned(),
        grade: Grade::Fail,
        severity: Severity::Critical,
        says,
        evidence: vec![format!("{name} A: none"), format!("{name} AAAA: none")],
        fix: Fix {
            says: "Add the address that your hosting provider gives for the bare domain (an A record; some providers call it ALIAS or ANAME) where your DNS is managed.".to_owned(),
            paste: Some(format!("{name}. 300 IN A <address from your hosting provider>")),
            minutes: 15,
            after: vec![],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::Why;
    use crate::check::{Severity, Status};
    use crate::facts::{Reach, RecordData};
    use crate::testing::{absent, answer, findings, healthy, seen, status, unseen};

    #[test]
    fn a_site_that_answers_passes() {
        assert_eq!(status(&CHECK, &healthy()), Status::Pass);
    }

    #[test]
    fn no_address_private_addresses_and_dead_ipv6_fail() {
        let mut facts = healthy();
        absent(&mut facts, "example.com");
        assert!(findings(&CHECK, &facts)[0].says.contains("not registered"));
        answer(&mut facts, "example.com", "A", vec![]);
        assert_eq!(findings(&CHECK, &facts)[0].severity, Severity::Critical);

        let mut facts = healthy();
        answer(&mut facts, "example.com", "A", vec![RecordData::A("10.0.0.12".parse().unwrap())]);
        assert!(findings(&CHECK, &facts)[0].says.contains("10.0.0.12"));

        let mut facts = healthy();
        answer(&mut facts, "example.com", "AAAA", vec![RecordData::Aaaa("2606:4700::1".parse().unwrap())]);
        facts.reach.insert("example.com|2606:4700::1".to_owned(), seen(Reach { open: false, took_ms: 1 }));
        assert_eq!(findings(&CHECK, &facts)[0].severity, Severity::High);
    }

    #[test]
    fn what_was_not_seen_is_not_judged() {
        let mut facts = healthy();
        facts.reach.insert("example.com|104.18.20.10".to_owned(), unseen(Why::Timeout));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
        facts.dns.insert("example.com A".to_owned(), unseen(Why::Busy));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    }
}
