"""Makes rules.json: what PyTorch, optax and plain transcriptions of papers do, step by step.

    pip install torch==2.15.0 optax==0.2.8 jax==0.10.2 numpy==2.4.6
    python tests/references/rules.py

Two kinds of record, all in double precision:
- sequences: a fixed list of gradients and the point after each step, so that every step starts from a
  state that is known to rounding;
- trajectories: 500 steps on a smooth function from its gradient, with the points at some steps.
"""

import json
import pathlib

import jax
import jax.numpy as jnp
import numpy as np
import optax
import torch

jax.config.update("jax_enable_x64", True)
torch.set_default_dtype(torch.float64)

# --- functions -------------------------------------------------------------------------------

MATRIX = np.array([[4.0, 1.0, 0.5], [1.0, 3.0, -0.5], [0.5, -0.5, 1.0]])
LINEAR = np.array([1.0, -2.0, 0.5])
FEATURES = np.array([[1.0, 0.5], [-0.3, 1.2], [0.8, -1.0], [-1.5, -0.4]])
SIGNS = np.array([1.0, -1.0, -1.0, 1.0])


def quadratic(x):
    return MATRIX @ x - LINEAR


def rosenbrock(x):
    a, b = x
    return np.array([-400.0 * a * (b - a * a) - 2.0 * (1.0 - a), 200.0 * (b - a * a)])


def logistic(w):
    margins = SIGNS * (FEATURES @ w)
    return -(FEATURES.T @ (SIGNS / (1.0 + np.exp(margins)))) + 0.1 * w


FUNCTIONS = {
    "quadratic": (quadratic, [1.0, -1.5, 2.0]),
    "rosenbrock": (rosenbrock, [-1.2, 1.0]),
    "logistic": (logistic, [0.3, -0.8]),
}

# --- rules: each makes a function (x, gradient function) -> next x, with its own state ----------


class Torch:
    library = "torch"

    def __init__(self, make, clip=None):
        self.make, self.clip = make, clip

    def start(self, x):
        self.parameter = torch.nn.Parameter(torch.tensor(x))
        self.optimizer = self.make([self.parameter])

    def step(self, gradient):
        x = self.parameter.detach().numpy().copy()
        self.parameter.grad = torch.tensor(gradient(x))
        self.optimizer.step()
        return self.parameter.detach().numpy().copy()


class Optax:
    library = "optax"

    def __init__(self, rule):
        self.rule = rule

    def start(self, x):
        self.x = jnp.array(x)
        self.state = self.rule.init(self.x)

    def step(self, gradient):
        g = jnp.array(gradient(np.array(self.x)))
        updates, self.state = self.rule.update(g, self.state, self.x)
        self.x = optax.apply_updates(self.x, updates)
        return np.array(self.x)


class Paper:
    """A generator that is sent nothing and yields points; it calls the gradient itself."""

    library = "transcription"

    def __init__(self, generator):
        self.generator = generator

    def start(self, x):
        self.gradient = None
        self.points = self.generator(np.array(x), lambda y: self.gradient(y))

    def step(self, gradient):
        self.gradient = gradient
        return next(self.points)


def algorithm_8_3(eta, alpha):
    """Goodfellow, Bengio, Courville (2016), algorithm 8.3."""

    def run(theta, gradient):
        v = np.zeros_like(theta)
        while True:
            g = gradient(theta + alpha * v)
            v = alpha * v - eta * g
            theta = theta + v
            yield theta

    return run


def algorithm_8_6(eta, rho, alpha, delta):
    """Goodfellow, Bengio, Courville (2016), algorithm 8.6, with the delta that it lacks outside the root."""

    def run(theta, gradient):
        v, r = np.zeros_like(theta), np.zeros_like(theta)
        while True:
            g = gradient(theta + alpha * v)
            r = rho * r + (1 - rho) * g * g
            v = alpha * v - eta / (np.sqrt(r) + delta) * g
            theta = theta + v
            yield theta

    return run


def algorithm_8_5(eta, rho, delta):
    """Goodfellow, Bengio, Courville (2016), algorithm 8.5: delta inside the root."""

    def run(theta, gradient):
        r = np.zeros_like(theta)
        while True:
            g = gradient(theta)
            r = rho * r + (1 - rho) * g * g
            theta = theta - eta / np.sqrt(delta + r) * g
            yield theta

    return run


def adabound(lr, final_lr, gamma, beta1=0.9, beta2=0.999, eps=1e-8):
    """Luo et al. (2019), section 4 with the bounds and bias correction of the authors' released code."""

    def run(theta, gradient):
        m, v, t = np.zeros_like(theta), np.zeros_like(theta), 0
        while True:
            g = gradient(theta)
            t += 1
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g * g
            lower = final_lr * (1 - 1 / (gamma * t + 1))
            upper = final_lr * (1 + 1 / (gamma * t))
            alpha = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
            theta = theta - np.clip(alpha / (np.sqrt(v) + eps), lower, upper) * m
            yield theta

    return run


def amsgrad_of_the_paper(alpha, beta1=0.9, beta2=0.999, eps=1e-8):
    """Reddi, Kale, Kumar (2018), algorithm 2: no bias correction."""

    def run(theta, gradient):
        m, v, u = (np.zeros_like(theta) for _ in range(3))
        while True:
            g = gradient(theta)
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g * g
            u = np.maximum(u, v)
            theta = theta - alpha * m / (np.sqrt(u) + eps)
            yield theta

    return run


