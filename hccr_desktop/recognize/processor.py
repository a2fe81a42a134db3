"""What processor this is, as far as the arithmetic of networks depends on it."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FEATURES = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "amx_int8", "amx_bf16")
_FEATURES_OF_ARM = ("asimddp", "i8mm", "bf16")
"""Instruction sets, named as Linux names them."""
_ENOUGH = 8192
"""Bytes of Linux's list in which the first processor stands."""


@dataclass(frozen=True)
class Processor:
    """Its name, and those of the instruction sets that matter here which the system lists."""

    name: str
    features: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name} ({', '.join(self.features)})" if self.features else self.name


@cache
def processor() -> Processor:
    """Return this computer's processor; systems other than Linux list no instruction sets."""
    name, listed = platform.processor() or platform.machine(), ""
    try:
        if sys.platform.startswith("linux"):
            with Path("/proc/cpuinfo").open(encoding="utf-8", errors="replace") as file:
                rows = [row.partition(":") for row in file.read(_ENOUGH).splitlines()]
            values = {key.strip().lower(): value.strip() for key, _, value in reversed(rows)}
            name = values.get("model name", name)
            listed = values.get("flags") or values.get("features") or ""
        elif sys.platform == "darwin":
            asked = ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]
            name = subprocess.run(asked, capture_output=True, text=True, timeout=5, check=True).stdout.strip()  # noqa: S603
        else:
            name = os.environ.get("PROCESSOR_IDENTIFIER", name)
    except (OSError, subprocess.SubprocessError):
        pass
    return Processor(name, tuple(feature for feature in (*_FEATURES, *_FEATURES_OF_ARM) if feature in listed.split()))
