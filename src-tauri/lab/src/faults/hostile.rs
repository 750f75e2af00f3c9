//! A site that fights back: redirects to anywhere, header fields by the thousand, bodies without end, pages out of all shape.

use std::time::Duration;

use super::{Fault, blind};
use crate::flood::{Coding, ENDLESS, Flood, Speech};
use crate::site::{At, Door, Greeting, Quirk};
use crate::world::{DOMAIN, World};

const APP: &str = "app.juniperdesk.example";
const HTML: &str = "text/html; charset=utf-8";
const REDIRECTS: &[&str] = &["http.redirects"];
/// What a host shows that leads nowhere.
const PAGE: &[&str] = &["http.cookies", "http.cors", "http.mixed_content", "http.third_party"];
/// What reads a page to its end.
const CUT: &[&str] = &["http.mixed_content", "http.third_party"];
const SCRIPT: &[&str] =
    &["bundle.debug", "bundle.secrets", "bundle.source_maps", "http.caching", "http.compression", "http.payload_size"];
const STYLE: &[&str] = &["http.caching", "http.compression", "http.payload_size"];
const TEN_GIGABYTES: u64 = 10_000;
const NOW_AND_THEN: Duration = Duration::from_millis(150);
const DEEP: u64 = 100_000;

pub(super) const ROWS: [Fault; 43] = [
    Fault::found("redirect-file", "app sends visitors to a file of their own machine", REDIRECTS, |world| {
        app(world, Flood::to("file:///etc/passwd"))
    })
    .blinding(&[PAGE])
    .telling("file:///etc/passwd"),
    Fault::found("redirect-script", "app sends visitors to a script in place of an address", REDIRECTS, |world| {
        app(world, Flood::to("javascript:alert(document.cookie)"))
    })
    .blinding(&[PAGE])
    .telling("javascript:alert"),
    Fault::found("redirect-inside", "app sends visitors into a private network", REDIRECTS, |world| {
        app(world, Flood::to("http://10.0.0.12/admin"))
    })
    .blinding(&[PAGE])
    .telling("http://10.0.0.12/admin"),
    Fault::found("redirect-metadata", "app sends visitors to the secrets of a cloud machine", REDIRECTS, |world| {
        app(world, Flood::to("http://169.254.169.254/latest/meta-data/"))
    })
    .blinding(&[PAGE])
    .telling("http://169.254.169.254/"),
    Fault::found(
        "redirect-disguised",
        "app sends visitors to their own machine, written as a number",
        REDIRECTS,
        |world| app(world, Flood::to("http://2130706433:8080/")),
    )
    .blinding(&[PAGE])
    .telling("http://127.0.0.1:8080/"),
    Fault::found("redirect-growing", "app sends visitors on and on to longer addresses", REDIRECTS, |world| {
        world.site(APP).secure = Door::Grows
    })
    .blinding(&[PAGE])
    .telling("after ten hops"),
    Fault::found("redirect-port", "app sends visitors to a port where nobody answers", REDIRECTS, |world| {
        app(world, Flood::to("https://juniperdesk.example:25/"))
    })
    .blinding(&[PAGE])
    .telling("refused the connection"),
    Fault::passing("redirect-huge", "app sends visitors to an address of a megabyte", &[blind::HOST], |world| {
        app(world, Flood { long: Some(("location", 1024 * 1024)), ..Flood::to("") })
    })
    .telling("too many or too large"),
    Fault::passing("headers-thousands", "app answers with twenty thousand header fields", &[blind::HOST], |world| {
        app(world, Flood::headed(20_000, None))
    })
    .telling("too many or too large"),
    Fault::passing("header-megabyte", "app answers with a header field of a megabyte", &[blind::HOST], |world| {
        app(world, Flood::headed(0, Some(("x-long", 1024 * 1024))))
    })
    .telling("too many or too large"),
    Fault::passing(
        "headers-thousands-old",
        "app answers with twenty thousand header fields over HTTP/1.1",
        &[blind::HOST],
        |world| {
            world.site(APP).two = false;
            app(world, Flood::headed(20_000, None));
        },
    )
    .telling("too many or too large"),
    Fault::passing(
        "headers-drip",
        "app sends one header field after another, slowly and for ever",
        &[blind::HOST],
        |world| speaks(world, Speech { first: "HTTP/1.1 200 OK\r\n", again: "x-more: of it\r\n", every: NOW_AND_THEN }),
    )
    .telling("did not finish its answer"),
    Fault::passing(
        "headers-endless",
        "app sends one header field after another without end",
        &[blind::HOST],
        |world| {
            speaks(world, Speech { first: "HTTP/1.1 200 OK\r\n", again: "x-more: of it\r\n", every: Duration::ZERO })
        },
    )
    .telling("too many or too large"),
    Fault::passing("hints-endless", "app promises an answer again and again (103)", &[blind::HOST], |world| {
        let again = "HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n";
        speaks(world, Speech { first: "", again, every: Duration::ZERO });
    })
    .telling("did not finish its answer"),
    Fault::passing("speaks-ssh", "app greets like a terminal server", &[blind::HOST], |world| {
        speaks(world, Speech { first: "SSH-2.0-OpenSSH_9.2\r\n", again: "", every: Duration::ZERO })
    })
    .telling("does not speak proper HTTP"),
    Fault::passing("two-lengths", "app tells two lengths for one answer", &[blind::HOST], |world| {
        let first = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!";
        speaks(world, Speech { first, again: "", every: Duration::ZERO });
    })
    .telling("does not speak proper HTTP"),
    Fault::passing("header-nul", "app sends a header field with a zero byte in it", &[blind::HOST], |world| {
        let first = "HTTP/1.1 200 OK\r\nx-a: a\u{0}b\r\ncontent-length: 0\r\n\r\n";
        speaks(world, Speech { first, again: "", every: Duration::ZERO });
    })
    .telling("does not speak proper HTTP"),
    Fault::passing("chunk-endless", "app describes one piece of its answer without end", &[blind::HOST], |world| {
        let first = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ntransfer-encoding: chunked\r\n\r\n1;";
        speaks(world, Speech { first, again: "on=and;on=", every: Duration::ZERO });
    })
    .telling("app.juniperdesk.example"),
    Fault::passing(
        "handshake-drip",
        "app sends its TLS handshake byte by byte",
        &[blind::HOST, blind::TLS, &["dns.caa"]],
        |world| world.site(APP).greeting = Greeting::Drips,
    )
    .telling("finish the TLS handshake"),
    Fault::found("body-endless", "the front page never ends", &["http.compression", "http.payload_size"], |world| {
        front(world, page("more of it ", ENDLESS))
    })
    .blinding(&[CUT])
    .telling("only its first 5242 kB were read"),
    Fault::passing("body-drip", "the front page comes a few bytes at a time", &[blind::FRONT, blind::HOST], |world| {
        front(world, page("<p>more</p>", ENDLESS).every(NOW_AND_THEN))
    })
    .telling("did not finish its answer"),
    Fault::passing("body-bomb", "the front page unpacks to ten gigabytes", &[CUT, &["http.payload_size"]], |world| {
        front(world, page("more of it ", TEN_GIGABYTES).packed(Coding::Gzip))
    })
    .telling("only its first 5242 kB were read"),
    Fault::passing(
        "body-padding",
        "the front page is packed emptiness without end",
        &[blind::FRONT, blind::HOST],
        |world| front(world, page("", ENDLESS).packed(Coding::GzipEmpty)),
    )
    .telling("the compressed body is padding"),
    Fault::passing("body-packed-twice", "the front page is packed twice over", &[blind::FRONT, blind::HOST], |world| {
        front(world, page("", 0).packed(Coding::Said("gzip, gzip")))
    })
    .telling("encoding \\\"gzip, gzip\\\", which was not asked for"),
    Fault::passing(
        "body-odd-packing",
        "the front page is packed in a way that nobody asked for",
        &[blind::FRONT, blind::HOST],
        |world| front(world, page("", 0).packed(Coding::Said("compress"))),
    )
    .telling("encoding \\\"compress\\\", which was not asked for"),
    Fault::passing("style-bomb", "the style sheet unpacks to ten gigabytes", &[&["http.payload_size"]], |world| {
        let flood = Flood::body("text/css", "", "a{top:0}\n", TEN_GIGABYTES).packed(Coding::Gzip);
        at_end(world, ".css", flood);
    })
    .telling("it is too long to read as a whole"),
    Fault::passing(
        "style-bomb-brotli",
        "the style sheet unpacks to ten gigabytes, as Brotli",
        &[&["http.payload_size"]],
        |world| {
            at_end(world, ".css", Flood::body("text/css", "", "", TEN_GIGABYTES).packed(Coding::Brotli));
        },
    )
    .telling("it is too long to read as a whole"),
    Fault::passing(
        "style-bomb-zstd",
        "the style sheet unpacks to a terabyte, as zstd",
        &[&["http.payload_size"]],
        |world| {
            let flood = Flood::body("text/css", "a{top:0}", "\n", 1_000 * TEN_GIGABYTES).packed(Coding::Zstd);
            at_end(world, ".css", flood);
        },
    )
    .telling("it is too long to read as a whole"),
    Fault::passing(
        "style-padding-zstd",
        "the style sheet is packed emptiness without end, as zstd",
        &[STYLE],
        |world| {
            at_end(world, ".css", Flood::body("text/css", "", "", ENDLESS).packed(Coding::ZstdEmpty));
        },
    )
    .telling("the compressed body is padding"),
    Fault::passing(
        "script-wide-zstd",
        "the scripts ask for two gigabytes of memory to be unpacked",
        &[SCRIPT],
        |world| scripts(world, Flood::body("text/javascript", "", "more", 1_000).packed(Coding::ZstdWide)),
    )
    .telling("it demands a window of 2147483648 bytes"),
    Fault::passing("script-wide", "the scripts ask for a gigabyte of memory to be unpacked", &[SCRIPT], |world| {
        scripts(world, Flood::body("text/javascript", "", "more", 1_000).packed(Coding::BrotliWide))
    })
    .telling("a window larger than the coding allows"),
    Fault::found(
        "script-costly",
        "the scripts never end and look like keys without being any",
        &["http.compression", "http.payload_size"],
        |world| scripts(world, Flood::body("text/javascript", "", " redis://a:bbbbb", ENDLESS)),
    )
    .blinding(&[&["bundle.debug", "bundle.secrets", "bundle.source_maps"]])
    .telling("looking for keys in the scripts of the page took longer than"),
    Fault::trap("page-deep", "the page of app nests a hundred thousand boxes", |world| app(world, page("<div>", DEEP))),
    Fault::passing("page-crowded", "the page of app has thousands of links, scripts and frames", &[CUT], |world| {
        app(world, page("<a href=\"/a\">a</a><script src=\"/s.js\"></script><iframe src=\"/f\"></iframe>", 8_000))
    })
    .telling("too long to read as a whole"),
    Fault::passing("page-long-attribute", "the page of app has an address that never ends", &[CUT], |world| {
        app(world, page("", 0).after("<a href=\"", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"))
    })
    .telling("too long to read as a whole"),
    Fault::passing("page-many-attributes", "the page of app has a tag with attributes without end", &[CUT], |world| {
        app(world, page("", 0).after("<a ", "b1 c2=3 d4='5' e6=\"7\" "))
    })
    .telling("too long to read as a whole"),
    Fault::trap("page-controls", "the page of app is full of characters that hide and turn text", |world| {
        app(world, page("<p>\u{0}\u{1b}[2J\u{202e}\u{2066}\u{feff}\u{e0041}</p><title>\u{202e}x\u{0}</title>", 100))
    }),
    Fault::trap("page-refresh", "the page of app sends itself to itself for ever", |world| {
        app(world, page("<meta http-equiv=\"refresh\" content=\"0;url=/\">", 1))
    }),
    Fault::trap("page-base", "the page of app reads all its addresses from another host", |world| {
        app(world, page("<base href=\"https://192.168.0.1/\"><a href=\"x\">x</a>", 1))
    }),
    Fault::trap("robots-huge", "robots.txt is ten megabytes long", |world| {
        at(
            world,
            "/robots.txt",
            Flood::body("text/plain", "User-agent: *\n", "Disallow: /private/of/many/words\n", 320_000),
        )
    }),
    Fault::trap("sitemap-huge", "the sitemap is fifty megabytes long", |world| {
        let entry = "<url><loc>https://juniperdesk.example/</loc></url>";
        at(world, "/sitemap.xml", Flood::body("application/xml", "<urlset>", entry, 1_000_000));
    }),
    Fault::trap("sitemap-entities", "the sitemap defines words that stand for a billion others", |world| {
        let first = "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">\
            <!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">]>\
            <urlset><url><loc>https://juniperdesk.example/&d;&d;&d;</loc></url></urlset>";
        at(world, "/sitemap.xml", Flood::body("application/xml", first, "", 0));
    }),
    Fault::trap("sitemap-circle", "the sitemap is a list of itself", |world| {
        let first =
            "<sitemapindex><sitemap><loc>https://juniperdesk.example/sitemap.xml</loc></sitemap></sitemapindex>";
        at(world, "/sitemap.xml", Flood::body("application/xml", first, "", 0));
    }),
];

const fn page(again: &'static str, times: u64) -> Flood {
    Flood::body(HTML, "<!doctype html><html lang=\"en\"><title>Juniper Desk</title>", again, times)
}

fn app(world: &mut World, flood: Flood) {
    world.site(APP).quirks.push((At::Everything, Quirk::Floods(flood)));
}

fn front(world: &mut World, flood: Flood) {
    at(world, "/", flood);
}

fn scripts(world: &mut World, flood: Flood) {
    world.site(DOMAIN).quirks.push((At::Scripts, Quirk::Floods(flood)));
}

fn at(world: &mut World, path: &'static str, flood: Flood) {
    world.site(DOMAIN).quirks.push((At::Path(path), Quirk::Floods(flood)));
}

fn at_end(world: &mut World, end: &'static str, flood: Flood) {
    world.site(DOMAIN).quirks.push((At::Suffix(end), Quirk::Floods(flood)));
}

fn speaks(world: &mut World, speech: Speech) {
    let app = world.site(APP);
    app.two = false;
    app.greeting = Greeting::Speaks(speech);
}
