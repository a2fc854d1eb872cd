"""The blueprints: Home Assistant imports them, and they do what they say."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
import shutil
from typing import Any, Final
from urllib.parse import quote

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.automation.const import DOMAIN as AUTOMATION
from homeassistant.components.blueprint.importer import fetch_blueprint_from_url
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import (
    async_capture_events,
    async_fire_time_changed,
)

from custom_components.spotify_hub.const import DOMAIN
from tests.conftest import Later, Link
from tests.emulator import Emulator
from tests.emulator.data import find, playlist_named
from tests.emulator.faults import Fault
from tests.emulator.phone import Phone
from tests.project import INTEGRATION, ROOT, load_json

FOLDER: Final = ROOT / "blueprints" / AUTOMATION / DOMAIN
BLUEPRINTS: Final = sorted(FOLDER.glob("*.yaml"))
PLAYER: Final = "media_player.spotify_anna"
PLACE: Final = FOLDER.relative_to(ROOT).as_posix()
PROJECT: Final = load_json(INTEGRATION / "manifest.json")["documentation"]
LOCAL: Final = {
    "type": "track",
    "uri": "spotify:local:Grandpa:Tapes:Waltz:183",
    "id": None,
    "name": "Waltz",
    "is_local": True,
    "duration_ms": 183_000,
    "artists": [{"id": None, "uri": None, "name": "Grandpa"}],
}


type Automate = Callable[..., Awaitable[None]]


@pytest.fixture(autouse=True)
def _there(hass: HomeAssistant, tmp_path: Path) -> None:
    """Let the blueprints lie where an import puts them."""
    hass.config.config_dir = str(tmp_path)
    shutil.copytree(FOLDER, tmp_path / PLACE)


@pytest.fixture
def published(aioclient_mock: Any) -> None:
    """Let GitHub have the blueprints."""
    raw = PROJECT.replace("https://github.com", "https://raw.githubusercontent.com")
    for path in BLUEPRINTS:
        aioclient_mock.get(f"{raw}/main/{PLACE}/{path.name}", text=path.read_text())


@pytest.fixture
def song(emulator: Emulator) -> str:
    """A track."""
    return str(find(emulator.world, "track", "So What")["uri"])


@pytest.fixture
def phone(emulator: Emulator) -> Phone:
    """Anna's phone."""
    return emulator.phone("anna")


@pytest.fixture
async def automate(hass: HomeAssistant) -> AsyncIterator[Automate]:
    """Make an automation from a blueprint; it is switched off in the end."""

    async def make(name: str, **inputs: Any) -> None:
        use = {"path": f"{DOMAIN}/{name}.yaml", "input": inputs}
        automation = {"alias": "made", "use_blueprint": use}
        assert await async_setup_component(hass, AUTOMATION, {AUTOMATION: automation})
        await hass.async_block_till_done()
        assert hass.states.is_state("automation.made", STATE_ON)

    yield make
    await hass.services.async_call(
        AUTOMATION, "turn_off", {"entity_id": "automation.made"}, blocking=True
    )


async def press(hass: HomeAssistant, button: str, said: str, *, at: str) -> None:
    """Press a button whose events say what was pressed."""
    hass.states.async_set(button, at, {"event_type": said})
    await hass.async_block_till_done()


def refused(emulator: Emulator) -> list[str]:
    """Return what Spotify refused."""
    return [
        f"{one.method} {one.path} {one.status}"
        for one in emulator.requests
        if one.status >= 400
    ]


@pytest.mark.parametrize("path", BLUEPRINTS, ids=lambda path: path.stem)
def test_a_blueprint_is_complete(path: Path) -> None:
    """It fits Home Assistant, says where it comes from, and explains every input."""
    blueprint = Blueprint(
        load_yaml_dict(path),
        expected_domain=AUTOMATION,
        schema=AUTOMATION_BLUEPRINT_SCHEMA,
    )
    assert blueprint.validate() is None
    assert blueprint.metadata["homeassistant"] == {"min_version": "2026.10.0"}
    assert blueprint.metadata["description"]
    address = f"{PROJECT}/blob/main/{PLACE}/{path.name}"
    assert blueprint.metadata["source_url"] == address
    for one in blueprint.inputs.values():
        assert one["name"]
        assert one["selector"]
    guide = (ROOT / "docs" / "guide.md").read_text()
    assert f"blueprint_import/?blueprint_url={quote(address, safe='')}" in guide


