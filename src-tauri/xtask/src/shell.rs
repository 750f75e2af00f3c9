//! Runs other programs: with their output shown, kept back until it is needed, or shown and kept.

use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

use crate::stop::Stop;

/// How long the output of an ended program is still waited for: a process left behind may hold it open for ever.
const AFTER_THE_END: Duration = Duration::from_secs(3);

/// What a program said, and whether it succeeded.
pub struct Told {
    /// Exit code 0.
    pub success: bool,
    /// The exit code; none where a signal ended the program.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// Runs a program with its output on ours; an exit code other than 0 is a failure.
pub fn show(command: &mut Command) -> Result<(), Stop> {
    match code(command)? {
        Some(0) => Ok(()),
        Some(code) => Err(Stop::Failed(format!("{} ended with exit code {code}", line(command)))),
        None => Err(Stop::Failed(format!("{} was ended by a signal", line(command)))),
    }
}

/// Runs a program with its output on ours and tells its exit code.
pub fn code(command: &mut Command) -> Result<Option<i32>, Stop> {
    let status = command.status().map_err(|error| unstartable(command, &error))?;
    Ok(status.code())
}

/// Runs a program and keeps its output back; a failure brings its words along.
pub fn quiet(command: &mut Command) -> Result<String, Stop> {
    let told = ask(command)?;
    if told.success {
        return Ok(told.out);
    }
    let said = format!("{}\n{}", told.out.trim(), told.err.trim());
    Err(Stop::Failed(format!("{} failed:\n{}", line(command), ends(&said))))
}

/// The beginning and the end of a long text: the reason stands in one of them.
fn ends(text: &str) -> String {
    let lines: Vec<&str> = text.trim().lines().collect();
    match lines.len() {
        0..=60 => lines.join("\n"),
        many => format!("{}\n[…]\n{}", lines[..20].join("\n"), lines[many - 40..].join("\n")),
    }
}

/// Runs a program and keeps all that it says.
pub fn ask(command: &mut Command) -> Result<Told, Stop> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| unstartable(command, &error))?;
    Ok(Told {
        success: output.status.success(),
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// Runs a program, shows what it says while it says it, keeps it, and ends the program when `limit` is over.
pub fn tee(command: &mut Command, limit: Duration) -> Result<Told, Stop> {
    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| unstartable(command, &error))?;
    let out = child.stdout.take().map(|pipe| follow(pipe, std::io::stdout()));
    let err = child.stderr.take().map(|pipe| follow(pipe, std::io::stderr()));
    let code = wait(&mut child, limit.saturating_sub(started.elapsed()))
        .map_err(|error| Stop::Failed(format!("failed to wait for {}: {error}", line(command))))?;
    let deadline = Instant::now() + AFTER_THE_END;
    Ok(Told { success: code == Some(0), code, out: gather(out, deadline), err: gather(err, deadline) })
}

/// Waits for the end of a program; none where it had to be ended or was ended by a signal.
fn wait(child: &mut Child, limit: Duration) -> std::io::Result<Option<i32>> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.code());
        }
        if Instant::now() >= deadline {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(50));
    }
}

fn follow(pipe: impl Read + Send + 'static, mut screen: impl Write + Send + 'static) -> Receiver<String> {
    let (send, receive) = channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut bytes = Vec::new();
        while matches!(reader.read_until(b'\n', &mut bytes), Ok(1..)) {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let _gone = screen.write_all(text.as_bytes());
            if send.send(text).is_err() {
                return;
            }
            bytes.clear();
        }
    });
    receive
}

fn gather(pipe: Option<Receiver<String>>, deadline: Instant) -> String {
    let mut all = String::new();
    if let Some(pipe) = pipe {
        while let Ok(text) = pipe.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            all.push_str(&text);
        }
    }
    all
}

/// The command as a person would type it.
pub fn line(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

fn unstartable(command: &Command, error: &std::io::Error) -> Stop {
    Stop::Failed(format!("failed to start {}: {error}", command.get_program().to_string_lossy()))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn what_was_shown_is_kept_too() {
        let told = tee(&mut shell("echo one; echo two >&2; exit 3"), Duration::from_secs(20)).unwrap();
        assert_eq!((told.code, told.out.as_str(), told.err.as_str()), (Some(3), "one\n", "two\n"));
    }

    #[test]
    fn a_program_past_its_limit_is_ended() {
        let told = tee(&mut shell("echo here; exec sleep 60"), Duration::from_millis(400)).unwrap();
        assert_eq!((told.success, told.code, told.out.as_str()), (false, None, "here\n"));
    }

    #[test]
    fn a_process_left_behind_holds_nothing_up() {
        let started = Instant::now();
        let told = tee(&mut shell("sleep 30 & echo done"), Duration::from_secs(20)).unwrap();
        assert!(told.success);
        assert!(started.elapsed() < Duration::from_secs(15));
    }

    #[test]
    fn a_long_text_keeps_both_ends() {
        let text: String = (1..=100).map(|number| format!("{number}\n")).collect();
        let short = ends(&text);
        assert!(short.starts_with("1\n") && short.ends_with("\n100") && short.contains("\n20\n[…]\n61\n"), "{short}");
        assert_eq!(ends("one\ntwo\n"), "one\ntwo");
    }

    #[test]
    fn a_failure_brings_the_words_along() {
        let stop = quiet(&mut shell("echo why >&2; exit 1")).unwrap_err();
        assert!(stop.to_string().ends_with("why"), "{stop}");
    }
}
