//! `launch-ready env [PATH] [--environment NAME=FILE]…`: the settings that a project's code reads, and those that an environment lacks.

use crate::exit::{Exit, Trouble};
use crate::input;
use crate::output::{Form, tell};
use audit::facts::{Environment, Inventory, Need, Part, Read, Variable};
use audit::read::env::{given, public_prefix, secret_name, supplied};
use audit::read::text::clean;
use audit::settings;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// A list of settings is small; a larger file is something else.
const LARGEST: u64 = 1024 * 1024;

/// Arguments of `env`.
#[derive(clap::Args)]
#[command(
    after_help = "Exit codes: 0 nothing is missing, 1 a required setting is missing or a secret has a name that browsers get, 2 bad input.\nFILE is a .env file, a list of names, JSON, or what `vercel env ls`, `heroku config` or `fly secrets list` print; - reads standard input. Values are never kept or shown."
)]
pub struct Args {
    /// The project folder
    #[arg(default_value = ".", value_name = "PATH")]
    path: PathBuf,
    /// Hold the settings in this file against the code (may be given several times)
    #[arg(long, value_name = "NAME=FILE")]
    environment: Vec<String>,
    /// How the result is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let environments = environments(&args.environment)?;
    let inventory =
        engine::inventory(&args.path, environments, &|| false).map_err(|error| Trouble::new(error.message))?;
    if inventory.files == 0 {
        let shown = clean(&args.path.display().to_string(), 300);
        return Err(Trouble::new(format!("{shown} holds no source file; give the folder of a project")));
    }
    let told = Told::of(&inventory);
    tell(args.format, &told, || text(&told))?;
    let lacking = told.environments.values().any(|environment| !environment.missing.is_empty());
    Ok(if lacking || !told.exposed.is_empty() { Exit::Found } else { Exit::Clean })
}

/// The lists of `NAME=FILE` arguments, by name.
pub fn environments(typed: &[String]) -> Result<BTreeMap<String, Environment>, Trouble> {
    let mut found = BTreeMap::new();
    for text in typed {
        let (name, file) =
            text.split_once('=').filter(|(name, file)| !name.is_empty() && !file.is_empty()).ok_or_else(|| {
                Trouble::new(format!("{} names no file; write it like production=settings.txt", clean(text, 60)))
            })?;
        let bytes = if file == "-" { standard_input()? } else { list(Path::new(file))? };
        let has =
            given(name, &bytes).map_err(|why| Trouble::new(format!("{} cannot be used: {why}", clean(file, 300))))?;
        if found.insert(name.to_owned(), has).is_some() {
            return Err(Trouble::new(format!("the environment {} is given twice", clean(name, 60))));
        }
    }
    Ok(found)
}

fn list(path: &Path) -> Result<Vec<u8>, Trouble> {
    let large = std::fs::metadata(path).is_ok_and(|data| data.len() > LARGEST);
    if large {
        return Err(Trouble::new(format!("{} is larger than 1 MB, which no list of settings is", path.display())));
    }
    input::bytes(path)
}

fn standard_input() -> Result<Vec<u8>, Trouble> {
    let mut bytes = vec![];
    let read = std::io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes);
    read.map_err(|error| Trouble::new(format!("failed to read standard input: {error}")))?;
    if bytes.len() as u64 > LARGEST {
        return Err(Trouble::new("standard input is larger than 1 MB, which no list of settings is"));
    }
    Ok(bytes)
}

/// What is printed.
#[derive(Serialize)]
struct Told<'a> {
    files: u32,
    left_out: &'a BTreeMap<String, u32>,
    cut: Option<&'a str>,
    variables: Vec<Row<'a>>,
    environments: BTreeMap<&'a str, Held<'a>>,
    exposed: Vec<Shown<'a>>,
    /// Required, but not in the example file; none without such a file.
    undeclared: Option<Vec<&'a str>>,
    /// In the example file, but read by nothing.
    unread: Vec<&'a str>,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    /// Whether the product itself needs it and nothing stands in.
    required: bool,
    /// Whether a system or platform sets it by itself.
    supplied: bool,
    /// Whether its name says that it is secret.
    secret: bool,
    public_prefix: Option<&'static str>,
    #[serde(flatten)]
    seen: &'a Variable,
}

#[derive(Serialize)]
struct Held<'a> {
    from: &'a str,
    names: usize,
    missing: Vec<Lacking<'a>>,
    unused: Vec<&'a str>,
}

