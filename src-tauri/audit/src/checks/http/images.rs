//! http.images: images are no larger than they need to be.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{Exchange, ImageSeen};
use crate::{Case, Unseen};

/// http.images.
pub static CHECK: Check = Check {
    id: "http.images",
    title: "Images are no larger than they need to be",
    why: "Images are most of what a phone downloads; one photo from a camera can weigh more than the rest of the page.",
    needs: &[Need::Public],
    concern: Concern::Speed,
    covers: "Up to thirty images and styles that the front page names: format and size by the image's own header, weight by the transfer. Images that scripts load later are not seen.",
    ask: None,
    refs: &["web.dev/articles/choose-the-right-image-format"],
    judge,
};

/// A file above this is too heavy whatever it shows, bytes.
const HEAVY: u32 = 1_000_000;
/// More pixels across than any usual screen shows.
const WIDE: u32 = 4_096;
/// Above this, a newer format saves a transfer that people notice, bytes.
const WORTH: u32 = 300_000;
/// Images shown.
const SHOWN: usize = 8;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let (home, page) = case.home()?;
    let (mut proof, mut large, mut old, mut unseen) = (vec![], vec![], vec![], vec![]);
    let named = page.resources.iter().filter(|resource| resource.kind == crate::facts::ResourceKind::Image);
    for resource in named {
        match case.exchange("asset", &resource.url) {
            Ok(exchange) => match &exchange.body.image {
                Some(image) if too_large(exchange, image) => large.push(line(exchange, image)),
                Some(image) if too_old(exchange, image) => old.push(line(exchange, image)),
                Some(image) => proof.push(line(exchange, image)),
                None => {}
            },
            Err(why) if case.ours(&resource.url) && why.why != crate::Why::NotLooked => unseen.push(why),
            Err(_) => {}
        }
    }
    let mut findings = vec![];
    if !large.is_empty() {
        let says = format!("{} images of the front page are far larger than a screen can show.", large.len());
        let how = "Scale them to the size at which they are shown (twice that for sharp screens) and save them as WebP or AVIF.";
        findings.push(finding(&home.url, Severity::Medium, says, large, how));
    }
    if !old.is_empty() {
        let says = format!(
            "{} images of the front page come in an old format; a newer one is about half as heavy.",
            old.len()
        );
        findings.push(finding(
            &home.url,
            Severity::Low,
            says,
            old,
            "Save them as WebP or AVIF; every browser of today shows them.",
        ));
    }
    if proof.is_empty() && findings.is_empty() {
        proof.push("no pixel image on the front page".to_owned());
    }
    proof.truncate(SHOWN);
    Ok(Verdict::judged(proof, findings, unseen))
}

fn too_large(exchange: &Exchange, image: &ImageSeen) -> bool {
    exchange.body.bytes > HEAVY || image.width > WIDE || image.height > 2 * WIDE
}

fn too_old(exchange: &Exchange, image: &ImageSeen) -> bool {
    match image.format.as_str() {
        "bmp" | "tiff" => true,
        "png" | "jpeg" | "gif" => exchange.body.bytes > WORTH,
        _ => false,
    }
}

fn line(exchange: &Exchange, image: &ImageSeen) -> String {
    let (width, height) = (image.width, image.height);
    format!("{}: {} of {width} × {height}, {} kB", exchange.url, image.format, exchange.body.bytes.div_ceil(1000))
}

fn finding(subject: &str, severity: Severity, says: String, mut evidence: Vec<String>, how: &str) -> Finding {
    evidence.truncate(SHOWN);
    Finding {
        subject: subject.to_owned(),
        grade: Grade::Warn,
        severity,
        says,
        evidence,
        fix: Fix {
            says: how.to_owned(),
            paste: Some("cwebp -q 80 -resize 1600 0 picture.png -o picture.webp".to_owned()),
            minutes: 20,
            after: vec![],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::Why;
    use crate::check::{Severity, Status};
    use crate::facts::{Facts, Resource, ResourceKind, Written};
    use crate::testing::{chain_at, exchange, findings, healthy, put, status, unseen};

    const HERO: &str = "https://example.com/hero";

    fn site(start: &[u8], bytes: usize) -> Facts {
        let mut facts = healthy();
        let image = Resource {
            kind: ResourceKind::Image,
            url: HERO.to_owned(),
            integrity: false,
            blocking: false,
            written: Written::Absolute,
        };
        chain_at(&mut facts, "https://example.com/").hops[0].page.as_mut().unwrap().resources.push(image);
        let mut body = start.to_vec();
        body.resize(bytes.max(start.len() + 30), b' ');
        put(&mut facts, "asset", exchange(HERO, 200, &body));
        facts
    }

    #[test]
    fn images_of_fair_size_pass() {
        assert_eq!(status(&CHECK, &healthy()), Status::Pass);
        assert_eq!(status(&CHECK, &site(b"GIF89a\x20\x03\x20\x03", 40_000)), Status::Pass);
        assert_eq!(status(&CHECK, &site(b"<svg xmlns='http://www.w3.org/2000/svg'>", 40_000)), Status::Pass);
    }

    #[test]
    fn wide_heavy_and_old_images_are_told() {
        for (start, bytes, severity) in [
            (&b"GIF89a\x00\x20\x20\x03"[..], 40_000, Severity::Medium),
            (b"GIF89a\x20\x03\x20\x03", 1_200_000, Severity::Medium),
            (b"GIF89a\x20\x03\x20\x03", 400_000, Severity::Low),
        ] {
            assert_eq!(findings(&CHECK, &site(start, bytes))[0].severity, severity);
        }
    }

    #[test]
    fn silence_is_not_judged() {
        let mut facts = site(b"GIF89a", 100);
        facts.exchanges.insert(format!("asset {HERO}"), unseen(Why::Timeout));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    }
}
