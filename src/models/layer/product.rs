use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2, Axis};

use crate::{Scalar, threads};

/// Multiplications and additions that are worth a thread.
pub(super) const WORK_PER_THREAD: usize = 1 << 21;

/// c ← a b + β c, on several threads if it is large.
///
/// Each element of c is one sum in one order, wherever c is cut.
pub(crate) fn product<T: Scalar>(
    a: ArrayView2<'_, T>,
    b: ArrayView2<'_, T>,
    beta: T,
    mut c: ArrayViewMut2<'_, T>,
) {
    let (rows, columns) = c.dim();
    let parts = threads::parts(rows * columns * a.ncols(), WORK_PER_THREAD);
    // The longer axis is cut, at multiples of the kernel's eight rows.
    let axis = Axis(usize::from(columns > rows));
    let chunk = c.len_of(axis).div_ceil(parts).next_multiple_of(8);
    let one = T::one();
    if parts == 1 {
        general_mat_mul(one, &a, &b, beta, &mut c);
    } else if axis == Axis(0) {
        let parts = a.axis_chunks_iter(axis, chunk).zip(c.axis_chunks_iter_mut(axis, chunk));
        threads::share(parts, |(a, mut c)| general_mat_mul(one, &a, &b, beta, &mut c));
    } else {
        let parts = b.axis_chunks_iter(axis, chunk).zip(c.axis_chunks_iter_mut(axis, chunk));
        threads::share(parts, |(b, mut c)| general_mat_mul(one, &a, &b, beta, &mut c));
    }
}
