"""The library's operations, as doors other than actions call them."""

import asyncio

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.spotify_hub.account import library, patience
from custom_components.spotify_hub.account.changes import EVENT_CHANGED, Caller, Door
from custom_components.spotify_hub.account.library import LibraryChange, savable
from custom_components.spotify_hub.api import book
from custom_components.spotify_hub.api.errors import (
    HeldBackError,
    RateLimitedError,
    SpotifyApiError,
)
from custom_components.spotify_hub.api.models import Episode, Track
from custom_components.spotify_hub.api.request import Lane, lane_of
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator, Fault

CALLER = Caller(Context(), Door.ENTITY)


def tracks_of(emulator: Emulator) -> list[str]:
    """Return all tracks of the catalogue."""
    return [uri for uri in emulator.world.catalogue if uri.startswith("spotify:track:")]


@pytest.mark.parametrize(
    "wrong",
    [
        "spotify:chapter:" + "1" * 22,
        "spotify:local:Band:Tape:Demo:180",
        "spotify:user:anna:collection",
        "nonsense",
    ],
)
async def test_what_can_not_be_saved_is_named_before_anything_is_asked(
    emulator: Emulator, anna: AccountEntry, wrong: str
) -> None:
    """For every door alike."""
    shelf = anna.runtime_data.library
    emulator.forget_requests()
    uris = [*tracks_of(emulator)[:50], wrong]
    for doing in (
        shelf.save(CALLER, uris),
        shelf.remove(CALLER, uris),
        shelf.remove(CALLER, uris, dry_run=True),
        shelf.contains(uris),
    ):
        with pytest.raises(ServiceValidationError, match="can't be saved") as caught:
            await doing
        assert wrong in str(caught.value)
    assert not emulator.requests


async def test_of_nothing_nothing_is_asked(
    emulator: Emulator, anna: AccountEntry
) -> None:
    """It is a mistake of the caller's."""
    emulator.forget_requests()
    with pytest.raises(ServiceValidationError, match="Nothing is named"):
        await anna.runtime_data.library.save(CALLER, ())
    assert not emulator.requests


async def test_each_is_saved_once(emulator: Emulator, anna: AccountEntry) -> None:
    """However often it is named, and be it by a link."""
    track = tracks_of(emulator)[-1]
    link = f"https://open.spotify.com/track/{track.rpartition(':')[2]}"
    done = await anna.runtime_data.library.save(CALLER, [track, link, track])
    assert done == LibraryChange((track,))
    done = await anna.runtime_data.library.remove(CALLER, [link])
    assert done == LibraryChange((track,))


async def test_a_long_change_leaves_room_for_commands(
    emulator: Emulator, anna: AccountEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A short one is a command itself; whoever hears of it is in neither lane."""
    client = anna.runtime_data.client.library
    lanes: list[Lane] = []
    heard: list[Lane] = []

    async def save(_: object) -> None:
        lanes.append(lane_of("PUT", "/v1/me/library"))

    monkeypatch.setattr(client, "save", save)
    likes = type(anna.runtime_data.likes)
    monkeypatch.setattr(
        likes, "async_note", lambda *_: heard.append(lane_of("PUT", "/"))
    )
    tracks = tracks_of(emulator)
    await anna.runtime_data.library.save(CALLER, tracks[:40])
    await anna.runtime_data.library.save(CALLER, tracks[:41])
    assert lanes == [Lane.COMMAND, Lane.BROWSE, Lane.BROWSE]
    assert set(heard) == {Lane.COMMAND}


@pytest.mark.parametrize("status", [429, 503])
async def test_a_dry_run_that_fails_has_changed_nothing(
    emulator: Emulator, anna: AccountEntry, status: int
) -> None:
    """It only asks."""
    emulator.faults.add(Fault("contains", status=status, times=None))
    before = dict(emulator.world.users["anna"].saved["track"])
    with pytest.raises(Exception, match=str(status)):
        await anna.runtime_data.library.remove(CALLER, list(before), dry_run=True)
    assert emulator.world.users["anna"].saved["track"] == before
    assert not emulator.calls("DELETE")


async def test_a_change_that_is_cut_off_is_on_record_as_far_as_it_went(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As when Home Assistant stops."""
    client = anna.runtime_data.client.library
    send = client.save
    stuck = asyncio.Event()

    async def save(uris: tuple[str, ...]) -> None:
        if emulator.calls("PUT", "/me/library"):
            stuck.set()
            await asyncio.Event().wait()
        await send(uris)

    monkeypatch.setattr(client, "save", save)
    recorded = async_capture_events(hass, EVENT_CHANGED)
    tracks = tracks_of(emulator)[:80]
    task = asyncio.create_task(anna.runtime_data.library.save(CALLER, tracks))
    await stuck.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [event.data["uris"] for event in recorded] == [tracks[:40]]


@pytest.mark.parametrize("liked", [True, False])
async def test_the_heart_spends_one_request_and_never_waits(
    emulator: Emulator,
    link: Link,
    monkeypatch: pytest.MonkeyPatch,
    liked: bool,
) -> None:
    """A full ledger fails it at once; it does not look what is there."""
    monkeypatch.setattr(book, "FIRST_CEILING", 8)
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)
        raise AssertionError

    monkeypatch.setattr(patience, "pause", pause)
    shelf = (await link()).runtime_data.library
    change = shelf.save if liked else shelf.remove
    track = tracks_of(emulator)[0]
    emulator.forget_requests()
    assert await change(CALLER, (track,)) == LibraryChange((track,), checked=False)
    assert len(emulator.requests) == 1

    async def repeat() -> None:
        for _ in range(9):
            await change(CALLER, (track,))

    with pytest.raises(HomeAssistantError, match="Try again after"):
        await repeat()
    assert not waited


