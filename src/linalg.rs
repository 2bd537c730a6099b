//! Dense decompositions of small matrices.
//!
//! A notebook's kernel reads the sources of every dependency before it knows a variable's type; a
//! linear algebra library alone would cost a reader ten seconds at the start of each notebook. What
//! the crate needs of one is here: four textbook algorithms.

use ndarray::{Array1, Array2, ArrayView1};

/// A = V diag(λ) Vᵀ.
#[derive(Debug, Clone)]
pub(crate) struct Eigen {
    /// λ₁ ≤ λ₂ ≤ …
    pub values: Array1<f64>,
    /// The eigenvector of λⱼ is column j, of length 1.
    pub vectors: Array2<f64>,
}

/// The eigenvalues and eigenvectors of a symmetric matrix, whose lower triangle is read:
/// Householder's reduction to a tridiagonal matrix, then the implicit QL method (EISPACK's `tred2`
/// and `tql2`; J. H. Wilkinson and C. Reinsch, *Handbook for Automatic Computation* II, 1971).
pub(crate) fn symmetric_eigen(matrix: &Array2<f64>) -> Eigen {
    let n = matrix.nrows();
    let mut vectors = Array2::from_shape_fn((n, n), |(i, j)| matrix[(i.max(j), i.min(j))]);
    let (mut diagonal, mut off) = tridiagonalise(&mut vectors);
    implicit_ql(&mut diagonal, &mut off, &mut vectors);
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| diagonal[i].total_cmp(&diagonal[j]));
    Eigen {
        values: order.iter().map(|&i| diagonal[i]).collect(),
        vectors: Array2::from_shape_fn((n, n), |(i, j)| vectors[(i, order[j])]),
    }
}

/// Replaces the symmetric `v` by the orthogonal Q with QᵀAQ tridiagonal; returns its diagonal and the
/// elements below it, the one of row i at index i.
fn tridiagonalise(v: &mut Array2<f64>) -> (Vec<f64>, Vec<f64>) {
    let n = v.nrows();
    let (mut d, mut e) = (vec![0.0; n], vec![0.0; n]);
    for i in (1..n).rev() {
        let scale: f64 = (0..i).map(|k| v[(i, k)].abs()).sum();
        if i == 1 || scale == 0.0 {
            e[i] = v[(i, i - 1)];
            d[i] = 0.0;
            continue;
        }
        let mut h = 0.0;
        for k in 0..i {
            v[(i, k)] /= scale;
            h += v[(i, k)] * v[(i, k)];
        }
        let f = v[(i, i - 1)];
        let g = -h.sqrt().copysign(f);
        e[i] = scale * g;
        h -= f * g;
        v[(i, i - 1)] = f - g;
        let mut sum = 0.0;
        for j in 0..i {
            v[(j, i)] = v[(i, j)] / h;
            let mut g = 0.0;
            for k in 0..=j {
                g += v[(j, k)] * v[(i, k)];
            }
            for k in j + 1..i {
                g += v[(k, j)] * v[(i, k)];
            }
            e[j] = g / h;
            sum += e[j] * v[(i, j)];
        }
        let hh = sum / (h + h);
        for j in 0..i {
            let f = v[(i, j)];
            let g = e[j] - hh * f;
            e[j] = g;
            for k in 0..=j {
                v[(j, k)] -= f * e[k] + g * v[(i, k)];
            }
        }
        d[i] = h;
    }
    d[0] = 0.0;
    e[0] = 0.0;
    // Accumulate the reflections.
    for i in 0..n {
        if d[i] != 0.0 {
            for j in 0..i {
                let g: f64 = (0..i).map(|k| v[(i, k)] * v[(k, j)]).sum();
                for k in 0..i {
                    v[(k, j)] -= g * v[(k, i)];
                }
            }
        }
        d[i] = v[(i, i)];
        v[(i, i)] = 1.0;
        for j in 0..i {
            v[(j, i)] = 0.0;
            v[(i, j)] = 0.0;
        }
    }
    (d, e)
}

