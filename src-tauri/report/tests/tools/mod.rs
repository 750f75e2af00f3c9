//! Programs that read a PDF independently of us, and how they tell what they read.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// Runs an installed tool on a PDF; none when this machine does not have it.
#[expect(clippy::disallowed_methods, reason = "tools read files; the report itself never does")]
pub fn tool(pdf: &[u8], name: &str, arguments: &[&str]) -> Option<String> {
    static TURN: AtomicU32 = AtomicU32::new(0);
    // Tests run beside each other: each has a file of its own.
    let (own, turn) = (std::process::id(), TURN.fetch_add(1, Ordering::Relaxed));
    let path = std::env::temp_dir().join(format!("launch-ready-report-{own}-{turn}.pdf"));
    std::fs::write(&path, pdf).unwrap();
    let mut command = Command::new(name);
    command.args(arguments).arg(&path).stderr(Stdio::piped());
    if name == "pdftotext" {
        command.arg("-");
    }
    let run = command.output();
    std::fs::remove_file(&path).unwrap();
    match run {
        Ok(run) => {
            assert!(run.status.success(), "{name}: {}", String::from_utf8_lossy(&run.stderr));
            Some(String::from_utf8(run.stdout).unwrap())
        }
        Err(why) => {
            let _ = writeln!(std::io::stderr(), "{name} is not installed ({why}); this part of the test is left out");
            None
        }
    }
}

/// pdftotext puts them around letters that run from right to left.
pub const MARKS: [char; 2] = ['\u{202b}', '\u{202c}'];

/// A text as pdftotext tells it. Letters that run from right to left are taken for drawn as they are seen and turned round, each run of them;
/// what stands for a picture of them (ISO 32000-1 §14.9.4) is in the order of reading already.
pub fn turned(text: &str) -> String {
    let from_right = |c: &char| ('\u{590}'..='\u{8ff}').contains(c);
    let mut told = String::new();
    let mut rest = text.chars().peekable();
    while let Some(char) = rest.next() {
        let mut run = vec![char];
        while from_right(&char) && rest.peek().is_some_and(from_right) {
            run.extend(rest.next());
        }
        told.extend(run.iter().rev());
    }
    told
}