#[derive(Serialize)]
struct Lacking<'a> {
    name: &'a str,
    path: &'a str,
    line: u32,
    empty: bool,
}

#[derive(Serialize)]
struct Shown<'a> {
    name: &'a str,
    prefix: &'a str,
    places: Vec<String>,
}

impl<'a> Told<'a> {
    fn of(inventory: &'a Inventory) -> Self {
        let row = |(name, seen): (&'a String, &'a Variable)| Row {
            name,
            required: settings::required(name, seen).is_some(),
            supplied: supplied(name),
            secret: secret_name(name),
            public_prefix: public_prefix(name),
            seen,
        };
        let held = |(name, has): (&'a String, &'a Environment)| {
            let missing = settings::missing(inventory, name).unwrap_or_default();
            let missing = missing.into_iter().map(|one| Lacking {
                name: one.name,
                path: &one.at.path,
                line: one.at.line,
                empty: one.empty,
            });
            let unused = settings::unused(inventory, name);
            (name.as_str(), Held { from: &has.from, names: has.names.len(), missing: missing.collect(), unused })
        };
        let shown = settings::exposed(inventory).into_iter();
        Self {
            files: inventory.files,
            left_out: &inventory.left_out,
            cut: inventory.cut.as_deref(),
            variables: inventory.variables.iter().map(row).collect(),
            environments: inventory.environments.iter().map(held).collect(),
            exposed: shown.map(|one| Shown { name: one.name, prefix: one.prefix, places: one.places }).collect(),
            undeclared: settings::undeclared(inventory).map(|rows| rows.into_iter().map(|(name, _)| name).collect()),
            unread: settings::unread(inventory).into_iter().map(|(name, _)| name).collect(),
        }
    }
}

fn text(told: &Told<'_>) -> String {
    let mut out = String::new();
    let required = told.variables.iter().filter(|row| row.required).count();
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{} settings in {} files, {required} of them required", told.variables.len(), told.files);
    for (why, count) in told.left_out {
        let _ = writeln!(out, "left out: {count} {why}");
    }
    if let Some(limit) = told.cut {
        let _ = writeln!(out, "the list is not whole: the project reaches the limit of {limit}");
    }
    let width = told.variables.iter().map(|row| row.name.len()).max().unwrap_or(0).min(48);
    let read = told.variables.iter().filter(|row| row.seen.count > 0 && !row.supplied);
    let _ = writeln!(out, "\nRead by the code");
    for row in read {
        let need = if row.required { "required" } else { need(row.seen) };
        let place = row.seen.reads.first().map(place).unwrap_or_default();
        let _ = writeln!(out, "  {:width$}  {need:11}  {place}", row.name);
        if !row.seen.note.is_empty() {
            let _ = writeln!(out, "  {:width$}  {}", "", row.seen.note);
        }
    }
    for (name, held) in &told.environments {
        let _ = writeln!(out, "\n{name}: {} names ({})", held.names, held.from);
        if held.missing.is_empty() {
            let _ = writeln!(out, "  nothing that is required is missing");
        }
        for one in &held.missing {
            let how = if one.empty { "is empty" } else { "is missing" };
            let _ = writeln!(out, "  {:width$}  {how}, required by {}:{}", one.name, one.path, one.line);
        }
        if !held.unused.is_empty() {
            let _ = writeln!(out, "  read by nothing: {}", held.unused.join(", "));
        }
    }
    if told.environments.is_empty() {
        let _ = writeln!(out, "\nGive --environment production=FILE to hold the live settings against this list.");
    }
    for one in &told.exposed {
        let _ = writeln!(
            out,
            "\n{} is secret, but {} puts it into the scripts that every visitor gets: {}",
            one.name,
            one.prefix,
            one.places.join(", ")
        );
    }
    for (says, names) in [
        ("Required, but not in the example file", told.undeclared.as_deref().unwrap_or_default()),
        ("In the example file, but read by nothing", told.unread.as_slice()),
    ] {
        if !names.is_empty() {
            let _ = writeln!(out, "\n{says}: {}", names.join(", "));
        }
    }
    out
}

fn need(seen: &Variable) -> &'static str {
    let app = seen.reads.iter().any(|read| read.part == Part::App);
    let most = seen.reads.iter().map(|read| read.need).max();
    match (app, most) {
        (false, _) => "not the app",
        (true, Some(Need::Optional)) => "optional",
        _ => "has default",
    }
}

fn place(read: &Read) -> String {
    format!("{}:{}", read.path, read.line)
}
