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
pub mod ch11;
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
    &ch01::valley_end::EXERCISE,
    &ch01::polynomial_clinic::EXERCISE,
    &ch02::exact_step::EXERCISE,
    &ch02::descent_steps::EXERCISE,
    &ch02::settle::EXERCISE,
    &ch03::curvature_witness::EXERCISE,
    &ch03::violating_chord::EXERCISE,
    &ch03::one_minimum::EXERCISE,
    &ch04::hinge_gradient::EXERCISE,
    &ch04::softmax_update::EXERCISE,
    &ch04::stable_softmax::EXERCISE,
    &ch05::proximal_l1::EXERCISE,
    &ch05::strength_clinic::EXERCISE,
    &ch05::sparse_minimum::EXERCISE,
    &ch06::dual_quotient::EXERCISE,
    &ch06::centred_gradient::EXERCISE,
    &ch06::gradient_check_clinic::EXERCISE,
    &ch07::mini_batches::EXERCISE,
    &ch07::shuffle_clinic::EXERCISE,
    &ch07::noise_ball::EXERCISE,
    &ch08::step_decay::EXERCISE,
    &ch08::warm_up_cosine::EXERCISE,
    &ch08::reduce_on_plateau::EXERCISE,
    &ch09::tape_adjoints::EXERCISE,
    &ch09::backward_relu_layer::EXERCISE,
    &ch09::mlp_update_clinic::EXERCISE,
    &ch10::best_fixed_step::EXERCISE,
    &ch10::condition_number::EXERCISE,
    &ch10::stable_rate::EXERCISE,
    &ch11::classify_stationary::EXERCISE,
    &ch11::kick_clinic::EXERCISE,
    &ch11::leave_the_saddle::EXERCISE,
    &ch12::he_from_uniforms::EXERCISE,
    &ch12::truncated_normal::EXERCISE,
    &ch12::init_clinic::EXERCISE,
    &ch13::clip_by_norm::EXERCISE,
    &ch13::dropout::EXERCISE,
    &ch13::batch_norm_gradient::EXERCISE,
    &ch14::heavy_ball::EXERCISE,
    &ch14::rate_clinic::EXERCISE,
    &ch14::long_ravine::EXERCISE,
    &ch15::nesterov_step::EXERCISE,
    &ch15::nesterov_rate::EXERCISE,
    &ch15::accelerated_clinic::EXERCISE,
    &ch16::adagrad_step::EXERCISE,
    &ch16::sparse_adagrad::EXERCISE,
    &ch16::parameter_groups_clinic::EXERCISE,
    &ch17::rmsprop_clinic::EXERCISE,
    &ch17::adadelta_clinic::EXERCISE,
    &ch17::come_to_rest::EXERCISE,
    &ch18::adam_clinic::EXERCISE,
    &ch18::decoupled_decay::EXERCISE,
    &ch18::average_regret::EXERCISE,
    &ch19::newton_step::EXERCISE,
    &ch19::newton_1d::EXERCISE,
    &ch19::newton_cg::EXERCISE,
    &ch20::backtracking::EXERCISE,
    &ch20::secant_update::EXERCISE,
    &ch20::two_loops::EXERCISE,
    &ch20::strong_wolfe::EXERCISE,
    &ch21::log_uniform::EXERCISE,
    &ch21::expected_best::EXERCISE,
    &ch21::bracket_the_rate::EXERCISE,
    &ch22::data_leak::EXERCISE,
    &ch22::paired_seeds::EXERCISE,
    &ch22::unfair_race::EXERCISE,
    &ch23::average_clients::EXERCISE,
    &ch23::rounded_message::EXERCISE,
    &ch23::server_with_momentum::EXERCISE,
];
