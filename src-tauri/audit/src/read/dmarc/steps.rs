//! The way from a policy that only watches to one that refuses forged mail, record by record.

use super::{Policy, parse};
use crate::read::dkim::tags;
use crate::read::text::clean;

/// One step of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The record to publish.
    pub record: String,
    /// What it asks of receivers.
    pub policy: Policy,
    /// Whether it is published as it stands.
    pub published: bool,
}

/// The steps that are left for a domain with these records, the one to take today first; none where the record has to be mended first.
#[must_use]
pub fn steps(domain: &str, texts: &[String]) -> Option<Vec<Step>> {
    let first = || format!("v=DMARC1; p=none; rua=mailto:dmarc@{domain}");
    let (text, now) = match texts {
        [] => (first(), Policy::None),
        [text] => {
            let record = parse(text).ok().filter(|record| record.wrong.is_empty())?;
            (text.clone(), record.policy?)
        }
        _ => return None,
    };
    // Without reports nobody learns when the next step may be taken, and what RFC 9989 removed is not carried on.
    let gone = |tag: &str| ["pct", "rf", "ri"].iter().any(|old| tag.eq_ignore_ascii_case(old));
    let mut kept = tags(&text)?;
    kept.retain(|(tag, _)| !gone(tag));
    if !kept.iter().any(|(tag, _)| tag.eq_ignore_ascii_case("rua")) {
        kept.push(("rua".to_owned(), format!("mailto:dmarc@{domain}")));
    }
    let base = joined(&kept);
    let left = [Policy::None, Policy::Quarantine, Policy::Reject].into_iter().filter(|policy| *policy >= now);
    left.map(|policy| {
        let record = with(&base, "p", policy.word())?;
        let same = texts.first().and_then(|text| tags(text)).is_some_and(|tags| joined(&tags) == record);
        Some(Step { record: clean(&record, 600), policy, published: same })
    })
    .collect()
}

/// The record with one tag set anew, kept in its place or put behind the version.
#[must_use]
pub fn with(text: &str, tag: &str, value: &str) -> Option<String> {
    let mut tags = tags(text)?;
    match tags.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(tag)) {
        Some(found) => found.1 = value.to_owned(),
        None => tags.insert(1, (tag.to_owned(), value.to_owned())),
    }
    Some(joined(&tags))
}

fn joined(tags: &[(String, String)]) -> String {
    tags.iter().map(|(tag, value)| format!("{tag}={value}")).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::{Policy, steps};

    fn all(texts: &[&str]) -> Option<Vec<(String, bool)>> {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        let steps = steps("example.com", &texts)?;
        assert!(steps.windows(2).all(|two| two[0].policy < two[1].policy));
        assert_eq!(steps.last().map(|last| last.policy), Some(Policy::Reject));
        Some(steps.into_iter().map(|step| (step.record, step.published)).collect())
    }

    #[test]
    fn the_way_leads_from_watching_to_refusing() {
        let none = all(&[]).unwrap();
        assert_eq!(none[0], ("v=DMARC1; p=none; rua=mailto:dmarc@example.com".to_owned(), false));
        assert_eq!((none.len(), none[2].0.as_str()), (3, "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"));
        let watching = all(&["v=DMARC1;p=none;rua=mailto:a@example.com"]).unwrap();
        assert_eq!((watching.len(), watching[0].1, watching[1].1), (3, true, false));
        let strict = all(&["v=DMARC1; p=quarantine; pct=20; rf=afrf; ri=86400; sp=none"]).unwrap();
        assert_eq!(strict[0], ("v=DMARC1; p=quarantine; sp=none; rua=mailto:dmarc@example.com".to_owned(), false));
        assert_eq!(all(&["v=DMARC1; p=reject; rua=mailto:a@example.com"]).unwrap().len(), 1);
    }

    #[test]
    fn what_has_to_be_mended_first_has_no_steps() {
        for texts in [&["v=DMARC1; p=blok"][..], &["v=DMARC1; p=none", "v=DMARC1; p=none"], &["v=DMARC1; rua=x"]] {
            assert_eq!(all(texts), None, "{texts:?}");
        }
    }
}
