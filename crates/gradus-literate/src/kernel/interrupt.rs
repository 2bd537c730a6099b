use std::sync::Arc;
use tokio::sync::watch;

/// Says to everything under way that the user wants to stop. Clones are one and the same.
///
/// A command's handler of Ctrl-C and SIGTERM calls [`Interrupt::trigger`]; [`super::ensure`] and
/// [`crate::run::run_all`] then end their processes, remove their folders and return.
#[derive(Clone, Debug)]
pub struct Interrupt(Arc<watch::Sender<bool>>);

impl Default for Interrupt {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Interrupt {
    /// Nothing has happened yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Stop, all of you.
    pub fn trigger(&self) {
        self.0.send_replace(true);
    }

    /// Whether to stop.
    pub fn is_triggered(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns when it is time to stop.
    pub(crate) async fn triggered(&self) {
        // The sender cannot be gone: `self` holds it.
        let _ = self.0.subscribe().wait_for(|triggered| *triggered).await;
    }
}
