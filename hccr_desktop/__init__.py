"""Handwriting recognition for Chinese characters, offline, on the desktop."""

import os

__version__ = "0.2.0"

# Nothing is ever sent: libraries read this when they are imported, and this package is imported before
# any of them. A user's own value does not count; child processes inherit ours.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # onnxruntime: an identity, a database of events, their upload
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
