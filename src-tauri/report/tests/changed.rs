//! What changed since an earlier run, as somebody who is no engineer reads it.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

mod fixture;

use audit::diff::diff;
use audit::{Audit, Status, Unseen};
use report::Options;

/// The newest audit with one check mended, and one that it could not see.
fn mended(was: &Audit) -> (Audit, String, String) {
    let mut now = was.clone();
    let fixed = now.outcomes.iter_mut().find(|one| one.check == "bundle.secrets").unwrap();
    let said = fixed.findings.remove(0).says;
    (fixed.status, fixed.title) = (Status::Pass, "No key of yours is in what visitors download".to_owned());
    let lost = now.outcomes.iter_mut().find(|one| one.check == "dns.www").unwrap();
    let gone = lost.findings.remove(0);
    let unseen = was.outcomes.last().unwrap().unseen[0].clone();
    lost.unseen = vec![Unseen { what: gone.subject, ..unseen }];
    lost.status = Status::CouldNotTell;
    (now, said, gone.says)
}

#[test]
fn what_was_wrong_stands_beside_what_is_so_now() {
    let facts = fixture::facts();
    let was = fixture::audit(&facts);
    let (now, said, gone) = mended(&was);
    let options = Options { since: Some(diff(&was, &now)), ..fixture::options() };
    let text = report::markdown(&now, &facts, &options).replace('\\', "");
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} is not told"));
    let begins = at("## What changed");
    let data = at("### Customers' data and your keys");
    let row = text[data..].lines().find(|line| line.contains("fixed")).unwrap();
    assert!(row.contains(&said) && row.contains("No key of yours is in what visitors download."), "{row}");
    assert!(text[data..].contains("It touches customers, whose data must stay theirs"));
    let reach = text[at("### Reaching the product")..].lines().find(|line| line.contains(&gone)).unwrap();
    assert!(reach.contains("It could not be seen this time: 198.51.101.7 took the connection"), "{reach}");
    assert!(text[begins..].contains("are as they were and stand in the fix order."));
    for printed in [report::html(&now, &facts, &options).unwrap(), text.clone()] {
        assert!(printed.contains("It touches everybody who types the address"));
    }
    assert!(report::pdf(&now, &facts, &options).unwrap().starts_with(b"%PDF-1.7"));
}

#[test]
fn without_an_earlier_run_it_says_so_and_how_to_get_one() {
    let facts = fixture::facts();
    let audit = fixture::audit(&facts);
    let text = report::markdown(&audit, &facts, &fixture::options());
    assert!(text.contains("There is no earlier run to hold this one against."));
    assert!(text.contains("Run the audit again after the work."));
    // What was measured before and after the work is told all the same.
    assert!(text.contains("Of 100 who asked, 95 had their answer within"), "no measured change");
}
