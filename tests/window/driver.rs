//! One real window under a WebDriver, with folders of its own; everything it started ends with it.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long anything in the window may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program of the window.
const PROGRAM: &str = "launch-ready-desktop";

/// Seconds without the program after which nobody waits for it: before it was seen, and after.
const UNBORN: u32 = 60;
const GONE: u32 = 10;

/// Time between two looks at the page: what is there for a moment only must not be missed.
const GLANCE: Duration = Duration::from_millis(25);

/// Brings an element into sight and waits until it stands still for three pictures: rows that come into sight for the first time move those
/// below them, and a slow machine draws seldom. Then listens for the click.
const STEADY: &str = "const [mark, done] = arguments;
    let [last, still] = ['', 0];
    const look = (left) => {
        const element = document.querySelector(mark);
        element?.scrollIntoView({ block: 'center' });
        const { top, left: start } = element?.getBoundingClientRect() ?? {};
        const now = `${top} ${start}`;
        still = now === last ? still + 1 : 0;
        last = now;
        if (still < 2 && left > 0) return void requestAnimationFrame(() => look(left - 1));
        window.clicked = false;
        document.removeEventListener('click', window.hears, true);
        window.hears = (event) => { window.clicked ||= event.target.closest(mark) !== null; };
        document.addEventListener('click', window.hears, true);
        done(null);
    };
    look(100);";

/// Whether the click came; a menu opens as the button goes down, and then holds everything else back.
const HEARS: &str = "return window.clicked === undefined ? null : window.clicked || getComputedStyle(document.body).pointerEvents === 'none'";

/// How long a click that the driver made is waited for before it counts as lost.
const HEARD: Duration = Duration::from_secs(2);

/// Folders for one story; they survive restarts of the window and go away with the test.
pub struct Home(PathBuf);

