//! A drawing read back from its SVG, with the box of each text.

use roxmltree::{Document, Node};
use vigie_chart::chart::{Caption, Drawing};
use vigie_chart::{FontSet, Weight};

/// A drawing read back.
pub(crate) struct Page<'d> {
    drawing: &'d Drawing,
    texts: Vec<(String, [f64; 4])>,
}

impl<'d> Page<'d> {
    pub(crate) fn read(drawing: &'d Drawing, fonts: &FontSet) -> Self {
        let document = Document::parse(&drawing.svg).unwrap();
        let texts = document
            .descendants()
            .filter(|node| node.has_tag_name("text"))
            .map(|node| (node.text().unwrap().to_owned(), text_box(&node, fonts)))
            .collect();
        Self { drawing, texts }
    }

    /// Everything that a drawing must not have.
    pub(crate) fn problems(&self, caption: &Caption) -> Vec<String> {
        let mut problems = self.structure(caption);
        let (width, height) = (self.drawing.width, self.drawing.height);
        for (text, [left, top, right, bottom]) in &self.texts {
            if *left < -0.1 || *top < -0.1 || *right > width + 0.1 || *bottom > height + 0.1 {
                problems.push(format!("`{text}` leaves the drawing"));
            }
        }
        for (i, (a, first)) in self.texts.iter().enumerate() {
            for (b, second) in &self.texts[i + 1..] {
                if overlap(first, second) {
                    problems.push(format!("`{a}` and `{b}` overlap"));
                }
            }
        }
        problems
    }

    /// What is wrong whatever the words are.
    pub(crate) fn structure(&self, caption: &Caption) -> Vec<String> {
        let mut problems = Vec::new();
        let svg = &self.drawing.svg;
        let document = Document::parse(svg).unwrap();
        let root = document.root_element();
        if svg.len() > 40_000 {
            problems.push(format!("{} bytes", svg.len()));
        }
        let child = |name: &str| {
            let mut children = root.children().filter(|node| node.has_tag_name(name));
            children.next().and_then(|node| node.text())
        };
        if child("title") != Some(&caption.title) || child("desc") != Some(&caption.desc) {
            problems.push("title or description lost".to_owned());
        }
        let labels = format!("{0}-title {0}-desc", caption.id);
        if root.attribute("role") != Some("img") || root.attribute("aria-labelledby") != Some(&labels) {
            problems.push("not named".to_owned());
        }
        for node in document.descendants().filter(Node::is_element) {
            let name = node.tag_name().name();
            if matches!(name, "foreignObject" | "style" | "script" | "image") {
                problems.push(format!("<{name}>"));
            }
            for attribute in node.attributes() {
                let (key, value) = (attribute.name(), attribute.value());
                if key == "style" || key.starts_with("on") || value.contains("NaN") || value.contains("inf") {
                    problems.push(format!("{key}={value}"));
                }
                if key == "id" && !value.starts_with(&caption.id) {
                    problems.push(format!("id {value} is not prefixed"));
                }
                if key == "font-size" && value.parse::<f64>().unwrap() < 7.5 {
                    problems.push(format!("text of {value} points"));
                }
            }
        }
        problems
    }
}

fn text_box(node: &Node<'_, '_>, fonts: &FontSet) -> [f64; 4] {
    let number = |name: &str| node.attribute(name).unwrap().parse::<f64>().unwrap();
    let (x, y, size) = (number("x"), number("y"), number("font-size"));
    let weight = match node.attribute("font-weight") {
        Some(_) => Weight::Strong,
        None => Weight::Regular,
    };
    let width = fonts.width(node.text().unwrap(), size, weight);
    let left = match node.attribute("text-anchor") {
        Some("end") => x - width,
        Some(_) => x - width / 2.0,
        None => x,
    };
    [left, y - size * 0.7, left + width, y + size * 0.2]
}

/// Boxes that share more than a hair.
fn overlap(a: &[f64; 4], b: &[f64; 4]) -> bool {
    let hair = 0.2;
    a[0] + hair < b[2] && b[0] + hair < a[2] && a[1] + hair < b[3] && b[1] + hair < a[3]
}
