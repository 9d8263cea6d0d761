//! What can keep a report from becoming HTML, in both languages.

use vigie_model::diagnostic::Bilingual;

/// Why no HTML was made. No file is written in any of these cases.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// A template of the project has a name that no template of the report has.
    #[error("template `{name}` is not part of the report, so it would never be used; the names are {}", .known.join(", "))]
    UnknownTemplate {
        /// Name given by the project.
        name: String,
        /// Names that exist.
        known: Vec<&'static str>,
    },
    /// A template cannot be read or filled in.
    #[error("the page template failed: {detail}")]
    Template {
        /// Template, line and reason, as the template engine tells it.
        detail: String,
    },
    /// Words that the templates print are missing from the edition.
    #[error("the edition has no wording for {}; add these keys to labels.toml", .keys.join(", "))]
    MissingLabels {
        /// Keys without wording.
        keys: Vec<String>,
    },
    /// A drawing contains something that a drawing never needs and a page must not hold.
    #[error("the drawing `{id}` contains `{found}`, which is refused in a page; it must be drawn without it")]
    Drawing {
        /// Figure or place of the drawing.
        id: String,
        /// What was found.
        found: String,
    },
    /// A style or script that would end its own block too early.
    #[error("`{name}` contains `</`, which ends the block it is written in; remove it")]
    ClosingTag {
        /// Template name.
        name: &'static str,
    },
}

impl Error {
    /// The same in both languages, for a diagnostic.
    pub fn bilingual(&self) -> Bilingual {
        let fr = match self {
            Self::UnknownTemplate { name, known } => format!(
                "le gabarit « {name} » ne fait pas partie du rapport et ne servirait jamais ; les noms sont {}",
                known.join(", ")
            ),
            Self::Template { detail } => format!("le gabarit de la page a échoué : {detail}"),
            Self::MissingLabels { keys } => {
                format!("l’édition n’a pas de libellé pour {} ; ajoutez ces clés à labels.toml", keys.join(", "))
            }
            Self::Drawing { id, found } => format!(
                "le dessin « {id} » contient « {found} », refusé dans une page ; il doit être dessiné sans cela"
            ),
            Self::ClosingTag { name } => {
                format!("« {name} » contient « </ », qui ferme le bloc où il est écrit ; retirez-le")
            }
        };
        Bilingual::new(self.to_string(), fr)
    }

    /// A failure of the template engine: it tells template, line and reason by itself.
    pub(crate) fn template(error: &tera::Error) -> Self {
        let mut detail = error.to_string();
        let mut cause = std::error::Error::source(error);
        while let Some(inner) = cause {
            detail.push_str(": ");
            detail.push_str(&inner.to_string());
            cause = inner.source();
        }
        Self::Template { detail }
    }
}
