"""Music that follows somebody: which, where to, and how loud."""

from collections.abc import Awaitable, Callable
from typing import Any

from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_USER
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import area_registry as ar, device_registry as dr
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockUser
import voluptuous as vol

from custom_components.spotify_hub.api import book
from custom_components.spotify_hub.const import DOMAIN
from custom_components.spotify_hub.links import Links
from custom_components.spotify_hub.speaker_book import SpeakerSettings, find
from custom_components.spotify_hub.speaker_devices import unique_id
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator, Fault
from tests.emulator.phone import Phone

from .conftest import Call, Uri

TV = "Living Room TV"
VOLUME = "/me/player/volume$"

type Play = Callable[..., Awaitable[Phone]]


@pytest.fixture(autouse=True)
def _room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test send what it likes."""
    monkeypatch.setattr(book, "FIRST_CEILING", 1000)


@pytest.fixture
async def anna(link: Link) -> AccountEntry:
    """Link Anna, whose account is the default one."""
    entry = await link()
    settle(entry, default=entry.entry_id)
    return entry


@pytest.fixture
async def ben(anna: AccountEntry, link: Link) -> AccountEntry:
    """Link Ben."""
    return await link("ben")


@pytest.fixture
def play(hass: HomeAssistant, emulator: Emulator, uri: Uri) -> Play:
    """Let somebody play on a speaker, and have it known."""

    async def start(entry: AccountEntry, user: str, speaker: str) -> Phone:
        phone = emulator.phone(user)
        phone.play(uri("track", "So What"), speaker)
        await entry.runtime_data.playback.async_refresh()
        await hass.async_block_till_done(wait_background_tasks=True)
        emulator.forget_requests()
        return phone

    return start


def settle(entry: AccountEntry, **links: Any) -> None:
    """Settle who and what belongs to whom."""
    entry.runtime_data.household.async_set_links(Links(**links))


def limit(
    entry: AccountEntry, name: str, *, min_volume: float = 0.0, max_volume: float = 1.0
) -> None:
    """Set how loud a speaker may be."""
    speakers = entry.runtime_data.household.speakers
    (speaker,) = find(speakers.book, name)
    speakers.async_configure(
        speaker.id, SpeakerSettings(min_volume=min_volume, max_volume=max_volume)
    )


def heard(phone: Phone) -> tuple[str | None, int | None]:
    """Return where it plays, and how loud."""
    player = phone.player
    if player.active is None or not player.is_playing:
        return None, None
    return player.active.name, player.active.volume_percent


def volumes(emulator: Emulator) -> list[str]:
    """Return the volumes that were set, in order."""
    return [one.query["volume_percent"] for one in emulator.calls("PUT", VOLUME)]


async def test_what_plays_moves_and_plays_on(
    anna: AccountEntry, play: Play, call: Call, emulator: Emulator
) -> None:
    """Verified, at the volume that the speaker has."""
    phone = await play(anna, "anna", "Kitchen")
    answer = await call("move_playback", speaker=TV)
    assert answer == {
        "config_entry_id": anna.entry_id,
        "speaker": TV,
        "confirmed": True,
        "volume": 60,
        "volume_adjusted": False,
    }
    assert heard(phone) == (TV, 60)
    assert not volumes(emulator)


async def test_it_moves_to_a_room(
    hass: HomeAssistant, anna: AccountEntry, play: Play, call: Call
) -> None:
    """Or to a device: whatever the registries know the speaker by."""
    (speaker,) = find(anna.runtime_data.household.speakers.book, TV)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=anna.entry_id, identifiers={(DOMAIN, unique_id(speaker.id))}
    )
    phone = await play(anna, "anna", "Kitchen")
    for name in ("Lounge", device.id):
        await call("move_playback", speaker="Kitchen")
        area = ar.async_get(hass).async_get_or_create("Lounge")
        dr.async_get(hass).async_update_device(device.id, area_id=area.id)
        await call("move_playback", speaker=name)
        assert heard(phone) == (TV, 60)


@pytest.mark.parametrize(
    ("bounds", "volume"),
    [
        ({"max_volume": 0.2}, 20),
        ({"min_volume": 0.7}, 70),
        ({"min_volume": 0.5, "max_volume": 0.7}, 60),
    ],
)
async def test_the_volume_is_kept_within_what_is_allowed_there(
    anna: AccountEntry,
    play: Play,
    call: Call,
    emulator: Emulator,
    bounds: dict[str, float],
    volume: int,
) -> None:
    """A level outside becomes the nearest one inside; the answer tells."""
    limit(anna, TV, **bounds)
    phone = await play(anna, "anna", "Kitchen")
    answer = await call("move_playback", speaker=TV)
    assert (answer["volume"], answer["volume_adjusted"]) == (volume, volume != 60)
    assert heard(phone) == (TV, volume)
    assert volumes(emulator) == ([] if volume == 60 else [str(volume)])
    state = anna.runtime_data.playback.data.playback
    assert state is not None
    assert state.device is not None
    assert state.device.volume_percent == volume


async def test_what_is_too_loud_is_turned_down_before_it_is_heard(
    anna: AccountEntry, play: Play, call: Call, emulator: Emulator
) -> None:
    """Where the speaker takes that; else right afterwards."""
    limit(anna, TV, max_volume=0.2)
    phone = await play(anna, "anna", "Kitchen")
    await call("move_playback", speaker=TV)
    puts = [one.path.rpartition("/")[2] for one in emulator.calls("PUT")]
    assert puts.index("volume") < puts.index("player")
    emulator.phone("anna").transfer("Kitchen")
    for device in phone.player.devices:
        device.volume_percent = 60
    await anna.runtime_data.playback.async_refresh()
    await anna.runtime_data.speakers.async_refresh()
    emulator.faults.add(Fault(VOLUME, status=404, body={"error": {"status": 404}}))
    await call("move_playback", speaker=TV)
    assert heard(phone) == (TV, 20)


async def test_a_volume_that_cannot_be_kept_is_told(
    anna: AccountEntry, play: Play, call: Call, emulator: Emulator
) -> None:
    """It has moved, but is too loud."""
    limit(anna, TV, max_volume=0.2)
    phone = await play(anna, "anna", "Kitchen")
    emulator.faults.add(Fault(VOLUME, status=503, times=None))
    with pytest.raises(HomeAssistantError) as raised:
        await call("move_playback", speaker=TV)
    assert raised.value.translation_key == "moved_otherwise"
    assert heard(phone) == (TV, 60)


async def test_where_the_volume_cannot_be_set_nothing_is_said_of_it(
    anna: AccountEntry, play: Play, call: Call
) -> None:
    """A phone."""
    limit(anna, "Anna's Phone", max_volume=0.2)
    await play(anna, "anna", "Kitchen")
    answer = await call("move_playback", speaker="Anna's Phone")
    assert (answer["volume"], answer["volume_adjusted"]) == (None, False)


async def test_what_is_paused_moves_paused_unless_it_shall_play(
    anna: AccountEntry, play: Play, call: Call
) -> None:
    """As with any move."""
    phone = await play(anna, "anna", "Kitchen")
    phone.pause()
    await call("move_playback", speaker=TV)
    assert heard(phone) == (None, None)
    await call("move_playback", speaker="Kitchen", play=True)
    assert heard(phone) == ("Kitchen", 40)


@pytest.mark.parametrize(
    ("name", "key"),
    [("Attic", "unknown_speaker"), ("Sonos Bedroom", "speaker_restricted")],
)
async def test_a_move_that_fails_leaves_it_where_it_was(
    anna: AccountEntry, play: Play, call: Call, name: str, key: str
) -> None:
    """And says why."""
    phone = await play(anna, "anna", "Kitchen")
    with pytest.raises(ServiceValidationError) as raised:
        await call("move_playback", speaker=name)
    assert raised.value.translation_key == key
    assert heard(phone) == ("Kitchen", 40)


async def test_a_speaker_that_vanishes_is_told(
    anna: AccountEntry, play: Play, call: Call
) -> None:
    """It plays on where it did."""
    phone = await play(anna, "anna", "Kitchen")
    phone.vanish(TV)
    with pytest.raises(ServiceValidationError) as raised:
        await call("move_playback", speaker=TV, wait_timeout=1)
    assert raised.value.translation_key == "start_offline"
    assert heard(phone) == ("Kitchen", 40)


async def test_without_a_speaker_there_is_no_move(
    anna: AccountEntry, call: Call
) -> None:
    """Nobody knows where to."""
    with pytest.raises(vol.Invalid):
        await call("move_playback")


@pytest.mark.parametrize("shared", [True, False])
async def test_nobody_in_particular_moves_what_is_everybodys(
    hass: HomeAssistant,
    anna: AccountEntry,
    ben: AccountEntry,
    play: Play,
    call: Call,
    shared: bool,
) -> None:
    """Anna's account plays nothing; Ben's does, and may be anybody's or only his."""
    user = MockUser(name="Ben").add_to_hass(hass)
    settle(
        anna,
        default=anna.entry_id,
        users={user.id: ben.entry_id},
        shared=frozenset({ben.entry_id} if shared else ()),
    )
    bens = await play(ben, "ben", "Ben's Phone")
    answer = await call("move_playback", speaker="Kitchen")
    moved = ben if shared else anna
    assert answer["config_entry_id"] == moved.entry_id
    assert heard(bens)[0] == ("Kitchen" if shared else "Ben's Phone")


