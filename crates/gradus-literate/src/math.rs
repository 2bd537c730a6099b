//! LaTeX formulas as static HTML: KaTeX's layout for the eye, MathML for screen readers, the
//! LaTeX source as the MathML's annotation. No script runs at reading time.
//!
//! The renderer is katex-rs, a port of KaTeX to Rust; `book/theme/css/katex.css` is KaTeX's style
//! sheet of the same version. MathML alone (pulldown-latex) is a tenth of the size, but Chromium
//! sets its accents, roots and the spaces in its indices visibly worse, and every browser sets it
//! differently.

use std::fmt::{self, Write as _};
use std::sync::LazyLock;

use katex::{KatexContext, Settings, StrictMode, StrictSetting};

/// A formula that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MathError {
    /// What is wrong, in one line.
    pub message: String,
    /// The byte in the formula where it is wrong.
    pub offset: usize,
}

impl fmt::Display for MathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for MathError {}

/// What stands before a rendered formula and after it: [`crate::book`] takes formulas out of the
/// way of mdBook's Markdown and search index by these.
pub(crate) const OPEN: &str = "<span class=\"formula\">";
pub(crate) const CLOSE: &str = "<!--formula--></span>";

/// Renders a formula as one line of HTML, to stand where Markdown allows text.
///
/// `display` asks for displayed style (limits above and below, large operators). A formula alone
/// does not scroll when it is too wide: for an equation on its own line use [`display`].
///
/// # Errors
/// The formula is empty, does not parse, or uses a command that is not known.
///
/// ```
/// let html = gradus_literate::math::render(r"\nabla f(w)", false).unwrap();
/// assert!(html.contains("<math ") && html.contains(r"\nabla f(w)</annotation>"));
///
/// let error = gradus_literate::math::render(r"a + \frac{1}{", false).unwrap_err();
/// assert_eq!(error.offset, 13);
/// ```
pub fn render(latex: &str, display: bool) -> Result<String, MathError> {
    // The port's tables take milliseconds to fill, a formula a fraction of one.
    static CONTEXT: LazyLock<KatexContext> = LazyLock::new(KatexContext::default);
    if latex.trim().is_empty() {
        return Err(MathError { message: "empty formula".into(), offset: 0 });
    }
    check_roots(latex)?;
    let settings = Settings::builder()
        .display_mode(display)
        .throw_on_error(true)
        .strict(StrictSetting::Mode(StrictMode::Error))
        .build();
    let html = katex::render_to_string(&CONTEXT, latex, &settings).map_err(|error| {
        let offset = error.position().unwrap_or(latex.len()).min(latex.len());
        let message = error.kind.to_string().replace('\n', " ");
        let strict = "LaTeX-incompatible input and strict mode is set to 'error': ";
        MathError {
            message: message.strip_prefix(strict).unwrap_or(&message).to_owned(),
            offset: latex.floor_char_boundary(offset),
        }
    })?;
    let html = tidy(&html);
    // KaTeX lets a line end at any relation or sum: for a short formula that only looks careless.
    if display || latex.chars().count() > SHORT {
        Ok(format!("{OPEN}{html}{CLOSE}"))
    } else {
        Ok(format!("{OPEN}<span class=\"nowrap\">{html}</span>{CLOSE}"))
    }
}

/// Up to this length in LaTeX a formula is narrower than a phone, whatever it holds.
const SHORT: usize = 32;

/// Renders an equation on a line of its own, with its number (`"14.1"`) and its anchor.
///
/// An equation wider than the page scrolls in its own box. The result is a block: put a blank line
/// before and after it.
///
/// # Errors
/// As [`render`].
///
/// ```
/// let html = gradus_literate::math::display(r"v \gets \rho v + g", Some("14.1"), Some("momentum"));
/// assert!(html.unwrap().starts_with(r#"<div class="equation" id="eq-momentum">"#));
/// ```
pub fn display(latex: &str, number: Option<&str>, id: Option<&str>) -> Result<String, MathError> {
    let formula = render(latex, true)?;
    let id = id.map_or(String::new(), |id| format!(" id=\"eq-{id}\""));
    let number = number.map_or(String::new(), |n| format!("<span class=\"eqno\">({n})</span>"));
    Ok(format!("<div class=\"equation\"{id}><div class=\"eqbody\">{formula}</div>{number}</div>"))
}

/// Refuses `\sqrt x` and `\sqrt\kappa`: katex-rs 0.3.0 draws the root over what is not in braces.
fn check_roots(latex: &str) -> Result<(), MathError> {
    for (at, root) in latex.match_indices("\\sqrt") {
        let mut rest = latex[at + root.len()..].trim_start();
        if let Some((_, after)) = rest.strip_prefix('[').and_then(|degree| degree.split_once(']')) {
            rest = after.trim_start();
        }
        if !rest.starts_with('{') {
            let message = "put what is under a root in braces: `\\sqrt{x}`".into();
            return Err(MathError { message, offset: at });
        }
    }
    Ok(())
}

/// Makes the port's output one line and the same in every run: it keeps attributes and styles in
/// hash maps.
fn tidy(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>').expect("every tag is closed") + 1;
        out.push_str(&rest[..start]);
        push_sorted(&mut out, &rest[start..end]);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out.replace('\n', " ")
}

