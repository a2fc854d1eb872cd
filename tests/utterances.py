"""The table of what people say and what shall play then."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from homeassistant.util.yaml import parse_yaml

from custom_components.spotify_hub.pins import Pin, Pins
from tests.emulator import World
from tests.emulator.data import find
from tests.emulator.records.mixed import PINS

# The part of the table whose first hits have to be right.
GOAL = 0.95
_TABLE = Path(__file__).parent / "data" / "utterances.yaml"


@dataclass(frozen=True, slots=True)
class Utterance:
    """A sentence and what is meant by it: a kind, a name and, where needed, a maker."""

    text: str
    language: str
    subject: str
    kind: str
    name: str
    maker: str | None = None

    def uri(self, world: World) -> str:
        """Return the URI of what is meant, as the player knows it."""
        match self.kind:
            case "pin":
                return next(pin.uri for pin in PINS if pin.name == self.name)
            case "playlist":
                return next(
                    mix.uri
                    for mix in world.playlists.values()
                    if mix.name == self.name and self.maker in {None, mix.owner}
                )
        return str(find(world, self.kind, self.name, self.maker)["uri"])

    def is_own(self, world: World, user: str) -> bool:
        """Tell whether something of the speaker's own is meant."""
        own = {world.playlists[one].uri for one in world.users[user].playlists}
        return self.kind == "pin" or self.uri(world) in own


def utterances() -> list[Utterance]:
    """Return the whole table."""
    subjects: Any = parse_yaml(_TABLE.read_text(encoding="utf-8"))
    return [
        Utterance(text, subject["language"], subject["subject"], *meant)
        for subject in subjects
        for text, meant in subject["say"].items()
    ]


def pins(entry_id: str) -> Pins:
    """Return what an account has pinned that the table speaks of."""
    return tuple(
        Pin(uri=one.uri, name=one.name, aliases=one.aliases, entry_id=entry_id)
        for one in PINS
    )
