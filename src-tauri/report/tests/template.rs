//! The look of whoever hands the document over: on each page, in its colours, and refused where it could not be read.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

mod fixture;

use lopdf::{Document, Object};
use report::{Logo, Options, Template};

/// A PNG of this size in one half-transparent colour.
fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut file = vec![];
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgba);
    let pixels = [200, 0, 100, 128].repeat((width * height) as usize);
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    file
}

fn own() -> Options {
    let template = Template {
        name: "Rivera & Daughters".to_owned(),
        accent: Some(Template::color("#0b5d3b").unwrap()),
        headings: Some(Template::color("#12233d").unwrap()),
        logo: Some(Logo::read(&picture(120, 40)).unwrap()),
    };
    Options { author: None, template, ..fixture::options() }
}

#[test]
fn colours_that_cannot_be_read_on_paper_are_refused() {
    assert_eq!(Template::color("#1f5eff"), Ok((0x1f, 0x5e, 0xff)));
    let pale = Template::color("#ffcc00").unwrap_err();
    assert!(pale.contains("on paper, and text needs 4.5 : 1 (WCAG AA); choose a darker one"), "{pale}");
    for wrong in ["1f5eff", "#1f5ef", "#1f5efg", "#+f5eff", "#éé12", ""] {
        assert!(Template::color(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_picture_of_another_kind_is_named_and_told_what_to_do() {
    let svg = b"<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    for (bytes, kind) in [
        (svg.as_slice(), "an SVG drawing"),
        (b"\n<SVG width=\"4\">", "an SVG drawing"),
        (b"\xFF\xD8\xFF\xE0", "a JPEG"),
        (b"GIF89a", "a GIF"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "a WebP"),
    ] {
        let says = format!("the logo is {kind}, and only PNG is read; save it as PNG, 600 pixels wide");
        assert_eq!(Logo::read(bytes).unwrap_err(), says);
    }
    assert!(Logo::read(b"<html>").unwrap_err().starts_with("the logo is no PNG that can be read"));
}

#[test]
fn a_logo_is_bounded_and_lies_on_white_paper() {
    let logo = Logo::read(&picture(3, 2)).unwrap();
    assert_eq!((logo.size(), logo.pixels().len()), ((3, 2), 18));
    assert_eq!(logo.pixels()[..3], [227, 127, 177], "half of it is paper");
    assert_eq!(Logo::read(&logo.file().unwrap()).unwrap(), logo);
    assert!(Logo::read(&picture(2_001, 1)).unwrap_err().contains("2000 × 2000 are the most"));
    // A header that promises more than any logo has is not followed.
    let mut bomb = picture(1, 1);
    bomb[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
    assert!(Logo::read(&bomb).is_err());
    assert!(Logo::read(b"PNG").unwrap_err().contains("no PNG"));
    assert!(Logo::read(&vec![0; 600 * 1024]).unwrap_err().contains("larger than 512 kB"));
    let half = picture(40, 40);
    assert!(Logo::read(&half[..half.len() / 2]).is_err());
}

#[test]
fn the_document_wears_it_on_every_page() {
    let facts = fixture::facts();
    let audit = fixture::audit(&facts);
    let options = own();
    let bytes = report::pdf(&audit, &facts, &options).unwrap();
    assert_eq!(bytes, report::pdf(&audit, &facts, &options).unwrap());
    let mut document = Document::load_mem(&bytes).unwrap();
    document.decompress();
    let images = document.objects.values().filter_map(|object| object.as_stream().ok());
    let images = images
        .filter(|stream| stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Image"));
    assert_eq!(images.count(), 1, "the logo is kept once");
    for (number, page) in document.get_pages() {
        let drawn = String::from_utf8_lossy(&document.get_page_content(page)).into_owned();
        assert!(drawn.contains("/LRLOGO Do"), "page {number} has no logo");
    }
    let plain = report::pdf(&audit, &facts, &fixture::options()).unwrap();
    assert!(!String::from_utf8_lossy(&plain).contains("LRLOGO"));
}

#[test]
fn pages_are_shown_as_they_are_printed() {
    use base64::Engine as _;
    let facts = fixture::facts();
    let audit = fixture::audit(&facts);
    let options = own();
    let document = Document::load_mem(&report::pdf(&audit, &facts, &options).unwrap()).unwrap();
    let pages = |id: &str, most: usize| report::pages(&audit, &facts, &options, id, most).unwrap().unwrap();
    let map = pages("report.dns_map", 9);
    assert_eq!(map.total, document.get_pages().len());
    assert!(map.first > 10 && map.pictures.len() > 1 && map.more == 0, "{} from {}", map.pictures.len(), map.first);
    let cut = pages("report.dns_map", 1);
    assert_eq!((cut.first, &cut.pictures[..], cut.more), (map.first, &map.pictures[..1], map.pictures.len() - 1));
    let drawn: Vec<String> = map
        .pictures
        .iter()
        .map(|url| {
            let packed = url.strip_prefix("data:image/svg+xml;base64,").unwrap();
            String::from_utf8(base64::prelude::BASE64_STANDARD.decode(packed).unwrap()).unwrap()
        })
        .collect();
    for picture in &drawn {
        assert!(picture.contains("<image href=\"data:image/png;base64,"), "no logo");
        assert!(picture.matches("<use ").count() > 200 && !picture.contains("<text") && !picture.contains("<script"));
        assert!(picture.matches("http").count() == 1, "it loads something besides its name space");
    }
    // The heading in its own colour stands on the first page, and what begins the next section on none.
    assert!(drawn[0].contains("fill=\"#12233d\""));
    let next = pages("report.dns_drift", 1);
    assert!(next.first >= map.first + map.pictures.len() - 1, "{} after {}", next.first, map.first);
    assert!(report::pages(&audit, &facts, &options, "report.none", 1).unwrap().is_none());
}

#[test]
fn its_twins_name_whoever_hands_it_over() {
    let facts = fixture::facts();
    let audit = fixture::audit(&facts);
    let page = report::html(&audit, &facts, &own()).unwrap();
    assert!(page.contains("alt=\"Logo of Rivera &amp; Daughters\""));
    assert!(page.contains("src=\"data:image/png;base64,") && page.contains(":root{--accent:#0b5d3b}"));
    assert!(report::markdown(&audit, &facts, &own()).replace('\\', "").contains("By Rivera & Daughters"));
    let key = ["sk", "live", "51KxqZ7wK3xV9tB5nM2rQ8pL4"].join("_");
    let options = Options { template: Template { name: key, ..Template::default() }, ..fixture::options() };
    assert!(report::preflight(&audit, &facts, &options)[0].stops, "a key in the name stops it");
}
