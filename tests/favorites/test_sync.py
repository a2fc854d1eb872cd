"""Lists of every length are copied whole, by few requests, whatever happens meanwhile."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import override

import aiohttp
import pytest

from custom_components.spotify_hub.api.errors import (
    InvalidAnswerError,
    OutageError,
    QuotaExceededError,
    ServerFaultError,
    SpotifyApiError,
)
from custom_components.spotify_hub.favorites.entries import Kind
from custom_components.spotify_hub.favorites.snapshot import Snapshot
from custom_components.spotify_hub.favorites.status import ListChangesError, Vanished
from custom_components.spotify_hub.favorites.sync import WHOLE_EVERY
from custom_components.spotify_hub.favorites.threads import in_full
from tests.emulator import Emulator, Fault
from tests.emulator.faults import QUOTA_EXCEEDED

from .conftest import Copier, liked, unlike

LEGACY_APP = "legacy-client-id"
EVERYTHING = {"kinds": tuple(Kind)}


def at_page(
    copier: Copier, number: int, do: Callable[[], object], times: int = 1
) -> None:
    """Do something at Spotify after a page of Liked Songs was read."""
    left = [times]
    heard = copier.heard

    class Doing(list[tuple[Kind, int, int]]):
        @override
        def append(self, step: tuple[Kind, int, int]) -> None:
            super().append(step)
            if len(self) >= number and left[0]:
                left[0] -= 1
                do()

    copier.heard = Doing(heard)


@pytest.mark.parametrize(
    ("count", "requests"), [(0, 1), (1, 1), (50, 1), (60, 3), (101, 4)]
)
async def test_a_list_is_copied_whole(
    emulator: Emulator, copier: Copier, count: int, requests: int
) -> None:
    """In Spotify's order; a list of several pages takes one look at its beginning more."""
    uris = emulator.hoard("anna", count)
    finished = await copier.run()
    assert copier.uris() == uris
    assert copier.asked == requests
    assert finished.changed
    assert finished.record.total == count
    assert (finished.record.added, finished.record.removed) == (0, 0)
    assert copier.folder.names() == ["2026-11-02"]


async def test_ten_thousand_songs_take_201_requests_and_then_one(
    emulator: Emulator, copier: Copier
) -> None:
    """As long as the list stays as it is."""
    uris = emulator.hoard("anna", 10_000)
    await copier.run()
    assert copier.asked == 201
    assert copier.uris() == uris
    assert copier.heard[-1] == (Kind.TRACKS, 10_000, 10_000)
    finished = await copier.next_day()
    assert copier.asked == 1
    assert not finished.changed
    assert copier.folder.names() == ["2026-11-02"]
    assert finished.record.snapshot == "2026-11-02"
    assert finished.record.unchanged_since == copier.now - timedelta(days=1)
    assert finished.record.succeeded == copier.now


@pytest.mark.parametrize(("count", "requests"), [(1, 1), (49, 1), (50, 2), (130, 3)])
async def test_only_what_is_new_is_fetched(
    emulator: Emulator, copier: Copier, count: int, requests: int
) -> None:
    """It stands in front, if nothing else has changed."""
    emulator.hoard("anna", 200)
    await copier.run()
    new = [
        uri for uri in emulator.hoard("ben", 200 + count) if uri not in liked(emulator)
    ]
    for uri in reversed(new):
        emulator.phone("anna").like(uri)
    finished = await copier.next_day()
    assert copier.asked == requests
    assert copier.uris() == liked(emulator)
    assert finished.record.added == count
    assert [song.uri for song in finished.added] == new
    assert copier.folder.names() == ["2026-11-03", "2026-11-02"]
    assert len(copier.uris("2026-11-02")) == 200


