//! Every item of the syllabus has a cell that makes it and, behind it, a cell that checks it: `book/coverage.toml`.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::repository;
use gradus_literate::chapter::Chapter;
use gradus_literate::notebook;
use gradus_literate::options::Tag;

/// How many items the syllabus has for each chapter that is written, and the book for each appendix.
const ITEMS: [(&str, usize); 26] = [
    ("00", 4),
    ("01", 10),
    ("02", 13),
    ("03", 14),
    ("04", 9),
    ("05", 5),
    ("06", 8),
    ("07", 10),
    ("08", 27),
    ("09", 9),
    ("10", 9),
    ("11", 7),
    ("12", 7),
    ("13", 9),
    ("14", 11),
    ("15", 5),
    ("16", 6),
    ("17", 7),
    ("18", 8),
    ("19", 12),
    ("20", 8),
    ("21", 5),
    ("22", 11),
    ("23", 5),
    ("a", 2),
    ("b", 2),
];

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    topic: String,
    /// A cell, or `#` and a section where there is nothing to run.
    made: String,
    #[serde(default)]
    checked: Checks,
}

/// One cell that checks, or several.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Checks {
    One(String),
    Several(Vec<String>),
}

impl Default for Checks {
    fn default() -> Self {
        Self::Several(Vec::new())
    }
}

impl Checks {
    fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names) => names,
        }
    }
}

fn items() -> BTreeMap<String, Item> {
    toml::from_str(&std::fs::read_to_string(repository().join("book/coverage.toml")).unwrap())
        .unwrap()
}

/// The chapter whose file begins with this number or letter.
fn chapter(label: &str) -> Chapter {
    let folder = repository().join("book/src");
    let find = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        let name = path.file_name()?.to_str()?.to_owned();
        (name.split('-').next()? == label && name.ends_with(".md")).then_some(path)
    };
    let path = std::fs::read_dir(&folder)
        .unwrap()
        .find_map(find)
        .unwrap_or_else(|| panic!("no chapter {label} in {}", folder.display()));
    Chapter::parse(&path, &std::fs::read_to_string(&path).unwrap()).unwrap()
}

#[test]
fn every_item_of_the_syllabus_is_listed() {
    let wanted: BTreeSet<String> = ITEMS
        .iter()
        .flat_map(|(label, count)| (1..=*count).map(move |k| format!("{label}.{k}")))
        .collect();
    let listed: BTreeSet<String> = items().into_keys().collect();
    let missing: Vec<_> = wanted.difference(&listed).collect();
    let unknown: Vec<_> = listed.difference(&wanted).collect();
    assert!(missing.is_empty() && unknown.is_empty(), "missing {missing:?}, unknown {unknown:?}");
}

#[test]
fn what_makes_an_item_is_there_shows_something_and_serves_no_other() {
    let items = items();
    let mut problems = Vec::new();
    for (label, _) in ITEMS {
        let chapter = chapter(label);
        let path = repository().join(format!("notebooks/{}.ipynb", chapter.name));
        let outputs = notebook::outputs(&notebook::read(&path).unwrap());
        let place = |name: &str| chapter.code_cells().position(|(cell, _)| cell.id == name);
        let shows =
            |name: &str| place(name).map(|at| outputs.get(at).is_some_and(|list| !list.is_empty()));
        let asserts = |name: &str| {
            let (cell, options) = chapter.code_cell(name)?;
            Some(options.has(Tag::Check) && cell.source.contains("assert"))
        };
        let mut makers = BTreeMap::new();
        for (id, item) in items.iter().filter(|(id, _)| id.split('.').next() == Some(label)) {
            let mut complain =
                |what: String| problems.push(format!("{id} ({}): {what}", item.topic));
            if let Some(section) = item.made.strip_prefix('#') {
                // Only the guide to the book has items without an experiment.
                let slug = |line: &str| {
                    line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-")
                };
                let exists =
                    chapter.cells.iter().flat_map(|cell| cell.source.lines()).any(|line| {
                        line.starts_with('#') && slug(line).replace(['\'', '’'], "") == section
                    });
                if !exists || label != "00" {
                    complain(format!("no section `{section}` may stand for it"));
                }
                continue;
            }
            match shows(&item.made) {
                None => complain(format!("there is no cell `{}`", item.made)),
                Some(false) => complain(format!("the cell `{}` shows nothing", item.made)),
                Some(true) => {}
            }
            let checks = item.checked.names();
            for name in checks {
                match asserts(name) {
                    None => complain(format!("there is no cell `{name}`")),
                    Some(false) => complain(format!("the cell `{name}` is no check that asserts")),
                    Some(true) => {}
                }
            }
            // A check may look at the rule before it is drawn, but something must look at what is drawn.
            if checks.iter().filter_map(|name| place(name)).max() <= place(&item.made) {
                complain(format!("no cell checks it behind `{}`", item.made));
            }
            // Items of one kind, `kind: …`, may share a small multiple; others may not.
            let kind = item.topic.split_once(": ").map_or(id.as_str(), |(kind, _)| kind);
            if let Some((other, its_kind)) = makers.insert(&item.made, (id, kind))
                && its_kind != kind
            {
                complain(format!("`{}` makes {other} already", item.made));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
