//! What a student's code may name.
//!
//! The standard library, its own items and the tools that the exercise allows; nothing of the crates
//! that judge it. The same check holds in a notebook and in the grader. It reads tokens, so that words
//! in comments and texts do not count.

use std::collections::HashSet;

use gradus_student::tools;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::exercise::Exercise;

/// Whether the code keeps to what the exercise allows.
///
/// # Errors
/// With what it may not name, as a sentence for the student.
pub fn check(exercise: &Exercise, code: &str) -> Result<(), String> {
    let tokens: TokenStream =
        code.parse().map_err(|e| format!("it does not compile: it is no Rust: {e}"))?;
    let flat = flatten(tokens);
    let defined = defined(&flat);
    for (i, word) in flat.iter().enumerate() {
        let Word::Name(name) = word else { continue };
        if name.starts_with("gradus") {
            return Err(format!("it names `{name}`, which is not part of the exercise"));
        }
        let method = i > 0 && flat[i - 1] == Word::Other('.');
        let call = flat.get(i + 1) == Some(&Word::Other('('));
        let tool = tools::NAMES.contains(&name.as_str()) && !defined.contains(name.as_str());
        if tool && call && !method && !exercise.allow.contains(&name.as_str()) {
            let allowed = match exercise.allow {
                [] => "no tool".to_owned(),
                names => format!("only `{}`", names.join("`, `")),
            };
            return Err(format!("it calls `{name}`; the exercise allows {allowed}"));
        }
    }
    Ok(())
}

/// A name, or the character of anything else.
#[derive(Debug, PartialEq)]
enum Word {
    Name(String),
    Other(char),
}

fn flatten(tokens: TokenStream) -> Vec<Word> {
    let mut flat = Vec::new();
    let mut open = vec![tokens.into_iter()];
    while let Some(top) = open.last_mut() {
        match top.next() {
            None => {
                open.pop();
            }
            Some(TokenTree::Ident(name)) => {
                flat.push(Word::Name(name.to_string().trim_start_matches("r#").to_owned()));
            }
            Some(TokenTree::Punct(punct)) => flat.push(Word::Other(punct.as_char())),
            Some(TokenTree::Literal(_)) => flat.push(Word::Other('0')),
            Some(TokenTree::Group(group)) => {
                let bracket = if group.delimiter() == Delimiter::Parenthesis { '(' } else { '{' };
                flat.push(Word::Other(bracket));
                open.push(group.stream().into_iter());
            }
        }
    }
    flat
}

/// The functions and variables that the code defines itself.
fn defined(flat: &[Word]) -> HashSet<&str> {
    let pair = |pair: &[Word]| matches!(&pair[0], Word::Name(k) if k == "fn" || k == "let");
    flat.windows(2)
        .filter(|words| pair(words))
        .filter_map(
            |words| if let Word::Name(name) = &words[1] { Some(name.as_str()) } else { None },
        )
        .collect()
}

