"""Stacks are noted only as far as they tell something.

asyncio's debug mode notes the stack of every future. Most of its frames are pytest's,
and to note them took two fifths of all the time that tests take.
"""

from collections.abc import Iterator
from itertools import islice
import traceback
from types import FrameType

FRAMES = 4

_walk_stack = traceback.walk_stack


def _walk_short(f: FrameType | None) -> Iterator[tuple[FrameType, int]]:
    """Go through the innermost frames of a stack."""
    return islice(_walk_stack(f), FRAMES)


def use() -> None:
    """Note short stacks from now on."""
    traceback.walk_stack = _walk_short
