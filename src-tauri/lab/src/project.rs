//! The product's own folder, log and DMARC reports, as they lie on its founder's machine: files as data, written out for whoever wants to read them.

use crate::receivers::Reports;
use crate::repository::{self, Past};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use tempfile::TempDir;

/// What lies in the product's folder.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Files {
    /// Texts by their path.
    pub code: BTreeMap<String, String>,
    /// What the live product's platform lists as its settings.
    pub settings: String,
    /// The product's log.
    pub log: Vec<String>,
    /// The log of its queries.
    pub queries: Vec<String>,
    /// What receivers reported of its mail.
    pub reports: Reports,
    /// What only earlier commits hold.
    pub past: Vec<Past>,
    /// What the founder says of each secret setting, by `"NAME home"`, `"NAME owner"`, `"NAME rotated"`.
    pub kept: BTreeMap<String, String>,
}

const SERVER: &str = r#"import { createServer } from "./http";

const db = connect(process.env.DATABASE_URL);
const port = Number(process.env.PORT ?? 3000);
const level = process.env.LOG_LEVEL || "info";

export async function charge(invoice) {
  return fetch("https://api.stripe.com/v1/charges", {
    method: "POST",
    headers: { Authorization: `Bearer ${process.env.STRIPE_SECRET_KEY}` },
    signal: AbortSignal.timeout(10_000),
  });
}

createServer({ db, level, session: process.env.SESSION_SECRET }).listen(port);
"#;

const PAGE: &str = r#"export const api = process.env.NEXT_PUBLIC_API_URL;
export default function Page() {
  return <main>It's ready at {api}</main>;
}
"#;

const EXAMPLE: &str = "# Copy to .env and fill in.\nDATABASE_URL=\n# Takes payments and refunds.\nSTRIPE_SECRET_KEY=\nSESSION_SECRET=\nNEXT_PUBLIC_API_URL=https://api.juniperdesk.example\nLOG_LEVEL=info\n";

/// Lines of the healthy log of queries.
const QUERIES: usize = 400;
/// Lines of the healthy log.
const LINES: usize = 1_200;

impl Files {
    /// The folder in which nothing is wrong.
    pub fn healthy() -> Files {
        let code = [
            ("src/server.ts", SERVER),
            ("src/page.tsx", PAGE),
            (".env.example", EXAMPLE),
            (".gitignore", ".env\nnode_modules/\n"),
        ];
        let settings = "DATABASE_URL\nSTRIPE_SECRET_KEY\nSESSION_SECRET\nNEXT_PUBLIC_API_URL\nLOG_LEVEL\n".to_owned();
        let code = code.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
        let kept = ["DATABASE_URL", "SESSION_SECRET", "STRIPE_SECRET_KEY"].into_iter().flat_map(|name| {
            let told = [("home", "platform"), ("owner", "Maren Holt"), ("purpose", "the product itself")];
            told.map(|(what, value)| (format!("{name} {what}"), value.to_owned()))
        });
        Files {
            code,
            settings,
            log: (0..LINES).map(line).collect(),
            queries: (0..QUERIES).map(query).collect(),
            reports: Reports::healthy(),
            past: vec![],
            kept: kept.collect(),
        }
    }

    /// Adds a file.
    pub fn add(&mut self, path: &str, text: &str) {
        self.code.insert(path.to_owned(), text.to_owned());
    }
}

/// One line of the log, about what a product does all day.
fn line(at: usize) -> String {
    let message = match at % 60 {
        7 => "login failed: unknown user",
        19 => "payment taken",
        31 => "webhook received from the payment provider",
        43 => "release 118 is live",
        55 => "job digest done",
        _ => "request served",
    };
    let level = if at % 97 == 13 { "error" } else { "info" };
    format!(
        r#"{{"time":"2026-11-21T08:{:02}:{:02}Z","level":"{level}","request_id":"r{at:06}","user":{},"msg":"{message}"}}"#,
        at / 60 % 60,
        at % 60,
        at % 37
    )
}

/// One line of the log of queries: each request asks four, and none twice.
fn query(at: usize) -> String {
    let id = at * 7;
    let (sql, ms) = match at % 4 {
        0 => (format!("SELECT * FROM users WHERE id = {id} LIMIT 1"), 0.4),
        1 => (format!("SELECT * FROM boards WHERE team_id = {id} ORDER BY id LIMIT 20"), 1.1),
        2 => (format!("SELECT * FROM cards WHERE board_id IN ({id}, {}, {})", id + 1, id + 2), 3.2),
        _ => (format!("UPDATE users SET seen_at = '2026-11-21' WHERE id = {id}"), 0.9),
    };
    serde_json::json!({"time": "2026-11-21T08:00:00.000Z", "request_id": format!("r{:05}", at / 4), "sql": sql, "duration_ms": ms}).to_string()
}

/// The folder, written out under a name that nothing had before; dropping it removes it.
#[derive(Debug)]
pub struct Project {
    root: TempDir,
}

impl Project {
    pub(crate) fn write(files: &Files, now: SystemTime) -> io::Result<Project> {
        let project = Project { root: TempDir::with_prefix("launch-ready-lab-")? };
        for (path, text) in &files.code {
            let path = project.folder().join(path);
            std::fs::create_dir_all(path.parent().unwrap_or(project.root()))?;
            std::fs::write(path, text)?;
        }
        repository::commit(&project.folder(), &files.code, &files.past)?;
        std::fs::write(project.log(), files.log.join("\n") + "\n")?;
        std::fs::write(project.queries(), files.queries.join("\n") + "\n")?;
        std::fs::write(project.settings(), &files.settings)?;
        files.reports.write(&project.reports(), now)?;
        Ok(project)
    }

    /// The folder of the code.
    pub fn folder(&self) -> PathBuf {
        self.root().join("code")
    }

    /// The file of the log.
    pub fn log(&self) -> PathBuf {
        self.root().join("app.log")
    }

    /// The file of the log of queries.
    pub fn queries(&self) -> PathBuf {
        self.root().join("queries.log")
    }

    /// The folder of the DMARC reports.
    pub fn reports(&self) -> PathBuf {
        self.root().join("reports")
    }

    /// What the live product's platform lists as its settings.
    pub fn settings(&self) -> PathBuf {
        self.root().join("production.txt")
    }

    /// Removes it now, for a program that ends without dropping anything.
    pub fn remove(&self) {
        // What cannot be removed is left to the system's own cleaning of temporary files.
        drop(std::fs::remove_dir_all(self.root()));
    }

    /// Everything lies below this folder.
    pub fn root(&self) -> &Path {
        self.root.path()
    }
}
