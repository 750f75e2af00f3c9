//! What a watch of the product recorded in the last eight days, as its JSON.

use std::time::SystemTime;

use serde_json::json;

/// What it recorded.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Watched {
    /// Addresses that were looked at.
    pub routes: Vec<String>,
    /// Seconds from one look to the next.
    pub every_s: u32,
    /// Hours since the last look.
    pub ended: i64,
    /// One hour of so many holds looks.
    pub awake: usize,
    /// How long an answer took before and on the last day, milliseconds.
    pub took_ms: [u32; 2],
    /// What changed: hours before the last look, how it stood from then on, and the cause; the newest first.
    pub changes: Vec<(i64, &'static str, Option<&'static str>)>,
}

const HOUR: i64 = 3_600;

impl Watched {
    pub fn healthy(route: String) -> Watched {
        Watched { routes: vec![route], every_s: 60, ended: 0, awake: 1, took_ms: [180, 190], changes: vec![] }
    }

    pub fn record(&self, now: SystemTime) -> String {
        let now = jiff::Timestamp::try_from(now).unwrap_or_default().as_second() - self.ended * HOUR;
        let at = |second| jiff::Timestamp::from_second(second).unwrap_or_default().to_string();
        let looks = 3_600 / self.every_s;
        let hour = |back: i64| {
            let took = self.took_ms[usize::from(back <= 24)];
            json!({"at": at(now - back * HOUR), "looks": looks, "well": looks, "times": [[took, looks]]})
        };
        let hours: Vec<_> = (1..=8 * 24).rev().step_by(self.awake).map(hour).collect();
        let subjects: serde_json::Map<_, _> = self.routes.iter().map(|route| (route.clone(), json!(hours))).collect();
        let change = |(back, standing, cause): &(i64, &str, Option<&str>)| {
            let says = if *standing == "well" { "answered in 180 ms" } else { "as the lab has it" };
            let subject = self.routes.first();
            json!({"subject": subject, "standing": standing, "cause": cause, "says": says, "since": at(now - back * HOUR), "before": null})
        };
        let changes: Vec<_> = self.changes.iter().map(change).collect();
        json!({"every_s": self.every_s, "last": at(now), "subjects": subjects, "changes": changes}).to_string()
    }
}
