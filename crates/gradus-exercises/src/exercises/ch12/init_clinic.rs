//! # The clinic: initial weights that fade
//!
//! A deep net does not learn. Its rule and its data are in order; the histograms say that the
//! activations change their size from layer to layer, and every layer begins with the same weights, but
//! for a factor. Here is the code that makes the weights: mend it.
//!
//! `sizes` holds $D_0, D_1, \dots, D_L$: the number of inputs and then the number of units of each layer.
//! Layer $\ell = 1, \dots, L$ has $D_\ell\, D_{\ell-1}$ weights, which are to be independent, with mean 0 and
//! variance
//!
//! $$ \sigma_\ell^2 = \frac{g}{D_{\ell-1}} , $$
//!
//! where $g = {{gain}}$ is your own. `z` holds independent standard normal numbers, exactly one for each weight
//! of the net. The layers use them in order: the first takes the first $D_1 D_0$ of them, the second goes
//! on with the next $D_2 D_1$, and so on. A weight is $\sigma_\ell$ times its number. Return a list of the
//! weights for each layer, in the order of their numbers.
//!
//! ## Hints
//!
//! 1. Let `sizes` be 100, 10, 10. Which size sets the variance of the first layer?
//! 2. In what does the second layer of this net differ from the beginning of the first, but for one
//!    factor?
//!
//! ## Explanation
//!
//! A pre-activation is a sum of as many terms as the unit has inputs, the fan-in, so its variance is
//! that many times the variance of a weight. A factor from the number of units keeps the sizes only
//! where the layer is square: from 784 inputs to 10 units it is too large by $\sqrt{78.4} \approx 9$. Layers
//! that use the same random numbers are not independent, and with equal layers a net repeats one
//! matrix at every depth: the directions that it stretches are stretched again and again.

use crate::prelude::*;

pub mod stub {
    use super::own;

    pub fn weights(sizes: &[usize], z: &[f64]) -> Vec<Vec<f64>> {
        let gain = own("gain");
        let mut layers = Vec::new();
        for pair in sizes.windows(2) {
            let (inputs, units) = (pair[0], pair[1]);
            let scale = (gain / units as f64).sqrt();
            let numbers = z.iter();
            layers.push(numbers.take(units * inputs).map(|z| scale * z).collect());
        }
        layers
    }
}

pub mod solution {
    use super::own;

    pub fn weights(sizes: &[usize], z: &[f64]) -> Vec<Vec<f64>> {
        let gain = own("gain");
        let mut numbers = z.iter();
        let mut layers = Vec::new();
        for pair in sizes.windows(2) {
            let (inputs, units) = (pair[0], pair[1]);
            let scale = (gain / inputs as f64).sqrt();
            layers.push(numbers.by_ref().take(units * inputs).map(|z| scale * z).collect());
        }
        layers
    }
}

/// The scale is right, but every layer begins again with the first random number.
pub mod same_numbers {
    use super::own;

    pub fn weights(sizes: &[usize], z: &[f64]) -> Vec<Vec<f64>> {
        let gain = own("gain");
        let mut layers = Vec::new();
        for pair in sizes.windows(2) {
            let (inputs, units) = (pair[0], pair[1]);
            let scale = (gain / inputs as f64).sqrt();
            let numbers = z.iter();
            layers.push(numbers.take(units * inputs).map(|z| scale * z).collect());
        }
        layers
    }
}

/// The numbers are shared out well, but the variance comes from the number of units, the fan-out, and not from the fan-in.
pub mod fan_out {
    use super::own;

    pub fn weights(sizes: &[usize], z: &[f64]) -> Vec<Vec<f64>> {
        let gain = own("gain");
        let mut numbers = z.iter();
        let mut layers = Vec::new();
        for pair in sizes.windows(2) {
            let (inputs, units) = (pair[0], pair[1]);
            let scale = (gain / units as f64).sqrt();
            layers.push(numbers.by_ref().take(units * inputs).map(|z| scale * z).collect());
        }
        layers
    }
}

/// The numbers are multiplied by the variance; it is the standard deviation, its root, that scales them.
pub mod variance {
    use super::own;

    pub fn weights(sizes: &[usize], z: &[f64]) -> Vec<Vec<f64>> {
        let gain = own("gain");
        let mut numbers = z.iter();
        let mut layers = Vec::new();
        for pair in sizes.windows(2) {
            let (inputs, units) = (pair[0], pair[1]);
            let scale = gain / inputs as f64;
            layers.push(numbers.by_ref().take(units * inputs).map(|z| scale * z).collect());
        }
        layers
    }
}

/// The mean of fan-in and fan-out is taken, as in Xavier's rule; here the fan-in alone is asked for.
pub mod xavier {
    use super::own;

    pub fn weights(sizes: &[usize], z: &[f64]) -> Vec<Vec<f64>> {
        let gain = own("gain");
        let mut numbers = z.iter();
        let mut layers = Vec::new();
        for pair in sizes.windows(2) {
            let (inputs, units) = (pair[0], pair[1]);
            let scale = (2.0 * gain / (inputs + units) as f64).sqrt();
            layers.push(numbers.by_ref().take(units * inputs).map(|z| scale * z).collect());
        }
        layers
    }
}

/// The next layer goes on after as many numbers as the layer has inputs; it has used one for each weight.
pub mod overlapping {
    use super::own;

    pub fn weights(sizes: &[usize], z: &[f64]) -> Vec<Vec<f64>> {
        let gain = own("gain");
        let mut next = 0;
        let mut layers = Vec::new();
        for pair in sizes.windows(2) {
            let (inputs, units) = (pair[0], pair[1]);
            let scale = (gain / inputs as f64).sqrt();
            let numbers = z[next..].iter();
            next += inputs;
            layers.push(numbers.take(units * inputs).map(|z| scale * z).collect());
        }
        layers
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, sizes: &[usize]| {
        let weights = sizes.windows(2).map(|pair| pair[0] * pair[1]).sum();
        let args = Args::new().with("sizes", sizes.to_vec());
        Case::new(group, args.with("z", draw.vector(weights, -2.0, 2.0)))
    };
    vec![
        case("one layer", &[4, 3]),
        case("one layer", &[3, 8]),
        case("several layers", &[3, 5, 4]),
        case("several layers", &[6, 4, 4, 3]),
        case("several layers", &[5, 3, 3, 4, 6]),
    ]
}

exercise! {
    id: "init-clinic",
    chapter: 12,
    points: 3,
    clinic: true,
    own: ["gain" in 0.50..2.50],
    source: include_str!("init_clinic.rs"),
    call: |x, ask| weights(x.indices("sizes"), x.vector("z")),
    mistakes: [same_numbers, fan_out, variance, xavier, overlapping],
    // One product a weight.
    judge: Judge::Same(1e-9),
}
