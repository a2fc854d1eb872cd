"""An account goes by another name, and stays the same account."""

from dataclasses import replace

import pytest

from custom_components.spotify_hub.archive import accounts
from custom_components.spotify_hub.archive.keeping import Change, Like, changes, likes
from custom_components.spotify_hub.archive.plays import Asked, count
from custom_components.spotify_hub.archive.records import Gap
from custom_components.spotify_hub.archive.store import Archive

from .contents import contents
from .listening import at, live, recent, track


async def test_a_better_name_takes_the_place_of_the_first(archive: Archive) -> None:
    """All that was kept is kept, and what comes goes on."""
    await archive.add_live(live(0))
    await archive.add_recent("anna", [recent(600, track(2))])
    assert await archive.rename_account("anna", "account-1")
    assert await archive.ask(count, Asked("account-1")) == 2
    assert await archive.ask(count, Asked("anna")) == 0
    again = await archive.add_live(live(0, account="account-1"))
    assert (again.known, again.plays_added) == (1, 0)


@pytest.mark.parametrize("names", [("nobody", "account-1"), ("anna", "anna")])
async def test_what_needs_no_other_name_stays(
    archive: Archive, names: tuple[str, str]
) -> None:
    """Nobody of that name, or the same name."""
    await archive.add_live(live(0))
    before = await archive.ask(contents)
    assert not await archive.rename_account(*names)
    assert await archive.ask(contents) == before


async def test_two_names_of_one_account_become_one(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if all had been told under the same name; what both saw is there once."""
    monkeypatch.setattr(accounts, "PIECE", 1)
    lives = [live(second) for second in (0, 1000, 2000)]
    lists = [recent(second, track(2)) for second in (600, 4000)]
    for one in lives[:2]:
        await archive.add_live(replace(one, account="account-1"))
    for one in lives[1:]:
        await archive.add_live(one)
    await archive.add_recent("account-1", [replace(lists[0], account="account-1")])
    await archive.add_recent("anna", lists[1:])
    await archive.add_change(Change(5, "anna", "action", "saved"))
    await archive.keep_likes("anna", [Like(track(3))])
    await archive.keep_likes("account-1", [Like(track(4))])

    assert await archive.rename_account("anna", "account-1")
    found = await archive.ask(contents)
    assert [play[:2] for play in found["plays"]] == [
        ("account-1", start)
        for start in (at(0), at(600 - 180), at(1000), at(2000), at(4000 - 180))
    ]
    assert {row[0] for row in found["sightings"]} == {"account-1"}
    assert {row[0] for row in found["slots"]} == {"account-1"}
    assert await archive.gaps() == [Gap("account-1", at(600), at(4000))]
    (change,) = await archive.ask(changes)
    assert change.account == "account-1"
    assert [like.item for like in await archive.ask(likes, "account-1")] == [track(4)]


async def test_what_is_recorded_tells_which_time_it_is_about(archive: Archive) -> None:
    """From the first play that came or went to the last."""
    done = await archive.add_recent("anna", [recent(600), recent(1200)])
    assert (done.since, done.until) == (at(420), at(1020))
    again = await archive.add_recent("anna", [recent(600), recent(1200)])
    assert (again.since, again.until) == (None, None)
    seen = await archive.add_live(live(410, listened=190))
    assert (seen.since, seen.until) == (at(410), at(420))
