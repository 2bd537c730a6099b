//! What a reader does: it turns one link into another.

use crate::frame::{Frame, draw, parse};
use crate::settings::decode;

/// What a reader does. Places in a view are parts of its width and height, from the upper left.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Moves a slider.
    Slide {
        /// The knob's key.
        key: String,
        /// The slider's position.
        position: usize,
    },
    /// Takes a choice, or turns a switch to `yes` or `no`.
    Choose {
        /// The knob's key.
        key: String,
        /// The new value.
        value: String,
    },
    /// Goes to a step of the time.
    Step {
        /// The step.
        to: usize,
    },
    /// Points into a view.
    Tap {
        /// The view.
        view: String,
        /// From the left.
        u: f64,
        /// From above.
        v: f64,
    },
    /// Drags a handle to a place.
    Drag {
        /// The view.
        view: String,
        /// The handle.
        handle: String,
        /// From the left.
        u: f64,
        /// From above.
        v: f64,
    },
    /// Moves a handle by arrow keys.
    Nudge {
        /// The view.
        view: String,
        /// The handle.
        handle: String,
        /// Steps to the right.
        right: f64,
        /// Steps upwards.
        up: f64,
    },
    /// Removes a handle.
    Remove {
        /// The handle.
        handle: String,
    },
}

impl Action {
    /// Reads an action as the page's script writes it: `do=slide&key=x&position=12`.
    ///
    /// # Errors
    /// If it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        for (key, value) in text.split('&').filter_map(|pair| pair.split_once('=')) {
            parts.push((key, decode(value)?));
        }
        let part = |key: &str| {
            let found = parts.iter().find(|(name, _)| *name == key).map(|(_, value)| value.clone());
            found.ok_or_else(|| format!("`{text}` is no action: it has no `{key}`"))
        };
        let number = |key: &str| {
            let value = part(key)?;
            value.parse::<f64>().map_err(|_| format!("`{key}` is `{value}`, expected a number"))
        };
        Ok(match part("do")?.as_str() {
            "slide" => Self::Slide { key: part("key")?, position: number("position")? as usize },
            "choose" => Self::Choose { key: part("key")?, value: part("value")? },
            "step" => Self::Step { to: number("to")? as usize },
            "tap" => Self::Tap { view: part("view")?, u: number("u")?, v: number("v")? },
            "drag" => Self::Drag {
                view: part("view")?,
                handle: part("handle")?,
                u: number("u")?,
                v: number("v")?,
            },
            "nudge" => Self::Nudge {
                view: part("view")?,
                handle: part("handle")?,
                right: number("right")?,
                up: number("up")?,
            },
            "remove" => Self::Remove { handle: part("handle")? },
            other => return Err(format!("`{other}` is nothing that can be done")),
        })
    }
}

/// A step of an arrow key, as a part of the way between the axes.
const NUDGE: f64 = 0.01;

/// The frame after a reader did something to the frame of this link.
///
/// # Errors
/// As [`open`](crate::open); and if there is no such knob, view or handle.
pub fn act(link: &str, action: &Action) -> Result<Frame, String> {
    let (explorer, mut settings) = parse(link)?;
    let knobs = settings.complete(explorer);
    let knob = |key: &str| {
        knobs
            .iter()
            .find(|knob| knob.key == key)
            .ok_or_else(|| format!("there is no `{key}` to set"))
    };
    let old = settings.clone();
    let views = || draw(explorer, old.clone()).map(|frame| frame.picture.views);
    let axes = |name: &str| {
        let views = views()?;
        let view = views.into_iter().find(|view| view.name == name);
        view.and_then(|view| Some((view.axes?, view.handles)))
            .ok_or_else(|| format!("there is no view `{name}` to point into"))
    };
    match action {
        Action::Slide { key, position } => {
            settings.set(key, knob(key)?.at(*position));
            explorer.changed(key, &mut settings);
        }
        Action::Choose { key, value } => {
            knob(key)?.check(value)?;
            settings.set(key, value);
            explorer.changed(key, &mut settings);
        }
        Action::Step { to } => settings.set("step", knob("step")?.nearest(*to as f64)),
        Action::Tap { view, u, v } => {
            let (x, y) = axes(view)?.0.point((*u, *v));
            explorer.tap(view, x, y, &mut settings);
        }
        Action::Drag { view, handle, u, v } => {
            let (x, y) = axes(view)?.0.point((*u, *v));
            explorer.drag(handle, x, y, &mut settings);
        }
        Action::Nudge { view, handle, right, up } => {
            let (axes, handles) = axes(view)?;
            let moved = handles
                .iter()
                .find(|h| h.key == *handle)
                .ok_or_else(|| format!("there is no `{handle}` to move"))?;
            let [left, top, to_right, bottom] = axes.edges;
            let (u, v) = axes.place(moved.at);
            let place = (u + right * NUDGE * (to_right - left), v - up * NUDGE * (bottom - top));
            let (x, y) = axes.point(place);
            explorer.drag(handle, x, y, &mut settings);
        }
        Action::Remove { handle } => explorer.remove(handle, &mut settings),
    }
    settings.tidy(explorer);
    draw(explorer, settings)
}

/// Sets the knob `key` to the nearest value that it can have.
pub(crate) fn set_near(
    explorer: &dyn crate::Explorer,
    settings: &mut crate::Settings,
    key: &str,
    value: f64,
) {
    if let Some(knob) = settings.clone().complete(explorer).iter().find(|knob| knob.key == key) {
        settings.set(key, knob.nearest(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_read_as_the_script_writes_them() {
        let drag = Action::parse("do=drag&view=plane&handle=start&u=0.25&v=-1e-3").unwrap();
        assert_eq!(
            drag,
            Action::Drag { view: "plane".into(), handle: "start".into(), u: 0.25, v: -1e-3 }
        );
        let choose = Action::parse("do=choose&key=problem&value=six-hump+camel").unwrap();
        assert_eq!(
            choose,
            Action::Choose { key: "problem".into(), value: "six-hump camel".into() }
        );
        assert!(
            Action::parse("do=fly").is_err() && Action::parse("do=tap&view=plane&u=x&v=0").is_err()
        );
    }
}
