//! # The walk back along a tape
//!
//! A computation is a graph of $n$ nodes, numbered $0, 1, \dots, n - 1$ in the order in which they were
//! computed; the last is the loss $J$. For each use of a node $u$ by a later node $v$ there is an edge:
//! $u$ is a parent of $v$, and the edge carries the derivative $\partial v / \partial u$ of that single
//! operation. The walk back finds $\bar u = \partial J / \partial u$ for all nodes,
//!
//! $$ \bar u = \sum_{\text{edges from } u \text{ to } v} \bar v \cdot \frac{\partial v}{\partial u} . $$
//!
//! Write `walk_back(n, child, parent, slope)`: edge number $e$ goes from $u$ = `parent[e]` to $v$ =
//! `child[e]` and has $\partial v / \partial u$ = `slope[e]`. The edges come in the order of the tape:
//! `child` never decreases, and `parent[e] < child[e]`. Two edges may join the same two nodes, as for
//! $v = u \cdot u$. Every node but $J$ may be a parent of several nodes, or of none.
//!
//! To keep small derivatives from being lost in low precision, training programs multiply the loss by a
//! number $s$ (*loss scaling*). So do not begin with $\bar J = 1$ but with $\bar J = s$, your own
//! $s = {{scale}}$. Return the $n$ numbers $\bar u$, in the order of the nodes; 0 for a node that does
//! not reach $J$.
//!
//! ## Hints
//!
//! 1. When the walk uses $\bar v$, all that goes into $\bar v$ must have arrived. In which order are the
//!    edges visited?
//! 2. What is $\bar u$ for $J = u \cdot u$ at $u = 3$, two edges with the slope 3 each?
//!
//! ## Explanation
//!
//! A node's children stand behind it on the tape. From the last edge to the first, $\bar v$ is complete
//! when an edge to $v$ is visited. Each edge costs one product and one sum, so all $n$ derivatives
//! together cost about twice as much as the computation itself. The sum is the point: a node that is used
//! twice gets two contributions, and a program that assigns in place of adding keeps only the last: for
//! $u \cdot u$ half the derivative. All results have the factor $s$, since every path begins at $J$.

use crate::prelude::*;

pub mod stub {
    pub fn walk_back(n: usize, child: &[usize], parent: &[usize], slope: &[f64]) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::own;

    pub fn walk_back(n: usize, child: &[usize], parent: &[usize], slope: &[f64]) -> Vec<f64> {
        let mut bar = vec![0.0; n];
        bar[n - 1] = own("scale");
        for e in (0..slope.len()).rev() {
            bar[parent[e]] += bar[child[e]] * slope[e];
        }
        bar
    }
}

/// Each edge overwrites its parent's number: contributions of several edges have to be added.
pub mod overwritten {
    use super::own;

    pub fn walk_back(n: usize, child: &[usize], parent: &[usize], slope: &[f64]) -> Vec<f64> {
        let mut bar = vec![0.0; n];
        bar[n - 1] = own("scale");
        for e in (0..slope.len()).rev() {
            bar[parent[e]] = bar[child[e]] * slope[e];
        }
        bar
    }
}

/// The edges are visited from the first to the last: most children have no number yet when theirs are asked for.
pub mod forwards {
    use super::own;

    pub fn walk_back(n: usize, child: &[usize], parent: &[usize], slope: &[f64]) -> Vec<f64> {
        let mut bar = vec![0.0; n];
        bar[n - 1] = own("scale");
        for e in 0..slope.len() {
            bar[parent[e]] += bar[child[e]] * slope[e];
        }
        bar
    }
}

/// The walk begins with 1 at the loss, so all numbers lack the scale.
pub mod unscaled {
    pub fn walk_back(n: usize, child: &[usize], parent: &[usize], slope: &[f64]) -> Vec<f64> {
        let mut bar = vec![0.0; n];
        bar[n - 1] = 1.0;
        for e in (0..slope.len()).rev() {
            bar[parent[e]] += bar[child[e]] * slope[e];
        }
        bar
    }
}

/// The scale is multiplied in at every edge; it belongs to the loss alone, and comes along from there.
pub mod scaled_again {
    use super::own;

    pub fn walk_back(n: usize, child: &[usize], parent: &[usize], slope: &[f64]) -> Vec<f64> {
        let mut bar = vec![0.0; n];
        bar[n - 1] = own("scale");
        for e in (0..slope.len()).rev() {
            bar[parent[e]] += own("scale") * bar[child[e]] * slope[e];
        }
        bar
    }
}

/// The slopes alone are added up: each has to be multiplied by the child's number first.
pub mod slopes_only {
    use super::own;

    pub fn walk_back(n: usize, child: &[usize], parent: &[usize], slope: &[f64]) -> Vec<f64> {
        let mut bar = vec![0.0; n];
        bar[n - 1] = own("scale");
        for e in (0..slope.len()).rev() {
            bar[parent[e]] += slope[e];
        }
        bar
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n: usize, edges: &[(usize, usize)]| {
        let slope: Vec<f64> = edges
            .iter()
            .map(|_| [1.0, -1.0][draw.index(0, 2)] * draw.decimal(0.3, 2.0, 2))
            .collect();
        let child: Vec<usize> = edges.iter().map(|edge| edge.0).collect();
        let parent: Vec<usize> = edges.iter().map(|edge| edge.1).collect();
        let args = Args::new().with("n", n).with("child", child).with("parent", parent);
        Case::new(group, args.with("slope", slope))
    };
    let (once, often) = ("nodes that are used once", "nodes that are used several times");
    let mut cases = vec![
        case(once, 3, &[(1, 0), (2, 1)]),
        case(once, 5, &[(2, 0), (3, 1), (3, 2), (4, 3)]),
        case(once, 7, &[(3, 0), (3, 1), (4, 2), (5, 3), (6, 4), (6, 5)]),
        // Node 2 reaches nothing.
        case(often, 5, &[(2, 0), (3, 0), (3, 1), (4, 0), (4, 3)]),
        case(often, 4, &[(1, 0), (1, 0), (2, 1), (3, 2), (3, 1)]),
    ];
    // Each node has the one before as a parent, and one more.
    let mut edges = Vec::new();
    for v in 1..7 {
        edges.push((v, v - 1));
        edges.push((v, (v * v) % 5 % v));
    }
    cases.push(case(often, 7, &edges));
    cases
}

exercise! {
    id: "tape-adjoints",
    chapter: 9,
    points: 3,
    own: ["scale" in 2.00..16.00],
    source: include_str!("tape_adjoints.rs"),
    call: |x, ask| walk_back(
        x.index("n"),
        x.indices("child"),
        x.indices("parent"),
        x.vector("slope"),
    ),
    mistakes: [overwritten, forwards, unscaled, scaled_again, slopes_only],
    // A dozen sums and products, with slopes of order one.
    judge: Judge::Same(1e-9),
}
