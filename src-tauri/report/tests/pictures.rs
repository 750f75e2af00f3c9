//! Six pages of the report as pictures, held against accepted ones: what a reader sees does not change unnoticed. `UPDATE=1` accepts anew.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]
#![expect(clippy::disallowed_methods, reason = "pictures are files, and another program draws them")]

mod fixture;

use lopdf::{Document, Object, ObjectId};
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Dots per inch: enough to see a column, a line or a shape that moved.
const FINENESS: &str = "30";
/// The side of a patch, pixels.
const PATCH: usize = 8;
/// How far the mean grey of a patch may be off, of 255: other rasterisers smooth edges in other ways.
const OFF: u32 = 20;
/// Patches of 100 that may be off by more.
const PATCHES: usize = 1;

const PAGES: [(&str, &str); 6] = [
    ("cover", ""),
    ("decision", "Decision"),
    ("guide", "Operating guide"),
    ("table", "Risks"),
    ("finding", "Findings in detail"),
    ("drawing", "DNS map"),
];

/// A page in grey.
struct Picture {
    width: usize,
    grey: Vec<u8>,
}

impl Picture {
    fn read(file: &[u8]) -> Self {
        let mut decoder = png::Decoder::new(Cursor::new(file));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().unwrap();
        let mut drawn = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut drawn).unwrap();
        // Some versions write grey as three equal parts.
        let grey = drawn.into_iter().step_by(frame.color_type.samples()).collect();
        Self { width: frame.width as usize, grey }
    }

    fn write(&self, path: &Path) {
        let side = |side: usize| u32::try_from(side).unwrap();
        let (width, height) = (side(self.width), side(self.grey.len() / self.width));
        let mut encoder = png::Encoder::new(fs::File::create(path).unwrap(), width, height);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_compression(png::Compression::High);
        encoder.write_header().unwrap().write_image_data(&self.grey).unwrap();
    }

    /// The mean grey of each patch.
    fn patches(&self) -> Vec<u32> {
        let rows: Vec<&[u8]> = self.grey.chunks(self.width).collect();
        let across = (0..self.width).step_by(PATCH);
        let patch = |x: usize, rows: &[&[u8]]| {
            let pixels = rows.iter().flat_map(|row| row.iter().skip(x).take(PATCH));
            let (sum, count) = pixels.fold((0, 0), |(sum, count), grey| (sum + u32::from(*grey), count + 1));
            sum / count
        };
        rows.chunks(PATCH).flat_map(|rows| across.clone().map(move |x| patch(x, rows))).collect()
    }

    /// Whether both would be taken for the same page.
    fn same(&self, other: &Self) -> bool {
        let (one, two) = (self.patches(), other.patches());
        let off = one.iter().zip(&two).filter(|(one, two)| one.abs_diff(**two) > OFF).count();
        self.width == other.width && one.len() == two.len() && off * 100 <= one.len() * PATCHES
    }
}

/// The page that a section of this title begins on, from 1.
fn page(document: &Document, title: &str) -> usize {
    if title.is_empty() {
        return 1;
    }
    let wanted: Vec<u8> = [0xFE, 0xFF].into_iter().chain(title.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    let root = document.catalog().unwrap().get(b"Outlines").unwrap().as_reference().unwrap();
    let next =
        |id: ObjectId, key: &[u8]| document.get_dictionary(id).unwrap().get(key).and_then(Object::as_reference).ok();
    let sections = std::iter::successors(next(root, b"First"), |id| next(*id, b"Next"));
    let mut named = sections.map(|id| document.get_dictionary(id).unwrap());
    let named = named.find(|node| node.get(b"Title").unwrap().as_str().unwrap() == wanted).unwrap();
    let to = named.get(b"Dest").unwrap().as_array().unwrap()[0].as_reference().unwrap();
    document.page_iter().position(|page| page == to).unwrap() + 1
}

/// The page as another program draws it; none where this machine does not have it.
fn drawn(file: &Path, number: usize) -> Option<Vec<u8>> {
    let number = number.to_string();
    let mut command = Command::new("pdftoppm");
    command.args(["-gray", "-png", "-r", FINENESS, "-f", &number, "-l", &number]).arg(file);
    match command.output() {
        Ok(run) => {
            assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
            Some(run.stdout)
        }
        Err(why) => {
            let _ = writeln!(std::io::stderr(), "pdftoppm is not installed ({why}); no picture is compared");
            None
        }
    }
}

#[test]
fn pages_look_as_they_were_accepted() {
    let facts = fixture::facts();
    let bytes = report::pdf(&fixture::audit(&facts), &facts, &fixture::options()).unwrap();
    let document = Document::load_mem(&bytes).unwrap();
    let file = std::env::temp_dir().join(format!("launch-ready-pictures-{}.pdf", std::process::id()));
    fs::write(&file, &bytes).unwrap();
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/pictures");
    let mut wrong = vec![];
    let mut accepted: Vec<Picture> = vec![];
    for (name, title) in PAGES {
        let Some(now) = drawn(&file, page(&document, title)) else { break };
        let now = Picture::read(&now);
        let path = folder.join(format!("{name}.png"));
        if std::env::var_os("UPDATE").is_some() {
            fs::create_dir_all(&folder).unwrap();
            now.write(&path);
        }
        let known = Picture::read(&fs::read(&path).unwrap());
        assert!(accepted.iter().all(|other| !known.same(other)), "{name} is taken for another page");
        if !known.same(&now) {
            wrong.push(name);
        }
        accepted.push(known);
    }
    fs::remove_file(&file).unwrap();
    assert_eq!(wrong, Vec::<&str>::new(), "these pages look different; look at them, then accept them by UPDATE=1");
}
