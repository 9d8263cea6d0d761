//! Table `[archive]`: where what was collected lies, when it is not the project's own folder `archive/`.

use vigie_model::diagnostic::Bilingual;

use crate::fields::Fields;

/// Keys of the table.
pub(crate) const KEYS: &[&str] = &["url"];

/// The bucket, `s3://bucket/prefix`.
pub(crate) fn url(fields: &Fields<'_, '_>) -> Option<String> {
    let url = fields.text("url")?;
    let rest = url.get_ref().strip_prefix("s3://").unwrap_or_default();
    let bucket = rest.split('/').next().unwrap_or_default();
    if !bucket.is_empty() && !rest.contains(['@', '?', '#', ' ']) {
        return Some(url.into_inner());
    }
    let why = ("is not the address of a bucket", "n'est pas l'adresse d'un compartiment");
    let hint = Bilingual::new(
        "write `s3://bucket/prefix`; the key, the region and the endpoint come from AWS_ACCESS_KEY_ID, \
         AWS_SECRET_ACCESS_KEY, AWS_REGION and AWS_ENDPOINT_URL",
        "écrivez `s3://compartiment/préfixe` ; la clé, la région et l'adresse du service viennent de \
         AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION et AWS_ENDPOINT_URL",
    );
    fields.invalid("url", url.span(), why, Some(hint));
    None
}
