//! What receivers report of the product's mail (RFC 9990): one report a day each, packed as large mailboxes pack them.

use crate::world::DOMAIN;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

const DAY: u64 = 86_400;

/// The reports of some days.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reports {
    /// How many days, the last of them yesterday.
    pub days: u64,
    /// What a day holds.
    pub rows: Vec<Mailing>,
    /// A file that lies among them, by its name.
    pub beside: Option<(&'static str, Vec<u8>)>,
}

/// Messages of one machine on one day.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mailing {
    pub ip: &'static str,
    pub count: u32,
    /// Domain and selector of its valid signature.
    pub signed: Option<(&'static str, &'static str)>,
    /// Domain of its envelope sender, for which SPF passes.
    pub envelope: Option<&'static str>,
}

impl Reports {
    /// Two senders, both proven: mailboxes by SPF and DKIM, invoices by DKIM alone.
    pub fn healthy() -> Reports {
        let google =
            Mailing { ip: "209.85.220.41", count: 40, signed: Some((DOMAIN, "google")), envelope: Some(DOMAIN) };
        let envelope = Some("pm-bounces.mtasv.net");
        let postmark = Mailing { ip: "50.31.156.100", count: 210, signed: Some((DOMAIN, "pm")), envelope };
        Reports { days: 15, rows: vec![google, postmark], beside: None }
    }

    pub fn write(&self, folder: &Path, now: SystemTime) -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let today = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()) / DAY;
        for back in 1..=self.days {
            let begin = today.saturating_sub(back) * DAY;
            let mut packed = GzEncoder::new(Vec::new(), Compression::default());
            packed.write_all(self.xml(begin).as_bytes())?;
            std::fs::write(folder.join(format!("aldermail.example!{DOMAIN}!{begin}.xml.gz")), packed.finish()?)?;
        }
        match &self.beside {
            Some((name, bytes)) => std::fs::write(folder.join(name), bytes),
            None => Ok(()),
        }
    }

    fn xml(&self, begin: u64) -> String {
        let mut text = format!(
            "<?xml version=\"1.0\"?><feedback xmlns=\"urn:ietf:params:xml:ns:dmarc-2.0\"><version>1.0</version><report_metadata>\
             <org_name>Alder Mail</org_name><email>dmarc@aldermail.example</email><report_id>{begin}</report_id><date_range>\
             <begin>{begin}</begin><end>{}</end></date_range></report_metadata><policy_published><domain>{DOMAIN}</domain>\
             <p>none</p></policy_published>",
            begin + DAY - 1
        );
        for row in &self.rows {
            let word = |is: bool| if is { "pass" } else { "fail" };
            let (dkim, spf) = (row.signed.is_some_and(|(domain, _)| domain == DOMAIN), row.envelope == Some(DOMAIN));
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                "<record><row><source_ip>{}</source_ip><count>{}</count><policy_evaluated><disposition>none</disposition>\
                 <dkim>{}</dkim><spf>{}</spf></policy_evaluated></row><identifiers><header_from>{DOMAIN}</header_from>\
                 </identifiers><auth_results>",
                row.ip,
                row.count,
                word(dkim),
                word(spf)
            );
            if let Some((domain, selector)) = row.signed {
                let _ = write!(
                    text,
                    "<dkim><domain>{domain}</domain><selector>{selector}</selector><result>pass</result></dkim>"
                );
            }
            if let Some(domain) = row.envelope {
                let _ = write!(text, "<spf><domain>{domain}</domain><result>pass</result></spf>");
            }
            text.push_str("</auth_results></record>");
        }
        text + "</feedback>"
    }
}
