//! Table `[brand]`: colour and logo.

use std::path::{Path, PathBuf};

use vigie_model::diagnostic::Bilingual;

use crate::fields::Fields;
use crate::settings::BrandSettings;

/// Keys of `[brand]`.
pub(crate) const KEYS: &[&str] = &["primary", "logo"];

/// The logo is embedded in every file of the report.
const LOGO_MAX_BYTES: u64 = 200_000;

pub(crate) fn read(fields: &Fields<'_, '_>) -> BrandSettings {
    BrandSettings { primary: primary(fields), logo: logo(fields) }
}

fn primary(fields: &Fields<'_, '_>) -> Option<String> {
    let color = fields.text("primary")?;
    let digits = color.get_ref().strip_prefix('#').unwrap_or_default();
    if digits.len() == 6 && digits.chars().all(|c| c.is_ascii_hexdigit()) {
        return Some(color.get_ref().to_uppercase());
    }
    let why = ("is not a color; write `#RRGGBB`", "n'est pas une couleur ; écrivez `#RRGGBB`");
    fields.invalid("primary", color.span(), why, None);
    None
}

fn logo(fields: &Fields<'_, '_>) -> Option<PathBuf> {
    let typed = fields.text("logo")?;
    let path = fields.page().dir.join(typed.get_ref());
    match inspect(&path) {
        Ok(()) => Some(path),
        Err(why) => {
            let hint = Bilingual::new(
                "paths start from the folder of `vigie.toml`",
                "les chemins partent du dossier de `vigie.toml`",
            );
            let message = Bilingual::new(
                format!("logo `{}` {}", typed.get_ref(), why.en),
                format!("le logo `{}` {}", typed.get_ref(), why.fr),
            );
            fields.page().error("C111", typed.span(), message, Some(hint));
            None
        }
    }
}

fn inspect(path: &Path) -> Result<(), Bilingual> {
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    if !matches!(extension.as_str(), "svg" | "png") {
        return Err(Bilingual::new("must be an SVG or PNG file", "doit être un fichier SVG ou PNG"));
    }
    let unreadable = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::NotFound => Bilingual::new("does not exist", "n'existe pas"),
        _ => Bilingual::new(format!("cannot be read: {e}"), format!("est illisible : {e}")),
    };
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    if length > LOGO_MAX_BYTES {
        let kilobytes = length.div_ceil(1000);
        return Err(Bilingual::new(
            format!("has {kilobytes} kB; at most 200 kB are embedded"),
            format!("pèse {kilobytes} ko ; au plus 200 ko sont incorporés"),
        ));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let genuine = match extension.as_str() {
        "png" => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        _ => std::str::from_utf8(&bytes).is_ok_and(|t| t.contains("<svg")),
    };
    if genuine {
        Ok(())
    } else {
        Err(Bilingual::new(
            format!("does not hold what its name says ({extension})"),
            format!("ne contient pas ce que dit son nom ({extension})"),
        ))
    }
}
