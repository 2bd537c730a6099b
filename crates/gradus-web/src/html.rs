//! The first frame as HTML: what stands on the page until the script is there, in print, and without it.

use std::fmt::Write as _;

use crate::{Frame, open};

/// The HTML that the book's build puts in the place of an explorer, as one block without blank lines.
///
/// # Errors
/// As [`open`].
pub fn first_frame(link: &str) -> Result<String, String> {
    let frame = open(link)?;
    let mut html = format!(
        "<section class=\"explorer\" data-link=\"{}\" aria-label=\"Explorer: {}\">\n\
         <p class=\"explorer-title\"><strong>{}</strong></p>\n\
         <p class=\"explorer-first\">{}</p>\n",
        escape(&frame.link()),
        escape(frame.explorer.title()),
        escape(frame.explorer.title()),
        escape(frame.explorer.first()),
    );
    html.push_str(&views(&frame));
    let _ = write!(
        html,
        "<p class=\"explorer-words\">{}</p>\n</section>\n",
        escape(&frame.picture.words)
    );
    Ok(html)
}

fn views(frame: &Frame) -> String {
    let mut html = String::from("<div class=\"explorer-views\">\n");
    for view in &frame.picture.views {
        if view.wide {
            // On a phone it scrolls: the keyboard has to get there, without script too.
            let _ = write!(
                html,
                "<div class=\"explorer-view wide\" tabindex=\"0\" role=\"group\" aria-label=\"{}\">",
                escape(&view.label)
            );
        } else {
            html.push_str("<div class=\"explorer-view\">");
        }
        html.push_str("<div class=\"explorer-layers\">");
        for layer in &view.layers {
            html.push_str(layer.svg.trim_end());
        }
        html.push_str("</div></div>\n");
    }
    html + "</div>\n"
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_first_frame_is_one_block_with_figure_and_words() {
        for explorer in crate::ALL {
            let html = first_frame(explorer.name()).unwrap();
            assert!(html.contains("<svg") && html.contains("<title"), "{}", explorer.name());
            assert!(html.lines().all(|line| !line.trim().is_empty()), "{}", explorer.name());
        }
    }
}
