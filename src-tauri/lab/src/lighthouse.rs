//! The report that Lighthouse would write of the product's front page, as its JSON.

use std::time::SystemTime;

use serde_json::json;

/// What it says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lighthouse {
    /// The page that was looked at.
    pub url: String,
    /// Scores of 0 … 1: performance, accessibility, best practices, search engines; none where it gave none.
    pub scores: [Option<f64>; 4],
    /// How long until the largest part of the page stood there.
    pub painted: &'static str,
    /// Why it could not look at the page.
    pub trouble: Option<&'static str>,
}

impl Lighthouse {
    pub fn healthy(domain: &str) -> Lighthouse {
        let scores = [Some(0.97), Some(1.0), Some(0.96), Some(1.0)];
        Lighthouse { url: format!("https://{domain}/"), scores, painted: "1.4 s", trouble: None }
    }

    pub fn report(&self, now: SystemTime) -> String {
        let at = jiff::Timestamp::try_from(now).unwrap_or_default();
        let names = ["performance", "accessibility", "best-practices", "seo"];
        let audits = ["largest-contentful-paint", "color-contrast", "errors-in-console", "meta-description"];
        let titles = [
            "Largest Contentful Paint",
            "Texts stand out from what is behind them",
            "No errors in the console",
            "The page has a description",
        ];
        let category = |at: usize| json!({"score": self.scores[at], "auditRefs": [{"id": audits[at], "weight": 1}]});
        let audit = |at: usize| {
            let shown = if at == 0 { self.painted } else { "" };
            json!({"id": audits[at], "title": titles[at], "score": self.scores[at], "displayValue": shown})
        };
        let trouble = self.trouble.map(|code| json!({"code": code, "message": "The page did not paint any content."}));
        json!({
            "lighthouseVersion": "13.0.1", "requestedUrl": self.url, "finalDisplayedUrl": self.url, "fetchTime": at.to_string(),
            "configSettings": {"formFactor": "mobile"}, "runWarnings": [], "runtimeError": trouble,
            "categories": (0..4).map(|at| (names[at].to_owned(), category(at))).collect::<serde_json::Map<_, _>>(),
            "audits": (0..4).map(|at| (audits[at].to_owned(), audit(at))).collect::<serde_json::Map<_, _>>(),
        })
        .to_string()
    }
}
