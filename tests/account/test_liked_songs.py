"""What plays and what is asked for is known to be liked from the last copy."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.spotify_hub.account.changes import Caller, Door
from custom_components.spotify_hub.account.happenings import What
from custom_components.spotify_hub.account.liked_list import LIST_FRESH
from custom_components.spotify_hub.account.likes import Likes
from custom_components.spotify_hub.api.scopes import Feature
from custom_components.spotify_hub.archive import keeping
from custom_components.spotify_hub.archive.errors import UnavailableError
from custom_components.spotify_hub.archive.store import Archive
from custom_components.spotify_hub.household_archive import name_of
from tests.conftest import AccountEntry, Later
from tests.emulator import Emulator, Fault
from tests.emulator.data import find
from tests.emulator.phone import Phone

pytestmark = pytest.mark.usefixtures("freezer")

CONTAINS = "/me/library/contains$"
LIKED = "/me/tracks$"
A_WHILE = LIST_FRESH / timedelta(seconds=1)

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
def song(emulator: Emulator, phone: Phone) -> str:
    """A song that Anna likes."""
    uri: str = find(emulator.world, "track", "So What")["uri"]
    phone.like(uri)
    return uri


@pytest.fixture
def other(emulator: Emulator, phone: Phone) -> str:
    """A song that she does not like."""
    uri: str = find(emulator.world, "track", "Airbag")["uri"]
    phone.unlike(uri)
    return uri


@pytest.fixture
async def copied(
    emulator: Emulator, song: str, other: str, anna: AccountEntry, later: Later
) -> None:
    """Copy her Liked Songs; what that asks is not looked at."""
    await copy(anna, later)
    emulator.forget_requests()


@pytest.fixture
def play(hass: HomeAssistant, anna: AccountEntry, phone: Phone) -> Play:
    """Let something play by itself, and have it noticed."""

    async def run(uri: str) -> str:
        phone.play(uri)
        await anna.runtime_data.playback.async_refresh()
        await hass.async_block_till_done(wait_background_tasks=True)
        return uri

    return run


async def copy(entry: AccountEntry, later: Later) -> None:
    """Copy Liked Songs now."""
    entry.runtime_data.favorites.async_request(force=True)
    await later(1)


async def restart(hass: HomeAssistant, entry: AccountEntry) -> Likes:
    """Set the account up anew, as after a restart."""
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry.runtime_data.likes


async def rows(entry: AccountEntry) -> list[str | None]:
    """Return what the archive knows to be liked."""
    archive = entry.runtime_data.household.history.require()
    likes = await archive.ask(keeping.likes, name_of(entry))
    return [like.item.uri for like in likes]


def asked(emulator: Emulator) -> tuple[int, int]:
    """Return how often the list, and single items, were asked for."""
    return len(emulator.calls("GET", LIKED)), len(emulator.calls("GET", CONTAINS))


@pytest.mark.usefixtures("copied")
async def test_what_plays_is_known_without_asking(
    emulator: Emulator, likes: Likes, song: str, other: str, play: Play
) -> None:
    """Soon after a copy there is nothing to ask."""
    await play(song)
    assert likes.is_liked(song) is True
    await play(other)
    assert likes.is_liked(other) is False
    assert asked(emulator) == (0, 0)


@pytest.mark.usefixtures("copied")
async def test_one_look_at_the_list_renews_it_all(
    emulator: Emulator,
    anna: AccountEntry,
    phone: Phone,
    likes: Likes,
    song: str,
    other: str,
    play: Play,
    later: Later,
) -> None:
    """What was liked on a phone since is seen, told to nobody as news, and kept."""
    told: list[What] = []
    anna.runtime_data.happenings.async_add_listener(lambda one: told.append(one.what))
    phone.like(other)
    await later(A_WHILE)
    await play(other)
    assert likes.is_liked(other) is True
    await play(song)
    assert likes.is_liked(song) is True
    assert asked(emulator) == (1, 0)
    assert not {What.LIKED, What.UNLIKED} & {*told}
    assert other in await rows(anna)
    await later(A_WHILE)
    await play(other)
    assert asked(emulator) == (2, 0)


@pytest.mark.usefixtures("copied")
async def test_the_mark_is_shown_before_the_look(
    emulator: Emulator, likes: Likes, phone: Phone, song: str, play: Play, later: Later
) -> None:
    """Even if the look fails; the heart is there at once."""
    await later(A_WHILE)
    emulator.faults.add(Fault(LIKED, status=503, times=None))
    await play(song)
    assert likes.is_liked(song) is True


@pytest.mark.usefixtures("copied")
async def test_where_the_list_has_lost_something_each_item_is_asked_about(
    emulator: Emulator,
    anna: AccountEntry,
    phone: Phone,
    likes: Likes,
    song: str,
    other: str,
    play: Play,
    later: Later,
) -> None:
    """As before, until the next copy: nobody knows what is gone."""
    phone.unlike(song)
    await later(A_WHILE)
    await play(song)
    assert likes.is_liked(song) is False
    await play(other)
    assert asked(emulator) == (1, 2)
    assert song not in await rows(anna)
    await copy(anna, later)
    emulator.forget_requests()
    await later(3600)
    await play(song)
    assert asked(emulator) == (1, 0)


@pytest.mark.usefixtures("copied")
async def test_it_is_known_after_a_restart(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    phone: Phone,
    song: str,
    other: str,
    play: Play,
) -> None:
    """From the rows of the archive, with changes of our own since the copy."""
    caller = Caller(Context(), Door.ENTITY)
    library = anna.runtime_data.library
    await library.save(caller, (other,))
    await library.remove(caller, (song,))
    emulator.forget_requests()
    likes = await restart(hass, anna)
    assert likes.is_liked(other) is True
    assert likes.is_liked(song) is False
    await play(other)
    assert asked(emulator) == (0, 0)


async def test_the_first_of_all_songs_is_known_after_a_restart(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    other: str,
    play: Play,
    later: Later,
) -> None:
    """Though the last copy was empty, and is not old."""
    emulator.world.users["anna"].saved["track"] = {}
    await copy(anna, later)
    await anna.runtime_data.library.save(Caller(Context(), Door.ENTITY), (other,))
    likes = await restart(hass, anna)
    await play(other)
    assert likes.is_liked(other) is True


@pytest.mark.usefixtures("copied")
async def test_a_change_during_a_copy_is_newer_than_the_copy(
    emulator: Emulator, anna: AccountEntry, likes: Likes, song: str, other: str
) -> None:
    """The list was read before."""
    songs = likes.songs
    snapshot = anna.runtime_data.favorites.folder.read(
        anna.runtime_data.favorites.folder.names()[0]
    )
    began = dt_util.utcnow()
    likes.async_note({other: True, song: False})
    await songs.async_copied(snapshot, began)
    assert likes.is_liked(other) is True
    assert likes.is_liked(song) is False
    await songs.async_copied(snapshot, began + timedelta(seconds=1))
    assert likes.is_liked(other) is False
    assert likes.is_liked(song) is True


@pytest.mark.usefixtures("copied")
async def test_a_change_during_a_look_is_newer_than_the_answer(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    phone: Phone,
    likes: Likes,
    other: str,
    later: Later,
) -> None:
    """It is not taken back."""
    await later(A_WHILE)
    emulator.faults.add(Fault(LIKED, status=None, delay=0.2))
    phone.play(other)
    await anna.runtime_data.playback.async_refresh()
    likes.async_note({other: True})
    await later(0)
    assert likes.is_liked(other) is True


async def test_without_a_copy_each_item_is_asked_about(
    emulator: Emulator, likes: Likes, song: str, other: str, play: Play
) -> None:
    """As there is nothing else to know it from."""
    await play(song)
    await play(other)
    assert asked(emulator) == (0, 2)
    assert (likes.is_liked(song), likes.is_liked(other)) == (True, False)


@pytest.mark.usefixtures("copied")
@pytest.mark.parametrize("trouble", ["closed", "broken", "begun anew"])
async def test_without_the_archive_each_item_is_asked_about(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    song: str,
    play: Play,
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
) -> None:
    """After a restart; nothing fails."""

    async def fail(*_: Any) -> None:
        raise UnavailableError("It can't be read")

    await hass.async_block_till_done(wait_background_tasks=True)
    archive = anna.runtime_data.household.history.require()
    match trouble:
        case "closed":
            monkeypatch.setattr(Archive, "open", fail)
        case "broken":
            monkeypatch.setattr(Archive, "ask", fail)
        case _:
            await archive.keep_likes(name_of(anna), [])
    emulator.forget_requests()
    likes = await restart(hass, anna)
    await play(song)
    assert likes.is_liked(song) is True
    assert asked(emulator) == (0, 1)


@pytest.mark.usefixtures("copied")
async def test_a_library_that_is_not_granted_any_more_is_not_looked_through(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, song: str
) -> None:
    """Whatever copies there are."""
    features = [one.value for one in Feature if one is not Feature.LIBRARY]
    data = {**anna.data, "features": features}
    hass.config_entries.async_update_entry(anna, data=data)
    likes = await restart(hass, anna)
    assert likes.is_liked(song) is None


@pytest.mark.usefixtures("copied")
async def test_episodes_are_no_songs(
    emulator: Emulator, likes: Likes, play: Play
) -> None:
    """They stand in another list."""
    episode = next(
        uri for uri, one in emulator.world.catalogue.items() if one["type"] == "episode"
    )
    await play(episode)
    assert likes.subject == episode
    assert asked(emulator) == (0, 1)
