//! `avis.xlsx`: reviews as a person would keep them, with real spreadsheet dates in local time.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

use super::{FileError, failed};
use crate::calendar::Clock;
use crate::market::Source;
use crate::row::Row;
use crate::world::World;

const FILE: &str = "data/avis.xlsx";
const HEADER: [&str; 8] = ["Identifiant", "Date", "Marque", "Note", "Titre", "Avis", "Auteur", "Ville"];

pub(super) fn render(world: &World) -> Result<Vec<u8>, FileError> {
    write(world).map_err(|e| failed(FILE, &e))
}

fn write(world: &World) -> Result<Vec<u8>, XlsxError> {
    let clock = Clock::default();
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2026, 11, 2)?.and_hms(9, 0, 0)?;
    book.set_properties(&DocProperties::new().set_title("Avis").set_creation_datetime(&made));
    let date = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet().set_name("Avis")?;
    for (column, name) in (0..).zip(HEADER) {
        sheet.write_with_format(0, column, name, &bold)?;
    }
    sheet.set_column_width(1, 17)?;
    let reviews = world.rows.iter().filter(|row| row.source() == Source::Reviews);
    for (line, row) in (1..).zip(reviews) {
        sheet.write(line, 0, &row.native_id)?;
        sheet.write_with_format(line, 1, excel_date(row, &clock)?, &date)?;
        sheet.write(line, 2, row.opinions.first().map_or("", |(entity, _)| entity.long_name()))?;
        if let Some(stars) = row.stars {
            sheet.write(line, 3, stars)?;
        }
        if let Some(title) = &row.title {
            sheet.write(line, 4, title)?;
        }
        sheet.write(line, 5, &row.text)?;
        sheet.write(line, 6, &row.author.name)?;
        if !row.venue.is_empty() {
            sheet.write(line, 7, &row.venue)?;
        }
    }
    book.save_to_buffer()
}

/// Local date and time to the minute: spreadsheets hold no zone.
fn excel_date(row: &Row, clock: &Clock) -> Result<ExcelDateTime, XlsxError> {
    let local = clock.local(row.at);
    ExcelDateTime::from_ymd(local.year() as u16, local.month() as u8, local.day() as u8)?.and_hms(
        local.hour() as u16,
        local.minute() as u8,
        0,
    )
}
