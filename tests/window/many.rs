//! Ten thousand findings: every one can be reached and read, by scrolling, by keys and by the filter, while only a few rows are in the page. How
//! smoothly is printed, since a busy machine is no defect.

use crate::driver::{Home, Window};
use crate::{SCREEN, axe};
use fantoccini::key::Key;
use serde_json::json;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

/// Keys in the folder, each another.
const KEYS: usize = 10_000;
/// Files that hold them.
const FILES: usize = 100;
/// Most rows in the page at any moment, in a window of 900 pixels.
const MOUNTED: u64 = 200;

/// Random-looking letters and digits, the same in every run.
fn body(seed: &mut u64) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
    let mut next = || {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(*seed >> 33).unwrap()
    };
    (0..24).map(|_| char::from(LETTERS[next() % LETTERS.len()])).collect()
}

fn plant(folder: &Path) {
    let mut seed = 7;
    for file in 0..FILES {
        let mut text = String::new();
        for _ in 0..KEYS / FILES {
            writeln!(text, "connect('{}');", ["sk", "live", &body(&mut seed)].join("_")).unwrap();
        }
        fs::write(folder.join(format!("part{file}.js")), text).unwrap();
    }
}

/// Notes each frame, the times in which the window answered nothing, and the most rows in the page.
const PROBE: &str = "const probe = window.probe = { frames: [], gaps: [], rows: 0, on: true };
    let [frame, answer] = [performance.now(), performance.now()];
    const paint = (now) => {
        probe.frames.push(now - frame);
        frame = now;
        probe.rows = Math.max(probe.rows, document.querySelectorAll('[data-testid=\"key-list\"] [role=\"listitem\"]').length);
        if (probe.on) requestAnimationFrame(paint);
    };
    requestAnimationFrame((now) => { frame = now; requestAnimationFrame(paint); });
    const pipe = new MessageChannel();
    pipe.port1.onmessage = () => {
        const now = performance.now();
        if (now - answer > 16) probe.gaps.push(now - answer);
        answer = now;
        if (probe.on) setTimeout(() => pipe.port2.postMessage(null), 0);
    };
    pipe.port2.postMessage(null);
    return null;";

/// The figures of a probe, which ends with it.
const TOLD: &str = "const probe = window.probe;
    probe.on = false;
    const frames = [...probe.frames].sort((one, other) => one - other);
    const at = (share) => frames[Math.min(frames.length - 1, Math.floor(frames.length * share))] ?? 0;
    return { frames: frames.length, median: at(0.5), p95: at(0.95), longest: at(1), gap: Math.max(0, ...probe.gaps), rows: probe.rows };";

/// Moves the list on in each frame until its last row is in the page, and nothing more comes.
const SPIN: &str = "window.spun = false;
    const main = document.querySelector('main');
    const spin = () => {
        main.scrollBy(0, 1500);
        const last = document.querySelector('[data-testid=\"key-list\"] [aria-posinset=\"10000\"]');
        if (last !== null && main.scrollTop + main.clientHeight >= main.scrollHeight - 1) window.spun = true;
        else requestAnimationFrame(spin);
    };
    requestAnimationFrame(spin);
    return null;";

async fn probe(window: &Window) {
    window.script(PROBE).await;
}

/// Prints what was seen, and how many rows there were at most.
async fn told(window: &Window, what: &str) -> u64 {
    let told = window.script(TOLD).await;
    let figure = |name: &str| told[name].as_f64().unwrap_or_default();
    let line = writeln!(
        std::io::stderr(),
        "figure: {what}: {} frames, median {:.1} ms, p95 {:.1} ms, longest {:.1} ms; longest time without an answer {:.0} ms; at most {} rows in the page",
        told["frames"],
        figure("median"),
        figure("p95"),
        figure("longest"),
        figure("gap"),
        told["rows"]
    );
    line.unwrap();
    told["rows"].as_u64().unwrap()
}

/// What can be read of a row, when all of it is in view.
async fn read(window: &Window, place: usize) -> String {
    let script = format!(
        "const row = document.querySelector('[data-testid=\"key-list\"] [aria-posinset=\"{place}\"]');
        const {{ top, bottom }} = row?.getBoundingClientRect() ?? {{ top: -1, bottom: -1 }};
        return top >= 0 && bottom <= innerHeight && row.getAttribute('aria-setsize') === '{KEYS}' ? row.innerText : ''"
    );
    window.script(&script).await.as_str().unwrap_or_default().to_owned()
}

async fn reach(window: &Window, place: usize) {
    window.until(&format!("key {place} is in view"), async || read(window, place).await.contains("part")).await;
}

