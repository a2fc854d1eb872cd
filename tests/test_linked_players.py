"""Players of Home Assistant that are the same boxes as speakers."""

from collections.abc import Awaitable, Callable
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.media_player import (
    DOMAIN as MEDIA_PLAYER,
    MediaPlayerEntityFeature,
    MediaPlayerState,
)
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from custom_components.spotify_hub.linked_players import ONE_SKIP
from custom_components.spotify_hub.speaker_book import SpeakerSettings, find
from tests.boxes import Box, async_add_boxes
from tests.conftest import AccountEntry, Later, Link
from tests.emulator import Emulator, Fault
from tests.emulator.data import find as found
from tests.emulator.phone import Phone
from tests.emulator.world import Device

ACCOUNT = "media_player.spotify_anna"
KITCHEN = "media_player.kitchen"
SONOS = "media_player.sonos_bedroom"
BOX = "media_player.box"
POLL = "/v1/me/player$"

pytestmark = pytest.mark.usefixtures("freezer")

type Do = Callable[..., Awaitable[Any]]


@pytest.fixture
def phone(emulator: Emulator) -> Phone:
    """Anna's phone."""
    return emulator.phone("anna")


@pytest.fixture
async def box(hass: HomeAssistant, phone: Phone) -> Box:
    """A box, known to Home Assistant under another name, and an amplifier."""
    made = Box("Sonos Bedroom", phone)
    made.entity_id = BOX
    hass.states.async_set("sensor.amplifier", "playing")
    amplifier = {
        "platform": "universal",
        "name": "Amplifier",
        "attributes": {"state": "sensor.amplifier"},
    }
    await async_add_boxes(hass, made, others=[amplifier])
    return made


@pytest.fixture
async def anna(box: Box, link: Link) -> AccountEntry:
    """Link Anna, when the boxes are there."""
    return await link()


@pytest.fixture
def do(hass: HomeAssistant) -> Do:
    """Call an action of a media player."""

    async def run(action: str, entity: str | list[str], **data: Any) -> Any:
        return await hass.services.async_call(
            MEDIA_PLAYER, action, {"entity_id": entity, **data}, blocking=True
        )

    return run


def link_box(entry: AccountEntry, name: str, linked: str | None = BOX) -> None:
    """Link a speaker to a player of Home Assistant."""
    speakers = entry.runtime_data.household.speakers
    (speaker,) = find(speakers.book, name)
    speakers.async_configure(speaker.id, SpeakerSettings(linked=linked))


def shown(hass: HomeAssistant, entity_id: str) -> State:
    """Return what a player shows."""
    state = hass.states.get(entity_id)
    assert state is not None
    return state


def commands(emulator: Emulator) -> list[str]:
    """Return what Spotify was told to do."""
    return [
        f"{one.method} {one.path.rpartition('/')[2]}"
        for one in emulator.requests
        if one.method != "GET"
    ]


async def play(
    hass: HomeAssistant, entry: AccountEntry, phone: Phone, emulator: Emulator, on: str
) -> None:
    """Let Kind of Blue play on a device, and look."""
    phone.play(found(emulator.world, "album", "Kind of Blue")["uri"], on)
    await entry.runtime_data.playback.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    emulator.forget_requests()


@pytest.fixture
async def kitchen(
    hass: HomeAssistant,
    anna: AccountEntry,
    box: Box,
    phone: Phone,
    emulator: Emulator,
) -> Box:
    """Kind of Blue in the kitchen, whose speaker is linked."""
    link_box(anna, "Kitchen")
    await play(hass, anna, phone, emulator, "Kitchen")
    return box


@pytest.fixture
async def bedroom(
    hass: HomeAssistant,
    anna: AccountEntry,
    box: Box,
    phone: Phone,
    emulator: Emulator,
) -> Box:
    """Kind of Blue on the restricted speaker, which is linked."""
    link_box(anna, "Sonos Bedroom")
    await play(hass, anna, phone, emulator, "Sonos Bedroom")
    return box