/// Turns the tridiagonal matrix (diagonal `d`, below it `e`) into its eigenvalues in `d`, and carries
/// the rotations over into the columns of `v`.
fn implicit_ql(d: &mut [f64], e: &mut [f64], v: &mut Array2<f64>) {
    let n = d.len();
    e.rotate_left(1);
    for l in 0..n {
        // Two or three rounds are usual; the limit only keeps a NaN from looping for ever.
        for _ in 0..100 {
            let small = |m: usize| e[m].abs() <= f64::EPSILON * (d[m].abs() + d[m + 1].abs());
            let m = (l..n - 1).find(|&m| small(m)).unwrap_or(n - 1);
            if m == l {
                break;
            }
            let mut g = (d[l + 1] - d[l]) / (2.0 * e[l]);
            let mut r = g.hypot(1.0);
            g = d[m] - d[l] + e[l] / (g + r.copysign(g));
            let (mut s, mut c, mut p) = (1.0, 1.0, 0.0);
            let mut split = false;
            for i in (l..m).rev() {
                let f = s * e[i];
                let b = c * e[i];
                r = f.hypot(g);
                e[i + 1] = r;
                if r == 0.0 {
                    d[i + 1] -= p;
                    e[m] = 0.0;
                    split = true;
                    break;
                }
                s = f / r;
                c = g / r;
                g = d[i + 1] - p;
                r = (d[i] - g) * s + 2.0 * c * b;
                p = s * r;
                d[i + 1] = g + p;
                g = c * r - b;
                for k in 0..n {
                    let f = v[(k, i + 1)];
                    v[(k, i + 1)] = s * v[(k, i)] + c * f;
                    v[(k, i)] = c * v[(k, i)] - s * f;
                }
            }
            if !split {
                d[l] -= p;
                e[l] = g;
                e[m] = 0.0;
            }
        }
    }
}

/// A = U diag(σ) Vᵀ, thin: with k = min(rows, columns), U is rows × k and V is columns × k.
#[derive(Debug, Clone)]
pub(crate) struct Svd {
    pub u: Array2<f64>,
    /// σ₁ ≥ σ₂ ≥ … ≥ 0.
    pub sigma: Array1<f64>,
    pub v: Array2<f64>,
}

impl Svd {
    /// The number of singular values above `limit`.
    pub fn rank(&self, limit: f64) -> usize {
        self.sigma.iter().filter(|&&sigma| sigma > limit).count()
    }

    /// The shortest x of least ‖A x − b‖, where singular values of at most `limit` count as zero.
    pub fn solve(&self, b: ArrayView1<'_, f64>, limit: f64) -> Array1<f64> {
        let rank = self.rank(limit);
        let mut coordinates = self.u.t().dot(&b);
        for (k, c) in coordinates.iter_mut().enumerate() {
            *c = if k < rank { *c / self.sigma[k] } else { 0.0 };
        }
        self.v.dot(&coordinates)
    }
}

/// The singular value decomposition, by rotating pairs of columns until all are orthogonal
/// (M. R. Hestenes, "Inversion of matrices by biorthogonalization", 1958): slow for large matrices,
/// exact for small singular values.
pub(crate) fn svd(matrix: &Array2<f64>) -> Svd {
    let (rows, columns) = matrix.dim();
    if rows < columns {
        let Svd { u, sigma, v } = svd(&matrix.t().to_owned());
        return Svd { u: v, sigma, v: u };
    }
    // Columns lie side by side in memory when they are rows.
    let mut a = matrix.t().as_standard_layout().into_owned();
    let mut v = Array2::<f64>::eye(columns);
    // Six to ten sweeps are usual; the limit only keeps a NaN from looping for ever.
    for _ in 0..60 {
        let mut rotated = false;
        for p in 0..columns {
            for q in p + 1..columns {
                let (x, y) = (a.row(p), a.row(q));
                let (alpha, beta, gamma) = (x.dot(&x), y.dot(&y), x.dot(&y));
                if gamma.abs() <= f64::EPSILON * (alpha * beta).sqrt() || gamma == 0.0 {
                    continue;
                }
                rotated = true;
                let zeta = (beta - alpha) / (2.0 * gamma);
                let t = 1.0_f64.copysign(zeta) / (zeta.abs() + zeta.hypot(1.0));
                let c = 1.0 / t.hypot(1.0);
                for m in [&mut a, &mut v] {
                    for k in 0..m.ncols() {
                        let (x, y) = (m[(p, k)], m[(q, k)]);
                        m[(p, k)] = c * (x - t * y);
                        m[(q, k)] = c * (y + t * x);
                    }
                }
            }
        }
        if !rotated {
            break;
        }
    }
    let norms: Vec<f64> = a.rows().into_iter().map(|x| x.dot(&x).sqrt()).collect();
    let mut order: Vec<usize> = (0..columns).collect();
    order.sort_by(|&i, &j| norms[j].total_cmp(&norms[i]));
    let unit = |i: usize, k: usize| if norms[i] > 0.0 { a[(i, k)] / norms[i] } else { 0.0 };
    Svd {
        u: Array2::from_shape_fn((rows, columns), |(k, j)| unit(order[j], k)),
        sigma: order.iter().map(|&i| norms[i]).collect(),
        v: Array2::from_shape_fn((columns, columns), |(k, j)| v[(order[j], k)]),
    }
}

