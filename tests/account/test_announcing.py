"""A bell on the box that plays: quiet before it, music after it."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, override

from homeassistant.components.media_player import (
    MediaPlayerEntityFeature,
    MediaPlayerState,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    async_fire_time_changed,
    async_mock_service,
)

from custom_components.spotify_hub.account.announcing import (
    Announced,
    Announcement,
    AnnouncementOperations,
)
from custom_components.spotify_hub.api import book
from custom_components.spotify_hub.speaker_book import SpeakerSettings, find as named
from tests.boxes import Box, async_add_boxes
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator, Fault
from tests.emulator.data import find
from tests.emulator.phone import Phone

BELL = Announcement(media_id="media-source://media_source/local/bell.mp3")
_CAN_PLAY = (
    MediaPlayerEntityFeature.PLAY
    | MediaPlayerEntityFeature.PAUSE
    | MediaPlayerEntityFeature.PLAY_MEDIA
)
PAUSE, PLAY = "/me/player/pause$", "/me/player/play$"


class Announcer(Box):
    """A box that announces until somebody says that it has ended."""

    _attr_supported_features = _CAN_PLAY | MediaPlayerEntityFeature.MEDIA_ANNOUNCE

    def __init__(self, name: str, phone: Phone) -> None:
        """Stand for the device of this name."""
        super().__init__(name, phone)
        self.announced: list[dict[str, Any]] = []
        self.heard: list[bool] = []
        self.fails: Exception | None = None
        self.tells = True
        self.hangs = False
        self.begun = asyncio.Event()

    @override
    async def async_play_media(
        self, media_type: str, media_id: str, **kwargs: Any
    ) -> None:
        """Announce."""
        self.heard.append(self._phone.player.is_playing)
        self.announced.append({"type": media_type, "id": media_id, **kwargs})
        self.begun.set()
        if self.fails is not None:
            raise self.fails
        if self.hangs:
            await asyncio.Event().wait()
        if self.tells:
            self.show(state=MediaPlayerState.PLAYING)

    def end(self) -> None:
        """Have announced everything."""
        self.show(state=MediaPlayerState.IDLE)


@pytest.fixture(autouse=True)
def _room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test send what it likes."""
    monkeypatch.setattr(book, "FIRST_CEILING", 1000)


@pytest.fixture
def phone(emulator: Emulator) -> Phone:
    """Anna's phone."""
    return emulator.phone("anna")


@pytest.fixture
async def box(hass: HomeAssistant, phone: Phone) -> Announcer:
    """The kitchen's loudspeaker."""
    box = Announcer("Kitchen Box", phone)
    await async_add_boxes(hass, box)
    return box


@pytest.fixture
async def anna(
    hass: HomeAssistant,
    box: Announcer,
    phone: Phone,
    link: Link,
    emulator: Emulator,
) -> AccountEntry:
    """Link Anna, who hears a song in the kitchen, whose box is linked."""
    phone.play(find(emulator.world, "album", "Kind of Blue")["uri"], "Kitchen")
    entry = await link()
    speakers = entry.runtime_data.household.speakers
    for name in ("Kitchen", "Sonos Bedroom"):
        (speaker,) = named(speakers.book, name)
        settings = SpeakerSettings(linked="media_player.kitchen_box")
        speakers.async_configure(speaker.id, settings)
    emulator.forget_requests()
    return entry


@pytest.fixture
def announcing(anna: AccountEntry) -> AnnouncementOperations:
    """What announces for Anna."""
    return anna.runtime_data.routines.announcing


type Begin = Callable[..., Coroutine[Any, Any, asyncio.Task[Announced]]]


@pytest.fixture
def begin(announcing: AnnouncementOperations, box: Announcer) -> Begin:
    """Ring the bell, and return when it is heard."""

    async def run(
        announcement: Announcement = BELL, speaker: str = "Kitchen", **how: float
    ) -> asyncio.Task[Announced]:
        where = await announcing.speaker(speaker)
        task = asyncio.create_task(announcing.resume_after(announcement, where, **how))
        async with asyncio.timeout(5):
            waiting = asyncio.create_task(box.begun.wait())
            await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
        return task

    return run