@pytest.mark.parametrize("group", [GROUP_ID_ADMIN, GROUP_ID_USER])
@pytest.mark.parametrize("linked", [True, False])
async def test_being_an_administrator_takes_nobodys_music_away(
    hass: HomeAssistant,
    anna: AccountEntry,
    ben: AccountEntry,
    play: Play,
    group: str,
    linked: bool,
) -> None:
    """Unless nothing is settled: then all accounts are everybody's."""
    found = await hass.auth.async_get_group(group)
    assert found is not None
    user = MockUser(name="Anna", groups=[found]).add_to_hass(hass)
    settle(
        anna,
        default=anna.entry_id,
        users={user.id: anna.entry_id} if linked else {},
    )
    bens = await play(ben, "ben", "Ben's Phone")
    await hass.services.async_call(
        DOMAIN,
        "move_playback",
        {"speaker": "Kitchen"},
        blocking=True,
        context=Context(user_id=user.id),
    )
    assert heard(bens)[0] == ("Ben's Phone" if linked else "Kitchen")


async def test_what_the_callers_own_account_plays_comes_first(
    anna: AccountEntry, ben: AccountEntry, play: Play, call: Call
) -> None:
    """Even if it has begun since the last poll."""
    bens = await play(ben, "ben", "Ben's Phone")
    anna_phone = await play(anna, "anna", TV)
    anna_phone.pause()
    await anna.runtime_data.playback.async_refresh()
    anna_phone.resume()
    answer = await call("move_playback", speaker="Kitchen")
    assert answer["config_entry_id"] == anna.entry_id
    assert heard(bens)[0] == "Ben's Phone"
    assert heard(anna_phone)[0] == "Kitchen"


