//! Real servers, started by the test on sockets of their own: what is planted in a database is found, and its healthy twin stays clean.

use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to answer, on a machine that does other things as well.
const PATIENCE: Duration = Duration::from_secs(90);

/// A server with its folder; both go when the test ends.
struct Server {
    child: Child,
    folder: PathBuf,
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGINT ends both at once and in good order; a server that does not listen is ended hard.
        let _ = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        let begun = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && begun.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A program in PATH or in the folders where Debian keeps those of servers.
fn program(name: &str) -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = std::env::var_os("PATH").iter().flat_map(std::env::split_paths).collect();
    folders.extend(["/usr/sbin".into(), "/usr/libexec".into()]);
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    folders.extend(versions.map(|entry| entry.path().join("bin")));
    folders.into_iter().map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// The program, or none with a loud word; in CI its absence is a failure.
fn wanted(name: &str, package: &str) -> Option<PathBuf> {
    let found = program(name);
    if found.is_none() {
        eprintln!("NOT TESTED: {name} is not installed (Debian: apt-get install {package})");
        assert!(std::env::var_os("CI").is_none(), "{name} is not installed, and this is CI");
    }
    found
}

fn root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|told| told.stdout == b"0\n")
}

/// A command as the server's own user: both refuse to run as root, or should.
fn as_user(user: &str, program: &Path) -> Command {
    if !root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", user, "--regid", user, "--clear-groups", "--"]).arg(program);
    command
}