async def pass_time(hass: HomeAssistant, seconds: float) -> None:
    """Let time pass for what waits."""
    await asyncio.sleep(0.05)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
    await asyncio.sleep(0.05)


def playing_on(phone: Phone) -> str | None:
    """Return where it plays; None where nothing does."""
    active = phone.player.active
    return active.name if active and phone.player.is_playing else None


async def test_the_music_pauses_for_the_bell_and_plays_on(
    begin: Begin, box: Announcer, phone: Phone
) -> None:
    """Where it was; and no sooner than the bell has rung."""
    task = await begin()
    assert box.heard == [False]
    (announced,) = box.announced
    assert announced["id"] == BELL.media_id
    assert announced["type"] == "music"
    assert announced["announce"] is True
    assert not task.done()
    assert not phone.player.is_playing
    box.end()
    answer = await task
    assert answer.finished
    assert answer.resumed is not None
    assert answer.resumed.confirmed
    assert playing_on(phone) == "Kitchen"


async def test_a_box_that_knows_no_announcements_just_plays_it(
    begin: Begin, box: Announcer, hass: HomeAssistant
) -> None:
    """It would refuse the other."""
    box.show(supported_features=_CAN_PLAY)
    task = await begin()
    assert "announce" not in box.announced[0]
    box.end()
    assert (await task).finished


async def test_what_is_left_of_the_music_is_not_taken_for_the_bell(
    hass: HomeAssistant, begin: Begin, box: Announcer, phone: Phone
) -> None:
    """A box tells late that it has been paused."""
    box.show(state=MediaPlayerState.PLAYING)
    task = asyncio.create_task(begin())
    async with asyncio.timeout(5):
        while phone.player.is_playing:
            await asyncio.sleep(0)
    await asyncio.sleep(0.05)
    assert not box.announced
    box.show(state=MediaPlayerState.PAUSED)
    ringing = await task
    assert box.announced
    assert not ringing.done()
    box.end()
    assert (await ringing).finished


async def test_a_box_that_never_tells_is_given_a_moment(
    hass: HomeAssistant,
    begin: Begin,
    box: Announcer,
    phone: Phone,
) -> None:
    """Neither that it was paused nor that it announces."""
    box.show(state=MediaPlayerState.PLAYING)
    task = asyncio.create_task(begin())
    async with asyncio.timeout(5):
        while phone.player.is_playing:
            await asyncio.sleep(0)
    await pass_time(hass, 3)
    ringing = await task
    await pass_time(hass, 5)
    assert (await ringing).finished
    assert playing_on(phone) == "Kitchen"


async def test_a_bell_that_rings_for_ever_does_not_keep_the_music(
    hass: HomeAssistant,
    begin: Begin,
    box: Announcer,
    phone: Phone,
) -> None:
    """The answer tells."""
    task = await begin(longest=30.0)
    await pass_time(hass, 29)
    assert not task.done()
    await pass_time(hass, 31)
    answer = await task
    assert not answer.finished
    assert playing_on(phone) == "Kitchen"


async def test_a_box_that_does_not_answer_does_not_keep_the_music(
    begin: Begin, box: Announcer, phone: Phone
) -> None:
    """Its integration hangs."""
    box.hangs = True
    task = await begin(longest=0.05)
    assert not (await task).finished
    assert playing_on(phone) == "Kitchen"


@pytest.mark.parametrize("error", [HomeAssistantError("no"), ValueError("oh")])
async def test_a_bell_that_fails_is_told_after_the_music_plays_on(
    begin: Begin, box: Announcer, phone: Phone, error: Exception
) -> None:
    """Whatever its integration raises."""
    box.fails = error
    task = await begin()
    with pytest.raises(type(error)):
        await task
    assert playing_on(phone) == "Kitchen"