impl Home {
    pub fn new(name: &str) -> Self {
        let home = std::env::temp_dir().join(format!("launch-ready-{name}-{}", std::process::id()));
        // Of a test that was killed, long ago, under the same number.
        let _ = fs::remove_dir_all(&home);
        for folder in ["xdg-data", "xdg-cache", "xdg-config", "temporary"] {
            fs::create_dir_all(home.join(folder)).unwrap();
        }
        Self(home)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The driver and, in its process group, the window.
struct Driver(Child);

impl Driver {
    fn start(home: &Path, port: u16) -> Self {
        let log = File::options().create(true).append(true).open(home.join("driver.log")).unwrap();
        let child = Command::new("tauri-driver")
            .args(["--port", &port.to_string(), "--native-port", &free_port().to_string()])
            .env("LAUNCH_READY_HOME", home)
            .env("XDG_DATA_HOME", home.join("xdg-data"))
            .env("XDG_CACHE_HOME", home.join("xdg-cache"))
            .env("XDG_CONFIG_HOME", home.join("xdg-config"))
            .env("TMPDIR", home.join("temporary"))
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("failed to start tauri-driver (cargo xtask test brings it): {error}"));
        let driver = Self(child);
        driver.watch();
        driver
    }

    /// Ends the driver some time after the program of the window is gone: a driver without a window would never answer again.
    fn watch(&self) {
        let group = self.0.id();
        std::thread::spawn(move || {
            let mut left = UNBORN;
            while left > 0 && Path::new(&format!("/proc/{group}")).exists() {
                std::thread::sleep(Duration::from_secs(1));
                let there = programs(group).iter().any(|program| arguments(program).contains(PROGRAM));
                left = if there { GONE } else { left - 1 };
            }
            if left == 0 {
                end(group);
            }
        });
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        end(self.0.id());
        let _ = self.0.wait();
    }
}

/// Ends all programs of a group.
fn end(group: u32) {
    let _ = Command::new("kill").args(["-KILL", "--", &format!("-{group}")]).status();
}

/// The folders that tell of each program of a group.
fn programs(group: u32) -> Vec<PathBuf> {
    let group = group.to_string();
    let programs = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    let ours = |program: &PathBuf| {
        let stat = fs::read_to_string(program.join("stat")).unwrap_or_default();
        // After the name in brackets: state, parent, process group.
        stat.rsplit_once(')').is_some_and(|(_, rest)| rest.split_whitespace().nth(2) == Some(&group))
    };
    programs.filter(ours).collect()
}

/// How a program was started, with spaces between its arguments.
fn arguments(program: &Path) -> String {
    String::from_utf8_lossy(&fs::read(program.join("cmdline")).unwrap_or_default()).replace('\0', " ")
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The window, open.
pub struct Window {
    client: Client,
    driver: Driver,
    home: PathBuf,
}

impl Window {
    pub async fn open(home: &Home) -> Self {
        let port = free_port();
        let driver = Driver::start(home.path(), port);
        let wanted = json!({ "tauri:options": { "application": env!("CARGO_BIN_EXE_launch-ready-desktop") } });
        let wanted = wanted.as_object().unwrap().clone();
        let began = Instant::now();
        loop {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            match builder.capabilities(wanted.clone()).connect(&format!("http://127.0.0.1:{port}")).await {
                Ok(client) => return Self { client, driver, home: home.path().to_owned() },
                Err(error) if began.elapsed() > PATIENCE => panic!("no window: {error}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
            }
        }
    }

    /// Ends it as a crash would: nothing is told to the program.
    pub async fn kill(self) {
        drop(self);
    }

    /// How each program of the window was started: its arguments and its environment.
    pub fn started(&self) -> Vec<(String, Vec<u8>)> {
        let told = |program: PathBuf| (arguments(&program), fs::read(program.join("environ")).unwrap_or_default());
        programs(self.driver.0.id()).into_iter().map(told).collect()
    }

    /// Ends the process that draws the page, as the system does for want of memory.
    pub fn end_page(&self) {
        let programs = programs(self.driver.0.id());
        let draws = programs.iter().find(|program| arguments(program).contains("WebKitWebProcess"));
        let draws = draws.expect("a process draws the page").file_name().expect("a number");
        assert!(Command::new("kill").arg("-KILL").arg(draws).status().expect("kill runs").success());
    }

    /// What the program and its driver said so far.
    pub fn said(&self) -> String {
        fs::read_to_string(self.home.join("driver.log")).unwrap_or_default()
    }

    /// Whether the program of the window runs.
    pub fn alive(&self) -> bool {
        self.started().iter().any(|(arguments, _)| arguments.contains(PROGRAM))
    }

    /// Waits until the program has ended by itself.
    async fn ended(&self) {
        let began = Instant::now();
        while self.alive() {
            assert!(began.elapsed() < PATIENCE, "the window does not close");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub async fn see(&self, id: &str) -> Element {
        let find = self.client.wait().at_most(PATIENCE).every(GLANCE).for_element(css(id).as_locator()).await;
        match find {
            Ok(element) => element,
            Err(error) => panic!("{id} is not there ({error}); the page says: {}", self.words().await),
        }
    }

    pub async fn there(&self, id: &str) -> bool {
        match self.client.find_all(css(id).as_locator()).await {
            Ok(found) => !found.is_empty(),
            // It went while it was being told of; the next look says so.
            Err(error) if error.is_stale_element_reference() => true,
            Err(error) => panic!("{error}"),
        }
    }

    pub async fn gone(&self, id: &str) {
        self.until(&format!("{id} is gone"), async || !self.there(id).await).await;
    }

    /// Waits until something is so.
    pub async fn until(&self, what: &str, so: impl AsyncFn() -> bool) {
        let began = Instant::now();
        while !so().await {
            assert!(began.elapsed() < PATIENCE, "still waiting until {what}; the page says: {}", self.words().await);
            tokio::time::sleep(GLANCE).await;
        }
    }

    pub async fn click(&self, id: &str) {
        // A click on a button that is switched off for a moment goes nowhere and says nothing.
        self.until(&format!("{id} is switched on"), async || self.see(id).await.is_enabled().await.unwrap_or(false))
            .await;
        let began = Instant::now();
        loop {
            self.steady(id, async |element| element.click().await).await;
            if self.clicked().await {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "{id} never hears its click; the page says: {}", self.words().await);
        }
    }

    /// Whether the click came to its element: where the page draws it anew between the press of the button and its release, it does not.
    async fn clicked(&self) -> bool {
        let began = Instant::now();
        loop {
            match self.client.execute(HEARS, vec![]).await {
                // The page begins anew, or the window has gone: both come of a click.
                Ok(heard) if heard.is_null() || heard == true => return true,
                Ok(_) if began.elapsed() > HEARD => return false,
                Ok(_) => tokio::time::sleep(GLANCE).await,
                Err(_) => return true,
            }
        }
    }

    pub async fn fill(&self, id: &str, text: &str) {
        self.steady(id, async |element| {
            element.clear().await?;
            element.send_keys(text).await
        })
        .await;
    }

    /// Pastes a text of several lines: typed, their ends would be key presses that not every driver makes.
    pub async fn paste(&self, id: &str, text: &str) {
        let script = "const [field, text, done] = arguments;
            const into = document.querySelector(field);
            into.value = text;
            into.dispatchEvent(new Event('input', { bubbles: true }));
            done(null);";
        self.see(id).await;
        self.script_async(script, vec![css(id).0.into(), text.into()]).await;
    }

    /// Acts on an element that the page may draw anew meanwhile.
    async fn steady(&self, id: &str, act: impl AsyncFn(Element) -> Result<(), CmdError>) {
        let began = Instant::now();
        loop {
            let element = self.see(id).await;
            self.script_async(STEADY, vec![css(id).0.into()]).await;
            match act(element).await {
                Ok(()) => return,
                Err(error) if began.elapsed() > PATIENCE => {
                    panic!("{id}: {error:?}; the page says: {}", self.words().await)
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }

    pub async fn text(&self, id: &str) -> String {
        self.read(id, async |element| element.text().await).await
    }

    pub async fn attribute(&self, id: &str, name: &str) -> String {
        self.read(id, async |element| element.attr(name).await).await.unwrap_or_default()
    }

    pub async fn value(&self, id: &str) -> String {
        self.read(id, async |element| element.prop("value").await).await.unwrap_or_default()
    }

    /// Reads from an element that the page may draw anew meanwhile.
    async fn read<T>(&self, id: &str, of: impl AsyncFn(Element) -> Result<T, CmdError>) -> T {
        let began = Instant::now();
        loop {
            match of(self.see(id).await).await {
                Ok(read) => return read,
                Err(error) if error.is_stale_element_reference() && began.elapsed() < PATIENCE => {}
                Err(error) => panic!("{id}: {error}"),
            }
        }
    }

    /// Everything that can be read in the window.
    pub async fn words(&self) -> String {
        match self.client.execute("return document.body.innerText", vec![]).await {
            Ok(words) => words.as_str().unwrap_or_default().to_owned(),
            Err(error) => format!("(it cannot be read: {error:?}; the program said: {})", self.said()),
        }
    }

    pub async fn press(&self, keys: &str) {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for value in keys.chars() {
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.client.perform_actions(actions).await.unwrap();
    }

    /// Presses a key while Ctrl is held.
    pub async fn press_with_ctrl(&self, value: char) {
        self.client.perform_actions(with_ctrl(value)).await.unwrap();
    }

    /// Presses the key that closes the window, and waits until it is closed; the driver loses it while the key is still down.
    pub async fn end_by_key(self, value: Key) {
        let _ = self
            .client
            .perform_actions(KeyActions::new("keyboard".to_owned()).then(KeyAction::Down { value: value.into() }))
            .await;
        self.ended().await;
    }

    /// The same with Ctrl held.
    pub async fn end_by_ctrl(self, value: char) {
        let _ = self.client.perform_actions(with_ctrl(value)).await;
        self.ended().await;
    }

    pub async fn press_key(&self, key: Key) {
        self.press(&char::from(key).to_string()).await;
    }

    pub async fn script(&self, script: &str) -> Value {
        self.client
            .execute(script, vec![])
            .await
            .unwrap_or_else(|error| panic!("{script:.200}: {error:?}; the program said: {}", self.said()))
    }

    pub async fn script_async(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client
            .execute_async(script, arguments)
            .await
            .unwrap_or_else(|error| panic!("{script:.200}: {error:?}; the program said: {}", self.said()))
    }

    /// Asks a command as the page would, and gets an answer.
    pub async fn ask(&self, command: &str, arguments: Value) -> Value {
        let answer = self.try_to_ask(command, arguments).await;
        assert!(answer.get("failed").is_none(), "{command}: {answer}");
        answer
    }

    /// Asks a command as the page would; a refusal comes back as `failed`.
    pub async fn try_to_ask(&self, command: &str, arguments: Value) -> Value {
        let script = "const [command, given, done] = arguments;
            window.__TAURI_INTERNALS__.invoke(command, given).then(done, (error) => done({ failed: error }));";
        self.script_async(script, vec![json!(command), arguments]).await
    }

    /// Makes the window so large, in pixels.
    pub async fn size(&self, width: u32, height: u32) {
        self.client.set_window_size(width, height).await.unwrap();
        let is = async || {
            let size = self.script("return [innerWidth, innerHeight]").await;
            size[0].as_u64() == Some(width.into())
        };
        self.until("the window has its size", is).await;
    }

    /// Starts a run by a button and waits for its end.
    pub async fn run(&self, button: &str) {
        self.run_by(async || self.click(button).await).await;
    }

    /// Starts a run and waits for its end, however short it is.
    pub async fn run_by(&self, act: impl AsyncFn()) {
        self.script(
            "window.began = false;
            const begins = new MutationObserver(() => {
                if (document.querySelector('[data-testid=\"cancel\"]') === null) return;
                window.began = true;
                begins.disconnect();
            });
            begins.observe(document.body, { childList: true, subtree: true });
            return null;",
        )
        .await;
        act().await;
        self.until("the run has begun", async || self.script("return window.began").await == true).await;
        self.run_is_over().await;
    }

    /// Waits for the end of a run.
    pub async fn run_is_over(&self) {
        self.see("run").await;
    }
}

fn with_ctrl(value: char) -> KeyActions {
    let held = char::from(Key::Control);
    KeyActions::new("keyboard".to_owned())
        .then(KeyAction::Down { value: held })
        .then(KeyAction::Down { value })
        .then(KeyAction::Up { value })
        .then(KeyAction::Up { value: held })
}

/// The mark by which the page's parts are found.
struct Css(String);

impl Css {
    fn as_locator(&self) -> Locator<'_> {
        Locator::Css(&self.0)
    }
}

fn css(id: &str) -> Css {
    Css(format!("[data-testid=\"{id}\"]"))
}
