//! Colours of the page: the palette the drawings were made with, as style sheet rules.

use vigie_chart::theme::{Mode, Palette, css_classes};

/// Light variables, dark ones for readers who prefer or choose a dark page, and the classes of the
/// drawings. Paper is always light.
pub(crate) fn rules(palette: &Palette) -> String {
    let light = palette.css_variables(Mode::Light);
    let dark = palette.css_variables(Mode::Dark);
    format!(
        ":root{{color-scheme:light;{light}}}\n\
         @media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{dark}}}}}\n\
         @media screen{{:root[data-theme=dark]{{color-scheme:dark;{dark}}}}}\n{}\n",
        css_classes()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dark_colours_are_for_screens_only() {
        let rules = rules(&Palette::default());
        for (at, _) in rules.match_indices("color-scheme:dark") {
            let rule = rules[..at].rfind("@media").map(|start| &rules[start..at]);
            assert!(rule.is_some_and(|r| r.starts_with("@media screen")), "{rule:?}");
        }
        assert!(rules.contains(".f-e1{fill:var(--e1)}"));
    }
}
