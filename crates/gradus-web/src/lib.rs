//! The explorers of the book: pieces that a reader moves, compiled to WebAssembly.
//!
//! An [`Explorer`] is a function: settings in, a [`Picture`] and words out. It remembers nothing. The settings
//! are the explorer's link (`descent?problem=Rosenbrock&a.rate=0.001`), and each thing that a reader does
//! ([`act`]) turns one link into another. So a link restores what was seen, the host's build of this crate
//! draws the same picture, and the page needs no more script than to pass on what the reader does.
//!
//! ```
//! let frame = gradus_web::open("descent?problem=Rosenbrock")?;
//! assert!(frame.picture.words.contains("Rosenbrock"));
//! let error = gradus_web::open("descent?problem=Mount Everest").unwrap_err();
//! assert!(error.starts_with("`problem` is `Mount Everest`, expected one of bowl, ravine,"));
//! # Ok::<(), String>(())
//! ```

mod action;
mod cache;
mod classifier;
mod conditioning;
mod descent;
#[cfg(target_arch = "wasm32")]
#[allow(unsafe_code)] // what the macro of wasm-bindgen writes
mod edge;
mod fitting;
mod frame;
mod gradient_check;
mod html;
mod knob;
mod layer;
mod number;
mod rules;
mod schedules;
mod settings;
mod small_net;
mod walk;

use gradus::Result;

pub use action::{Action, act};
pub use frame::{Frame, open};
pub use html::first_frame;
pub use knob::{Kind, Knob, Scale};
pub use layer::{Layer, View};
pub use settings::Settings;
pub use walk::{Walk, walk};

/// A piece of the book that a reader moves.
pub trait Explorer: Sync {
    /// Its name in links: one word.
    fn name(&self) -> &'static str;

    /// Its title.
    fn title(&self) -> &'static str;

    /// What to try first, in a sentence or two.
    fn first(&self) -> &'static str;

    /// Three settings that tell the chapter's story: what happens, and the link's part after `?`.
    fn presets(&self) -> [(&'static str, &'static str); 3];

    /// What can be set. It may depend on what is set already: a rule has its own hyperparameters.
    fn knobs(&self, settings: &Settings) -> Vec<Knob>;

    /// The picture and its words.
    ///
    /// # Errors
    /// If the crate refuses the settings.
    fn draw(&self, settings: &Settings) -> Result<Picture>;

    /// The numbers behind the picture.
    ///
    /// # Errors
    /// As [`draw`](Explorer::draw).
    fn numbers(&self, settings: &Settings) -> Result<Vec<f64>>;

    /// Forgets the settings that make no sense any more once `key` was changed.
    fn changed(&self, key: &str, settings: &mut Settings) {
        let _ = (key, settings);
    }

    /// The reader pointed at (`x`, `y`) of the view with this name.
    fn tap(&self, view: &str, x: f64, y: f64, settings: &mut Settings) {
        let _ = (view, x, y, settings);
    }

    /// The reader moved a handle to (`x`, `y`).
    fn drag(&self, handle: &str, x: f64, y: f64, settings: &mut Settings) {
        let _ = (handle, x, y, settings);
    }

    /// The reader removed a handle.
    fn remove(&self, handle: &str, settings: &mut Settings) {
        let _ = (handle, settings);
    }
}

/// What an explorer shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The figures, the most important first.
    pub views: Vec<View>,
    /// The picture in words, for those who cannot see it and those who want numbers.
    pub words: String,
    /// The last step of the time that can be played, if there is one: the knob `step` is the time.
    pub last: Option<usize>,
}

/// Every explorer, in the order of the page that holds them all.
pub const ALL: [&dyn Explorer; 7] = [
    &descent::Descent,
    &conditioning::Conditioning,
    &schedules::Schedules,
    &classifier::Classifier,
    &fitting::Fitting,
    &gradient_check::GradientCheck,
    &small_net::SmallNet,
];

/// The explorer with this name.
pub fn find(name: &str) -> Option<&'static dyn Explorer> {
    ALL.into_iter().find(|explorer| explorer.name() == name)
}

/// The numbers behind a link's picture, in a fixed order: what a test holds the WebAssembly to.
///
/// # Errors
/// As [`open`].
pub fn numbers(link: &str) -> std::result::Result<Vec<f64>, String> {
    let (explorer, mut settings) = frame::parse(link)?;
    settings.complete(explorer);
    explorer.numbers(&settings).map_err(|error| error.to_string())
}
