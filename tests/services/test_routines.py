"""Sleep timer, wake-up and announcements, by actions."""

from typing import Any, override

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.const import GROUP_ID_USER
from homeassistant.components.media_player import MediaPlayerState
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockUser
import voluptuous as vol

from custom_components.spotify_hub.api import book
from custom_components.spotify_hub.const import DOMAIN
from custom_components.spotify_hub.links import Links
from custom_components.spotify_hub.speaker_book import SpeakerSettings, find
from tests.boxes import Box, async_add_boxes
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator
from tests.emulator.phone import Phone

from .conftest import Call, Uri

TV = "Living Room TV"
BELL = "media-source://media_source/local/bell.mp3"


@pytest.fixture(autouse=True)
def _room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test send what it likes."""
    monkeypatch.setattr(book, "FIRST_CEILING", 1000)


class Bell(Box):
    """A box whose announcements are over when they have been asked for."""

    def __init__(self, name: str, phone: Phone) -> None:
        """Stand for the device of this name."""
        super().__init__(name, phone)
        self.heard: list[bool] = []

    @override
    async def async_play_media(
        self, media_type: str, media_id: str, **kwargs: Any
    ) -> None:
        """Announce, and note whether music is heard meanwhile."""
        self.heard.append(self._phone.player.is_playing)
        self.show(state=MediaPlayerState.PLAYING)
        self.show(state=MediaPlayerState.IDLE)


@pytest.fixture
async def box(hass: HomeAssistant, emulator: Emulator) -> Bell:
    """The kitchen's loudspeaker, which Ben's Spotify plays on."""
    box = Bell("Kitchen", emulator.phone("ben"))
    await async_add_boxes(hass, box)
    return box


@pytest.fixture
async def anna(
    freezer: FrozenDateTimeFactory,
    box: Bell,
    link: Link,
    phone: Phone,
    uri: Uri,
    emulator: Emulator,
) -> AccountEntry:
    """Link Anna, who hears an album in the living room."""
    phone.play(uri("album", "Kind of Blue"), TV)
    entry = await link()
    emulator.forget_requests()
    return entry


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    ("action", "data", "key"),
    [
        ("sleep_timer", {}, "minutes_or_end_of_track"),
        ("sleep_timer", {"end_of_track": False}, "minutes_or_end_of_track"),
        (
            "sleep_timer",
            {"minutes": 5, "end_of_track": True},
            "minutes_or_end_of_track",
        ),
        ("resume_after", {}, "announcement_or_message"),
        (
            "resume_after",
            {"announcement": BELL, "message": "a", "tts_entity": "tts.voice"},
            "announcement_or_message",
        ),
        ("resume_after", {"message": "a"}, "message_with_voice"),
        (
            "resume_after",
            {"announcement": BELL, "tts_entity": "tts.voice"},
            "message_with_voice",
        ),
        ("resume_after", {"announcement": BELL}, "not_linked"),
        ("resume_after", {"announcement": BELL, "speaker": "Attic"}, "unknown_speaker"),
        ("wake_up", {"speaker": TV}, "query_or_uri"),
        ("wake_up", {"speaker": TV, "query": "qqqxyzzy zzz"}, "nothing_found"),
        (
            "wake_up",
            {"speaker": "Attic", "uri": "spotify:collection"},
            "unknown_speaker",
        ),
    ],
)
async def test_what_makes_no_sense_is_refused_before_anything_changes(
    call: Call, emulator: Emulator, action: str, data: dict[str, Any], key: str
) -> None:
    """The music plays on as it did."""
    with pytest.raises(ServiceValidationError) as raised:
        await call(action, **data)
    assert raised.value.translation_key == key
    assert not emulator.calls("PUT")


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("sleep_timer", {"minutes": 0}),
        ("sleep_timer", {"minutes": -1}),
        ("sleep_timer", {"minutes": 1441}),
        ("sleep_timer", {"minutes": float("nan")}),
        ("sleep_timer", {"minutes": 5, "fade": -1}),
        ("sleep_timer", {"minutes": 5, "fade": float("inf")}),
        ("wake_up", {"query": "a"}),
        ("wake_up", {"query": "a", "speaker": TV, "volume": 0}),
        ("wake_up", {"query": "a", "speaker": TV, "volume": 101}),
        ("wake_up", {"query": "a", "speaker": TV, "fade_in": -1}),
        ("wake_up", {"query": "a", "speaker": TV, "wait_timeout": 121}),
        ("wake_up", {"query": "a", "speaker": TV, "enqueue": "add"}),
        ("resume_after", {"announcement": " "}),
        ("resume_after", {"announcement": BELL, "timeout": 0}),
        ("resume_after", {"message": "a", "tts_entity": "light.voice"}),
    ],
)
async def test_values_out_of_range_are_refused(
    call: Call, action: str, data: dict[str, Any]
) -> None:
    """By the schema."""
    with pytest.raises(vol.Invalid):
        await call(action, **data)


async def test_a_sleep_timer_is_set_and_cancelled(
    anna: AccountEntry, call: Call
) -> None:
    """The answer says when it ends."""
    answer = await call("sleep_timer", minutes=1.5)
    ends = dt_util.parse_datetime(answer["ends"])
    assert ends is not None
    assert (ends - dt_util.utcnow()).total_seconds() == 90
    assert await call("cancel_sleep_timer") == {"cancelled": True}
    assert await call("cancel_sleep_timer") == {"cancelled": False}


async def test_the_end_of_the_track_is_told(anna: AccountEntry, call: Call) -> None:
    """As Spotify predicts it."""
    answer = await call("sleep_timer", end_of_track=True, fade=0)
    ends = dt_util.parse_datetime(answer["ends"])
    left = anna.runtime_data.playback.data.remaining(dt_util.utcnow())
    assert ends is not None
    assert (ends - dt_util.utcnow()).total_seconds() == pytest.approx(left, abs=0.1)


async def test_somebody_is_woken(
    anna: AccountEntry, call: Call, phone: Phone, uri: Uri
) -> None:
    """The answer tells with what, where, and how loud it becomes."""
    answer = await call(
        "wake_up", query="discovery by daft punk", speaker="kitchen", shuffle=False
    )
    assert answer["item"]["name"] == "Discovery"
    assert answer["context_uri"] == uri("album", "Discovery")
    assert (answer["speaker"], answer["confirmed"]) == ("Kitchen", True)
    assert answer["volume"] == 30
    active = phone.player.active
    assert active is not None
    assert (active.name, active.volume_percent) == ("Kitchen", 5)


@pytest.fixture
async def in_the_kitchen(
    anna: AccountEntry, link: Link, uri: Uri, emulator: Emulator
) -> Phone:
    """Ben hears an album in the kitchen, which is linked to its box."""
    ben = await link("ben")
    household = anna.runtime_data.household
    household.async_set_links(Links(default=anna.entry_id))
    phone = emulator.phone("ben")
    phone.play(uri("album", "Discovery"), "Kitchen")
    await ben.runtime_data.playback.async_refresh()
    (kitchen,) = find(household.speakers.book, "Kitchen")
    settings = SpeakerSettings(linked="media_player.kitchen")
    household.speakers.async_configure(kitchen.id, settings)
    emulator.forget_requests()
    return phone


async def test_who_plays_on_the_speaker_is_paused_for_the_bell(
    in_the_kitchen: Phone, call: Call, emulator: Emulator, box: Bell
) -> None:
    """Ben, though Anna's account is the default one; hers plays on."""
    answer = await call("resume_after", announcement=BELL, speaker="Kitchen")
    assert answer == {
        "finished": True,
        "resumed": True,
        "speaker": "Kitchen",
        "confirmed": True,
    }
    assert box.heard == [False]
    assert emulator.calls("PUT", "/pause$", "ben")
    assert not emulator.calls("PUT", user="anna")
    assert in_the_kitchen.player.is_playing


async def test_an_account_that_is_named_is_the_one_that_pauses(
    anna: AccountEntry, in_the_kitchen: Phone, call: Call, box: Bell
) -> None:
    """Nothing of hers plays there, so nothing is resumed."""
    answer = await call(
        "resume_after",
        announcement=BELL,
        speaker="Kitchen",
        config_entry_id=anna.entry_id,
    )
    assert (answer["finished"], answer["resumed"]) == (True, False)
    assert box.heard == [True]


async def test_somebody_elses_music_is_paused_for_nobody(
    hass: HomeAssistant,
    anna: AccountEntry,
    in_the_kitchen: Phone,
    box: Bell,
) -> None:
    """Unless they may use the account; the bell does not ring either."""
    group = await hass.auth.async_get_group(GROUP_ID_USER)
    assert group is not None
    user = MockUser(name="Anna", groups=[group]).add_to_hass(hass)
    links = Links(users={user.id: anna.entry_id})
    anna.runtime_data.household.async_set_links(links)
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            "resume_after",
            {"announcement": BELL, "speaker": "Kitchen"},
            blocking=True,
            context=Context(user_id=user.id),
        )
    assert in_the_kitchen.player.is_playing
    assert not box.heard
