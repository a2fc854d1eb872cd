"""Which speakers are shown: as devices with a player, and among the sources."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from .speaker_book import Speaker, folded


@dataclass(frozen=True, slots=True)
class SpeakerRules:
    """What holds for speakers for which nothing of their own was said.

    `hidden` and `allowed` are names, in which * and ? stand for other characters;
    what is allowed is shown whatever its type. Since `new_hidden_since` (UTC seconds)
    speakers that come up are hidden until somebody allows them.
    """

    hidden_types: frozenset[str] = frozenset()
    hidden: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    new_hidden_since: float | None = None

    def shows(self, speaker: Speaker, chosen: bool | None) -> bool:
        """Tell whether a speaker is shown; `chosen` is what somebody said of it itself."""
        if chosen is not None:
            return chosen
        if _matches(speaker, self.allowed):
            return True
        if speaker.type in self.hidden_types or _matches(speaker, self.hidden):
            return False
        return self.new_hidden_since is None or (
            speaker.first_seen < self.new_hidden_since
        )

    def dump(self) -> dict[str, Any]:
        """Return what a store keeps."""
        return {
            "hidden_types": sorted(self.hidden_types),
            "hidden": list(self.hidden),
            "allowed": list(self.allowed),
            "new_hidden_since": self.new_hidden_since,
        }


def load(data: Mapping[str, Any]) -> SpeakerRules:
    """Read what `dump` returned.

    Raises:
        LookupError, TypeError, ValueError: it is something else.
    """
    since = data["new_hidden_since"]
    return SpeakerRules(
        hidden_types=frozenset(map(str, data["hidden_types"])),
        hidden=tuple(map(str, data["hidden"])),
        allowed=tuple(map(str, data["allowed"])),
        new_hidden_since=None if since is None else float(since),
    )


def _matches(speaker: Speaker, patterns: Iterable[str]) -> bool:
    name = folded(speaker.name)
    # Brackets are part of many names ("[TV] Samsung"), no set of characters.
    return any(
        fnmatchcase(name, folded(pattern).replace("[", "[[]")) for pattern in patterns
    )