@pytest.mark.parametrize("path", BLUEPRINTS, ids=lambda path: path.stem)
@pytest.mark.usefixtures("published")
async def test_a_blueprint_can_be_imported(hass: HomeAssistant, path: Path) -> None:
    """From where the project is published."""
    address = f"{PROJECT}/blob/main/{PLACE}/{path.name}"
    imported = await fetch_blueprint_from_url(hass, address)
    assert imported.blueprint.domain == AUTOMATION
    assert imported.blueprint.metadata["source_url"] == address
    assert imported.suggested_filename.endswith(f"/{path.stem}")


@pytest.mark.parametrize("named", [True, False])
async def test_a_press_likes_what_plays_and_a_long_press_unlikes_it(
    hass: HomeAssistant,
    emulator: Emulator,
    phone: Phone,
    song: str,
    link: Link,
    automate: Automate,
    named: bool,
) -> None:
    """On the account that is named, or the default one; other presses do nothing."""
    phone.unlike(song)
    phone.play(song, "Kitchen")
    anna = await link()
    account = {"account": anna.entry_id} if named else {}
    await automate("like_by_button", button=["event.remote"], **account)
    emulator.forget_requests()
    liked = emulator.world.users["anna"].saved
    await press(hass, "event.remote", "rotate", at="2026-10-31T18:00:00+00:00")
    assert song not in liked["track"]
    await press(hass, "event.remote", "single", at="2026-10-31T18:00:01+00:00")
    assert song in liked["track"]
    await press(hass, "event.remote", "hold", at="2026-10-31T18:00:02+00:00")
    assert song not in liked["track"]
    changes = [one.method for one in emulator.requests if one.method != "GET"]
    assert changes == ["PUT", "DELETE"]
    assert not refused(emulator)


@pytest.mark.parametrize(
    ("button", "before", "after", "likes"),
    [
        ("input_button.heart", "unknown", "2026-10-31T18:00:00+00:00", True),
        ("input_button.heart", "unavailable", "2026-10-31T18:00:00+00:00", False),
        ("binary_sensor.heart", "off", "on", True),
        ("binary_sensor.heart", "on", "off", False),
        ("binary_sensor.heart", "unknown", "on", False),
        ("sensor.remote_action", "", "single", True),
    ],
)
async def test_every_kind_of_button_likes(
    hass: HomeAssistant,
    emulator: Emulator,
    phone: Phone,
    song: str,
    link: Link,
    automate: Automate,
    button: str,
    before: str,
    after: str,
    likes: bool,
) -> None:
    """When it is pressed, not when it comes back after a restart."""
    phone.unlike(song)
    phone.play(song, "Kitchen")
    await link()
    hass.states.async_set(button, before)
    await automate("like_by_button", button=[button])
    hass.states.async_set(button, after)
    await hass.async_block_till_done()
    assert (song in emulator.world.users["anna"].saved["track"]) is likes


class Guest:
    """Ben, who listens in the kitchen; Anna keeps what he plays."""

    def __init__(
        self, hass: HomeAssistant, emulator: Emulator, freezer: FrozenDateTimeFactory
    ) -> None:
        """Let him begin with an album."""
        self._hass = hass
        self._emulator = emulator
        self._freezer = freezer
        self.phone = emulator.phone("ben")
        self.phone.play(self.uri("album", "Kind of Blue"), "Kitchen")
        self.kept = playlist_named(emulator.world, "Workout 2026")

    async def invite(self, link: Link, automate: Automate, **inputs: Any) -> None:
        """Link both, and make the automation."""
        anna, self._ben = await link("anna"), await link("ben")
        await automate(
            "save_what_guests_play",
            guest=self._ben.entry_id,
            keeper=anna.entry_id,
            playlist="Workout 2026",
            heard=40,
            **inputs,
        )

    def uri(self, kind: str, name: str) -> str:
        """Return the URI of something in the catalogue."""
        return str(find(self._emulator.world, kind, name)["uri"])

    def uris(self) -> list[str | None]:
        """Return what is in the playlist."""
        return [entry.uri for entry in self.kept.entries]

    async def is_noticed(self) -> None:
        """Poll what he plays; what that sets off may go on."""
        await self._ben.runtime_data.playback.async_refresh()
        for _ in range(20):
            await asyncio.sleep(0)

    async def listens(self, seconds: float) -> None:
        """Let time pass, and wait for what is done then."""
        await self.is_noticed()
        self._freezer.tick(seconds)
        self._emulator.clock.advance(seconds)
        async_fire_time_changed(self._hass)
        await self._hass.async_block_till_done()


