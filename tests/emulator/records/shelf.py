"""Finds what is in a catalogue by name, for the tables of people and for tests."""

from collections import defaultdict

from tests.emulator.world import Json


class Shelf:
    """A catalogue sorted by type and name."""

    def __init__(self, catalogue: dict[str, Json]) -> None:
        """Sort the catalogue once."""
        self._kinds: dict[str, list[Json]] = defaultdict(list)
        for obj in catalogue.values():
            self._kinds[obj["type"]].append(obj)

    def uris(self, kind: str) -> list[str]:
        """Return all of a type, in the order of the tables."""
        return [obj["uri"] for obj in self._kinds[kind]]

    def uri(self, kind: str, name: str, artist: str | None = None) -> str:
        """Return the most popular one of exactly this name."""
        return str(self.find(kind, name, artist)["uri"])

    def find(self, kind: str, name: str, artist: str | None = None) -> Json:
        """Return the most popular object of exactly this name."""
        named = [
            obj
            for obj in self._kinds[kind]
            if obj["name"] == name
            and (artist is None or artist in [by["name"] for by in obj["artists"]])
        ]
        if not named:
            raise LookupError(f"no {kind} is named {name}")
        return max(named, key=lambda obj: int(obj.get("popularity", 0)))

    def album_tracks(self, name: str, artist: str | None = None) -> list[str]:
        """Return the URIs of an album's tracks."""
        album = self.find("album", name, artist)
        return [track["uri"] for track in album["tracks"]["items"]]
