//! Prints laid-out pages as PDF operations.

use super::Running;
use super::finish;
use super::flow::{Page, Sheet};
use super::font::{self, Glyph};
use super::ink::Ink;
use super::shape;
use super::style::{Color, Face};
use super::tag::{Drawn, Element};
use crate::Error;
use crate::block::To;
use printpdf::{
    Actions, BorderArray, Codepoint, ColorArray, Destination, DictItem, FontId, HighlightingMode, Line, LineCapStyle,
    LineDashPattern, LineJoinStyle, LinePoint, LinkAnnotation, Op, PaintMode, ParsedFont, PdfDocument, PdfFont,
    PdfFontHandle, PdfPage, PdfSaveOptions, Point, Polygon, PolygonRing, Pt, RawImage, RawImageData, RawImageFormat,
    Rect, Rgb, TextItem, WindingOrder, XObject, XObjectId, XObjectTransform,
};
use std::collections::BTreeMap;

/// The name of the logo among the resources.
const LOGO: &str = "LRLOGO";

/// Where a heading stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The page, from 1.
    pub page: usize,
    /// Points from the top of the paper.
    pub top: f32,
}

/// Prints pages, and tells what was drawn for which element. Links to headings that do not exist are left out; tests hold that there are none.
///
/// # Errors
/// When a font cannot be embedded, or the writer warns of anything.
pub fn document(
    pages: &[Page],
    places: &BTreeMap<String, Place>,
    elements: &[Element],
    sheet: Sheet,
    running: &Running<'_>,
) -> Result<(lopdf::Document, Vec<Drawn>), Error> {
    let mut document = PdfDocument::new(&running.title);
    for face in Face::ALL {
        let mut warnings = vec![];
        let parsed = ParsedFont::from_bytes(font::bytes(face), 0, &mut warnings);
        let parsed = parsed.ok_or_else(|| Error::Font(format!("{face:?} cannot be embedded")))?;
        document.resources.fonts.map.insert(id(face), PdfFont::new(parsed));
    }
    if let Some(logo) = &running.template.logo {
        let side = |side: u32| usize::try_from(side).unwrap_or_default();
        let image = RawImage {
            pixels: RawImageData::U8(logo.pixels().to_vec()),
            width: side(logo.size().0),
            height: side(logo.size().1),
            data_format: RawImageFormat::RGB8,
            tag: vec![],
        };
        document.resources.xobjects.map.insert(XObjectId(LOGO.to_owned()), XObject::Image(image));
    }
    let mut told = vec![];
    let printed = pages.iter().map(|page| {
        let press =
            Press { places, elements, sheet, ops: vec![], fill: None, tag: None, open: None, drawn: Drawn::default() };
        let (ops, drawn) = press.page(page);
        told.push(drawn);
        let whole = Rect::from_wh(Pt(sheet.width), Pt(sheet.height));
        PdfPage { media_box: whole.clone(), trim_box: whole.clone(), crop_box: whole, ops }
    });
    let printed: Vec<PdfPage> = printed.collect();
    document.with_pages(printed);
    let mut warnings = vec![];
    let options = PdfSaveOptions { optimize: true, subset_fonts: true, secure: true, image_optimization: None };
    let printed = document.to_lopdf_document(&options, &mut warnings);
    match warnings.first() {
        Some(warning) => Err(Error::Print(warning.msg.clone())),
        None => Ok((printed, told)),
    }
}

/// Six capitals: the reader shows them as the tag of the subset (ISO 32000-1 §9.6.4).
fn id(face: Face) -> FontId {
    let tag = match face {
        Face::Text => "LRTEXT",
        Face::Strong => "LRSEMI",
        Face::Bold => "LRBOLD",
        Face::Mono => "LRMONO",
    };
    FontId(tag.to_owned())
}

struct Press<'a> {
    places: &'a BTreeMap<String, Place>,
    sheet: Sheet,
    ops: Vec<Op>,
    fill: Option<Color>,
    elements: &'a [Element],
    /// What the next ink belongs to.
    tag: Option<usize>,
    /// What the piece of content that is open belongs to.
    open: Option<Option<usize>>,
    drawn: Drawn,
}

