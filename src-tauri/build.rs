//! Tells Tauri where the window's permissions are, and keeps its generated schemas out of the root.
use std::{error::Error, fs, io, path::Path};

use tauri_build::{AppManifest, Attributes};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=src-tauri/permissions");
    // An application manifest is what makes the list of permissions binding: without one, every command is open to the window.
    let manifest = AppManifest::new().permissions_path_pattern("./src-tauri/permissions/**/*");
    tauri_build::try_build(
        Attributes::new().capabilities_path_pattern("./src-tauri/capabilities/**/*").app_manifest(manifest),
    )?;
    tidy(Path::new("gen"), Path::new("src-tauri/gen"))
}

/// Moves the schemas that editors read; Tauri writes them to `gen` at the root and takes no other place.
fn tidy(from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    if !from.join("schemas").is_dir() {
        return Ok(());
    }
    missing_is_fine(fs::remove_dir_all(to))?;
    missing_is_fine(fs::rename(from, to))?;
    Ok(())
}

fn missing_is_fine(outcome: io::Result<()>) -> io::Result<()> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
