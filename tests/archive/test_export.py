"""Plays as text that other programs read."""

import csv
from io import StringIO
import json

import pytest

from custom_components.spotify_hub.archive import plays as reading
from custom_components.spotify_hub.archive.export import COLUMNS, csv_lines, json_lines
from custom_components.spotify_hub.archive.plays import Asked, all_plays, count, plays
from custom_components.spotify_hub.archive.records import Play
from custom_components.spotify_hub.archive.store import Archive

from .listening import at, digest, episode, live, recent, track


async def test_json_lines_hold_all_that_is_known(archive: Archive) -> None:
    """One object a line, in the order of time, with UTC in ISO 8601."""
    await archive.add_live(live(0, track(1, name='Déjà "vu"\n')))
    await archive.add_live(live(400, episode()))
    found = await archive.ask(lambda c: list(json_lines(all_plays(c, Asked()))))
    first, second = (json.loads(line) for line in found)
    assert tuple(first) == COLUMNS
    assert first == {
        "account": "anna",
        "started": "2026-03-01T20:00:00.000+00:00",
        "listened_ms": 180_000,
        "paused_ms": 0,
        "heard": True,
        "skipped": False,
        "sources": ["live"],
        "start_estimated": False,
        "listened_estimated": False,
        "kind": "track",
        "uri": "spotify:track:0000000000000000000001",
        "name": 'Déjà "vu"\n',
        "artists": ["Nina Simone"],
        "album": "The Album",
        "album_uri": "spotify:album:1",
        "duration_ms": 180_000,
        "isrc": None,
        "speaker": "Kitchen",
        "context": "spotify:playlist:37i9dQZF1DX0",
    }
    assert (second["kind"], second["album"]) == ("episode", "The Show")


async def test_csv_is_read_back_and_runs_nothing(archive: Archive) -> None:
    """A name that a table calculator would take for a formula is text there."""
    await archive.add_live(live(0, track(1, name="=1+1", artist='A; "B", C')))
    await archive.add_live(digest(400, track(2)))
    lines = await archive.ask(lambda c: list(csv_lines(all_plays(c, Asked()))))
    heading, first, second = csv.reader(StringIO("".join(lines)))
    assert tuple(heading) == COLUMNS
    one = dict(zip(heading, first, strict=True))
    assert (one["name"], one["artists"]) == ("'=1+1", 'A; "B", C')
    assert (one["heard"], one["isrc"]) == ("true", "")
    assert dict(zip(heading, second, strict=True))["uri"] == ""


async def test_pages_hold_each_play_once(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The latest first, of all accounts; an export goes through the same plays."""
    monkeypatch.setattr(reading, "PAGE", 2)
    for number in range(7):
        account = "anna" if number % 2 else "ben"
        await archive.add_live(live(200 * number, track(number), account=account))
    # At the very same moment.
    await archive.add_live(live(400, track(9), account="anna"))
    found: list[Play] = []
    place = None
    for _ in range(4):
        page = await archive.ask(plays, Asked(), 2, place)
        assert len(page.plays) == 2
        found += page.plays
        place = page.next
    assert place is None
    starts = [one.started for one in found]
    assert starts == sorted(starts, reverse=True)
    assert len({(one.started, one.item.uri) for one in found}) == 8
    every = await archive.ask(lambda c: list(all_plays(c, Asked())))
    assert sorted(every, key=_order) == sorted(found, key=_order)


def _order(one: Play) -> tuple[int, str]:
    return one.started, str(one.item.uri)


async def test_plays_are_asked_for_by_what_they_are(archive: Archive) -> None:
    """By account, time, item under any of its ids, artist, album, speaker, context."""
    await archive.add_live(live(0, track(1, artist="Ella")))
    await archive.add_live(live(400, track(2, name="Song 1", artist="Ella")))
    await archive.add_recent(
        "ben", [recent(900, track(3), account="ben", context=None)]
    )
    for asked, many in (
        (Asked(), 3),
        (Asked(account="anna"), 2),
        (Asked(account="nobody"), 0),
        (Asked(since=at(400)), 2),
        (Asked(until=at(400)), 1),
        (Asked(item="spotify:track:0000000000000000000002"), 2),
        (Asked(item="spotify:track:none"), 0),
        (Asked(artist="ELLA"), 2),
        (Asked(artist="spotify:artist:Ella"), 2),
        (Asked(album="the album"), 3),
        (Asked(speakers=("speaker-1",)), 2),
        (Asked(context="spotify:playlist:37i9dQZF1DX0"), 2),
        (Asked(context="spotify:playlist:other"), 0),
    ):
        assert len((await archive.ask(plays, asked)).plays) == many
        assert await archive.ask(count, asked) == many
