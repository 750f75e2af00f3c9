//! The look that a consultant gives the document: a name, a logo, two colours. Each is checked before anything is printed.

use crate::pdf::Color;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use std::io::Cursor;
use std::sync::Arc;

/// Bytes of a logo file at most.
const BYTES: usize = 512 * 1024;
/// Pixels of each side at most.
const SIDE: u32 = 2_000;
/// What text needs against its ground (WCAG 2.2 §1.4.3, level AA).
const CONTRAST: f64 = 4.5;
/// The darkest ground that text stands on.
const GROUND: Color = (0xF6, 0xF4, 0xF0);

/// The look of whoever hands the document over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// The name on the cover and at the head of each page; empty where there is none.
    pub name: String,
    /// The colour of links; statuses keep theirs.
    pub accent: Option<Color>,
    /// The colour of headings.
    pub headings: Option<Color>,
    /// The logo on the cover and at the head of each page.
    pub logo: Option<Logo>,
}

impl Template {
    /// A colour such as `#1f5eff`, dark enough to be read on paper.
    ///
    /// # Errors
    /// In one sentence what is wrong with it.
    pub fn color(text: &str) -> Result<Color, String> {
        let wrong = || "a colour is written like #1f5eff".to_owned();
        let hex = text
            .strip_prefix('#')
            .filter(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .ok_or_else(wrong)?;
        let number = u32::from_str_radix(hex, 16).map_err(|_| wrong())?;
        let [_, red, green, blue] = number.to_be_bytes();
        let color = (red, green, blue);
        let contrast = Self::contrast(color);
        if contrast < CONTRAST {
            return Err(format!(
                "{text} has a contrast of {contrast:.1} : 1 on paper, and text needs {CONTRAST} : 1 (WCAG AA); choose a darker one"
            ));
        }
        Ok(color)
    }

    /// The contrast of a colour on the darkest ground that text stands on, 1 … 21.
    #[must_use]
    pub fn contrast(color: Color) -> f64 {
        contrast(color, GROUND)
    }
}

/// A logo as it is printed: red, green and blue of each pixel, on white paper.
#[derive(Clone, PartialEq, Eq)]
pub struct Logo {
    width: u32,
    height: u32,
    pixels: Arc<[u8]>,
}

impl std::fmt::Debug for Logo {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Logo({} × {})", self.width, self.height)
    }
}

impl Logo {
    /// Reads a PNG file. Other kinds are told what to do: a drawing (SVG) needs a program of its own to become a picture, twenty
    /// crates of which nothing else here has a use.
    ///
    /// # Errors
    /// In one sentence why it cannot be used.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        if bytes.len() > BYTES {
            return Err(format!("the logo is larger than {} kB; save it smaller", BYTES / 1024));
        }
        if let Some(kind) = other_kind(bytes) {
            return Err(format!("the logo is {kind}, and only PNG is read; save it as PNG, 600 pixels wide"));
        }
        let wrong = |why: png::DecodingError| format!("the logo is no PNG that can be read: {why}");
        let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: 64 * 1024 * 1024 });
        decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
        let (width, height) = decoder.read_header_info().map_err(wrong)?.size();
        if width > SIDE || height > SIDE {
            return Err(format!("the logo has {width} × {height} pixels; {SIDE} × {SIDE} are the most"));
        }
        let mut reader = decoder.read_info().map_err(wrong)?;
        let mut drawn = vec![0; reader.output_buffer_size().ok_or("the logo is too large")?];
        let frame = reader.next_frame(&mut drawn).map_err(wrong)?;
        let drawn = drawn.get(..frame.buffer_size()).unwrap_or_default();
        let over = |value: u8, alpha: u8| {
            let (value, alpha) = (u32::from(value), u32::from(alpha));
            u8::try_from((value * alpha + 255 * (255 - alpha)) / 255).unwrap_or(255)
        };
        let pixels: Vec<u8> = match frame.color_type {
            png::ColorType::Rgba => {
                drawn.as_chunks().0.iter().flat_map(|&[r, g, b, a]| [over(r, a), over(g, a), over(b, a)]).collect()
            }
            png::ColorType::GrayscaleAlpha => drawn.as_chunks().0.iter().flat_map(|&[v, a]| [over(v, a); 3]).collect(),
            other => return Err(format!("the logo has colours of a kind that is not read ({other:?})")),
        };
        Ok(Self { width, height, pixels: pixels.into() })
    }

    /// Pixels across and down.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// Red, green and blue of each pixel, row by row.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The same as an address that holds the picture itself.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn url(&self) -> Result<String, png::EncodingError> {
        Ok(format!("data:image/png;base64,{}", BASE64_STANDARD.encode(self.file()?)))
    }

    /// The same as a PNG file that holds nothing but the pixels.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn file(&self) -> Result<Vec<u8>, png::EncodingError> {
        let mut file = vec![];
        let mut encoder = png::Encoder::new(&mut file, self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.write_header()?.write_image_data(&self.pixels)?;
        Ok(file)
    }

    /// Its size in a frame so wide and high, in the same unit.
    #[must_use]
    pub fn within(&self, width: f32, height: f32) -> (f32, f32) {
        let side = |side: u32| f32::from(u16::try_from(side.max(1)).unwrap_or(u16::MAX));
        let (w, h) = (side(self.width), side(self.height));
        let scale = (width / w).min(height / h);
        (w * scale, h * scale)
    }
}

/// What a file is that is no PNG, by how it begins.
fn other_kind(bytes: &[u8]) -> Option<&'static str> {
    let begin = bytes.trim_ascii_start();
    let drawn = |head: &[u8]| head.windows(4).any(|four| four.eq_ignore_ascii_case(b"<svg"));
    match begin {
        [0xFF, 0xD8, 0xFF, ..] => Some("a JPEG"),
        [b'G', b'I', b'F', b'8', ..] => Some("a GIF"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("a WebP"),
        [b'<', ..] | [0xEF, 0xBB, 0xBF, b'<', ..] if drawn(begin.get(..1024).unwrap_or(begin)) => {
            Some("an SVG drawing")
        }
        _ => None,
    }
}

/// The contrast of two colours, 1 … 21 (WCAG 2.2, "contrast ratio").
fn contrast(one: Color, two: Color) -> f64 {
    let light = |(red, green, blue): Color| {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    };
    let (one, two) = (light(one), light(two));
    (one.max(two) + 0.05) / (one.min(two) + 0.05)
}