async def test_what_was_looked_at_is_learnt(
    emulator: Emulator, anna: AccountEntry
) -> None:
    """It was nobody's change, and is on nobody's record."""
    account = anna.runtime_data
    liked = list(emulator.world.users["anna"].saved["track"])[7]
    await account.library.save(CALLER, [liked], check=True)
    assert account.likes.is_liked(liked) is True
    other = tracks_of(emulator)[-1]
    await account.library.remove(CALLER, [other], check=True)
    assert account.likes.is_liked(other) is False


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("saved", [True, False])
async def test_what_is_there_can_not_be_learnt_and_nothing_is_changed(
    emulator: Emulator, anna: AccountEntry, saved: bool, check: bool
) -> None:
    """Whoever does not want to know is not held up."""
    shelf = anna.runtime_data.library
    change = shelf.save if saved else shelf.remove
    emulator.faults.add(Fault("contains", status=403, times=None))
    emulator.forget_requests()
    doing = change(CALLER, tracks_of(emulator)[:1], check=check)
    if check:
        with pytest.raises(SpotifyApiError):
            await doing
    else:
        await doing
    assert len(emulator.calls("PUT") + emulator.calls("DELETE")) == (not check)


async def test_patience_is_for_the_ledger_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Spotify itself refuses is raised at once."""
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(patience, "pause", pause)
    outcomes: list[Exception | str] = [
        HeldBackError("full", 3.0),
        HeldBackError("full", 1.5),
        "done",
        RateLimitedError("too many", 60),
    ]

    async def ask() -> str:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    assert await patience.patiently(ask) == "done"
    assert waited == [3.0, 1.5]
    with pytest.raises(RateLimitedError):
        await patience.patiently(ask)
    assert waited == [3.0, 1.5]


def test_what_plays_is_saved_by_its_uri() -> None:
    """But for local files and chapters, which Spotify keeps for nobody."""
    track = Track("spotify:track:1", "1", "Song", 1000)
    assert savable(track) == track.uri
    episode = Episode("spotify:episode:1", "1", "Talk", 1000, release_date="2026")
    assert savable(episode) == episode.uri
    local = Track("spotify:local:1", None, "Tape", 1000, is_local=True)
    chapter = Episode("spotify:episode:2", "2", "Part 1", 1000, release_date="0000")
    for item in (local, chapter):
        with pytest.raises(ServiceValidationError) as caught:
            savable(item)
        assert caught.value.translation_placeholders == {"items": item.name}


def test_a_library_holds_no_chapters() -> None:
    """Nor the collection that it is itself."""
    assert {kind.value for kind in library.KINDS} == {
        "album",
        "artist",
        "audiobook",
        "episode",
        "playlist",
        "show",
        "track",
        "user",
    }
