//! The exercises, a file each, in folders by chapter.

// Each exercise's stub, solution and mistakes are what a student writes or reads.
#![allow(missing_docs, unused_variables)]

use crate::exercise::Exercise;

pub mod ch01;
pub mod ch02;
pub mod ch03;
pub mod ch04;
pub mod ch05;
pub mod ch06;
pub mod ch07;
pub mod ch08;
pub mod ch09;
pub mod ch10;
pub mod ch12;
pub mod ch13;
pub mod ch14;
pub mod ch15;
pub mod ch16;
pub mod ch17;
pub mod ch18;
pub mod ch19;
pub mod ch20;
pub mod ch21;
pub mod ch22;
pub mod ch23;

/// All of them, in the order of the chapters.
pub(crate) static ALL: &[&Exercise] = &[
    &ch01::line_gradient::EXERCISE,
    &ch02::exact_step::EXERCISE,
    &ch02::descent_steps::EXERCISE,
    &ch03::violating_chord::EXERCISE,
    &ch04::hinge_gradient::EXERCISE,
    &ch04::stable_softmax::EXERCISE,
    &ch05::proximal_l1::EXERCISE,
    &ch06::centred_gradient::EXERCISE,
    &ch07::mini_batches::EXERCISE,
    &ch08::step_decay::EXERCISE,
    &ch08::warm_up_cosine::EXERCISE,
    &ch09::backward_relu_layer::EXERCISE,
    &ch10::best_fixed_step::EXERCISE,
    &ch10::condition_number::EXERCISE,
    &ch12::he_from_uniforms::EXERCISE,
    &ch13::clip_by_norm::EXERCISE,
    &ch14::heavy_ball::EXERCISE,
    &ch15::nesterov_step::EXERCISE,
    &ch16::adagrad_step::EXERCISE,
    &ch17::rmsprop_clinic::EXERCISE,
    &ch18::adam_clinic::EXERCISE,
    &ch18::decoupled_decay::EXERCISE,
    &ch19::newton_step::EXERCISE,
    &ch19::newton_1d::EXERCISE,
    &ch20::backtracking::EXERCISE,
    &ch20::secant_update::EXERCISE,
    &ch21::log_uniform::EXERCISE,
    &ch22::data_leak::EXERCISE,
    &ch23::average_clients::EXERCISE,
];
