//! The tools that judge one domain each in their own way, run on the same lab when they are installed.

use lab::Lab;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::Command;
use tokio::time::timeout;

/// Nothing waits longer for a peer.
const PATIENCE: Duration = Duration::from_secs(180);

/// Runs each peer that is there, and says which are not. Each may live in an environment of its own: `LAUNCH_READY_PEERS` names
/// folders (as `PATH` does) that are looked into before `PATH`.
pub async fn beside(lab: &Lab) {
    println!("the same lab judged by others (their connections are not delayed, only what they ask):");
    let folder = std::env::temp_dir().join(format!("launch-ready-bench-{}", std::process::id()));
    let begun = fs::create_dir_all(&folder).and_then(|()| fs::write(folder.join("root.pem"), pem(lab)));
    match begun {
        Ok(()) => {
            told("checkdmarc", checkdmarc(lab).await);
            told("sslyze", sslyze(lab, &folder).await);
            told("MDN observatory", observatory(lab, &folder).await);
        }
        Err(error) => println!("failed to write to {}: {error}", folder.display()),
    }
    let _nothing_left_to_tell = fs::remove_dir_all(&folder);
}

/// What a peer did: how long it took, and its own words in short.
enum Peer {
    Absent,
    Ran { took: Duration, says: String },
}

fn told(name: &str, peer: Peer) {
    match peer {
        Peer::Absent => println!("{name:<16} skipped: it is not installed"),
        Peer::Ran { took, says } => println!("{name:<16} {:>7}  {says}", super::ms(took)),
    }
}

async fn checkdmarc(lab: &Lab) -> Peer {
    let Some(program) = find("checkdmarc") else { return Peer::Absent };
    // Its own command takes only servers on port 53, so its library is asked through the Python that it is installed for.
    let Some(python) = interpreter(&program) else { return Peer::Absent };
    let resolver = lab.wire().route(lab.resolver());
    let script = format!(
        "import dns.resolver, checkdmarc\n\
         r = dns.resolver.Resolver(configure=False); r.nameservers = ['127.0.0.1']; r.port = {}\n\
         found = checkdmarc.check_domains(['{}'], resolver=r, skip_tls=True)\n\
         print(len(str(found)), 'characters of findings')",
        resolver.port(),
        lab.domain(),
    );
    ran(Command::new(python).args(["-c", &script])).await
}

async fn sslyze(lab: &Lab, folder: &Path) -> Peer {
    let Some(program) = find("sslyze") else { return Peer::Absent };
    let at = secure(lab);
    let server = format!("{}:{}{{{}}}", lab.domain(), at.port(), at.ip());
    // Without its JSON it ends with 1 whenever a server is not what Mozilla's list of settings asks for, which is no failure of the run.
    ran(Command::new(program).arg("--json_out=-").arg("--certinfo_ca_file").arg(folder.join("root.pem")).arg(server))
        .await
}

async fn observatory(lab: &Lab, folder: &Path) -> Peer {
    let Some(program) = find("mdn-http-observatory-scan") else { return Peer::Absent };
    // Its own starter trusts only the roots that it brings along, so the script behind it is run itself.
    let package = fs::canonicalize(&program).ok().and_then(|file| Some(file.parent()?.parent()?.to_path_buf()));
    let Some(package) = package.filter(|package| package.join("src/scan.js").is_file()) else { return Peer::Absent };
    let list = package.join("conf/hsts-preload.json").is_file();
    let wire = lab.wire();
    let plain = wire.route(SocketAddr::new(address(lab), 80));
    // It only knows ports 80 and 443 of a public name; this leads them to the lab.
    let shim = format!(
        "const fs = require('fs'); const read = fs.readFileSync;\n\
         fs.readFileSync = function (path, ...rest) {{\n\
           if ({} && String(path).endsWith('hsts-preload.json')) return '{{}}';\n\
           return read.call(this, path, ...rest);\n\
         }};\n\
         const net = require('net'); const connect = net.Socket.prototype.connect;\n\
         net.Socket.prototype.connect = function (...args) {{\n\
           const options = Array.isArray(args[0]) ? args[0][0] : args[0];\n\
           const ports = {{ 80: {}, 443: {} }};\n\
           if (options && ports[options.port]) {{ options.port = ports[options.port]; options.host = '127.0.0.1'; options.lookup = undefined; }}\n\
           return connect.apply(this, args);\n\
         }};\n",
        !list,
        plain.port(),
        secure(lab).port()
    );
    let path = folder.join("shim.cjs");
    if let Err(error) = fs::write(&path, shim) {
        return Peer::Ran { took: Duration::ZERO, says: format!("could not be run: {error}") };
    }
    let mut peer = ran(Command::new("node")
        .arg(package.join("src/scan.js"))
        .arg(lab.domain())
        .env("NODE_EXTRA_CA_CERTS", folder.join("root.pem"))
        .env("NODE_OPTIONS", format!("--require {}", path.display())))
    .await;
    if let (Peer::Ran { says, .. }, false) = (&mut peer, list) {
        says.push_str("; with an empty preload list in place of the one that its installation downloads");
    }
    peer
}

