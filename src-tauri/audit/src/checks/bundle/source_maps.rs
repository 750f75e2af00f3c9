//! bundle.source_maps: the original source of the scripts is not handed out with them.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::{Case, Unseen};

/// bundle.source_maps.
pub static CHECK: Check = Check {
    id: "bundle.source_maps",
    title: "The original source of the scripts is not handed out with them",
    why: "A source map turns the packed scripts back into your code with its comments: a gift to whoever copies or attacks the product.",
    needs: &[Need::Public],
    concern: Concern::Data,
    covers: "The maps that the scripts of the front page name in a comment or header, those that lie beside them under the usual name, and maps inside scripts.",
    ask: None,
    refs: &["ECMA-426 §11", "CWE-540"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let bundle = case.bundle()?;
    let (mut findings, mut unseen, mut closed) = (vec![], vec![], 0);
    for script in bundle.scripts.iter().filter(|script| case.ours(&script.url)) {
        unseen.extend(script.unseen.clone());
        if script.map_inside {
            let says = format!("{} holds its original source inside, as a source map.", script.url);
            findings.push(finding(&script.url, says, "//# sourceMappingURL=data:…".to_owned()));
        }
    }
    for (url, exchange) in case.exchanges("map") {
        match exchange {
            Ok(map) if map.status == 200 && map.body.signs.iter().any(|sign| sign == "source-map") => {
                let says = format!("{url} hands the original source of a script to everybody.");
                findings.push(finding(
                    url,
                    says,
                    format!("GET {url} → 200, a source map of {} kB", map.body.bytes / 1000),
                ));
            }
            Ok(_) => closed += 1,
            Err(why) => unseen.push(why),
        }
    }
    let proof = vec![format!("{} scripts, {closed} addresses of source maps answer without one", bundle.scripts.len())];
    Ok(Verdict::judged(proof, findings, unseen))
}

fn finding(url: &str, says: String, saw: String) -> Finding {
    Finding {
        subject: url.to_owned(),
        grade: Grade::Warn,
        severity: Severity::Medium,
        says,
        evidence: vec![saw],
        fix: Fix {
            says: "Build without public source maps; where an error tracker needs them, give them to it and keep them off the server.".to_owned(),
            paste: Some("Vite: build: { sourcemap: 'hidden' }\nwebpack: devtool: 'hidden-source-map'\nNext.js: productionBrowserSourceMaps: false".to_owned()),
            minutes: 20,
            after: vec![],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::Why;
    use crate::check::Status;
    use crate::facts::{Bundle, Facts, ScriptSeen};
    use crate::testing::{blank, exchange, findings, put, seen, status, unseen};

    fn site(script: ScriptSeen) -> Facts {
        let mut facts = blank();
        let scripts = vec![ScriptSeen { url: "https://example.com/app.js".to_owned(), ..script }];
        facts.bundle = Some(seen(Bundle { page: "https://example.com/".to_owned(), scripts, matches: vec![] }));
        facts
    }

    const MAP: &str = "https://example.com/app.js.map";

    #[test]
    fn a_map_that_is_not_there_passes_and_so_does_a_page_in_its_place() {
        let mut facts = site(ScriptSeen::default());
        put(&mut facts, "map", exchange(MAP, 404, b"not here"));
        assert_eq!(status(&CHECK, &facts), Status::Pass);
        put(&mut facts, "map", exchange(MAP, 200, b"<!doctype html><title>Shop</title>"));
        assert_eq!(status(&CHECK, &facts), Status::Pass);
    }

    #[test]
    fn maps_beside_and_inside_are_found() {
        let mut facts = site(ScriptSeen { map_inside: true, ..ScriptSeen::default() });
        put(&mut facts, "map", exchange(MAP, 200, br#"{"version":3,"sources":["a.ts"],"mappings":"AAAA"}"#));
        assert_eq!(findings(&CHECK, &facts).len(), 2);
    }

    #[test]
    fn silence_is_not_judged() {
        let mut facts = site(ScriptSeen::default());
        facts.exchanges.insert(format!("map {MAP}"), unseen(Why::Timeout));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
        facts.bundle = Some(unseen(Why::Busy));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    }
}
