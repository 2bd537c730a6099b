//! Who has which colour and dash, through the whole book.
//!
//! Each update rule owns one pair of colour and dash ([`of`]); every other series takes the next
//! pair of a quiet palette that no rule uses. The colours are those of Okabe and Ito (2008), made
//! darker where a line would have less than 3 : 1 contrast on white; all have it on the dark page
//! too. No black: the axes and gradient descent, the yardstick, take the page's own text colour.

/// A colour and a dash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Red, green and blue, 0 to 255; `None` is the text colour of the page (`currentColor`).
    pub colour: Option<[u8; 3]>,
    /// Lengths of strokes and gaps in tenths of a pixel; empty for a solid line.
    pub dash: &'static [u16],
}

/// A style, and the shape of marks that tells series of one style apart: two runs of one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) style: Style,
    pub(super) variant: usize,
}

const BLUE: [u8; 3] = [0x00, 0x72, 0xB2];
const VERMILLION: [u8; 3] = [0xD5, 0x5E, 0x00];
const GREEN: [u8; 3] = [0x00, 0x9E, 0x73];
const PURPLE: [u8; 3] = [0xC4, 0x70, 0x9F];
const ORANGE: [u8; 3] = [0xC4, 0x80, 0x00];
const SKY: [u8; 3] = [0x3A, 0x9B, 0xD6];
const OLIVE: [u8; 3] = [0x96, 0x8A, 0x00];

const SLATE: [u8; 3] = [0x6B, 0x7F, 0x94];
const BROWN: [u8; 3] = [0xA0, 0x70, 0x3C];
const TEAL: [u8; 3] = [0x3F, 0x8F, 0x8F];
const PLUM: [u8; 3] = [0x94, 0x67, 0xA8];

const SOLID: &[u16] = &[];
const DASHED: &[u16] = &[70, 35];
const DOTTED: &[u16] = &[18, 28];
const DASH_DOT: &[u16] = &[80, 30, 18, 30];
const LONG: &[u16] = &[140, 45];
const DASH_DOT_DOT: &[u16] = &[80, 28, 18, 28, 18, 28];

const fn pair(colour: [u8; 3], dash: &'static [u16]) -> Style {
    Style { colour: Some(colour), dash }
}

/// The text colour of the page, solid: axes, notes, gradient descent.
pub const TEXT: Style = Style { colour: None, dash: SOLID };

/// Every rule, by the names that a series may begin with (lower case, letters and digits only).
const RULES: [(&[&str], Style); 20] = [
    (&["gradientdescent", "gd", "steepestdescent"], TEXT),
    (&["sgd", "stochasticgradientdescent"], Style { colour: None, dash: DOTTED }),
    (&["momentum", "heavyball"], pair(BLUE, SOLID)),
    (&["nesterov", "nesterovmomentum", "nag"], pair(VERMILLION, DASHED)),
    (&["adagrad"], pair(GREEN, DASH_DOT)),
    (&["rmsprop"], pair(ORANGE, LONG)),
    (&["adadelta"], pair(OLIVE, DASHED)),
    (&["adam"], pair(PURPLE, SOLID)),
    (&["adamw"], pair(PURPLE, DASHED)),
    (&["amsgrad"], pair(SKY, DASH_DOT)),
    (&["adamax"], pair(SKY, SOLID)),
    (&["nadam"], pair(VERMILLION, DOTTED)),
    (&["radam"], pair(GREEN, DOTTED)),
    (&["adabound"], pair(ORANGE, DOTTED)),
    (&["yogi"], pair(OLIVE, SOLID)),
    (&["lion"], pair(VERMILLION, SOLID)),
    (&["newton", "newtonsmethod"], pair(GREEN, SOLID)),
    (&["bfgs"], pair(SKY, LONG)),
    (&["lbfgs"], pair(BLUE, DASHED)),
    (&["conjugategradient", "conjugategradients", "cg"], pair(ORANGE, SOLID)),
];

/// The pairs of all other series, in this order; none belongs to a rule.
const NEUTRAL: [Style; 8] = [
    pair(SLATE, SOLID),
    pair(BROWN, DASHED),
    pair(TEAL, DASH_DOT),
    pair(PLUM, DOTTED),
    pair(SLATE, LONG),
    pair(BROWN, DASH_DOT_DOT),
    pair(TEAL, SOLID),
    pair(PLUM, LONG),
];

/// The style of the update rule that `name` begins with, whatever follows; `None` if it names none.
///
/// Case, hyphens and spaces do not matter: "L-BFGS, m = 10" is L-BFGS and "momentum 0.9" momentum.
///
/// ```
/// use gradus::plot::style;
///
/// assert_eq!(style::of("RMSProp, η = 0.01"), style::of("rmsprop"));
/// assert_ne!(style::of("Adam"), style::of("AdamW"));
/// assert_eq!(style::of("training loss"), None);
/// ```
pub fn of(name: &str) -> Option<Style> {
    // A rule's name may be several words, so every prefix of whole words is tried, longest first.
    let words: Vec<String> = name
        .split(|c: char| !c.is_alphanumeric() && c != '-' && c != '’' && c != '\'')
        .map(|word| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase())
        .filter(|word| !word.is_empty())
        .collect();
    (1..=words.len().min(3)).rev().find_map(|n| {
        let key = words[..n].concat();
        RULES.iter().find(|(names, _)| names.contains(&key.as_str())).map(|(_, style)| *style)
    })
}

/// The `k`-th style of a series that is no update rule.
pub(super) fn neutral(k: usize) -> Style {
    NEUTRAL[k % NEUTRAL.len()]
}

/// The fill of category `k` on a map of basins, light enough for lines on top.
pub(super) fn category(k: usize) -> [u8; 3] {
    [SKY, ORANGE, GREEN, PURPLE, OLIVE, BLUE, VERMILLION, SLATE][k % 8]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance([r, g, b]: [u8; 3]) -> f64 {
        let linear = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.03928 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
    }

    #[test]
    fn no_two_series_share_colour_and_dash() {
        let all: Vec<Style> = RULES.iter().map(|(_, s)| *s).chain(NEUTRAL).collect();
        for (i, a) in all.iter().enumerate() {
            for b in &all[i + 1..] {
                assert_ne!(a, b);
            }
        }
    }

    #[test]
    fn every_colour_has_three_to_one_on_white_and_on_the_dark_page() {
        let dark = luminance([0x15, 0x18, 0x1d]);
        for colour in RULES.iter().map(|(_, s)| *s).chain(NEUTRAL).filter_map(|s| s.colour) {
            let l = luminance(colour);
            assert!(1.05 / (l + 0.05) >= 3.0, "{colour:?} on white");
            assert!((l + 0.05) / (dark + 0.05) >= 3.0, "{colour:?} on dark");
        }
    }

    #[test]
    fn a_name_finds_its_rule() {
        assert_eq!(of("momentum 0.9"), Some(pair(BLUE, SOLID)));
        assert_eq!(of("L-BFGS, m = 10"), Some(pair(BLUE, DASHED)));
        assert_eq!(of("Newton’s method"), Some(pair(GREEN, SOLID)));
        assert_eq!(of("conjugate gradients"), of("CG"));
        assert_eq!(of("gradient descent"), Some(TEXT));
        assert_eq!(of("gradient norm"), None);
        assert_eq!(of(""), None);
    }
}
