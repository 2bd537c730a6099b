//! Work shared out to threads, so that no result depends on how many there are.

use std::sync::atomic::{AtomicUsize, Ordering};

static THREADS: AtomicUsize = AtomicUsize::new(0);

/// Sets the number of threads that a step of a rule or a model may use; 0, the default, means one per core.
///
/// Small problems never start one. The results do not depend on the number, bit for bit. Without the
/// feature `threads` there is always one.
///
/// ```
/// gradus::set_threads(1);
/// ```
pub fn set_threads(threads: usize) {
    THREADS.store(threads, Ordering::Relaxed);
}

/// Into how many parts to cut work of this size, if a part is to have at least `least` of it.
pub(crate) fn parts(size: usize, least: usize) -> usize {
    let wanted = size / least;
    if wanted <= 1 || !cfg!(feature = "threads") {
        return 1;
    }
    match THREADS.load(Ordering::Relaxed) {
        0 => std::thread::available_parallelism().map_or(1, usize::from).min(wanted),
        threads => threads.min(wanted),
    }
}

/// Does `work` on every part, each on a thread of its own if there are several.
pub(crate) fn share<P: Send>(mut parts: impl ExactSizeIterator<Item = P>, work: impl Fn(P) + Sync) {
    if parts.len() <= 1 {
        return parts.for_each(work);
    }
    std::thread::scope(|scope| {
        let mine = parts.next();
        for part in parts {
            let work = &work;
            scope.spawn(move || work(part));
        }
        mine.into_iter().for_each(&work);
    });
}
