//! What mail.bimi says of the files that the record names: the logo and its certificate. All of it is advice.

use crate::check::{Finding, Fix, Grade, Severity};
use crate::facts::{BrandFile, LogoSeen};
use crate::read::bimi::mark;
use crate::read::text::clean;
use crate::{Case, Unseen};

/// The longest logo that mailboxes take, in bytes (advice of the BIMI group: 32 KB).
const LONGEST: u32 = 32 * 1024;

/// Judges both files, as far as the record names them.
pub(super) fn judge(
    case: &Case<'_>,
    logo: Option<&str>,
    certificate: Option<&str>,
    proof: &mut Vec<String>,
    found: &mut Vec<Finding>,
    unseen: &mut Vec<Unseen>,
) {
    let files = [
        ("l", logo, "logo", broken_logo as fn(&Case<'_>, &BrandFile) -> Vec<String>),
        ("a", certificate, "certificate of the logo", broken_mark),
    ];
    for (tag, url, what, wrong) in files {
        let Some(url) = url else { continue };
        let file = match case.brand(tag) {
            Ok(file) => file,
            Err(why) => {
                unseen.push(why);
                continue;
            }
        };
        let wrong = if file.status == 200 {
            wrong(case, file)
        } else {
            vec![format!("its address answers with the status {}", file.status)]
        };
        if wrong.is_empty() {
            proof.push(format!("the {what} at {} is whole", clean(url, 300)));
        } else {
            found.push(told(url, what, &wrong));
        }
    }
    if certificate.is_none() {
        proof.push("no certificate is named: Gmail and Apple Mail show the logo only with one (VMC or CMC)".to_owned());
    }
}

/// What keeps mailboxes from showing the logo.
fn broken_logo(_: &Case<'_>, file: &BrandFile) -> Vec<String> {
    let Some(LogoSeen { version, profile, title, square, placed, outward, doctype, banned }) = &file.logo else {
        return vec!["it is no SVG".to_owned()];
    };
    let mut wrong = vec![];
    let mut note = |is: bool, says: String| {
        if is {
            wrong.push(says)
        }
    };
    note(profile.as_deref() != Some("tiny-ps"), "its root lacks baseProfile=\"tiny-ps\"".to_owned());
    note(version.as_deref() != Some("1.2"), "its root lacks version=\"1.2\"".to_owned());
    note(!title, "it has no title".to_owned());
    note(*placed, "its root has an x or y".to_owned());
    note(*outward, "something in it leads outside or acts on events".to_owned());
    note(*doctype, "it declares a document type".to_owned());
    note(!banned.is_empty(), format!("the profile has no {}", banned.join(", ")));
    note(*square == Some(false), "it is not square".to_owned());
    note(file.bytes > LONGEST, format!("it has {} KB, 32 are taken", file.bytes.div_ceil(1024)));
    wrong
}

/// What keeps mailboxes from taking the certificate.
fn broken_mark(case: &Case<'_>, file: &BrandFile) -> Vec<String> {
    let Some(first) = file.chain.first() else { return vec!["there is no certificate in it (PEM)".to_owned()] };
    let read = match mark(first) {
        Ok(read) => read,
        Err(why) => return vec![why],
    };
    let (certificate, mut wrong) = (&read.certificate, vec![]);
    let mut note = |is: bool, says: String| {
        if is {
            wrong.push(says)
        }
    };
    let day = |at: jiff::Timestamp| at.strftime("%-d %B %Y").to_string();
    note(certificate.until <= case.now, format!("it ended on {}", day(certificate.until)));
    note(certificate.from > case.now, format!("it begins on {}", day(certificate.from)));
    let names = |name: &String| {
        name == case.apex() || name.strip_suffix(case.apex()).is_some_and(|rest| rest.ends_with("._bimi."))
    };
    note(!certificate.names.iter().any(names), format!("it does not name {}", case.apex()));
    note(!read.purpose, "it is not made for logos in mailboxes".to_owned());
    note(!read.logo, "there is no logo in it".to_owned());
    wrong
}

fn told(url: &str, what: &str, wrong: &[String]) -> Finding {
    let url = clean(url, 300);
    let how = if what == "logo" {
        "Export the logo as SVG Tiny PS (bimigroup.org has a converter), square and below 32 KB, and publish it at that address."
    } else {
        "Ask the authority that issued it for a new file, or take a= out of the record until there is one."
    };
    Finding {
        subject: url.clone(),
        grade: Grade::Warn,
        severity: Severity::Low,
        says: format!("Mailboxes do not take the {what}: {}.", wrong.join("; ")),
        evidence: vec![url],
        fix: Fix { says: how.to_owned(), paste: None, minutes: 30, after: vec!["mail.dmarc".to_owned()] },
    }
}