/// Of a file's items, the code that these names reach, as text: a notebook's kernel keeps all that its
/// cells defined in one file.
pub fn reached(file: &str, names: &str) -> Option<String> {
    let items = syn::parse_file(file).ok()?.items;
    let words = |tokens: TokenStream| -> HashSet<String> {
        let name = |word| if let Word::Name(name) = word { Some(name) } else { None };
        flatten(tokens).into_iter().filter_map(name).collect()
    };
    let mut wanted = words(names.parse().ok()?);
    let mut left: Vec<(HashSet<String>, TokenStream)> =
        items.iter().map(|item| (names_of(item), quote::quote!(#item))).collect();
    let mut found = Vec::new();
    loop {
        let (reached, rest): (Vec<_>, Vec<_>) =
            left.into_iter().partition(|(names, _)| !names.is_disjoint(&wanted));
        left = rest;
        if reached.is_empty() {
            return Some(found.join("\n"));
        }
        for (_, tokens) in reached {
            found.push(tokens.to_string());
            wanted.extend(words(tokens));
        }
    }
}

/// What an item is reached by: its name, the names that it imports, or the name of the type that it
/// implements something for.
fn names_of(item: &syn::Item) -> HashSet<String> {
    let name = match item {
        syn::Item::Use(item) => return imported(&item.tree),
        syn::Item::Const(item) => Some(&item.ident),
        syn::Item::Enum(item) => Some(&item.ident),
        syn::Item::Fn(item) => Some(&item.sig.ident),
        syn::Item::Macro(item) => item.ident.as_ref(),
        syn::Item::Mod(item) => Some(&item.ident),
        syn::Item::Static(item) => Some(&item.ident),
        syn::Item::Struct(item) => Some(&item.ident),
        syn::Item::Trait(item) => Some(&item.ident),
        syn::Item::Type(item) => Some(&item.ident),
        syn::Item::Impl(item) => match item.self_ty.as_ref() {
            syn::Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
            _ => None,
        },
        _ => None,
    };
    name.map(ToString::to_string).into_iter().collect()
}

fn imported(tree: &syn::UseTree) -> HashSet<String> {
    match tree {
        syn::UseTree::Path(path) => imported(&path.tree),
        syn::UseTree::Name(name) => HashSet::from([name.ident.to_string()]),
        syn::UseTree::Rename(rename) => HashSet::from([rename.rename.to_string()]),
        syn::UseTree::Glob(_) => HashSet::new(),
        syn::UseTree::Group(group) => group.items.iter().flat_map(imported).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowing(tools: &'static [&'static str]) -> Exercise {
        let run = |_: &gradus_student::Args, _: &mut gradus_student::Ask<'_>| {
            gradus_student::Value::Nothing
        };
        Exercise {
            id: "test",
            chapter: 1,
            points: 1,
            clinic: false,
            allow: tools,
            own: &[],
            source: "",
            call: "f()",
            stub: run,
            solution: run,
            mistakes: &[],
            cases: |_| Vec::new(),
            judge: crate::exercise::Judge::Same(0.0),
            curve: None,
        }
    }

    #[test]
    fn tools_by_name_and_nothing_of_the_judge() {
        let exercise = allowing(&["dot"]);
        for fine in [
            "fn f() { dot(a, b) }",
            "// gradus_student\nfn f() { let s = \"gradus\"; v.norm(1) }",
            "fn norm(a: &[f64]) -> f64 { 1.0 } fn f() { norm(a) }",
            "fn f() { let scale = |a| a; scale(1.0); let norm = 3; }",
        ] {
            assert_eq!(check(&exercise, fine), Ok(()), "{fine}");
        }
        for (wrong, expected) in [
            ("fn f() { norm(a) }", "calls `norm`; the exercise allows only `dot`"),
            ("fn f() { ::gradus_student::tools::norm(a) }", "names `gradus_student`"),
            ("extern crate r#gradus_student as x;", "names `gradus_student`"),
            ("use gradus_exercises::exercises::*;", "names `gradus_exercises`"),
            ("fn f() { ", "no Rust"),
        ] {
            let said = check(&exercise, wrong).unwrap_err();
            assert!(said.contains(expected), "{wrong}: {said}");
        }
        assert!(check(&allowing(&[]), "fn f() { dot(a, b) }").unwrap_err().contains("no tool"));
    }

    #[test]
    fn what_a_function_reaches_in_a_file() {
        let file = "use x::y; use gradus_exercises::z as g; fn f() { g(1) } fn g(n: u8) { S::new(); } struct S; \
                    impl S { fn new() {} } fn other() { gradus_exercises::find(\"x\") }";
        let code = reached(file, "f(x)").unwrap();
        for part in ["fn f", "fn g", "struct S", "fn new"] {
            assert!(code.contains(part), "{code}");
        }
        assert!(
            code.contains("as g") && !code.contains("other") && !code.contains("x ::"),
            "{code}"
        );
        assert_eq!(reached("fn f( {", "f()"), None);
    }
}
