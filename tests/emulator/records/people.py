"""The users with their libraries, devices and habits."""

from collections.abc import Iterable

from tests.emulator.world import Clock, Device, Play, Player, Playlist, User

from .mixtapes import DJ, day
from .objects import spotify_id
from .shelf import Shelf


def make_users(
    clock: Clock, shelf: Shelf, playlists: dict[str, Playlist]
) -> dict[str, User]:
    """Return all users by id."""
    users = [
        _user("anna", "Anna", country="DE", devices=_annas_devices()),
        _user(
            "ben",
            None,
            devices=[
                _device("ben", "Ben's Phone", "Smartphone", volume=70),
                _device("ben", "Kitchen", "Speaker", volume=30),
            ],
        ),
        _user("free", "Free Rider", product="free"),
        _user("stranger", "Stranger"),
        _user("carla", "Carla Núñez"),
        _user("dora", "Dora"),
        _user("emil", "Emil"),
    ]
    for user in users:
        user.playlists = [mix.id for mix in playlists.values() if mix.owner == user.id]
    by_id = {user.id: user for user in users}
    _furnish_anna(by_id["anna"], clock, shelf, playlists)
    _furnish_ben(by_id["ben"], shelf)
    return by_id


def _user(
    identifier: str,
    display_name: str | None,
    *,
    product: str = "premium",
    country: str = "US",
    devices: list[Device] | None = None,
) -> User:
    own = [_device(identifier, f"{(display_name or identifier).split()[0]}'s Laptop")]
    return User(
        identifier,
        spotify_id("account", identifier)[:10],
        display_name,
        f"{identifier}@example.com",
        product=product,
        country=country,
        player=Player(devices=own if devices is None else devices),
    )


def _device(
    owner: str,
    name: str,
    kind: str = "Computer",
    volume: int | None = 50,
    *,
    supports_volume: bool = True,
) -> Device:
    # Spotify's device ids are 40 hexadecimal digits, unlike its other ids.
    identifier = spotify_id("device", owner, name).encode().hex()[:40]
    return Device(identifier, name, kind, volume, supports_volume=supports_volume)


def _annas_devices() -> list[Device]:
    return [
        _device("anna", "Kitchen", "Speaker", 40),
        _device("anna", "Living Room TV", "TV", 60),
        _device("anna", "Anna's Phone", "Smartphone", 100, supports_volume=False),
        Device(None, "Sonos Bedroom", "Speaker", 25, is_restricted=True),
        _device("anna", 'Office <Desk> & "Co"', "Computer", None),
    ]


def _saved(uris: Iterable[str]) -> dict[str, str]:
    return {uri: day(at) for at, uri in enumerate(uris)}


def _furnish_anna(
    anna: User, clock: Clock, shelf: Shelf, playlists: dict[str, Playlist]
) -> None:
    tracks, albums, artists = (
        shelf.uris(kind) for kind in ("track", "album", "artist")
    )
    anna.saved = {
        "track": _saved(tracks[5:125]),
        "album": _saved(albums[:55]),
        "show": _saved(shelf.uris("show")[:4]),
        "episode": _saved(shelf.uris("episode")[:200:8]),
        "audiobook": _saved(shelf.uris("audiobook")[:2]),
    }
    anna.followed = [*artists[:60], "spotify:user:ben"]
    followed = [
        mix.id
        for mix in playlists.values()
        if mix.name in {"Flat Share", "Ben's Nineties"}
    ]
    made = [mix.id for mix in playlists.values() if mix.made_by_spotify]
    anna.playlists[2:2] = [*followed, DJ, *made[1:4]]
    for rank, span in enumerate(("short_term", "medium_term", "long_term")):
        anna.top[f"artists/{span}"] = artists[rank : rank + 20 + 40 * rank]
        anna.top[f"tracks/{span}"] = tracks[3 * rank : 3 * rank + 20 + 40 * rank]
    kind_of_blue = shelf.uri("album", "Kind of Blue")
    rotation = [*shelf.album_tracks("Kind of Blue"), *tracks[30:37]]
    anna.recent = [
        Play(
            rotation[at * 5 % len(rotation)],
            clock.now_ms() - (at + 1) * 1_000_000,
            kind_of_blue if at % 3 == 0 else None,
        )
        for at in range(50)
    ]


def _furnish_ben(ben: User, shelf: Shelf) -> None:
    ben.saved = {
        "track": _saved(shelf.album_tracks("OK Computer")[:3]),
        "album": _saved([shelf.uri("album", "Discovery")]),
    }
    ben.followed = [shelf.uri("artist", "Daft Punk")]
    ben.top = {"artists/medium_term": list(ben.followed)}
