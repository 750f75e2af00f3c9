//! What each delivery network adds to the answers that pass through it.

use http::{HeaderMap, HeaderValue};

use crate::http::put;
use crate::site::{Front, Keeping, Site};

/// What Cloudflare says of HTTP/3.
const H3: &str = "h3=\":443\"; ma=86400";

/// Whether the delivery network answers from its own copy; none where it does not keep such answers.
pub(crate) fn kept(headers: &HeaderMap, site: &Site, count: u64) -> Option<bool> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
    // Delivery networks keep files by their kind and leave pages alone unless told otherwise.
    let file = ["text/css", "text/javascript", "image/"].iter().any(|kind| text("content-type").starts_with(kind));
    let may = text("cache-control").contains("max-age") && !text("cache-control").contains("private");
    match site.keeping {
        Keeping::Keeps => (file && may).then_some(count > 1),
        Keeping::Bypasses => None,
        Keeping::Misses => (file && may).then_some(false),
    }
}

/// What each delivery network adds to an answer; `ray` names the request, `kept` says whether the answer is a copy.
pub(crate) fn fronted(headers: &mut HeaderMap, front: Front, ray: &str, kept: Option<bool>) {
    let state = match kept {
        Some(true) => "HIT",
        Some(false) => "MISS",
        None => "DYNAMIC",
    };
    let (server, lines): (&str, Vec<(&'static str, String)>) = match front {
        Front::Cloudflare => {
            let lines = vec![
                ("alt-svc", H3.to_owned()),
                ("cf-ray", format!("{ray}-FRA")),
                ("cf-cache-status", state.to_owned()),
                ("nel", "{\"report_to\":\"cf-nel\",\"success_fraction\":0.0,\"max_age\":604800}".to_owned()),
            ];
            ("cloudflare", lines)
        }
        Front::Fly => {
            let lines = vec![("fly-request-id", format!("01{ray}-fra")), ("via", "2 fly.io".to_owned())];
            ("Fly/6f1ab3c2 (2026-11-18)", lines)
        }
        Front::Netlify => {
            let told = if kept == Some(true) { "hit" } else { "fwd=miss" };
            (
                "Netlify",
                vec![("x-nf-request-id", format!("01{ray}")), ("cache-status", format!("\"Netlify Edge\"; {told}"))],
            )
        }
        Front::Render => {
            let lines = vec![
                ("alt-svc", H3.to_owned()),
                ("cf-ray", format!("{ray}-FRA")),
                ("rndr-id", ray.to_owned()),
                ("x-render-origin-server", "Render".to_owned()),
                ("cf-cache-status", state.to_owned()),
            ];
            ("cloudflare", lines)
        }
        Front::Vercel => (
            "Vercel",
            vec![
                ("x-powered-by", "Next.js".to_owned()),
                ("x-vercel-id", format!("fra1::{ray}")),
                ("x-vercel-cache", if kept == Some(true) { "HIT" } else { "MISS" }.to_owned()),
            ],
        ),
    };
    put(headers, "server", server);
    for (name, value) in lines {
        put(headers, name, &value);
    }
}
