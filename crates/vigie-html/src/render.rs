//! From an edition and its assets to the page.

use std::collections::BTreeMap;

use serde_json::Value;
use tera::{Context, Kwargs, State, Tera};

use crate::{Assets, Error, anchor, count, drawing, labels, palette, policy, runs};

/// `edition` (JSON of `vigie_report::edition::edition`) as one HTML file.
///
/// The same edition and assets always give the same bytes.
///
/// # Errors
/// When a wording, a colour or a template is wrong; see [`Error`]. There is no partial page.
pub fn render(edition: &Value, assets: &Assets) -> Result<String, Error> {
    labels::check(edition)?;
    drawing::check_all(edition, "report")?;
    let templates = assets.resolved()?;
    let style = style(assets, &templates)?;
    let script = raw("script.js", &templates)?;
    let targets = anchor::targets(edition);

    let mut context = Context::from_serialize(edition).map_err(|e| Error::template(&e))?;
    context.insert("targets", &targets);
    context.insert("policy", &policy::policy(&style, &script));
    let mut tera = engine(edition, targets);
    tera.register_function("style", verbatim(style));
    tera.register_function("script", verbatim(script));
    // Adding templates checks that everything they call exists, so they come last.
    let pages = templates.iter().filter(|(name, _)| is_page(name));
    tera.add_raw_templates(pages).map_err(|e| Error::template(&e))?;
    tera.render("page.html", &context).map_err(|e| Error::template(&e))
}

fn style(assets: &Assets, templates: &BTreeMap<&'static str, &str>) -> Result<String, Error> {
    let sheets = [raw("screen.css", templates)?, raw("print.css", templates)?];
    Ok(["\n", &assets.font_faces(), &palette::rules(&assets.palette), &sheets[0], &sheets[1]].concat())
}

/// A style sheet or script, which must not close the block it will be written in. Line ends are
/// those of a browser's parser, or the hash would not be that of the block.
fn raw(name: &'static str, templates: &BTreeMap<&'static str, &str>) -> Result<String, Error> {
    let text = templates.get(name).copied().unwrap_or_default();
    if text.contains("</") || text.contains("<!--") {
        return Err(Error::ClosingTag { name });
    }
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// Whether a template is markup; the others are styles and the script.
fn is_page(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, kind)| kind == "html")
}

/// The template engine with the few words templates may use beyond its own.
fn engine(edition: &Value, targets: BTreeMap<String, Value>) -> Tera {
    let mut tera = Tera::new();
    // Every name ends with the empty suffix: no template is left unescaped by its name.
    tera.autoescape_on([""]);
    tera.register_filter("anchor", |id: &str, _: Kwargs, _: &State| anchor::anchor(id));
    tera.register_filter("runs", move |text: &tera::Value, _: Kwargs, _: &State| {
        tera::Value::safe_string(&runs::html(text.as_array().unwrap_or_default(), &targets))
    });
    tera.register_filter("drawing", |svg: &str, options: Kwargs, _: &State| drawing_filter(svg, &options));
    tera.register_filter("image", |uri: &str, _: Kwargs, _: &State| image_filter(uri));
    let lang = edition["lang"].as_str().unwrap_or_default().to_owned();
    tera.register_filter("count", move |n: u64, _: Kwargs, _: &State| count::grouped(n, &lang));
    tera
}

fn drawing_filter(svg: &str, options: &Kwargs) -> Result<tera::Value, tera::Error> {
    let id = options.must_get::<&str>("id")?;
    match drawing::checked(id, svg) {
        Ok(svg) => Ok(tera::Value::safe_string(svg)),
        Err(error) => Err(tera::Error::message(error)),
    }
}

/// The logo, when it is a picture written in the address itself.
fn image_filter(uri: &str) -> Result<String, tera::Error> {
    let kinds = ["data:image/png;base64,", "data:image/svg+xml;base64,"];
    if kinds.iter().any(|kind| uri.starts_with(kind)) {
        Ok(uri.to_owned())
    } else {
        Err(tera::Error::message("the logo is not a PNG or SVG data URI in base64"))
    }
}

/// Text that enters the page as it is: only the style and the script, whose hashes are in the policy.
fn verbatim(text: String) -> impl Fn(Kwargs, &State) -> tera::Value + Sync + Send + 'static {
    move |_, _| tera::Value::safe_string(&text)
}
