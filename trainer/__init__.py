"""The trainer: learns handwriting with torch and exports bundles for `hccr_desktop`.

It stands beside the application, never inside it: no Qt, no window.
"""

import os

import hccr_desktop  # noqa: F401 - before onnxruntime, torch and all others: it tells them to send nothing

# Batches are prepared by worker processes beside torch's threads. Threads of either that wait by
# spinning, or more of them than cores, cost a quarter of the speed. Both are read when numpy and
# torch are imported, so they are set before.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
