//! `presse.csv.gz`: press and blogs, semicolons, Windows-1252, local dates to the minute.

use super::{FileError, failed, gzip};
use crate::calendar::Clock;
use crate::market::{Platform, Source};
use crate::world::World;

const FILE: &str = "data/presse.csv.gz";
const HEADER: [&str; 9] = ["Identifiant", "Date", "Média", "Type", "Titre", "Chapô", "Lien", "Langue", "Auteur"];

pub(super) fn render(world: &World) -> Result<Vec<u8>, FileError> {
    let clock = Clock::default();
    let mut writer =
        csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(HEADER).map_err(|e| failed(FILE, &e))?;
    for row in world.rows.iter().filter(|row| row.source() == Source::Press) {
        let kind = if row.platform == Platform::Blog { "blogue" } else { "presse" };
        let date = clock.local(row.at).strftime("%d/%m/%Y %H:%M").to_string();
        let title = row.title.as_deref().unwrap_or_default();
        let fields = [
            row.native_id.as_str(),
            &date,
            &row.venue,
            kind,
            title,
            &row.text,
            &row.url,
            row.lang.id(),
            &row.author.name,
        ];
        writer.write_record(fields).map_err(|e| failed(FILE, &e))?;
    }
    let bytes = writer.into_inner().map_err(|e| failed(FILE, &e))?;
    let text = String::from_utf8(bytes).map_err(|e| failed(FILE, &e))?;
    let (encoded, _, lossy) = encoding_rs::WINDOWS_1252.encode(&text);
    if lossy {
        return Err(failed(FILE, &"a character has no place in Windows-1252"));
    }
    gzip(FILE, &encoded)
}
