//! Scripts that look like the output of a bundler: some hundred kilobytes of minified JavaScript, the same for the same seed.

use std::fmt::Write;

use crate::random::Random;
use crate::secret;

/// Bytes of the application's own bundle.
const APP: usize = 210_000;
/// Bytes of the bundle of libraries.
const VENDOR: usize = 140_000;

const NAMES: [&str; 20] = [
    "account",
    "boards",
    "cache",
    "client",
    "columns",
    "current",
    "filters",
    "invoice",
    "labels",
    "members",
    "options",
    "period",
    "plan",
    "queue",
    "render",
    "report",
    "router",
    "session",
    "store",
    "workspace",
];
const TEXTS: [&str; 14] = [
    "Add a board",
    "Due this week",
    "Invite your team",
    "Nothing to do here yet",
    "Open invoices",
    "Renews on",
    "Saved",
    "Search boards",
    "Something went wrong, try again",
    "Switch workspace",
    "Upgrade to Grove",
    "View all",
    "flex items-center gap-2",
    "text-sm text-muted",
];
const TAGS: [&str; 8] = ["article", "button", "div", "li", "nav", "section", "span", "ul"];
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";

/// The two bundles of the product.
pub(crate) struct Bundles {
    pub app: String,
    pub vendor: String,
}

impl Bundles {
    pub fn new(seed: u64) -> Bundles {
        let key = secret::publishable_payment_key(seed);
        let app = format!(
            "import{{r as h,u as k}}from\"./vendor.js\";const cfg={{api:\"https://api.juniperdesk.example/v1\",payments:\"{key}\",\
             release:\"2.14.0\"}};"
        );
        let vendor = "/*! @license MIT, see /licences.txt */".to_owned();
        Bundles {
            app: filled(app, APP, &mut Random::new(seed, "bundle app")),
            vendor: filled(vendor, VENDOR, &mut Random::new(seed, "bundle vendor")),
        }
    }
}

fn filled(mut script: String, size: usize, random: &mut Random) -> String {
    script.reserve(size + 400);
    while script.len() < size {
        statement(&mut script, random);
    }
    script.push('\n');
    script
}

fn statement(script: &mut String, random: &mut Random) {
    let name = |random: &mut Random| random.pick(&NAMES).unwrap_or("store");
    let (one, two, three) = (name(random), name(random), name(random));
    let text = random.pick(&TEXTS).unwrap_or("Saved");
    let tag = random.pick(&TAGS).unwrap_or("div");
    let short = random.word(LETTERS, 2);
    let number = random.below(5_000);
    let written = match random.below(6) {
        0 => write!(script, "function {short}(e,t){{return e.{one}?.{two}??t.{three}({number})}}"),
        1 => write!(
            script,
            "const ${short}=(0,h.memo)(({{{one}:e,{two}:t}})=>(0,h.jsx)(\"{tag}\",{{className:\"{one}-{two}\",children:t?\"{text}\":e}}));"
        ),
        2 => write!(
            script,
            "k.on(\"{one}:{two}\",e=>{{if(!e.{three})return;k.set(\"{three}\",e.{three}.slice(0,{number}))}});"
        ),
        3 => write!(script, "var _{short}={{{one}:{number},{two}:\"{text}\",{three}:!0}};"),
        4 => write!(
            script,
            "async function _{short}{number}(e){{const t=await fetch(`${{cfg.api}}/{one}/${{e}}`);if(!t.ok)throw new Error(\"{one} \"+t.status);return(await t.json()).{two}}}"
        ),
        _ => write!(
            script,
            "class {tag}{number} extends k.Part{{{one}(){{return this.{two}.map(e=>e.{three}).filter(Boolean)}}}}"
        ),
    };
    debug_assert!(written.is_ok(), "writing to a string does not fail");
}