impl Press<'_> {
    fn page(mut self, page: &Page) -> (Vec<Op>, Drawn) {
        self.ops.push(Op::SetLineCapStyle { cap: LineCapStyle::Round });
        self.ops.push(Op::SetLineJoinStyle { join: LineJoinStyle::Round });
        page.inks.iter().for_each(|ink| self.ink(ink));
        self.close();
        (self.ops, self.drawn)
    }

    /// Opens a piece of content for what is drawn next, unless one for the same element is open.
    fn enter(&mut self) {
        if self.open == Some(self.tag) {
            return;
        }
        self.close();
        self.open = Some(self.tag);
        let element = self.tag.and_then(|at| Some((at, self.elements.get(at)?)));
        let Some((at, element)) = element else {
            self.ops.push(Op::BeginMarkedContent { tag: "Artifact".to_owned() });
            return;
        };
        let number = i64::try_from(self.drawn.pieces.len()).unwrap_or(i64::MAX);
        self.drawn.pieces.push(at);
        let map = BTreeMap::from([("MCID".to_owned(), DictItem::Int(number))]);
        let (tag, properties) = (element.kind.to_owned(), DictItem::Dict { map });
        self.ops.push(Op::BeginMarkedContentWithProperties { tag, properties });
    }

    fn close(&mut self) {
        if self.open.take().is_some() {
            self.ops.push(Op::EndMarkedContent);
        }
    }

    fn ink(&mut self, ink: &Ink) {
        if !matches!(ink, Ink::Tag(_) | Ink::Link { .. }) {
            self.enter();
        }
        match ink {
            Ink::Tag(tag) => self.tag = *tag,
            Ink::Text { x, y, face, size, color, glyphs, reads: None } => {
                self.text((*x, *y), *face, *size, *color, glyphs);
            }
            Ink::Text { x, y, face, size, color, glyphs, reads: Some(reads) } => {
                // ISO 32000-1 §14.9.4: what stands in the place of what is drawn.
                let data = finish::utf16(reads);
                let map = BTreeMap::from([("ActualText".to_owned(), DictItem::String { data, literal: false })]);
                let (tag, properties) = ("Span".to_owned(), DictItem::Dict { map });
                self.ops.push(Op::BeginMarkedContentWithProperties { tag, properties });
                self.text((*x, *y), *face, *size, *color, glyphs);
                self.ops.push(Op::EndMarkedContent);
            }
            Ink::Fill { x, y, w, h, color } => {
                self.fill(*color);
                let mut rectangle = Rect::from_xywh(Pt(*x), Pt(self.sheet.height - y - h), Pt(*w), Pt(*h));
                rectangle.mode = Some(PaintMode::Fill);
                self.ops.push(Op::DrawRectangle { rectangle });
            }
            Ink::Path { rings, fill, stroke, dash, closed } => self.path(rings, *fill, *stroke, dash, *closed),
            Ink::Shape { mark, x, y, size } => {
                shape::paths(mark, *x, *y, *size).iter().for_each(|path| self.ink(path));
            }
            Ink::Logo { x, y, w, h } => {
                let at = self.point(*x, y + h);
                let transform = XObjectTransform {
                    translate_x: Some(at.x),
                    translate_y: Some(at.y),
                    scale_x: Some(*w),
                    scale_y: Some(*h),
                    no_auto_scale: true,
                    ..XObjectTransform::default()
                };
                self.ops.push(Op::UseXobject { id: XObjectId(LOGO.to_owned()), transform });
            }
            Ink::Link { x, y, w, h, to } => self.link((*x, *y, *w, *h), to),
        }
    }

    fn fill(&mut self, color: Color) {
        if self.fill != Some(color) {
            self.fill = Some(color);
            self.ops.push(Op::SetFillColor { col: ink(color) });
        }
    }

    fn text(&mut self, (x, y): (f32, f32), face: Face, size: f32, color: Color, glyphs: &[Glyph]) {
        self.fill(color);
        let drawn = glyphs.iter().map(|glyph| {
            let back = f32::from(i16::try_from(-glyph.kern).unwrap_or(0));
            Codepoint::with_cid(glyph.id, back, glyph.char.to_string())
        });
        self.ops.extend([
            Op::StartTextSection,
            Op::SetTextCursor { pos: self.point(x, y) },
            Op::SetFont { font: PdfFontHandle::External(id(face)), size: Pt(size) },
            Op::ShowText { items: vec![TextItem::GlyphIds(drawn.collect())] },
            Op::EndTextSection,
        ]);
    }

    fn path(
        &mut self,
        rings: &[Vec<(f32, f32, bool)>],
        fill: Option<Color>,
        stroke: Option<(Color, f32)>,
        dash: &[f32],
        closed: bool,
    ) {
        let points = |ring: &Vec<(f32, f32, bool)>| -> Vec<LinePoint> {
            ring.iter().map(|(x, y, bezier)| LinePoint { p: self.point(*x, *y), bezier: *bezier }).collect()
        };
        let drawn: Vec<Vec<LinePoint>> = rings.iter().map(points).collect();
        if let Some(color) = fill {
            self.fill(color);
            let rings = drawn.iter().map(|points| PolygonRing { points: points.clone() }).collect();
            let polygon = Polygon { rings, mode: PaintMode::Fill, winding_order: WindingOrder::NonZero };
            self.ops.push(Op::DrawPolygon { polygon });
        }
        if let Some((color, width)) = stroke {
            self.ops.push(Op::SetOutlineColor { col: ink(color) });
            self.ops.push(Op::SetOutlineThickness { pt: Pt(width) });
            self.ops.push(Op::SetLineDashPattern { dash: LineDashPattern::new(0.0, dash) });
            for points in drawn {
                self.ops.push(Op::DrawLine { line: Line { points, is_closed: closed } });
            }
        }
    }

    fn link(&mut self, (x, y, w, h): (f32, f32, f32, f32), to: &To) {
        let actions = match to {
            To::Url(url) => Actions::uri(url.clone()),
            To::Heading(id) => {
                let Some(place) = self.places.get(id) else { return };
                let top = Some(self.sheet.height - place.top + 12.0);
                Actions::go_to(Destination::Xyz { page: place.page, left: Some(0.0), top, zoom: None })
            }
        };
        let rect = Rect::from_xywh(Pt(x), Pt(self.sheet.height - y - h), Pt(w), Pt(h));
        let border = Some(BorderArray::Solid([0.0, 0.0, 0.0]));
        let link =
            LinkAnnotation::new(rect, actions, border, Some(ColorArray::Transparent), Some(HighlightingMode::None));
        self.drawn.links.push(self.tag);
        self.ops.push(Op::LinkAnnotation { link });
    }

    fn point(&self, x: f32, y: f32) -> Point {
        Point { x: Pt(x), y: Pt(self.sheet.height - y) }
    }
}

fn ink((red, green, blue): Color) -> printpdf::Color {
    let part = |value: u8| f32::from(value) / 255.0;
    printpdf::Color::Rgb(Rgb { r: part(red), g: part(green), b: part(blue), icc_profile: None })
}