async def test_what_is_gone_takes_reading_all(
    emulator: Emulator, copier: Copier
) -> None:
    """And is told by name."""
    uris = emulator.hoard("anna", 160)
    await copier.run()
    unlike(emulator, uris[100:101])
    finished = await copier.next_day()
    assert copier.uris() == [*uris[:100], *uris[101:]]
    assert [song.uri for song in finished.removed] == [uris[100]]
    assert finished.removed[0].name
    assert finished.record.vanished is None


async def test_one_gone_and_one_added_is_noticed(
    emulator: Emulator, copier: Copier
) -> None:
    """Though there are as many as before."""
    uris = emulator.hoard("anna", 160)
    await copier.run()
    unlike(emulator, uris[150:151])
    emulator.phone("anna").like(uris[150])
    finished = await copier.next_day()
    assert copier.uris() == [uris[150], *uris[:150], *uris[151:]]
    assert finished.changed


async def test_a_list_is_read_whole_every_week(
    emulator: Emulator, copier: Copier
) -> None:
    """Whatever the daily look says."""
    emulator.hoard("anna", 160)
    await copier.run()
    for _ in range(WHOLE_EVERY.days - 1):
        await copier.next_day()
        assert copier.asked == 1
    await copier.next_day()
    assert copier.offsets == [0, 50, 100, 150, 0]
    await copier.next_day()
    assert copier.asked == 1


async def test_a_clock_that_was_set_back_puts_nothing_off(
    emulator: Emulator, copier: Copier
) -> None:
    """A list that was read whole in what is the future now is read whole at once."""
    emulator.hoard("anna", 160)
    await copier.run()
    copier.now -= timedelta(days=400)
    await copier.run()
    assert copier.offsets == [0, 50, 100, 150, 0]
    await copier.next_day()
    assert copier.asked == 1


async def test_the_whole_list_is_told_after_each_run(
    emulator: Emulator, copier: Copier
) -> None:
    """Changed or not."""
    uris = emulator.hoard("anna", 60)
    await copier.run()
    await copier.next_day()
    assert len(copier.told) == 2
    for snapshot in copier.told:
        assert isinstance(snapshot, Snapshot)
        assert [song.uri for song in snapshot.songs()] == uris


async def test_songs_added_meanwhile_are_taken_along(
    emulator: Emulator, copier: Copier
) -> None:
    """Without beginning anew."""
    emulator.hoard("anna", 300)
    (new,) = set(emulator.hoard("ben", 301)) - set(liked(emulator))
    at_page(copier, 3, lambda: emulator.phone("anna").like(new))
    await copier.run()
    assert copier.uris() == liked(emulator)
    assert copier.offsets == [0, 50, 100, 150, 0, 151, 201, 251, 0]


async def test_songs_removed_meanwhile_are_noticed(
    emulator: Emulator, copier: Copier
) -> None:
    """What was read may lack them, so it is read again."""
    uris = emulator.hoard("anna", 300)
    at_page(copier, 3, lambda: unlike(emulator, uris[20:21]))
    await copier.run()
    assert copier.uris() == liked(emulator)


async def test_a_list_that_only_moves_is_noticed(
    emulator: Emulator, copier: Copier
) -> None:
    """One gone and one added: as many as before, but the next page overlaps."""
    uris = emulator.hoard("anna", 300)
    (new,) = set(emulator.hoard("ben", 301)) - set(uris)

    def swap() -> None:
        unlike(emulator, uris[290:291])
        emulator.phone("anna").like(new)

    at_page(copier, 3, swap)
    await copier.run()
    assert copier.uris() == liked(emulator)


async def test_a_change_behind_the_last_page_is_noticed(
    emulator: Emulator, copier: Copier
) -> None:
    """The beginning is looked at once more."""
    uris = emulator.hoard("anna", 120)
    (new,) = set(emulator.hoard("ben", 121)) - set(uris)
    at_page(copier, 3, lambda: emulator.phone("anna").like(new))
    await copier.run()
    assert copier.uris() == liked(emulator)


