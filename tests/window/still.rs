//! Whoever asked their system for less motion gets none: no transition and no animation, however the window is used.

use crate::SCREEN;
use crate::driver::{Home, Window};
use fantoccini::key::Key;
use std::fs;

/// Counts every motion from now on: those that run in any frame, and those that begin between two.
const COUNT: &str = "window.motions = 0;
    for (const kind of ['transitionrun', 'transitionstart', 'animationstart']) addEventListener(kind, () => { window.motions += 1; }, true);
    const look = () => { window.motions += document.getAnimations().length; requestAnimationFrame(look); };
    look();
    return null;";

/// How many motions there are in the same short use of the window: a run with its line of progress, another theme, buttons and cards under the
/// pointer, dialogs, drawer and menus.
async fn motions(home: &Home, less: bool) -> u64 {
    let window = Window::open(home).await;
    window.see("door-demo").await;
    let asked = window.script("return matchMedia('(prefers-reduced-motion: reduce)').matches").await;
    assert_eq!(asked, less, "the page does not hear what the system says");
    window.script(COUNT).await;
    window.click("door-demo").await;
    window.run("run").await;
    window.press(",").await;
    for theme in ["dark", "light"] {
        window.click(&format!("theme-{theme}")).await;
    }
    window.press_key(Key::Escape).await;
    window.gone("theme-dark").await;
    window.press("j").await;
    window.press_key(Key::Enter).await;
    window.click("drawer-close").await;
    window.click("bar").await;
    window.press_key(Key::Escape).await;
    window.press_with_ctrl('k').await;
    window.see("search-text").await;
    window.press_key(Key::Escape).await;
    window.gone("search-text").await;
    window.press("gp").await;
    window.see("home").await;
    window.click("project-new").await;
    window.see("domain-input").await;
    window.script("return window.motions").await.as_u64().unwrap()
}

#[tokio::test]
async fn nothing_moves_for_whom_motion_is_too_much() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("still");
    // As a desktop writes it when somebody switches animations off.
    let folder = home.path().join("xdg-config/gtk-3.0");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("settings.ini"), "[Settings]\ngtk-enable-animations=0\n").unwrap();
    assert_eq!(motions(&home, true).await, 0, "something moved");

    // The same use shows some otherwise; else nothing was looked at.
    let other = Home::new("moving");
    assert!(motions(&other, false).await > 0, "no motion was seen at all");
}
