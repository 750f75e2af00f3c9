//! domain.registration: the registry holds the domain, it is not about to lapse, nobody can move it away, and DNS says the same.

#[path = "registration_findings.rs"]
mod findings;

use crate::check::{Check, Concern, Finding, Need, Verdict};
use crate::facts::{Choice, Registered, Registration};
use crate::{Case, Unseen, Why};
use std::collections::BTreeSet;

/// domain.registration.
pub static CHECK: Check = Check {
    id: "domain.registration",
    title: "The domain is registered, locked and not about to lapse",
    why: "A domain that lapses or is moved away takes the site, the mail and every login link with it.",
    needs: &[Need::Public],
    concern: Concern::Control,
    covers: "The registry's own answer over RDAP: registrar, end date, statuses, transfer lock, name servers and DNSSEC, the last two compared with DNS.",
    ask: Some("At which registrar is the domain, when does it run out, and is it locked against transfers?"),
    refs: &["RFC 9083", "RFC 9224", "RFC 8056", "EPP status codes (ICANN)"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let seen = case.registration()?;
    let Some(server) = &seen.server else { return answered(case, seen) };
    let Some(record) = &seen.record else { return unregistered(case, seen, server) };
    let mut unseen = vec![];
    let mut found: Vec<Finding> = findings::statuses(seen, record);
    match record.expires {
        Some(expires) => found.extend(findings::expiry(seen, expires, case.now)),
        // Some registries renew without a date (.de); a person cannot be told how long is left.
        None => {
            unseen.push(gap(seen, "the registry does not say when the registration runs out", "look at your registrar"))
        }
    }
    found.extend(findings::lock(seen, record));
    match case.delegation().and_then(|delegation| delegation.parent.seen().map(|parent| (delegation, parent))) {
        Ok((delegation, parent)) if delegation.zone == seen.domain && !record.nameservers.is_empty() => {
            let (registry, dns): (BTreeSet<_>, BTreeSet<_>) =
                (record.nameservers.iter().collect(), parent.iter().collect());
            found.extend((registry != dns).then(|| findings::nameservers(seen, &registry, &dns)));
        }
        Ok(_) => {}
        Err(why) => unseen.push(why),
    }
    if let Some(signed) = record.signed {
        match case.dns(&seen.domain, "DS") {
            Ok(answer) => {
                let ds = answer.of(&seen.domain, "DS").next().is_some();
                found.extend((ds != signed).then(|| findings::signed(seen, signed)));
            }
            Err(why) => unseen.push(why),
        }
    }
    Ok(Verdict::judged(proof(seen, record, server), found, unseen))
}

fn proof(seen: &Registration, record: &Registered, server: &str) -> Vec<String> {
    let day = |time: jiff::Timestamp| time.strftime("%-d %B %Y").to_string();
    let mut lines = vec![format!("{} at {server}", seen.domain)];
    if let Some(registrar) = &record.registrar {
        let id = record.registrar_id.as_ref().map_or_else(String::new, |id| format!(" (IANA {id})"));
        lines.push(format!("registrar: {registrar}{id}"));
    }
    lines.extend(record.registered.map(|at| format!("registered: {}", day(at))));
    lines.extend(record.expires.map(|at| format!("runs out: {}", day(at))));
    if !record.statuses.is_empty() {
        lines.push(format!("status: {}", record.statuses.join(", ")));
    }
    lines.extend(record.signed.map(|signed| format!("DNSSEC at the registry: {}", if signed { "yes" } else { "no" })));
    lines
}

/// An ending without RDAP: only a person can tell.
fn answered(case: &Case<'_>, seen: &Registration) -> Result<Verdict, Unseen> {
    let answer = case.answer(CHECK.id).map_err(|why| {
        let ending = seen.domain.rsplit('.').next().unwrap_or_default();
        let says = format!("the registry of .{ending} answers no questions over RDAP");
        let way = "look at your registrar and answer the question on this item".to_owned();
        Unseen { says, way, ..why }
    })?;
    Ok(match answer.choice {
        Choice::NotApplicable => Verdict::NotApplicable(answer.note.clone()),
        Choice::Yes => Verdict::judged(vec![format!("a person says: {}", answer.note)], vec![], vec![]),
        Choice::No => Verdict::judged(vec![], vec![findings::told(seen, &answer.note)], vec![]),
    })
}

/// A registry that holds no such domain is believed only when DNS does not hold it either.
fn unregistered(case: &Case<'_>, seen: &Registration, server: &str) -> Result<Verdict, Unseen> {
    if case.exists(&seen.domain)? {
        return Err(gap(
            seen,
            &format!("{server} knows no such domain, yet DNS answers for it"),
            "ask your registrar; the registry's public record may lag behind or lie at another server",
        ));
    }
    Ok(Verdict::judged(vec![], vec![findings::absent(seen, server)], vec![]))
}

fn gap(seen: &Registration, says: &str, way: &str) -> Unseen {
    let what = format!("registration of {}", seen.domain);
    Unseen { what, why: Why::Beyond, says: says.to_owned(), way: way.to_owned() }
}

#[cfg(test)]
#[path = "registration_tests.rs"]
mod tests;
