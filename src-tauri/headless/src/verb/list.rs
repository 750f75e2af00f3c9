//! `launch-ready checks` and `launch-ready roadmaps`: what the product looks at, built or not.

use crate::exit::{Exit, Trouble};
use crate::output::{Form, tell};
use audit::check::Need;
use audit::{checks, roadmap};
use serde::Serialize;

/// Arguments of `checks` and `roadmaps`.
#[derive(clap::Args)]
pub struct Args {
    /// How the list is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    title: &'a str,
    needs: &'a [Need],
    built: bool,
}

pub fn checks(args: &Args) -> Result<Exit, Trouble> {
    let built =
        checks::all().iter().map(|check| Row { id: check.id, title: check.title, needs: check.needs, built: true });
    let planned = roadmap::planned().iter().map(|check| Row {
        id: &check.id,
        title: &check.title,
        needs: &check.needs,
        built: false,
    });
    let mut rows: Vec<Row<'_>> = built.chain(planned).collect();
    rows.sort_by_key(|row| row.id);
    let text = rows.iter().map(|row| {
        format!("{:24} {} {}", row.id, if row.built { "built        " } else { "not built yet" }, row.title)
    });
    show(args, &rows, || text.collect::<Vec<_>>().join("\n"))
}

pub fn roadmaps(args: &Args) -> Result<Exit, Trouble> {
    let all = roadmap::all();
    let text = || {
        let mut lines = vec![];
        for roadmap in all {
            lines.push(format!("{} · {} · {}", roadmap.id, roadmap.title, roadmap.question));
            for stage in &roadmap.stages {
                lines.push(format!("  {} {} · {}", stage.number, stage.title, stage.goal));
                lines.extend(stage.items.iter().map(|item| format!("    {:8} {}", item.id, item.title)));
                lines.extend(
                    stage.deliverables.iter().map(|row| format!("    {:8} deliverable: {}", row.id, row.title)),
                );
                lines.extend(stage.signals.iter().map(|row| format!("    {:8} sign: {}", row.id, row.says)));
            }
        }
        lines.join("\n")
    };
    show(args, &all, text)
}

fn show<T: Serialize>(args: &Args, rows: &T, text: impl FnOnce() -> String) -> Result<Exit, Trouble> {
    tell(args.format, rows, text)?;
    Ok(Exit::Clean)
}
