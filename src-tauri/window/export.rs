//! Handover documents as files: written beside, put in place when whole, never over an older one.

use crate::error::Trouble;
use crate::ipc::{Exported, OpenPoint};
use crate::state::Core;
use crate::template;
use crate::view::Judged;
use audit::read::text::clean;
use engine::store::{Project, ProjectId};
use report::Options;
use serde::Deserialize;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use ts_rs::TS;

/// Under this name the store keeps who signs for the audit.
const AUTHOR: &str = "author";
/// Longest name of a person, in characters.
const NAME: usize = 120;

/// The form of a document.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "DocumentForm", export_to = "bindings.ts")]
pub(crate) enum Form {
    /// The document to hand over.
    Pdf,
    /// The same blocks as text.
    Markdown,
    /// The same blocks as a page that stands alone.
    Html,
    /// One page of it: the operating guide.
    Guide,
    /// Its lists, as a folder of tables.
    Csv,
}

impl Form {
    fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Guide => "guide.pdf",
            Self::Csv => "csv",
        }
    }

    /// The files of this form, each with what its name ends in.
    fn print(self, judged: &Judged, options: &Options) -> Result<Vec<(String, Vec<u8>)>, Trouble> {
        let (audit, facts) = (&judged.audit, &judged.facts);
        let bytes = match self {
            Self::Pdf => report::pdf(audit, facts, options)?,
            Self::Markdown => report::markdown(audit, facts, options).into_bytes(),
            Self::Html => report::html(audit, facts, options)?.into_bytes(),
            Self::Guide => report::guide(audit, facts, options)?,
            Self::Csv => {
                let lists = report::csv(audit, facts)?.into_iter();
                return Ok(lists.map(|(name, text)| (name.to_owned(), text.into_bytes())).collect());
            }
        };
        Ok(vec![(self.ending().to_owned(), bytes)])
    }
}

/// Writes the handover document of a project below `documents`.
pub(crate) async fn export(core: &Core, id: ProjectId, form: Form, documents: PathBuf) -> Result<Exported, Trouble> {
    let project = core.store.project(id).await?;
    let none = || Trouble::new("no-run", "there is nothing to hand over yet; run the audit first");
    let judged = core.judged(&project).await?.ok_or_else(none)?;
    let options = options(core, &project, &judged).await?;
    let work = move || {
        let stop = report::preflight(&judged.audit, &judged.facts, &options).into_iter().find(|open| open.stops);
        if let Some(stop) = stop {
            return Err(Trouble::new("preflight", format!("nothing was written: {} {}", stop.says, stop.way)));
        }
        let mut written = (PathBuf::new(), 0);
        for (ending, bytes) in form.print(&judged, &options)? {
            written.0 = place(&documents, &project, &judged, &ending, &bytes)?;
            written.1 += bytes.len();
        }
        if matches!(form, Form::Csv) {
            written.0.pop();
        }
        let bytes = u32::try_from(written.1).unwrap_or(u32::MAX);
        Ok(Exported { path: written.0.display().to_string(), bytes })
    };
    tauri::async_runtime::spawn_blocking(work).await?
}

/// What is still open before the document is handed over.
pub(crate) async fn open_points(core: &Core, id: ProjectId) -> Result<Vec<OpenPoint>, Trouble> {
    let project = core.store.project(id).await?;
    let Some(judged) = core.judged(&project).await? else { return Ok(vec![]) };
    let options = options(core, &project, &judged).await?;
    let open = report::preflight(&judged.audit, &judged.facts, &options).into_iter();
    Ok(open.map(|open| OpenPoint { says: open.says, way: open.way, stops: open.stops }).collect())
}

/// Who signs for the audit, as the person in front of the window says.
async fn author(core: &Core) -> Result<Option<String>, Trouble> {
    let kept = core.store.preference(AUTHOR).await?;
    Ok(kept.map(|name| clean(&name, NAME)).filter(|name| !name.is_empty()))
}

