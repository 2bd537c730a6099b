"""Makes solves.json: the 35 problems of More, Garbow and Hillstrom by SciPy's BFGS, L-BFGS-B and CG.

    pip install scipy==1.17.1 jax==0.10.2 numpy==2.4.6
    python tests/references/solves.py

The problems are written here a second time, with derivatives by jax, so that the record also checks the
crate's: f and the gradient at the start. Every method stops at a gradient of at most 1e-6 in its largest component
or where it can go no further; SciPy's other tolerances are off or at their defaults. One evaluation is f and its
gradient together.
"""

import json
import math
import pathlib

import jax
import jax.numpy as jnp
import numpy as np
import scipy
from scipy.optimize import minimize

jax.config.update("jax_enable_x64", True)

BARD = [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39]
GAUSS = [0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989]
GAUSS = GAUSS + GAUSS[-2::-1]
MEYER = [34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872]
KOWALIK_Y = [0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246]
KOWALIK_U = [4.0, 2.0, 1.0, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625]
OSBORNE_1 = [
    0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.850, 0.818, 0.784, 0.751, 0.718, 0.685, 0.658, 0.628,
    0.603, 0.580, 0.558, 0.538, 0.522, 0.506, 0.490, 0.478, 0.467, 0.457, 0.448, 0.438, 0.431, 0.424, 0.420,
    0.414, 0.411, 0.406,
]
OSBORNE_2 = [
    1.366, 1.191, 1.112, 1.013, 0.991, 0.885, 0.831, 0.847, 0.786, 0.725, 0.746, 0.679, 0.608, 0.655, 0.616,
    0.606, 0.602, 0.626, 0.651, 0.724, 0.649, 0.649, 0.694, 0.644, 0.624, 0.661, 0.612, 0.558, 0.533, 0.495,
    0.500, 0.423, 0.395, 0.375, 0.372, 0.391, 0.396, 0.405, 0.428, 0.429, 0.523, 0.562, 0.607, 0.653, 0.672,
    0.708, 0.633, 0.668, 0.645, 0.632, 0.591, 0.559, 0.597, 0.625, 0.739, 0.710, 0.729, 0.720, 0.636, 0.581,
    0.428, 0.292, 0.162, 0.098, 0.054,
]
A = jnp.array


def helical(x):
    theta = jnp.arctan(x[1] / x[0]) / (2 * math.pi) + jnp.where(x[0] < 0, 0.5, 0.0)
    return A([10 * (x[2] - 10 * theta), 10 * (jnp.sqrt(x[0] ** 2 + x[1] ** 2) - 1), x[2]])


def bard(x):
    u = jnp.arange(1.0, 16.0)
    v = 16 - u
    return A(BARD) - (x[0] + u / (v * x[1] + jnp.minimum(u, v) * x[2]))


def gulf(x):
    t = jnp.arange(1, 100) / 100
    y = 25 + (-50 * jnp.log(t)) ** (2 / 3)
    return jnp.exp(-(jnp.abs(y - x[1]) ** x[2]) / x[0]) - t


def box(x):
    t = 0.1 * jnp.arange(1, 11)
    return jnp.exp(-t * x[0]) - jnp.exp(-t * x[1]) - x[2] * (jnp.exp(-t) - jnp.exp(-10 * t))


def powell(x):
    return A([x[0] + 10 * x[1], 5**0.5 * (x[2] - x[3]), (x[1] - 2 * x[2]) ** 2, 10**0.5 * (x[0] - x[3]) ** 2])


def wood(x):
    return A(
        [
            10 * (x[1] - x[0] ** 2), 1 - x[0], 90**0.5 * (x[3] - x[2] ** 2), 1 - x[2],
            10**0.5 * (x[1] + x[3] - 2), (x[1] - x[3]) / 10**0.5,
        ]
    )


def kowalik(x):
    y, u = A(KOWALIK_Y), A(KOWALIK_U)
    return y - x[0] * (u**2 + u * x[1]) / (u**2 + u * x[2] + x[3])


def brown_dennis(x):
    t = jnp.arange(1, 21) / 5
    return (x[0] + t * x[1] - jnp.exp(t)) ** 2 + (x[2] + x[3] * jnp.sin(t) - jnp.cos(t)) ** 2


def osborne_1(x):
    t = 10.0 * jnp.arange(33)
    return A(OSBORNE_1) - (x[0] + x[1] * jnp.exp(-t * x[3]) + x[2] * jnp.exp(-t * x[4]))


def biggs(x):
    t = 0.1 * jnp.arange(1, 14)
    y = jnp.exp(-t) - 5 * jnp.exp(-10 * t) + 3 * jnp.exp(-4 * t)
    return x[2] * jnp.exp(-t * x[0]) - x[3] * jnp.exp(-t * x[1]) + x[5] * jnp.exp(-t * x[4]) - y


