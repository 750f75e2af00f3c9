//! `launch-ready project export|import`: one project as one file, out of the folder where the window or a watch keeps its projects, or into it.

use super::watch::own;
use crate::exit::{Exit, Trouble};
use crate::output;
use audit::read::text::clean;
use clap::Subcommand;
use engine::store::{ENDING, Parcel, Project, Store};
use std::path::{Path, PathBuf};

/// Arguments of `project`.
#[derive(clap::Args)]
#[command(
    after_help = "The window keeps its projects in ~/.local/share/dev.launchready.desktop (Linux), ~/Library/Application Support/dev.launchready.desktop (macOS) or %APPDATA%\\dev.launchready.desktop (Windows).\nA project file holds no secret, no consent and no place of this computer; what it does not hold is told.\nExit codes: 0 done, 2 bad input, and then nothing was changed."
)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Write a project into one new file
    Export {
        /// The domain of the project, or its id where several have the same domain
        project: String,
        /// The folder with the projects
        #[arg(long, value_name = "FOLDER")]
        state: PathBuf,
        /// The file to write; DOMAIN.launchready in this folder without it
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Put the private notes into it too
        #[arg(long)]
        notes: bool,
    },
    /// Make a new project out of a file; it never changes one that is there
    Import {
        /// The file
        file: PathBuf,
        /// The folder with the projects; it is made where it is missing
        #[arg(long, value_name = "FOLDER")]
        state: PathBuf,
    },
}

pub async fn run(args: Args) -> Result<Exit, Trouble> {
    match args.what {
        What::Export { project, state, out, notes } => {
            // A folder without a store is not made into one.
            std::fs::read_dir(&state)
                .map_err(|error| Trouble::new(format!("failed to open the folder {}: {error}", state.display())))?;
            let store = Store::open(&state).await.map_err(own)?;
            let project = named(&store, &project, &state).await?;
            let out = out.unwrap_or_else(|| PathBuf::from(format!("{}.{ENDING}", project.target.domain)));
            let parcel = store.export_project(project.id, &out, notes).await.map_err(own)?;
            eprintln!("wrote {} ({} bytes)", out.display(), parcel.bytes);
            told(&project, &parcel)
        }
        What::Import { file, state } => {
            let store = Store::open(&state).await.map_err(own)?;
            let parcel = store.import_project(&file).await.map_err(own)?;
            let project = store.project(parcel.project).await.map_err(own)?;
            told(&project, &parcel)
        }
    }
}

/// The one project of a domain or an id.
async fn named(store: &Store, typed: &str, state: &Path) -> Result<Project, Trouble> {
    let all = store.projects().await.map_err(own)?;
    let is = |project: &&Project| {
        project.id.to_string() == typed || project.target.domain == typed || project.target.name == typed
    };
    let found: Vec<&Project> = all.iter().filter(is).collect();
    match found.as_slice() {
        [one] => Ok((*one).clone()),
        [] => {
            let known: Vec<&str> = all.iter().map(|project| project.target.domain.as_str()).collect();
            let known =
                if known.is_empty() { "it holds none".to_owned() } else { format!("it holds {}", known.join(", ")) };
            Err(Trouble::new(format!("there is no project {} in {}; {known}", clean(typed, 100), state.display())))
        }
        several => {
            let each = several.iter().map(|project| format!("{} ({})", project.id, project.name));
            let each = each.collect::<Vec<_>>().join(", ");
            Err(Trouble::new(format!("several projects have this domain; name one by its id: {each}")))
        }
    }
}

fn told(project: &Project, parcel: &Parcel) -> Result<Exit, Trouble> {
    let head = format!(
        "{} of {}, project {}: {} runs, {} pieces of evidence",
        project.name, project.client, project.id, parcel.runs, parcel.pieces
    );
    let left = parcel.left.iter().chain(&parcel.lost).map(|says| format!("  {says}"));
    output::print(&std::iter::once(head).chain(left).collect::<Vec<_>>().join("\n"))?;
    Ok(Exit::Clean)
}