async def test_a_change_on_the_linked_player_is_seen_within_a_second(
    hass: HomeAssistant,
    anna: AccountEntry,
    phone: Phone,
    emulator: Emulator,
    later: Later,
) -> None:
    """A universal player of Home Assistant's own: one request, and 1.5 s."""
    link_box(anna, "Kitchen", "media_player.amplifier")
    await play(hass, anna, phone, emulator, "Kitchen")
    phone.pause()
    hass.states.async_set("sensor.amplifier", "paused")
    await hass.async_block_till_done()
    await later(1)
    assert shown(hass, ACCOUNT).state == shown(hass, KITCHEN).state == "paused"
    assert len(emulator.calls(path=POLL)) == 1


async def test_one_that_flaps_makes_no_storm(
    kitchen: Box, emulator: Emulator, later: Later
) -> None:
    """At most one look in five seconds, and none for its position."""
    for number in range(60):
        state = MediaPlayerState.PAUSED if number % 2 else MediaPlayerState.PLAYING
        kitchen.show(state=state)
        await later(0.5)
    assert 5 <= len(emulator.calls("GET", POLL)) <= 8
    emulator.forget_requests()
    await later(6)
    emulator.forget_requests()
    for number in range(20):
        kitchen.show(media_position=number)
        await later(0.5)
    assert len(emulator.calls("GET", POLL)) <= 1


async def test_a_nudge_respects_a_deadline(
    hass: HomeAssistant,
    anna: AccountEntry,
    kitchen: Box,
    emulator: Emulator,
    later: Later,
) -> None:
    """Nothing is sent while Spotify asks to be left alone, and nothing breaks."""
    # It would wait for the deadline, and time with it.
    anna.runtime_data.recent.job.async_close()
    emulator.faults.add(Fault(POLL, status=429, retry_after=60))
    await anna.runtime_data.playback.async_refresh()
    emulator.forget_requests()
    kitchen.show(state=MediaPlayerState.PLAYING)
    await later(2)
    assert not emulator.calls("GET", POLL)
    assert shown(hass, KITCHEN).state == "playing"


async def test_nobody_playing_who_played_there_last_looks(
    hass: HomeAssistant,
    anna: AccountEntry,
    link: Link,
    kitchen: Box,
    emulator: Emulator,
    phone: Phone,
    later: Later,
) -> None:
    """Not everybody: it is one request."""
    ben = await link("ben")
    phone.sleep()
    await anna.runtime_data.playback.async_refresh()
    emulator.phone("ben").play(
        found(emulator.world, "track", "So What")["uri"], "Kitchen"
    )
    await ben.runtime_data.playback.async_refresh()
    emulator.phone("ben").sleep()
    await ben.runtime_data.playback.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    emulator.forget_requests()
    kitchen.show(state=MediaPlayerState.PLAYING)
    await later(1)
    assert [one.user_id for one in emulator.calls("GET", POLL)] == ["ben"]


@pytest.mark.parametrize("entity", [ACCOUNT, SONOS])
@pytest.mark.parametrize(
    ("action", "data", "asked"),
    [
        ("media_pause", {}, "pause"),
        ("media_stop", {}, "pause"),
        ("media_next_track", {}, "next"),
        ("media_previous_track", {}, "previous"),
        ("media_seek", {"seek_position": 30}, "seek"),
        ("volume_set", {"volume_level": 0.3}, "volume"),
        ("volume_up", {}, "volume"),
        ("volume_mute", {"is_volume_muted": True}, "volume"),
    ],
)
async def test_a_restricted_speaker_is_commanded_through_its_linked_player(
    hass: HomeAssistant,
    bedroom: Box,
    do: Do,
    emulator: Emulator,
    later: Later,
    entity: str,
    action: str,
    data: dict[str, Any],
    asked: str,
) -> None:
    """By Home Assistant's own actions; Spotify is not asked to do it."""
    await do(action, entity, **data)
    assert bedroom.asked == [asked]
    assert not commands(emulator)
    await later(1)
    await later(2)
    state = shown(hass, entity)
    assert state.state == ("paused" if asked == "pause" else "playing")
    if action == "volume_set":
        assert state.attributes["volume_level"] == 0.3


