//! The work itself: prepare, set, look, set again, export.

use serde_json::Value;
use typst::World as _;
use typst::WorldExt as _;
use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::Options;
use crate::error::Error;
use crate::fit::Fit;
use crate::fonts::Fonts;
use crate::material::{Material, prepare};
use crate::world::ClosedWorld;

/// A finished document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// Number of pages.
    pub pages: usize,
    /// Characters, as a reader counts them, that no font covers; written by name or `[?]`. The
    /// last section says so.
    pub replaced: u64,
}

/// The PDF of one edition, with what there is to say about it.
///
/// The same edition and options give the same bytes. The document's date is the report's. With
/// attachments the file meets PDF/UA-1 and PDF/A-3a together, without them PDF/UA-1 and PDF/A-2a;
/// a document that would not is refused rather than written.
///
/// # Errors
/// When the edition does not match the model or lacks a label of [`crate::LABELS`], when a date,
/// colour, logo or font cannot be used, when the document does not meet the standards.
pub fn typeset(edition: &Value, options: &Options) -> Result<Pdf, Error> {
    let fonts = Fonts::load(&options.fonts)?;
    let material = prepare(edition, options, &fonts)?;
    let mut world = ClosedWorld::new(&fonts, material.files.clone());
    let document = fitted(&mut world, &material, options.paper.text_height())?;
    let bytes = export(&world, &document, &material.ident, options.attachments)?;
    let pages = document.pages().len();
    // Several editions are printed by one process: what this one left behind is of no use to them.
    typst::comemo::evict(0);
    Ok(Pdf { bytes, pages, replaced: material.replaced })
}

/// Sets the document until no section can be made to fit better. Each round moves a section one
/// step on a way of three, so there are few.
fn fitted(world: &mut ClosedWorld, material: &Material, text_height: f64) -> Result<PagedDocument, Error> {
    let mut fit = Fit::default();
    loop {
        let mut report = material.report.clone();
        let mut layout = material.layout.clone();
        layout.insert("compact".to_owned(), fit.compact.iter().cloned().collect());
        layout.insert("flow".to_owned(), fit.flow.iter().cloned().collect());
        layout.insert("joined".to_owned(), fit.joined.iter().cloned().collect());
        report.insert("layout".to_owned(), Value::Object(layout));
        world.set_file("report.json", serde_json::to_vec(&report)?);
        let document = compile(world)?;
        if !fit.adapt(&document, text_height, &material.sections) {
            return Ok(document);
        }
    }
}

fn compile(world: &ClosedWorld) -> Result<PagedDocument, Error> {
    let Warned { output, .. } = typst::compile::<PagedDocument>(world);
    output.map_err(|errors| Error::Typeset(errors.iter().map(|error| describe(world, error)).collect()))
}

fn export(world: &ClosedWorld, document: &PagedDocument, ident: &str, attachments: bool) -> Result<Vec<u8>, Error> {
    let archive = if attachments { PdfStandard::A_3a } else { PdfStandard::A_2a };
    let standards = PdfStandards::new(&[PdfStandard::Ua_1, archive])
        .map_err(|refusal| Error::Standard(vec![refusal.message().to_string()]))?;
    let options = PdfOptions {
        ident: Smart::Custom(ident.to_owned()),
        creator: Smart::Custom(Some(format!("vigie {}", env!("CARGO_PKG_VERSION")))),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(document, &options)
        .map_err(|errors| Error::Standard(errors.iter().map(|error| describe(world, error)).collect()))
}

/// One line: what, where in the template, what to try.
fn describe(world: &ClosedWorld, error: &SourceDiagnostic) -> String {
    let mut line = error.message.to_string();
    if let Some(place) = place(world, error) {
        line.push_str(&place);
    }
    for hint in &error.hints {
        line.push_str(", ");
        line.push_str(&hint.v);
    }
    line
}

fn place(world: &ClosedWorld, error: &SourceDiagnostic) -> Option<String> {
    let id = error.span.id()?;
    let source = world.source(id).ok()?;
    let row = source.lines().byte_to_line(world.range(error.span)?.start)?;
    Some(format!(" ({}:{})", id.get().vpath().get_without_slash(), row + 1))
}
