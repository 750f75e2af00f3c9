//! http.exposed_files: nothing private can be fetched from the site.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::Exchange;
use crate::read::exposed::{Group, groups};
use crate::{Case, Unseen, Why};
use url::Url;

/// http.exposed_files.
pub static CHECK: Check = Check {
    id: "http.exposed_files",
    title: "No private file can be fetched from the site",
    why: "Robots try these addresses on every site within hours: one forgotten file hands over the code, the keys or the customers.",
    needs: &[Need::Public],
    concern: Concern::Data,
    covers: "About fifty usual addresses on the host of the front page, asked with GET; a find counts only when the content proves it and the answer to a nonsense address does not look the same.",
    ask: None,
    refs: &["OWASP WSTG-CONF-04", "CWE-538", "assets/data/exposed.toml"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let (home, _) = case.home()?;
    let control = case.nonsense()?;
    let base = Url::parse(&home.url).map_err(|_| garbled(&home.url))?;
    let (mut asked, mut findings, mut unseen) = (0, vec![], vec![]);
    for group in groups() {
        for url in group.paths.iter().filter_map(|path| base.join(path).ok()) {
            match case.exchange("exposed", url.as_str()) {
                Ok(exchange) => {
                    asked += 1;
                    findings.extend(shown(group, exchange, control).map(|sign| finding(group, exchange, sign)));
                }
                Err(why) if unseen.iter().all(|known: &Unseen| known.why != why.why) => unseen.push(why),
                Err(_) => {}
            }
        }
    }
    let proof = vec![
        format!("{asked} addresses of private files asked for at {}", base.origin().ascii_serialization()),
        format!("a nonsense address is answered with HTTP {}", control.status),
    ];
    Ok(Verdict::judged(proof, findings, unseen))
}

/// The sign by which the content is what its address promises.
fn shown<'a>(group: &'a Group, exchange: &Exchange, control: &Exchange) -> Option<&'a str> {
    let served = matches!(exchange.status, 200 | 203 | 206) && exchange.body.sha256 != control.body.sha256;
    let holds = |sign: &&String| exchange.body.signs.contains(sign) && !control.body.signs.contains(sign);
    group.signs.iter().find(holds).map(String::as_str).filter(|_| served)
}

fn finding(group: &Group, exchange: &Exchange, sign: &str) -> Finding {
    let path = Url::parse(&exchange.url).map_or_else(|_| exchange.url.clone(), |url| url.path().to_owned());
    // Settings without a key in them tell less.
    let mild = sign == "dotenv" && !exchange.body.signs.iter().any(|other| other == "dotenv-secret");
    let severity = if mild { Severity::High } else { group.severity };
    let stem = path.rsplit('/').next().unwrap_or_default();
    Finding {
        subject: exchange.url.clone(),
        grade: if severity >= Severity::High { Grade::Fail } else { Grade::Warn },
        severity,
        says: format!("{} shows {} to everybody: {}.", exchange.url, group.what, group.harm),
        evidence: vec![format!(
            "GET {} → {}, {} bytes, recognised by its content ({sign})",
            exchange.url, exchange.status, exchange.body.bytes
        )],
        fix: Fix {
            says: format!("{} At nginx, this closes the address at once.", group.fix),
            paste: Some(format!("location ~ /{}$ {{\n    return 404;\n}}", stem.replace('.', "\\."))),
            minutes: if severity == Severity::Critical { 60 } else { 20 },
            after: vec![],
        },
    }
}

fn garbled(url: &str) -> Unseen {
    let says = "the address of the front page cannot be read".to_owned();
    Unseen { what: url.to_owned(), why: Why::Garbled, says, way: "run the audit again".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::Why;
    use crate::check::{Grade, Severity, Status};
    use crate::facts::Facts;
    use crate::read::exposed::paths;
    use crate::testing::{exchange, findings, healthy, put, status, unseen};

    fn closed() -> Facts {
        let mut facts = healthy();
        put(&mut facts, "nonsense", exchange("https://example.com/qx", 404, b"not here"));
        for path in paths() {
            put(&mut facts, "exposed", exchange(&format!("https://example.com{path}"), 404, b"not here"));
        }
        facts
    }

    #[test]
    fn closed_addresses_pass_and_so_does_a_page_for_everything() {
        assert_eq!(status(&CHECK, &closed()), Status::Pass);
        let mut facts = closed();
        let page =
            b"<!doctype html><title>Shop</title><script>ref: refs/heads/main [core] repositoryformatversion</script>";
        put(&mut facts, "nonsense", exchange("https://example.com/qx", 200, page));
        for path in paths() {
            put(&mut facts, "exposed", exchange(&format!("https://example.com{path}"), 200, page));
        }
        assert_eq!(status(&CHECK, &facts), Status::Pass);
    }

    #[test]
    fn content_decides_and_not_the_status() {
        let mut facts = closed();
        put(&mut facts, "exposed", exchange("https://example.com/.env", 200, b"DB_PASSWORD=hunter22\n"));
        put(&mut facts, "exposed", exchange("https://example.com/.git/HEAD", 200, b"ref: refs/heads/main\n"));
        put(&mut facts, "exposed", exchange("https://example.com/backup.sql", 200, b"there is no backup"));
        put(&mut facts, "exposed", exchange("https://example.com/metrics", 401, b"# HELP a b\n# TYPE a gauge\n"));
        let found = findings(&CHECK, &facts);
        let told: Vec<_> = found.iter().map(|finding| (finding.subject.as_str(), finding.severity)).collect();
        assert_eq!(
            told,
            [("https://example.com/.git/HEAD", Severity::Critical), ("https://example.com/.env", Severity::Critical)]
        );
        assert!(found.iter().all(|finding| finding.grade == Grade::Fail));
        assert!(!format!("{found:?}").contains("hunter22"));
    }

    #[test]
    fn without_the_control_nothing_is_told() {
        let mut facts = closed();
        facts.exchanges.insert("nonsense https://example.com/qx".to_owned(), unseen(Why::Busy));
        put(&mut facts, "exposed", exchange("https://example.com/.env", 200, b"DB_PASSWORD=hunter22\n"));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
        let mut facts = closed();
        facts.exchanges.insert("exposed https://example.com/.env".to_owned(), unseen(Why::Timeout));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    }
}
