//! The status shapes as paths: told apart by form alone, in greyscale and on a projector.

use super::ink::Ink;
use super::style::{self, Color};
use crate::block::{Mark, Shape};

type Ring = Vec<(f32, f32, bool)>;

/// How far the handles of a quarter circle reach, for radius 1.
const ROUND: f32 = 0.552_285;

/// The paths of a status, `size` wide around its centre.
#[must_use]
pub fn paths(mark: &Mark, x: f32, y: f32, size: f32) -> Vec<Ink> {
    let color = style::tone(mark.tone);
    let thin = 0.09;
    let drawn = match mark.shape {
        Shape::Tick => vec![disc(color), stroke(vec![(-0.22, 0.02), (-0.06, 0.18), (0.24, -0.16)], 0.12, style::PAPER)],
        Shape::Triangle => vec![
            area(vec![(0.0, -0.5), (0.54, 0.44), (-0.54, 0.44)], color),
            stroke(vec![(0.0, -0.14), (0.0, 0.12)], 0.12, style::PAPER),
            stroke(vec![(0.0, 0.29), (0.0, 0.291)], 0.13, style::PAPER),
        ],
        Shape::Octagon => vec![
            area(octagon(), color),
            stroke(vec![(-0.19, -0.19), (0.19, 0.19)], 0.12, style::PAPER),
            stroke(vec![(0.19, -0.19), (-0.19, 0.19)], 0.12, style::PAPER),
        ],
        Shape::Question => vec![
            ring(0.45, color, thin, vec![0.2, 0.15]),
            curve(
                vec![
                    (-0.16, -0.1, false),
                    (-0.16, -0.32, true),
                    (0.16, -0.32, true),
                    (0.16, -0.1, false),
                    (0.16, 0.04, true),
                    (0.0, 0.02, true),
                    (0.0, 0.12, false),
                ],
                0.1,
                color,
            ),
            stroke(vec![(0.0, 0.26), (0.0, 0.261)], 0.12, color),
        ],
        Shape::Bar => vec![disc(color), stroke(vec![(-0.22, 0.0), (0.22, 0.0)], 0.13, style::PAPER)],
        Shape::Dash => vec![stroke(vec![(-0.34, 0.0), (0.34, 0.0)], 0.13, color)],
        Shape::Dotted => vec![ring(0.44, color, 0.1, vec![0.01, 0.24])],
        Shape::Hand => hand(color),
        Shape::Half => vec![ring(0.44, color, thin, vec![]), half(color)],
        Shape::Clock => {
            vec![ring(0.44, color, thin, vec![]), stroke(vec![(0.0, -0.26), (0.0, 0.0), (0.19, 0.1)], thin, color)]
        }
    };
    drawn.into_iter().map(|ink| scaled(ink, size).moved(x, y)).collect()
}

/// The four quarters of a circle.
#[must_use]
pub fn circle(radius: f32) -> Ring {
    let handle = radius * ROUND;
    let r = radius;
    vec![
        (0.0, -r, false),
        (handle, -r, true),
        (r, -handle, true),
        (r, 0.0, false),
        (r, handle, true),
        (handle, r, true),
        (0.0, r, false),
        (-handle, r, true),
        (-r, handle, true),
        (-r, 0.0, false),
        (-r, -handle, true),
        (-handle, -r, true),
        (0.0, -r, false),
    ]
}

fn hand(color: Color) -> Vec<Ink> {
    let finger = |x: f32, top: f32| stroke(vec![(x, 0.1), (x, top)], 0.13, color);
    vec![
        finger(-0.2, -0.24),
        finger(-0.04, -0.4),
        finger(0.12, -0.36),
        finger(0.28, -0.18),
        stroke(vec![(-0.18, 0.24), (-0.4, 0.02)], 0.13, color),
        area(vec![(-0.26, 0.04), (0.34, 0.04), (0.34, 0.26), (0.2, 0.46), (-0.1, 0.46), (-0.26, 0.26)], color),
    ]
}

fn half(color: Color) -> Ink {
    let ring: Ring = circle(0.44).into_iter().take(7).collect();
    Ink::Path { rings: vec![ring], fill: Some(color), stroke: None, dash: vec![], closed: true }
}

fn octagon() -> Vec<(f32, f32)> {
    let (far, near) = (0.5, 0.207);
    vec![(-near, -far), (near, -far), (far, -near), (far, near), (near, far), (-near, far), (-far, near), (-far, -near)]
}

fn disc(color: Color) -> Ink {
    Ink::Path { rings: vec![circle(0.5)], fill: Some(color), stroke: None, dash: vec![], closed: true }
}

fn ring(radius: f32, color: Color, width: f32, dash: Vec<f32>) -> Ink {
    Ink::Path { rings: vec![circle(radius)], fill: None, stroke: Some((color, width)), dash, closed: false }
}

fn area(points: Vec<(f32, f32)>, color: Color) -> Ink {
    let ring = points.into_iter().map(|(x, y)| (x, y, false)).collect();
    Ink::Path { rings: vec![ring], fill: Some(color), stroke: None, dash: vec![], closed: true }
}

fn stroke(points: Vec<(f32, f32)>, width: f32, color: Color) -> Ink {
    curve(points.into_iter().map(|(x, y)| (x, y, false)).collect(), width, color)
}

fn curve(ring: Ring, width: f32, color: Color) -> Ink {
    Ink::Path { rings: vec![ring], fill: None, stroke: Some((color, width)), dash: vec![], closed: false }
}

fn scaled(ink: Ink, by: f32) -> Ink {
    match ink {
        Ink::Path { rings, fill, stroke, dash, closed } => Ink::Path {
            rings: rings
                .into_iter()
                .map(|ring| ring.into_iter().map(|(x, y, handle)| (x * by, y * by, handle)).collect())
                .collect(),
            fill,
            stroke: stroke.map(|(color, width)| (color, width * by)),
            dash: dash.into_iter().map(|length| length * by).collect(),
            closed,
        },
        other => other,
    }
}
