//! What an exercise may allow a student to call, by name.
//!
//! Vectors are slices, matrices are rows. Wrong shapes panic with a message, as a slip in the
//! student's code should.

/// The names here, for the check of what an exercise allows.
pub const NAMES: [&str; 9] =
    ["add", "dot", "matvec", "norm", "outer", "scale", "solve", "sub", "transpose"];

fn same(a: &[f64], b: &[f64]) {
    assert!(a.len() == b.len(), "vectors of {} and {} entries", a.len(), b.len());
}

/// a + b.
pub fn add(a: &[f64], b: &[f64]) -> Vec<f64> {
    same(a, b);
    a.iter().zip(b).map(|(x, y)| x + y).collect()
}

/// a - b.
pub fn sub(a: &[f64], b: &[f64]) -> Vec<f64> {
    same(a, b);
    a.iter().zip(b).map(|(x, y)| x - y).collect()
}

/// s a.
pub fn scale(s: f64, a: &[f64]) -> Vec<f64> {
    a.iter().map(|x| s * x).collect()
}

/// a · b.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    same(a, b);
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// The Euclidean length of a.
pub fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

/// A x.
pub fn matvec(a: &[Vec<f64>], x: &[f64]) -> Vec<f64> {
    a.iter().map(|row| dot(row, x)).collect()
}

/// a bᵀ.
pub fn outer(a: &[f64], b: &[f64]) -> Vec<Vec<f64>> {
    a.iter().map(|x| scale(*x, b)).collect()
}

/// Aᵀ.
pub fn transpose(a: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let columns = a.first().map_or(0, Vec::len);
    (0..columns).map(|j| a.iter().map(|row| row[j]).collect()).collect()
}

/// The x with A x = b, by elimination with row exchanges; not finite if A is singular.
pub fn solve(a: &[Vec<f64>], b: &[f64]) -> Vec<f64> {
    let n = b.len();
    assert!(a.len() == n && a.iter().all(|row| row.len() == n), "solve wants a square matrix");
    let mut rows: Vec<Vec<f64>> =
        a.iter().zip(b).map(|(row, b)| row.iter().copied().chain([*b]).collect()).collect();
    for k in 0..n {
        let largest =
            (k..n).max_by(|&i, &j| rows[i][k].abs().total_cmp(&rows[j][k].abs())).unwrap_or(k);
        rows.swap(k, largest);
        let (above, below) = rows.split_at_mut(k + 1);
        let pivot = &above[k];
        for row in below {
            let factor = row[k] / pivot[k];
            for (x, p) in row.iter_mut().zip(pivot).skip(k) {
                *x -= factor * p;
            }
        }
    }
    let mut x = vec![0.0; n];
    for k in (0..n).rev() {
        let known: f64 = (k + 1..n).map(|j| rows[k][j] * x[j]).sum();
        x[k] = (rows[k][n] - known) / rows[k][k];
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solve_undoes_matvec() {
        // The first pivot is zero, so rows must be exchanged.
        let a = vec![vec![0.0, 2.0, 1.0], vec![1.0, 1.0, 0.0], vec![3.0, 0.0, -1.0]];
        let x = [1.0, -2.0, 0.5];
        let found = solve(&a, &matvec(&a, &x));
        // Three unknowns and entries of order one: rounding of a few ulp.
        assert!(norm(&sub(&found, &x)) < 1e-14, "{found:?}");
        assert!(solve(&[vec![0.0]], &[1.0])[0].is_infinite());
    }

    #[test]
    fn shapes() {
        let a = vec![vec![1.0, 2.0], vec![3.0, 4.0], vec![5.0, 6.0]];
        assert_eq!(transpose(&a), [vec![1.0, 3.0, 5.0], vec![2.0, 4.0, 6.0]]);
        assert_eq!(outer(&[1.0, 2.0], &[3.0, 4.0]), [vec![3.0, 4.0], vec![6.0, 8.0]]);
        assert_eq!(matvec(&a, &[1.0, -1.0]), [-1.0, -1.0, -1.0]);
    }
}
