"""Thousands of Liked Songs at once, for tests of long lists."""

from datetime import UTC, datetime, timedelta
from itertools import cycle, islice

from tests.emulator.world import Json, User, World

from .objects import spotify_id

_FIRST = datetime(2015, 1, 1, 12, tzinfo=UTC)


def hoard(world: World, user: User, count: int) -> list[str]:
    """Let a user like so many songs, all different, and nothing else; newest first.

    They are the catalogue's tracks under ids and names of their own, one an hour.
    """
    tracks = [obj for obj in world.catalogue.values() if obj["type"] == "track"]
    saved: dict[str, str] = {}
    for number, track in enumerate(islice(cycle(tracks), count)):
        identifier = spotify_id("hoard", str(number))
        song = _renamed(track, identifier, f"{track['name']} ({number})")
        world.catalogue.setdefault(song["uri"], song)
        at = _FIRST + timedelta(hours=number)
        saved[song["uri"]] = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    user.saved["track"] = dict(reversed(saved.items()))
    return list(user.saved["track"])


def _renamed(track: Json, identifier: str, name: str) -> Json:
    plain = {key: value for key, value in track.items() if key != "restrictions"}
    return {
        **plain,
        "external_urls": {"spotify": f"https://open.spotify.com/track/{identifier}"},
        "href": str(track["href"]).replace(track["id"], identifier),
        "id": identifier,
        "is_playable": True,
        "name": name,
        "uri": f"spotify:track:{identifier}",
    }