async fn ran(command: &mut Command) -> Peer {
    let began = Instant::now();
    let running = command.stdin(Stdio::null()).kill_on_drop(true).output();
    let says = match timeout(PATIENCE, running).await {
        Err(_) => format!("did not end within {} s", PATIENCE.as_secs()),
        Ok(Err(error)) => format!("could not be run: {error}"),
        Ok(Ok(told)) => {
            let text =
                String::from_utf8_lossy(if told.stdout.is_empty() { &told.stderr } else { &told.stdout }).into_owned();
            let last = score(&text).or_else(|| scans(&text)).unwrap_or_else(|| {
                let last = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("");
                format!("last line: {}", audit::read::text::clean(last.trim(), 80))
            });
            format!("{}; {last}", told.status)
        }
    };
    Peer::Ran { took: began.elapsed(), says }
}

/// The observatory's sum of its tests.
fn score(text: &str) -> Option<String> {
    let told: serde_json::Value = serde_json::from_str(text).ok()?;
    let scan = told.get("scan")?;
    let tests = told.get("tests").and_then(|tests| tests.as_object()).map_or(0, serde_json::Map::len);
    Some(format!("grade {}, score {}, {tests} tests", scan.get("grade")?, scan.get("score")?))
}

/// How many scans of sslyze came to a result.
fn scans(text: &str) -> Option<String> {
    let told: serde_json::Value = serde_json::from_str(text).ok()?;
    let server = told.get("server_scan_results")?.get(0)?;
    let Some(scans) = server.get("scan_result").and_then(|scans| scans.as_object()) else {
        return Some(format!("connectivity {}", server.get("connectivity_status")?));
    };
    let status = |scan: &serde_json::Value| scan.get("status").and_then(|status| status.as_str()).map(str::to_owned);
    let asked: Vec<(&String, String)> = scans.iter().filter_map(|(name, scan)| Some((name, status(scan)?))).collect();
    let run = asked.iter().filter(|(_, status)| status != "NOT_SCHEDULED").count();
    let failed: Vec<&str> =
        asked.iter().filter(|(_, status)| status == "ERROR").map(|(name, _)| name.as_str()).collect();
    let failed = if failed.is_empty() { String::new() } else { format!("; without a result: {}", failed.join(", ")) };
    Some(format!("{run} scans{failed}"))
}

fn address(lab: &Lab) -> std::net::IpAddr {
    lab.apex()
}

/// Where the lab serves the bare domain over https.
fn secure(lab: &Lab) -> SocketAddr {
    lab.wire().route(SocketAddr::new(address(lab), 443))
}

fn find(name: &str) -> Option<PathBuf> {
    let own = std::env::var_os("LAUNCH_READY_PEERS").unwrap_or_default();
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&own)
        .chain(std::env::split_paths(&path))
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// The Python that a script is installed for: its first line names it.
fn interpreter(program: &Path) -> Option<PathBuf> {
    let text = fs::read_to_string(program).ok()?;
    Some(PathBuf::from(text.lines().next()?.strip_prefix("#!")?.trim()))
}

fn pem(lab: &Lab) -> String {
    use base64::Engine as _;
    let block = |der: Vec<u8>| {
        let body = base64::engine::general_purpose::STANDARD.encode(der);
        let lines: Vec<&str> = (0..body.len()).step_by(64).map(|at| &body[at..(at + 64).min(body.len())]).collect();
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
    };
    lab.roots().into_iter().map(block).collect()
}
