"""Makes schedules.json: the rates of PyTorch's schedulers and of Keras' (TensorFlow's) schedules, t = 0 ... 129.

    pip install torch==2.15.0 keras==3.15.1
    KERAS_BACKEND=torch python tests/references/schedules.py
"""

import json
import pathlib

import keras
import torch

keras.config.set_floatx("float64")
torch.set_default_dtype(torch.float64)
STEPS = 130


def pytorch(make, rate=0.1):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=rate)
    scheduler = make(optimizer)
    rates = []
    for _ in range(STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


def tensorflow(schedule):
    # Double precision throughout: the initial rate's type decides.
    schedule.initial_learning_rate = torch.tensor(schedule.initial_learning_rate)
    return [float(schedule(t)) for t in range(STEPS)]


def piecewise(schedule):
    return [float(schedule(t)) for t in range(STEPS)]


lr = torch.optim.lr_scheduler
ks = keras.optimizers.schedules

RECORD = {
    "StepLR": pytorch(lambda o: lr.StepLR(o, 30, 0.1)),
    "MultiStepLR": pytorch(lambda o: lr.MultiStepLR(o, [30, 60, 90], 0.1)),
    "ExponentialLR": pytorch(lambda o: lr.ExponentialLR(o, 0.95)),
    "LinearLR": pytorch(lambda o: lr.LinearLR(o, 1.0, 0.1, 100)),
    "PolynomialLR": pytorch(lambda o: lr.PolynomialLR(o, 100, 2.0)),
    "CosineAnnealingWarmRestarts": pytorch(
        lambda o: lr.CosineAnnealingWarmRestarts(o, 10, 2, 0.001)
    ),
    "CyclicLR": pytorch(lambda o: lr.CyclicLR(o, 0.01, 0.1, 8, 12, cycle_momentum=False)),
    "CyclicLR, triangular2": pytorch(
        lambda o: lr.CyclicLR(o, 0.01, 0.1, 10, 10, mode="triangular2", cycle_momentum=False)
    ),
    "OneCycleLR": pytorch(lambda o: lr.OneCycleLR(o, 0.1, total_steps=STEPS + 1, cycle_momentum=False)),
    "SequentialLR": pytorch(
        lambda o: lr.SequentialLR(
            o, [lr.ConstantLR(o, 1.0, 1), lr.StepLR(o, 30, 0.1)], milestones=[20]
        )
    ),
    # PyTorch's own steps of CosineAnnealingLR are recursive; T_max = STEPS is the common part.
    "CosineAnnealingLR": pytorch(lambda o: lr.CosineAnnealingLR(o, STEPS, 0.001)),
    "ExponentialDecay": tensorflow(ks.ExponentialDecay(0.1, 20, 0.5)),
    "ExponentialDecay, staircase": tensorflow(ks.ExponentialDecay(0.1, 20, 0.5, staircase=True)),
    "InverseTimeDecay": tensorflow(ks.InverseTimeDecay(0.1, 20, 0.5)),
    "InverseTimeDecay, staircase": tensorflow(ks.InverseTimeDecay(0.1, 20, 0.5, staircase=True)),
    "PiecewiseConstantDecay": piecewise(ks.PiecewiseConstantDecay([40, 80], [0.1, 0.05, 0.01])),
    "PolynomialDecay": tensorflow(ks.PolynomialDecay(0.1, 50, 0.001, 2.0)),
    "PolynomialDecay, cycle": tensorflow(ks.PolynomialDecay(0.1, 50, 0.001, 1.0, cycle=True)),
    "CosineDecay": tensorflow(ks.CosineDecay(0.1, 100, 0.01)),
    "CosineDecay, warm-up": tensorflow(
        ks.CosineDecay(0.01, 100, 0.01, warmup_target=0.1, warmup_steps=10)
    ),
    "CosineDecayRestarts": tensorflow(ks.CosineDecayRestarts(0.1, 10, 2.0, 0.5, 0.1)),
}


def plateau():
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    scheduler = lr.ReduceLROnPlateau(
        optimizer, factor=0.5, patience=3, threshold=1e-2, cooldown=2, min_lr=1e-3
    )
    # Falls, stays, falls a little, rises: all cases.
    losses = [1.0 / (1 + t) + 0.3 for t in range(15)] + [0.36] * 40 + [0.2, 0.199, 0.1] + [0.5] * 72
    rates = []
    for loss in losses:
        scheduler.step(loss)
        rates.append(optimizer.param_groups[0]["lr"])
    return {"losses": losses, "rates": rates}


record = {
    "versions": {"torch": torch.__version__, "keras": keras.__version__},
    "schedules": RECORD,
    "plateau": plateau(),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(record, allow_nan=False).replace("], ", "],\n") + "\n")
