//! The page Speed and load: a run is watched live without a stutter, stopped, closed upon, accepted as baseline and compared.

use crate::driver::{Home, Window};
use crate::{SCREEN, axe};
use fantoccini::key::Key;
use serde_json::{Value, json};
use std::io::Write as _;
use std::time::{Duration, Instant};

async fn open(window: &Window) -> Value {
    window.click("door-demo").await;
    window.see("run").await;
    window.press("gs").await;
    window.see("speed-start").await;
    window.ask("project_list", json!({})).await[0]["id"].clone()
}

/// Chooses load of so many seconds by ten users.
async fn load(window: &Window, seconds: u32) {
    window.click("speed-kind-load").await;
    for (field, value) in [("users", 10), ("think", 50), ("ramp", 1), ("seconds", seconds)] {
        window.fill(&format!("speed-{field}"), &value.to_string()).await;
    }
}

async fn agree(window: &Window) {
    window.click("speed-kind-load").await;
    window.fill("load-by", "Dana Rivera").await;
    window.click("load-agree").await;
    window.see("load-consents").await;
}

async fn ticks(window: &Window) -> u32 {
    let read = "return document.querySelector('[data-testid=\"live\"]')?.dataset.ticks ?? '0'";
    window.script(read).await.as_str().and_then(|text| text.parse().ok()).unwrap_or(0)
}

async fn measured(window: &Window, id: &Value) -> Value {
    window.ask("measured", json!({ "id": id })).await
}

#[tokio::test]
async fn load_is_watched_live_and_compared_with_its_baseline() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("speed");
    let window = Window::open(&home).await;
    let id = open(&window).await;
    axe::clean(&window, "speed and load before anything was measured").await;
    // Without a consent nothing can be started, whatever the page shows.
    window.click("speed-kind-load").await;
    assert!(!window.see("speed-start").await.is_enabled().await.unwrap());
    agree(&window).await;
    load(&window, 10).await;
    axe::clean(&window, "load before it starts").await;
    watch(&window).await;
    axe::clean(&window, "what was measured").await;

    window.click("measured-0").await;
    window.see("measured-baseline-0").await;
    axe::clean(&window, "one measurement").await;
    window.click("measured-baseline-0").await;
    let baseline = async || window.attribute("measured-0", "data-baseline").await == "true";
    window.until("it is the baseline", baseline).await;
    load(&window, 4).await;
    window.click("speed-start").await;
    window.see("live").await;
    window.gone("live").await;
    window.click("measured-0").await;
    window.see("compared").await;
    assert!(window.text("compared").await.contains("Before: "), "{}", window.text("compared").await);
    axe::clean(&window, "before and after").await;
    for theme in ["dark", "light"] {
        window.click("settings").await;
        window.click(&format!("theme-{theme}")).await;
        window.press_key(Key::Escape).await;
        window.gone(&format!("theme-{theme}")).await;
        axe::clean(&window, &format!("before and after, {theme}")).await;
    }
    let told = measured(&window, &id).await;
    assert_eq!(told["rows"][1]["row"]["agreed_by"], "Dana Rivera");
    let [now, base] = [0, 1].map(|at| told["rows"][at]["id"].clone());
    let compared = window.ask("measured_compare", json!({ "id": id, "before": base, "after": now })).await;
    assert_eq!(compared["rows"].as_array().unwrap().len(), 2, "p50 and p95 of a few hundred answers: {compared}");

    // What the handover says of it, once there is an audit.
    window.run("run").await;
    let written = window.ask("export", json!({ "id": id, "form": "markdown" })).await;
    let text = std::fs::read_to_string(written["path"].as_str().unwrap()).unwrap();
    for part in ["Before and after", "Dana Rivera agreed to it", "10 users at once"] {
        assert!(text.contains(part), "{part}");
    }
    window.ask("load_withdraw", json!({ "id": id, "host": told["agreed"][0]["host"] })).await;
    let route = json!({ "route": "/", "method": "GET", "status": null, "contains": "", "headers": "", "body": "" });
    let model = json!({ "kind": "users", "users": 2, "think_ms": 10 });
    let gauge =
        json!({ "kind": "load", "model": model, "ramp_s": 0, "seconds": 2, "stop_errors": 50, "stop_slower_ms": null });
    let script = "const [id, wish, done] = arguments;
        window.__TAURI_INTERNALS__.invoke('measure_start', { id, wish, channel: '__CHANNEL__:' + window.__TAURI_INTERNALS__.transformCallback((event) => {
            if (event.message?.kind === 'failed') done(event.message.code);
        }) });";
    let wish = json!({ "routes": [route], "signed_in": false, "speak": "either", "slow": null, "gauge": gauge });
    assert_eq!(window.script_async(script, vec![id, wish]).await, "load-consent");
}