fn folder(name: &str, user: &str) -> PathBuf {
    // Sockets have short names.
    let folder = std::env::temp_dir().join(format!("lr-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    if root() {
        assert!(Command::new("chown").arg(user).arg(&folder).status().unwrap().success());
    }
    folder
}

/// A certificate for this machine with its key, and one of somebody else, in files that the server's user may read.
fn certificates(place: &Path, user: &str) -> [PathBuf; 3] {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let other = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let files =
        [("own.pem", made.cert.pem()), ("key.pem", made.signing_key.serialize_pem()), ("other.pem", other.cert.pem())];
    files.map(|(name, text)| {
        let file = place.join(name);
        fs::write(&file, text).unwrap();
        done(Command::new("chmod").arg("600").arg(&file));
        if root() {
            done(Command::new("chown").arg(user).arg(&file));
        }
        file
    })
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Holds the certificate against our own root, against another, and its name against the one that was asked for.
fn encrypted(url: impl Fn(&str, &Path) -> String, [own, _, other]: &[PathBuf; 3]) {
    let (seen, code) = told(&url("localhost", own), &["--fail-on", "critical"]);
    assert_eq!((seen["database"]["encrypted"].as_bool(), code), (Some(true), Some(0)), "{seen:#}");
    for (host, root) in [("localhost", other), ("127.0.0.1", own)] {
        let (seen, code) = told(&url(host, root), &[]);
        assert_eq!(code, Some(3), "{host}: {seen:#}");
        assert!(
            seen.to_string().contains("the encrypted connection failed") && !seen.to_string().contains("canary"),
            "{seen:#}"
        );
    }
}

fn done(command: &mut Command) {
    let ended = command.stdin(Stdio::null()).output().unwrap();
    assert!(ended.status.success(), "{command:?}: {}", String::from_utf8_lossy(&ended.stderr));
}

/// Pours a script into a client; false where it could not be carried out.
fn script(command: &mut Command, text: &str) -> bool {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    // A client that ended early says why on its own.
    let _ = child.stdin.take().unwrap().write_all(text.as_bytes());
    let ended = child.wait_with_output().unwrap();
    if !ended.status.success() {
        eprintln!("{}", String::from_utf8_lossy(&ended.stderr));
    }
    ended.status.success()
}

fn until(what: &str, mut ready: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !ready() {
        assert!(begun.elapsed() < PATIENCE, "{what} did not start");
        std::thread::sleep(Duration::from_millis(150));
    }
}

/// What `launch-ready db` says, and how it ends.
fn told(url: &str, more: &[&str]) -> (Value, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_launch-ready"));
    let ended =
        command.args(["db", "--format", "json"]).args(more).env("LAUNCH_READY_DATABASE_URL", url).output().unwrap();
    let says = String::from_utf8_lossy(&ended.stderr);
    let told = serde_json::from_slice(&ended.stdout).unwrap_or_else(|_| panic!("{says}"));
    (told, ended.status.code())
}

/// The subjects that a check found.
fn found(told: &Value, check: &str) -> Vec<String> {
    let checks = told["checks"].as_array().unwrap();
    let findings = checks.iter().find(|row| row["id"] == check).unwrap()["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["subject"].as_str().unwrap().to_owned()).collect()
}

fn paste(told: &Value, subject: &str) -> String {
    let checks = told["checks"].as_array().unwrap().iter();
    let finding =
        checks.flat_map(|row| row["findings"].as_array().unwrap()).find(|finding| finding["subject"] == subject);
    finding.unwrap_or_else(|| panic!("nothing about {subject}: {told:#}"))["fix"]["paste"].as_str().unwrap().to_owned()
}

const CHECKS: [&str; 4] = ["db.slow_queries", "db.table_scans", "db.missing_indexes", "db.n_plus_one"];

/// Questions that read the whole table, and those that do not.
fn load(whole: usize, quick: usize) -> String {
    let whole = (0..whole).map(|at| format!("SELECT * FROM boards WHERE slug = 'canary-{at}';\n"));
    let quick = (0..quick).map(|at| format!("SELECT * FROM boards WHERE team_id = {} LIMIT 5;\n", at % 300));
    whole.chain(quick).collect()
}

#[test]
fn what_is_planted_in_postgres_is_found_and_the_healthy_twin_is_clean() {
    let (Some(server), Some(initdb), Some(psql)) =
        (wanted("postgres", "postgresql"), wanted("initdb", "postgresql"), wanted("psql", "postgresql"))
    else {
        return;
    };
    let user = "postgres";
    let place = folder("pg", user);
    let data = place.join("data");
    let (files, port) = (certificates(&place, user), free_port());
    done(as_user(user, &initdb).arg("-D").arg(&data).args([
        "-A",
        "trust",
        "-U",
        "postgres",
        "-N",
        "--locale=C",
        "-E",
        "UTF8",
    ]));
    let child = as_user(user, &server)
        .arg("-D")
        .arg(&data)
        .arg("-k")
        .arg(&place)
        .args(["-c", "listen_addresses=127.0.0.1", "-c", &format!("port={port}"), "-c", "ssl=on"])
        .args(["-c", &format!("ssl_cert_file={}", files[0].display())])
        .args([
            "-c",
            &format!("ssl_key_file={}", files[1].display()),
            "-c",
            "fsync=off",
            "-c",
            "shared_preload_libraries=pg_stat_statements",
        ])
        .args(["-c", "autovacuum=off", "-c", "shared_buffers=32MB", "-c", "max_connections=20"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let held = Server { child, folder: place.clone() };
    let client = |database: &str| {
        let mut command = Command::new(&psql);
        command.arg("-h").arg(&place).args([
            "-p",
            &port.to_string(),
            "-U",
            "postgres",
            "-d",
            database,
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
        ]);
        command
    };
    until("postgres", || {
        client("postgres").args(["-c", "SELECT 1"]).output().is_ok_and(|ended| ended.status.success())
    });
    assert!(script(
        &mut client("postgres"),
        "CREATE ROLE launch_ready LOGIN IN ROLE pg_monitor; CREATE DATABASE planted; CREATE DATABASE healthy; CREATE DATABASE bare;"
    ));
    let tables = "CREATE EXTENSION pg_stat_statements;\nCREATE TABLE teams (id int PRIMARY KEY);\nCREATE TABLE boards (id int PRIMARY KEY, team_id int NOT NULL REFERENCES teams, slug text, colour int);\nINSERT INTO teams SELECT generate_series(0, 299);\nINSERT INTO boards SELECT n, n % 300, 'slug ' || n, n FROM generate_series(1, 60000) n;\n";
    let planted = "CREATE INDEX boards_colour ON boards (colour);\nCREATE INDEX boards_colour_again ON boards (colour);\nCREATE INDEX boards_some ON boards (team_id) WHERE colour = 7;\nANALYZE;\n";
    let healthy = "CREATE INDEX boards_team_id ON boards (team_id);\nCREATE UNIQUE INDEX boards_slug ON boards (slug);\nCREATE INDEX boards_lower ON boards (lower(slug));\nANALYZE;\n";
    assert!(script(
        &mut client("planted"),
        &format!("{tables}{planted}SELECT pg_stat_statements_reset();{}", load(70, 70))
    ));
    assert!(script(&mut client("planted"), &"SELECT * FROM boards;\n".repeat(6)));
    assert!(script(&mut client("healthy"), &format!("{tables}{healthy}{}", load(70, 70))));
    let url = |role: &str, database: &str| {
        format!("postgres://{role}:canary-pw@{}:{port}/{database}", place.to_string_lossy().replace('/', "%2F"))
    };
    // How long a query takes is this machine's business and no part of the test.
    let (seen, code) = told(&url("launch_ready", "planted"), &["--fail-on", "critical"]);
    assert_eq!(code, Some(0), "{seen:#}");
    assert_eq!(found(&seen, "db.table_scans"), ["boards"], "{seen:#}");
    assert_eq!(paste(&seen, "boards"), "CREATE INDEX CONCURRENTLY boards_slug_idx ON boards (slug);");
    assert_eq!(found(&seen, "db.missing_indexes"), ["boards (team_id)", "boards_colour_again"], "{seen:#}");
    assert_eq!(paste(&seen, "boards (team_id)"), "CREATE INDEX CONCURRENTLY boards_team_id_idx ON boards (team_id);");
    assert!(found(&seen, "db.slow_queries").contains(&"select * from boards".to_owned()), "{seen:#}");
    assert_eq!(
        (seen["database"]["mighty"].as_bool(), seen["database"]["encrypted"].as_bool()),
        (Some(false), Some(false))
    );
    assert!(!seen.to_string().contains("canary"), "a value or the password was kept");
    plans_of_postgres(&mut || client("planted"), &|role| told(&url(role, "planted"), &["--fail-on", "critical"]).0);
    // What is to be pasted is carried out, and its findings are gone.
    let fixes = ["boards", "boards (team_id)", "boards_colour_again"].map(|subject| paste(&seen, subject));
    assert!(fixes.iter().all(|fix| script(&mut client("planted"), fix)), "{fixes:?}");
    assert_eq!(found(&told(&url("launch_ready", "planted"), &[]).0, "db.missing_indexes"), Vec::<String>::new());
    let (seen, code) = told(&url("launch_ready", "healthy"), &[]);
    assert!(CHECKS.iter().all(|check| found(&seen, check).is_empty()) && code == Some(0), "{seen:#}");
    assert!(seen["database"]["statements"].as_array().unwrap().len() >= 2, "{seen:#}");
    let over = |host: &str, root: &Path| {
        format!(
            "postgres://launch_ready:canary-pw@{host}:{port}/healthy?sslmode=verify-full&sslrootcert={}",
            root.display()
        )
    };
    encrypted(over, &files);
    // A role that may do everything is told, and what the database does not count could not be told.
    let (seen, code) = told(&url("postgres", "bare"), &[]);
    assert_eq!((seen["database"]["mighty"].as_bool(), code), (Some(true), Some(0)));
    assert!(seen["database"]["unseen"]["statements"]["way"].as_str().unwrap().contains("CREATE EXTENSION"), "{seen:#}");
    let (seen, code) = told(&url("nobody", "planted"), &[]);
    assert_eq!(code, Some(3), "{seen:#}");
    assert!(
        seen.to_string().contains("role \\\"nobody\\\" does not exist") && !seen.to_string().contains("canary"),
        "{seen:#}"
    );
    drop(held);
}

/// Statements are planned by a role that may read the tables, never carried out, and nothing that stands in one becomes a statement.
fn plans_of_postgres(client: &mut dyn FnMut() -> Command, look: &dyn Fn(&str) -> Value) {
    let roles = "CREATE ROLE planner LOGIN IN ROLE pg_monitor; GRANT SELECT ON ALL TABLES IN SCHEMA public TO planner; CREATE SEQUENCE counter; GRANT ALL ON counter TO planner;";
    assert!(script(&mut client(), roles));
    let hostile = [
        "SELECT nextval('counter');",
        "SELECT id AS \"a; DROP TABLE teams\" FROM boards WHERE colour = 5;",
        "EXPLAIN ANALYZE SELECT nextval('counter');",
        "WITH gone AS (DELETE FROM boards WHERE colour = -1 RETURNING id) SELECT * FROM gone;",
        "SELECT slug FROM boards WHERE slug = 'canary' /* DROP TABLE teams -- */;",
    ];
    assert!(hostile.iter().all(|text| script(&mut client(), text)));
    let before = value(client(), "SELECT last_value || ' ' || (SELECT count(*) FROM boards) FROM counter");
    // The role of before may not read the tables, so it may not plan either.
    let blind = look("launch_ready")["database"]["unseen"]["plans"].clone();
    assert!(blind["says"].as_str().is_some_and(|says| says.contains("permission denied")), "{blind:#}");
    assert!(blind["way"].as_str().is_some_and(|way| way.contains("GRANT SELECT")), "{blind:#}");
    let seen = look("planner");
    let plans = seen["database"]["plans"].as_array().unwrap();
    let scans = |shape: &str| plans.iter().find(|plan| plan["shape"] == shape).map(|plan| plan["scans"].to_string());
    assert_eq!(scans("select * from boards where slug = ?").as_deref(), Some("[\"boards\"]"), "{plans:#?}");
    assert_eq!(scans("select * from boards where team_id = ? limit ?").as_deref(), Some("[]"), "{plans:#?}");
    assert!(scans("select slug from boards where slug = ?").is_some(), "{plans:#?}");
    assert!(scans("select nextval(?)").is_some() && !seen.to_string().contains("canary"), "{plans:#?}");
    assert!(seen.to_string().contains("by its plan this reads all of it"), "{seen:#}");
    // A role that may do everything plans its own statements, and every one of these was its own.
    assert!(!look("postgres")["database"]["plans"].as_array().unwrap().is_empty());
    let after = value(client(), "SELECT last_value || ' ' || (SELECT count(*) FROM boards) FROM counter");
    assert_eq!(before, after, "something was carried out");
}

/// What a query of one row and column says.
fn value(mut client: Command, sql: &str) -> String {
    let ended = client.args(["-A", "-t", "-c", sql]).output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8_lossy(&ended.stdout).trim().to_owned()
}

#[test]
fn what_is_planted_in_mariadb_is_found_and_the_healthy_twin_is_clean() {
    let (Some(server), Some(install), Some(client)) = (
        wanted("mariadbd", "mariadb-server"),
        wanted("mariadb-install-db", "mariadb-server"),
        wanted("mariadb", "mariadb-server"),
    ) else {
        return;
    };
    let user = "mysql";
    let place = folder("maria", user);
    let (data, socket) = (place.join("data"), place.join("s"));
    let (files, port) = (certificates(&place, user), free_port());
    done(
        as_user(user, &install)
            .arg("--no-defaults")
            .arg(format!("--datadir={}", data.display()))
            .args(["--auth-root-authentication-method=normal", "--skip-test-db"]),
    );
    let child = as_user(user, &server)
        .arg("--no-defaults")
        .arg(format!("--datadir={}", data.display()))
        .arg(format!("--socket={}", socket.display()))
        .args(["--bind-address=127.0.0.1", &format!("--port={port}"), "--skip-name-resolve"])
        .arg(format!("--ssl-cert={}", files[0].display()))
        .arg(format!("--ssl-key={}", files[1].display()))
        .args(["--performance-schema=ON", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let held = Server { child, folder: place };
    let sql = || {
        let mut command = Command::new(&client);
        command.arg("--no-defaults").arg(format!("--socket={}", socket.display())).args(["-u", "root"]);
        command
    };
    until("mariadbd", || sql().args(["-e", "SELECT 1"]).output().is_ok_and(|ended| ended.status.success()));
    let tables = "CREATE TABLE teams (id int PRIMARY KEY);\nCREATE TABLE boards (id int PRIMARY KEY, team_id int NOT NULL, slug varchar(40), colour int, FOREIGN KEY (team_id) REFERENCES teams (id));\nINSERT INTO teams SELECT seq FROM seq_0_to_299;\nINSERT INTO boards SELECT seq, seq % 300, CONCAT('slug ', seq), seq FROM seq_1_to_60000;\n";
    let planted = "CREATE INDEX colour_one ON boards (colour);\nCREATE INDEX colour_two ON boards (colour);\nANALYZE TABLE boards;\n";
    let healthy = "CREATE UNIQUE INDEX slug ON boards (slug);\nANALYZE TABLE boards;\n";
    for (name, more) in [("planted", planted), ("healthy", healthy)] {
        let free = "SELECT * FROM boards WHERE colour IS NULL;\nSELECT * FROM boards WHERE slug IS NULL;\n";
        let all = format!("CREATE DATABASE {name}; USE {name};\n{tables}{more}{}{free}", load(70, 70));
        assert!(script(&mut sql(), &all), "{name}");
    }
    assert!(script(
        &mut sql(),
        "CREATE USER reader IDENTIFIED BY 'canary-pw'; GRANT SELECT ON planted.* TO reader; GRANT SELECT ON healthy.* TO reader; GRANT SELECT ON performance_schema.* TO reader;"
    ));
    let url = |name: &str| format!("mysql://reader:canary-pw@localhost/{name}?socket={}", socket.display());
    let (seen, code) = told(&url("planted"), &["--fail-on", "critical"]);
    assert_eq!((code, seen["database"]["kind"].as_str()), (Some(0), Some("mariadb")), "{seen:#}");
    assert_eq!(found(&seen, "db.table_scans"), ["boards"], "{seen:#}");
    assert_eq!(paste(&seen, "boards"), "CREATE INDEX boards_slug_idx ON boards (slug) ALGORITHM=INPLACE LOCK=NONE;");
    assert_eq!(found(&seen, "db.missing_indexes"), ["colour_two"], "{seen:#}");
    assert!(!seen.to_string().contains("canary") && seen["database"]["mighty"] == false, "{seen:#}");
    let plans = seen["database"]["plans"].as_array().unwrap();
    let free = plans.iter().find(|plan| plan["shape"] == "select * from boards where colour is null");
    assert_eq!(free.map(|plan| plan["scans"].to_string()).as_deref(), Some("[]"), "an index serves it: {plans:#?}");
    let bare = plans.iter().find(|plan| plan["shape"] == "select * from boards where slug is null");
    assert_eq!(bare.map(|plan| plan["scans"].to_string()).as_deref(), Some("[\"boards\"]"), "{plans:#?}");
    assert!(seen["database"]["unseen"]["plans"]["says"].as_str().unwrap().contains("need values"), "{seen:#}");
    let fixes = ["boards", "colour_two"].map(|subject| format!("USE planted; {}", paste(&seen, subject)));
    assert!(fixes.iter().all(|fix| script(&mut sql(), fix)), "{fixes:?}");
    let (seen, code) = told(&url("healthy"), &[]);
    assert!(CHECKS.iter().all(|check| found(&seen, check).is_empty()) && code == Some(0), "{seen:#}");
    let over = |host: &str, root: &Path| {
        format!("mysql://reader:canary-pw@{host}:{port}/healthy?ssl-mode=VERIFY_IDENTITY&ssl-ca={}", root.display())
    };
    encrypted(over, &files);
    let (seen, code) = told(&url("mysql"), &[]);
    assert_eq!(code, Some(3), "{seen:#}");
    drop(held);
}