async def test_where_nothing_plays_nothing_is_resumed(
    begin: Begin, box: Announcer, phone: Phone, emulator: Emulator
) -> None:
    """It is only announced."""
    phone.pause()
    task = await begin()
    box.end()
    answer = await task
    assert answer.finished
    assert answer.resumed is None
    assert not phone.player.is_playing
    assert not emulator.calls("PUT")


async def test_music_elsewhere_plays_on(
    begin: Begin, box: Announcer, phone: Phone, emulator: Emulator
) -> None:
    """The bell rings in the kitchen only."""
    phone.transfer("Living Room TV")
    task = await begin()
    assert box.heard == [True]
    box.end()
    assert (await task).resumed is None
    assert not emulator.calls("PUT")


@pytest.mark.parametrize("doing", ["resume", "transfer"])
async def test_what_somebody_does_by_hand_meanwhile_wins(
    begin: Begin, box: Announcer, phone: Phone, doing: str
) -> None:
    """They have begun it again, or taken it elsewhere."""
    task = await begin()
    if doing == "resume":
        phone.resume()
    else:
        phone.transfer("Living Room TV")
    box.end()
    assert (await task).resumed is None
    assert playing_on(phone) == ("Kitchen" if doing == "resume" else None)


async def test_a_session_that_spotify_forgot_meanwhile_is_woken(
    begin: Begin, box: Announcer, phone: Phone
) -> None:
    """The box had to let go of it."""
    task = await begin()
    phone.sleep()
    box.end()
    assert (await task).resumed is not None
    assert playing_on(phone) == "Kitchen"


async def test_music_that_does_not_play_on_is_told(
    begin: Begin, box: Announcer, phone: Phone, emulator: Emulator
) -> None:
    """The speaker has vanished."""
    task = await begin()
    phone.vanish("Kitchen")
    box.end()
    with pytest.raises(ServiceValidationError) as raised:
        await task
    assert raised.value.translation_key == "start_offline"


async def test_what_cannot_be_paused_is_not_announced_over(
    begin: Begin, box: Announcer, phone: Phone, emulator: Emulator
) -> None:
    """The reason is told, and nothing else happens."""
    emulator.faults.add(Fault(PAUSE, status=429, retry_after=600))
    task = await begin()
    with pytest.raises(HomeAssistantError) as raised:
        await task
    assert raised.value.translation_key == "rate_limited"
    assert not box.announced
    assert playing_on(phone) == "Kitchen"


async def test_a_limit_during_the_bell_is_told(
    begin: Begin, box: Announcer, phone: Phone, emulator: Emulator
) -> None:
    """Until when it can't be resumed."""
    task = await begin()
    emulator.faults.add(Fault(PLAY, status=429, retry_after=600))
    box.end()
    with pytest.raises(HomeAssistantError) as raised:
        await task
    assert raised.value.translation_key == "rate_limited"


async def test_where_nobody_can_look_it_is_resumed_all_the_same(
    begin: Begin, box: Announcer, phone: Phone, emulator: Emulator
) -> None:
    """Music was there before."""
    task = await begin()
    emulator.faults.add(Fault("/me/player$", method="GET", status=503, times=None))
    box.end()
    answer = await task
    assert answer.resumed is not None
    assert not answer.resumed.confirmed
    assert playing_on(phone) == "Kitchen"


async def test_a_second_visitor_waits_for_the_first_ones_bell(
    begin: Begin, box: Announcer, phone: Phone
) -> None:
    """Neither is drowned, and the music plays on after both."""
    first = await begin()
    box.begun.clear()
    second = asyncio.create_task(begin())
    await asyncio.sleep(0.05)
    assert len(box.announced) == 1
    box.end()
    await first
    ringing = await second
    assert box.heard == [False, False]
    box.end()
    await ringing
    assert playing_on(phone) == "Kitchen"


