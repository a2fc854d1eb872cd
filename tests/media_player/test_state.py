"""What is shown of what plays."""

from collections.abc import Awaitable, Callable
import logging

from homeassistant.components.media_player import MediaPlayerEntityFeature as Feature
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
import pytest

from custom_components.spotify_hub.api import scopes
from tests.conftest import AccountEntry, Later, Link
from tests.emulator import Emulator
from tests.emulator.data import playlist_named
from tests.emulator.phone import Phone
from tests.emulator.world import Device

from .conftest import PLAYER, Uri, offers, shown

pytestmark = pytest.mark.usefixtures("freezer", "anna")

type Refresh = Callable[[], Awaitable[None]]


async def test_a_track_is_shown_with_everything_cards_need(
    hass: HomeAssistant, phone: Phone, uri: Uri, refresh: Refresh
) -> None:
    """Title, artist, album, artwork, position, speaker and the URIs."""
    album = uri("album", "Kind of Blue")
    phone.play(album, "Kitchen")
    phone.seek(65_000)
    await refresh()
    state = shown(hass)
    assert state.state == "playing"
    assert state.attributes["media_title"] == "So What"
    assert state.attributes["media_artist"] == "Miles Davis"
    assert state.attributes["media_album_name"] == "Kind of Blue"
    assert state.attributes["media_album_artist"] == "Miles Davis"
    assert state.attributes["media_track"] == 1
    assert state.attributes["media_content_type"] == "music"
    assert state.attributes["media_content_id"].startswith("spotify:track:")
    assert state.attributes["media_position"] == 65
    assert state.attributes["media_duration"] > 300
    assert "/image/" in state.attributes["entity_picture"]
    assert state.attributes["source"] == "Kitchen"
    assert state.attributes["shuffle"] is False
    assert state.attributes["repeat"] == "off"
    assert state.attributes["context_uri"] == album
    assert state.attributes["album_uri"] == album
    assert state.attributes["artist_uris"] == [uri("artist", "Miles Davis")]
    assert state.attributes["problem"] is None


async def test_nothing_active_is_idle_and_can_still_be_started(
    hass: HomeAssistant,
) -> None:
    """Peers B.10: play, play_media and select_source are offered while nothing plays."""
    assert shown(hass).state == "idle"
    for feature in (
        Feature.PLAY,
        Feature.PLAY_MEDIA,
        Feature.SELECT_SOURCE,
        Feature.SEARCH_MEDIA,
        Feature.BROWSE_MEDIA,
        Feature.MEDIA_ENQUEUE,
        Feature.VOLUME_SET,
    ):
        assert offers(hass, feature)


async def test_an_episode_is_shown_with_its_show(
    hass: HomeAssistant, phone: Phone, emulator: Emulator, refresh: Refresh
) -> None:
    """Without additional_types Spotify sends episodes as null (R8)."""
    episode = next(
        item for item in emulator.world.catalogue.values() if item["type"] == "episode"
    )
    phone.play(episode["uri"], "Kitchen")
    await refresh()
    state = shown(hass)
    assert state.attributes["media_title"] == episode["name"]
    assert state.attributes["media_content_type"] == "podcast"
    assert state.attributes["media_series_title"] == episode["show"]["name"]


async def test_a_local_file_keeps_its_title(
    hass: HomeAssistant, phone: Phone, refresh: Refresh
) -> None:
    """M9: a file from somebody's own disk has neither id nor artwork."""
    phone.transfer("Kitchen")
    phone.play_local(
        {
            "type": "track",
            "uri": "spotify:local:Grandpa:Tapes:Waltz:183",
            "id": None,
            "name": "Waltz",
            "is_local": True,
            "duration_ms": 183_000,
            "artists": [{"id": None, "uri": None, "name": "Grandpa"}],
            "album": {"id": None, "uri": None, "name": "Tapes", "images": []},
        }
    )
    await refresh()
    state = shown(hass)
    assert state.attributes["media_title"] == "Waltz"
    assert state.attributes["media_artist"] == "Grandpa"
    assert state.attributes["media_album_name"] == "Tapes"


async def test_an_advert_is_no_failure(
    hass: HomeAssistant, phone: Phone, refresh: Refresh
) -> None:
    """Kinds of items that are not known yet are shown as playing, without a title."""
    phone.transfer("Kitchen")
    phone.play_ad()
    await refresh()
    assert shown(hass).state == "playing"
    assert shown(hass).attributes.get("media_title") is None


async def test_the_playlist_that_plays_is_named(
    hass: HomeAssistant, phone: Phone, emulator: Emulator, refresh: Refresh
) -> None:
    """One request when it first plays, none after."""
    workout = playlist_named(emulator.world, "Workout 2026")
    phone.play(workout.uri, "Kitchen")
    await refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert shown(hass).attributes["media_playlist"] == "Workout 2026"
    await refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(emulator.calls(path=f"/v1/playlists/{workout.id}$")) == 1