def osborne_2(x):
    t = jnp.arange(65) / 10
    model = x[0] * jnp.exp(-t * x[4])
    for k in range(3):
        model = model + x[1 + k] * jnp.exp(-((t - x[8 + k]) ** 2) * x[5 + k])
    return A(OSBORNE_2) - model


def watson(x):
    n = len(x)
    t = (jnp.arange(1, 30) / 29)[:, None]
    j = jnp.arange(n)
    slope = (j[1:] * x[1:] * t ** (j[1:] - 1)).sum(1)
    value = (x * t**j).sum(1)
    return jnp.concatenate([slope - value**2 - 1, A([x[0], x[1] - x[0] ** 2 - 1])])


def extended_rosenbrock(x):
    return jnp.concatenate([10 * (x[1::2] - x[::2] ** 2), 1 - x[::2]])


def extended_powell(x):
    return jnp.concatenate([powell(x[i : i + 4]) for i in range(0, len(x), 4)])


def penalty_1(x):
    return jnp.concatenate([1e-5**0.5 * (x - 1), A([(x**2).sum() - 0.25])])


def penalty_2(x):
    n = len(x)
    i = jnp.arange(2, n + 1)
    y = jnp.exp(i / 10) + jnp.exp((i - 1) / 10)
    root = 1e-5**0.5
    return jnp.concatenate(
        [
            A([x[0] - 0.2]),
            root * (jnp.exp(x[1:] / 10) + jnp.exp(x[:-1] / 10) - y),
            root * (jnp.exp(x[1:] / 10) - math.exp(-0.1)),
            A([((n - jnp.arange(n)) * x**2).sum() - 1]),
        ]
    )


def variably_dimensioned(x):
    s = (jnp.arange(1, len(x) + 1) * (x - 1)).sum()
    return jnp.concatenate([x - 1, A([s, s**2])])


def trigonometric(x):
    n = len(x)
    return n - jnp.cos(x).sum() + jnp.arange(1, n + 1) * (1 - jnp.cos(x)) - jnp.sin(x)


def brown_almost_linear(x):
    n = len(x)
    return jnp.concatenate([x[:-1] + x.sum() - (n + 1), A([jnp.prod(x) - 1])])


def boundary_value(x):
    n = len(x)
    h = 1 / (n + 1)
    t = h * jnp.arange(1, n + 1)
    padded = jnp.concatenate([A([0.0]), x, A([0.0])])
    return 2 * x - padded[:-2] - padded[2:] + h**2 * (x + t + 1) ** 3 / 2


def integral_equation(x):
    n = len(x)
    h = 1 / (n + 1)
    t = h * jnp.arange(1, n + 1)
    cube = (x + t + 1) ** 3
    rows = [
        x[i] + h * ((1 - t[i]) * (t * cube)[: i + 1].sum() + t[i] * ((1 - t) * cube)[i + 1 :].sum()) / 2
        for i in range(n)
    ]
    return jnp.stack(rows)


def broyden_tridiagonal(x):
    padded = jnp.concatenate([A([0.0]), x, A([0.0])])
    return (3 - 2 * x) * x - padded[:-2] - 2 * padded[2:] + 1


def broyden_banded(x):
    n = len(x)
    rows = []
    for i in range(n):
        band = [j for j in range(max(0, i - 5), min(n, i + 2)) if j != i]
        rows.append(x[i] * (2 + 5 * x[i] ** 2) + 1 - sum(x[j] * (1 + x[j]) for j in band))
    return jnp.stack(rows)


def linear_full_rank(x):
    m = 2 * len(x)
    return jnp.concatenate([x, jnp.zeros(m - len(x))]) - 2 / m * x.sum() - 1


def linear_rank_1(x):
    i = jnp.arange(1, 2 * len(x) + 1)
    return i * (jnp.arange(1, len(x) + 1) * x).sum() - 1


def linear_rank_1_zero(x):
    n, m = len(x), 2 * len(x)
    s = (jnp.arange(2, n) * x[1:-1]).sum()
    return jnp.concatenate([A([-1.0]), jnp.arange(1, m - 1) * s - 1, A([-1.0])])


def chebyquad(x):
    n = len(x)
    y = 2 * x - 1
    before, now, rows = jnp.ones(n), y, []
    for i in range(1, n + 1):
        rows.append(now.sum() / n - (-1 / (i * i - 1) if i % 2 == 0 else 0))
        before, now = now, 2 * y * now - before
    return jnp.stack(rows)


def grid(n):
    t = np.arange(1, n + 1) / (n + 1)
    return t * (t - 1)


