//! # Clip several blocks by their common norm
//!
//! The gradient $g$ of a net is stored in blocks, one for each weight matrix or bias vector. Its norm
//! is that of all numbers in all blocks together:
//!
//! $$ \|g\| = \sqrt{\sum_k \sum_i g_{k,i}^2} , $$
//!
//! where $g_{k,i}$ is number $i$ of block $k$. Write `clip(blocks)`, where `blocks` holds a vector
//! for each block; their lengths may differ. If $\|g\|$ is above your own threshold $c = {{c}}$, return all
//! blocks multiplied by $c / \|g\|$. Otherwise return them unchanged.
//!
//! ## Hints
//!
//! 1. First walk over all blocks for the norm, then once more to multiply.
//! 2. There is one factor for all blocks: $\min(1, c / \|g\|)$.
//!
//! ## Explanation
//!
//! One factor for all numbers shortens the gradient to the length $c$ and keeps its direction. A factor
//! for each block would turn it: a long block is shortened, a short one not, and the step is no longer
//! along the negative gradient. A gradient that is short enough stays as it is; multiplying it by
//! $c / \|g\|$ too would make it longer, and a gradient of zero not a number.

use crate::prelude::*;

pub mod stub {
    pub fn clip(blocks: &[Vec<f64>]) -> Vec<Vec<f64>> {
        todo!()
    }
}

pub mod solution {
    use super::own;

    pub fn clip(blocks: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let c = own("c");
        let norm = blocks.iter().flatten().map(|g| g * g).sum::<f64>().sqrt();
        let factor = if norm > c { c / norm } else { 1.0 };
        blocks.iter().map(|block| block.iter().map(|g| factor * g).collect()).collect()
    }
}

/// Every block is clipped by its own norm, which turns the gradient; one factor belongs to all blocks.
pub mod each_block {
    use super::own;

    pub fn clip(blocks: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let c = own("c");
        let clipped = |block: &Vec<f64>| {
            let norm = block.iter().map(|g| g * g).sum::<f64>().sqrt();
            let factor = if norm > c { c / norm } else { 1.0 };
            block.iter().map(|g| factor * g).collect()
        };
        blocks.iter().map(clipped).collect()
    }
}

/// This clips by value: every number is cut off at ±c, which turns the gradient.
pub mod by_value {
    use super::own;

    pub fn clip(blocks: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let c = own("c");
        blocks.iter().map(|block| block.iter().map(|g| g.clamp(-c, c)).collect()).collect()
    }
}

/// A gradient that is short enough is lengthened to the threshold; it has to stay as it is.
pub mod always {
    use super::own;

    pub fn clip(blocks: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let norm = blocks.iter().flatten().map(|g| g * g).sum::<f64>().sqrt();
        let factor = own("c") / norm;
        blocks.iter().map(|block| block.iter().map(|g| factor * g).collect()).collect()
    }
}

/// The root is missing: this is the square of the norm.
pub mod squared {
    use super::own;

    pub fn clip(blocks: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let c = own("c");
        let norm = blocks.iter().flatten().map(|g| g * g).sum::<f64>();
        let factor = if norm > c { c / norm } else { 1.0 };
        blocks.iter().map(|block| block.iter().map(|g| factor * g).collect()).collect()
    }
}

/// The norms of the blocks are added; it is their squares that add up.
pub mod added {
    use super::own;

    pub fn clip(blocks: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let c = own("c");
        let norm =
            blocks.iter().map(|block| block.iter().map(|g| g * g).sum::<f64>().sqrt()).sum::<f64>();
        let factor = if norm > c { c / norm } else { 1.0 };
        blocks.iter().map(|block| block.iter().map(|g| factor * g).collect()).collect()
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, lengths: &[usize], size: f64| {
        // The first number alone is at least as large as `size`, the others are smaller.
        let mut blocks: Vec<Vec<f64>> =
            lengths.iter().map(|n| draw.vector(*n, -size, size)).collect();
        blocks[0][0] = draw.decimal(size, 2.0 * size, 3);
        Case::new(group, Args::new().with("blocks", blocks))
    };
    vec![
        case("long gradients", &[2, 3], 3.0),
        case("long gradients", &[4, 1, 2], 5.0),
        case("long gradients", &[1, 5, 3], 20.0),
        // The norm is below 0.1 √(4 + 5) = 0.3.
        case("short and long gradients", &[2, 4], 0.1),
        case("short and long gradients", &[3, 2, 1], 0.1),
        case("short and long gradients", &[3, 3], 3.0),
        case("short and long gradients", &[2, 1, 4], 8.0),
        Case::new(
            "short and long gradients",
            Args::new().with("blocks", vec![vec![0.0, 0.0], vec![0.0]]),
        ),
    ]
}

exercise! {
    id: "clip-by-norm",
    chapter: 13,
    points: 2,
    own: ["c" in 0.50..2.00],
    source: include_str!("clip_by_norm.rs"),
    call: |x, ask| clip(x.matrix("blocks")),
    mistakes: [each_block, by_value, always, squared, added],
    // A sum of at most nine squares. No norm is near a threshold.
    judge: Judge::Same(1e-9),
}