async def test_a_list_that_never_rests_is_given_up(
    emulator: Emulator, copier: Copier
) -> None:
    """For now, and without a copy."""
    emulator.hoard("anna", 300)
    at_page(copier, 1, lambda: unlike(emulator, liked(emulator)[:1]), times=1000)
    with pytest.raises(ListChangesError):
        await copier.run()
    assert copier.folder.names() == []


async def test_duplicates_and_local_files_are_kept_as_they_are(
    emulator: Emulator, copier: Copier
) -> None:
    """Nothing is lost, and an unchanged list is one request."""
    uris = emulator.hoard("anna", 120)
    world, anna = emulator.world, emulator.world.users["anna"]
    twin, local = "spotify:track:twin", "spotify:local:Band::Demo+Tape:190"
    world.catalogue[twin] = world.catalogue[uris[0]]
    world.catalogue[local] = {
        "type": "track",
        "uri": local,
        "id": None,
        "name": "Demo Tape",
        "duration_ms": 190_000,
        "is_local": True,
        "external_ids": {},
        "explicit": False,
        "artists": [{"id": None, "name": "Band", "type": "artist", "uri": None}],
        "album": {"id": None, "name": "", "type": "album", "uri": None, "images": []},
    }
    saved = anna.saved["track"]
    anna.saved["track"] = {
        twin: saved[uris[0]],
        **saved,
        local: "2014-01-01T00:00:00Z",
    }
    await copier.run()
    assert copier.uris() == [uris[0], *uris, local]
    song = list(copier.folder.read("2026-11-02").songs())[-1]
    assert (song.name, song.artists, song.is_local) == ("Demo Tape", ("Band",), True)
    assert not song.is_savable
    assert not (await copier.next_day()).changed
    assert copier.asked == 1


async def test_everything_else_is_copied_too(
    emulator: Emulator, copier: Copier
) -> None:
    """If it is wanted; playlists with what they hold, as far as Spotify shows it."""
    finished = await copier.run(**EVERYTHING)
    assert finished.changed
    snapshot = copier.folder.read("2026-11-02")
    world = emulator.world
    anna = world.users["anna"]
    # Spotify lists those that it makes as nothing.
    shown = [one for one in anna.playlists if not world.playlists[one].made_by_spotify]
    assert {kind: saved.total for kind, saved in snapshot.lists.items()} == {
        Kind.TRACKS: 120,
        Kind.ALBUMS: 55,
        Kind.SHOWS: 4,
        Kind.EPISODES: 25,
        Kind.AUDIOBOOKS: 2,
        Kind.PLAYLISTS: len(shown),
    }
    finished = await copier.next_day(**EVERYTHING)
    assert not finished.changed
    assert copier.asked == 7
    assert not emulator.calls(path="/items$")


@pytest.mark.parametrize("app", ["demo-client-id", LEGACY_APP])
async def test_both_regimes_give_the_same_songs(
    emulator: Emulator, session: aiohttp.ClientSession, tmp_path: Path, app: str
) -> None:
    """What only old apps are told is not kept."""
    copier = Copier(emulator, session, tmp_path / "a" / "b" / "c", app=app)
    await copier.run(**EVERYTHING)
    text = copier.folder.file("2026-11-02").read_text()
    for key in ("available_markets", "href", "external_urls", "popularity"):
        assert f'"{key}"' not in text
    assert len(copier.uris()) == 120


async def test_a_changed_playlist_alone_is_read_again(
    emulator: Emulator, copier: Copier
) -> None:
    """By its version."""
    kinds = (Kind.TRACKS, Kind.PLAYLISTS)
    await copier.run(kinds=kinds)
    anna = emulator.world.users["anna"]
    mine = next(
        mix
        for mix in emulator.world.playlists.values()
        if mix.owner == anna.id and mix.entries
    )
    mine.entries.pop()
    mine.snapshot += 1
    finished = await copier.next_day(kinds=kinds)
    assert finished.changed
    assert {one.path.split("/")[3] for one in emulator.calls(path="/items$")} == {
        mine.id
    }