async def test_a_playlist_that_spotify_hides_has_no_name(
    hass: HomeAssistant,
    phone: Phone,
    emulator: Emulator,
    refresh: Refresh,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Made-for-you playlists answer 404: that is no error."""
    hidden = next(
        mix for mix in emulator.world.playlists.values() if mix.made_by_spotify
    )
    phone.play(hidden.uri, "Kitchen")
    await refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert shown(hass).state == "playing"
    assert shown(hass).attributes.get("media_playlist") is None
    assert not [
        one
        for one in caplog.records
        if one.levelno >= logging.WARNING and "404" in one.getMessage()
    ]


async def test_a_speaker_without_known_volume_shows_none(
    hass: HomeAssistant, phone: Phone, refresh: Refresh
) -> None:
    """M7: volume null neither fails the poll nor reads as silence."""
    phone.transfer('Office <Desk> & "Co"')
    await refresh()
    state = shown(hass)
    assert state.attributes["source"] == 'Office <Desk> & "Co"'
    assert state.attributes.get("volume_level") is None
    assert offers(hass, Feature.VOLUME_SET)


async def test_what_the_speaker_cannot_do_is_not_offered(
    hass: HomeAssistant, phone: Phone, refresh: Refresh
) -> None:
    """A phone's volume can't be set; a restricted speaker takes no command at all."""
    phone.transfer("Anna's Phone")
    await refresh()
    assert not offers(hass, Feature.VOLUME_SET)
    assert offers(hass, Feature.PAUSE)
    phone.transfer("Sonos Bedroom")
    await refresh()
    assert shown(hass).attributes["source"] == "Sonos Bedroom"
    assert not offers(hass, Feature.PAUSE)
    assert offers(hass, Feature.SELECT_SOURCE)


async def test_restricted_speakers_cannot_be_chosen(hass: HomeAssistant) -> None:
    """A device without an id is not in the list of sources."""
    sources = shown(hass).attributes["source_list"]
    assert "Kitchen" in sources
    assert "Sonos Bedroom" not in sources


async def test_an_unknown_kind_of_device_is_still_a_speaker(
    hass: HomeAssistant, phone: Phone, refresh: Refresh
) -> None:
    """M7: the list of device types is Spotify's to lengthen."""
    phone.appear(Device("new", "Mirror", type="SmartMirror"))
    phone.transfer("Mirror")
    await refresh()
    assert shown(hass).attributes["source"] == "Mirror"
    assert "Mirror" in shown(hass).attributes["source_list"]


async def test_while_playing_the_end_of_the_track_is_met(
    hass: HomeAssistant,
    phone: Phone,
    uri: Uri,
    refresh: Refresh,
    emulator: Emulator,
    later: Later,
) -> None:
    """The poll comes a second after the predicted end, not half a minute."""
    phone.play(uri("album", "Kind of Blue"), "Kitchen")
    await refresh()
    length = shown(hass).attributes["media_duration"]
    phone.seek((length - 10) * 1000)
    await refresh()
    emulator.forget_requests()
    await later(13)
    assert shown(hass).attributes["media_title"] == "Freddie Freeloader"
    assert len(emulator.calls("GET", "/me/player$")) == 1


async def test_time_that_passes_as_expected_writes_no_state(
    hass: HomeAssistant, phone: Phone, uri: Uri, refresh: Refresh, later: Later
) -> None:
    """The progress bar does not twitch with each poll."""
    phone.play(uri("album", "Kind of Blue"), "Kitchen")
    await refresh()
    before = shown(hass)
    await later(31)
    assert shown(hass) is before


async def test_idle_polls_grow_rare(
    hass: HomeAssistant, emulator: Emulator, later: Later
) -> None:
    """A minute at first, then two: 132 requests an hour become about 30."""
    emulator.forget_requests()
    for _ in range(60):
        await later(60)
    polls = len(emulator.calls("GET", "/me/player$"))
    assert 25 <= polls <= 35
    assert len(emulator.calls("GET", "/me/player/devices$")) <= 3


async def test_the_account_is_a_service_device(
    hass: HomeAssistant, anna: AccountEntry, device_registry: dr.DeviceRegistry
) -> None:
    """Known by the entry, not by an id of Spotify's."""
    device = device_registry.async_get_device_by_identifier(
        ("spotify_hub", anna.entry_id), anna.entry_id
    )
    assert device is not None
    assert device.entry_type is dr.DeviceEntryType.SERVICE
    assert hass.states.get(PLAYER) is not None


async def test_names_of_playlists_are_not_asked_for_without_that_feature(
    hass: HomeAssistant, emulator: Emulator, link: Link, phone: Phone
) -> None:
    """What was not granted is not asked for, and nobody is told to grant it."""
    for entry in hass.config_entries.async_entries("spotify_hub"):
        await hass.config_entries.async_remove(entry.entry_id)
    entry = await link(features=(scopes.Feature.CONTROL,))
    private = playlist_named(emulator.world, "Workout 2026")
    phone.play(private.uri, "Kitchen")
    await entry.runtime_data.playback.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not emulator.calls(path="/v1/playlists/")
    assert not ir.async_get(hass).issues
