"""The bundled networks, opened once for all tests of a process."""

from __future__ import annotations

from hccr_desktop.recognize.networks import Networks

NETWORKS = Networks()
