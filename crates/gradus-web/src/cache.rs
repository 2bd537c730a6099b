//! Things that take long to make, kept while they are asked for again and again.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

/// How many things are kept: some for each explorer of a page.
const KEPT: usize = 24;

thread_local! {
    static CACHE: RefCell<Vec<(String, Rc<dyn Any>)>> = const { RefCell::new(Vec::new()) };
}

/// What `make` makes, made once for each key.
pub(crate) fn cached<T: 'static, E>(
    key: &str,
    make: impl FnOnce() -> Result<T, E>,
) -> Result<Rc<T>, E> {
    let found = CACHE.with_borrow_mut(|cache| {
        let at = cache.iter().position(|(k, _)| k == key)?;
        // The last one is the one used last.
        let entry = cache.remove(at);
        cache.push(entry);
        cache.last().and_then(|(_, thing)| thing.clone().downcast::<T>().ok())
    });
    if let Some(found) = found {
        return Ok(found);
    }
    let made = Rc::new(make()?);
    CACHE.with_borrow_mut(|cache| {
        if cache.len() >= KEPT {
            cache.remove(0);
        }
        cache.push((key.into(), made.clone()));
    });
    Ok(made)
}
