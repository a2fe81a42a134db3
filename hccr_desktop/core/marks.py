"""Punctuation and what else is small: where it stands, how large it is; for layout, decoders and composed lines alike.

Heights are those of a line whose middle is 0, in sizes of a character, downward.
"""

from __future__ import annotations

from types import MappingProxyType

SMALL = 0.42
"""Ink whose longer side is less than this share of a character's size may be a mark, and is nothing larger."""

LOW = frozenset("，、。．,.")
HIGH = frozenset("‘’“”'\"`")
MIDDLE = frozenset("·…—-~～")
TALL = frozenset("（）()《》「」【】[]{}〈〉/\\|｜")
"""As high as characters, and narrow."""

USUAL = "，。、：；？！（）《》“”·—…"
"""Those that come often in Chinese text."""

SPIKED = frozenset("，。、；：！？,.;:!?·'\"‘’“”")
"""Those so narrow that a network which reads along a line notices them late."""

READ_AT = MappingProxyType(
    {
        "low": (LOW | {";", "；"}, 0.1, float("inf")),
        "high": (HIGH - {"`"}, float("-inf"), -0.12),
        "middle": (MIDDLE | {":", "：", "；", "一"}, -0.25, 0.3),
    }
)
"""Which marks small ink may be whose middle lies between two heights."""

NEVER_LARGE = frozenset("，。、．,.·‘’'\"“”丶｀`")
"""What ink that is not small cannot be."""

BARE = frozenset("1lI|丨一—-_、。，.·:：…丶丿′'`~")
"""Bare strokes and dots, as a page's edge or the rests of a ruling give."""
