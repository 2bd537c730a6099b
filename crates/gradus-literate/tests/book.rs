//! A sample book through mdBook and the theme: what comes out, and what a failure leaves.
//!
//! The book stays in `target/tmp/sample-book` for `tests/browser/check.mjs` and for a look at it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use gradus_literate::book::{self, Page};
use gradus_literate::math;

fn fixtures() -> PathBuf {
    PathBuf::from("tests/fixtures")
}

/// The real `book.toml` and theme around the fixtures, in a folder of its own.
fn book_dir() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let book = Path::new("../../book");
    fs::copy(book.join("book.toml"), folder.path().join("book.toml")).unwrap();
    copy(&book.join("theme"), &folder.path().join("theme"));
    copy(&fixtures().join("book"), &folder.path().join("src"));
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Stands in for the weaver: formulas between dollars, `$$eq:name` for a numbered equation, and
/// `@file.svg` for a figure.
fn page(name: &str) -> Page {
    let source =
        fs::read_to_string(fixtures().join("book").join(name).with_extension("md")).unwrap();
    let mut lines = source.lines();
    let title = lines.next().unwrap().trim_start_matches("# ").to_owned();
    let mut markdown = format!("# {title}\n");
    let (mut fenced, mut equations) = (false, 0);
    while let Some(line) = lines.next() {
        let text = line.trim_start();
        let indent = &line[..line.len() - text.len()];
        fenced ^= text.starts_with("```");
        if let (Some(id), false) = (text.strip_prefix("$$"), fenced) {
            let body: Vec<_> = lines.by_ref().take_while(|l| l.trim() != "$$").collect();
            let id = id.strip_prefix("eq:");
            equations += usize::from(id.is_some());
            let number = format!("{}.{equations}", name[..2].trim_start_matches('0'));
            let html = math::display(&body.join("\n"), id.map(|_| number.as_str()), id).unwrap();
            writeln!(markdown, "{indent}{html}").unwrap();
        } else if let Some(figure) = text.strip_prefix('@') {
            let svg = fs::read_to_string(fixtures().join("figures").join(figure)).unwrap();
            writeln!(markdown, "<div class=\"drawing\">{}</div>", svg.trim()).unwrap();
        } else if fenced {
            writeln!(markdown, "{line}").unwrap();
        } else {
            for (i, code) in line.split('`').enumerate() {
                if i % 2 == 1 {
                    write!(markdown, "`{code}`").unwrap();
                    continue;
                }
                for (i, part) in code.split('$').enumerate() {
                    let html = (i % 2 == 1).then(|| math::render(part, false).unwrap());
                    markdown.push_str(html.as_deref().unwrap_or(part));
                }
            }
            markdown.push('\n');
        }
    }
    let data =
        |figure: &str| (PathBuf::from(format!("{name}/{figure}.csv")), b"t,f\n0,1\n".to_vec());
    let mut files = Vec::new();
    if name == "14-momentum" {
        files.extend(["fig-ravine", "fig-loss", "fig-rho"].map(data));
        files.push((PathBuf::from("14-momentum.ipynb"), b"{}".to_vec()));
    }
    Page { name: name.to_owned(), title, markdown, files }
}

fn pages() -> Vec<Page> {
    ["00-how-to", "01-line", "14-momentum", "15-formulas"].map(page).to_vec()
}

/// The rendered formulas of a woven page, in order.
fn formulas(markdown: &str) -> Vec<&str> {
    markdown
        .split("<span class=\"formula\">")
        .skip(1)
        .map(|formula| formula.split_once("<!--formula--></span>").unwrap().0)
        .collect()
}

