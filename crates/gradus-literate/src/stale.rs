//! When a notebook's outputs are out of date.
//!
//! Outputs depend on the code cells, on the crate that they load and on what it is built with. The
//! crate's code counts by its tokens: comments, documentation and tests change nothing. Of the
//! lockfile, only the packages that the crate reaches count.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use quote::ToTokens;
use sha2::{Digest, Sha256};
use syn::visit_mut::{self, VisitMut};

use crate::error::{self, Error, Result};

/// A fingerprint of all that every notebook's outputs depend on besides its own cells.
///
/// `root` is the folder of the crate `gradus`; `kernel` names the kernel and its version.
///
/// # Errors
/// If a file of the crate cannot be read or parsed.
pub fn context(root: &Path, kernel: &str) -> Result<String> {
    let mut hasher = Sha256::new();
    hasher.update(kernel);
    hasher.update(manifest(&root.join("Cargo.toml"))?);
    hasher.update(locked(&root.join("Cargo.lock"), &root.join("Cargo.toml"))?);
    for file in files(&root.join("src"))? {
        let name = file.strip_prefix(root).unwrap_or(&file);
        hasher.update(name.to_string_lossy().as_bytes());
        if file.extension().is_some_and(|e| e == "rs") {
            hasher.update(tokens(&file)?);
        } else {
            hasher.update(std::fs::read(&file).map_err(|e| Error::io(&file, "read", &e))?);
        }
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// All files in a folder and in its folders, in the order of their names.
///
/// # Errors
/// If a folder cannot be listed.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let fail = |e: std::io::Error| Error::io(folder, "list", &e);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The code of a Rust file as tokens, without documentation and tests.
fn tokens(file: &Path) -> Result<String> {
    let text = error::read(file)?;
    let mut parsed = syn::parse_file(&text)
        .map_err(|e| Error::at(e.span().start().line, format!("not Rust: {e}")).in_file(file))?;
    Strip.visit_file_mut(&mut parsed);
    Ok(parsed.into_token_stream().to_string())
}

struct Strip;

impl VisitMut for Strip {
    fn visit_file_mut(&mut self, file: &mut syn::File) {
        file.items.retain(|item| !is_test(item));
        visit_mut::visit_file_mut(self, file);
    }

    fn visit_item_mod_mut(&mut self, module: &mut syn::ItemMod) {
        if let Some((_, items)) = &mut module.content {
            items.retain(|item| !is_test(item));
        }
        visit_mut::visit_item_mod_mut(self, module);
    }

    fn visit_attributes_mut(&mut self, attributes: &mut Vec<syn::Attribute>) {
        attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    }
}

fn is_test(item: &syn::Item) -> bool {
    let attributes = match item {
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => return false,
    };
    attributes.iter().any(|a| {
        a.path().is_ident("cfg")
            && a.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test")
    })
}

fn toml(file: &Path) -> Result<toml::Table> {
    error::read(file)?.parse().map_err(|e| Error::new(format!("not TOML: {e}")).in_file(file))
}

/// The parts of the crate's manifest that decide what is compiled.
fn manifest(file: &Path) -> Result<String> {
    let mut table = toml(file)?;
    table.retain(|key, _| matches!(key, "dependencies" | "features"));
    Ok(table.to_string())
}

/// The locked packages that the crate reaches, with versions and checksums.
fn locked(lock: &Path, manifest: &Path) -> Result<String> {
    let manifest = toml(manifest)?;
    let names = |key: &str| -> BTreeSet<String> {
        let table = manifest.get(key).and_then(|t| t.as_table());
        table.map(|t| t.keys().cloned().collect()).unwrap_or_default()
    };
    let direct = names("dependencies");
    let lock = toml(lock)?;
    let mut packages: BTreeMap<String, Vec<&toml::Table>> = BTreeMap::new();
    for package in lock.get("package").and_then(|p| p.as_array()).into_iter().flatten() {
        if let Some(table) = package.as_table() {
            packages.entry(text(table, "name")).or_default().push(table);
        }
    }
    let mut reached: BTreeSet<(String, String)> = BTreeSet::new();
    let mut lines = BTreeSet::new();
    let mut queue: Vec<String> = vec!["gradus".into()];
    while let Some(wanted) = queue.pop() {
        // A dependency is `name`, or `name version` where two versions are locked.
        let (name, version) = wanted.split_once(' ').unwrap_or((&wanted, ""));
        for package in packages.get(name).into_iter().flatten() {
            let found = text(package, "version");
            if !version.is_empty() && !version.starts_with(&found) {
                continue;
            }
            if !reached.insert((name.to_owned(), found.clone())) {
                continue;
            }
            lines.insert(format!("{name} {found} {}", text(package, "checksum")));
            for dependency in
                package.get("dependencies").and_then(|d| d.as_array()).into_iter().flatten()
            {
                let Some(dependency) = dependency.as_str() else { continue };
                let bare = dependency.split(' ').next().unwrap_or(dependency);
                if name != "gradus" || direct.contains(bare) {
                    queue.push(dependency.to_owned());
                }
            }
        }
    }
    Ok(lines.into_iter().collect::<Vec<_>>().join("\n"))
}

fn text(table: &toml::Table, key: &str) -> String {
    table.get(key).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(folder: &Path, code: &str) -> String {
        let lock = "[[package]]\nname = \"gradus\"\nversion = \"0.1.0\"\ndependencies = [\"a\"]\n\
                    [[package]]\nname = \"a\"\nversion = \"1.0.0\"\n";
        std::fs::create_dir_all(folder.join("src")).unwrap();
        std::fs::write(
            folder.join("Cargo.toml"),
            "[package]\nname = \"gradus\"\n[dependencies]\na = \"1\"\n",
        )
        .unwrap();
        std::fs::write(folder.join("Cargo.lock"), lock).unwrap();
        std::fs::write(folder.join("src/lib.rs"), code).unwrap();
        context(folder, "kernel 1").unwrap()
    }

    #[test]
    fn comments_documentation_and_tests_do_not_count_but_code_does() {
        let folder = tempfile::tempdir().unwrap();
        let before = project(folder.path(), "pub fn f() -> f64 { 1.0 }\n");
        let same = "//! Module.\n/// Documentation.\npub fn f() -> f64 {\n    // Comment.\n    1.0\n}\n\
                    #[cfg(test)]\nmod tests { #[test] fn t() {} }\n";
        assert_eq!(project(folder.path(), same), before);
        assert_ne!(project(folder.path(), "pub fn f() -> f64 { 2.0 }\n"), before);
    }

    #[test]
    fn only_packages_that_the_crate_reaches_count() {
        let folder = tempfile::tempdir().unwrap();
        let before = project(folder.path(), "");
        let lock = folder.path().join("Cargo.lock");
        let text = std::fs::read_to_string(&lock).unwrap();
        let other = format!("{text}[[package]]\nname = \"b\"\nversion = \"1.0.0\"\n");
        std::fs::write(&lock, other).unwrap();
        assert_eq!(context(folder.path(), "kernel 1").unwrap(), before);
        std::fs::write(&lock, text.replace("\"1.0.0\"", "\"1.0.1\"")).unwrap();
        assert_ne!(context(folder.path(), "kernel 1").unwrap(), before);
        assert_ne!(context(folder.path(), "kernel 2").unwrap(), before);
    }
}
