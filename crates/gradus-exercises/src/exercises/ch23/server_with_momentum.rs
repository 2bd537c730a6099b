//! # A server with momentum
//!
//! The server holds the weights $w$ and a velocity $v$, at first zero. In the round $k = 0, 1, \dots,$
//! `rounds` $- 1$ it sends $w$ to every client $j = 0, 1, \dots,$ `clients` $- 1$. Client $j$ trains on its
//! own examples and sends back their number $N_j$ and its copy $u_j$ of the weights. Then the server computes
//!
//! $$ \bar u = \sum_j \frac{N_j}{N} u_j , \qquad N = \sum_j N_j , \qquad
//!    v \leftarrow \rho v + (\bar u - w), \qquad w \leftarrow w + v $$
//!
//! with your own $\rho = {{rho}}$. In a round some clients may be out of reach: such a client answers with
//! the number 0 and an empty vector, and is left out of both sums. If nobody answers, the round changes
//! neither $w$ nor $v$.
//!
//! Write `serve(w, clients, rounds, ask)`, which returns $w$ after the last round. For $k$ and $j$ of type
//! `usize`, `ask.number_and_vector((k, j, w.to_vec()))` sends a message and returns the answer $(N_j, u_j)$
//! as a pair `(f64, Vec<f64>)`. Send one message to each client in each round, no more.
//!
//! ## Hints
//!
//! 1. Within a round all clients get the same $w$. Do not change it before the last has answered.
//! 2. Add up $N_j u_j$ and $N_j$, and divide at the end. What would you divide by if nobody answered?
//!
//! ## Explanation
//!
//! What comes back in a round is a step, $\bar u - w$. Its negative is the *pseudo-gradient*, and the server
//! can use it in any update rule. Plain averaging is $\rho = 0$. With momentum the steps grow up to
//! $1 / (1 - \rho)$ times as long, tenfold for $\rho = 0.9$, and the velocity remembers clients that are out of
//! reach now. It lives on the server, so it costs no message. The weight of a client is its share of the
//! examples that answered in this round: divided by all examples, a round with few clients would pull $w$
//! towards zero.

use crate::prelude::*;

pub mod stub {
    use super::Ask;

    pub fn serve(w: &[f64], clients: usize, rounds: usize, ask: &mut Ask) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::{Ask, own};

    pub fn serve(w: &[f64], clients: usize, rounds: usize, ask: &mut Ask) -> Vec<f64> {
        let (mut w, mut v) = (w.to_vec(), vec![0.0; w.len()]);
        for k in 0..rounds {
            let (mut sum, mut all) = (vec![0.0; w.len()], 0.0);
            for j in 0..clients {
                let (number, u) = ask.number_and_vector((k, j, w.clone()));
                all += number;
                for (sum, u) in sum.iter_mut().zip(&u) {
                    *sum += number * u;
                }
            }
            if all == 0.0 {
                continue;
            }
            for i in 0..w.len() {
                v[i] = own("rho") * v[i] + sum[i] / all - w[i];
                w[i] += v[i];
            }
        }
        w
    }
}

/// Every client that answers counts alike; it should count by its number of examples.
pub mod plain_mean {
    use super::{Ask, own};

    pub fn serve(w: &[f64], clients: usize, rounds: usize, ask: &mut Ask) -> Vec<f64> {
        let (mut w, mut v) = (w.to_vec(), vec![0.0; w.len()]);
        for k in 0..rounds {
            let (mut sum, mut all) = (vec![0.0; w.len()], 0.0);
            for j in 0..clients {
                let (number, u) = ask.number_and_vector((k, j, w.clone()));
                all += if number > 0.0 { 1.0 } else { 0.0 };
                for (sum, u) in sum.iter_mut().zip(&u) {
                    *sum += u;
                }
            }
            if all == 0.0 {
                continue;
            }
            for i in 0..w.len() {
                v[i] = own("rho") * v[i] + sum[i] / all - w[i];
                w[i] += v[i];
            }
        }
        w
    }
}

/// Within a round each client gets what the one before it sent back; all of them should get the same w.
pub mod handed_on {
    use super::{Ask, own};

