"""The gate: whether a model that learned a user's hand may take the place of the one that it was made from."""

from __future__ import annotations

from dataclasses import dataclass

LEAST_EXAMINED = 8
"""Held-out samples of known characters from which a gain can be told."""
_LEAST_NEW = 0.5
"""Share of the held-out samples of new characters that has to be read right."""


@dataclass(frozen=True)
class Gate:
    """The verdict: top-1 on the user's held-out samples and on all old characters, before and after, shares.

    `own_before` and `own_after` are those of characters that the parent knows, of which `examined` samples were held
    out; `new_after` is that of characters that it did not know, None where none were added.
    """

    own_before: float
    own_after: float
    replay_before: float
    replay_after: float
    most_forgotten: float
    is_smaller: bool = False
    """Whether the model was made smaller: then it is enough that the hand is read as well as before."""
    examined: int = LEAST_EXAMINED
    new_after: float | None = None

    @property
    def passed(self) -> bool:
        """Whether the user's hand is read better, or new characters are, and nothing else noticeably worse."""
        return not self.why

    @property
    def why(self) -> str:
        """Why it did not pass, as `core.protocol.Verdict` says it; empty where it did."""
        if self.new_after is None and self.examined < LEAST_EXAMINED:
            return "few"
        as_well = self.is_smaller or self.new_after is not None
        if not (self.own_after > self.own_before or (as_well and self.own_after == self.own_before)):
            return "no better"
        if self.new_after is not None and self.new_after < _LEAST_NEW:
            return "new"
        return "forgets" if self.replay_before - self.replay_after > self.most_forgotten else ""

    @property
    def reason(self) -> str:
        """The verdict in a sentence."""
        told = [f"your {self.examined} held-out samples {self.own_before:.1%} → {self.own_after:.1%}"]
        if self.new_after is not None:
            told.append(f"those of new characters {self.new_after:.1%}")
        told.append(f"all characters {self.replay_before:.2%} → {self.replay_after:.2%}")
        words = {
            "": "Passed",
            "few": f"Not passed, fewer than {LEAST_EXAMINED} held-out samples are too few to tell",
            "no better": "Not passed, your hand is read no better",
            "new": "Not passed, the new characters are not read well enough",
            "forgets": "Not passed, it would forget too much",
        }
        return f"{words[self.why]}: {', '.join(told)}."
