"""Whether what plays is liked: asked once per item, and never in a storm."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
import time
from typing import Any

from homeassistant.core import Context, HomeAssistant
import pytest

from custom_components.spotify_hub.account import likes as likes_module
from custom_components.spotify_hub.account.changes import Caller, Door
from custom_components.spotify_hub.account.happenings import Happening, What
from custom_components.spotify_hub.account.liked_list import FRESH
from custom_components.spotify_hub.account.likes import Likes
from custom_components.spotify_hub.api.scopes import Feature
from tests.conftest import AccountEntry, Later, Link
from tests.emulator import Emulator, Fault
from tests.emulator.data import find
from tests.emulator.faults import QUOTA_EXCEEDED
from tests.emulator.phone import Phone

pytestmark = pytest.mark.usefixtures("freezer")

CONTAINS = "/me/library/contains$"

type Play = Callable[[str], Awaitable[str]]


@pytest.fixture
def phone(emulator: Emulator) -> Phone:
    """Anna's phone."""
    return emulator.phone("anna")


@pytest.fixture
def likes(anna: AccountEntry) -> Likes:
    """What is known of Anna's likes."""
    return anna.runtime_data.likes


@pytest.fixture
def play(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, phone: Phone
) -> Play:
    """Let a track play by itself, and have it noticed."""

    async def run(name: str) -> str:
        uri: str = find(emulator.world, "track", name)["uri"]
        phone.play(uri)
        await notice(hass, anna)
        return uri

    return run


async def notice(hass: HomeAssistant, entry: AccountEntry) -> None:
    """Poll, and wait for what that leads to."""
    await entry.runtime_data.playback.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)


def asked(emulator: Emulator) -> list[str]:
    """Return the URIs whose marks were asked for, a request each."""
    return [one.query["uris"] for one in emulator.calls("GET", CONTAINS)]


async def test_nothing_is_asked_while_nothing_plays(
    emulator: Emulator, likes: Likes, later: Later
) -> None:
    """An idle account costs nothing."""
    for _ in range(3):
        await later(130)
    assert likes.subject is None
    assert not asked(emulator)


async def test_an_item_is_asked_about_once(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    phone: Phone,
    likes: Likes,
    play: Play,
    later: Later,
) -> None:
    """Polls, pauses and coming back to it ask no more."""
    first = await play("So What")
    assert likes.subject == first
    assert likes.is_liked(first) is (
        first in emulator.world.users["anna"].saved["track"]
    )
    for doing in (phone.pause, phone.resume):
        doing()
        await later(31)
    other = await play("Airbag")
    await play("So What")
    assert asked(emulator) == [first, other]


async def test_an_item_that_plays_anew_after_an_hour_is_asked_about_anew(
    emulator: Emulator, phone: Phone, likes: Likes, play: Play, later: Later
) -> None:
    """It was liked on the phone meanwhile."""
    uri = await play("Airbag")
    phone.unlike(uri)
    likes.async_note({uri: False})
    phone.sleep()
    await later(61)
    phone.like(uri)
    await later(FRESH / timedelta(seconds=1))
    await play("Airbag")
    assert asked(emulator) == [uri, uri]
    assert likes.is_liked(uri) is True


@pytest.mark.parametrize("what", ["ad", "local", "unknown"])
async def test_what_can_not_be_liked_is_not_asked_about(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    phone: Phone,
    likes: Likes,
    what: str,
) -> None:
    """Adverts, local files, and what Spotify has no name for."""
    local: dict[str, Any] = {
        "id": None,
        "uri": "spotify:local:Me:Tapes:Song:100",
        "name": "Song",
        "type": "track",
        "duration_ms": 100_000,
        "is_local": True,
        "artists": [],
    }
    phone.resume()
    match what:
        case "ad":
            phone.play_ad()
        case "local":
            phone.play_local(local)
        case "unknown":
            phone.play_unknown()
    await notice(hass, anna)
    assert anna.runtime_data.playback.data.is_playing
    assert likes.subject is None
    assert not asked(emulator)


async def test_a_chapter_of_an_audiobook_is_no_episode_to_like(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, phone: Phone
) -> None:
    """It plays as one, and Spotify's library takes none."""
    book = next(
        uri
        for uri, one in emulator.world.catalogue.items()
        if one["type"] == "audiobook"
    )
    phone.play(book)
    await notice(hass, anna)
    assert anna.runtime_data.playback.data.item_uri
    assert anna.runtime_data.likes.subject is None
    assert not asked(emulator)


