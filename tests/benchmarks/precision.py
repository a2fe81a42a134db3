"""How many samples a second a training learns in bfloat16 and in floats, in turns, and which of them is the default.

    .venv/bin/python -m tests.benchmarks.precision [--seconds 10] [--threads 2]

The network is the bundled model's, in batches of 64.
"""

from __future__ import annotations

import argparse
import statistics
import time

import numpy as np
import torch
from torch.nn import functional

from hccr_desktop.recognize.models import Registry
from hccr_desktop.recognize.processor import processor
from trainer.networks.eca_resnet import EcaResNet
from trainer.precision import autocast, bfloat16_pays
from trainer.unfold import architecture_of

BATCH, TURNS = 64, 5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each is measured in all")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    bundle, device = Registry().active(), torch.device("cpu")
    network = EcaResNet(architecture_of(bundle), len(bundle.charset)).to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-4, fused=True)
    rng = np.random.default_rng(0)
    images = torch.from_numpy(rng.integers(0, 256, (BATCH, 1, bundle.spec.size, bundle.spec.size)).astype(np.uint8))
    labels = torch.from_numpy(rng.integers(0, len(bundle.charset), BATCH))

    def step(bfloat16: bool) -> float:
        started = time.perf_counter()
        with autocast(device, bfloat16):
            logits = network(images)
        functional.cross_entropy(logits.float(), labels).backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return time.perf_counter() - started

    rates: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(TURNS):
        for bfloat16, measured in rates.items():
            step(bfloat16)
            until, times = time.perf_counter() + options.seconds / TURNS, [step(bfloat16)]
            while time.perf_counter() < until:
                times.append(step(bfloat16))
            measured.append(BATCH / statistics.median(times))
    in_bfloat16, in_floats = (statistics.median(rates[choice]) for choice in (True, False))
    print(f"processor  {processor()}")
    print(f"bfloat16   {in_bfloat16:.0f} samples a second")
    print(f"floats     {in_floats:.0f} samples a second")
    print(f"ratio      {in_bfloat16 / in_floats:.2f}")
    print(f"default    {'bfloat16' if bfloat16_pays(device) else 'floats'}")


if __name__ == "__main__":
    main()
