//! Each language's ways to read a setting: what is required, what has a value of its own, what copes without.

use super::{How, given, part, read};
use crate::facts::{Need, Part, ValueSeen};
use crate::read::env::{Gathering, Refusal};

/// `NAME!` required, `NAME=` with a value of its own, `NAME?` optional, `NAME:` declared, `NAME+` set; in the order of the text.
fn told(path: &str, text: &str) -> String {
    let mark = |how| match how {
        How::Reads(Need::Required) => "!",
        How::Reads(Need::Defaulted) => "=",
        How::Reads(Need::Optional) => "?",
        How::Declares(_) => ":",
        How::Provides => "+",
    };
    read(path, text)
        .mentions
        .iter()
        .map(|found| format!("{}{}", found.name, mark(found.how)))
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn javascript_is_read_by_its_grammar() {
    for (text, wanted) in [
        ("use(process.env.A)", "A!"),
        ("x = process.env['A']; y = process.env[\"B\"]; z = process.env[name]", "A! B!"),
        ("const { A, B: b, C = 'x', D: d = 1, ...rest } = process.env", "A! B! C= D="),
        ("const env = process.env; use(env.A, env['B'])", "A! B!"),
        ("a = process.env.A || 'x'; b = process.env.B ?? \"y\"; c = process.env.C || ''", "A= B= C?"),
        ("a = process.env.A ?? process.env.B", "A= B!"),
        ("a = process.env.A ?? (() => { throw new Error('A') })()", "A!"),
        ("if (process.env.A) { use(process.env.A) }", "A? A?"),
        ("if (process.env.A === 'x') go(); b = process.env.B ? 1 : 2; c = !!process.env.C", "A? B? C?"),
        ("if (!process.env.A) throw new Error('no A'); use(process.env.A)", "A! A!"),
        ("function f() { if (!process.env.A) return; use(process.env.A) }", "A? A?"),
        ("x = process.env.A && use(process.env.A)", "A? A?"),
        ("process.env.A = 'x'; delete process.env.B; process.env.C ??= 'd'", "C="),
        ("// process.env.A\n/* process.env.B */ const s = 'process.env.C'; const t = `${process.env.D}`", "D!"),
        ("const x = 'A' in process.env", "A?"),
        ("const key = process.env.A! as string; g(process.env.B as string)", "A! B!"),
        ("a = import.meta.env.VITE_A; m = import.meta.env.MODE; d = import.meta.env.DEV", "VITE_A!"),
        ("Deno.env.get('A'); Deno.env.get(\"B\") ?? 'x'; Bun.env.C", "A! B= C!"),
        (
            "import { A, B as b } from '$env/static/private'; import { env } from '$env/dynamic/public'; use(env.C)",
            "A! B! C!",
        ),
        (
            "const S = z.object({ A: z.string(), B: z.string().optional(), C: z.coerce.number().default(3) }); S.parse(process.env)",
            "A! B? C=",
        ),
        ("export const env = cleanEnv(process.env, { A: str(), B: port({ default: 1 }) })", "A! B="),
        ("requireEnv('A'); getEnv('B', 'x'); env('c')", "A! B="),
        ("process.env.toString(); Object.keys(process.env)", ""),
    ] {
        assert_eq!(told("src/a.ts", text), wanted, "{text}");
        assert_eq!(told("src/a.js", text), wanted, "{text}");
    }
    let page = "const el = <p title=\"it's\">Don't {process.env.A}</p>;\nconst r = /['\"]/.test(process.env.B)";
    assert_eq!(told("src/a.tsx", page), "A! B!");
    let vue = "<template>{{ process.env.NO }}</template>\n<script setup lang=\"ts\">\nconst a = import.meta.env.VITE_A\n</script>";
    let found = read("src/A.vue", vue);
    assert_eq!((found.mentions[0].name.as_str(), found.mentions[0].line), ("VITE_A", 3));
}

#[test]
fn python_is_read() {
    for (text, wanted) in [
        ("os.environ['A']; os.environ[\"B\"] = 'x'", "A!"),
        ("os.environ.get('A'); os.environ.get('B', 'x'); os.getenv('C', None); os.getenv('D') or 'x'", "A! B= C? D="),
        ("if os.getenv('A'):\n    pass\nx = os.getenv('B') == '1'", "A? B?"),
        ("from os import environ, getenv\nenviron['A']\ngetenv('B')", "A! B!"),
        ("# os.environ['A']\ns = \"os.environ['B']\"\nd = \"\"\"\nos.environ['C']\n\"\"\"", ""),
        ("url = f\"https://{os.environ['HOST']}/\"", "HOST!"),
        ("import environ\nenv = environ.Env()\nA = env('A')\nB = env.bool('B', default=False)\nC = env.db()", "A! B="),
        ("from decouple import config\nA = config('A')\nB = config('B', default='x', cast=int)", "A! B="),
        ("if 'A' in os.environ: pass", "A?"),
        (
            "class Settings(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix=\"APP_\")\n    a: str\n    b: int = 3\n    c: str | None = None\n    d: str = Field(...)\n    e: str = Field(default='x', alias='EE')\n    _f: str\n\nclass Other(BaseModel):\n    g: str\n",
            "APP_A! APP_B= APP_C? APP_D! EE=",
        ),
    ] {
        assert_eq!(told("app/a.py", text), wanted, "{text}");
    }
}

#[test]
fn other_languages_are_read_by_their_tokens() {
    for (path, text, wanted) in [
        (
            "a.rb",
            "ENV['A']; ENV.fetch('B'); ENV.fetch('C', 1); ENV.fetch('D') { 2 }; ENV['E'] || 'x'; ENV['F'] = 'y'",
            "A! B! C= D= E=",
        ),
        (
            "a.rb",
            "x if ENV['A']\ny unless ENV['B'].present?\nENV.key?('C')\nENV['D'] || raise('no')\n# ENV['E']",
            "A? B? C? D!",
        ),
        (
            "a.go",
            "a := os.Getenv(\"A\")\nb, ok := os.LookupEnv(\"B\") // os.Getenv(\"C\")\nd := getEnv(\"D\", \"x\")\n",
            "A! B? D=",
        ),
        (
            "a.go",
            "type C struct {\n A string `env:\"A,required\"`\n B int `env:\"B\" envDefault:\"80\"`\n D string `envconfig:\"D\"`\n}",
            "A! B= D?",
        ),
        (
            "a.php",
            "<?php getenv('A'); $_ENV['B'] ?? 'x'; env('C', 'd'); env('D'); env('E', null); // env('F')",
            "A! B= C= D! E?",
        ),
        (
            "a.rs",
            "env!(\"A\"); option_env!(\"B\"); std::env::var(\"C\")?; env::var(\"D\").unwrap_or_default(); env::var(\"E\").ok()",
            "A! B? C! D= E?",
        ),
        (
            "A.java",
            "System.getenv(\"A\"); System.getenv().getOrDefault(\"B\", \"x\"); @Value(\"${C}\") @Value(\"${D:x}\")",
            "A! B= C! D=",
        ),
        ("a.kt", "System.getenv(\"A\") ?: \"x\"\nSystem.getenv(\"B\") ?: error(\"no\")\nprintln(\"${C}\")", "A= B!"),
        (
            "a.cs",
            "Environment.GetEnvironmentVariable(\"A\"); var b = Environment.GetEnvironmentVariable(\"B\") ?? \"x\"; var c = Environment.GetEnvironmentVariable(\"C\") ?? throw new X();",
            "A! B= C!",
        ),
        (
            "a.exs",
            "System.fetch_env!(\"A\"); System.get_env(\"B\", \"x\"); System.get_env(\"C\") || raise \"no\"; System.get_env(\"D\") || \"x\"; System.get_env(\"E\")",
            "A! B= C! D= E!",
        ),
        ("prisma/schema.prisma", "datasource db {\n url = env(\"DATABASE_URL\") // env(\"NO\")\n}", "DATABASE_URL!"),
        (
            "a.sh",
            "set -e\nX=1\necho \"$A ${B:-x} ${C:?no} ${D:+y} $X\" '$NO' # $NO\nfor F in a b; do echo $F; done",
            "A! B= C! D?",
        ),
        ("Dockerfile", "ARG A\nARG B=1\nENV C=2 D=$A\nENV E x\nRUN echo $F $C\n", "A? B= C+ E+ F!"),
        (
            "docker-compose.yml",
            "services:\n  web:\n    image: x:${TAG:-latest}\n    environment:\n      - A\n      - B=${C:?no}\n      - D=1\n",
            "TAG= A! C!",
        ),
        ("docker-compose.yml", "services:\n  web:\n    environment:\n      A:\n      B: ${C}\n      D: 1\n", "A! C!"),
        (
            "k8s/web.yaml",
            "spec:\n  containers:\n    - name: WEB\n      env:\n        - name: A\n          valueFrom: {secretKeyRef: {name: x, key: y}}\n        - name: B\n          value: '1'\n",
            "A+ B+",
        ),
        (
            ".github/workflows/ci.yml",
            "env:\n  X: 1\njobs:\n  a:\n    steps:\n      - run: echo ${{ secrets.A }} ${{ vars.B || 'x' }}\n",
            "X+ A! B=",
        ),
        ("src/main/resources/application.yml", "db:\n  url: ${A}\n  user: ${B:me}\n# ${C}\n", "A! B="),
        (".env.example", "A=\nexport B=changeme\n# C=1\n", "A: B:"),
        ("README.md", "process.env.A", ""),
    ] {
        assert_eq!(told(path, text), wanted, "{path}: {text}");
    }
}

#[test]
fn files_are_told_apart_by_what_they_are_for() {
    for (path, wanted) in [
        ("src/a.ts", Part::App),
        ("next.config.js", Part::App),
        ("src/__tests__/a.ts", Part::Test),
        ("src/a.test.ts", Part::Test),
        ("tests/conftest.py", Part::Test),
        ("jest.config.js", Part::Test),
        ("scripts/seed.ts", Part::Build),
        ("Dockerfile", Part::Build),
        ("deploy.sh", Part::Build),
        ("docker-entrypoint.sh", Part::App),
        (".github/workflows/x.yml", Part::Ci),
    ] {
        assert_eq!(part(path), wanted, "{path}");
    }
}

#[test]
fn calls_without_end_are_told() {
    let open = |path: &str, text: &str| {
        let found = read(path, text);
        found.calls.iter().filter(|call| !call.bounded).map(|call| call.call.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(open("a.ts", "fetch('https://api.x.test/v1')"), "fetch");
    assert_eq!(
        open(
            "a.ts",
            "fetch(url, { signal: AbortSignal.timeout(1000) }); fetch('/api/own'); fetch(url, options); fetch(request)"
        ),
        ""
    );
    assert_eq!(open("a.ts", "axios.get(url); axios.post(url, {}, { timeout: 1000 })"), "axios.get");
    assert_eq!(
        open("a.py", "requests.get(url)\nrequests.post(url, timeout=5)\nsession.get(url)\nrequests.get(url, **kw)"),
        "requests.get"
    );
    assert_eq!(open("a.go", "http.Get(u)\nc := &http.Client{Timeout: 5}\nd := http.Client{}"), "http.Get http.Client");
    assert_eq!(
        open("a.rs", "reqwest::get(u).await; reqwest::Client::new(); reqwest::Client::builder()"),
        "reqwest::get reqwest::Client::new"
    );
    let mut gathering = Gathering::default();
    gathering.add("a.ts", "axios.get(url)");
    gathering.add("b.ts", "axios.defaults.timeout = 5000");
    assert_eq!(gathering.finish().calls, []);
}

#[test]
fn lists_of_environments_are_read_in_every_form() {
    let names = |environment: &str, text: &str| {
        given(environment, text.as_bytes())
            .map(|list| (list.from, list.names.into_keys().collect::<Vec<_>>().join(" ")))
    };
    let is = |from: &str, list: &str| Ok((from.to_owned(), list.to_owned()));
    assert_eq!(names("production", "A=1\nexport B='x'\n# C=2\n"), is("dotenv file", "A B"));
    assert_eq!(names("production", "A\nB\nstripe_key\n"), is("a list of names", "A B stripe_key"));
    assert_eq!(names("production", "=== juniper Config Vars\nA:   1\nB:   two\n"), is("heroku config", "A B"));
    let fly = "NAME         │ DIGEST           │ CREATED AT\nA            │ 0f1e2d3c         │ 1m ago\nB_KEY\t9a8b7c6d\t2026-01-01";
    assert_eq!(names("production", fly), is("a platform's list", "A B_KEY"));
    let vercel = " name        value       environments          created\n A           Encrypted   Production, Preview   3d ago\n B           Encrypted   Development           3d ago\n";
    assert_eq!(names("production", vercel), is("a platform's list", "A"));
    assert_eq!(names("preview", vercel), is("a platform's list", "A"));
    assert_eq!(names("development", vercel), is("a platform's list", "B"));
    let json = r#"{"envs":[{"key":"A","target":["production"],"type":"encrypted","value":"eyJ"},{"key":"B","target":["preview"]}]}"#;
    assert_eq!(names("production", json), is("JSON", "A"));
    assert_eq!(names("production", r#"{"A":"1","B":"","c":{"D":"x"}}"#), is("JSON", "A B D"));
    assert_eq!(names("production", r#"[{"Name":"A","Digest":"x"},"B"]"#), is("JSON", "A B"));
    for (platform, list) in [
        ("vercel env pull", "# Created by Vercel CLI\nA=\"1\"\nB_KEY=\"two\"\n"),
        ("heroku config -s", "A='1'\nB_KEY='two'\n"),
        ("heroku config --json", r#"{"A":"1","B_KEY":"two"}"#),
        ("fly secrets list --json", r#"[{"Name":"A","Digest":"0f1e","Status":"Deployed"},{"Name":"B_KEY"}]"#),
        (
            "netlify env:list",
            "| Key   | Value | Scope |\n|-------|-------|-------|\n| A     | ****  | All   |\n| B_KEY | ****  | All   |\n",
        ),
        ("railway variables --json", r#"{"A":"1","B_KEY":"two"}"#),
        ("render", r#"[{"envVar":{"key":"A","value":"1"},"cursor":"x"},{"envVar":{"key":"B_KEY","value":"2"}}]"#),
        (
            "aws ssm get-parameters-by-path",
            r#"{"Parameters":[{"Name":"/desk/prod/A","Type":"SecureString","Value":"1","ARN":"arn:x"},{"Name":"/desk/prod/B_KEY","Value":"2"}]}"#,
        ),
        (
            "aws secretsmanager get-secret-value",
            r#"{"ARN":"arn:x","Name":"desk/prod","SecretString":"{\"A\":\"1\",\"B_KEY\":\"2\"}"}"#,
        ),
        ("aws lambda", r#"{"FunctionName":"desk","Environment":{"Variables":{"A":"1","B_KEY":"2"}}}"#),
        (
            "gcloud run",
            r#"{"spec":{"containers":[{"env":[{"name":"A","value":"1"},{"name":"B_KEY","valueFrom":{"secretKeyRef":{"key":"latest"}}}]}]}}"#,
        ),
        ("kubectl get secret -o yaml", "apiVersion: v1\nkind: Secret\ndata:\n  A: MQ==\n  B_KEY: dHdv\n"),
        ("kubectl get secret -o json", r#"{"apiVersion":"v1","kind":"Secret","data":{"A":"MQ==","B_KEY":"dHdv"}}"#),
    ] {
        let given = names("production", list).map(|(_, names)| names);
        assert_eq!(given.as_deref(), Ok("A B_KEY"), "{platform}");
    }
    assert_eq!(names("production", "{\"A\":"), Err(Refusal::Json));
    assert_eq!(names("production", "hello there\n"), Err(Refusal::Nothing));
    assert_eq!(given("production", &[0xff, 0xfe, 0]).unwrap_err(), Refusal::NotText);
    let empty = given("production", b"A=\nB=changeme\nC=12").unwrap();
    assert_eq!(empty.names["A"], Some(ValueSeen::Empty));
    assert_eq!(empty.names["B"], Some(ValueSeen::Placeholder));
    assert_eq!(empty.names["C"], Some(ValueSeen::Short));
}

#[test]
fn nothing_of_a_value_is_kept() {
    let canary = "zq7Kp2Vx9LmN4tRs8WyB3cDf6GhJ1aEu";
    let mut gathering = Gathering::default();
    gathering.add(".env", &format!("API_SECRET={canary}\nB=\"{canary}\nsecond {canary}\"\n"));
    gathering.add("Dockerfile", &format!("ENV TOKEN={canary}\n"));
    gathering.add("a.ts", &format!("const a = process.env.A ?? '{canary}'; fetch('https://x.test/?k={canary}')"));
    gathering.add("a.py", &format!("requests.get('https://x.test/{canary}')\nos.getenv('A', '{canary}')"));
    gathering.add("compose.yaml", &format!("services:\n  a:\n    environment:\n      T: {canary}\n"));
    for list in [
        format!("A={canary}\n"),
        format!("{{\"A\":\"{canary}\"}}"),
        format!("=== x Config Vars\nA: {canary}\n"),
        format!("A | {canary} | Production\n"),
    ] {
        gathering.environment("production", given("production", list.as_bytes()).unwrap());
    }
    let inventory = gathering.finish();
    assert_eq!(inventory.variables["API_SECRET"].declared[0].value, ValueSeen::Secret);
    assert_eq!(inventory.environments["production"].names.len(), 1);
    let kept = serde_json::to_string(&inventory).unwrap();
    for start in 0..canary.len() - 8 {
        assert!(!kept.contains(&canary[start..start + 8]), "a part of a value was kept");
    }
}

#[test]
fn hostile_texts_are_survived() {
    let deep = ["(", "[", "{", "<a>", "`${", "!", "a?"].map(|piece| piece.repeat(20_000));
    let yaml = "a: ".repeat(3_000);
    for text in deep.iter().chain([&yaml]) {
        let text = format!("process.env.A; {text} process.env.B");
        for path in [
            "a.ts",
            "a.tsx",
            "a.py",
            "a.rb",
            "a.go",
            "a.php",
            "a.rs",
            "a.java",
            "a.exs",
            "a.sh",
            "Dockerfile",
            "compose.yml",
            "application.yml",
            ".env",
            "a.vue",
        ] {
            drop(read(path, &text));
        }
    }
}

#[test]
fn settings_of_platforms_packages_and_nuxt_are_read() {
    for (path, text, wanted) in [
        (
            "vercel.json",
            r#"{"env": {"DB": "@db"}, "build": {"env": {"KEY": "@key"}}, "headers": {"X": "y"}}"#,
            "DB+ KEY+",
        ),
        (
            "netlify.toml",
            "[build.environment]\n  NODE = \"20\"\n[context.production.environment]\n  API = \"x\"\n",
            "API+ NODE+",
        ),
        (
            "package.json",
            r#"{"scripts": {"load": "cat a.sql | psql $DB_URL && echo $npm_package_version", "go": "MODE=1 run $MODE ${PORT:-80}"}}"#,
            "PORT= DB_URL!",
        ),
        (
            "nuxt.config.ts",
            "export default defineNuxtConfig({ runtimeConfig: { apiSecret: '', pay: { retryCount: 3 }, public: { base: '/x' } } })",
            "NUXT_API_SECRET? NUXT_PAY_RETRY_COUNT= NUXT_PUBLIC_BASE=",
        ),
        ("other.ts", "x({ runtimeConfig: { apiSecret: '' } })", ""),
        ("deploy.sh", "cat dump.sql | psql $PG_URL | tee \"$OUT/x\"; A=1; echo $A", "PG_URL! OUT!"),
    ] {
        assert_eq!(told(path, text), wanted, "{path}");
    }
    assert_eq!(read("vercel.json", "{\n \"env\": {\n  \"DB\": \"@db\"\n }\n}").mentions[0].line, 3);
    for broken in ["{", "[build", "[]", "{\"scripts\": [1]}"] {
        for path in ["vercel.json", "netlify.toml", "package.json"] {
            assert_eq!(told(path, broken), "");
        }
    }
}
