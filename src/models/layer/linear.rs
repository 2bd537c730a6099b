use ndarray::{ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2, Axis};
use serde::{Deserialize, Serialize};

use super::product::product;
use super::{Cache, Layer, Shape, matrix, matrix_mut};
use crate::models::Role;
use crate::{Error, Result, Scalar};

/// y = x Wᵀ + b, with W of shape outputs × inputs and b of length outputs.
///
/// ∂x = ∂y W,  ∂W = ∂yᵀ x,  ∂b = Σᵢ ∂yᵢ
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linear {
    /// Features of an input.
    pub inputs: usize,
    /// Features of an output.
    pub outputs: usize,
}

impl Layer for Linear {
    fn output(&self, input: Shape) -> Result<Shape> {
        Error::check_len("input", input.size(), self.inputs)?;
        Error::check(self.outputs > 0, "outputs", self.outputs, "at least 1")?;
        Ok(Shape::features(self.outputs))
    }

    fn parameters(&self) -> Vec<(&'static str, Vec<usize>, Role)> {
        vec![
            ("weight", vec![self.outputs, self.inputs], Role::Weight),
            ("bias", vec![self.outputs], Role::Bias),
        ]
    }

    fn forward<T: Scalar>(
        &self,
        w: &[T],
        x: ArrayView2<'_, T>,
        mut y: ArrayViewMut2<'_, T>,
        _: &mut Cache<T>,
    ) {
        let (weight, bias) = w.split_at(self.outputs * self.inputs);
        let weight = matrix(weight, self.outputs, self.inputs);
        y.assign(&ArrayView1::from(bias));
        product(x, weight.t(), T::one(), y);
    }

    fn backward<T: Scalar>(
        &self,
        w: &[T],
        (x, _): (ArrayView2<'_, T>, ArrayView2<'_, T>),
        dy: ArrayView2<'_, T>,
        dx: Option<ArrayViewMut2<'_, T>>,
        dw: &mut [T],
        _: &mut Cache<T>,
    ) {
        let (weight, _) = w.split_at(self.outputs * self.inputs);
        let (d_weight, d_bias) = dw.split_at_mut(self.outputs * self.inputs);
        product(dy.t(), x, T::zero(), matrix_mut(d_weight, self.outputs, self.inputs));
        let mut d_bias = ArrayViewMut1::from(d_bias);
        d_bias.fill(T::zero());
        dy.axis_iter(Axis(0)).for_each(|dy| d_bias += &dy);
        if let Some(dx) = dx {
            product(dy, matrix(weight, self.outputs, self.inputs), T::zero(), dx);
        }
    }
}
