//! Faults of the product's own folder and log: settings, calls without an end, what the log holds and lacks.

use super::Fault;
use crate::world::World;

pub(super) const ROWS: [Fault; 20] = [
    Fault::found("setting-missing", "production lacks a setting that the code requires", &["env.missing"], |world| {
        settings(world, "STRIPE_SECRET_KEY\n", "");
    }),
    Fault::found("setting-empty", "production lists a setting without a value", &["env.missing"], |world| {
        world.files.settings =
            "DATABASE_URL=x\nSTRIPE_SECRET_KEY=\nSESSION_SECRET=x\nNEXT_PUBLIC_API_URL=x\nLOG_LEVEL=x\n".to_owned();
    }),
    Fault::found(
        "setting-new",
        "the code reads a new setting that production does not have",
        &["env.missing"],
        |world| {
            code(world, "src/mail.ts", "export const { SMTP_URL, SMTP_FROM = \"hello\" } = process.env;\n");
            example(world, "SMTP_URL=\n");
        },
    ),
    Fault::found(
        "setting-of-python",
        "a worker in Python requires a setting that production does not have",
        &["env.missing"],
        |world| {
            code(
                world,
                "worker/main.py",
                "import os\nQUEUE = os.environ[\"QUEUE_URL\"]\nSIZE = os.getenv(\"QUEUE_SIZE\", \"10\")\n",
            );
            example(world, "QUEUE_URL=\n");
        },
    ),
    Fault::found(
        "setting-exposed",
        "a secret has a name that is built into the page's scripts",
        &["env.inventory"],
        |world| {
            code(world, "src/pay.ts", "export const key = process.env.NEXT_PUBLIC_STRIPE_SECRET_KEY;\n");
            example(world, "NEXT_PUBLIC_STRIPE_SECRET_KEY=\n");
            settings(world, "LOG_LEVEL", "NEXT_PUBLIC_STRIPE_SECRET_KEY\nLOG_LEVEL");
        },
    ),
    Fault::found(
        "setting-unlisted",
        "the code requires a setting that the example file does not list",
        &["env.inventory"],
        |world| {
            code(world, "src/mail.ts", "send(process.env.SMTP_URL);\n");
            settings(world, "LOG_LEVEL", "SMTP_URL\nLOG_LEVEL");
        },
    ),
    Fault::found("setting-idle", "the example file lists a setting that nothing reads", &["env.inventory"], |world| {
        example(world, "OLD_MAIL_HOST=\n");
    }),
    Fault::found("call-open-fetch", "the code calls another service without a time-out", &["code.timeouts"], |world| {
        code(world, "src/rates.ts", "export const rates = () => fetch(\"https://rates.acornkit.example/v1\");\n");
    }),
    Fault::found(
        "call-open-requests",
        "a worker in Python calls another service without a time-out",
        &["code.timeouts"],
        |world| {
            code(
                world,
                "worker/rates.py",
                "import requests\n\ndef rates():\n    return requests.get(\"https://rates.acornkit.example/v1\").json()\n",
            );
        },
    ),
    Fault::found("call-open-go", "a service in Go uses the client that never gives up", &["code.timeouts"], |world| {
        code(
            world,
            "rates/main.go",
            "package main\n\nfunc rates() { http.Get(\"https://rates.acornkit.example/v1\") }\n",
        );
    }),
    Fault::found("log-password", "the log holds what people typed as their password", &["logs.leaks"], |world| {
        log(
            world,
            3,
            r#"{"level":"info","request_id":"p1","msg":"login","form":{"email_hash":"x","password":"tulip-river-9"}}"#,
        );
    }),
    Fault::found("log-token", "the log holds the header that signs people in", &["logs.leaks"], |world| {
        log(world, 5, r#"{"level":"info","request_id":"p1","headers":{"authorization":"Bearer q7Zk2mVx9LpN4tRs8W"}}"#);
    }),
    Fault::found("log-card", "the log holds the number of a payment card", &["logs.leaks"], |world| {
        log(world, 1, r#"{"level":"info","request_id":"p1","msg":"checkout","card":"4539 5787 6362 1486"}"#);
    }),
    Fault::found("log-people", "the log holds the e-mail addresses of customers", &["logs.leaks"], |world| {
        log(world, 40, r#"{"level":"info","request_id":"p1","msg":"invited","to":"maren.holt@fjordmail.example"}"#);
    }),
    Fault::found("log-nameless-errors", "no error in the log names its request", &["logs.request_ids"], |world| {
        world
            .files
            .log
            .iter_mut()
            .filter(|line| line.contains("\"error\""))
            .for_each(|line| *line = line.replace("\"request_id\"", "\"pid\""));
    }),
    Fault::found(
        "log-some-nameless",
        "errors of one part of the product do not name their request",
        &["logs.request_ids"],
        |world| {
            log(world, 9, r#"{"level":"error","part":"mailer","msg":"connection lost"}"#);
        },
    ),
    Fault::found(
        "log-plain-errors",
        "errors are logged as plain sentences without a request",
        &["logs.request_ids"],
        |world| {
            log(world, 12, "2026-11-21 08:00:00 ERROR could not render the page");
        },
    ),
    Fault::found("log-no-logins", "logins that fail leave no line in the log", &["logs.coverage"], |world| {
        silence(world, "login failed");
    }),
    Fault::found(
        "log-no-webhooks",
        "messages of other services leave no line in the log",
        &["logs.coverage"],
        |world| {
            silence(world, "webhook");
        },
    ),
    Fault::found("log-no-tasks", "tasks behind the scenes leave no line in the log", &["logs.coverage"], |world| {
        silence(world, "job");
    }),
];

fn settings(world: &mut World, from: &str, to: &str) {
    world.files.settings = world.files.settings.replace(from, to);
}

fn code(world: &mut World, path: &str, text: &str) {
    world.files.add(path, text);
}

fn example(world: &mut World, line: &str) {
    if let Some(text) = world.files.code.get_mut(".env.example") {
        text.push_str(line);
    }
}

/// Adds a line that often, spread over the log.
fn log(world: &mut World, times: usize, line: &str) {
    for at in 0..times {
        world.files.log.insert(at * 20 + 10, line.to_owned());
    }
}

fn silence(world: &mut World, word: &str) {
    world.files.log.iter_mut().filter(|line| line.contains(word)).for_each(|line| *line = line.replace(word, "step"));
}