@pytest.fixture
def guest(
    hass: HomeAssistant, emulator: Emulator, freezer: FrozenDateTimeFactory
) -> Guest:
    """A guest."""
    return Guest(hass, emulator, freezer)


async def test_what_a_guest_listens_to_is_kept_once(
    emulator: Emulator, guest: Guest, link: Link, automate: Automate
) -> None:
    """In a playlist of another account; what is left early is not."""
    before = guest.uris()
    await guest.invite(link, automate)
    guest.phone.next()
    await guest.listens(41)
    first = guest.uri("track", "Freddie Freeloader")
    assert guest.uris() == [*before, first]
    guest.phone.next()
    await guest.is_noticed()
    guest.phone.next()
    await guest.listens(41)
    third = guest.uri("track", "All Blues")
    assert guest.uris() == [*before, first, third]
    guest.phone.play(first)
    await guest.listens(41)
    assert guest.uris() == [*before, first, third]
    assert not refused(emulator)


@pytest.mark.parametrize("what", ["a file", "another speaker", "a private session"])
async def test_what_is_nobody_elses_business_is_not_kept(
    guest: Guest, link: Link, automate: Automate, what: str
) -> None:
    """Files of the guest's own, and what plays where nobody asked for it."""
    before = guest.uris()
    await guest.invite(link, automate, speakers=["Kitchen"])
    match what:
        case "a file":
            guest.phone.play_local(LOCAL)
        case "another speaker":
            guest.phone.transfer("Ben's Phone")
            guest.phone.next()
        case _:
            guest.phone.private(True)
            guest.phone.next()
    await guest.listens(41)
    assert guest.uris() == before


class Morning:
    """Anna's account, which is to play in the kitchen."""

    def __init__(
        self, hass: HomeAssistant, emulator: Emulator, freezer: FrozenDateTimeFactory
    ) -> None:
        """Hear whether it has failed."""
        self._hass = hass
        self._emulator = emulator
        self._freezer = freezer
        self.player = emulator.phone("anna").player
        self.wanted = playlist_named(emulator.world, "Workout 2026")
        self.watch: Callable[[], None] = lambda: None
        self.failures = async_capture_events(hass, "no_music")

    async def comes(self, link: Link, automate: Automate, **inputs: Any) -> None:
        """Link Anna, make the automation, and run it."""
        await link()
        settled = {
            "player": PLAYER,
            "playlist": self.wanted.name,
            "speaker": "Kitchen",
            "volume": 15,
            "failed": [{"event": "no_music"}],
        }
        await automate("morning_playlist", **(settled | inputs))
        self._emulator.forget_requests()
        await self._hass.services.async_call(
            AUTOMATION, "trigger", {"entity_id": "automation.made"}, blocking=False
        )
        await self.goes_on()

    async def goes_on(self, seconds: int = 60) -> None:
        """Let time pass until the automation has done all it does."""
        for _ in range(seconds):
            await self.is_noticed()
            state = self._hass.states.get("automation.made")
            assert state is not None
            if not state.attributes["current"]:
                return
            self.watch()
            self._freezer.tick(1)
            self._emulator.clock.advance(1)
            async_fire_time_changed(self._hass)
        pytest.fail("It never ends")

    async def is_noticed(self) -> None:
        """Let everything be done that needs no time."""
        for _ in range(100):
            await asyncio.sleep(0)

    @property
    def starts(self) -> int:
        """Return how many starts Spotify has received."""
        return len(self._emulator.calls("PUT", "/me/player/play$"))

    @property
    def volume(self) -> int | None:
        """Return the volume of the kitchen."""
        return next(
            one.volume_percent for one in self.player.devices if one.name == "Kitchen"
        )

    @property
    def is_heard(self) -> bool:
        """Return whether the playlist plays in the kitchen."""
        active = self.player.active
        return (
            self.player.is_playing
            and self.player.context_uri == self.wanted.uri
            and active is not None
            and active.name == "Kitchen"
        )


