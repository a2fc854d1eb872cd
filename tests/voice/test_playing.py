"""Asking for music: it plays in the room that was meant, by the right account."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest

from custom_components.spotify_hub.const import DOMAIN
from tests.conftest import AccountEntry
from tests.emulator.faults import Fault

from .conftest import ACTION_DONE, ERROR, House, Said

PLAYING = Said(ACTION_DONE, "Playing media")
SILENT = (None, False)


def where(house: House, user: str) -> tuple[str | None, bool]:
    """Return where a user's account is, and whether it plays."""
    heard = house.on(user)
    return heard.speaker, heard.playing


@pytest.mark.parametrize(
    ("text", "room", "speaker", "kind", "name"),
    [
        (
            "play kind of blue in the kitchen",
            None,
            "Kitchen",
            "album",
            "Kind of Blue",
        ),
        (
            "play kind of blue in the kitchen",
            "Kitchen",
            "Kitchen",
            "album",
            "Kind of Blue",
        ),
        (
            "play kind of blue in the kitchen",
            "Living room",
            "Kitchen",
            "album",
            "Kind of Blue",
        ),
        ("play miles davis", "Kitchen", "Kitchen", "artist", "Miles Davis"),
        ("play miles davis", "Living room", "Living Room TV", "artist", "Miles Davis"),
        ("play miles davis on kitchen", None, "Kitchen", "artist", "Miles Davis"),
        (
            "play the album kind of blue on living room tv",
            "Kitchen",
            "Living Room TV",
            "album",
            "Kind of Blue",
        ),
    ],
)
@pytest.mark.usefixtures("ben")
async def test_music_plays_where_it_was_asked_to(
    house: House,
    anna: AccountEntry,
    text: str,
    room: str | None,
    speaker: str,
    kind: str,
    name: str,
) -> None:
    """By room, by satellite or by name; account players are in nobody's way."""
    house.settle(default=anna.entry_id)
    assert await house.say(text, room) == PLAYING
    assert where(house, "anna") == (speaker, True)
    assert house.on("anna").context == house.uri(kind, name)
    assert where(house, "ben") == SILENT


async def test_a_phone_that_stands_in_no_room_has_to_say_where(
    house: House, anna: AccountEntry, ben: AccountEntry
) -> None:
    """Home Assistant does not know a room, and does not guess."""
    house.settle(default=anna.entry_id)
    answer = await house.say("play miles davis", None)
    assert answer == Said(ERROR, "Sorry, I couldn't understand that")
    assert where(house, "anna") == SILENT


@pytest.mark.parametrize(("whose", "silent"), [("anna", "ben"), ("ben", "anna")])
async def test_who_speaks_decides_whose_account_plays(
    hass: HomeAssistant,
    house: House,
    anna: AccountEntry,
    ben: AccountEntry,
    whose: str,
    silent: str,
) -> None:
    """Before the room and the default: Ben typing hears his own account."""
    people = {"anna": await house.person("Anna"), "ben": await house.person("Ben")}
    entries = {"anna": anna.entry_id, "ben": ben.entry_id}
    house.settle(
        users={people[name]: entries[name] for name in people},
        areas={house.area("Kitchen"): entries[silent]},
        default=entries[silent],
    )
    said = await house.say("play kind of blue in the kitchen", None, user=people[whose])
    assert said == PLAYING
    assert where(house, whose) == ("Kitchen", True)
    assert where(house, silent) == SILENT
    state = hass.states.get(house.player("Kitchen"))
    assert state is not None
    assert state.attributes["account"] == whose.replace("anna", "Anna")


async def test_the_room_decides_when_nobody_is_known(
    house: House, anna: AccountEntry, ben: AccountEntry
) -> None:
    """A satellite has no user: in the kitchen Ben's account plays, elsewhere the default."""
    house.settle(areas={house.area("Kitchen"): ben.entry_id}, default=anna.entry_id)
    assert await house.say("play kind of blue") == PLAYING
    assert where(house, "ben") == ("Kitchen", True)
    assert where(house, "anna") == SILENT
    assert await house.say("play discovery", "Living room") == PLAYING
    assert where(house, "anna") == ("Living Room TV", True)
    assert house.on("ben").context == house.uri("album", "Kind of Blue")


async def test_without_anything_settled_nobody_is_chosen(
    house: House, anna: AccountEntry, ben: AccountEntry
) -> None:
    """Neither user nor room nor default: nothing plays on a guess."""
    assert (await house.say("play kind of blue")).kind is ERROR
    assert where(house, "anna") == where(house, "ben") == SILENT


async def test_somebody_elses_account_is_not_used(
    house: House, anna: AccountEntry, ben: AccountEntry
) -> None:
    """A guest without an account of their own does not play by Anna's."""
    guest = await house.person("Guest")
    users = {await house.person("Anna"): anna.entry_id}
    house.settle(users=users, default=anna.entry_id)
    answer = await house.say("play kind of blue", user=guest)
    assert answer.kind is ERROR
    assert where(house, "anna") == SILENT
    shared = frozenset({anna.entry_id})
    house.settle(users=users, default=anna.entry_id, shared=shared)
    assert await house.say("play kind of blue", user=guest) == PLAYING
    assert where(house, "anna") == ("Kitchen", True)


async def test_a_phones_player_does_not_disturb(
    hass: HomeAssistant, house: House, anna: AccountEntry
) -> None:
    """It is disabled until somebody wants it, wherever the phone is said to be."""
    house.put("Anna's Phone", "Kitchen")
    entity = er.async_get(hass).async_get(house.player("Anna's Phone"))
    assert entity is not None
    assert entity.disabled_by is er.RegistryEntryDisabler.INTEGRATION
    assert await house.say("play kind of blue") == PLAYING
    assert where(house, "anna") == ("Kitchen", True)


async def test_an_account_player_in_the_room_is_one_too_many(
    hass: HomeAssistant, house: House, anna: AccountEntry
) -> None:
    """Which is why speakers are put in rooms, and accounts are not."""
    devices = dr.async_get(hass)
    account = devices.async_get_device_by_identifier(
        (DOMAIN, anna.entry_id), anna.entry_id
    )
    assert account is not None
    devices.async_update_device(account.id, area_id=house.area("Kitchen"))
    answer = await house.say("play kind of blue")
    assert answer.kind is ERROR
    assert where(house, "anna") == SILENT


async def test_a_speaker_that_is_off_is_said_to_fail(
    house: House, anna: AccountEntry
) -> None:
    """Nothing is said to play that does not."""
    house.emulator.faults.add(Fault("/play$", status=404, times=None))
    house.emulator.faults.add(Fault("/player$", status=404, times=None, method="PUT"))
    answer = await house.say("play kind of blue")
    assert answer.kind is ERROR
    assert where(house, "anna") == SILENT


@pytest.mark.parametrize(
    ("text", "room", "speaker"),
    [
        ("spiele Miles Davis", "Kitchen", "Kitchen"),
        ("spiele Miles Davis", "Living room", "Living Room TV"),
        ("spiele Miles Davis auf Kitchen", None, "Kitchen"),
    ],
)
async def test_german_is_understood(
    house: House, anna: AccountEntry, text: str, room: str | None, speaker: str
) -> None:
    """As in every language that Home Assistant has these sentences for."""
    answer = await house.say(text, room, language="de")
    assert answer.kind is ACTION_DONE
    assert where(house, "anna") == (speaker, True)
    assert house.on("anna").context == house.uri("artist", "Miles Davis")
