//! The command `gradus` on a project of its own: what it makes, and what it refuses.