/// Writes a tag with its attributes, and the declarations of its `style`, in order.
fn push_sorted(out: &mut String, tag: &str) {
    let mut parts: Vec<_> = tag.trim_end_matches(['>', '/']).split_inclusive("\" ").collect();
    let (name, first) = parts[0].split_once(' ').unwrap_or((parts[0], ""));
    parts[0] = first;
    let mut attributes: Vec<String> = parts
        .iter()
        .map(|part| part.trim_end())
        .filter(|attribute| !attribute.is_empty())
        .map(|attribute| match attribute.strip_prefix("style=\"") {
            None => attribute.to_owned(),
            Some(style) => {
                let mut style: Vec<_> = style.trim_end_matches('"').split_terminator(';').collect();
                style.sort_unstable();
                format!("style=\"{}\"", style.join(";"))
            }
        })
        .collect();
    attributes.sort_unstable();
    out.push_str(name);
    for attribute in attributes {
        write!(out, " {attribute}").expect("a String takes everything");
    }
    out.push_str(if tag.ends_with("/>") { "/>" } else { ">" });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_chapters_need_is_rendered() {
        for latex in [
            r"\begin{bmatrix} \lambda_1 & 0 \\ 0 & \lambda_2 \end{bmatrix}",
            r"\begin{cases} \tfrac12 r^2 & \text{if } |r| \le \delta, \\ 0 & \text{else} \end{cases}",
            r"\begin{aligned} v &= \rho v + g, \\ w &= w - \eta v, \\ &\quad t = 1, 2, \dots \end{aligned}",
            r"\underbrace{\frac{1}{N}\sum_i \ell_i}_{\text{data loss}} + \overbrace{\lambda R}^{r}",
            r"\hat{w} \tilde{\theta} \bar{x} \vec{v} \dot{x} \widehat{wx} \overline{x+y}",
            r"\nabla f\colon \mathbb{R}^n \to \mathbb{R}",
            r"e^{-\frac{(x-\mu)^2}{2\sigma^2}}",
            r"\sqrt[3]{1 + \sqrt{1 + x}}",
            r"\sum\limits_{i=1}^{N} \lVert w_i \rVert_2",
            r"\left( \frac{a}{b} \right) \left.\frac{\partial f}{\partial w}\right|_{w = w_0}",
            r"\operatorname*{arg\,min}_{w} f(w)",
            r"g \odot g \boldsymbol{\theta} \mathbf{W} \mathcal{L} \mathrm{d}x",
            r"\Bigl( \langle u, v \rangle \Bigr)^{\!\top} \quad \text{for all } x \in S",
            r"\begin{array}{r|l} a & b \\ \hline c & d \end{array}",
        ] {
            for displayed in [false, true] {
                let html = render(latex, displayed).unwrap_or_else(|e| panic!("{latex}: {e}"));
                assert!(!html.contains('\n'), "{latex}");
                assert_eq!(html.matches("<span").count(), html.matches("</span>").count());
                assert_eq!(html.matches("<math").count(), 1);
                assert_eq!(html.contains("display=\"block\""), displayed);
                assert!(!html.contains("katex-error"), "{latex}");
            }
        }
    }

    #[test]
    fn a_formula_that_does_not_parse_is_an_error_with_its_place() {
        for (latex, offset, part) in [
            ("", 0, "empty"),
            (" \n ", 0, "empty"),
            (r"\frac{1}{2", 10, "expected '}'"),
            (r"a + \foo b", 4, r"\foo"),
            (r"x_1_2", 3, "subscript"),
            (r"\begin{bmatrix} 1 \end{pmatrix}", 31, "matched"),
            ("\\begin{aligned}\na &= b \\\\\nc &= \\lefft(d\n\\end{aligned}", 31, r"\lefft"),
            (r"\text{ünïcode} \nope", 17, r"\nope"),
            (r"1 + \sqrt\kappa", 4, "braces"),
            (r"\sqrt[3] x", 0, "braces"),
            (r"50% of it", 9, "% comment"),
        ] {
            let error = render(latex, true).expect_err(latex);
            assert!(
                error.message.to_lowercase().contains(part) && !error.message.contains('\n'),
                "{latex}: {error}"
            );
            assert_eq!(error.offset, offset, "{latex}: {error}");
        }
    }

    #[test]
    fn the_source_stays_with_the_formula() {
        let html = render(r"a < b & |c| `_*", false);
        assert!(html.is_err(), "an ampersand outside an environment");
        let html = render(r"a < b_1 * c", false).unwrap();
        assert!(html.contains(r"a &lt; b_1 * c</annotation>"), "{html}");
    }

    #[test]
    fn screen_readers_get_names_without_backslashes() {
        let html = render(r"\min_x \exp(x) + \lim_{t \to 0} \Pr(A) + \det A", false).unwrap();
        let mathml = html.split("<annotation").next().unwrap();
        assert!(!mathml.contains('\\'), "{mathml}");
        assert!(mathml.contains("<mi>min</mi>") && mathml.contains("<mi>Pr</mi>"), "{mathml}");
    }

    #[test]
    fn the_output_is_the_same_every_time() {
        let latex = r"\sqrt{x} + \underbrace{\frac{a}{b}}_{\text{if so}}";
        let first = render(latex, true).unwrap();
        for _ in 0..5 {
            // A fresh context each: a hash map's order would show.
            let settings = Settings::builder().display_mode(true).build();
            let html = katex::render_to_string(&KatexContext::default(), latex, &settings).unwrap();
            assert_eq!(format!("{OPEN}{}{CLOSE}", tidy(&html)), first);
        }
        assert!(first.contains(";vertical-align:"), "after the height: {first}");
    }
}
