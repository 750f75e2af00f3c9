//! The look of a handover document, from a small file: a name, a logo, two colours.

use crate::exit::Trouble;
use crate::input;
use report::{Logo, Template};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Bytes of a template file at most.
const BYTES: usize = 16 * 1024;
/// Characters of a name at most.
const NAME: usize = 80;

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    name: String,
    accent: Option<String>,
    headings: Option<String>,
    logo: Option<PathBuf>,
}

/// Reads a template; a logo is looked for beside it.
///
/// # Errors
/// When a file cannot be read, or a colour or the logo cannot be used.
pub fn read(path: &Path) -> Result<Template, Trouble> {
    let trouble = |why: String| Trouble::new(format!("{} is not a template: {why}", path.display()));
    let bytes = input::bytes(path)?;
    let text = std::str::from_utf8(&bytes).ok().filter(|text| text.len() <= BYTES);
    let text = text.ok_or_else(|| trouble(format!("it is no text of at most {} kB", BYTES / 1024)))?;
    let file: File = toml::from_str(text).map_err(|why| trouble(why.message().to_owned()))?;
    if file.name.chars().count() > NAME {
        return Err(trouble(format!("its name is longer than {NAME} characters")));
    }
    let color = |key: &str, text: Option<String>| {
        text.map(|text| Template::color(&text)).transpose().map_err(|why| trouble(format!("{key}: {why}")))
    };
    let logo = |logo: PathBuf| {
        let beside = path.parent().map_or_else(|| logo.clone(), |folder| folder.join(&logo));
        Logo::read(&input::bytes(&beside)?).map_err(|why| trouble(format!("logo: {why}")))
    };
    Ok(Template {
        name: file.name.trim().to_owned(),
        accent: color("accent", file.accent)?,
        headings: color("headings", file.headings)?,
        logo: file.logo.map(logo).transpose()?,
    })
}

#[cfg(test)]
mod tests {
    use super::read;
    use std::fs;

    #[test]
    fn a_template_is_read_and_what_is_wrong_with_it_is_told() {
        let folder = std::env::temp_dir().join(format!("launch-ready-template-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("own.toml");
        fs::write(folder.join("logo.png"), include_bytes!("../../../assets/icons/32x32.png")).unwrap();
        let told = |text: &str| {
            fs::write(&path, text).unwrap();
            read(&path).map_err(|trouble| trouble.to_string())
        };
        let whole = "name = \"Rivera\"\naccent = \"#0b5d3b\"\nlogo = \"logo.png\"";
        let template = told(whole).unwrap();
        assert_eq!((template.name.as_str(), template.accent), ("Rivera", Some((0x0b, 0x5d, 0x3b))));
        assert_eq!(template.logo.unwrap().size(), (32, 32));
        for (text, why) in [
            ("accent = \"#ffcc00\"", "accent: #ffcc00 has a contrast of 1."),
            ("headings = \"blue\"", "a colour is written like #1f5eff"),
            ("logo = \"own.toml\"", "logo: the logo is no PNG"),
            ("logo = \"none.png\"", "failed to read"),
            ("colour = \"#000000\"", "unknown field"),
        ] {
            let said = told(text).unwrap_err();
            assert!(said.contains(why), "{text}: {said}");
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