async def test_what_plays_is_told_for_a_country(
    emulator: Emulator, copier: Copier
) -> None:
    """A day after the first run, and weekly; not for one that is unknown."""
    uris = emulator.hoard("anna", 160)
    emulator.world.catalogue[uris[7]]["is_playable"] = False
    await copier.run(market="DE")
    assert {song.playable for song in copier.folder.read("2026-11-02").songs()} == {
        None
    }
    finished = await copier.next_day(market="DE")
    assert copier.offsets == [0, 0, 50, 100, 150]
    assert finished.changed
    assert finished.added == finished.removed == ()
    snapshot = copier.folder.read("2026-11-03")
    assert [song.uri for song in snapshot.songs() if song.playable is False] == [
        uris[7]
    ]
    assert sum(song.playable is True for song in snapshot.songs()) == 159
    assert (snapshot.market, snapshot.looked_at) == ("DE", copier.now)
    for _ in range(6):
        assert not (await copier.next_day(market="DE")).changed
        assert copier.asked == 1
    await copier.next_day(market="DE")
    assert copier.offsets == [0, 0, 50, 100, 150]


async def test_a_look_for_another_country_is_taken_at_once(
    emulator: Emulator, copier: Copier
) -> None:
    """What was known for the other one is not carried over."""
    uris = emulator.hoard("anna", 60)
    await copier.run(market="DE")
    await copier.next_day(market="DE")
    await copier.next_day(market="SE")
    assert len(copier.offsets) == 3
    await copier.next_day()
    snapshot = copier.folder.read(copier.folder.names()[0])
    assert snapshot.market is None
    assert snapshot.looked_at is None
    assert {song.playable for song in snapshot.songs()} == {None}
    assert copier.uris() == uris


@pytest.mark.parametrize("app", ["demo-client-id", LEGACY_APP])
async def test_other_versions_of_songs_do_not_take_their_place(
    emulator: Emulator, session: aiohttp.ClientSession, tmp_path: Path, app: str
) -> None:
    """Spotify serves them to who asks for a country, and tells new apps nothing of it."""
    copier = Copier(emulator, session, tmp_path / "a" / "b" / "c", app=app)
    uris = emulator.hoard("anna", 60)
    emulator.world.relinked[uris[3]] = emulator.hoard("ben", 61)[0]
    await copier.run(market="DE")
    await copier.next_day(market="DE")
    assert len(copier.offsets) == 3
    assert copier.uris() == uris
    assert {song.playable for song in copier.told[-1].songs()} == {True}


async def test_a_country_that_spotify_does_not_know_tells_nothing(
    emulator: Emulator, copier: Copier
) -> None:
    """The copy is made all the same."""
    emulator.hoard("anna", 60)
    await copier.run(market="??")
    finished = await copier.next_day(market="??")
    assert finished.record.reason is None
    assert {song.playable for song in copier.told[-1].songs()} == {None}


async def test_a_list_that_changes_under_a_look_stays_as_it_was_read(
    emulator: Emulator, copier: Copier
) -> None:
    """Nothing is learnt of where songs play, and all is read whole the next day."""
    uris = emulator.hoard("anna", 160)
    await copier.run(market="DE")
    at_page(copier, len(copier.heard) + 2, lambda: unlike(emulator, uris[:1]))
    finished = await copier.next_day(market="DE")
    assert not finished.changed or copier.uris() == uris
    assert finished.record.whole_at is None
    await copier.next_day(market="DE")
    assert copier.uris() == uris[1:]