/// Starts, and measures how evenly the chart is drawn and the window answers for as long as it goes on.
async fn watch(window: &Window) {
    window
        .script(
            "const probe = window.probe = { gaps: [], drawn: [], on: true, last: performance.now() };
            const pipe = new MessageChannel();
            pipe.port1.onmessage = () => {
                const now = performance.now();
                const chart = document.querySelector('[data-testid=\"live\"]');
                if (chart !== null && probe.drawn.length > 0) {
                    probe.gaps.push(now - probe.last);
                    if (now - probe.last >= Math.max(...probe.gaps)) probe.at = now - probe.drawn[0];
                }
                const ticks = Number(chart?.dataset.ticks ?? 0);
                if (chart !== null && ticks > 0 && ticks !== probe.ticks) { probe.ticks = ticks; probe.drawn.push(now); }
                if (chart === null && probe.drawn.length > 0) probe.on = false;
                probe.last = now;
                if (probe.on) setTimeout(() => pipe.port2.postMessage(null), 0);
            };
            document.querySelector('[data-testid=\"speed-start\"]').click();
            pipe.port2.postMessage(null);
            return null;",
        )
        .await;
    window.see("live").await;
    window.gone("live").await;
    let read = async |what: &str| window.script(&format!("return {what}")).await.as_f64().unwrap_or(f64::NAN);
    let (count, ticks) = (read("window.probe.drawn.length").await, read("window.probe.ticks").await);
    let seconds = read("(window.probe.drawn.at(-1) - window.probe.drawn[0]) / 1000").await;
    let apart = read("Math.max(...window.probe.drawn.slice(1).map((at, n) => at - window.probe.drawn[n]))").await;
    let (longest, at) = (read("Math.max(0, ...window.probe.gaps)").await, read("window.probe.at").await);
    // A busy machine is no defect: figures are told, and only what no machine excuses fails.
    let told = writeln!(
        std::io::stderr(),
        "figure: live chart of a load of 10 s: {:.1} figures a second came, it was drawn {:.1} times a second, at most {apart:.0} ms apart\n\
         figure: longest time without an answer of the window while load went on {longest:.0} ms, {at:.0} ms after the first figure",
        ticks / seconds,
        (count - 1.0) / seconds
    );
    told.unwrap();
    assert!(ticks > 40.0 && count > 20.0 && seconds > 6.0, "{ticks} figures, drawn {count} times in {seconds} s");
}

#[tokio::test]
async fn load_that_is_stopped_or_closed_upon_is_kept() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("speed-stop");
    let window = Window::open(&home).await;
    let id = open(&window).await;
    agree(&window).await;
    load(&window, 300).await;
    // All that the form can say of it: another version of HTTP, a poor connection, and what is sent along.
    window.script("document.querySelector('[data-testid=\"speed-speak\"]').value = 'one'").await;
    let changed =
        "document.querySelector('[data-testid=\"speed-speak\"]').dispatchEvent(new Event('change', { bubbles: true }))";
    window.script(changed).await;
    window.click("speed-poor").await;
    window.fill("speed-delay", "40").await;
    window.click("speed-more-0").await;
    window.fill("speed-headers-0", "accept-language: de").await;
    axe::clean(&window, "load over a poor connection, with header fields").await;
    window.click("speed-start").await;
    window.until("it goes on", async || ticks(&window).await > 5).await;
    let began = Instant::now();
    window.press(".").await;
    window.gone("live").await;
    let took = began.elapsed();
    assert!(took < Duration::from_secs(5), "it took {took:?} to stop");
    let told = measured(&window, &id).await;
    let row = &told["rows"][0]["row"];
    assert!(row["end"].as_str().unwrap().contains("stopped by hand") && row["sent"].as_u64() > Some(0), "{row}");
    let how = row["how"].as_str().unwrap();
    assert!(row["protocol"] == "HTTP/1.1" && how.contains("40 ms delay, 2 % loss, 1600 kbit/s"), "{row}");

    load(&window, 300).await;
    window.click("speed-start").await;
    window.until("it goes on", async || ticks(&window).await > 5).await;
    window.press_with_ctrl('q').await;
    assert!(window.text("closing-leave").await.contains("Stop and close"));
    assert!(window.words().await.contains("Closing stops the measurement"));
    window.press_key(Key::Tab).await;
    window.end_by_key(Key::Enter).await;
    let window = Window::open(&home).await;
    window.see("measured-1").await;
    let told = measured(&window, &id).await;
    assert_eq!(told["rows"].as_array().unwrap().len(), 2);
    let row = &told["rows"][0]["row"];
    assert!(row["sent"].as_u64() > Some(0) && !row["bins"].as_array().unwrap().is_empty(), "{row}");
    // What was agreed to is still on record, and a measurement goes when somebody says so.
    assert_eq!(told["agreed"][0]["by"], "Dana Rivera");
    window.click("measured-0").await;
    window.click("measured-forget-0").await;
    window.gone("measured-1").await;
}