    pub fn serve(w: &[f64], clients: usize, rounds: usize, ask: &mut Ask) -> Vec<f64> {
        let (mut w, mut v) = (w.to_vec(), vec![0.0; w.len()]);
        for k in 0..rounds {
            let (mut sum, mut all) = (vec![0.0; w.len()], 0.0);
            let mut at = w.clone();
            for j in 0..clients {
                let (number, u) = ask.number_and_vector((k, j, at.clone()));
                all += number;
                for (sum, u) in sum.iter_mut().zip(&u) {
                    *sum += number * u;
                }
                if number > 0.0 {
                    at = u;
                }
            }
            if all == 0.0 {
                continue;
            }
            for i in 0..w.len() {
                v[i] = own("rho") * v[i] + sum[i] / all - w[i];
                w[i] += v[i];
            }
        }
        w
    }
}

/// This is plain averaging: the velocity is not kept from round to round.
pub mod no_memory {
    use super::Ask;

    pub fn serve(w: &[f64], clients: usize, rounds: usize, ask: &mut Ask) -> Vec<f64> {
        let mut w = w.to_vec();
        for k in 0..rounds {
            let (mut sum, mut all) = (vec![0.0; w.len()], 0.0);
            for j in 0..clients {
                let (number, u) = ask.number_and_vector((k, j, w.clone()));
                all += number;
                for (sum, u) in sum.iter_mut().zip(&u) {
                    *sum += number * u;
                }
            }
            if all == 0.0 {
                continue;
            }
            for i in 0..w.len() {
                w[i] = sum[i] / all;
            }
        }
        w
    }
}

/// A round in which nobody answers still moves the weights by the old velocity; it should change nothing.
pub mod coasting {
    use super::{Ask, own};

    pub fn serve(w: &[f64], clients: usize, rounds: usize, ask: &mut Ask) -> Vec<f64> {
        let (mut w, mut v) = (w.to_vec(), vec![0.0; w.len()]);
        for k in 0..rounds {
            let (mut sum, mut all) = (vec![0.0; w.len()], 0.0);
            for j in 0..clients {
                let (number, u) = ask.number_and_vector((k, j, w.clone()));
                all += number;
                for (sum, u) in sum.iter_mut().zip(&u) {
                    *sum += number * u;
                }
            }
            for i in 0..w.len() {
                let step = if all > 0.0 { sum[i] / all - w[i] } else { 0.0 };
                v[i] = own("rho") * v[i] + step;
                w[i] += v[i];
            }
        }
        w
    }
}

/// Nothing looks for a round in which nobody answers: N is 0 there, and 0 / 0 is not a number.
pub mod nobody {
    use super::{Ask, own};

    pub fn serve(w: &[f64], clients: usize, rounds: usize, ask: &mut Ask) -> Vec<f64> {
        let (mut w, mut v) = (w.to_vec(), vec![0.0; w.len()]);
        for k in 0..rounds {
            let (mut sum, mut all) = (vec![0.0; w.len()], 0.0);
            for j in 0..clients {
                let (number, u) = ask.number_and_vector((k, j, w.clone()));
                all += number;
                for (sum, u) in sum.iter_mut().zip(&u) {
                    *sum += number * u;
                }
            }
            for i in 0..w.len() {
                v[i] = own("rho") * v[i] + sum[i] / all - w[i];
                w[i] += v[i];
            }
        }
        w
    }
}

/// The step is multiplied by 1 - ρ: this velocity is a running mean of the steps, and the weights move too little.
pub mod damped {
    use super::{Ask, own};

    pub fn serve(w: &[f64], clients: usize, rounds: usize, ask: &mut Ask) -> Vec<f64> {
        let (mut w, mut v) = (w.to_vec(), vec![0.0; w.len()]);
        for k in 0..rounds {
            let (mut sum, mut all) = (vec![0.0; w.len()], 0.0);
            for j in 0..clients {
                let (number, u) = ask.number_and_vector((k, j, w.clone()));
                all += number;
                for (sum, u) in sum.iter_mut().zip(&u) {
                    *sum += number * u;
                }
            }
            if all == 0.0 {
                continue;
            }
            for i in 0..w.len() {
                v[i] = own("rho") * v[i] + (1.0 - own("rho")) * (sum[i] / all - w[i]);
                w[i] += v[i];
            }
        }
        w
    }
}

/// The weights move by the velocity of the round before; the new one comes first.
pub mod late {
    use super::{Ask, own};

