//! Every screen in both themes, with text at 200 %, in the smallest window that is promised and in a very large one: clean to axe, and
//! nothing stands outside of the window.

use crate::driver::{Home, Window};
use crate::story::{demo, open_row, row};
use crate::{SCREEN, axe};
use fantoccini::key::Key;

/// Theme, text size in percent, and the window's width and height.
const LOOKS: [(&str, &str, u32, u32); 2] = [("light", "100", 1400, 900), ("dark", "200", 1024, 700)];

/// The pages of a project besides its stages.
const PAGES: [&str; 8] = ["risks", "records", "code", "speed", "journeys", "database", "history", "handover"];

/// What is wider than the place it has, tables that scroll by themselves aside.
const OUTSIDE: &str = "const over = (one) => getComputedStyle(one).overflowX;
    const own = (one) => one !== null && (one.getAttribute('role') === 'group' || ['hidden', 'clip'].includes(over(one)) || own(one.parentElement));
    const told = (one) => one.outerHTML.slice(0, 160);
    const page = document.scrollingElement;
    const scrolls = [...document.querySelectorAll('body *')].filter((one) => ['auto', 'scroll'].includes(over(one)));
    const wide = [page, ...scrolls.filter((one) => !own(one))].filter((one) => one.scrollWidth > one.clientWidth + 1);
    const out = [...document.querySelectorAll('body *')].filter((one) => {
        const { left, right, width, height } = one.getBoundingClientRect();
        return width > 2 && height > 2 && (left < -1 || right > innerWidth + 1) && !own(one.parentElement);
    });
    // Where the page in the middle scrolls by itself, the frame around it must not: it would take rail and top line along.
    const frame = document.querySelector('.screen');
    const middle = document.querySelector('main');
    const alone = middle !== null && getComputedStyle(middle).overflowY === 'auto';
    if (alone && frame.scrollHeight > frame.clientHeight + 1) out.push(frame);
    return [...wide.map((one) => `${one.scrollWidth} in ${one.clientWidth}: ${told(one)}`), ...out.slice(0, 8).map(told)];";

async fn fits(window: &Window, screen: &str) {
    let outside = window.script(OUTSIDE).await;
    assert_eq!(outside, serde_json::json!([]), "outside of the window on {screen}");
}

async fn good(window: &Window, screen: &str) {
    axe::clean(window, screen).await;
    fits(window, screen).await;
}

/// Sets theme, text and size as a person would, at the foot of the rail: it is within reach of the pointer at every size.
async fn dress(window: &Window, (theme, text, width, height): (&str, &str, u32, u32)) {
    window.size(width, height).await;
    window.click("settings").await;
    window.click(&format!("theme-{theme}")).await;
    window.click(&format!("text-{text}")).await;
    good(window, &format!("settings, {theme}, {text} %")).await;
    window.press_key(Key::Escape).await;
    window.gone(&format!("theme-{theme}")).await;
    assert_eq!(window.script("return document.documentElement.dataset.theme").await, theme);
}

#[tokio::test]
async fn every_screen_is_clean_in_both_themes_and_at_every_size() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("themes");
    let window = Window::open(&home).await;
    window.click("door-demo").await;
    window.run("run").await;
    let view = demo(&window).await;
    let finding = row(&view, |item| item["state"] == "failing");
    let owners = row(&view, |item| item["answers_to"] == "handover.owners");
    let here = "return location.hash";
    let place = window.script(here).await.as_str().unwrap().split('/').take(3).collect::<Vec<_>>().join("/");
    let go = async |page: &str| {
        window.script(&format!("location.hash = '{place}/{page}'; return null")).await;
        window.see(&format!("{page}-page")).await;
    };
    for look in LOOKS {
        let as_worn = format!("{}, {} %, {} wide", look.0, look.1, look.2);
        dress(&window, look).await;
        for stage in 1..=7 {
            window.click(&format!("stage-{stage}")).await;
            good(&window, &format!("stage {stage}, {as_worn}")).await;
        }
        for one in [&finding, &owners] {
            open_row(&window, one).await;
            good(&window, &format!("item {}, {as_worn}", one.1)).await;
            window.click("drawer-close").await;
        }
        for page in PAGES {
            go(page).await;
            good(&window, &format!("{page}, {as_worn}")).await;
        }
        window.click("session-open").await;
        window.see("session-value").await;
        good(&window, &format!("session, {as_worn}")).await;
        window.press_key(Key::Escape).await;
        window.gone("session-value").await;
        window.click("settings").await;
        window.see(&format!("theme-{}", look.0)).await;
        window.press_key(Key::Escape).await;
        window.gone(&format!("theme-{}", look.0)).await;
        window.press("gp").await;
        window.see("home").await;
        good(&window, &format!("home, {as_worn}")).await;
        window.click("project-new").await;
        window.see("domain-input").await;
        good(&window, &format!("new project, {as_worn}")).await;
        window.press_key(Key::Escape).await;
        window.gone("domain-input").await;
        window.click("card-juniperdesk.example").await;
        window.see("run").await;
    }
    dress(&window, ("light", "100", 3840, 2160)).await;
    for page in PAGES {
        go(page).await;
        fits(&window, &format!("{page}, very large")).await;
    }
}
