//! auth.callback: signing in with another service leads back to the product's own address.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::checks::http::preview_hosts::inner;
use crate::facts::{Choice, Discovery, OauthStart};
use crate::read::login_service;
use crate::{Case, Unseen, Why};
use url::Url;

/// auth.callback.
pub static CHECK: Check = Check {
    id: "auth.callback",
    title: "The login service sends people back to your main address",
    why: "A wrong return address ends each sign-up with an error page, or hands the fresh login to whoever owns that address.",
    needs: &[Need::Public, Need::Person],
    concern: Concern::Trust,
    covers: "Discovery documents of the hosts that were found or named, and logins with another service that begin at an address you named or at a link of your pages: where they say people are sent back to. Nothing is entered anywhere, and the service itself is not asked.",
    ask: Some("Do the settings of the login provider name the product's main address as the only return address?"),
    refs: &["OpenID Connect Discovery 1.0 §4.3", "RFC 8414 §3.3", "RFC 9700 §2.1", "RFC 6749 §3.1.2"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    if let Some(reason) = case.without_login() {
        return Ok(Verdict::NotApplicable(reason));
    }
    let answer = case.answer(CHECK.id).ok();
    if let Some(answer) = answer.filter(|answer| answer.choice == Choice::NotApplicable) {
        return Ok(Verdict::NotApplicable(answer.note.clone()));
    }
    let (mut proof, mut findings, mut unseen) = (vec![], vec![], vec![]);
    for (url, fact) in &case.facts.discoveries {
        match fact.seen() {
            Ok(Some(document)) => document_of(case, url, document, &mut proof, &mut findings),
            Ok(None) => {}
            Err(why) => unseen.push(why),
        }
    }
    for (start, fact) in &case.facts.oauth {
        match fact.seen() {
            Ok(seen) => start_of(case, start, seen, (&mut proof, &mut findings, &mut unseen)),
            Err(why) => unseen.push(why),
        }
    }
    match answer.map(|answer| answer.choice) {
        Some(Choice::No) => findings.push(told()),
        Some(Choice::Yes) => proof.push("you said that the settings of the provider name no other address".to_owned()),
        _ => {}
    }
    if proof.is_empty() && findings.is_empty() && unseen.is_empty() {
        return Err(Unseen {
            what: "login with another service".to_owned(),
            why: Why::NotAnswered,
            says: "no login with another service was found on the pages".to_owned(),
            way: "name the address where it begins, or say on this item that there is none".to_owned(),
        });
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

fn document_of(case: &Case<'_>, url: &str, seen: &Discovery, proof: &mut Vec<String>, findings: &mut Vec<Finding>) {
    let expected = url.split("/.well-known/").next().unwrap_or(url);
    let fields = std::iter::once(("issuer", &seen.issuer)).chain(seen.endpoints.iter().map(|(n, a)| (n.as_str(), a)));
    let wrong: Vec<(String, &'static str)> =
        fields.filter_map(|(name, address)| Some((format!("{name}: {address}"), unfit(case, address)?))).collect();
    if let Some((_, why)) = wrong.first() {
        let says = format!("The login's own description at {url} names an address that {why}.");
        let how = "Set the public address of the product in the settings of the login server; such addresses come from a default or a copy of the developer's settings.";
        findings.push(finding(url, Severity::High, says, wrong.iter().map(|(line, _)| line.clone()).collect(), how));
    } else if seen.issuer.trim_end_matches('/') != expected.trim_end_matches('/') {
        let says = format!(
            "The login's own description at {url} gives another name for itself, so programs that check it refuse every login."
        );
        let how = "Set the issuer of the login server to the address that its description is fetched from.";
        let evidence = vec![format!("issuer: {}", seen.issuer), format!("expected: {expected}")];
        findings.push(finding(url, Severity::Medium, says, evidence, how));
    } else {
        proof.push(format!(
            "{url}: issuer {} and {} addresses, all encrypted and public",
            seen.issuer,
            seen.endpoints.len()
        ));
    }
}

fn start_of(
    case: &Case<'_>,
    start: &str,
    seen: &OauthStart,
    (proof, findings, unseen): (&mut Vec<String>, &mut Vec<Finding>, &mut Vec<Unseen>),
) {
    let service = seen.service.as_deref().unwrap_or("the login service");
    for (parameter, address) in &seen.back {
        let evidence = vec![format!("GET {start} → {service} with {parameter}={address}")];
        let how = "Correct the return address in the settings of the product, and remove every other one from the list of allowed addresses at the login service.";
        let mut fail = |severity, says| findings.push(finding(start, severity, says, evidence.clone(), how));
        if let Some(why) = unfit(case, address) {
            fail(Severity::High, format!("Signing in at {start} sends people back to {address}, which {why}."));
        } else if let Some(main) = other_form(case, address) {
            fail(
                Severity::Medium,
                format!(
                    "Signing in at {start} sends people back to {address} instead of {main}, where they are not signed in."
                ),
            );
        } else if !case.ours(address) && !known(address) {
            // The list can never be whole: a login service that it lacks is no fault of the product.
            match case.answer(CHECK.id).map(|answer| answer.choice) {
                Ok(Choice::Yes) => proof.push(format!("{start} → {service}, back to {address}, which you know")),
                _ => unseen.push(stranger(start, address)),
            }
        } else {
            proof.push(format!("{start} → {service}, back to {address}"));
        }
    }
}

/// What is wrong with an address that people or programs are sent to, whoever it belongs to. Addresses of installed apps have a scheme of
/// their own (RFC 8252 §7.1).
fn unfit(case: &Case<'_>, address: &str) -> Option<&'static str> {
    let url = Url::parse(address).ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    if inner(case, address) {
        return Some("leads to a developer's machine or a trial copy");
    }
    (url.scheme() == "http").then_some("is not encrypted")
}

/// The product's main address, where this is its other form (with or without www).
fn other_form(case: &Case<'_>, address: &str) -> Option<String> {
    let host = Url::parse(address).ok()?.host_str()?.to_owned();
    let main = Url::parse(&case.home().ok()?.0.url).ok()?;
    let forms = [case.apex().to_owned(), case.www()];
    (forms.contains(&host) && main.host_str() != Some(host.as_str())).then(|| main.origin().ascii_serialization())
}

fn stranger(start: &str, address: &str) -> Unseen {
    Unseen {
        what: format!("where signing in at {start} leads back to"),
        why: Why::NotAnswered,
        says: format!(
            "people are sent back to {address}, which is no address of this product and no login service of the list of {}",
            login_service::as_of()
        ),
        way: "say on this item whether that address is your login service's; if it is not, take it out of the settings of the login at once".to_owned(),
    }
}

fn known(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    !matches!(url.scheme(), "http" | "https") || url.host_str().is_some_and(login_service::is)
}

fn told() -> Finding {
    let says = "You said that the login provider may send people back to another address than the main one.".to_owned();
    let how = "Remove every return address but the main one from the settings of the login provider.";
    finding("login provider", Severity::Medium, says, vec!["your answer: no".to_owned()], how)
}

fn finding(subject: &str, severity: Severity, says: String, evidence: Vec<String>, how: &str) -> Finding {
    let fix = Fix { says: how.to_owned(), paste: None, minutes: 20, after: vec!["http.canonical".to_owned()] };
    Finding { subject: subject.to_owned(), grade: Grade::Fail, severity, says, evidence, fix }
}

#[cfg(test)]
#[path = "callback_tests.rs"]
mod tests;
