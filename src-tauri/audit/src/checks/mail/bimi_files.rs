//! What mail.bimi says of the files that the record names: the logo and its certificate. All of it is advice.

use crate::check::{Finding, Fix, Grade, Severity};
use crate::facts::{BrandFile, LogoSeen};
use crate::read::bimi::{Signed, mark, signed};
use crate::read::text::clean;
use crate::{Case, Unseen, Why};

/// The longest logo that mailboxes take, in bytes (advice of the BIMI group: 32 KB).
const LONGEST: u32 = 32 * 1024;

/// What was made of the files.
#[derive(Default)]
pub(super) struct Files {
    pub(super) proof: Vec<String>,
    pub(super) found: Vec<Finding>,
    pub(super) unseen: Vec<Unseen>,
}

/// Judges both files, as far as the record names them.
pub(super) fn judge(case: &Case<'_>, logo: Option<&str>, certificate: Option<&str>) -> Files {
    let mut files = Files::default();
    let shown = logo.and_then(|url| files.take(case, "l", url, "logo", broken_logo));
    let Some(url) = certificate else {
        let says = "no certificate is named: Gmail and Apple Mail show the logo only with one (VMC or CMC)";
        files.proof.push(says.to_owned());
        return files;
    };
    if let Some(file) = files.take(case, "a", url, "certificate of the logo", broken_mark) {
        files.signatures(case, url, file);
        if let (Some(logo), Some(shown)) = (logo, shown) {
            files.likeness(logo, shown, file);
        }
    }
    files
}

impl Files {
    /// One file, where it is what it should be.
    fn take<'a>(
        &mut self,
        case: &Case<'a>,
        tag: &str,
        url: &str,
        what: &str,
        wrong: fn(&Case<'_>, &BrandFile) -> Vec<String>,
    ) -> Option<&'a BrandFile> {
        let file = match case.brand(tag) {
            Ok(file) => file,
            Err(why) => {
                self.unseen.push(why);
                return None;
            }
        };
        let wrong = match file.status {
            200 => wrong(case, file),
            status => vec![format!("its address answers with the status {status}")],
        };
        if wrong.is_empty() {
            self.proof.push(format!("the {what} at {} is whole", clean(url, 300)));
            return Some(file);
        }
        self.found.push(told(url, what, &wrong));
        None
    }

    /// Whether each certificate is signed by the next.
    fn signatures(&mut self, case: &Case<'_>, url: &str, file: &BrandFile) {
        let open = |says: String, way: &str| Unseen {
            what: "signatures of the logo's certificate".to_owned(),
            why: Why::Beyond,
            says,
            way: way.to_owned(),
        };
        match signed(&file.chain, case.now) {
            Signed::Whole(who) => self.proof.push(format!(
                "the certificate of the logo is signed, up to {who}; each mailbox decides itself which authorities it takes"
            )),
            Signed::Broken(says) => self.found.push(told(url, "certificate of the logo", &[says])),
            Signed::Alone(who) => self.unseen.push(open(
                format!("the file holds no certificate of {who}, which signed it, so the signature cannot be verified"),
                "ask the authority for the file with its own certificates in it, and publish that one",
            )),
            Signed::Unknown(says) => self.unseen.push(open(says, "ask the authority that issued it which mailboxes take it")),
        }
    }

    /// Whether the certificate is of the logo that is served.
    fn likeness(&mut self, url: &str, shown: &BrandFile, file: &BrandFile) {
        let held = file.chain.first().and_then(|first| mark(first).ok()?.logo);
        match held.and_then(|held| held.shows(&shown.digest)) {
            Some(true) => self.proof.push("the logo is the one in the certificate".to_owned()),
            Some(false) => self.found.push(other_logo(url)),
            None => self.unseen.push(Unseen {
                what: "logo in the certificate".to_owned(),
                why: Why::Beyond,
                says: "the certificate states no digest of its logo that can be compared here".to_owned(),
                way: "compare the logo that you publish with the one that you gave to the authority".to_owned(),
            }),
        }
    }
}

/// The file that is served is not the one that the authority looked at.
fn other_logo(url: &str) -> Finding {
    let says = "The logo that you publish is not the one in its certificate, so mailboxes show none.";
    let how = "Publish the very file that you gave to the authority, unchanged, or ask it for a certificate of the present logo.";
    let told = told(url, "logo", &[]);
    Finding { says: says.to_owned(), fix: Fix { says: how.to_owned(), ..told.fix }, ..told }
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
    note(read.logo.is_none(), "there is no logo in it".to_owned());
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
