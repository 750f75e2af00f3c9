//! Who stands where: ways round the CDN, and companies that do not fit together.

use std::net::{IpAddr, Ipv4Addr};

use super::Fault;
use crate::names::Data;
use crate::records::SPF;
use crate::site::{At, Door, Landing, Pages, Quirk};
use crate::world::{DOMAIN, ELSEWHERE_AT, HOSTS, House, Manner, ORIGIN, Place, World};

const WWW: &str = "www.juniperdesk.example";
const APP: &str = "app.juniperdesk.example";
const PROXY: &[&str] = &["edge.proxy"];
const HOSTING: &[&str] = &["edge.hosting"];
const PROVIDERS: &[&str] = &["edge.providers"];

pub(super) const ROWS: [Fault; 13] = [
    Fault::trap("vercel-behind-cloudflare", "Cloudflare stands in front of Vercel", |world| {
        for (host, _) in HOSTS {
            world.site(host).headers.insert("x-vercel-id", "fra1::iad1::k2x9q-1795000000000-5e1f0c7d9a3b".to_owned());
        }
    }),
    Fault::trap("direct-host-other", "direct leads to a server of its own that does not know the site", |world| {
        world.names.add("direct.juniperdesk.example", Data::A(ELSEWHERE_AT));
    }),
    Fault::trap(
        "origin-firewalled",
        "direct leads to the server behind the CDN, which is silent to strangers",
        |world| {
            world.names.add("direct.juniperdesk.example", Data::A(ORIGIN.v4[0]));
            world.behave(ORIGIN, Manner::Hangs);
        },
    ),
    Fault::found("origin-direct-name", "direct leads to the server behind the CDN", PROXY, |world| {
        world.names.add("direct.juniperdesk.example", Data::A(ORIGIN.v4[0]));
    }),
    Fault::found("origin-in-spf", "the SPF record names the server behind the CDN", PROXY, |world| {
        let address = ORIGIN.v4[0];
        world.names.retext(DOMAIN, |text| {
            Some(if text == SPF { text.replace(" -all", &format!(" ip4:{address} -all")) } else { text.to_owned() })
        });
    }),
    Fault::found("origin-ftp-name", "ftp leads to the server behind the CDN over IPv6", PROXY, |world| {
        world.names.add("ftp.juniperdesk.example", Data::Aaaa(ORIGIN.v6[0]));
    }),
    Fault::found("vercel-deployment-missing", "app leads to Vercel, where no project has the name", HOSTING, |world| {
        vercel(world, 404, "DEPLOYMENT_NOT_FOUND")
    }),
    Fault::found(
        "vercel-deployment-disabled",
        "app leads to Vercel, which has switched the project off",
        HOSTING,
        |world| vercel(world, 402, "DEPLOYMENT_DISABLED"),
    ),
    Fault::found("github-pages-retired", "status points to an address that GitHub Pages gave up", HOSTING, |world| {
        place(world, Ipv4Addr::new(192, 30, 252, 153).into(), House::Elsewhere);
        world.point("status.juniperdesk.example", [IpAddr::from([192, 30, 252, 153])]);
    }),
    Fault::found("mail-at-two", "mail is taken by two companies", PROVIDERS, |world| {
        world.names.add("mx.zoho.eu", Data::A(Ipv4Addr::new(185, 230, 212, 166)));
        world.names.add(DOMAIN, Data::mx(20, "mx.zoho.eu"));
    }),
    Fault::found(
        "www-at-another",
        "www shows a page of its own at another company",
        &["edge.providers", "http.canonical"],
        |world| {
            elsewhere(world, [75, 2, 60, 5]);
        },
    ),
    Fault::found(
        "www-left-behind",
        "www still shows the page at the former host",
        &["edge.providers", "http.canonical"],
        |world| {
            elsewhere(world, [76, 76, 21, 21]);
            world.site(WWW).pages = Pages::Landing(Landing::new());
        },
    ),
    Fault::found(
        "mail-at-two-after-a-move",
        "the mail hosts of the former company are still listed",
        PROVIDERS,
        |world| {
            world.names.add("in1-smtp.messagingengine.com", Data::A(Ipv4Addr::new(103, 168, 172, 216)));
            world.names.add(DOMAIN, Data::mx(10, "in1-smtp.messagingengine.com"));
        },
    ),
];

fn place(world: &mut World, address: IpAddr, house: House) {
    world.places.insert(address, Place { house, manner: Manner::Open });
}

fn vercel(world: &mut World, status: u16, error: &str) {
    let app = world.site(APP);
    app.headers.insert("x-vercel-error", error.to_owned());
    app.quirks.push((At::Everything, Quirk::Status(status)));
}

fn elsewhere(world: &mut World, address: [u8; 4]) {
    place(world, address.into(), House::Origin);
    world.point(WWW, [IpAddr::from(address)]);
    world.site(WWW).secure = Door::Shows;
}

#[cfg(test)]
mod tests {
    use super::SPF;
    use crate::names::Kind;
    use crate::world::DOMAIN;

    #[test]
    fn the_record_that_a_fault_changes_is_there() {
        let names = crate::records::healthy(std::time::SystemTime::UNIX_EPOCH);
        assert!(names.at(DOMAIN, Kind::Txt).any(|data| *data == crate::names::Data::txt(SPF)));
    }
}
