//! The rules of the repository itself, read from its manifests and its files.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Our crates in the order of the data: each may know only crates of earlier rows.
const ORDER: &[&[&str]] = &[
    // What everything is made of.
    &["vigie-model", "vigie-text", "vigie-topics", "vigie-plugin"],
    &["vigie-query", "vigie-plugin-host", "vigie-store"],
    &["vigie-config", "vigie-broker", "vigie-read"],
    &["vigie-collect", "vigie-plugin-kit"],
    // The stages of a report.
    &["vigie-enrich"],
    &["vigie-analysis"],
    &["vigie-report", "vigie-chart"],
    &["vigie-compose"],
    &["vigie-html", "vigie-pdf"],
    // Who knows the order, and who speaks.
    &["vigie-pipeline"],
    &["vigie-cli", "vigie-train"],
    &["vigie"],
];

/// Heavy or dangerous crates, and the only crates that may use them.
const DOORS: &[(&str, &[&str])] = &[
    ("libloading", &["vigie-plugin-host"]),
    ("landlock", &["vigie-plugin-host"]),
    ("tar", &["vigie-plugin-host"]),
    ("deltalake", &[]),
    ("deltalake-core", &["vigie-store"]),
    ("plotters", &["vigie-chart"]),
    ("plotters-backend", &["vigie-chart"]),
    ("tera", &["vigie-html"]),
    ("typst", &["vigie-pdf"]),
    ("typst-layout", &["vigie-pdf"]),
    ("typst-pdf", &["vigie-pdf"]),
    ("object", &["vigie-plugin-kit"]),
    ("clap", &["vigie-cli"]),
    ("indicatif", &["vigie-cli"]),
    ("reqwest", &["vigie-broker"]),
    ("tokio", &["vigie-store", "vigie-broker"]),
    ("polars", &["vigie-store", "vigie-collect", "vigie-enrich", "vigie-analysis", "vigie-pipeline"]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A member of the workspace: its name, its folder, the crates it needs at run time.
struct Member {
    name: String,
    folder: PathBuf,
    needs: BTreeSet<String>,
}

fn members() -> Vec<Member> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline", "--manifest-path"])
        .arg(root().join("Cargo.toml"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let member = |package: &serde_json::Value| {
        let normal = |d: &&serde_json::Value| d["kind"].is_null();
        let needs = package["dependencies"].as_array().unwrap().iter().filter(normal);
        Member {
            name: package["name"].as_str().unwrap().to_owned(),
            folder: Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap().to_owned(),
            needs: needs.map(|d| d["name"].as_str().unwrap().to_owned()).collect(),
        }
    };
    metadata["packages"].as_array().unwrap().iter().map(member).collect()
}

fn is_plugin(member: &Member) -> bool {
    member.folder.starts_with(root().join("plugins"))
}

#[test]
fn no_stage_knows_a_later_one() {
    let rank: BTreeMap<&str, usize> =
        ORDER.iter().enumerate().flat_map(|(rank, names)| names.iter().map(move |n| (*n, rank))).collect();
    let mut wrong = Vec::new();
    for member in members().iter().filter(|m| !is_plugin(m) && m.name.starts_with("vigie")) {
        let own = rank.get(member.name.as_str()).unwrap_or_else(|| panic!("give `{}` its place here", member.name));
        for need in &member.needs {
            if rank.get(need.as_str()).is_some_and(|other| other >= own) {
                wrong.push(format!("{} knows {need}", member.name));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn heavy_crates_have_one_door() {
    let members = members();
    for (heavy, doors) in DOORS {
        let users = members.iter().filter(|m| m.needs.contains(*heavy)).map(|m| m.name.as_str());
        let others: Vec<&str> = users.filter(|u| !doors.contains(u)).collect();
        assert!(others.is_empty(), "{heavy} is used by {others:?}, and only {doors:?} may");
    }
    // The doors are used at all: a crate that was renamed would make this test say nothing.
    for (heavy, doors) in DOORS.iter().filter(|(_, doors)| !doors.is_empty()) {
        assert!(members.iter().any(|m| m.needs.contains(*heavy)), "nobody uses {heavy}; doors {doors:?}");
    }
}

#[test]
fn plugins_know_the_plugin_contract_and_nothing_else_of_ours() {
    let members = members();
    let ours: BTreeSet<&str> = members.iter().map(|m| m.name.as_str()).collect();
    let plugins: Vec<&Member> = members.iter().filter(|m| is_plugin(m)).collect();
    assert!(!plugins.is_empty());
    for plugin in plugins {
        let known: Vec<&String> = plugin.needs.iter().filter(|n| ours.contains(n.as_str())).collect();
        assert_eq!(known, ["vigie-plugin"], "{}", plugin.name);
    }
}

#[test]
fn every_dependency_is_used() {
    let mut unused = Vec::new();
    for member in members() {
        let mut code = String::new();
        let folders = if member.name == "vigie" { vec!["crates/vigie-cli/src/bin"] } else { vec!["src", "build.rs"] };
        for file in folders.iter().flat_map(|f| files(&member.folder.join(f))) {
            code.push_str(&read(&file));
        }
        for need in &member.needs {
            let path = need.replace('-', "_");
            let uses = |form: &str| code.contains(&form.replace('@', &path));
            if !["@::", "use @;", "use @ as", "extern crate @"].into_iter().any(uses) {
                unused.push(format!("{}: {need}", member.name));
            }
        }
    }
    assert_eq!(unused, Vec::<String>::new());
}

/// The file itself, or every file below the folder; nothing that builds and runs leave behind.
fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let Ok(entries) = std::fs::read_dir(path) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
    paths.sort();
    let left_out = |p: &PathBuf| {
        let name = p.file_name().unwrap().to_string_lossy().into_owned();
        name.starts_with('.') || matches!(name.as_str(), "target" | "archive" | "reports" | "node_modules")
    };
    paths.into_iter().filter(|p| !left_out(p)).flat_map(|p| files(&p)).collect()
}

/// Every file of the repository that a person may have written.
fn written() -> Vec<PathBuf> {
    let folders = ["crates", "plugins", "tests", "benches", "examples", "report-templates", "docs"];
    let mut found: Vec<PathBuf> = folders.iter().flat_map(|f| files(&root().join(f))).collect();
    for entry in std::fs::read_dir(root()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            found.push(path);
        }
    }
    assert!(found.len() > 200, "only {} files were found", found.len());
    found
}

fn read(path: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned()
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().is_some_and(|e| extensions.iter().any(|wanted| e.eq_ignore_ascii_case(wanted)))
}

#[test]
fn no_file_is_named_for_nothing_in_particular() {
    let vague = ["util", "utils", "utilities", "common", "helper", "helpers", "misc", "manager", "stuff"];
    let names = |p: &PathBuf| {
        p.components()
            .any(|c| vague.contains(&Path::new(&c).file_stem().unwrap_or_default().to_string_lossy().as_ref()))
    };
    let relative = written().into_iter().map(|p| p.strip_prefix(root()).unwrap().to_owned());
    let found: Vec<PathBuf> = relative.filter(names).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let homes = ["work", "root", "home/runner", "Users"].map(|name| format!("/{name}/"));
    let neighbour = format!("..{}shared", '/');
    let text =
        ["rs", "toml", "md", "json", "c", "h", "typ", "html", "css", "js", "txt", "csv", "svg", "lock", "py", "sh"];
    let mut found = Vec::new();
    for path in written().into_iter().filter(|p| has_extension(p, &text)) {
        let content = read(&path);
        for (number, line) in content.lines().enumerate() {
            // The same name inside a longer path or an address is none of this machine.
            let absolute = homes.iter().any(|home| {
                line.match_indices(home.as_str()).any(|(at, _)| {
                    let before = line[..at].chars().next_back();
                    before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '.' | '/' | '_' | '-' | '}' | ')'))
                })
            });
            if absolute || line.contains(&neighbour) {
                let piece: String = line.trim().chars().take(100).collect();
                found.push(format!("{}:{}: {piece}", shown(&path), number + 1));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_plugin_is_explained_in_both_languages() {
    for plugin in members().iter().filter(|m| is_plugin(m)) {
        for name in ["README.md", "LISEZMOI.md", "plugin.toml", "spec.json"] {
            let path = plugin.folder.join(name);
            assert!(path.metadata().is_ok_and(|m| m.len() > 100), "{}", shown(&path));
        }
        let readme = |name: &str| read(&plugin.folder.join(name));
        let headings = |text: &str| text.lines().filter(|l| l.starts_with('#')).count();
        let (english, french) = (readme("README.md"), readme("LISEZMOI.md"));
        assert_eq!(headings(&english), headings(&french), "{}: one is shorter than the other", plugin.name);
    }
}

#[test]
fn every_source_file_says_what_lives_in_it() {
    let mut silent = Vec::new();
    for path in written().into_iter().filter(|p| has_extension(p, &["rs"])) {
        if !read(&path).starts_with("//!") {
            silent.push(shown(&path));
        }
    }
    assert_eq!(silent, Vec::<String>::new());
}

#[test]
fn no_source_file_is_a_book() {
    let long = |p: &PathBuf| read(p).lines().count() > 800;
    let found: Vec<String> =
        written().iter().filter(|p| has_extension(p, &["rs"]) && long(p)).map(|p| shown(p)).collect();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn advice_names_commands_that_exist() {
    let help = Command::new(env!("CARGO_BIN_EXE_vigie")).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let commands: BTreeSet<&str> = help
        .lines()
        .skip_while(|l| !l.starts_with("Commands:"))
        .skip(1)
        .take_while(|l| !l.is_empty())
        .filter_map(|l| l.split_whitespace().next())
        .collect();
    assert!(commands.contains("check") && commands.contains("run"), "{help}");
    let mut unknown = Vec::new();
    for path in written().into_iter().filter(|p| has_extension(p, &["rs", "toml", "md", "csv"])) {
        // Tests type wrong commands on purpose, decisions and changes may speak of what is to come.
        let shown = shown(&path);
        if shown.starts_with("tests") || shown.starts_with("docs/decisions") || shown.starts_with("CHANGELOG") {
            continue;
        }
        for (number, line) in read(&path).lines().enumerate() {
            for (at, quote) in line.match_indices("`vigie ").chain(line.match_indices(": vigie ")) {
                let rest = &line[at + quote.len()..];
                let word: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
                let option = word.is_empty() || word.starts_with('-');
                if !option && !commands.contains(word.as_str()) {
                    unknown.push(format!("{shown}:{}: vigie {word}", number + 1));
                }
            }
        }
    }
    assert_eq!(unknown, Vec::<String>::new());
}

#[test]
fn every_page_can_be_read_in_both_languages() {
    // Pages for users; those beside templates and tools are for who changes them.
    let for_users = |p: &PathBuf| {
        let place = shown(p);
        place == "README.md"
            || ((place.starts_with("examples") || place.starts_with("plugins")) && place.ends_with("README.md"))
    };
    let one_language = |p: &PathBuf| {
        let page = read(p);
        let both_inside = page.contains("*In English:*") || page.contains("*En français");
        !both_inside && !p.with_file_name("LISEZMOI.md").is_file()
    };
    let found: Vec<String> = written().iter().filter(|p| for_users(p) && one_language(p)).map(|p| shown(p)).collect();
    assert_eq!(found, Vec::<String>::new());
}
