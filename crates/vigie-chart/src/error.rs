//! What can go wrong while drawing.

/// A chart that could not be drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Bytes given as a font are not one.
    #[error("the {role} font of charts cannot be read ({reason}): give a TTF or OTF file")]
    Font {
        /// `regular` or `strong`.
        role: &'static str,
        /// What the font reader said.
        reason: String,
    },
    /// The geometry engine refused a drawing.
    #[error("figure `{id}` could not be drawn ({reason}): its table still holds the numbers")]
    Drawing {
        /// Id prefix of the figure.
        id: String,
        /// What the engine said.
        reason: String,
    },
}

impl Error {
    /// The same message in French.
    pub fn french(&self) -> String {
        match self {
            Self::Font { role, reason } => {
                let role = if *role == "strong" { "grasse" } else { "normale" };
                format!("la police {role} des graphiques est illisible ({reason}) : fournissez un fichier TTF ou OTF")
            }
            Self::Drawing { id, reason } => {
                format!("la figure `{id}` n’a pas pu être dessinée ({reason}) : son tableau garde les nombres")
            }
        }
    }
}
