//! http.pagination: a list comes page by page, whatever the asker wishes.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::Exchange;
use crate::read::place::{Kind, Place};
use crate::{Case, Unseen, Why};

/// http.pagination.
pub static CHECK: Check = Check {
    id: "http.pagination",
    title: "Long lists come page by page",
    why: "Your best customers have the longest lists, so a list without an end fails first for those who pay most.",
    needs: &[Need::Auth],
    concern: Concern::Speed,
    covers: "The lists that you named, and data addresses that answer with a list (JSON): how many entries come at once, whether the answer tells of a next page, and what happens when 100,000 entries are asked for.",
    ask: None,
    refs: &["RFC 8288", "OWASP API4:2023", "CWE-770"],
    judge,
};

/// Entries that one answer may hold without a word about further pages.
const UNMARKED: u32 = 100;
/// Entries that are too many for one answer, whatever it says.
const TOO_MANY: u32 = 1_000;
/// The sign of fields that tell of further pages or of how many there are.
const PAGES: &str = "list-pages";

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    if let Some(reason) = case.without_login() {
        return Ok(Verdict::NotApplicable(reason));
    }
    let (mut proof, mut findings, mut unseen) = (vec![], vec![], vec![]);
    let mut lists = 0;
    for place in case.places(&[Kind::List, Kind::Data])? {
        let first = match list(case, &place) {
            Ok(Some(first)) => first,
            Ok(None) => continue,
            Err(why) => {
                unseen.push(why);
                continue;
            }
        };
        lists += 1;
        match judged(case, &place, first) {
            Ok(Ok(line)) => proof.push(line),
            Ok(Err(finding)) => findings.push(finding),
            Err(why) => unseen.push(why),
        }
    }
    if lists == 0 && unseen.is_empty() {
        return Err(Unseen {
            what: "lists".to_owned(),
            why: Why::NotAnswered,
            says: "none of the addresses that were named answers with a list".to_owned(),
            way: "name the addresses that the lists of the product come from".to_owned(),
        });
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

/// The first answer of a list; none where the address gives something else and nobody called it a list.
fn list<'a>(case: &Case<'a>, place: &Place) -> Result<Option<&'a Exchange>, Unseen> {
    let url = place.url.to_string();
    let open = |exchange: &&Exchange| (200..300).contains(&exchange.status);
    // A public list needs no session.
    let first = match case.visit("signed-in", place) {
        Err(why) if why.why == Why::NoSession => case.visit("anonymous", place).ok().filter(open).ok_or(why)?,
        other => other?,
    };
    if !open(&first) {
        let says = format!("the session was not accepted there (HTTP {})", first.status);
        let way = "sign in anew and give the fresh cookie or token".to_owned();
        return Err(Unseen { what: url, why: Why::NoSession, says, way });
    }
    match first.body.items {
        Some(_) => Ok(Some(first)),
        None if place.kind == Kind::Data => Ok(None),
        None => Err(Unseen {
            what: url,
            why: Why::NotAnswered,
            says: "it does not answer with a list in JSON".to_owned(),
            way: "name the address that the list itself comes from".to_owned(),
        }),
    }
}

fn judged(case: &Case<'_>, place: &Place, first: &Exchange) -> Result<Result<String, Finding>, Unseen> {
    let url = place.url.as_str();
    let count = first.body.items.unwrap_or(0);
    let marks = marks(first);
    let more = if first.body.truncated { " and more" } else { "" };
    let line = format!(
        "GET {url} → {count}{more} entries, {} bytes, {}",
        first.body.bytes,
        marks.as_deref().unwrap_or("no word of a next page")
    );
    if count > TOO_MANY || count > UNMARKED && marks.is_none() {
        return Ok(Err(whole(url, count, line)));
    }
    let greedy = case.visit("page-limit", place)?;
    let got = greedy.body.items.unwrap_or(0);
    let asked = format!(
        "GET {} → {}, {got}{} entries",
        greedy.url,
        greedy.status,
        if greedy.body.truncated { " and more" } else { "" }
    );
    if got > TOO_MANY && got > count {
        return Ok(Err(obeyed(url, got, vec![line, asked])));
    }
    let refused = (400..500).contains(&greedy.status);
    if marks.is_none() && !refused {
        let says =
            format!("{count} entries came, which may be all that there are: too few to see where the list stops");
        let way = "sign in with an account that has more than a hundred entries";
        return Err(Unseen { what: url.to_owned(), why: Why::TooFew, says, way: way.to_owned() });
    }
    Ok(Ok(format!("{line}; asked for 100,000: {}", if refused { greedy.status.to_string() } else { format!("{got}") })))
}