    pub fn serve(w: &[f64], clients: usize, rounds: usize, ask: &mut Ask) -> Vec<f64> {
        let (mut w, mut v) = (w.to_vec(), vec![0.0; w.len()]);
        for k in 0..rounds {
            let (mut sum, mut all) = (vec![0.0; w.len()], 0.0);
            for j in 0..clients {
                let (number, u) = ask.number_and_vector((k, j, w.clone()));
                all += number;
                for (sum, u) in sum.iter_mut().zip(&u) {
                    *sum += number * u;
                }
            }
            if all == 0.0 {
                continue;
            }
            for i in 0..w.len() {
                let step = sum[i] / all - w[i];
                w[i] += v[i];
                v[i] = own("rho") * v[i] + step;
            }
        }
        w
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n: usize, reached: &[&[usize]], clients: usize| {
        let rounds = reached.len();
        // Whom the server reaches in a round: 1 or 0 for each client.
        let row = |round: &&[usize]| {
            (0..clients).map(|j| if round.contains(&j) { 1.0 } else { 0.0 }).collect()
        };
        let reached: Vec<Vec<f64>> = reached.iter().map(row).collect();
        let centres: Vec<Vec<f64>> = (0..clients).map(|_| draw.vector(n, -2.0, 2.0)).collect();
        let examples: Vec<usize> = (0..clients).map(|j| draw.index(5, 30) + 40 * j).collect();
        let args = Args::new().with("w", draw.vector(n, -3.0, 3.0)).with("clients", clients);
        let hidden = Args::new().with("reached", reached).with("centres", centres);
        let hidden = hidden.with("kept", draw.vector(clients, 0.3, 0.8));
        Case::new(group, args.with("rounds", rounds)).hiding(hidden.with("examples", examples))
    };
    let (all, some) = ("everybody answers", "clients out of reach");
    vec![
        case(all, 2, &[&[0, 1], &[0, 1]], 2),
        case(all, 3, &[&[0, 1, 2], &[0, 1, 2], &[0, 1, 2]], 3),
        case(all, 1, &[&[0, 1, 2, 3], &[0, 1, 2, 3]], 4),
        case(some, 2, &[&[0, 2], &[1, 2], &[0]], 3),
        case(some, 3, &[&[0, 1], &[], &[1, 2]], 3),
        case(some, 2, &[&[], &[1, 3], &[0, 1, 2], &[], &[2, 3]], 4),
    ]
}

fn answer(case: &Case, question: &Value) -> Result<Value, String> {
    let (clients, rounds) = (case.args.index("clients"), case.args.index("rounds"));
    let [Value::Index(k), Value::Index(j), Value::Vector(w)] = question.parts() else {
        return Err("your function sends a message that is no round, client and weights".to_owned());
    };
    let (k, j) = (*k, *j);
    if k >= rounds || j >= clients {
        return Err(format!("your function sends to client {j} in round {k}, and there is none"));
    }
    if w.len() != case.args.vector("w").len() {
        return Err(format!("your function sends {} weights, which are not all", w.len()));
    }
    if case.hidden.matrix("reached")[k][j] == 0.0 {
        return Ok((0.0, Vec::<f64>::new()).into_value());
    }
    // Some steps of gradient descent on a round bowl of the client's own.
    let (centre, kept) = (&case.hidden.matrix("centres")[j], case.hidden.vector("kept")[j]);
    let u: Vec<f64> = w.iter().zip(centre).map(|(w, c)| c + kept * (w - c)).collect();
    Ok((case.hidden.indices("examples")[j] as f64, u).into_value())
}

fn judge(case: &Case, found: &Value, asked: &[Value]) -> Result<(), String> {
    let (clients, rounds) = (case.args.index("clients"), case.args.index("rounds"));
    if asked.len() > clients * rounds {
        let (sent, needed) = (asked.len(), clients * rounds);
        return Err(format!("your function sends {sent} messages, where {needed} are enough"));
    }
    let mut reply = |question: Value| answer(case, &question).unwrap_or_default();
    let right = solution::serve(case.args.vector("w"), clients, rounds, &mut Ask(&mut reply));
    // A few sums in each of five rounds.
    crate::mark::same(found, &right.into_value(), 1e-9)
}

exercise! {
    id: "server-with-momentum",
    chapter: 23,
    points: 4,
    own: ["rho" in 0.50..0.95],
    source: include_str!("server_with_momentum.rs"),
    call: |x, ask| serve(x.vector("w"), x.index("clients"), x.index("rounds"), ask),
    mistakes: [plain_mean, handed_on, no_memory, coasting, nobody, damped, late],
    judge: Judge::Dialogue(Dialogue { limit: 200, answer, judge }),
}
