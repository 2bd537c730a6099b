"""Steps of training in PyTorch in f32 with Adam and batches of 128: `torch_net.py mlp|cnn THREADS`.

Prints the least time of a step in ms, and by how many MB the process grew at most from before the net was made.
"""

import re
import sys
import time

import torch
from torch import nn


def status(field):
    """A line of /proc/self/status in MB, or not a number where there is no such file."""
    try:
        with open("/proc/self/status") as file:
            return int(re.search(rf"{field}:\s+(\d+)", file.read()).group(1)) / 1024
    except OSError:
        return float("nan")


kind, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
torch.manual_seed(0)
# What the library needs for itself is not a step's.
warm = nn.Sequential(nn.Conv2d(1, 1, 3), nn.Flatten(), nn.Linear(4, 2))
nn.functional.cross_entropy(warm(torch.randn(2, 1, 4, 4)), torch.zeros(2, dtype=torch.long)).backward()
torch.optim.Adam(warm.parameters(), fused=True).step()
before = status("VmRSS")

x = torch.rand(128, 1, 28, 28) if kind == "cnn" else torch.rand(128, 784)
y = torch.arange(128) % 10
if kind == "cnn":
    net = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(32 * 7 * 7, 10),
    )
else:
    net = nn.Sequential(
        nn.Linear(784, 1000), nn.ReLU(), nn.Linear(1000, 1000), nn.ReLU(), nn.Linear(1000, 10),
    )
optimizer = torch.optim.Adam(net.parameters(), lr=0.001, fused=True)
loss = nn.CrossEntropyLoss()


def step():
    optimizer.zero_grad()
    loss(net(x), y).backward()
    optimizer.step()


for _ in range(3):
    step()
best = float("inf")
for _ in range(40):
    began = time.perf_counter()
    step()
    best = min(best, time.perf_counter() - began)
print(best * 1e3, status("VmHWM") - before)
