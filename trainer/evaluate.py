"""Accuracy of a torch network on test sets, with intervals."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from hccr_desktop.recognize.evaluation import Score, score


def evaluate_torch(
    model: nn.Module, images: npt.NDArray[np.uint8], labels: npt.NDArray[np.int64], device: torch.device
) -> Score:
    """Return the score on images uint8 (n, 1, size, size) with labels (n,), all classes allowed."""
    return score(torch_logits(model, images, device), labels)


@torch.no_grad()
def torch_logits(model: nn.Module, images: npt.NDArray[np.uint8], device: torch.device) -> npt.NDArray[np.float32]:
    """Return logits float32 (n, classes) for images uint8 (n, 1, size, size)."""
    model.eval()
    parts = [
        model(torch.from_numpy(images[i : i + 256]).to(device)).float().cpu().numpy()
        for i in range(0, len(images), 256)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, 0), np.float32)
