"""Actions under apps of both regimes that no other test runs under both."""

import pytest

from tests.conftest import Link
from tests.emulator import Emulator
from tests.emulator.data import find

from .conftest import Call, refused

APPS = pytest.mark.parametrize("app", ["demo-client-id", "legacy-client-id"])


@APPS
async def test_an_artist_is_followed_and_unfollowed(
    call: Call, link: Link, emulator: Emulator, app: str
) -> None:
    """By name, and with an answer that tells what changed."""
    await link(app=app)
    artist = str(find(emulator.world, "artist", "Miles Davis")["uri"])
    await call("unfollow", items=[artist])
    assert (await call("follow", items=["Miles Davis"]))["uris"] == [artist]
    listed = await call("get_followed_artists")
    assert artist in {one["uri"] for one in listed["items"]}
    assert (await call("unfollow", items=[artist]))["count"] == 1
    assert not refused(emulator)


@APPS
async def test_a_pin_comes_and_goes(
    call: Call, link: Link, emulator: Emulator, app: str
) -> None:
    """By a name on Spotify, under a name of one's own."""
    await link(app=app)
    album = str(find(emulator.world, "album", "Kind of Blue")["uri"])
    await call("pin", item="Kind of Blue", name="Evening", aliases=["dinner"])
    pinned = (await call("get_pins"))["pins"]
    assert [(one["uri"], one["name"]) for one in pinned] == [(album, "Evening")]
    await call("unpin", item="dinner")
    assert (await call("get_pins"))["pins"] == []
    assert not refused(emulator)
