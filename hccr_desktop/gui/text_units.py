"""Qt counts a text in units of UTF-16, where a rare Han character takes two; we count characters."""

from __future__ import annotations


def units_of(text: str) -> int:
    """Return how many units of UTF-16 a text takes."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def characters_in(text: str, units: int) -> int:
    """Return how many characters the first units of UTF-16 of a text are; no more than it has."""
    return len(text.encode("utf-16-le", errors="surrogatepass")[: 2 * units].decode("utf-16-le", errors="ignore"))


def alike(a: str, b: str) -> int:
    """Return how many characters two texts begin with alike."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