/// What tells of further pages: the Link field (RFC 8288), counting fields, or a field of the answer.
fn marks(first: &Exchange) -> Option<String> {
    let link = first.header("link").find(|value| value.contains("rel=\"next\"") || value.contains("rel=next"));
    let fields = ["x-total-count", "x-total", "x-next-page", "x-page-count", "content-range", "x-pagination"];
    let field = fields.into_iter().find(|name| first.header(name).next().is_some());
    let sign = first.body.signs.iter().any(|sign| sign == PAGES);
    link.map(|_| "Link: rel=next".to_owned())
        .or_else(|| field.map(str::to_owned))
        .or_else(|| sign.then(|| "a field for further pages".to_owned()))
}

fn whole(url: &str, count: u32, line: String) -> Finding {
    let (grade, severity) =
        if count > TOO_MANY { (Grade::Fail, Severity::High) } else { (Grade::Warn, Severity::Medium) };
    let says =
        format!("{url} answers with {count} entries at once, so it slows down with every entry a customer adds.");
    finding(url, grade, severity, says, vec![line])
}

fn obeyed(url: &str, got: u32, evidence: Vec<String>) -> Finding {
    let says = format!(
        "{url} gives as many entries as anybody asks for ({got} in one answer), so one request can bring the server to its knees."
    );
    finding(url, Grade::Fail, Severity::High, says, evidence)
}

fn finding(url: &str, grade: Grade, severity: Severity, says: String, evidence: Vec<String>) -> Finding {
    let fix = Fix {
        says: "Let the server give at most a hundred entries at a time, whatever the request says, and tell where the next page is.".to_owned(),
        paste: Some("const limit = Math.min(Number(query.limit) || 50, 100);".to_owned()),
        minutes: 90,
        after: vec![],
    };
    Finding { subject: url.to_owned(), grade, severity, says, evidence, fix }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::Why;
    use crate::check::{Grade, Status};
    use crate::facts::{Exchange, Facts};
    use crate::testing::{exchange, findings, header, healthy, judge, named, put, status, unseen};

    const URL: &str = "https://example.com/v1/boards";

    fn list(count: u32, next: bool) -> Exchange {
        let entries = vec!["1"; count as usize].join(",");
        let next = if next { "\"next\":\"b\"," } else { "" };
        exchange(URL, 200, format!("{{{next}\"data\":[{entries}]}}").as_bytes())
    }

    fn site(first: Exchange, greedy: Exchange) -> Facts {
        let mut facts = healthy();
        named(&mut facts, &[(URL, "list")]);
        put(&mut facts, "signed-in", first);
        put(&mut facts, "page-limit", greedy);
        facts
    }

    #[test]
    fn bounded_pages_pass() {
        assert_eq!(status(&CHECK, &site(list(50, true), list(100, true))), Status::Pass);
        assert_eq!(status(&CHECK, &site(list(50, false), exchange(URL, 400, b"{}"))), Status::Pass);
        let mut linked = list(50, false);
        linked.headers.push(header("link", "<https://example.com/v1/boards?page=2>; rel=\"next\""));
        assert_eq!(status(&CHECK, &site(linked, list(50, false))), Status::Pass);
    }

    #[test]
    fn endless_and_obedient_lists_are_found() {
        for (first, greedy, grade) in [
            (list(2_000, false), list(2_000, false), Grade::Fail),
            (list(2_000, true), list(2_000, true), Grade::Fail),
            (list(300, false), list(300, false), Grade::Warn),
            (list(50, true), list(5_000, true), Grade::Fail),
        ] {
            let found = findings(&CHECK, &site(first, greedy));
            assert_eq!(found.iter().map(|finding| finding.grade).collect::<Vec<_>>(), [grade]);
        }
    }

    #[test]
    fn short_lists_other_answers_and_silence_are_not_judged() {
        assert_eq!(status(&CHECK, &site(list(7, false), list(7, false))), Status::CouldNotTell);
        assert_eq!(status(&CHECK, &site(exchange(URL, 200, b"<html>"), list(7, false))), Status::CouldNotTell);
        assert_eq!(status(&CHECK, &site(exchange(URL, 401, b""), list(7, false))), Status::CouldNotTell);
        let mut facts = site(list(50, true), list(50, true));
        facts.exchanges.insert(format!("page-limit {URL}"), unseen(Why::Busy));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
        facts.exchanges.insert(format!("signed-in {URL}"), unseen(Why::NoSession));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
        named(&mut facts, &[(URL, "data")]);
        put(&mut facts, "signed-in", exchange(URL, 200, b"<html>"));
        assert_eq!(judge(&CHECK, &facts).unwrap_err().why, Why::NotAnswered);
    }
}
