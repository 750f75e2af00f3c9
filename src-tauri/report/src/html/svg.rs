//! Draws figures and status shapes as SVG, from the same strips as the printed page.

use crate::block::{Figure, Mark};
use crate::pdf::{Color, Face, Fonts, Ink, Strip, figure_strips, shape_paths};
use maud::{Markup, PreEscaped, html};
use std::fmt::Write as _;

/// Width of a figure, points; it shrinks with the page.
const WIDTH: f32 = 490.0;

/// A figure, with what it shows in one sentence for those who cannot see it.
pub fn figure(fonts: &Fonts, figure: &Figure) -> Markup {
    let strips = figure_strips(fonts, figure, WIDTH);
    let mut y = 0.0;
    let mut inks = vec![];
    for Strip { height, above, inks: drawn, .. } in strips {
        y += above;
        inks.extend(drawn.into_iter().map(|ink| ink.moved(0.0, y)));
        y += height;
    }
    html! {
        figure {
            svg viewBox=(format!("-2 -2 {} {:.1}", WIDTH + 4.0, y + 8.0)) role="img" aria-label=(figure.says()) {
                @for ink in &inks { (drawn(ink)) }
            }
        }
    }
}

/// A status by its shape; its word stands beside it.
pub fn shape(mark: &Mark) -> Markup {
    html! {
        svg.shape viewBox="-0.56 -0.56 1.12 1.12" aria-hidden="true" {
            @for ink in &shape_paths(mark, 0.0, 0.0, 1.0) { (drawn(ink)) }
        }
    }
}

fn paint((red, green, blue): Color) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// One thing drawn; a text with the words of the reader's own faces.
pub fn drawn(ink: &Ink) -> Markup {
    match ink {
        Ink::Text { x, y, face, size, color, glyphs, reads } => {
            let text: String = reads.clone().unwrap_or_else(|| glyphs.iter().map(|glyph| glyph.char).collect());
            let wide: f32 = glyphs.iter().map(|glyph| glyph.width(*size)).sum();
            let class = match face {
                Face::Mono => "mono",
                Face::Strong | Face::Bold => "strong",
                Face::Text => "plain",
            };
            // The width keeps words within their lines where the reader has other faces; what ours lack is never as wide as its replacement.
            let wide = reads.is_none().then(|| format!("{wide:.1}"));
            html! {
                text class=(class) x=(format!("{x:.1}")) y=(format!("{y:.1}")) font-size=(format!("{size:.2}")) fill=(paint(*color)) textLength=[wide] lengthAdjust="spacingAndGlyphs" { (text) }
            }
        }
        Ink::Fill { x, y, w, h, color } => html! {
            rect x=(format!("{x:.1}")) y=(format!("{y:.1}")) width=(format!("{w:.1}")) height=(format!("{h:.1}")) fill=(paint(*color)) {}
        },
        Ink::Path { rings, fill, stroke, dash, closed } => {
            let outline = stroke.map(|(color, width)| (paint(color), format!("{width:.3}")));
            let dash: Vec<String> = dash.iter().map(|length| format!("{length:.3}")).collect();
            html! {
                path d=(path(rings, *closed)) fill=(fill.map_or("none".to_owned(), paint)) fill-rule="evenodd" stroke-linecap="round" stroke-linejoin="round"
                    stroke=[outline.as_ref().map(|(color, _)| color)] stroke-width=[outline.as_ref().map(|(_, width)| width)]
                    stroke-dasharray=[(!dash.is_empty()).then(|| dash.join(" "))] {}
            }
        }
        Ink::Shape { mark, x, y, size } => html! {
            @for ink in &shape_paths(mark, *x, *y, *size) { (drawn(ink)) }
        },
        // A drawing is one picture to those who hear it; links stand in the words and tables beside it.
        Ink::Link { .. } | Ink::Logo { .. } | Ink::Tag(_) => PreEscaped(String::new()),
    }
}

fn path(rings: &[Vec<(f32, f32, bool)>], closed: bool) -> String {
    let mut out = String::new();
    for ring in rings {
        let mut points = ring.iter();
        let Some((x, y, _)) = points.next() else { continue };
        // Writing to a string cannot fail.
        let _ = write!(out, "M{x:.3} {y:.3}");
        while let Some((x, y, handle)) = points.next() {
            match (handle, points.as_slice()) {
                (true, [(x2, y2, _), (x3, y3, _), ..]) => {
                    let _ = write!(out, "C{x:.3} {y:.3} {x2:.3} {y2:.3} {x3:.3} {y3:.3}");
                    points.nth(1);
                }
                _ => {
                    let _ = write!(out, "L{x:.3} {y:.3}");
                }
            }
        }
        if closed {
            out.push('Z');
        }
    }
    out
}
