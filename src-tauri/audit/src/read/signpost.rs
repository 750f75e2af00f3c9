//! robots.txt (RFC 9309) and sitemaps (sitemaps.org 0.9), as far as they tell which addresses search engines should know.

use super::text::clean;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::BTreeMap;
use url::Url;

/// Sitemaps and origins kept.
const MOST: usize = 20;
/// Lines of robots.txt and entries of a sitemap read.
const LONGEST: usize = 50_000;

/// What a robots.txt says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RobotsSaid {
    /// Sitemaps it names.
    pub sitemaps: Vec<String>,
    /// Whether it keeps every crawler from every page.
    pub shut: bool,
}

/// What a sitemap says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SitemapSaid {
    /// Whether it lists sitemaps rather than pages.
    pub index: bool,
    /// Addresses it lists.
    pub entries: u32,
    /// How many of them lie at which origin.
    pub origins: BTreeMap<String, u32>,
    /// The first of them.
    pub first: Vec<String>,
}

/// Reads a robots.txt.
#[must_use]
pub fn robots(body: &[u8]) -> RobotsSaid {
    let text = String::from_utf8_lossy(body);
    let mut said = RobotsSaid::default();
    let (mut everybody, mut grouping, mut shut, mut open) = (false, false, false, false);
    for line in text.lines().take(LONGEST) {
        let line = line.split('#').next().unwrap_or_default();
        let Some((key, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        match key.trim().to_ascii_lowercase().as_str() {
            "sitemap" if said.sitemaps.len() < MOST => said.sitemaps.push(clean(value, 2_000)),
            "user-agent" => {
                everybody = value == "*" || grouping && everybody;
                grouping = true;
                continue;
            }
            "disallow" if everybody => shut |= matches!(value, "/" | "/*"),
            "allow" if everybody => open |= !value.is_empty(),
            _ => {}
        }
        grouping = false;
    }
    said.shut = shut && !open;
    said
}

/// Reads a sitemap; none when it is not one.
#[must_use]
pub fn sitemap(body: &[u8]) -> Option<SitemapSaid> {
    let mut reader = Reader::from_reader(body);
    let (mut said, mut root, mut inside) = (SitemapSaid::default(), None, false);
    let mut text = String::new();
    // A broken end leaves what was read before it.
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(tag) => {
                let name = tag.local_name().as_ref().to_ascii_lowercase();
                if root.is_none() {
                    said.index = name == "sitemapindex";
                    root = Some(said.index || name == "urlset").filter(|is| *is);
                    root?;
                }
                inside = name == "loc";
                text.clear();
            }
            Event::Text(part) if inside => text.push_str(&part),
            Event::CData(part) if inside => text.push_str(&part),
            Event::End(_) if inside => {
                inside = false;
                note(&mut said, text.trim());
            }
            Event::Eof => break,
            _ => {}
        }
        if said.entries as usize >= LONGEST {
            break;
        }
    }
    root.map(|_| said)
}

fn note(said: &mut SitemapSaid, loc: &str) {
    said.entries += 1;
    let origin = Url::parse(loc).map_or_else(|_| "(no address)".to_owned(), |url| url.origin().ascii_serialization());
    if said.origins.contains_key(&origin) || said.origins.len() < MOST {
        *said.origins.entry(clean(&origin, 300)).or_default() += 1;
    }
    if said.first.len() < MOST {
        said.first.push(clean(loc, 2_000));
    }
}

#[cfg(test)]
mod tests {
    use super::{robots, sitemap};

    #[test]
    fn robots_are_read_by_group() {
        let said = robots(
            b"Sitemap: https://a.example/s.xml # x\nUser-agent: bot\nDisallow: /\n\nUser-Agent: *\nDisallow: /private",
        );
        assert_eq!((said.sitemaps, said.shut), (vec!["https://a.example/s.xml".to_owned()], false));
        assert!(robots(b"user-agent: bot\nuser-agent: *\ndisallow: /").shut);
        assert!(!robots(b"user-agent: *\ndisallow: /\nallow: /public").shut);
        assert!(!robots(b"user-agent: *\ndisallow:").shut);
        assert!(!robots(b"\xff\xfe:::\n:\nnot robots").shut);
    }

    #[test]
    fn sitemaps_are_counted_by_origin() {
        let body =
            b"<?xml version='1.0'?><urlset xmlns='x'><url><loc> https://a.example/ </loc><lastmod>2026</lastmod></url>\
                     <url><loc><![CDATA[https://www.a.example/b]]></loc></url><url><loc>/c</loc></url></urlset>";
        let said = sitemap(body).unwrap();
        assert_eq!((said.entries, said.index, said.origins.len()), (3, false, 3));
        assert_eq!(said.origins["https://a.example"], 1);
        assert!(
            sitemap(b"<sitemapindex><sitemap><loc>https://a.example/1.xml</loc></sitemap></sitemapindex>")
                .unwrap()
                .index
        );
    }

    #[test]
    fn what_is_no_sitemap_is_none_and_hostile_ones_are_bounded() {
        for body in [&b"<!doctype html><html><loc>x</loc></html>"[..], b"", b"{}", b"\xff\xfe", b"<rss></rss>"] {
            assert_eq!(sitemap(body), None);
        }
        let many = format!("<urlset>{}", "<url><loc>https://a.example/</loc></url>".repeat(60_000));
        assert_eq!(sitemap(many.as_bytes()).unwrap().entries, 50_000);
        let entities =
            "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]><urlset><url><loc>&c;</loc></url></urlset>";
        assert_eq!(sitemap(entities.as_bytes()).unwrap().entries, 1);
        assert!(sitemap("<urlset>".repeat(100_000).as_bytes()).is_some());
    }
}