/// The lower triangular L with A = L Lᵀ, or `None` if the symmetric A is not positive definite.
pub(crate) fn cholesky(matrix: &Array2<f64>) -> Option<Array2<f64>> {
    let n = matrix.nrows();
    let mut l = Array2::<f64>::zeros((n, n));
    for i in 0..n {
        for j in 0..=i {
            let inner: f64 = (0..j).map(|k| l[(i, k)] * l[(j, k)]).sum();
            let rest = matrix[(i, j)] - inner;
            l[(i, j)] = if i > j {
                rest / l[(j, j)]
            } else if rest > 0.0 {
                rest.sqrt()
            } else {
                return None;
            };
        }
    }
    Some(l)
}

/// The solution of L Lᵀ x = b.
pub(crate) fn cholesky_solve(l: &Array2<f64>, b: ArrayView1<'_, f64>) -> Array1<f64> {
    let n = b.len();
    let mut x = b.to_owned();
    for i in 0..n {
        let inner: f64 = (0..i).map(|k| l[(i, k)] * x[k]).sum();
        x[i] = (x[i] - inner) / l[(i, i)];
    }
    for i in (0..n).rev() {
        let inner: f64 = (i + 1..n).map(|k| l[(k, i)] * x[k]).sum();
        x[i] = (x[i] - inner) / l[(i, i)];
    }
    x
}

