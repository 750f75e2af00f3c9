//! The border to the page, proved: its types are those of Rust, and its commands are listed the same in all three places.

use crate::filed::{EvidenceGiven, EvidenceShown};
use crate::ipc::{
    AnswerGiven, Exported, JourneyImport, JourneyState, MailState, MeasureEvent, MeasureState, OpenPoint, OwnLine,
    ProjectCard, RoadmapCard, RunEvent, RunList, Startup, Undone, View, WaiverGiven, WatchState,
};
use engine::vault::{Kind, SessionStatus, VaultStatus};
use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::PathBuf;
use ts_rs::{Config, TS, TypeVisitor};

fn root(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    fs::read_to_string(root(path)).unwrap_or_else(|error| panic!("failed to read {path}: {error}"))
}

/// Collects a type and all that it mentions.
#[derive(Default)]
struct Types {
    seen: HashSet<TypeId>,
    declared: BTreeMap<String, String>,
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        // Numbers and lists of others have no declaration of their own.
        if T::output_path().is_some() {
            let config = Config::default();
            let declared = format!("export {}", T::decl(&config));
            let earlier = self.declared.insert(T::ident(&config), declared.clone());
            assert!(earlier.is_none_or(|earlier| earlier == declared), "two types are called {}", T::ident(&config));
        }
        T::visit_dependencies(self);
    }
}

#[test]
fn the_page_has_the_types_of_rust() {
    let mut types = Types::default();
    types.visit::<ProjectCard>();
    types.visit::<View>();
    types.visit::<OwnLine>();
    types.visit::<RoadmapCard>();
    types.visit::<RunEvent>();
    types.visit::<AnswerGiven>();
    types.visit::<WaiverGiven>();
    types.visit::<crate::preview::Preview>();
    types.visit::<crate::preview::Shown>();
    types.visit::<EvidenceGiven>();
    types.visit::<EvidenceShown>();
    types.visit::<Exported>();
    types.visit::<crate::export::Form>();
    types.visit::<RunList>();
    types.visit::<audit::diff::Diff>();
    types.visit::<OpenPoint>();
    types.visit::<crate::template::OwnLookState>();
    types.visit::<crate::template::ColorTold>();
    types.visit::<MailState>();
    types.visit::<audit::facts::Flow>();
    types.visit::<Startup>();
    types.visit::<Kind>();
    types.visit::<SessionStatus>();
    types.visit::<VaultStatus>();
    types.visit::<audit::facts::Agreed>();
    types.visit::<engine::load::Tick>();
    types.visit::<audit::facts::Target>();
    types.visit::<MeasureEvent>();
    types.visit::<MeasureState>();
    types.visit::<JourneyState>();
    types.visit::<JourneyImport>();
    types.visit::<WatchState>();
    types.visit::<Undone>();
    types.visit::<crate::parcel::ProjectWritten>();
    types.visit::<crate::parcel::ProjectTaken>();
    types.visit::<audit::terms::Term>();
    types.visit::<engine::store::Edits>();
    types.visit::<audit::read::journey::Draft>();
    types.visit::<engine::load::Wish>();
    types.visit::<audit::picture::Compared>();
    types.visit::<audit::read::fix::FixStep>();
    let head = "// Types that cross the border, as Rust declares them. Generated; do not edit.\n\n";
    let lines: Vec<_> = types.declared.into_values().collect();
    let written = format!("{head}{}\n", lines.join("\n"));
    let path = "ui/src/bindings.ts";
    if std::env::var_os("UPDATE").is_some() {
        fs::write(root(path), written).unwrap();
    } else {
        let same = fs::read_to_string(root(path)).is_ok_and(|there| there == written);
        assert!(same, "{path} is out of date; run: UPDATE=1 cargo test --package launch-ready-desktop border");
    }
}

/// The words of the form `"name"` or `'name'` that follow a mark.
fn named<'a>(text: &'a str, mark: &str, end: &[char]) -> BTreeSet<&'a str> {
    text.split(mark).skip(1).filter_map(|rest| rest.split(end).next()).collect()
}

#[test]
fn commands_permissions_and_page_agree() {
    let main = read("src-tauri/window/main.rs");
    let (_, list) = main.split_once("generate_handler![").unwrap();
    let list = list.split(']').next().unwrap();
    let handled: BTreeSet<_> =
        list.split(',').filter_map(|path| path.trim().rsplit("::").next()).filter(|name| !name.is_empty()).collect();
    let permissions = read("src-tauri/permissions/app.toml");
    let allowed = named(&permissions, "commands.allow = [\"", &['"']);
    assert_eq!(handled, allowed, "generate_handler! and src-tauri/permissions/app.toml differ");
    let capability = read("src-tauri/capabilities/main.json");
    let granted: BTreeSet<String> =
        named(&capability, "\"allow-", &['"']).into_iter().map(|name| name.replace('-', "_")).collect();
    assert_eq!(granted, handled.iter().map(ToString::to_string).collect(), "src-tauri/capabilities/main.json differs");
    let page = read("ui/src/ipc.ts");
    let mut asked = named(&page, "invoke('", &['\'']);
    asked.extend(named(&page, "invoke<", &['(']).iter().filter_map(|rest| rest.split('\'').nth(1)));
    assert_eq!(handled, asked, "generate_handler! and ui/src/ipc.ts differ");
}

#[test]
fn the_window_is_granted_nothing_of_any_plugin() {
    let capability: serde_json::Value = serde_json::from_str(&read("src-tauri/capabilities/main.json")).unwrap();
    for granted in capability["permissions"].as_array().unwrap() {
        assert!(granted.as_str().unwrap().starts_with("allow-"), "{granted}");
    }
    assert!(capability.get("remote").is_none());
    let config: serde_json::Value = serde_json::from_str(&read("tauri.conf.json")).unwrap();
    let policy = config["app"]["security"]["csp"].to_string();
    assert!(!policy.contains("unsafe") && !policy.contains("https:") && !policy.contains('*'), "{policy}");
}
