"""What the archive lacks of items from an export is asked for little by little."""

from dataclasses import replace

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from custom_components.spotify_hub.archive.news import News
from custom_components.spotify_hub.archive.plays import find_items
from custom_components.spotify_hub.archive.records import Item, Kind
from tests.archive.listening import at, imported, recent
from tests.conftest import AccountEntry, Later, Link
from tests.emulator import Emulator, Fault
from tests.emulator.data import find
from tests.histories import history_of

TRACKS = "/v1/tracks/"
NOBODYS = "spotify:track:0000000000000000000000"


@pytest.fixture(autouse=True)
def _still(freezer: FrozenDateTimeFactory) -> None:
    """Let time pass only by hand."""


def asked(emulator: Emulator) -> list[str]:
    """Return the ids of the items that were asked for."""
    return [
        call.path.rpartition("/")[2]
        for call in emulator.requests
        if call.path.startswith(("/v1/tracks/", "/v1/episodes/"))
    ]


async def bring_in(entry: AccountEntry, *items: Item) -> None:
    """Import plays of items of which only what an export tells is known."""
    archive = history_of(entry).require()
    begun = await archive.begin_import("anna", "export.zip")
    rows = [
        replace(imported(1000 * number), item=item) for number, item in enumerate(items)
    ]
    await archive.import_batch(begun.id, rows, "", len(rows), len(rows))
    await archive.end_import(begun.id, [])
    history_of(entry).async_tell(None)


def known_by_name(emulator: Emulator, many: int) -> list[Item]:
    """Return tracks as an export tells them."""
    # What was played of late is known whole already.
    listed = {
        play.uri for user in emulator.world.users.values() for play in user.recent
    }
    tracks = [
        one
        for one in emulator.world.catalogue.values()
        if one["type"] == "track" and one["uri"] not in listed
    ]
    return [Item(Kind.TRACK, one["name"], one["uri"]) for one in tracks[:many]]


async def lacking(entry: AccountEntry) -> list[str]:
    """Return what is lacking still."""
    return await history_of(entry).require().lacking(100)


async def test_what_is_lacking_is_asked_for_one_by_one(
    emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """A few every five minutes, until nothing is lacking."""
    await later(400)
    emulator.forget_requests()
    await bring_in(anna, *known_by_name(emulator, 7))
    assert len(await lacking(anna)) == 7
    await later(299)
    assert asked(emulator) == []
    counts = []
    for _ in range(5):
        await later(301)
        counts.append(len(asked(emulator)))
    assert counts == [3, 6, 7, 7, 7]
    assert await lacking(anna) == []
    name = known_by_name(emulator, 1)[0].name or ""
    ((item, _), *_) = await history_of(anna).require().ask(find_items, name)
    assert item.duration_ms
    assert item.album
    assert item.artists


async def test_episodes_too(
    emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """Each at its own address."""
    await later(1)
    episode = next(
        one for one in emulator.world.catalogue.values() if one["type"] == "episode"
    )
    await bring_in(anna, Item(Kind.EPISODE, episode["name"], episode["uri"]))
    await later(301)
    assert asked(emulator) == [episode["id"]]
    assert await lacking(anna) == []


async def test_what_spotify_has_not_is_asked_for_once(
    emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """As is what can't be asked for at all."""
    await later(1)
    odd = [
        Item(Kind.TRACK, "Gone", NOBODYS),
        Item(Kind.TRACK, "Odd", "spotify:track:%%%"),
        Item(Kind.CHAPTER, "One", "spotify:chapter:1hMDOKeDjV1gIWXyeuCrYG"),
    ]
    await bring_in(anna, *odd)
    await later(301)
    assert asked(emulator) == [NOBODYS.rpartition(":")[2]]
    assert await lacking(anna) == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault(TRACKS, status=429, headers={"Retry-After": "60"}, times=1),
        Fault(TRACKS, status=503, times=None),
        Fault(TRACKS, status=401, times=None),
    ],
    ids=["limit", "outage", "sign-in"],
)
async def test_what_could_not_be_asked_is_not_missing(
    emulator: Emulator, anna: AccountEntry, later: Later, fault: Fault
) -> None:
    """Pitfall 11: it is asked for again when the work has rested."""
    await later(1)
    await bring_in(anna, *known_by_name(emulator, 2))
    emulator.faults.add(fault)
    await later(301)
    assert len(await lacking(anna)) == 2
    assert anna.runtime_data.keeping.enrichment.job.last_result != "ok"
    emulator.faults.clear()
    for _ in range(10):
        await later(600)
    assert await lacking(anna) == []


async def test_what_was_learnt_before_a_failure_is_kept(
    emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """No request is made twice for nothing."""
    await later(1)
    items = known_by_name(emulator, 3)
    await bring_in(anna, *items)
    second = (await lacking(anna))[1]
    emulator.faults.add(
        Fault(f"{TRACKS}{second.rpartition(':')[2]}", status=503, times=None)
    )
    await later(301)
    assert len(await lacking(anna)) == 2


async def test_songs_that_turn_out_to_be_one_are_told_of(
    emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """So that whoever counts plays counts them anew."""
    await later(1)
    one, other = known_by_name(emulator, 2)
    for item in (one, other):
        emulator.world.catalogue[item.uri or ""]["external_ids"] = {"isrc": "XX1"}
    archive = history_of(anna).require()
    begun = await archive.begin_import("anna", "export.zip")
    rows = [replace(imported(180), item=one), replace(recent(180), item=other)]
    await archive.import_batch(begun.id, rows, "", 2, 2)
    heard: list[News | None] = []
    history_of(anna).async_add_listener(heard.append)
    history_of(anna).async_tell(None)
    await later(301)
    mine = [news for news in heard if news is None or news.account == "anna"]
    # Without its length the listed one seemed to begin where the other ended.
    assert mine == [None, News("anna", at(0), at(180))]


async def test_the_switch_of_background_work_stops_it(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """As all that nobody waits for."""
    await later(1)
    await bring_in(anna, *known_by_name(emulator, 3))
    await hass.services.async_call(
        "switch",
        "turn_off",
        {"entity_id": "switch.spotify_anna_background_work"},
        blocking=True,
    )
    await later(2000)
    assert asked(emulator) == []


async def test_accounts_share_the_work(
    emulator: Emulator, anna: AccountEntry, link: Link, later: Later
) -> None:
    """Nothing is asked for twice, and no more in an hour than by one alone."""
    ben = await link("ben")
    await later(1)
    await bring_in(anna, *known_by_name(emulator, 100))
    emulator.forget_requests()
    for _ in range(60):
        await later(60)
    found = asked(emulator)
    assert len(found) == len(set(found))
    assert 20 <= len(found) <= 39
    assert ben.runtime_data.keeping.enrichment.job.last_result == "ok"


async def test_nothing_is_asked_while_nothing_is_lacking(
    emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """What is watched and listed is known whole."""
    phone = emulator.phone("anna")
    phone.play(find(emulator.world, "album", "Kind of Blue")["uri"], "Kitchen")
    for _ in range(30):
        await later(60)
    assert asked(emulator) == []