PROBLEMS = [
    ("Rosenbrock", lambda x: A([10 * (x[1] - x[0] ** 2), 1 - x[0]]), [-1.2, 1]),
    (
        "Freudenstein-Roth",
        lambda x: A(
            [
                -13 + x[0] + ((5 - x[1]) * x[1] - 2) * x[1],
                -29 + x[0] + ((x[1] + 1) * x[1] - 14) * x[1],
            ]
        ),
        [0.5, -2],
    ),
    ("Powell badly scaled", lambda x: A([1e4 * x[0] * x[1] - 1, jnp.exp(-x[0]) + jnp.exp(-x[1]) - 1.0001]), [0, 1]),
    ("Brown badly scaled", lambda x: A([x[0] - 1e6, x[1] - 2e-6, x[0] * x[1] - 2]), [1, 1]),
    ("Beale", lambda x: A([y - x[0] * (1 - x[1] ** i) for i, y in ((1, 1.5), (2, 2.25), (3, 2.625))]), [1, 1]),
    (
        "Jennrich-Sampson",
        lambda x: A([2 + 2 * i - (jnp.exp(i * x[0]) + jnp.exp(i * x[1])) for i in range(1, 11)]),
        [0.3, 0.4],
    ),
    ("Helical valley", helical, [-1, 0, 0]),
    ("Bard", bard, [1, 1, 1]),
    ("Gaussian", lambda x: x[0] * jnp.exp(-x[1] * ((8 - jnp.arange(1, 16)) / 2 - x[2]) ** 2 / 2) - A(GAUSS), [0.4, 1, 0]),
    ("Meyer", lambda x: x[0] * jnp.exp(x[1] / (45 + 5 * jnp.arange(1, 17) + x[2])) - A(MEYER), [0.02, 4000, 250]),
    ("Gulf R&D", gulf, [5, 2.5, 0.15]),
    ("Box 3-D", box, [0, 10, 20]),
    ("Powell singular", powell, [3, -1, 0, 1]),
    ("Wood", wood, [-3, -1, -3, -1]),
    ("Kowalik-Osborne", kowalik, [0.25, 0.39, 0.415, 0.39]),
    ("Brown-Dennis", brown_dennis, [25, 5, -5, -1]),
    ("Osborne 1", osborne_1, [0.5, 1.5, -1, 0.01, 0.02]),
    ("Biggs EXP6", biggs, [1, 2, 1, 1, 1, 1]),
    ("Osborne 2", osborne_2, [1.3, 0.65, 0.65, 0.7, 0.6, 3, 5, 7, 2, 4.5, 5.5]),
    ("Watson", watson, [0] * 6),
    ("Extended Rosenbrock", extended_rosenbrock, [-1.2, 1] * 5),
    ("Extended Powell singular", extended_powell, [3, -1, 0, 1] * 3),
    ("Penalty I", penalty_1, [1, 2, 3, 4]),
    ("Penalty II", penalty_2, [0.5] * 4),
    ("Variably dimensioned", variably_dimensioned, 1 - np.arange(1, 11) / 10),
    ("Trigonometric", trigonometric, [0.1] * 10),
    ("Brown almost-linear", brown_almost_linear, [0.5] * 10),
    ("Discrete boundary value", boundary_value, grid(10)),
    ("Discrete integral equation", integral_equation, grid(10)),
    ("Broyden tridiagonal", broyden_tridiagonal, [-1] * 10),
    ("Broyden banded", broyden_banded, [-1] * 10),
    ("Linear full rank", linear_full_rank, [1] * 10),
    ("Linear rank 1", linear_rank_1, [1] * 10),
    ("Linear rank 1 zero cols/rows", linear_rank_1_zero, [1] * 10),
    ("Chebyquad", chebyquad, np.arange(1, 9) / 9),
]

METHODS = {
    "BFGS": {"gtol": 1e-6, "maxiter": 5000},
    "L-BFGS-B": {"gtol": 1e-6, "ftol": 0.0, "maxiter": 5000, "maxfun": 20000, "maxcor": 10},
    "CG": {"gtol": 1e-6, "maxiter": 5000},
}


def main():
    results = []
    for name, residuals, start in PROBLEMS:
        start = np.array(start, dtype=float)
        pair = jax.jit(jax.value_and_grad(lambda x, r=residuals: (r(x) ** 2).sum()))
        evaluations = 0

        def counted(x):
            nonlocal evaluations
            evaluations += 1
            value, gradient = pair(x)
            return float(value), np.array(gradient)

        value, gradient = counted(start)
        entry = {"problem": name, "start_value": value, "start_gradient": gradient.tolist(), "methods": {}}
        for method, options in METHODS.items():
            evaluations = 0
            result = minimize(counted, start, jac=True, method=method, options=options)
            _, gradient = pair(result.x)
            entry["methods"][method] = {
                "value": float(result.fun),
                "gradient_norm": float(np.linalg.norm(gradient)),
                "evaluations": evaluations,
                "message": str(result.message),
            }
        results.append(entry)
        print(name, {m: (r["value"], r["evaluations"]) for m, r in entry["methods"].items()}, flush=True)
    record = {
        "versions": {"scipy": scipy.__version__, "jax": jax.__version__, "numpy": np.__version__},
        "results": results,
    }
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