async def test_an_account_without_its_library_is_not_asked(
    hass: HomeAssistant, emulator: Emulator, link: Link, phone: Phone
) -> None:
    """Spotify would refuse."""
    entry = await link(features=[Feature.CONTROL, Feature.PLAYLISTS])
    phone.play(find(emulator.world, "track", "So What")["uri"])
    await notice(hass, entry)
    assert entry.runtime_data.likes.subject
    assert not asked(emulator)


async def test_a_check_that_failed_is_tried_again_after_a_minute(
    emulator: Emulator, anna: AccountEntry, likes: Likes, play: Play, later: Later
) -> None:
    """Polls in between ask nothing; each further failure doubles the rest."""
    emulator.faults.add(Fault(CONTAINS, status=403, times=None))
    uri = await play("So What")
    assert len(asked(emulator)) == 1
    for _ in range(5):
        await later(1)
        await anna.runtime_data.playback.async_refresh()
    assert len(asked(emulator)) == 1
    await later(60)
    assert len(asked(emulator)) == 2
    await later(61)
    assert len(asked(emulator)) == 2
    emulator.faults.clear()
    assert likes.is_liked(uri) is None
    await later(61)
    assert len(asked(emulator)) == 3
    assert likes.is_liked(uri) is not None
    await later(3601)
    assert len(asked(emulator)) == 3


async def test_the_next_item_does_not_wait_for_the_last_ones_failure(
    emulator: Emulator, likes: Likes, play: Play, later: Later
) -> None:
    """Nor is the last one asked about again."""
    emulator.faults.add(Fault(CONTAINS, status=403))
    first = await play("So What")
    other = await play("Airbag")
    assert likes.is_liked(other) is not None
    await later(61)
    assert asked(emulator) == [first, other]


async def test_skipping_on_and_on_asks_only_where_it_ends(
    emulator: Emulator,
    anna: AccountEntry,
    phone: Phone,
    likes: Likes,
    later: Later,
) -> None:
    """While one answer is awaited no other is asked for."""
    emulator.faults.add(Fault(CONTAINS, status=None, delay=0.3))
    phone.play(find(emulator.world, "album", "Kind of Blue")["uri"])
    heard = []
    for _ in range(4):
        await anna.runtime_data.playback.async_refresh()
        heard.append(likes.subject)
        phone.next()
    await later(0)
    assert asked(emulator) == [heard[0], heard[-1]]


async def test_an_own_change_is_newer_than_an_answer_on_its_way(
    emulator: Emulator,
    anna: AccountEntry,
    phone: Phone,
    likes: Likes,
    later: Later,
) -> None:
    """The answer was given before."""
    emulator.faults.add(Fault(CONTAINS, status=None, delay=0.2))
    uri: str = find(emulator.world, "track", "So What")["uri"]
    phone.unlike(uri)
    phone.play(uri)
    await anna.runtime_data.playback.async_refresh()
    likes.async_note({uri: True})
    await later(0)
    assert likes.is_liked(uri) is True


@pytest.mark.parametrize("unknown", ["failed", "on its way"])
@pytest.mark.parametrize("liked", [True, False])
async def test_an_own_change_is_told_though_the_mark_was_not_known(
    emulator: Emulator,
    anna: AccountEntry,
    phone: Phone,
    later: Later,
    unknown: str,
    liked: bool,
) -> None:
    """Once, and not when the answer comes after all."""
    failed = unknown == "failed"
    late = Fault(CONTAINS, status=None, delay=0.2)
    emulator.faults.add(Fault(CONTAINS, status=403) if failed else late)
    account = anna.runtime_data
    uri: str = find(emulator.world, "track", "So What")["uri"]
    (phone.unlike if liked else phone.like)(uri)
    phone.play(uri)
    await account.playback.async_refresh()
    if failed:
        await later(0)
    assert account.likes.is_liked(uri) is None
    told: list[Happening] = []
    account.happenings.async_add_listener(told.append)
    change = account.library.save if liked else account.library.remove
    await change(Caller(Context(), Door.ENTITY), (uri,))
    await later(0)
    await later(61)
    assert [one.what for one in told] == [What.LIKED if liked else What.UNLIKED]
    assert told[0].data["uri"] == uri


async def test_what_is_learned_first_is_not_told(
    anna: AccountEntry, play: Play
) -> None:
    """A change that is learned is."""
    account = anna.runtime_data
    told: list[What] = []
    account.happenings.async_add_listener(lambda one: told.append(one.what))
    uri = await play("So What")
    liked = account.likes.is_liked(uri)
    assert liked is not None
    assert not {What.LIKED, What.UNLIKED} & {*told}
    told.clear()
    account.likes.async_learn({uri: not liked})
    assert told == [What.UNLIKED if liked else What.LIKED]