def adamw_of_the_paper(alpha, weight_decay, beta1=0.9, beta2=0.999, eps=1e-8):
    """Loshchilov, Hutter (2019), algorithm 2 with the schedule multiplier 1."""

    def run(theta, gradient):
        m, v, t = np.zeros_like(theta), np.zeros_like(theta), 0
        while True:
            g = gradient(theta)
            t += 1
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g * g
            hat_m, hat_v = m / (1 - beta1**t), v / (1 - beta2**t)
            theta = theta - (alpha * hat_m / (np.sqrt(hat_v) + eps) + weight_decay * theta)
            yield theta

    return run


def heavy_ball(eta, rho):
    """Polyak (1964): x(k+1) = x(k) - eta g + rho (x(k) - x(k-1))."""

    def run(x, gradient):
        before = x
        while True:
            x, before = x - eta * gradient(x) + rho * (x - before), x
            yield x

    return run


optim = torch.optim
RULES = {
    "gradient descent": Torch(lambda p: optim.SGD(p, lr=0.002)),
    "heavy ball": Paper(heavy_ball(0.001, 0.9)),
    "momentum, gradient form": Torch(lambda p: optim.SGD(p, lr=0.001, momentum=0.9)),
    "SGD, dampened": Torch(lambda p: optim.SGD(p, lr=0.002, momentum=0.9, dampening=0.5)),
    "SGD, Nesterov": Torch(lambda p: optim.SGD(p, lr=0.001, momentum=0.9, nesterov=True)),
    "Nesterov, shifted": Torch(lambda p: optim.SGD(p, lr=0.001, momentum=0.9, nesterov=True)),
    "Nesterov, look-ahead": Paper(algorithm_8_3(0.001, 0.9)),
    "SGD, coupled L2": Torch(lambda p: optim.SGD(p, lr=0.001, momentum=0.5, weight_decay=0.1)),
    "AdaGrad": Torch(lambda p: optim.Adagrad(p, lr=0.1, eps=1e-7)),
    "AdaGrad, initial": Torch(
        lambda p: optim.Adagrad(p, lr=0.1, eps=1e-10, initial_accumulator_value=0.1)
    ),
    "RMSProp": Torch(lambda p: optim.RMSprop(p, lr=0.001, alpha=0.9, eps=1e-8)),
    "RMSProp, momentum": Torch(
        lambda p: optim.RMSprop(p, lr=0.0005, alpha=0.99, eps=1e-8, momentum=0.9)
    ),
    "RMSProp, inside": Paper(algorithm_8_5(0.001, 0.9, 1e-6)),
    # At rates at which it arrives within 500 steps it then hops about the minimum for ever, and
    # magnifies roundings: no two programs would agree.
    "RMSProp, Nesterov": Paper(algorithm_8_6(0.0001, 0.9, 0.9, 1e-8)),
    "AdaDelta": Torch(lambda p: optim.Adadelta(p, lr=1.0, rho=0.95, eps=1e-6)),
    "Adam": Torch(lambda p: optim.Adam(p, lr=0.01)),
    "Adam, coupled L2": Torch(lambda p: optim.Adam(p, lr=0.01, weight_decay=0.1)),
    "Adam, inside": Optax(optax.adam(0.01, eps=0.0, eps_root=1e-8)),
    "AdamW": Torch(lambda p: optim.AdamW(p, lr=0.01, weight_decay=0.1)),
    "AdamW, paper": Paper(adamw_of_the_paper(0.01, 0.001)),
    "AMSGrad": Torch(lambda p: optim.Adam(p, lr=0.01, amsgrad=True)),
    "AMSGrad, paper": Paper(amsgrad_of_the_paper(0.01)),
    "AdaMax": Torch(lambda p: optim.Adamax(p, lr=0.01)),
    "NAdam": Torch(lambda p: optim.NAdam(p, lr=0.01)),
    "NAdam, constant": Optax(optax.nadam(0.01)),
    "RAdam": Torch(lambda p: optim.RAdam(p, lr=0.01)),
    "AdaBound": Paper(adabound(0.001, 0.01, 1e-3)),
    "Yogi": Optax(optax.yogi(0.01)),
    "Lion": Optax(optax.lion(0.001, b1=0.9, b2=0.99, weight_decay=0.1)),
}

MARKS = [1, 2, 3, 5, 10, 20, 50, 100, 200, 300, 400, 500]


def main():
    generator = np.random.Generator(np.random.PCG64(7))
    # Gradients of very different sizes, with a component that is zero at first.
    gradients = generator.standard_normal((20, 4)) * np.array([1.0, 100.0, 1e-3, 1.0])
    gradients[:3, 3] = 0.0
    start = [0.5, -1.0, 2.0, 1e-2]

    sequences, trajectories = [], []
    for name, rule in RULES.items():
        rule.start(start)
        points = [rule.step(lambda _, g=g: g).tolist() for g in gradients]
        sequences.append({"rule": name, "library": rule.library, "points": points})
        for function, (gradient, x) in FUNCTIONS.items():
            rule.start(x)
            points = [rule.step(gradient).tolist() for _ in range(MARKS[-1])]
            trajectories.append(
                {
                    "rule": name,
                    "library": rule.library,
                    "function": function,
                    "points": [points[step - 1] for step in MARKS],
                }
            )

    record = {
        "versions": {
            "torch": torch.__version__,
            "optax": optax.__version__,
            "jax": jax.__version__,
            "numpy": np.__version__,
        },
        "start": start,
        "gradients": gradients.tolist(),
        "marks": MARKS,
        "starts": {name: x for name, (_, x) in FUNCTIONS.items()},
        "sequences": sequences,
        "trajectories": trajectories,
    }
    path = pathlib.Path(__file__).with_suffix(".json")
    text = json.dumps(record, allow_nan=False)
    path.write_text(text.replace("}, {", "},\n{").replace('": [{', '": [\n{') + "\n")


if __name__ == "__main__":
    main()