/// The solution of A x = b by elimination with row exchanges, or `None` if A is singular.
pub(crate) fn solve(matrix: &Array2<f64>, b: ArrayView1<'_, f64>) -> Option<Array1<f64>> {
    let n = b.len();
    let (mut a, mut x) = (matrix.clone(), b.to_owned());
    for k in 0..n {
        let pivot = (k..n).max_by(|&i, &j| a[(i, k)].abs().total_cmp(&a[(j, k)].abs()))?;
        if a[(pivot, k)] == 0.0 || !a[(pivot, k)].is_finite() {
            return None;
        }
        for j in 0..n {
            a.swap((k, j), (pivot, j));
        }
        x.swap(k, pivot);
        for i in k + 1..n {
            let factor = a[(i, k)] / a[(k, k)];
            for j in k..n {
                a[(i, j)] -= factor * a[(k, j)];
            }
            x[i] -= factor * x[k];
        }
    }
    for i in (0..n).rev() {
        let inner: f64 = (i + 1..n).map(|j| a[(i, j)] * x[j]).sum();
        x[i] = (x[i] - inner) / a[(i, i)];
    }
    Some(x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    use proptest::prelude::*;

    // A backward stable algorithm is off by a modest multiple of n ε ‖A‖; n is at most 8 and the
    // entries at most 10 here.
    const CLOSE: f64 = 1e-12;

    fn close(a: &Array2<f64>, b: &Array2<f64>) -> bool {
        (a - b).iter().all(|d| d.abs() <= CLOSE)
    }

    fn matrix(
        rows: impl Strategy<Value = usize>,
        columns: impl Strategy<Value = usize>,
    ) -> impl Strategy<Value = Array2<f64>> {
        (rows, columns).prop_flat_map(|(rows, columns)| {
            // Zeros and repeated numbers, so that ranks drop and eigenvalues coincide.
            let entry = prop_oneof![Just(0.0), Just(1.0), -10.0..10.0];
            prop::collection::vec(entry, rows * columns)
                .prop_map(move |v| Array2::from_shape_vec((rows, columns), v).unwrap())
        })
    }

    proptest! {
        #[test]
        fn a_symmetric_matrix_is_put_together_again(m in (1..9_usize).prop_flat_map(|n| matrix(Just(n), Just(n)))) {
            let a = (&m + &m.t()) / 2.0;
            let Eigen { values, vectors } = symmetric_eigen(&a);
            let again = vectors.dot(&Array2::from_diag(&values)).dot(&vectors.t());
            prop_assert!(close(&again, &a), "{again} is not {a}");
            prop_assert!(close(&vectors.t().dot(&vectors), &Array2::eye(a.nrows())));
            prop_assert!(values.windows(2).into_iter().all(|w| w[0] <= w[1]));
        }

        #[test]
        fn any_matrix_is_the_product_of_its_decomposition(a in matrix(1..9_usize, 1..9_usize)) {
            let svd = svd(&a);
            let again = svd.u.dot(&Array2::from_diag(&svd.sigma)).dot(&svd.v.t());
            prop_assert!(close(&again, &a), "{again} is not {a}");
            prop_assert!(close(&svd.v.t().dot(&svd.v).mapv(|x| x), &Array2::eye(svd.sigma.len())) || a.nrows() < a.ncols());
            prop_assert!(svd.sigma.windows(2).into_iter().all(|w| w[0] >= w[1]) && svd.sigma.iter().all(|s| *s >= 0.0));
        }

        #[test]
        fn systems_are_solved(a in (1..9_usize).prop_flat_map(|n| matrix(Just(n), Just(n)))) {
            // Shifted, so that it is regular; AᵀA + 1 is positive definite.
            let n = a.nrows();
            let x = Array1::from_shape_fn(n, |i| i as f64 - 1.5);
            let spd = a.t().dot(&a) + Array2::<f64>::eye(n);
            // The condition number is at most 1 + 8 · 10² · 8, so seven digits of sixteen may go.
            let near = |y: Array1<f64>| (y - &x).iter().all(|d| d.abs() < 1e-9);
            let l = cholesky(&spd).unwrap();
            prop_assert!(near(cholesky_solve(&l, spd.dot(&x).view())));
            prop_assert!(near(solve(&spd, spd.dot(&x).view()).unwrap()));
        }
    }

    #[test]
    fn known_values() {
        let eigen = symmetric_eigen(&array![[2.0, 1.0], [1.0, 2.0]]);
        assert!((eigen.values - array![1.0, 3.0]).iter().all(|d| d.abs() < 1e-15));
        // The second difference of n points: 2 − 2 cos(k π / (n + 1)).
        let n = 30;
        let a = Array2::from_shape_fn((n, n), |(i, j)| match i.abs_diff(j) {
            0 => 2.0,
            1 => -1.0,
            _ => 0.0,
        });
        for (k, value) in symmetric_eigen(&a).values.iter().enumerate() {
            let exact = 2.0 - 2.0 * ((k + 1) as f64 * std::f64::consts::PI / (n + 1) as f64).cos();
            assert!((value - exact).abs() < 1e-14, "{value} {exact}");
        }
    }

    #[test]
    fn what_has_no_solution_gives_none() {
        let singular = array![[1.0, 2.0], [2.0, 4.0]];
        assert!(solve(&singular, array![1.0, 1.0].view()).is_none());
        assert!(cholesky(&array![[1.0, 2.0], [2.0, 1.0]]).is_none());
        // The shortest of many solutions.
        let x = svd(&singular).solve(array![1.0, 2.0].view(), 1e-12);
        assert!((x - array![0.2, 0.4]).iter().all(|d| d.abs() < 1e-15));
    }
}
