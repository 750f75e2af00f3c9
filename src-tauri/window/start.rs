//! Before the first window: one program at a time, own pages only, quiet panics, and a renderer that works here.

use crate::places::HOME;
use std::hash::{DefaultHasher, Hash, Hasher};
use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Manager, Url, Wry};

/// A second start shows the window of the first. Programs with data folders of their own do not know of each other.
pub(crate) fn single() -> TauriPlugin<Wry> {
    let show = |app: &AppHandle, _: Vec<String>, _: String| {
        if let Some(window) = app.get_webview_window("main") {
            // A window manager may refuse; the program runs all the same.
            let _ = window.unminimize().and_then(|()| window.set_focus());
        }
    };
    let builder = tauri_plugin_single_instance::Builder::new().callback(show);
    match std::env::var_os(HOME) {
        None => builder.build(),
        Some(home) => {
            let mut hash = DefaultHasher::new();
            home.hash(&mut hash);
            builder.dbus_id(format!("dev.launchready.desktop.h{:x}", hash.finish())).build()
        }
    }
}

/// The window that runs can end while this one asks it to show itself; nobody would then have one, so this program starts once more.
#[cfg(unix)]
pub(crate) fn once_more(error: &tauri::Error) {
    const TRIED: &str = "LAUNCH_READY_STARTED_ONCE_MORE";
    let alone = matches!(error, tauri::Error::PluginInitialization(plugin, _) if plugin == "single-instance");
    if alone && std::env::var_os(TRIED).is_none() {
        std::thread::sleep(std::time::Duration::from_millis(300));
        again(TRIED, "once more");
    }
}

#[cfg(not(unix))]
pub(crate) fn once_more(_: &tauri::Error) {}

/// Puts this program in its own place, with one variable set; comes back only when that fails.
#[cfg(unix)]
fn again(variable: &str, how: &str) {
    use std::os::unix::process::CommandExt;
    if let Ok(program) = std::env::current_exe() {
        let failed = std::process::Command::new(program).args(std::env::args_os().skip(1)).env(variable, "1").exec();
        eprintln!("launch-ready-desktop: failed to start {how}: {failed}");
    }
}

/// The threads that runs work on: one core fewer than the machine has, so that the window always finds one free.
pub(crate) fn workers() -> std::io::Result<tokio::runtime::Runtime> {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    tokio::runtime::Builder::new_multi_thread().worker_threads((cores - 1).max(1)).enable_all().build()
}

/// The window never leaves its own page, whatever a link or a redirect says.
pub(crate) fn own_pages_only() -> TauriPlugin<Wry> {
    tauri::plugin::Builder::new("own-pages-only").on_navigation(|_, url| own(url, tauri::is_dev())).build()
}

fn own(url: &Url, development: bool) -> bool {
    match (url.scheme(), url.host_str()) {
        ("tauri", Some("localhost")) | ("http" | "https", Some("tauri.localhost")) => true,
        ("http", Some("127.0.0.1")) => development && url.port() == Some(5173),
        _ => false,
    }
}

/// Says where the program broke, never with which values: they may be secrets.
pub(crate) fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        eprintln!("launch-ready-desktop: a defect at {place}; report it with what was done before");
    }));
}

/// What the machine has to draw with.
#[cfg(target_os = "linux")]
#[derive(Clone, Copy)]
struct Drawing {
    /// Whether NVIDIA's own driver runs.
    nvidia: bool,
    /// Whether there is a graphics card at all.
    card: bool,
    /// Whether a WebDriver holds the window.
    driven: bool,
}

#[cfg(target_os = "linux")]
impl Drawing {
    fn here() -> Self {
        let there = |path: &str| std::path::Path::new(path).exists();
        let driven = std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some();
        Self { nvidia: there("/proc/driver/nvidia/version"), card: there("/dev/dri"), driven }
    }

    /// What WebKitGTK is to be told. With NVIDIA's driver it shows an empty window unless its DMABUF renderer is off; under WebDriver that
    /// hangs screenshots. Without a card it paints through an emulated one by several threads: a third slower than on the processor at once,
    /// and now and then the emulation falls over.
    fn needs(self) -> Option<&'static str> {
        if self.nvidia {
            return (!self.driven).then_some("WEBKIT_DISABLE_DMABUF_RENDERER");
        }
        (!self.card).then_some("WEBKIT_SKIA_ENABLE_CPU_RENDERING")
    }
}

/// Lets the page be drawn in the way that works here. The variable must be there before the program starts, so the program starts itself
/// once more.
#[cfg(target_os = "linux")]
pub(crate) fn renderer() {
    if let Some(variable) = Drawing::here().needs()
        && std::env::var_os(variable).is_none()
    {
        again(variable, "with another renderer");
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn renderer() {}

#[cfg(test)]
mod tests {
    use super::own;

    #[cfg(target_os = "linux")]
    #[test]
    fn the_page_is_drawn_in_the_way_that_works_here() {
        use super::Drawing;
        let needs = |nvidia, card, driven| Drawing { nvidia, card, driven }.needs();
        assert_eq!(needs(true, true, false), Some("WEBKIT_DISABLE_DMABUF_RENDERER"));
        assert_eq!(needs(true, true, true), None, "a screenshot would hang");
        assert_eq!(needs(false, true, false), None);
        for driven in [false, true] {
            assert_eq!(needs(false, false, driven), Some("WEBKIT_SKIA_ENABLE_CPU_RENDERING"));
        }
    }

    #[test]
    fn only_own_pages_are_opened() {
        let own = |url: &str, development| own(&url.parse().unwrap(), development);
        for page in
            ["tauri://localhost", "tauri://localhost/index.html", "http://tauri.localhost/", "https://tauri.localhost/"]
        {
            assert!(own(page, false), "{page}");
        }
        assert!(own("http://127.0.0.1:5173/", true) && !own("http://127.0.0.1:5173/", false));
        for page in [
            "https://example.com/",
            "http://localhost/",
            "file:///etc/passwd",
            "data:text/html,x",
            "tauri://evil/",
            "http://127.0.0.1:80/",
        ] {
            assert!(!own(page, true), "{page}");
        }
    }
}
