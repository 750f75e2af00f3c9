//! env.missing: no environment lacks a setting that the code requires.

use super::inventory::cut;
use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::settings::{self, Missing};
use crate::{Case, Unseen, Why};

/// env.missing.
pub static CHECK: Check = Check {
    id: "env.missing",
    title: "No environment lacks a setting that the code requires",
    why: "The product starts, and fails for the first customer who needs the part whose setting is missing.",
    needs: &[Need::Repo],
    concern: Concern::Reach,
    covers: "Settings that the product's own code reads without a value of its own, against the lists of environments that were given.",
    ask: None,
    refs: &["https://12factor.net/config"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let inventory = case.inventory()?;
    if inventory.environments.is_empty() {
        return Err(Unseen {
            what: "settings of the live product".to_owned(),
            why: Why::NotAnswered,
            says: "no list of what an environment has was given".to_owned(),
            way: "run it with --environment production=FILE, where FILE is what `vercel env ls`, `heroku config` or `fly secrets list` print".to_owned(),
        });
    }
    let (mut proof, mut findings) = (vec![], vec![]);
    for (environment, has) in &inventory.environments {
        let missing = settings::missing(inventory, environment).unwrap_or_default();
        proof.push(format!("{environment}: {} names ({}), {} missing", has.names.len(), has.from, missing.len()));
        let unused = settings::unused(inventory, environment);
        if !unused.is_empty() {
            proof.push(format!("{environment}: read by nothing: {}", unused.join(", ")));
        }
        findings.extend(missing.iter().map(|one| finding(environment, one)));
    }
    Ok(Verdict::judged(proof, findings, cut(inventory)))
}

fn finding(environment: &str, one: &Missing<'_>) -> Finding {
    let live = ["prod", "live"].iter().any(|word| environment.to_ascii_lowercase().contains(word));
    let (name, at) = (one.name, one.at);
    let how = if one.empty { "is empty" } else { "is missing" };
    Finding {
        subject: format!("{environment}: {name}"),
        grade: if live { Grade::Fail } else { Grade::Warn },
        severity: if live { Severity::High } else { Severity::Medium },
        says: format!("{name} {how} in {environment}, and the code has nothing to use in its place."),
        evidence: vec![format!("{name}: required by {}:{}", at.path, at.line)],
        fix: Fix {
            says: format!("Set {name} for {environment} where the product runs, then release again."),
            paste: Some(format!("{name}=")),
            minutes: 10,
            after: vec!["env.inventory".to_owned()],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::{Severity, Status};
    use crate::checks::env::inventory::tests::project;
    use crate::testing::{blank, findings, status};

    const CODE: (&str, &str) = ("src/a.ts", "use(process.env.DATABASE_URL, process.env.X ?? 1)");

    #[test]
    fn an_environment_that_has_everything_passes() {
        assert_eq!(status(&CHECK, &project(&[CODE], &[("production", "DATABASE_URL\nOTHER")])), Status::Pass);
    }

    #[test]
    fn what_is_missing_or_empty_is_told() {
        let found = findings(&CHECK, &project(&[CODE], &[("production", "OTHER"), ("preview", "DATABASE_URL=\n")]));
        let told: Vec<_> = found.iter().map(|finding| (finding.subject.as_str(), finding.severity)).collect();
        assert_eq!(told, [("preview: DATABASE_URL", Severity::Medium), ("production: DATABASE_URL", Severity::High)]);
    }

    #[test]
    fn without_a_list_it_is_not_judged() {
        assert_eq!(status(&CHECK, &project(&[CODE], &[])), Status::CouldNotTell);
        assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
    }
}
