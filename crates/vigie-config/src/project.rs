//! Table `[project]`: who the report is about, when days begin, in which editions.

use jiff::tz::TimeZone;
use toml::Spanned;
use vigie_model::diagnostic::Bilingual;
use vigie_model::locale::Locale;

use crate::fields::Fields;
use crate::suggest::{closest, did_you_mean, valid_names};

/// Keys of the table.
pub(crate) const KEYS: &[&str] = &["id", "name", "timezone", "editions", "contact", "emotion"];

/// The table, checked; `None` where a value is missing or wrong.
#[derive(Default)]
pub(crate) struct ProjectTable {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) timezone: Option<(String, TimeZone)>,
    pub(crate) editions: Vec<Locale>,
    pub(crate) contact: Option<String>,
    pub(crate) emotion: bool,
}

pub(crate) fn read(fields: &Fields<'_, '_>) -> ProjectTable {
    ProjectTable {
        id: fields.required_id("id").map(Spanned::into_inner),
        name: fields.required_text("name").map(Spanned::into_inner),
        timezone: timezone(fields),
        editions: editions(fields),
        contact: contact(fields),
        emotion: fields.boolean("emotion").unwrap_or(false),
    }
}

fn timezone(fields: &Fields<'_, '_>) -> Option<(String, TimeZone)> {
    let name = fields.required_text("timezone")?;
    if let Ok(zone) = TimeZone::get(name.get_ref()) {
        return Some((name.into_inner(), zone));
    }
    let zones: Vec<String> = jiff::tz::db().available().map(|z| z.to_string()).collect();
    let hint = match closest(name.get_ref(), zones.iter().map(String::as_str)) {
        Some(near) => did_you_mean(near),
        None => Bilingual::new(
            "write an IANA name such as `America/Toronto` or `Europe/Paris`",
            "écrivez un nom IANA comme `America/Toronto` ou `Europe/Paris`",
        ),
    };
    let why = ("is not a known time zone", "n'est pas un fuseau horaire connu");
    fields.invalid("timezone", name.span(), why, Some(hint));
    None
}

/// What services are told about who asks: an address or a page.
fn contact(fields: &Fields<'_, '_>) -> Option<String> {
    let contact = fields.text("contact")?;
    if contact.get_ref().contains('@') || contact.get_ref().starts_with("http") {
        return Some(contact.into_inner());
    }
    let why = ("is neither an e-mail address nor a web page", "n'est ni une adresse électronique ni une page web");
    let hint = Bilingual::new(
        "services that are asked too much write there; for instance `contact = \"mailto:team@example.org\"`",
        "un service trop sollicité y écrit ; par exemple `contact = \"mailto:equipe@example.org\"`",
    );
    fields.invalid("contact", contact.span(), why, Some(hint));
    None
}

fn editions(fields: &Fields<'_, '_>) -> Vec<Locale> {
    let Some(tags) = fields.texts("editions") else {
        return vec![Locale::FrCa, Locale::EnCa];
    };
    let names: Vec<&str> = Locale::ALL.iter().map(|l| l.tag()).collect();
    let mut editions = Vec::with_capacity(tags.len());
    for tag in &tags {
        match tag.get_ref().parse::<Locale>() {
            Ok(locale) if editions.contains(&locale) => {
                let why = ("names one edition twice", "nomme deux fois la même édition");
                fields.invalid("editions", tag.span(), why, None);
            }
            Ok(locale) => editions.push(locale),
            Err(_) => {
                let why = ("names an edition vigie does not write", "nomme une édition que vigie n'écrit pas");
                fields.invalid("editions", tag.span(), why, Some(valid_names(&names)));
            }
        }
    }
    if tags.is_empty() {
        let why = ("is empty; the report would have no edition", "est vide ; le rapport n'aurait aucune édition");
        fields.invalid("editions", fields.span(), why, Some(valid_names(&names)));
    }
    editions
}
