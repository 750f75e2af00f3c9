//! http.payload_size: the page and its answers are light enough for a phone.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{BodyKind, Exchange};
use crate::{Case, Unseen, Why};

/// http.payload_size.
pub static CHECK: Check = Check {
    id: "http.payload_size",
    title: "Pages and answers are light enough for a phone",
    why: "On a train each megabyte costs seconds, and most visitors leave after three.",
    needs: &[Need::Public],
    concern: Concern::Speed,
    covers: "What travels for the front page with the scripts, styles and images that it names, packed as it is sent, and JSON answers among them. What scripts load later is not seen.",
    ask: None,
    refs: &["developer.chrome.com/docs/lighthouse/performance/total-byte-weight"],
    judge,
};

/// A page above this is heavy, bytes over the wire.
const HEAVY: u64 = 3_000_000;
/// A page above this keeps phones out, bytes over the wire.
const FAR_TOO_HEAVY: u64 = 8_000_000;
/// Scripts above this stall a phone while it reads them, bytes over the wire.
const SCRIPTS: u64 = 1_000_000;
/// A JSON answer above this should come page by page, decoded bytes.
const ANSWER: u32 = 1_000_000;
/// Files shown.
const SHOWN: usize = 8;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let (home, _) = case.home()?;
    let (mut files, mut unseen): (Vec<&Exchange>, Vec<Unseen>) = (vec![], vec![]);
    for (url, exchange) in case.exchanges("home").chain(case.exchanges("asset")) {
        match exchange {
            Ok(exchange) if exchange.status == 200 => {
                unseen.extend(exchange.body.truncated.then(|| cut(exchange)));
                files.push(exchange);
            }
            Ok(_) => {}
            Err(why) if case.ours(url) => unseen.push(why),
            Err(_) => {}
        }
    }
    files.sort_by_key(|file| std::cmp::Reverse(file.body.wire));
    let weight = |files: &[&Exchange]| files.iter().map(|file| u64::from(file.body.wire)).sum::<u64>();
    let (scripts, all) = (files.iter().copied().filter(script).collect::<Vec<_>>(), weight(&files));
    let proof = vec![
        format!("{} files of {}, {} over the wire", files.len(), home.url, megabytes(all)),
        format!("{} scripts among them, {}", scripts.len(), megabytes(weight(&scripts))),
    ];
    let mut findings = vec![];
    if all > HEAVY {
        let (grade, severity) =
            if all > FAR_TOO_HEAVY { (Grade::Fail, Severity::High) } else { (Grade::Warn, Severity::Medium) };
        let says = format!("The front page weighs {}, too much for a phone on the road.", megabytes(all));
        let how =
            "Begin with the heaviest files below: scale images, split scripts, and load what is below the fold later.";
        findings.push(finding(&home.url, grade, severity, says, lines(&files), how));
    }
    if weight(&scripts) > SCRIPTS {
        let says = format!(
            "The scripts of the front page weigh {}, which stalls a phone for seconds.",
            megabytes(weight(&scripts))
        );
        let how = "Load the parts of the program when they are needed (dynamic import), and drop libraries that a page does not use.";
        findings.push(finding(&home.url, Grade::Warn, Severity::Medium, says, lines(&scripts), how));
    }
    let answers: Vec<&Exchange> =
        files.iter().copied().filter(|file| file.body.kind == BodyKind::Json && file.body.bytes > ANSWER).collect();
    if !answers.is_empty() {
        let says = "An answer of the programming interface is larger than a megabyte.".to_owned();
        findings.push(finding(
            &home.url,
            Grade::Warn,
            Severity::Medium,
            says,
            lines(&answers),
            "Send long lists page by page and leave out fields that nobody shows.",
        ));
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

fn cut(exchange: &Exchange) -> Unseen {
    let read = megabytes(u64::from(exchange.body.bytes));
    Unseen {
        what: exchange.url.clone(),
        why: Why::Garbled,
        says: format!("it is too long to read as a whole; only its first {read} were read, so its weight is not known"),
        way: "weigh it by hand".to_owned(),
    }
}

fn script(exchange: &&Exchange) -> bool {
    exchange.header("content-type").any(|kind| kind.to_ascii_lowercase().contains("javascript"))
}

fn lines(files: &[&Exchange]) -> Vec<String> {
    files.iter().take(SHOWN).map(|file| format!("{}: {}", file.url, megabytes(u64::from(file.body.wire)))).collect()
}

fn megabytes(bytes: u64) -> String {
    let thousands = bytes.div_ceil(1000);
    if thousands < 1000 {
        format!("{thousands} kB")
    } else {
        format!("{}.{} MB", thousands / 1000, thousands % 1000 / 100)
    }
}

fn finding(subject: &str, grade: Grade, severity: Severity, says: String, evidence: Vec<String>, how: &str) -> Finding {
    let fix = Fix { says: how.to_owned(), paste: None, minutes: 120, after: vec!["http.compression".to_owned()] };
    Finding { subject: subject.to_owned(), grade, severity, says, evidence, fix }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::Why;
    use crate::check::{Grade, Status};
    use crate::facts::Facts;
    use crate::testing::{exchange, findings, header, healthy, put, status, unseen};

    const APP: &str = "https://example.com/app.js";

    fn site(kind: &str, wire: u32) -> Facts {
        let mut facts = healthy();
        let mut file = exchange(APP, 200, b"x");
        file.headers.push(header("content-type", kind));
        file.body.wire = wire;
        put(&mut facts, "asset", file);
        facts
    }

    #[test]
    fn a_light_page_passes() {
        assert_eq!(status(&CHECK, &site("text/javascript", 240_000)), Status::Pass);
    }

    #[test]
    fn heavy_pages_scripts_and_answers_are_told() {
        assert_eq!(findings(&CHECK, &site("image/png", 3_200_000))[0].grade, Grade::Warn);
        assert_eq!(findings(&CHECK, &site("image/png", 9_000_000))[0].grade, Grade::Fail);
        assert_eq!(findings(&CHECK, &site("text/javascript", 1_100_000)).len(), 1);
        let mut facts = healthy();
        put(&mut facts, "asset", exchange(APP, 200, format!("[{}]", "1,".repeat(600_000)).as_bytes()));
        assert!(findings(&CHECK, &facts)[0].says.contains("larger than a megabyte"));
    }

    #[test]
    fn silence_is_not_judged() {
        let mut facts = healthy();
        facts.exchanges.insert(format!("asset {APP}"), unseen(Why::Timeout));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    }
}