#[tokio::test]
async fn ten_thousand_findings_are_scrolled_through() {
    let _screen = SCREEN.lock().await;
    let (home, folder) = (Home::new("many"), Home::new("many-folder"));
    plant(folder.path());
    let window = Window::open(&home).await;
    window.click("door-demo").await;
    window.see("run").await;
    let id = window.ask("project_list", json!({})).await[0]["id"].clone();
    window.ask("folder_set", json!({ "id": id, "path": folder.path().to_str().unwrap() })).await;
    probe(&window).await;
    window.run("run").await;
    told(&window, "the run that finds 10,000 keys").await;
    let view = window.ask("project_open", json!({ "id": id })).await;
    assert_eq!(view["pictures"]["code"]["keys"].as_array().map(Vec::len), Some(KEYS), "every key is in the list");
    let size = view.to_string().len() / 1000;
    writeln!(std::io::stderr(), "figure: the view of it has {size} kB").unwrap();

    // What is not yet in the page can still be asked for.
    window.press("gc").await;
    window.see("key-list").await;
    let all = "[...document.querySelectorAll('[data-testid=\"key-list\"] button')].find((one) => one.textContent.startsWith('Show all'))";
    window
        .until("the rest can be asked for", async || {
            window.script(&format!("return {all} !== undefined")).await == true
        })
        .await;
    probe(&window).await;
    window.script(&format!("{all}.focus()")).await;
    window.press_key(Key::Enter).await;
    window
        .until("all of it is shown", async || window.script(&format!("return {all} === undefined")).await == true)
        .await;
    let focused = async || window.script("return Number(document.activeElement?.getAttribute('aria-posinset'))").await;
    window.until("the focus is where the list goes on", async || focused().await == 51).await;

    // By keys: the end, the beginning, and page by page.
    // A busy window may end its way there early, as it does when somebody else scrolls: then the key is pressed again.
    let to = async |key: Key, place: usize| {
        window
            .until(&format!("key {place} is reached by a key"), async || {
                window.press_key(key).await;
                read(&window, place).await.contains("part")
            })
            .await;
    };
    to(Key::End, KEYS).await;
    let top = async || {
        window.press_key(Key::Home).await;
        window.script("return document.querySelector('main').scrollTop").await == 0
    };
    window.until("it is at its beginning", top).await;
    window.script("document.querySelector('[data-testid=\"key-list\"] [data-row]').focus()").await;
    reach(&window, 1).await;
    for _ in 0..60 {
        window.press_key(Key::PageDown).await;
    }
    for _ in 0..60 {
        window.press("j").await;
    }
    let row = "return Number(document.activeElement?.closest('[aria-posinset]')?.getAttribute('aria-posinset'))";
    let at = window.script(row).await;
    assert!(at.as_u64() >= Some(61), "sixty rows further by keys is {at}");
    let rows = told(&window, "10,000 keys by End, Home, Page Down and j").await;
    assert!(rows <= MOUNTED, "{rows} rows in the page");

    // From end to end, as fast as a wheel that spins freely: this driver has no wheel, so the list is moved in each frame.
    window.until("it is at its beginning again", top).await;
    probe(&window).await;
    window.script(SPIN).await;
    let spun = async || window.script("return window.spun").await == true;
    while !spun().await {
        let place =
            async || window.script("return document.querySelector('main').scrollTop").await.as_f64().unwrap_or(0.0);
        let was = place().await;
        window.until("it goes on", async || place().await > was || spun().await).await;
    }
    window.script("document.querySelector('[aria-posinset=\"10000\"]').scrollIntoView({ block: 'center' })").await;
    reach(&window, KEYS).await;
    let rows = told(&window, "10,000 keys from end to end, 1,500 pixels a frame").await;
    assert!(rows <= MOUNTED, "{rows} rows in the page");

    // By the filter; and a row tells its three steps.
    window.fill("key-filter", "part77.js:42").await;
    window.until("one is found", async || window.text("key-found").await == "1 of 10000").await;
    let one = "return document.querySelectorAll('[data-testid=\"key-list\"] [role=\"listitem\"]').length";
    window.until("one is shown", async || window.script(one).await == 1).await;
    window.script("document.querySelector('[data-testid=\"key-list\"] [data-row]').focus()").await;
    window.press_key(Key::Enter).await;
    let steps = async || {
        let list = window.text("key-list").await;
        ["Revoke.", "Replace.", "Purge.", "part77.js:42"].iter().all(|word| list.contains(word))
    };
    window.until("it is open", steps).await;
    axe::clean(&window, "one of ten thousand keys").await;
    window.fill("key-filter", "nothing is called so").await;
    window.until("nothing is found", async || window.text("key-list").await.contains("No key matches")).await;
}
