//! The one loop that all elementwise rules share: fused, on several threads, in the widest vectors.

use crate::{Scalar, threads};

/// Below this many coordinates a thread's start costs more than it saves.
const COORDINATES_PER_THREAD: usize = 1 << 18;

/// Applies `kernel` to every coordinate, on several threads if there are many.
pub(super) fn each<T: Scalar, const K: usize>(
    mut x: &mut [T],
    mut gradient: &[T],
    mut slots: [&mut [T]; K],
    kernel: impl Fn(&mut T, T, [&mut T; K]) + Copy + Send,
) {
    let threads = threads::parts(x.len(), COORDINATES_PER_THREAD);
    let chunk = x.len().div_ceil(threads);
    if threads == 1 {
        return aligned(x, gradient, slots, kernel);
    }
    std::thread::scope(|scope| {
        while x.len() > chunk {
            let (head, tail) = std::mem::take(&mut x).split_at_mut(chunk);
            let (g, rest) = gradient.split_at(chunk);
            let part = split(&mut slots, chunk);
            (x, gradient) = (tail, rest);
            scope.spawn(move || aligned(head, g, part, kernel));
        }
        aligned(x, gradient, slots, kernel);
    });
}

/// The first `count` numbers of every slot; the rest stays.
fn split<'a, T, const K: usize>(slots: &mut [&'a mut [T]; K], count: usize) -> [&'a mut [T]; K] {
    slots.each_mut().map(|slot| {
        let (head, tail) = std::mem::take(slot).split_at_mut(count);
        *slot = tail;
        head
    })
}

/// Bytes that a processor reads at a time.
const CACHE_LINE: usize = 64;

/// One pass that begins a cache line of `x`: a vector that lies across two costs two reads. Large arrays
/// come from the system at one offset from a page, so that the others then lie as `x` does.
fn aligned<T: Scalar, const K: usize>(
    x: &mut [T],
    gradient: &[T],
    mut slots: [&mut [T]; K],
    kernel: impl Fn(&mut T, T, [&mut T; K]) + Copy,
) {
    let before = x.as_ptr().align_offset(CACHE_LINE).min(x.len());
    let (head, x) = x.split_at_mut(before);
    let (g, gradient) = gradient.split_at(before);
    let first = split(&mut slots, before);
    Pass { x: head, gradient: g, slots: first, kernel }.run();
    Pass { x, gradient, slots, kernel }.widest();
}

/// A kernel and the coordinates that it goes over.
struct Pass<'a, T, F, const K: usize> {
    x: &'a mut [T],
    gradient: &'a [T],
    slots: [&'a mut [T]; K],
    kernel: F,
}

impl<T: Scalar, F: Fn(&mut T, T, [&mut T; K]), const K: usize> Pass<'_, T, F, K> {
    /// All slices have one length, which the compiler sees: no check is left in the loop and it becomes
    /// vector instructions.
    #[inline(always)]
    fn run(self) {
        let n = self.x.len();
        let gradient = &self.gradient[..n];
        let mut slots = self.slots.map(|slot| &mut slot[..n]);
        for i in 0..n {
            (self.kernel)(&mut self.x[i], gradient[i], slots.each_mut().map(|slot| &mut slot[i]));
        }
    }

    /// [`run`](Pass::run) with the widest vectors that the processor has, whatever the crate was compiled
    /// for. The numbers are the same: no operation is fused with another.
    #[cfg(target_arch = "x86_64")]
    fn widest(self) {
        pulp::Arch::new().dispatch(self);
    }

    /// Elsewhere all processors have the same.
    #[cfg(not(target_arch = "x86_64"))]
    fn widest(self) {
        self.run();
    }
}

#[cfg(target_arch = "x86_64")]
impl<T: Scalar, F: Fn(&mut T, T, [&mut T; K]), const K: usize> pulp::WithSimd
    for Pass<'_, T, F, K>
{
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        self.run();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Adam's arithmetic: products that a fused operation would round otherwise, a root and a quotient.
    fn kernel<T: Scalar>(x: &mut T, g: T, [m, v]: [&mut T; 2]) {
        *m = T::of(0.9) * *m + T::of(0.1) * g;
        *v = T::of(0.999) * *v + T::of(0.001) * g * g;
        *x -= T::of(0.01) * *m / (v.sqrt() + T::of(1e-8));
    }

    /// Wherever an array begins and however long it is, a coordinate becomes what it becomes alone.
    fn agrees<T: Scalar>() {
        for (start, len) in (0..20).flat_map(|start| [0, 1, 15, 64, 203].map(|len| (start, len))) {
            let made = |f: fn(f64) -> f64| -> Vec<T> {
                (0..start + len).map(|i| T::of(f(i as f64 + 0.3))).collect()
            };
            let (mut x, g) = (made(f64::sin), made(f64::cos));
            let (mut m, mut v) = (made(|i| (i * i).sin()), made(f64::sqrt));
            let alone: Vec<[T; 3]> = (start..start + len)
                .map(|i| {
                    let [mut x, mut m, mut v] = [x[i], m[i], v[i]];
                    kernel(&mut x, g[i], [&mut m, &mut v]);
                    [x, m, v]
                })
                .collect();
            each(&mut x[start..], &g[start..], [&mut m[start..], &mut v[start..]], kernel);
            let together: Vec<[T; 3]> = (start..start + len).map(|i| [x[i], m[i], v[i]]).collect();
            assert_eq!(together, alone, "from {start}, {len} numbers");
        }
    }

    #[test]
    fn vectors_change_no_number() {
        agrees::<f32>();
        agrees::<f64>();
    }
}
