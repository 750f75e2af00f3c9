//! mail.bimi: the record that lets mailboxes show the company's logo is whole, where there is one.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::read::dkim::tags;
use crate::read::dmarc::{self, Policy};
use crate::read::spf::line;
use crate::read::text::clean;
use crate::{Case, Unseen};

#[path = "bimi_files.rs"]
mod files;

/// mail.bimi.
pub static CHECK: Check = Check {
    id: "mail.bimi",
    title: "Your logo can be shown beside your mail",
    why: "A logo helps people to tell your mail from forgeries; it comes last, after proof of origin.",
    needs: &[Need::Public],
    concern: Concern::Mail,
    covers: "The record under the selector default, the policy that it rests on, the profile of the logo, the names, dates, purpose and signatures of its certificate, and whether it is of the logo that is served; which authorities a mailbox takes is its own affair. A domain without it passes with advice.",
    ask: None,
    refs: &[
        "draft-brand-indicators-for-message-identification §4.3, §7.1",
        "draft-svg-tiny-ps-abrotman §2",
        "RFC 9399 §4",
        "RFC 9989 §4.7",
    ],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let name = format!("default._bimi.{}", case.apex());
    let is_bimi = |text: &String| text.trim_start().to_ascii_uppercase().starts_with("V=BIMI1");
    let texts: Vec<String> = case.dns(&name, "TXT")?.texts().filter(is_bimi).collect();
    let told = |says: &str, how: &str, paste| finding(&name, says, &texts, how, paste);
    let [text] = texts.as_slice() else {
        if texts.is_empty() {
            let advice = "no BIMI record: nothing to do before DMARC says quarantine or reject; mailboxes then want a logo as SVG and mostly a certificate for it";
            return Ok(Verdict::judged(vec![advice.to_owned()], vec![], vec![]));
        }
        let found = told("There is more than one BIMI record, so no logo is shown.", "Keep one of them.", None);
        return Ok(Verdict::judged(vec![], vec![found], vec![]));
    };
    let read = tags(text).unwrap_or_default();
    let tag =
        |wanted: &str| read.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.as_str());
    let logo = tag("l");
    if logo.is_some_and(str::is_empty) && tag("a").unwrap_or_default().is_empty() {
        return Ok(Verdict::judged(vec!["the domain says that it wants no logo shown".to_owned()], vec![], vec![]));
    }
    let mut found = vec![];
    // §4.3: receivers forgive neither another word nor other capitals.
    if read.first().is_none_or(|(name, version)| (name.as_str(), version.as_str()) != ("v", "BIMI1")) {
        let says = "The BIMI record does not begin with v=BIMI1 in these very letters, so mailboxes skip it.";
        let rest = read.iter().skip(1).map(|(name, value)| format!("; {name}={value}")).collect::<String>();
        let whole = clean(&format!("v=BIMI1{rest}"), 600);
        found.push(told(says, "Publish it with v=BIMI1 at its beginning.", Some(line(&name, 3600, &whole))));
    }
    // §4.3.2: plain or packed by gzip.
    let drawn = |logo: &str| [".svg", ".svgz"].iter().any(|end| logo.to_ascii_lowercase().ends_with(end));
    if !logo.is_some_and(|logo| logo.starts_with("https://") && drawn(logo)) {
        let says = "The BIMI record names no logo as an SVG file over https, so none is shown.";
        found.push(told(
            says,
            "Publish the logo as SVG (profile Tiny PS) over https and name its address after l=.",
            None,
        ));
    }
    let policy = case.dns(&format!("_dmarc.{}", case.apex()), "TXT")?;
    let policy = policy.texts().find_map(|text| Some((dmarc::parse(&text).ok()?, text)));
    let applied = policy.as_ref().map_or(Policy::None, |(record, _)| record.applied());
    if applied == Policy::None {
        let says = "There is a BIMI record, and no mailbox shows the logo while the DMARC policy only watches.";
        let how = "Change the DMARC policy to quarantine or reject first; until then this record can go.";
        found.push(told(says, how, Some(format!("remove: {}", line(&name, 3600, text)))));
    }
    // §7.1: a policy that spares sub-domains or a part of the mail counts as none, on mail of the domain itself too.
    if let Some((record, text)) = policy.filter(|_| applied != Policy::None) {
        let spared = tags(&text).unwrap_or_default();
        let part = spared.iter().find(|(name, share)| name.eq_ignore_ascii_case("pct") && share != "100");
        let (says, how) = match part {
            _ if record.subdomains == Some(Policy::None) => (
                "There is a BIMI record, and no mailbox shows the logo while the DMARC record says sp=none.",
                "Take sp=none out of the DMARC record, once every sub-domain proves its mail.",
            ),
            Some(_) => (
                "There is a BIMI record, and no mailbox shows the logo while the DMARC policy counts for a part of the mail (pct).",
                "Take pct out of the DMARC record; today's receivers ignore it anyway (RFC 9989).",
            ),
            None => ("", ""),
        };
        if !says.is_empty() {
            found.push(told(says, how, None));
        }
    }
    let mut proof = vec![format!("{name} TXT {}", clean(text, 300))];
    let mut unseen = vec![];
    if found.is_empty() {
        let address = |wanted: &str| tag(wanted).filter(|address| address.starts_with("https://"));
        let files = files::judge(case, address("l"), address("a"));
        proof.extend(files.proof);
        found.extend(files.found);
        unseen.extend(files.unseen);
    }
    Ok(Verdict::judged(proof, found, unseen))
}

fn finding(name: &str, says: &str, texts: &[String], how: &str, paste: Option<String>) -> Finding {
    Finding {
        subject: name.to_owned(),
        grade: Grade::Warn,
        severity: Severity::Low,
        says: says.to_owned(),
        evidence: texts.iter().take(4).map(|text| format!("{name} TXT {}", clean(text, 300))).collect(),
        fix: Fix { says: how.to_owned(), paste, minutes: 30, after: vec!["mail.dmarc".to_owned()] },
    }
}

#[cfg(test)]
#[path = "bimi_tests.rs"]
mod tests;
