"""In which numbers networks are trained: bfloat16 where the processor computes with it, floats elsewhere.

Without AVX-512 BF16 or AMX bfloat16 is emulated: some 13 times slower than floats.
"""

from __future__ import annotations

from typing import Literal

import torch

Choice = bool | Literal["auto"]
"""Whether bfloat16 is used; "auto" asks the processor."""


def bfloat16_pays(device: torch.device) -> bool:
    """Tell whether a device computes with bfloat16 itself."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    able = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}  # older torch cannot tell
    return bool(able.get("avx512_bf16") or able.get("amx_bf16") or able.get("bf16"))  # the last is ARM's


def autocast(device: torch.device, choice: Choice = "auto") -> torch.autocast:
    """Return the context in which a network's forward pass runs."""
    enabled = bfloat16_pays(device) if choice == "auto" else choice
    return torch.autocast(device.type, torch.bfloat16, enabled=enabled)
