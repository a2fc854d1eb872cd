"""Makes the world that tests and demo start from; the same one every time."""

from .records.mixtapes import Mixer
from .records.objects import Builder
from .records.people import make_users
from .records.shelf import Shelf
from .world import App, Clock, Json, Playlist, Regime, World


def build_world(clock: Clock, base_url: str = "http://127.0.0.1") -> World:
    """Return a fresh world whose links and images point to `base_url`."""
    catalogue = Builder(base_url).build()
    shelf = Shelf(catalogue)
    playlists = Mixer(shelf, base_url).mix()
    users = make_users(clock, shelf, playlists)
    apps = [
        _app("demo", "anna", allowed_users=set(users) - {"stranger"}),
        _app("legacy", "anna", regime=Regime.LEGACY),
        _app("second", "carla"),
        _app("lapsed", "dora", owner_has_premium=False),
        _app("rotating", "emil", rotates_refresh_tokens=True),
    ]
    return World(
        clock=clock,
        apps={app.client_id: app for app in apps},
        users=users,
        catalogue=catalogue,
        playlists=playlists,
    )


def find(world: World, kind: str, name: str, artist: str | None = None) -> Json:
    """Return the most popular object of the catalogue with exactly this name."""
    return Shelf(world.catalogue).find(kind, name, artist)


def playlist_named(world: World, name: str) -> Playlist:
    """Return the first playlist of this name."""
    return next(mix for mix in world.playlists.values() if mix.name == name)


def _app(
    name: str,
    owner: str,
    *,
    regime: Regime = Regime.REDUCED,
    owner_has_premium: bool = True,
    allowed_users: set[str] | None = None,
    rotates_refresh_tokens: bool = False,
) -> App:
    return App(
        f"{name}-client-id",
        f"{name}-client-secret",
        owner,
        regime=regime,
        owner_has_premium=owner_has_premium,
        allowed_users=allowed_users,
        rotates_refresh_tokens=rotates_refresh_tokens,
    )
