//! `cargo xtask bench handover`: the hand-over document of the demo, as the command writes it from saved facts: pages, bytes, time, memory;
//! and typst on the same words in the same run.
//!
//! Both are started as a process of their own, so both pay for reading their input, loading their faces and writing the file. Ours also
//! judges the facts anew in that time; how long the writing alone takes stands below it. Neither keeps anything from one run to the next.

mod installed;
mod markup;
mod measured;

use audit::facts::Facts;
use measured::{Run, median, run};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const OURS: &str = env!("CARGO_BIN_EXE_launch-ready");
/// Runs of which the median counts.
const TIMES: usize = 7;
/// What must be held, by a document of at least so many pages.
const PAGES: usize = 60;
const TIME: Duration = Duration::from_secs(1);
const SIZE: usize = 2_000_000;
/// Writes a PDF from markup by the library that typst's users of Python have.
const PYTHON: &str = "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2], font_paths=[sys.argv[3]])";

fn main() {
    let yard = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-handover");
    drop(fs::remove_dir_all(&yard));
    fs::create_dir_all(&yard).unwrap();
    let saved = yard.join("facts.json");
    run(Command::new(OURS).arg("demo").arg("--facts").arg(&saved), &[0, 1]);
    let facts: Facts = serde_json::from_slice(&fs::read(&saved).unwrap()).unwrap();
    let audit = audit::audit(&facts, audit::roadmap::by_id(&facts.roadmap).unwrap(), facts.finished.unwrap());
    let options = report::Options { product: "Juniper Desk".to_owned(), ..report::Options::default() };
    let blocks = report::blocks(&audit, &facts, &options);
    let markup = markup::markup(&blocks, "Launch audit");
    println!("the demo's document: {} words\n", markup.words);

    let ours = ours(&saved, &yard);
    let alone = median(TIMES, || {
        let begun = Instant::now();
        report::pdf(&audit, &facts, &options).unwrap();
        Run { took: begun.elapsed(), peak: 0 }
    });
    println!(
        "{:<22} {:>6.3} s          in a process that runs, facts judged already",
        "writing alone",
        alone.took.as_secs_f64()
    );
    typst(&markup.text, &yard, &ours);
}

/// The document as the command writes it, on both papers; the run on A4.
fn ours(saved: &Path, yard: &Path) -> Run {
    let [_, run] = ["letter", "a4"].map(|paper| {
        let pdf = yard.join(format!("{paper}.pdf"));
        let once = || {
            let mut command = Command::new(OURS);
            command.arg("handover").arg(saved).args(["--product", "Juniper Desk", "--paper", paper, "--pdf"]).arg(&pdf);
            run(&mut command, &[0])
        };
        let taken = median(TIMES, once);
        let (pages, bytes) = size(&pdf);
        let long = format!("({}: at least {PAGES} pages)", if pages >= PAGES { "holds" } else { "MISSED" });
        let holds = format!("{} {} {long}", bound(taken.took <= TIME, "1 s"), bound(bytes <= SIZE, "2 MB"));
        row(&format!("handover, {paper}"), &taken, pages, bytes, &holds);
        taken
    });
    run
}

/// The same words set by typst, where it is installed: as a program, or as the library for Python.
fn typst(markup: &str, yard: &Path, ours: &Run) {
    let (source, pdf) = (yard.join("same.typ"), yard.join("typst.pdf"));
    fs::write(&source, markup).unwrap();
    let fonts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/fonts");
    let Some((program, words)) = peer(&source, &pdf, &fonts) else {
        println!("{:<22} skipped: it is not installed", "typst");
        return;
    };
    let taken = median(TIMES, || run(Command::new(&program).args(&words), &[0]));
    let (pages, bytes) = size(&pdf);
    let ratio = ours.took.as_secs_f64() / taken.took.as_secs_f64();
    row("typst, same words", &taken, pages, bytes, &format!("ours takes {ratio:.2} of its time"));
}

/// The program to start, and its arguments.
fn peer(source: &Path, pdf: &Path, fonts: &Path) -> Option<(PathBuf, Vec<OsString>)> {
    let words = |first: &[&str], paths: [&Path; 3]| -> Vec<OsString> {
        first.iter().map(OsString::from).chain(paths.map(OsString::from)).collect()
    };
    if let Some(program) = installed::find("typst") {
        return Some((program, words(&["compile", "--font-path"], [fonts, source, pdf])));
    }
    let python = installed::find("python3")?;
    let there = Command::new(&python).args(["-c", "import typst"]).output().ok()?.status.success();
    there.then(|| (python, words(&["-c", PYTHON], [source, pdf, fonts])))
}

/// Pages and bytes of a PDF file.
fn size(pdf: &Path) -> (usize, usize) {
    let bytes = fs::read(pdf).unwrap();
    (lopdf::Document::load_mem(&bytes).unwrap().get_pages().len(), bytes.len())
}

fn row(name: &str, run: &Run, pages: usize, bytes: usize, says: &str) {
    let (took, megabytes) = (run.took.as_secs_f64(), bytes as f64 / 1e6);
    println!("{name:<22} {took:>6.3} s {:>5} MB  {pages} pages, {megabytes:.2} MB  {says}", run.peak);
}

fn bound(good: bool, limit: &str) -> String {
    format!("({}: at most {limit})", if good { "holds" } else { "MISSED" })
}
