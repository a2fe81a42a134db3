"""The light that falls on a page, taken away."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Gray = npt.NDArray[np.uint8]


def noise_of(pixels: Gray) -> float:
    """Return the standard deviation of a picture's noise (Immerkær, CVIU 64, 1996), by the median: strokes are rare."""
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    return float(np.median(np.abs(cv2.filter2D(pixels.astype(np.float32), -1, kernel)))) / (0.6745 * 6.0)


def even_light(page: Gray) -> Gray:
    """Divide out shadow and paper color; paper becomes 255."""
    quarter = (max(page.shape[1] // 4, 1), max(page.shape[0] // 4, 1))
    small = cv2.resize(page, quarter, interpolation=cv2.INTER_AREA)
    reach = max(5, round(max(small.shape) / 40)) | 1
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((reach, reach), np.uint8)), min(reach * 2 + 1, 255))
    paper = cv2.resize(cv2.GaussianBlur(paper, (0, 0), reach / 2), (page.shape[1], page.shape[0]))
    even = page.astype(np.float32) * (255.0 / np.maximum(paper.astype(np.float32), 1.0))
    return np.asarray(even.clip(0, 255), np.uint8)
