"""Makes nets.json: what PyTorch computes for small nets, step by step, in double and in single precision.

    pip install torch==2.15.0 numpy==2.4.6
    python tests/references/nets.py

For each net: parameters and examples (numbers of single precision), and for each of two steps in training mode
the loss, its gradient, and the parameters after the step, running statistics included; after the last step the
scores of all examples in evaluation mode. Parameters are in the crate's order: layer by layer, weight, bias,
running mean, running variance.
"""

import json
import pathlib

import numpy as np
import torch
from torch import nn

# What the crate's dropout layer draws for 5 × 8 numbers with the seeds 11 and 12; 1 is kept.
MASKS = [
    "0110011111110100001011110000011001101100",
    "1110000110111010000101110101000100101100",
]
SEED = 11


class Dropped(nn.Module):
    """Dropout of half of the numbers, with the crate's masks in training."""

    def __init__(self):
        super().__init__()
        self.step = 0

    def forward(self, x):
        if not self.training:
            return x
        mask = torch.tensor([float(c) for c in MASKS[self.step]], dtype=x.dtype).reshape(x.shape)
        self.step += 1
        return x * mask / 0.5


class Hinge(nn.Module):
    """PyTorch's multiclass hinge loss divides by the number of classes."""

    def forward(self, scores, labels):
        return nn.functional.multi_margin_loss(scores, labels) * scores.shape[1]


class Squares(nn.Module):
    """PyTorch's squared error also divides by the number of outputs; labels become rows with a single one."""

    def forward(self, scores, labels):
        targets = nn.functional.one_hot(labels, scores.shape[1]).to(scores.dtype)
        return nn.functional.mse_loss(scores, targets) * scores.shape[1]


def adam(parameters):
    return torch.optim.Adam(parameters, lr=0.01)


def momentum(parameters):
    return torch.optim.SGD(parameters, lr=0.05, momentum=0.9)


# Name: layers, loss, rule, shape of an input, number of classes.
NETS = {
    "softmax": (lambda: [nn.Linear(6, 3)], nn.CrossEntropyLoss, momentum, (6,), 3),
    "svm": (lambda: [nn.Linear(6, 3)], Hinge, momentum, (6,), 3),
    "relu": (
        lambda: [nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 7), nn.ReLU(), nn.Linear(7, 3)],
        nn.CrossEntropyLoss,
        adam,
        (6,),
        3,
    ),
    "tanh, sigmoid": (
        lambda: [nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 7), nn.Sigmoid(), nn.Linear(7, 3)],
        Squares,
        adam,
        (6,),
        3,
    ),
    # Momentum, because a bias before batch normalisation has no gradient but rounding, which Adam would scale up.
    "batch norm": (
        lambda: [nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3)],
        nn.CrossEntropyLoss,
        momentum,
        (6,),
        3,
    ),
    "dropout": (
        lambda: [nn.Linear(6, 8), nn.Tanh(), Dropped(), nn.Linear(8, 3)],
        nn.CrossEntropyLoss,
        adam,
        (6,),
        3,
    ),
    "convolution": (
        lambda: [
            nn.Conv2d(2, 3, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(3, 4, 3, padding=1),
            nn.BatchNorm2d(4),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(8, 3),
        ],
        nn.CrossEntropyLoss,
        momentum,
        (2, 5, 8),
        3,
    ),
}


def numbers(n, frequency):
    """Numbers in (−1, 1) without a pattern to speak of, in single precision."""
    return np.sin(np.arange(n, dtype=np.float64) ** 1.5 * frequency).astype(np.float32)


def tensors(net):
    """All tensors in the crate's order; the first of each pair says whether it is trained."""
    for module in net:
        yield from ((True, p) for p in module.parameters(recurse=False))
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            yield from ((False, t) for t in (module.running_mean, module.running_var))


def flat(values):
    return [float(v) for v in torch.cat([v.detach().reshape(-1) for v in values])]


def run(dtype, layers, loss, rule, shape, classes):
    net = nn.Sequential(*layers()).to(dtype)
    size = sum(p.numel() for p in net.parameters())
    start = torch.tensor(0.6 * numbers(size, 0.37), dtype=dtype)
    with torch.no_grad():
        nn.utils.vector_to_parameters(start, net.parameters())
        for module in net:
            if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
                module.weight.fill_(1.0)
    n = 5
    x = torch.tensor(numbers(n * int(np.prod(shape)), 0.73), dtype=dtype).reshape(n, *shape)
    y = torch.arange(n) ** 2 % classes
    optimizer = rule(net.parameters())
    record = {"start": flat(t for _, t in tensors(net)), "steps": []}
    for _ in range(2):
        optimizer.zero_grad()
        value = loss()(net(x), y)
        value.backward()
        gradient = flat(t.grad if trained else torch.zeros_like(t) for trained, t in tensors(net))
        optimizer.step()
        after = flat(t for _, t in tensors(net))
        record["steps"].append({"loss": value.item(), "gradient": gradient, "after": after})
    net.eval()
    record["scores"] = flat([net(x)])
    return record, flat([x]), y.tolist()


nets = []
for name, case in NETS.items():
    double, inputs, labels = run(torch.float64, *case)
    single, _, _ = run(torch.float32, *case)
    nets.append(
        {"name": name, "inputs": inputs, "labels": labels, "double": double, "single": single}
    )
record = {
    "versions": {"torch": torch.__version__, "numpy": np.__version__},
    "seed": SEED,
    "masks": MASKS,
    "nets": nets,
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(record, allow_nan=False).replace("], ", "],\n") + "\n")