@pytest.fixture
def morning(
    hass: HomeAssistant, emulator: Emulator, freezer: FrozenDateTimeFactory
) -> Morning:
    """A morning."""
    return Morning(hass, emulator, freezer)


@pytest.mark.parametrize("how", ["name", "uri"])
async def test_the_morning_begins_with_a_playlist(
    hass: HomeAssistant,
    emulator: Emulator,
    freezer: FrozenDateTimeFactory,
    link: Link,
    automate: Automate,
    later: Later,
    morning: Morning,
    how: str,
) -> None:
    """On its speaker, at its volume, on the days that were chosen."""
    await hass.config.async_set_time_zone("UTC")
    freezer.move_to("2026-10-31 06:59:50+00:00")  # a Saturday
    wanted = morning.wanted
    await link()
    await automate(
        "morning_playlist",
        time="07:00:00",
        weekdays=["sun"],
        player=PLAYER,
        playlist=wanted.name if how == "name" else wanted.uri,
        speaker="Kitchen",
        volume=15,
        failed=[{"event": "no_music"}],
    )
    emulator.forget_requests()
    await later(11)
    assert not morning.player.is_playing
    freezer.move_to("2026-11-01 07:00:01+00:00")
    async_fire_time_changed(hass)
    await morning.goes_on()
    assert morning.is_heard
    assert morning.volume == 15
    assert morning.player.shuffle
    assert morning.starts == 1
    assert not morning.failures
    assert not refused(emulator)


async def test_a_start_that_never_plays_is_made_once_more(
    emulator: Emulator, link: Link, automate: Automate, morning: Morning
) -> None:
    """Spotify has accepted it all the same."""
    emulator.faults.add(Fault("/me/player/play$", status=204, body=""))
    await morning.comes(link, automate)
    assert morning.starts == 2
    assert morning.is_heard
    assert morning.volume == 15
    assert not morning.failures


@pytest.mark.parametrize("before", ["silence", "other music there"])
async def test_a_start_that_never_plays_at_all_has_failed(
    emulator: Emulator, link: Link, automate: Automate, morning: Morning, before: str
) -> None:
    """Whatever else plays on that speaker; each of the two starts is tried both ways."""
    if before != "silence":
        album = str(find(emulator.world, "album", "Kind of Blue")["uri"])
        emulator.phone("anna").play(album, "Kitchen")
    emulator.faults.add(Fault("/me/player/play$", status=204, body="", times=None))
    await morning.comes(link, automate)
    assert morning.starts == 4
    assert len(morning.failures) == 1


async def test_music_that_ceases_at_once_is_started_once_more(
    phone: Phone, link: Link, automate: Automate, morning: Morning
) -> None:
    """Some speakers pause what they have begun."""
    morning.watch = lambda: phone.pause() if morning.starts == 1 else None
    await morning.comes(link, automate)
    assert morning.starts == 2
    assert morning.is_heard
    assert not morning.failures


async def test_a_start_that_is_refused_is_made_once_more(
    emulator: Emulator, link: Link, automate: Automate, morning: Morning
) -> None:
    """Spotify had a fault."""
    emulator.faults.add(Fault("/me/player/play$", status=403))
    await morning.comes(link, automate)
    assert morning.is_heard
    assert not morning.failures


async def test_a_look_that_fails_is_no_silence(
    emulator: Emulator, link: Link, automate: Automate, morning: Morning
) -> None:
    """It is looked again."""
    seconds = iter(range(1000))

    def fail() -> None:
        if morning.starts:
            match next(seconds):
                case 0:
                    emulator.faults.add(Fault("/me/player$", status=403, times=None))
                case 7:
                    emulator.faults.clear()

    morning.watch = fail
    await morning.comes(link, automate)
    assert morning.is_heard
    assert morning.starts == 1
    assert not morning.failures


async def test_a_morning_without_music_does_something_else(
    phone: Phone, link: Link, automate: Automate, morning: Morning
) -> None:
    """Nor is the volume of another speaker changed."""
    phone.play(morning.wanted.uri, "Living Room TV")
    phone.pause()
    await morning.comes(link, automate, speaker="Garden")
    assert len(morning.failures) == 1
    assert phone.player.active is not None
    assert phone.player.active.volume_percent == 60
    assert not phone.player.is_playing