#[test]
fn a_sample_book_is_built_whole() {
    let folder = book_dir();
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sample-book");
    let pages = pages();
    book::build(folder.path(), &pages, &out, false).unwrap();

    for page in &pages {
        let html = fs::read_to_string(out.join(&page.name).with_extension("html")).unwrap();
        // mdBook has touched no formula, in whatever it stands, and lost none.
        let mut rest = &html[html.find("<main").unwrap()..];
        for formula in formulas(&page.markdown) {
            let at = rest.find(formula).unwrap_or_else(|| panic!("{}: {formula}", page.name));
            assert!(!rest[..at].contains("class=\"katex\""), "another formula came first");
            rest = &rest[at + formula.len()..];
        }
        assert!(!rest.contains("class=\"katex\"") && !html.contains("data-formula"));
        assert!(html.contains("<title>"), "{}", page.name);
        assert!(html.contains("<nav class=\"sidebar\""), "{}", page.name);
    }

    let momentum = fs::read_to_string(out.join("14-momentum.html")).unwrap();
    assert!(momentum.contains(r#"<p class="eyebrow">Chapter 14</p>"#));
    assert!(momentum.contains("<strong aria-hidden=\"true\">14.</strong> Momentum"));
    assert!(momentum.contains("stopped because |g| &lt; 1e-6"), "the blank line in an output");
    assert_eq!(momentum.matches("<figure class=\"plot\"").count(), 3);
    assert_eq!(momentum.matches("role=\"img\"").count(), 3);
    assert!(!momentum.contains("playground") && !momentum.contains("fn main"));
    for file in ["14-momentum/fig-ravine.csv", "14-momentum.ipynb", "404.html", "print.html"] {
        assert!(out.join(file).is_file(), "{file}");
    }
    // Without scripts the chapters are listed too.
    assert!(momentum.contains(r#"<a href="01-line.html">"#));
}

#[test]
fn nothing_is_loaded_from_elsewhere() {
    let folder = book_dir();
    let out = folder.path().join("out");
    book::build(folder.path(), &pages(), &out, false).unwrap();
    let html = fs::read_to_string(out.join("14-momentum.html")).unwrap();
    for attribute in ["src=\"http", "src=\"//", "url(http", "@import", "<iframe"] {
        assert!(!html.contains(attribute), "{attribute}");
    }
    let mut fonts = 0;
    for file in fs::read_dir(out.join("fonts")).unwrap() {
        let file = file.unwrap();
        if file.path().extension().is_some_and(|e| e == "woff2") {
            fonts += file.metadata().unwrap().len();
        }
    }
    assert!((1..400_000).contains(&fonts), "{fonts} bytes of fonts");
}

#[test]
fn a_failed_build_leaves_the_old_book() {
    let folder = book_dir();
    let out = folder.path().join("out");
    book::build(folder.path(), &pages(), &out, false).unwrap();
    let before = fs::read_to_string(out.join("01-line.html")).unwrap();

    let broken = |change: &dyn Fn(&mut Vec<Page>)| {
        let mut pages = pages();
        pages[1].markdown.push_str("\nnew words\n");
        change(&mut pages);
        let error = book::build(folder.path(), &pages, &out, false).unwrap_err().to_string();
        assert_eq!(fs::read_to_string(out.join("01-line.html")).unwrap(), before, "{error}");
        let left: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with('.'))
            .collect();
        assert_eq!(left, Vec::<String>::new(), "nothing half-made is left beside the book");
        error
    };
    let error = broken(&|pages| drop(pages.pop()));
    assert!(error.contains("SUMMARY.md: `15-formulas.md` is listed"), "{error}");
    let error = broken(&|pages| pages[2].name = "16-new".into());
    assert!(error.contains("14-momentum"), "{error}");
    let error = broken(&|pages| pages.push(Page { name: "16-new".into(), ..Page::default() }));
    assert!(error.contains("`16-new.md` is not listed"), "{error}");
    // mdBook only warns of this; the rest of the page would be inside the box.
    let error = broken(&|pages| pages[2].markdown.push_str("\n<div class=\"note\">\n\nopen\n"));
    assert!(error.contains("unclosed HTML tag `<div>` found in `14-momentum.md`"), "{error}");
}

#[test]
fn a_folder_that_is_not_a_book_is_not_replaced() {
    let folder = book_dir();
    let out = folder.path().join("holiday");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("photo.txt"), "dear").unwrap();
    let error = book::build(folder.path(), &pages(), &out, false).unwrap_err().to_string();
    assert!(error.contains("holiday") && error.contains("not a book"), "{error}");
    assert!(out.join("photo.txt").is_file());

    fs::remove_file(out.join("photo.txt")).unwrap();
    book::build(folder.path(), &pages(), &out, false).expect("an empty folder may be filled");
}

#[test]
fn a_served_book_reloads_and_a_published_one_does_not() {
    let folder = book_dir();
    let out = folder.path().join("out");
    let script = "setInterval";
    book::build(folder.path(), &pages(), &out, true).unwrap();
    let first = fs::read_to_string(out.join("version.txt")).unwrap();
    assert!(fs::read_to_string(out.join("01-line.html")).unwrap().contains(script));
    book::build(folder.path(), &pages(), &out, true).unwrap();
    assert_ne!(fs::read_to_string(out.join("version.txt")).unwrap(), first);
    book::build(folder.path(), &pages(), &out, false).unwrap();
    assert!(!fs::read_to_string(out.join("01-line.html")).unwrap().contains(script));
    assert!(!out.join("version.txt").exists());
}