async def test_flags_outlive_a_whole_run(emulator: Emulator, copier: Copier) -> None:
    """They are known by the song."""
    uris = emulator.hoard("anna", 160)
    emulator.world.catalogue[uris[7]]["is_playable"] = False
    await copier.run(market="DE")
    await copier.next_day(market="DE")
    unlike(emulator, uris[:1])
    await copier.next_day(market="DE")
    flags = {song.uri: song.playable for song in copier.told[-1].songs()}
    assert flags[uris[7]] is False
    assert flags[uris[8]] is True


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("/me/tracks$", status=503, times=None), ServerFaultError),
        (Fault("/me/tracks$", status=200, body={}, times=None), InvalidAnswerError),
        (Fault("/me/tracks$", truncate=True, times=None), InvalidAnswerError),
        (
            Fault(
                "/me/tracks$", status=200, times=None, body={"items": [], "total": 500}
            ),
            InvalidAnswerError,
        ),
    ],
)
async def test_a_run_that_fails_goes_on_at_its_page(
    emulator: Emulator, copier: Copier, fault: Fault, error: type[SpotifyApiError]
) -> None:
    """And leaves the last good copy alone."""
    uris = emulator.hoard("anna", 60)
    await copier.run()
    before = copier.folder.file("2026-11-02").read_bytes()
    uris = emulator.hoard("anna", 400)
    at_page(copier, 4, lambda: emulator.faults.add(fault))
    with pytest.raises(error):
        await copier.next_day()
    assert copier.folder.names() == ["2026-11-02"]
    assert copier.folder.file("2026-11-02").read_bytes() == before
    done = len(copier.heard) - 2
    emulator.faults.clear()
    await copier.run()
    assert copier.offsets[0] == done * 50 > 0
    assert copier.uris() == uris


async def test_a_limit_is_waited_for(
    emulator: Emulator, copier: Copier, waits: list[float]
) -> None:
    """However long Spotify wants to be left alone; then it goes on."""
    uris = emulator.hoard("anna", 160)
    emulator.faults.add(Fault("/me/tracks$", status=429, retry_after=77))
    at_page(
        copier,
        2,
        lambda: emulator.faults.add(
            Fault("/me/tracks$", status=429, body=QUOTA_EXCEEDED, retry_after=7200)
        ),
    )
    await copier.run()
    assert copier.uris() == uris
    assert waits == [77, 7200]


async def test_an_expired_token_is_replaced(emulator: Emulator, copier: Copier) -> None:
    """In the middle of a run."""
    uris = emulator.hoard("anna", 160)
    at_page(copier, 2, lambda: emulator.expire_access_tokens("anna"))
    await copier.run()
    assert copier.uris() == uris
    assert len(copier.tokens.issued) == 2


async def test_a_run_that_is_cancelled_goes_on_at_its_page(
    emulator: Emulator, copier: Copier
) -> None:
    """As when the account is reloaded; no request is made twice."""
    uris = emulator.hoard("anna", 500)
    running = asyncio.create_task(copier.run())
    at_page(copier, 4, running.cancel)
    with pytest.raises(asyncio.CancelledError):
        await running
    seen = copier.offsets
    await copier.run()
    assert set(copier.offsets[:-1]).isdisjoint(seen[:4])
    assert copier.uris() == uris


async def test_a_look_goes_on_where_it_was(emulator: Emulator, copier: Copier) -> None:
    """Its pages are not asked for twice."""
    emulator.hoard("anna", 300)
    await copier.run(market="DE")
    at_page(
        copier,
        len(copier.heard) + 3,
        lambda: emulator.faults.add(Fault("/me/tracks$", status=503, times=None)),
    )
    with pytest.raises(ServerFaultError):
        await copier.next_day(market="DE")
    emulator.faults.clear()
    await copier.run(market="DE")
    assert copier.offsets == [0, 100, 150, 200, 250]
    assert {song.playable for song in copier.told[-1].songs()} == {True}


