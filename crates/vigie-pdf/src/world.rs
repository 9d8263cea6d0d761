//! The closed world of the typesetter: files that are in memory, fonts that are loaded, no clock,
//! no disk, no network, no package.

use std::collections::BTreeMap;
use std::path::PathBuf;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::fonts::Fonts;

/// File of the template that includes all others.
const MAIN: &str = "main.typ";

/// The template, as `(virtual path, text)`.
const TEMPLATE: [(&str, &str); 6] = [
    (MAIN, include_str!("../../../report-templates/monthly/pdf/main.typ")),
    ("theme.typ", include_str!("../../../report-templates/monthly/pdf/theme.typ")),
    ("blocks.typ", include_str!("../../../report-templates/monthly/pdf/blocks.typ")),
    ("cover.typ", include_str!("../../../report-templates/monthly/pdf/cover.typ")),
    ("essentials.typ", include_str!("../../../report-templates/monthly/pdf/essentials.typ")),
    ("contents.typ", include_str!("../../../report-templates/monthly/pdf/contents.typ")),
];

/// Everything the template may read.
pub(crate) struct ClosedWorld {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    sources: BTreeMap<String, Source>,
    files: BTreeMap<String, Bytes>,
    main: FileId,
}

impl ClosedWorld {
    /// The template and `files` by virtual path.
    pub(crate) fn new(fonts: &Fonts, files: BTreeMap<String, Bytes>) -> Self {
        let sources = TEMPLATE
            .iter()
            .filter_map(|(path, text)| Some(((*path).to_owned(), Source::new(file_id(path)?, (*text).to_owned()))))
            .collect::<BTreeMap<_, _>>();
        Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(fonts.book()),
            fonts: fonts.faces.clone(),
            main: sources[MAIN].id(),
            sources,
            files,
        }
    }

    /// Replaces or adds one file.
    pub(crate) fn set_file(&mut self, path: &str, content: Vec<u8>) {
        self.files.insert(path.to_owned(), Bytes::new(content));
    }
}

fn file_id(path: &str) -> Option<FileId> {
    VirtualPath::new(path).ok().map(|path| RootedPath::new(VirtualRoot::Project, path).intern())
}

/// Key of a file of the project; an error for packages, which do not exist here.
fn key(id: FileId) -> FileResult<&'static str> {
    let path = id.get();
    match path.root() {
        VirtualRoot::Project => Ok(path.vpath().get_without_slash()),
        VirtualRoot::Package(_) => Err(FileError::AccessDenied),
    }
}

fn not_found(key: &str) -> FileError {
    FileError::NotFound(PathBuf::from(key))
}

impl World for ClosedWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let key = key(id)?;
        self.sources.get(key).cloned().ok_or_else(|| not_found(key))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let key = key(id)?;
        self.files.get(key).cloned().ok_or_else(|| not_found(key))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;

    use typst::syntax::package::PackageSpec;

    use super::*;

    #[test]
    fn only_what_is_in_memory_can_be_read() {
        let fonts = Fonts::load(&[]).unwrap();
        let world = ClosedWorld::new(&fonts, BTreeMap::from([("report.json".to_owned(), Bytes::new(b"{}".to_vec()))]));
        assert!(world.source(world.main()).is_ok());
        assert!(world.file(file_id("report.json").unwrap()).is_ok());
        for refused in ["etc/passwd", "svg/none.svg", "report.jso"] {
            assert!(world.file(file_id(refused).unwrap()).is_err());
        }
        let package = VirtualRoot::Package(PackageSpec::from_str("@preview/cetz:0.4.0").unwrap());
        let id = RootedPath::new(package, VirtualPath::new("lib.typ").unwrap()).intern();
        assert!(matches!(world.source(id), Err(FileError::AccessDenied)));
        assert!(world.today(None).is_none());
    }
}
