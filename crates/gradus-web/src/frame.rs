//! A moment of an explorer: what the page shows and the link that restores it.

use serde_json::{Value, json};

use crate::{Explorer, Knob, Picture, Settings, View, find};

/// An explorer with its settings, drawn.
pub struct Frame {
    /// The explorer.
    pub explorer: &'static dyn Explorer,
    /// The settings.
    pub settings: Settings,
    /// What can be set.
    pub knobs: Vec<Knob>,
    /// What is seen.
    pub picture: Picture,
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frame").field("link", &self.link()).finish_non_exhaustive()
    }
}

/// The frame that a link names: `descent`, or `descent?problem=bowl&x=1`.
///
/// # Errors
/// A sentence for the reader: what is wrong with the link, and what was expected.
pub fn open(link: &str) -> Result<Frame, String> {
    let (explorer, settings) = parse(link)?;
    draw(explorer, settings)
}

/// The explorer and the settings of a link.
pub(crate) fn parse(link: &str) -> Result<(&'static dyn Explorer, Settings), String> {
    let (name, query) = link.split_once('?').unwrap_or((link, ""));
    let explorer = find(name).ok_or_else(|| {
        let names: Vec<&str> = crate::ALL.iter().map(|explorer| explorer.name()).collect();
        format!("there is no explorer `{name}`, expected one of {}", names.join(", "))
    })?;
    Ok((explorer, Settings::parse(explorer, query)?))
}

/// The frame of these settings.
pub(crate) fn draw(
    explorer: &'static dyn Explorer,
    mut settings: Settings,
) -> Result<Frame, String> {
    let knobs = settings.complete(explorer);
    let picture = explorer.draw(&settings).map_err(|error| error.to_string())?;
    Ok(Frame { explorer, settings, knobs, picture })
}

impl Frame {
    /// The link that restores the frame.
    pub fn link(&self) -> String {
        match self.settings.query() {
            query if query.is_empty() => self.explorer.name().to_string(),
            query => format!("{}?{query}", self.explorer.name()),
        }
    }

    /// The frame for the page's script.
    pub fn json(&self) -> Value {
        let controls: Vec<Value> = self
            .knobs
            .iter()
            .filter(|knob| !(knob.key == "step" && self.picture.last.is_some()))
            .filter_map(|knob| knob.describe(self.settings.text(&knob.key)))
            .collect();
        let presets = self.explorer.presets();
        json!({
            "name": self.explorer.name(),
            "title": self.explorer.title(),
            "first": self.explorer.first(),
            "presets": presets.map(|(name, query)| json!({
                "name": name,
                "link": format!("{}?{query}", self.explorer.name()),
            })),
            "link": self.link(),
            "controls": controls,
            "views": self.picture.views.iter().map(view).collect::<Vec<_>>(),
            "words": self.picture.words,
            "time": self.picture.last.map(|last| json!({
                "step": self.settings.count("step").min(last),
                "last": last,
            })),
        })
    }
}

fn view(view: &View) -> Value {
    let handles: Vec<Value> = view
        .handles
        .iter()
        .filter_map(|handle| {
            let (u, v) = view.axes?.place(handle.at);
            Some(json!({
                "key": handle.key,
                "label": handle.label,
                "value": crate::number::point(handle.at.0, handle.at.1),
                "u": u,
                "v": v,
                "sort": handle.sort,
                "removable": handle.removable,
            }))
        })
        .collect();
    json!({
        "name": view.name,
        "label": view.label,
        "wide": view.wide,
        "layers": view.layers.iter().map(|layer| json!({ "key": layer.key, "svg": layer.svg }))
            .collect::<Vec<_>>(),
        "handles": handles,
        "taps": view.axes.is_some(),
    })
}