/// For whom a document of a project is written, what changed since, and in whose look.
pub(crate) async fn options(core: &Core, project: &Project, judged: &Judged) -> Result<Options, Trouble> {
    Ok(Options {
        client: project.client.clone(),
        product: project.name.clone(),
        author: author(core).await?,
        since: core.since(project, judged).await?,
        template: template::of(core).await?,
        ..Options::default()
    })
}

fn place(documents: &Path, project: &Project, judged: &Judged, ending: &str, bytes: &[u8]) -> Result<PathBuf, Trouble> {
    let folder = documents.join(file_name(&project.client));
    let day = judged.audit.judged.strftime("%Y-%m-%d");
    let stem = format!("{}-handover-{day}", file_name(&project.target.domain));
    write_new(&folder, &stem, ending, bytes)
        .map_err(|error| Trouble::new("export", format!("failed to write into {}: {error}", folder.display())))
}

/// The first free name in a folder, which is made where it is missing: `stem.ending`, `stem-2.ending` …
pub(crate) fn free(folder: &Path, stem: &str, ending: &str) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let names = (1..=9_999).map(|number| match number {
        1 => format!("{stem}.{ending}"),
        _ => format!("{stem}-{number}.{ending}"),
    });
    let free = names.map(|name| folder.join(name)).find(|path| !path.exists());
    free.ok_or_else(|| io::Error::other("there are too many documents of this day"))
}

/// Writes a file under the first free name.
fn write_new(folder: &Path, stem: &str, ending: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let path = free(folder, stem, ending)?;
    let beside = path.with_extension(format!("{ending}.part"));
    let written = write_whole(&beside, bytes).and_then(|()| fs::rename(&beside, &path));
    if let Err(error) = written {
        // Half a document is of no use to anybody.
        let _ = fs::remove_file(&beside);
        return Err(error);
    }
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(path)
}

fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A name that every file system takes: letters, digits, spaces, dots and hyphens, and no name that Windows keeps for devices.
pub(crate) fn file_name(text: &str) -> String {
    let fits = |c: char| if c.is_alphanumeric() || " .-_".contains(c) { c } else { '-' };
    let name: String = text.chars().take(60).map(fits).collect();
    let name = name.trim_matches([' ', '.', '-']);
    let base = name.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let numbered = |device: &str| base.strip_prefix(device).is_some_and(|rest| rest.len() == 1 && rest != "0");
    let device = ["CON", "PRN", "AUX", "NUL"].contains(&base.as_str()) || numbered("COM") || numbered("LPT");
    if name.is_empty() || device { format!("client {name}").trim_end().to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{file_name, write_new};
    use std::fs;

    #[test]
    fn names_stay_inside_their_folder() {
        for (text, name) in [
            ("Acme GmbH & Co.", "Acme GmbH - Co"),
            ("../../etc/passwd", "etc-passwd"),
            ("..", "client"),
            ("", "client"),
            ("con", "client con"),
            ("LPT1.txt", "client LPT1.txt"),
            ("COM", "COM"),
            ("Bücher\u{0}/x", "Bücher--x"),
            ("C:\\Windows", "C--Windows"),
        ] {
            assert_eq!(file_name(text), name, "{text:?}");
        }
    }

    #[test]
    fn an_older_document_is_never_overwritten() {
        let folder = std::env::temp_dir().join(format!("launch-ready-export-{}", std::process::id()));
        let first = write_new(&folder, "a-handover", "md", b"first").unwrap();
        let second = write_new(&folder, "a-handover", "md", b"second").unwrap();
        assert_eq!(fs::read(&first).unwrap(), b"first");
        assert_eq!(fs::read(&second).unwrap(), b"second");
        assert!(second.ends_with("a-handover-2.md"));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "no part is left");
        fs::remove_dir_all(&folder).unwrap();
    }
}
