//! Faults of the product as it is delivered: speed, the way round the CDN, keys in the bundle.

use std::time::Duration;

use super::Fault;
use crate::names::{Data, Kind};
use crate::secret;
use crate::site::{At, Landing, Quirk};
use crate::world::{DOMAIN, ORIGIN, World};

pub(super) const ROWS: [Fault; 8] = [
    Fault::found("slow-tail", "every sixth request of a page takes 750 ms", &["latency.routes"], |world| {
        slow(world, 6, 750);
    })
    .shown(),
    Fault::found("slow-route", "every request of a page takes 650 ms", &["latency.routes"], |world| {
        slow(world, 1, 650)
    }),
    Fault::found(
        "route-errors",
        "one request in ten of a page ends in an error of the server",
        &["latency.routes"],
        |world| {
            // The first fourteen go well, so that what else reads the page is not disturbed.
            let quirk = Quirk::Errors { after: 14, each: 10 };
            world.site(DOMAIN).quirks.push((At::Pages, quirk));
        },
    ),
    Fault::found("www-past-cdn", "www leads straight to the server behind the CDN", &["edge.proxy"], |world| {
        world.point("www.juniperdesk.example", ORIGIN.all())
    }),
    Fault::found(
        "ipv6-past-cdn",
        "the AAAA record of the domain leads straight to the server behind the CDN",
        &["edge.proxy"],
        |world| {
            let origin = ORIGIN.v6.iter().copied().map(Data::Aaaa);
            world.names.set(DOMAIN, Kind::Aaaa, origin);
        },
    ),
    Fault::found(
        "leaked-payment-key",
        "the application's script holds the secret key of the payment provider",
        &["bundle.secrets"],
        |world| {
            let key = secret::payment_key(world.seed);
            let script = format!("const billing={{endpoint:\"/v1/charges\",secret:\"{key}\"}};");
            landing(world, |page| page.bundle = Some(script));
        },
    )
    .shown(),
    Fault::found(
        "leaked-cloud-key",
        "the application's script holds a cloud access key with its secret",
        &["bundle.secrets"],
        |world| {
            let (id, secret) = secret::cloud_key(world.seed);
            let script = format!(
                "const files=new S3Client({{region:\"eu-central-1\",credentials:{{accessKeyId:\"{id}\",secretAccessKey:\"{secret}\"}}}});"
            );
            landing(world, |page| page.bundle = Some(script));
        },
    ),
    Fault::found(
        "leaked-token-inline",
        "an inline script holds a personal token of the code host",
        &["bundle.secrets"],
        |world| {
            let token = secret::token(world.seed);
            let script = format!("window.__changelog={{repository:\"juniper/desk\",token:\"{token}\"}};");
            landing(world, |page| page.inline = Some(script));
        },
    ),
];

fn slow(world: &mut World, each: u64, millis: u64) {
    let takes = Duration::from_millis(millis);
    let quirk = Quirk::Slow { each, takes };
    world.site(DOMAIN).quirks.push((At::Pages, quirk));
}

fn landing(world: &mut World, change: impl FnOnce(&mut Landing)) {
    if let Some(page) = world.site(DOMAIN).landing() {
        change(page);
    }
}
