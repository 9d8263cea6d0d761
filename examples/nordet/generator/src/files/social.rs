//! `reseaux-sociaux.csv.gz`: the shape of a vendor's bulk export. UTF-8 with a byte-order mark, a preamble,
//! commas, RFC 4180 quotes, dates in UTC.

use super::{FileError, failed, gzip};
use crate::calendar;
use crate::market::{Platform, Source};
use crate::row::Row;
use crate::world::World;

const FILE: &str = "data/reseaux-sociaux.csv.gz";
const HEADER: [&str; 17] = [
    "Query Name",
    "Date",
    "Title",
    "Full Text",
    "Url",
    "Domain",
    "Page Type",
    "Language",
    "Author",
    "Full Name",
    "Followers",
    "Likes",
    "Comments",
    "Shares",
    "Impressions",
    "Country Code",
    "Resource Id",
];
const PREAMBLE: &str =
    "Report:,Bulk Mentions Download\r\nBrand:,Telecom QC\r\nLabel:,Marché québécois du sans-fil\r\n\r\n";

pub(super) fn render(world: &World) -> Result<Vec<u8>, FileError> {
    let mut out = Vec::from("\u{feff}");
    out.extend_from_slice(PREAMBLE.as_bytes());
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    writer.write_record(HEADER).map_err(|e| failed(FILE, &e))?;
    let mut late: Vec<(usize, usize)> = world.repeated.iter().map(|i| (i + 25 + i % 900, *i)).collect();
    late.sort_unstable();
    let mut late = late.into_iter().peekable();
    for (index, row) in world.rows.iter().enumerate() {
        if row.source() == Source::Social {
            writer.write_record(record(row)).map_err(|e| failed(FILE, &e))?;
        }
        while let Some((_, repeated)) = late.next_if(|(due, _)| *due <= index) {
            writer.write_record(record(&world.rows[repeated])).map_err(|e| failed(FILE, &e))?;
        }
    }
    for (_, repeated) in late {
        writer.write_record(record(&world.rows[repeated])).map_err(|e| failed(FILE, &e))?;
    }
    let bytes = writer.into_inner().map_err(|e| failed(FILE, &e))?;
    gzip(FILE, &bytes)
}

fn record(row: &Row) -> [String; 17] {
    let page = match row.platform {
        Platform::X => "twitter",
        other => other.id(),
    };
    let domain = match row.platform {
        Platform::X => "x.com",
        Platform::Facebook => "facebook.com",
        Platform::Instagram => "instagram.com",
        _ => "youtube.com",
    };
    let number = |n: Option<u32>| n.map_or(String::new(), |n| n.to_string());
    [
        "Telecom QC".to_owned(),
        calendar::utc_datetime(row.at).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        row.title.clone().unwrap_or_default(),
        row.text.clone(),
        row.url.clone(),
        domain.to_owned(),
        page.to_owned(),
        row.lang.id().to_owned(),
        row.author.handle.clone(),
        row.author.name.clone(),
        number(row.author.followers),
        number(row.counts.likes),
        number(row.counts.comments),
        number(row.counts.shares),
        number(row.counts.views),
        "CA".to_owned(),
        row.native_id.clone(),
    ]
}