async def test_an_item_liked_before_it_plays_is_not_told_when_it_plays(
    emulator: Emulator, anna: AccountEntry, play: Play
) -> None:
    """Its mark is known, and did not change."""
    account = anna.runtime_data
    uri: str = find(emulator.world, "track", "So What")["uri"]
    await account.library.save(Caller(Context(), Door.ENTITY), (uri,))
    told: list[What] = []
    account.happenings.async_add_listener(lambda one: told.append(one.what))
    await play("So What")
    assert What.LIKED not in told


async def test_nothing_is_asked_while_spotify_wants_fewer_requests(
    emulator: Emulator, anna: AccountEntry, likes: Likes, play: Play, later: Later
) -> None:
    """Nor does anything wait for the end: the check is made when polls go on."""
    emulator.faults.add(Fault(CONTAINS, status=403))
    uri = await play("So What")
    emulator.faults.add(Fault("/me/player$", status=429, retry_after=3600))
    began = time.time()
    for _ in range(3):
        await later(31)
    # Waiting is what would have moved the clocks further.
    assert time.time() - began < 94
    assert len(asked(emulator)) == 1
    for _ in range(3):
        await later(3600)
    assert likes.is_liked(uri) is not None
    assert len(asked(emulator)) == 2


async def test_the_next_item_waits_while_the_quota_is_used_up(
    emulator: Emulator, likes: Likes, play: Play, later: Later
) -> None:
    """Of the library alone; then it is asked about what plays, and nothing else."""
    emulator.faults.add(
        Fault(CONTAINS, status=429, body=QUOTA_EXCEEDED, retry_after=7200)
    )
    first = await play("So What")
    began = time.time()
    other = await play("Airbag")
    await later(3600)
    assert time.time() - began < 3601
    assert asked(emulator) == [first]
    await play("Airbag")
    await later(3601)
    assert asked(emulator) == [first, other]
    assert likes.is_liked(other) is not None


async def test_a_check_that_finds_no_room_gives_up(
    hass: HomeAssistant,
    anna: AccountEntry,
    likes: Likes,
    play: Play,
    later: Later,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is made later, rather than hold a place for what plays no more."""
    monkeypatch.setattr(likes_module, "_PATIENCE", 0)
    ask = anna.runtime_data.client.library.contains

    async def wait(_: object) -> dict[str, bool]:
        await asyncio.Event().wait()
        return {}

    monkeypatch.setattr(anna.runtime_data.client.library, "contains", wait)
    uri = await play("So What")
    # Home Assistant waits for nothing that is being cancelled.
    await later(0)
    assert likes.is_liked(uri) is None
    monkeypatch.setattr(anna.runtime_data.client.library, "contains", ask)
    monkeypatch.setattr(likes_module, "_PATIENCE", 40)
    await later(61)
    assert likes.is_liked(uri) is not None


async def test_listeners_hear_of_changes_alone(likes: Likes, play: Play) -> None:
    """What was known already is no news; who listens no more hears nothing."""
    heard: list[None] = []
    stop = likes.async_add_listener(lambda: heard.append(None))
    uri = await play("So What")
    assert len(heard) == 1
    known = likes.is_liked(uri)
    likes.async_note({uri: bool(known)})
    assert len(heard) == 1
    likes.async_note({uri: not known})
    assert len(heard) == 2
    stop()
    likes.async_note({uri: bool(known)})
    assert len(heard) == 2


async def test_marks_do_not_pile_up(
    likes: Likes, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many were changed at once, what plays is not forgotten."""
    monkeypatch.setattr(likes_module, "_MOST", 10)
    uri = await play("So What")
    known = likes.is_liked(uri)
    many = {f"spotify:track:{n:022}": True for n in range(100)}
    likes.async_note(many)
    assert likes.is_liked(uri) is known
    assert sum(likes.is_liked(one) is not None for one in many) == 9


async def test_nothing_is_asked_after_the_account_is_unloaded(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    play: Play,
    later: Later,
) -> None:
    """A retry that was to come is called off."""
    emulator.faults.add(Fault(CONTAINS, status=403, times=None))
    await play("So What")
    assert await hass.config_entries.async_unload(anna.entry_id)
    await later(4000)
    assert len(asked(emulator)) == 1
