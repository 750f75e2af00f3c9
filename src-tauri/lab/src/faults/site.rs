//! Faults of what the site answers when it is asked for more: files left behind, error pages, the health address, maps and debug builds.

use super::Fault;
use crate::secret;
use crate::site::{Landing, Leaf, Naming};
use crate::world::{DOMAIN, World};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const API: &str = "api.juniperdesk.example";
const FILES: &[&str] = &["http.exposed_files"];
const ERRORS: &[&str] = &["http.error_pages"];
const HEALTH: &[&str] = &["http.health"];
const NAMES: &[&str] = &["http.request_id"];
const MAPS: &[&str] = &["bundle.source_maps"];
const LEAKING: &[&str] = &["bundle.secrets", "bundle.source_maps"];
const DEBUG: &[&str] = &["bundle.debug"];
const TEXT: &str = "text/plain; charset=utf-8";
const JSON: &str = "application/json";
const HTML: &str = "text/html; charset=utf-8";
const MAP: &str = "{\"version\":3,\"file\":\"app.js\",\"sources\":[\"../src/boards.ts\"],\"sourcesContent\":[\"// keeps boards tidy\"],\"mappings\":\"AAAA\"}";

pub(super) const ROWS: [Fault; 28] = [
    Fault::found("left-env", "the file of settings can be fetched", FILES, |world| {
        leaf(world, "/.env", Leaf::new(200, TEXT, "APP_ENV=production\nDB_PASSWORD=planted-for-the-lab\n"))
    }),
    Fault::found("left-git", "the Git folder of the source can be fetched", FILES, |world| {
        leaf(world, "/.git/HEAD", Leaf::new(200, TEXT, "ref: refs/heads/main\n"));
        leaf(world, "/.git/config", Leaf::new(200, TEXT, "[core]\n\trepositoryformatversion = 0\n"));
    }),
    Fault::found("left-backup", "a backup of the database can be fetched", FILES, |world| {
        leaf(world, "/backup.sql", Leaf::new(200, TEXT, "-- PostgreSQL database dump\nSET statement_timeout = 0;\n"))
    }),
    Fault::found("open-introspection", "the GraphQL interface tells its whole plan", FILES, |world| {
        let plan = "{\"data\":{\"__schema\":{\"queryType\":{\"name\":\"Query\"}}}}";
        leaf(world, "/graphql", Leaf::new(200, JSON, plan));
    }),
    Fault::trap("single-page-app", "every address shows the front page, as single-page applications do", |world| {
        world.site(DOMAIN).catch_all = true;
    }),
    Fault::trap("closed-files", "private files are refused (403) instead of missing", |world| {
        for path in ["/.env", "/.git/HEAD", "/.git/config", "/backup.sql", "/server-status"] {
            leaf(world, path, Leaf::new(403, TEXT, "forbidden\n"));
        }
    }),
    Fault::found("missing-page-trace", "a missing page shows a stack trace", ERRORS, |world| {
        let trace = "Error: Cannot match route\n    at Router.handle (/srv/app/node_modules/router/index.js:95:5)\n";
        missing(world, Leaf::new(404, TEXT, trace));
    }),
    Fault::found("missing-page-500", "a missing page is answered as a failure of the server (500)", ERRORS, |world| {
        missing(world, Leaf::new(500, HTML, "<!doctype html><title>Sorry</title><p>Something went wrong.</p>"))
    }),
    Fault::found("missing-page-200", "a missing page is answered with 200 and an apology", ERRORS, |world| {
        missing(world, Leaf::new(200, HTML, "<!doctype html><title>Sorry</title><p>There is nothing here.</p>"))
    }),
    Fault::found("malformed-crash", "a malformed parameter shows the debug page of the framework", ERRORS, |world| {
        let page = "<!doctype html><title>UnicodeDecodeError // Werkzeug Debugger</title>";
        leaf(world, "/?q=%E0%A4%A", Leaf::new(500, HTML, page));
    }),
    Fault::found("health-lies", "the health address answers 200 while the database is down", HEALTH, |world| {
        leaf(world, "/health", Leaf::new(200, JSON, "{\"status\":\"ok\",\"checks\":{\"database\":\"down\"}}"))
    }),
    Fault::found("health-leaks", "the health address tells the database's address", HEALTH, |world| {
        let told = "{\"status\":\"ok\",\"db\":\"postgres://desk@db/desk\"}";
        leaf(world, "/health", Leaf::new(200, JSON, told));
    }),
    Fault::trap("health-inside", "the health address is behind the login and tells its parts there", |world| {
        let told = "{\"status\":\"ok\",\"checks\":{\"database\":\"ok\"},\"host\":\"db-1.prod.internal\"}\n";
        leaf(world, "/health", Leaf::new(200, JSON, told).locked());
    }),
    Fault::found(
        "health-lies-inside",
        "the health address behind the login answers 200 while the database is down",
        HEALTH,
        |world| {
            leaf(
                world,
                "/health",
                Leaf::new(200, JSON, "{\"status\":\"ok\",\"checks\":{\"database\":\"down\"}}").locked(),
            )
        },
    )
    .telling("a part is down"),
    Fault::found(
        "health-leaks-inside",
        "the health address behind the login tells the database's password",
        HEALTH,
        |world| {
            let told = "{\"status\":\"ok\",\"database\":\"postgres://app:planted-for-the-lab@db/app\"}";
            leaf(world, "/health", Leaf::new(200, JSON, told).locked());
        },
    )
    .telling("everybody who is signed in"),
    Fault::found("health-cached", "caches may keep the answer of the health address", HEALTH, |world| {
        let answer = Leaf::new(200, JSON, "{\"status\":\"ok\"}").with("cache-control", "public, max-age=300");
        leaf(world, "/health", answer);
    }),
    Fault::found("unnamed-answers", "answers of the domain carry no number", NAMES, |world| {
        world.site(DOMAIN).naming = Naming::Silent;
    }),
    Fault::found("unnamed-api", "answers of the api carry no number", NAMES, |world| {
        world.site(API).naming = Naming::Silent;
    }),
    Fault::found("one-name-for-all", "all answers of the domain carry the same number", NAMES, |world| {
        world.site(DOMAIN).naming = Naming::Stuck;
    }),
    Fault::found("map-named", "the application's script names its source map, and it is there", MAPS, |world| {
        bundle(world, "/*x*/\n//# sourceMappingURL=/maps/app.js.map\n;");
        leaf(world, "/maps/app.js.map", Leaf::new(200, JSON, MAP));
    }),
    Fault::found("map-inside", "the application's script holds its source map", MAPS, |world| {
        bundle(world, "/*x*/\n//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozfQ==\n;")
    }),
    Fault::found("map-header", "a header names the source map of the scripts, and it is there", MAPS, |world| {
        world.site(DOMAIN).headers.insert("sourcemap", "/maps/desk.map".to_owned());
        leaf(world, "/maps/desk.map", Leaf::new(200, JSON, MAP));
    }),
    Fault::found("map-with-key", "the source map of the scripts holds a key in a file of its own", LEAKING, |world| {
        bundle(world, "/*x*/\n//# sourceMappingURL=/maps/app.js.map\n;");
        let map = leaking_map(world);
        leaf(world, "/maps/app.js.map", Leaf::new(200, JSON, &map));
    })
    .telling("../src/billing.ts, line 3"),
    Fault::found(
        "map-inside-with-key",
        "the application's script holds a source map with a key in it",
        LEAKING,
        |world| {
            let map = STANDARD.encode(leaking_map(world));
            bundle(world, &format!("/*x*/\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,{map}\n;"));
        },
    )
    .telling("../src/billing.ts, line 3"),
    Fault::found("map-of-a-header-with-key", "a header names a source map that holds a key", LEAKING, |world| {
        world.site(DOMAIN).headers.insert("sourcemap", "/maps/desk.map".to_owned());
        let map = leaking_map(world);
        leaf(world, "/maps/desk.map", Leaf::new(200, JSON, &map));
    })
    .telling("sk_live_…"),
    Fault::found("debug-localhost", "the application's script asks the developer's own machine", DEBUG, |world| {
        bundle(world, "const dev=\"http://localhost:3000/v1\";")
    }),
    Fault::found("debug-build", "the application's script is a debug build", DEBUG, |world| {
        bundle(world, "console.info(\"You are running a development build of Vue.\");")
    }),
    Fault::found("debug-staging", "the application's script asks the trial copy", DEBUG, |world| {
        bundle(world, "const hooks=\"https://staging.juniperdesk.example/v1/hooks\";")
    }),
];

fn leaf(world: &mut World, path: &'static str, leaf: Leaf) {
    world.site(DOMAIN).leaves.insert(path, leaf);
}

fn missing(world: &mut World, leaf: Leaf) {
    world.site(DOMAIN).missing = Some(leaf);
}

/// A source map that embeds an original file with a key in its third line.
fn leaking_map(world: &World) -> String {
    let key = secret::payment_key(world.seed);
    MAP.replace("../src/boards.ts", "../src/billing.ts")
        .replace("// keeps boards tidy", &format!("// keeps accounts tidy\\n\\nexport const pay = \\\"{key}\\\";\\n"))
}

fn bundle(world: &mut World, text: &str) {
    landing(world, |page| page.bundle = Some(text.to_owned()));
}

fn landing(world: &mut World, change: impl FnOnce(&mut Landing)) {
    if let Some(page) = world.site(DOMAIN).landing() {
        change(page);
    }
}