async def test_what_is_paused_on_the_callers_own_account_is_what_shall_play(
    anna: AccountEntry, ben: AccountEntry, play: Play, call: Call
) -> None:
    """Not what is heard from somebody else's."""
    annas = await play(anna, "anna", TV)
    annas.pause()
    await anna.runtime_data.playback.async_refresh()
    bens = await play(ben, "ben", "Ben's Phone")
    answer = await call("move_playback", speaker=TV, play=True)
    assert answer["config_entry_id"] == anna.entry_id
    assert heard(annas)[0] == TV
    assert heard(bens)[0] == "Ben's Phone"


async def test_an_account_that_is_named_is_meant(
    anna: AccountEntry, ben: AccountEntry, play: Play, call: Call
) -> None:
    """Whatever others play."""
    bens = await play(ben, "ben", "Ben's Phone")
    answer = await call(
        "move_playback", speaker="Kitchen", config_entry_id=anna.entry_id
    )
    assert answer["config_entry_id"] == anna.entry_id
    assert heard(bens)[0] == "Ben's Phone"


async def test_where_nobody_can_say_what_plays_what_was_known_holds(
    anna: AccountEntry, ben: AccountEntry, play: Play, call: Call, emulator: Emulator
) -> None:
    """Ben's plays, and is everybody's."""
    bens = await play(ben, "ben", "Ben's Phone")
    emulator.faults.add(
        Fault("/me/player$", method="GET", user="anna", status=503, times=None)
    )
    answer = await call("move_playback", speaker="Kitchen")
    assert answer["config_entry_id"] == ben.entry_id
    assert heard(bens)[0] == "Kitchen"


async def test_an_automation_moves_only_what_is_shared(
    hass: HomeAssistant, anna: AccountEntry, ben: AccountEntry, play: Play
) -> None:
    """It hears nothing, and Ben may be asleep in his room."""
    script = [{"action": f"{DOMAIN}.move_playback", "data": {"speaker": "Kitchen"}}]
    assert await async_setup_component(
        hass, "script", {"script": {"follow": {"sequence": script}}}
    )
    bens = await play(ben, "ben", "Ben's Phone")
    await hass.services.async_call("script", "follow", blocking=True)
    assert heard(bens)[0] == "Ben's Phone"
    settle(anna, default=anna.entry_id, shared=frozenset({ben.entry_id}))
    await hass.services.async_call("script", "follow", blocking=True)
    assert heard(bens)[0] == "Kitchen"