@pytest.mark.parametrize("entity", [ACCOUNT, SONOS])
async def test_what_is_paused_on_a_restricted_speaker_plays_on(
    hass: HomeAssistant,
    anna: AccountEntry,
    bedroom: Box,
    phone: Phone,
    do: Do,
    later: Later,
    entity: str,
) -> None:
    """Through its linked player too."""
    phone.pause()
    await anna.runtime_data.playback.async_refresh()
    await do("media_play", entity)
    assert bedroom.asked == ["play"]
    await later(1)
    assert shown(hass, entity).state == "playing"


async def test_a_start_on_a_restricted_speaker_goes_through_its_linked_player(
    anna: AccountEntry, box: Box, phone: Phone, emulator: Emulator, do: Do
) -> None:
    """And is confirmed by what Spotify says."""
    link_box(anna, "Sonos Bedroom")
    album = found(emulator.world, "album", "Kind of Blue")["uri"]
    await do("play_media", SONOS, media_content_type="music", media_content_id=album)
    assert box.asked == ["play_media"]
    assert phone.player.context_uri == album
    assert not commands(emulator)


async def test_a_start_that_the_linked_player_swallows_is_told(
    anna: AccountEntry,
    box: Box,
    emulator: Emulator,
    do: Do,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It said nothing, and nothing plays."""
    link_box(anna, "Sonos Bedroom")

    async def swallow(*_: Any, **__: Any) -> None:
        """Do nothing."""

    monkeypatch.setattr(box, "async_play_media", swallow)
    album = found(emulator.world, "album", "Kind of Blue")["uri"]
    with pytest.raises(ServiceValidationError) as raised:
        await do(
            "play_media", SONOS, media_content_type="music", media_content_id=album
        )
    assert raised.value.translation_key == "speaker_restricted"


async def test_a_speaker_without_volume_is_turned_up_by_its_linked_player(
    hass: HomeAssistant,
    anna: AccountEntry,
    box: Box,
    phone: Phone,
    emulator: Emulator,
    do: Do,
) -> None:
    """While it plays, and before."""
    tv = next(one for one in phone.player.devices if one.name == "Living Room TV")
    tv.supports_volume = False
    await anna.runtime_data.speakers.async_refresh()
    link_box(anna, "Living Room TV")
    entity = "media_player.living_room_tv"
    await do("volume_set", entity, volume_level=0.2)
    assert shown(hass, BOX).attributes["volume_level"] == 0.2
    await play(hass, anna, phone, emulator, "Living Room TV")
    await do("volume_set", entity, volume_level=0.4)
    assert shown(hass, BOX).attributes["volume_level"] == 0.4
    assert not commands(emulator)


async def test_what_plays_for_nobody_here_is_paused_on_the_box(
    hass: HomeAssistant, anna: AccountEntry, box: Box, do: Do
) -> None:
    """A guest's music: no account of the household can."""
    link_box(anna, "Sonos Bedroom")
    box.show(state=MediaPlayerState.PLAYING)
    await do("media_pause", SONOS)
    assert box.asked == ["pause"]


async def test_a_restricted_speaker_offers_what_its_linked_player_does(
    hass: HomeAssistant, bedroom: Box
) -> None:
    """And takes up what changes there."""
    features = MediaPlayerEntityFeature
    for entity in (ACCOUNT, SONOS):
        offered = shown(hass, entity).attributes["supported_features"]
        assert offered & features.PAUSE
        assert offered & features.VOLUME_SET
        assert not offered & features.SHUFFLE_SET
    bedroom.show(supported_features=features.PAUSE, media_title="Other")
    await hass.async_block_till_done()
    for entity in (ACCOUNT, SONOS):
        offered = shown(hass, entity).attributes["supported_features"]
        assert not offered & features.NEXT_TRACK
        assert offered & features.STOP


async def test_a_linked_player_that_is_gone_is_told(
    hass: HomeAssistant, anna: AccountEntry, bedroom: Box, do: Do
) -> None:
    """Home Assistant itself would drop the call in silence; nothing is shown as done."""
    pause = anna.runtime_data.player.pause
    bedroom.show(available=False)
    await hass.async_block_till_done()
    with pytest.raises(ServiceValidationError) as raised:
        await pause()
    assert raised.value.translation_key == "linked_unreachable"
    bedroom.show(available=True, supported_features=MediaPlayerEntityFeature.PLAY)
    await hass.async_block_till_done()
    with pytest.raises(ServiceValidationError) as unable:
        await pause()
    assert unable.value.translation_key == "linked_unable"
    assert shown(hass, SONOS).state == "playing"


async def test_an_error_of_the_linked_player_reaches_the_caller(
    hass: HomeAssistant,
    bedroom: Box,
    do: Do,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And what was shown as done is taken back."""

    async def fail() -> None:
        raise HomeAssistantError("The box is on fire")

    monkeypatch.setattr(bedroom, "async_media_pause", fail)
    with pytest.raises(HomeAssistantError, match="on fire"):
        await do("media_pause", SONOS)
    assert shown(hass, SONOS).state == "playing"


@pytest.mark.parametrize("action", ["media_next_track", "media_previous_track"])
@pytest.mark.parametrize(
    "together",
    [[BOX, KITCHEN], [KITCHEN, BOX]],
    ids=["box first", "ours first"],
)
async def test_a_skip_that_reaches_both_is_one(
    kitchen: Box, do: Do, emulator: Emulator, action: str, together: list[str]
) -> None:
    """In one call: the box has done it."""
    await do(action, together)
    assert len(kitchen.asked) == 1
    assert not commands(emulator)


async def test_a_skip_of_the_whole_room_is_one(
    hass: HomeAssistant, kitchen: Box, do: Do, emulator: Emulator
) -> None:
    """Or of everything: the speakers that are silent say so."""
    with pytest.raises(ServiceValidationError):
        await do("media_next_track", "all")
    assert kitchen.asked == ["next"]
    assert not commands(emulator)


async def test_the_same_skip_soon_after_is_one(
    kitchen: Box,
    do: Do,
    emulator: Emulator,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Until a second and a half is over; another skip is another."""
    await do("media_next_track", BOX)
    await do("media_next_track", KITCHEN)
    assert not commands(emulator)
    await do("media_previous_track", KITCHEN)
    assert commands(emulator) == ["POST previous"]
    freezer.tick(ONE_SKIP + 0.1)
    await do("media_next_track", KITCHEN)
    assert commands(emulator) == ["POST previous", "POST next"]


async def test_a_box_that_can_not_skip_leaves_it_to_us(
    kitchen: Box, hass: HomeAssistant, do: Do, emulator: Emulator
) -> None:
    """A skip that had no effect is none."""
    kitchen.show(supported_features=MediaPlayerEntityFeature.PAUSE)
    await hass.async_block_till_done()
    with pytest.raises(HomeAssistantError):
        await do("media_next_track", BOX)
    await do("media_next_track", KITCHEN)
    assert commands(emulator) == ["POST next"]


async def test_our_own_skip_through_the_box_is_not_taken_for_another(
    bedroom: Box, do: Do
) -> None:
    """Two presses of our button skip twice."""
    await do("media_next_track", SONOS)
    await do("media_next_track", SONOS)
    assert bedroom.asked == ["next", "next"]


async def test_groups_are_devices_like_any_other(
    hass: HomeAssistant, anna: AccountEntry, phone: Phone, emulator: Emulator, do: Do
) -> None:
    """A group of Cast speakers is one Connect device to Spotify."""
    phone.appear(Device("a" * 40, "Downstairs", "CastAudio"))
    await anna.runtime_data.speakers.async_refresh()
    await hass.async_block_till_done()
    album = found(emulator.world, "album", "Kind of Blue")["uri"]
    await do(
        "play_media",
        "media_player.downstairs",
        media_content_type="music",
        media_content_id=album,
    )
    assert phone.player.active is not None
    assert phone.player.active.name == "Downstairs"


async def test_nothing_is_watched_when_the_last_account_is_gone(
    hass: HomeAssistant, anna: AccountEntry, kitchen: Box, emulator: Emulator
) -> None:
    """A box that changes then asks nobody."""
    await hass.config_entries.async_unload(anna.entry_id)
    emulator.forget_requests()
    kitchen.show(state=MediaPlayerState.PLAYING)
    await hass.async_block_till_done()
    assert not emulator.requests
