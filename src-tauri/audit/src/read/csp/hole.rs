//! Holes: what an injected script could do although there are policies. All policies hold at once, so each must leave it open.

use super::{Policy, bypass, hash, holds, nonce};

/// What is left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HoleKind {
    /// Any script written into the page runs.
    Inline,
    /// Scripts come from anywhere.
    Anywhere,
    /// Scripts come from a host that is known to serve what an attacker needs (JSONP, old AngularJS).
    Bypass,
    /// Plug-in content comes from anywhere.
    Objects,
    /// A `<base>` element can turn the page's own scripts to another host.
    Base,
    /// Text becomes code (`eval`).
    Eval,
    /// Event handlers whose hashes are listed run wherever they are injected.
    Handlers,
}

/// One hole, with the directive and value that leave it open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// What is left open.
    pub kind: HoleKind,
    /// The directive that decides, or the one that is missing.
    pub directive: &'static str,
    /// Its value; none when the directive is missing.
    pub value: Option<String>,
    /// What a known bypass is made of, for people.
    pub by: Option<&'static str>,
}

type Open = Option<Hole>;

/// The holes that all policies leave open; none without any policy, because then there is nothing to say but that.
#[must_use]
pub fn holes(policies: &[Policy]) -> Vec<Hole> {
    let rules: [fn(&Policy) -> Open; 7] = [inline, anywhere, bypass, objects, base, eval, handlers];
    // A wildcard makes a known host no news, and inline scripts make listed handlers none.
    let mut found: Vec<Hole> = rules.iter().filter_map(|rule| shared(policies, *rule)).collect();
    let has = |kind: HoleKind, found: &[Hole]| found.iter().any(|hole| hole.kind == kind);
    let (wide, written) = (has(HoleKind::Anywhere, &found), has(HoleKind::Inline, &found));
    found.retain(|hole| match hole.kind {
        HoleKind::Bypass => !wide,
        HoleKind::Handlers => !written,
        _ => true,
    });
    // One missing directive leaves several things open; it is told once.
    let missing = found.iter().any(|hole| hole.kind == HoleKind::Inline && hole.value.is_none());
    found.retain(|hole| !(missing && matches!(hole.kind, HoleKind::Anywhere | HoleKind::Eval)));
    found
}

/// The hole as the most telling policy has it, when every policy has it.
fn shared(policies: &[Policy], rule: fn(&Policy) -> Open) -> Open {
    let all = policies.iter().map(rule).collect::<Option<Vec<Hole>>>()?;
    let told = all.iter().position(|hole| hole.value.is_some()).unwrap_or(0);
    all.into_iter().nth(told)
}

fn hole(kind: HoleKind, directive: &'static str, value: Option<&str>) -> Open {
    Some(Hole { kind, directive, value: value.map(str::to_owned), by: None })
}

const SCRIPTS: [&[&str]; 2] =
    [&["script-src-elem", "script-src", "default-src"], &["script-src-attr", "script-src", "default-src"]];

fn strict(values: &[String]) -> bool {
    holds(values, "'strict-dynamic'")
}

fn inline(policy: &Policy) -> Open {
    SCRIPTS.iter().find_map(|names| {
        let Some((directive, values)) = policy.deciding(names) else {
            return hole(HoleKind::Inline, "script-src", None);
        };
        let signed = values.iter().any(|value| nonce(value) || hash(value));
        let open = holds(values, "'unsafe-inline'") && !signed && !strict(values);
        open.then(|| hole(HoleKind::Inline, directive, Some("'unsafe-inline'"))).flatten()
    })
}

fn anywhere(policy: &Policy) -> Open {
    let Some((directive, values)) = policy.deciding(SCRIPTS[0]) else {
        return hole(HoleKind::Anywhere, "script-src", None);
    };
    let wide = values.iter().find(|value| wide(value)).filter(|_| !strict(values))?;
    hole(HoleKind::Anywhere, directive, Some(wide))
}

/// Whether a source lets in every host, or lets scripts be written into the address itself.
fn wide(source: &str) -> bool {
    let source = source.to_ascii_lowercase();
    let host = source.split_once("://").map_or(source.as_str(), |(_, host)| host);
    matches!(source.as_str(), "http:" | "https:" | "data:" | "blob:" | "filesystem:") || matches!(host, "*" | "*:*")
}

fn bypass(policy: &Policy) -> Open {
    let Some((directive, values)) = policy.deciding(SCRIPTS[0]) else {
        return hole(HoleKind::Bypass, "script-src", None);
    };
    if let Some(wide) = values.iter().find(|value| wide(value)).filter(|_| !strict(values)) {
        return hole(HoleKind::Bypass, directive, Some(wide));
    }
    if strict(values) {
        return None;
    }
    let eval = holds(values, "'unsafe-eval'");
    let (value, by) = values.iter().find_map(|value| Some((value, bypass::of(value, eval)?)))?;
    Some(Hole { kind: HoleKind::Bypass, directive, value: Some(value.clone()), by: Some(by) })
}

fn objects(policy: &Policy) -> Open {
    let Some((directive, values)) = policy.deciding(&["object-src", "default-src"]) else {
        return hole(HoleKind::Objects, "object-src", None);
    };
    let wide = values.iter().find(|value| wide(value) && !value.eq_ignore_ascii_case("blob:"))?;
    hole(HoleKind::Objects, directive, Some(wide))
}

/// Only where scripts are let in by what they are, not by where they come from, a moved base brings foreign scripts in.
fn base(policy: &Policy) -> Open {
    if let Some(values) = policy.values("base-uri") {
        let wide = values.iter().find(|value| wide(value))?;
        return hole(HoleKind::Base, "base-uri", Some(wide));
    }
    let scripts = policy.deciding(SCRIPTS[0]).map(|(_, values)| values).unwrap_or_default();
    let signed = scripts.iter().any(|value| nonce(value)) || strict(scripts) && scripts.iter().any(|value| hash(value));
    signed.then(|| hole(HoleKind::Base, "base-uri", None)).flatten()
}

fn eval(policy: &Policy) -> Open {
    let Some((directive, values)) = policy.deciding(&["script-src", "default-src"]) else {
        return hole(HoleKind::Eval, "script-src", None);
    };
    holds(values, "'unsafe-eval'").then(|| hole(HoleKind::Eval, directive, Some("'unsafe-eval'"))).flatten()
}

fn handlers(policy: &Policy) -> Open {
    let Some((directive, values)) = policy.deciding(SCRIPTS[1]) else {
        return hole(HoleKind::Handlers, "script-src", None);
    };
    holds(values, "'unsafe-hashes'").then(|| hole(HoleKind::Handlers, directive, Some("'unsafe-hashes'"))).flatten()
}