async def test_a_script_that_is_stopped_does_not_stop_the_music(
    hass: HomeAssistant, begin: Begin, box: Announcer, phone: Phone
) -> None:
    """It plays on when the bell has rung."""
    task = await begin()
    task.cancel()
    await asyncio.sleep(0)
    box.end()
    await hass.async_block_till_done()
    assert playing_on(phone) == "Kitchen"


@pytest.mark.parametrize(
    ("state", "features", "key"),
    [
        (None, None, "linked_unreachable"),
        (MediaPlayerState.IDLE, MediaPlayerEntityFeature.PAUSE, "linked_unable"),
    ],
)
async def test_a_box_that_cannot_announce_is_told_before_anything_is_paused(
    hass: HomeAssistant,
    begin: Begin,
    box: Announcer,
    phone: Phone,
    state: MediaPlayerState | None,
    features: MediaPlayerEntityFeature | None,
    key: str,
) -> None:
    """The music plays on."""
    if features is not None:
        box.show(supported_features=features)
    box.show(state=state, available=state is not None)
    task = await begin()
    with pytest.raises(ServiceValidationError) as raised:
        await task
    assert raised.value.translation_key == key
    assert playing_on(phone) == "Kitchen"


async def test_a_speaker_without_a_box_is_told(begin: Begin) -> None:
    """Link one."""
    task = await begin(speaker="Living Room TV")
    with pytest.raises(ServiceValidationError) as raised:
        await task
    assert raised.value.translation_key == "not_linked"


async def test_without_a_name_it_rings_where_it_plays(
    announcing: AnnouncementOperations, phone: Phone
) -> None:
    """Where nothing is on, somebody has to say where."""
    assert (await announcing.speaker(None)).name == "Kitchen"
    phone.sleep()
    with pytest.raises(ServiceValidationError) as raised:
        await announcing.speaker(None)
    assert raised.value.translation_key == "announce_where"


async def test_a_restricted_speaker_is_paused_and_resumed_by_its_box(
    begin: Begin, box: Announcer, phone: Phone
) -> None:
    """The Web API can't."""
    phone.transfer("Sonos Bedroom")
    box.show(state=MediaPlayerState.PLAYING)
    task = await begin(speaker="Sonos Bedroom")
    assert box.heard == [False]
    box.end()
    answer = await task
    assert answer.resumed is not None
    assert playing_on(phone) == "Sonos Bedroom"
    assert box.asked == ["pause", "play"]


async def test_a_message_is_spoken_by_home_assistant(
    hass: HomeAssistant, begin: Begin, box: Announcer, phone: Phone
) -> None:
    """By the entity that was chosen, on the linked player."""
    spoken = async_mock_service(hass, "tts", "speak")
    hass.states.async_set("tts.voice", "unknown")
    message = Announcement(message="Somebody is here", tts_entity="tts.voice")
    box.begun.set()
    task = await begin(message)
    async with asyncio.timeout(5):
        while not spoken:
            await asyncio.sleep(0)
    assert spoken[0].data == {
        "entity_id": "tts.voice",
        "media_player_entity_id": "media_player.kitchen_box",
        "message": "Somebody is here",
    }
    assert not phone.player.is_playing
    box.show(state=MediaPlayerState.PLAYING)
    box.end()
    assert (await task).finished
    assert playing_on(phone) == "Kitchen"


@pytest.mark.parametrize("state", [None, "unavailable"])
async def test_a_voice_that_is_not_there_is_told_before_anything_is_paused(
    hass: HomeAssistant, begin: Begin, phone: Phone, state: str | None
) -> None:
    """Home Assistant would drop the call without a word."""
    if state:
        hass.states.async_set("tts.voice", state)
    task = await begin(Announcement(message="Hello", tts_entity="tts.voice"))
    with pytest.raises(ServiceValidationError) as raised:
        await task
    assert raised.value.translation_key == "voice_unavailable"
    assert playing_on(phone) == "Kitchen"
