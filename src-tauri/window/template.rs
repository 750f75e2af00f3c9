//! The look that whoever hands over gives the document: a name, two colours and a logo, the same for every project.

use crate::error::Trouble;
use crate::places;
use crate::state::Core;
use audit::read::text::clean;
use report::{Logo, Template};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::Read;
use ts_rs::TS;

/// Under this name the store keeps name and colours.
const LOOK: &str = "template";
/// Under this one it keeps the file of the logo.
const LOGO: &str = "template_logo";
/// Longest name, in characters.
const NAME: usize = 80;
/// Bytes that are read of a logo; one more than the largest that is taken.
const BYTES: u64 = 512 * 1024 + 1;

/// Name and colours as a person writes them; an empty colour is the usual one.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub(crate) struct OwnLook {
    /// Stands on the cover and at the head of each page; empty where nobody is named.
    pub(crate) name: String,
    /// The colour of links, such as `#0b5d3b`.
    pub(crate) accent: String,
    /// The colour of headings.
    pub(crate) headings: String,
}

/// What is kept.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct OwnLookState {
    pub(crate) look: OwnLook,
    pub(crate) logo: Option<LogoSeen>,
}

/// The logo as the page shows it.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct LogoSeen {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// The picture itself, as a `data:` address.
    pub(crate) url: String,
}

/// Whether a colour can be read on paper.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct ColorTold {
    pub(crate) fits: bool,
    pub(crate) says: String,
}

/// What is kept, for the page.
pub(crate) async fn state(core: &Core) -> Result<OwnLookState, Trouble> {
    let seen = |logo: Logo| -> Result<LogoSeen, Trouble> {
        let url = logo.url().map_err(|error| unusable(error.to_string()))?;
        Ok(LogoSeen { width: logo.size().0, height: logo.size().1, url })
    };
    Ok(OwnLookState { look: look(core).await?, logo: logo(core).await?.map(seen).transpose()? })
}

/// What is kept, for the document.
pub(crate) async fn of(core: &Core) -> Result<Template, Trouble> {
    let look = look(core).await?;
    let color = |text: &str| (!text.is_empty()).then(|| Template::color(text)).transpose().map_err(unusable);
    let (accent, headings) = (color(&look.accent)?, color(&look.headings)?);
    Ok(Template { name: look.name, accent, headings, logo: logo(core).await? })
}

/// Keeps name and colours; a colour that cannot be read on paper is refused.
pub(crate) async fn keep(core: &Core, look: OwnLook) -> Result<OwnLookState, Trouble> {
    let name = clean(look.name.trim(), NAME + 1);
    if name.chars().count() > NAME {
        return Err(unusable(format!("a name may have at most {NAME} characters")));
    }
    let look =
        OwnLook { name, accent: look.accent.trim().to_lowercase(), headings: look.headings.trim().to_lowercase() };
    for color in [&look.accent, &look.headings].into_iter().filter(|color| !color.is_empty()) {
        Template::color(color).map_err(unusable)?;
    }
    let written = serde_json::to_string(&look).map_err(|error| unusable(error.to_string()))?;
    core.store.prefer(LOOK, &written).await?;
    state(core).await
}

/// Keeps the picture at a typed or chosen path as the logo.
pub(crate) async fn take(core: &Core, typed: &str) -> Result<OwnLookState, Trouble> {
    let path = places::typed(typed)?;
    let read = move || -> Result<Vec<u8>, Trouble> {
        let mut bytes = vec![];
        let failed = |error| Trouble::new("logo", format!("failed to read {}: {error}", path.display()));
        File::open(&path).and_then(|file| file.take(BYTES).read_to_end(&mut bytes)).map_err(failed)?;
        Logo::read(&bytes).map(|_| bytes).map_err(unusable)
    };
    let bytes = tauri::async_runtime::spawn_blocking(read).await??;
    core.store.keep_file(LOGO, &bytes).await?;
    state(core).await
}

/// Forgets the logo.
pub(crate) async fn remove(core: &Core) -> Result<OwnLookState, Trouble> {
    core.store.forget(LOGO).await?;
    state(core).await
}

/// Tells whether a colour can be read on paper, while it is typed.
pub(crate) fn told(color: &str) -> ColorTold {
    match Template::color(color.trim()) {
        Ok(read) => ColorTold {
            fits: true,
            says: format!("contrast {:.1} : 1 on paper; text needs 4.5", Template::contrast(read)),
        },
        Err(says) => ColorTold { fits: false, says },
    }
}

async fn look(core: &Core) -> Result<OwnLook, Trouble> {
    let kept = core.store.preference(LOOK).await?;
    Ok(kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

async fn logo(core: &Core) -> Result<Option<Logo>, Trouble> {
    let kept = core.store.kept_file(LOGO).await?;
    let read = |bytes: Vec<u8>| Logo::read(&bytes).map_err(unusable);
    tauri::async_runtime::spawn_blocking(move || kept.map(read).transpose()).await?
}

fn unusable(says: String) -> Trouble {
    Trouble::new("template", says)
}

#[cfg(test)]
mod tests {
    use super::{OwnLook, keep, of, remove, state, take, told};
    use crate::state::App;
    use std::fs;

    #[tokio::test]
    async fn what_is_kept_is_what_the_document_gets() {
        let folder = std::env::temp_dir().join(format!("launch-ready-look-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let app = App::open(Ok(folder.as_path())).await;
        let core = app.core().unwrap();
        assert_eq!(of(core).await.unwrap(), report::Template::default(), "nothing is kept yet");
        let look =
            |accent: &str| OwnLook { name: " Rivera\u{202e} ".into(), accent: accent.into(), ..OwnLook::default() };
        let pale = keep(core, look("#ffcc00")).await.unwrap_err();
        assert!(pale.message.contains("choose a darker one"), "{}", pale.message);
        keep(core, look("#0B5D3B")).await.unwrap();

        let (logo, drawing) = (folder.join("logo.png"), folder.join("logo.svg"));
        fs::write(&logo, include_bytes!("../../assets/icons/32x32.png")).unwrap();
        fs::write(&drawing, "<svg/>").unwrap();
        let wrong = take(core, drawing.to_str().unwrap()).await.unwrap_err();
        assert!(wrong.message.contains("an SVG drawing"), "{}", wrong.message);
        assert_eq!(take(core, "logo.png").await.unwrap_err().code, "path", "a path without its beginning");
        let seen = take(core, logo.to_str().unwrap()).await.unwrap().logo.unwrap();
        assert_eq!((seen.width, seen.height), (32, 32));
        assert!(seen.url.starts_with("data:image/png;base64,iVBOR"), "{}", seen.url);
        fs::remove_file(&logo).unwrap();

        let template = of(core).await.unwrap();
        assert_eq!((template.name.as_str(), template.accent), ("Rivera\\u{202e}", Some((0x0b, 0x5d, 0x3b))));
        assert_eq!(template.logo.unwrap().size(), (32, 32), "the picture itself is kept");
        remove(core).await.unwrap();
        keep(core, OwnLook::default()).await.unwrap();
        assert!(state(core).await.unwrap().logo.is_none());
        assert_eq!(of(core).await.unwrap(), report::Template::default());
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn the_contrast_of_a_colour_is_told_while_it_is_typed() {
        assert_eq!(told("#1b1d21 ").says, "contrast 15.4 : 1 on paper; text needs 4.5");
        assert!(!told("#ffcc00").fits && !told("#1b1d2").fits && told("#1F5EFF").fits);
    }
}