async def test_what_changed_while_nobody_looked_is_noticed(
    emulator: Emulator, copier: Copier
) -> None:
    """A run that goes on after days does not mix two lists."""
    uris = emulator.hoard("anna", 300)
    running = asyncio.create_task(copier.run())
    at_page(copier, 3, running.cancel)
    with pytest.raises(asyncio.CancelledError):
        await running
    unlike(emulator, uris[10:11])
    await copier.run()
    assert copier.uris() == liked(emulator)


async def test_a_page_that_lacks_entries_is_asked_for_again(
    emulator: Emulator, copier: Copier
) -> None:
    """Once; what Spotify then says is so."""
    uris = emulator.hoard("anna", 160)
    short = {"items": [], "total": 160, "offset": 0, "limit": 50, "next": "more"}
    emulator.faults.add(Fault("/me/tracks$", status=200, body=short))
    await copier.run()
    assert copier.uris() == uris
    assert copier.asked == 6


def test_the_errors_are_of_one_kind() -> None:
    """Who waits for a run hears them all."""
    assert issubclass(ListChangesError, SpotifyApiError)
    assert issubclass(QuotaExceededError, SpotifyApiError)
    assert issubclass(OutageError, SpotifyApiError)


async def test_what_was_known_of_where_songs_play_outlives_a_look_that_fails(
    emulator: Emulator, copier: Copier
) -> None:
    """For the same country."""
    emulator.hoard("anna", 160)
    await copier.run(market="DE")
    await copier.next_day(market="DE")
    copier.now += timedelta(days=6)
    at_page(
        copier,
        len(copier.heard) + 2,
        lambda: emulator.phone("anna").unlike(liked(emulator)[0]),
    )
    finished = await copier.next_day(market="DE")
    assert finished.record.whole_at is None
    assert {song.playable for song in copier.told[-1].songs()} == {True}


async def test_songs_that_only_look_as_if_they_came_twice_are_kept(
    emulator: Emulator, copier: Copier
) -> None:
    """The same song and date on two pages, while the list stands still."""
    uris = emulator.hoard("anna", 120)
    world, anna = emulator.world, emulator.world.users["anna"]
    saved = dict(anna.saved["track"])
    twin = "spotify:track:twin"
    world.catalogue[twin] = world.catalogue[uris[49]]
    entries = list(saved.items())
    entries[50:50] = [(twin, saved[uris[49]])]
    anna.saved["track"] = dict(entries)
    await copier.run()
    assert copier.uris() == [*uris[:50], uris[49], *uris[50:]]


async def test_who_is_cancelled_waits_for_what_is_being_written() -> None:
    """The next run must not find a file that is still growing."""
    began, may_end, ended = asyncio.Event(), asyncio.Event(), list[int]()

    async def slowly[T](function: Callable[..., T], /, *args: object) -> T:
        began.set()
        await may_end.wait()
        return function(*args)

    task = asyncio.create_task(in_full(slowly, ended.append, 1))
    await began.wait()
    task.cancel()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not task.done()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == [1]


async def test_what_vanished_is_forgotten_with_its_copy(
    emulator: Emulator, copier: Copier
) -> None:
    """It could not be put back any more."""
    uris = emulator.hoard("anna", 60)
    await copier.run()
    unlike(emulator, uris[:20])
    finished = await copier.next_day()
    vanished = finished.record.vanished
    assert vanished == Vanished("2026-11-02", 20, 60)
    copier.folder.file("2026-11-02").write_text("?")
    assert (await copier.next_day()).record.vanished is None


async def test_what_vanished_is_spared_when_copies_are_thinned(
    emulator: Emulator, copier: Copier
) -> None:
    """As long as it is not back."""
    uris = emulator.hoard("anna", 60)
    await copier.run()
    unlike(emulator, uris[:20])
    await copier.next_day(keep_days=1)
    for _ in range(5):
        copier.emulator.phone("anna").unlike(liked(emulator)[0])
        await copier.next_day(keep_days=1)
    assert copier.folder.names() == ["2026-11-08", "2026-11-02"]
    assert copier.uris("2026-11-02") == uris
