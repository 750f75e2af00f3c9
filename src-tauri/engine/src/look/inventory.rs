//! The settings of a project: its files are walked and read one by one, and only names stay.

use super::tree::{Met, walk};
use crate::EngineError;
use audit::facts::{Environment, Inventory};
use audit::read::env::{Gathering, kind};
use audit::read::text::clean;
use std::path::Path;

/// Takes the inventory of the project in a folder, with what its environments have; `stop` is asked after each file.
///
/// # Errors
/// The folder cannot be opened.
pub fn inventory(
    folder: &Path,
    environments: impl IntoIterator<Item = (String, Environment)>,
    stop: &dyn Fn() -> bool,
) -> Result<Inventory, EngineError> {
    let mut gathering = Gathering::default();
    let walked = walk(
        folder,
        |path| kind(path).is_some(),
        |met| {
            match met {
                Met::File(path, bytes) => gathering.add(path, &String::from_utf8_lossy(bytes)),
                Met::LeftOut(why) => gathering.leave_out(why),
                Met::Cut(limit) => gathering.cut(limit),
            }
            let stopped = stop();
            if stopped {
                gathering.cut("the time allowed");
            }
            !stopped
        },
    );
    walked.map_err(|error| {
        let shown = clean(&folder.display().to_string(), 300);
        EngineError::new("folder", format!("failed to open the folder {shown}: {error}"))
    })?;
    environments.into_iter().for_each(|(name, has)| gathering.environment(&name, has));
    Ok(gathering.finish())
}
