"""The speakers of a household, as its accounts see them."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.spotify_hub.const import DOMAIN
from custom_components.spotify_hub.household_speakers import HouseholdSpeakers
from custom_components.spotify_hub.speaker_book import Speaker, SpeakerSettings, find
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator
from tests.emulator.data import find as found

STORE = f"{DOMAIN}.speakers"


def speakers_of(entry: AccountEntry) -> HouseholdSpeakers:
    """Return the speakers of an account's household."""
    return entry.runtime_data.household.speakers


def named(speakers: HouseholdSpeakers, name: str) -> Speaker:
    """Return the only speaker of this name."""
    (speaker,) = find(speakers.book, name)
    return speaker


async def play(entry: AccountEntry, emulator: Emulator, user: str) -> None:
    """Let a user play in the kitchen, and look."""
    track = found(emulator.world, "track", "Get Lucky")["uri"]
    emulator.phone(user).play(track, "Kitchen")
    await entry.runtime_data.playback.async_refresh()


async def test_two_accounts_see_one_speaker(
    anna: AccountEntry, link: Link, emulator: Emulator
) -> None:
    """Each by an id of its own; it stays with the one that saw it first."""
    ben = await link("ben")
    speakers = speakers_of(anna)
    kitchen = named(speakers, "Kitchen")
    assert speakers_of(ben) is speakers
    assert kitchen.seen.keys() == {anna.entry_id, ben.entry_id}
    assert kitchen.owner == anna.entry_id
    for entry, user in ((anna, "anna"), (ben, "ben")):
        seen = speakers.device(kitchen.id, entry.entry_id)
        assert seen is not None
        assert seen.id in {
            one.id for one in emulator.world.users[user].player.devices if one.id
        }


async def test_who_plays_on_a_speaker_is_known(
    anna: AccountEntry, link: Link, emulator: Emulator
) -> None:
    """Whoever plays, before who is paused there."""
    ben = await link("ben")
    speakers = speakers_of(anna)
    kitchen = named(speakers, "Kitchen")
    assert speakers.playing_on(kitchen.id) is None
    assert speakers.playback_on(kitchen.id) is None
    await play(ben, emulator, "ben")
    assert speakers.playing_on(kitchen.id) == ben.entry_id
    emulator.phone("ben").pause()
    await ben.runtime_data.playback.async_refresh()
    assert speakers.playing_on(kitchen.id) == ben.entry_id
    await play(anna, emulator, "anna")
    assert speakers.playing_on(kitchen.id) == anna.entry_id
    assert speakers.playback_on(kitchen.id) is anna.runtime_data.playback.data


async def test_a_speaker_stays_itself_under_another_id(
    anna: AccountEntry, emulator: Emulator
) -> None:
    """Spotify's ids are not persistent; what was set for it stays."""
    speakers = speakers_of(anna)
    former = named(speakers, "Kitchen")
    settings = SpeakerSettings(max_volume=0.5)
    speakers.async_configure(former.id, settings)
    devices = emulator.world.users["anna"].player.devices
    next(one for one in devices if one.name == "Kitchen").id = "e" * 40
    await anna.runtime_data.speakers.async_refresh()
    kitchen = named(speakers, "Kitchen")
    assert kitchen.id == former.id
    assert kitchen.device_ids == ("e" * 40, *former.device_ids)
    assert speakers.book.settings_of(kitchen.id) == settings


async def test_the_book_is_kept_over_a_restart(
    hass: HomeAssistant, anna: AccountEntry, emulator: Emulator
) -> None:
    """With what is switched off meanwhile, though nobody sees it."""
    before = speakers_of(anna)
    kitchen = named(before, "Kitchen")
    before.async_configure(kitchen.id, SpeakerSettings(min_volume=0.1))
    ids = set(before.book.speakers)
    await hass.config_entries.async_unload(anna.entry_id)
    emulator.phone("anna").vanish("Kitchen")
    await hass.config_entries.async_setup(anna.entry_id)
    await hass.async_block_till_done()
    after = speakers_of(anna)
    assert after is not before
    assert set(after.book.speakers) == ids
    assert after.book.settings_of(kitchen.id).min_volume == 0.1
    assert not after.is_seen(kitchen.id)


async def test_an_account_that_goes_hands_its_speakers_over(
    hass: HomeAssistant, anna: AccountEntry, link: Link, hass_storage: dict[str, Any]
) -> None:
    """Ben keeps the kitchen under its id; Anna's phone goes with her."""
    ben = await link("ben")
    speakers = speakers_of(ben)
    kitchen = named(speakers, "Kitchen")
    await hass.config_entries.async_remove(anna.entry_id)
    await hass.async_block_till_done()
    assert named(speakers, "Kitchen").id == kitchen.id
    assert named(speakers, "Kitchen").owner == ben.entry_id
    assert not find(speakers.book, "Anna's Phone")
    await hass.config_entries.async_unload(ben.entry_id)
    assert anna.entry_id not in str(hass_storage[STORE])
    assert kitchen.id in str(hass_storage[STORE])


async def test_listeners_hear_of_what_is_seen(
    anna: AccountEntry, emulator: Emulator
) -> None:
    """Until they listen no more."""
    heard: list[bool] = []
    speakers = speakers_of(anna)
    stop = speakers.async_add_listener(lambda: heard.append(True))
    await play(anna, emulator, "anna")
    assert heard
    stop()
    heard.clear()
    speakers.async_forget(named(speakers, "Kitchen").id)
    assert not heard
    assert not find(speakers.book, "Kitchen")


@pytest.mark.parametrize(
    "stored",
    [
        {"version": 1, "data": {}},
        {"version": 1, "data": []},
        {"version": 1, "data": {"book": None}},
        {"version": 1, "data": {"book": {"speakers": [{}], "settings": {}}}},
        {"version": 1, "data": {"book": {"speakers": [], "settings": {"a": {}}}}},
        {"version": 99, "data": {"book": {"speakers": [], "settings": {}}}},
    ],
)
async def test_a_damaged_book_is_begun_anew(
    hass_storage: dict[str, Any],
    link: Link,
    caplog: pytest.LogCaptureFixture,
    stored: dict[str, Any],
) -> None:
    """The account starts, and says so once."""
    hass_storage[STORE] = {"minor_version": 1, "key": STORE, **stored}
    entry = await link()
    assert named(speakers_of(entry), "Kitchen").owner == entry.entry_id
    lines = [one for one in caplog.messages if STORE in one and "can't be read" in one]
    assert len(lines) == 1
