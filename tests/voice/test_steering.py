"""Commanding what plays: whoever plays in the room is reached."""

import pytest

from tests.conftest import AccountEntry

from .conftest import ACTION_DONE, ERROR, House, Said

TRACKS = ("So What", "Freddie Freeloader", "Blue in Green")


@pytest.fixture
async def kitchen(house: House, anna: AccountEntry, ben: AccountEntry) -> House:
    """Ben plays in the kitchen, though Anna's is everybody's account."""
    house.settle(default=anna.entry_id)
    await house.play(ben, "ben", "Kitchen")
    house.emulator.phone("ben").next()
    await house.look(ben)
    assert heard(house) == TRACKS[1]
    return house


def heard(house: House) -> str:
    """Return the track that Ben hears."""
    item = house.on("ben").item
    return next(one for one in TRACKS if house.uri("track", one) == item)


@pytest.mark.parametrize(
    ("text", "words", "room"),
    [
        ("pause", "Paused", "Kitchen"),
        ("pause in the kitchen", "Paused", None),
        ("pause kitchen", "Paused", "Living room"),
        ("stop the music", "Paused", "Kitchen"),
    ],
)
async def test_what_another_account_plays_is_paused(
    kitchen: House, text: str, words: str, room: str | None
) -> None:
    """The room's music stops, whoever's it is; Anna's account is not touched."""
    assert await kitchen.say(text, room) == Said(ACTION_DONE, words)
    assert not kitchen.on("ben").playing
    assert kitchen.on("anna").speaker is None


async def test_what_plays_elsewhere_plays_on(
    kitchen: House, anna: AccountEntry
) -> None:
    """A pause is for the room that it is said in."""
    await kitchen.play(anna, "anna", "Living Room TV")
    assert (await kitchen.say("pause", "Living room")).kind is ACTION_DONE
    assert not kitchen.on("anna").playing
    assert kitchen.on("ben").playing


@pytest.mark.parametrize("text", ["resume", "unpause", "resume the music"])
async def test_it_plays_on(kitchen: House, text: str) -> None:
    """By the account that was paused in the room."""
    await kitchen.say("pause")
    assert await kitchen.say(text) == Said(ACTION_DONE, "Resumed")
    assert kitchen.on("ben").playing
    assert kitchen.on("ben").speaker == "Kitchen"
    assert heard(kitchen) == TRACKS[1]
    assert not kitchen.on("anna").playing


@pytest.mark.parametrize(
    ("text", "words", "track"),
    [
        ("next", "Playing next", TRACKS[2]),
        ("next track", "Playing next", TRACKS[2]),
        ("skip this song", "Playing next", TRACKS[2]),
        ("previous track", "Playing previous", TRACKS[0]),
        ("go back", "Playing previous", TRACKS[0]),
    ],
)
async def test_skipping_skips_one(
    kitchen: House, text: str, words: str, track: str
) -> None:
    """Forward or back, by one track."""
    assert await kitchen.say(text) == Said(ACTION_DONE, words)
    assert heard(kitchen) == track


@pytest.mark.parametrize(
    ("text", "volume"),
    [
        ("set volume to 45 percent", 45),
        ("set the volume to 45%", 45),
        ("set the volume to 45 percent in the kitchen", 45),
        ("volume up", 35),
        ("volume down", 25),
        ("turn up the volume by 20 percent", 50),
        ("mute", 0),
    ],
)
async def test_the_volume_is_that_of_the_room(
    kitchen: House, text: str, volume: int
) -> None:
    """Set by the account that plays there."""
    assert (await kitchen.say(text)).kind is ACTION_DONE
    assert kitchen.volume("ben", "Kitchen") == volume
    assert kitchen.volume("anna", "Kitchen") == 40
    assert kitchen.volume("anna", "Living Room TV") == 60


async def test_unmuting_gives_the_volume_back(kitchen: House) -> None:
    """As loud as it was."""
    await kitchen.say("mute")
    assert (await kitchen.say("unmute")).kind is ACTION_DONE
    assert kitchen.volume("ben", "Kitchen") == 30


async def test_the_volume_can_be_set_while_nothing_plays(
    house: House, anna: AccountEntry
) -> None:
    """By the account that the room would play with."""
    answer = await house.say("set volume to 20 percent", "Living room")
    assert answer.kind is ACTION_DONE
    assert house.volume("anna", "Living Room TV") == 20
    assert not house.on("anna").playing


@pytest.mark.parametrize("text", ["pause", "next", "previous track"])
async def test_nothing_to_command_is_said(
    house: House, anna: AccountEntry, text: str
) -> None:
    """Where nothing plays nothing is done, whatever plays elsewhere."""
    await house.play(anna, "anna", "Living Room TV")
    before = house.on("anna")
    assert (await house.say(text)).kind is ERROR
    assert house.on("anna") == before


async def test_somebody_elses_music_is_not_for_everybody_to_stop(
    kitchen: House, anna: AccountEntry, ben: AccountEntry
) -> None:
    """Who may not use Ben's account does not command what it plays either.

    Home Assistant's own answer is the same: what it says is that the room was found.
    """
    user = await kitchen.person("Anna")
    kitchen.settle(users={user: anna.entry_id})
    await kitchen.say("pause", user=user)
    assert kitchen.on("ben").playing
    shared = frozenset({ben.entry_id})
    kitchen.settle(users={user: anna.entry_id}, shared=shared)
    await kitchen.say("pause", user=user)
    assert not kitchen.on("ben").playing


async def test_german_commands(kitchen: House) -> None:
    """Pause, on, next, louder."""
    assert (await kitchen.say("Pause", language="de")).kind is ACTION_DONE
    assert not kitchen.on("ben").playing
    assert (await kitchen.say("weiter", language="de")).kind is ACTION_DONE
    assert kitchen.on("ben").playing
    assert (await kitchen.say("nächster Titel", language="de")).kind is ACTION_DONE
    assert heard(kitchen) == TRACKS[2]
    assert (await kitchen.say("lauter", language="de")).kind is ACTION_DONE
    assert kitchen.volume("ben", "Kitchen") == 35
