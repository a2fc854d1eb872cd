"""Buttons for what an account plays."""

from collections.abc import Awaitable, Callable

from homeassistant.components.button import DOMAIN as BUTTON
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.spotify_hub.account.changes import EVENT_CHANGED
from custom_components.spotify_hub.api.scopes import Feature
from tests.emulator import Emulator, Fault
from tests.emulator.data import find, playlist_named
from tests.emulator.phone import Phone
from tests.emulator.world import Playlist

from .conftest import AccountEntry, Link

LIKE = "button.spotify_anna_like"
PIN = "button.spotify_anna_pin_what_is_playing"
SAVE = "button.spotify_anna_save_to_playlist"
SYNC = "button.spotify_anna_sync_liked_songs"
BUTTONS = [LIKE, PIN, SAVE]
LOCAL = {
    "type": "track",
    "uri": "spotify:local:Grandpa:Tapes:Waltz:183",
    "id": None,
    "name": "Waltz",
    "is_local": True,
    "duration_ms": 183_000,
    "artists": [{"id": None, "uri": None, "name": "Grandpa"}],
}

type Notice = Callable[[], Awaitable[None]]
type Press = Callable[..., Awaitable[None]]


@pytest.fixture
def chosen(emulator: Emulator) -> Playlist:
    """The playlist that is chosen for the button."""
    return playlist_named(emulator.world, "Workout 2026")


@pytest.fixture
async def anna(link: Link, chosen: Playlist) -> AccountEntry:
    """Link Anna, with a playlist for the button."""
    return await link(options={"save_to_playlist": chosen.uri})


@pytest.fixture
def phone(emulator: Emulator) -> Phone:
    """Anna's phone."""
    return emulator.phone("anna")


@pytest.fixture
def notice(hass: HomeAssistant, anna: AccountEntry, emulator: Emulator) -> Notice:
    """Poll, and wait for what that leads to; only what comes later is looked at."""

    async def run() -> None:
        await anna.runtime_data.playback.async_refresh()
        await hass.async_block_till_done(wait_background_tasks=True)
        emulator.forget_requests()

    return run


@pytest.fixture
async def song(emulator: Emulator, phone: Phone, notice: Notice) -> str:
    """A track that plays by itself, and is not liked."""
    uri: str = find(emulator.world, "track", "So What")["uri"]
    phone.unlike(uri)
    phone.play(uri)
    await notice()
    return uri


@pytest.fixture
def press(hass: HomeAssistant) -> Press:
    """Press a button."""

    async def run(button: str, context: Context | None = None) -> None:
        await hass.services.async_call(
            BUTTON, "press", {"entity_id": button}, blocking=True, context=context
        )

    return run


def uris_in(playlist: Playlist) -> list[str]:
    """Return what is in a playlist."""
    return [str(entry.uri) for entry in playlist.entries]


def refused(emulator: Emulator) -> list[int]:
    """Return the statuses of what the emulator refused."""
    return [one.status for one in emulator.requests if one.status >= 400]


@pytest.mark.parametrize("button", BUTTONS)
async def test_nothing_happens_while_nothing_plays(
    emulator: Emulator, anna: AccountEntry, press: Press, button: str
) -> None:
    """That is told, without asking Spotify."""
    emulator.forget_requests()
    with pytest.raises(ServiceValidationError) as error:
        await press(button)
    assert error.value.translation_key == "nothing_playing"
    assert not emulator.requests


@pytest.mark.parametrize(
    ("button", "key"),
    [(LIKE, "not_savable"), (SAVE, "local_file")],
)
async def test_nothing_happens_to_a_local_file(
    emulator: Emulator,
    phone: Phone,
    notice: Notice,
    press: Press,
    button: str,
    key: str,
) -> None:
    """Spotify does not have it."""
    phone.resume()
    phone.play_local(LOCAL)
    await notice()
    with pytest.raises(ServiceValidationError) as error:
        await press(button)
    assert error.value.translation_key == key
    assert not emulator.requests


async def test_like_likes_what_plays(
    hass: HomeAssistant, emulator: Emulator, song: str, press: Press
) -> None:
    """One request; the switch shows it; it is put on record for who pressed."""
    recorded: list[Context] = []
    hass.bus.async_listen(EVENT_CHANGED, lambda event: recorded.append(event.context))
    assert hass.states.is_state("switch.spotify_anna_liked", "off")
    context = Context()
    await press(LIKE, context)
    assert hass.states.is_state("switch.spotify_anna_liked", "on")
    assert song in emulator.world.users["anna"].saved["track"]
    assert [one.method for one in emulator.requests] == ["PUT"]
    await hass.async_block_till_done()
    assert recorded == [context]


async def test_save_to_playlist_adds_what_plays_once(
    emulator: Emulator, chosen: Playlist, song: str, press: Press
) -> None:
    """A second press adds nothing."""
    before = uris_in(chosen)
    assert song not in before
    for _ in range(2):
        await press(SAVE)
        assert uris_in(chosen) == [*before, song]
    assert not refused(emulator)


async def test_pin_pins_what_plays(
    emulator: Emulator,
    anna: AccountEntry,
    phone: Phone,
    notice: Notice,
    song: str,
    press: Press,
) -> None:
    """The song, or what it plays from; nothing is asked for it."""
    await press(PIN)
    album = find(emulator.world, "album", "Kind of Blue")["uri"]
    phone.play(album)
    await notice()
    await press(PIN)
    pins = anna.runtime_data.pins.all
    assert [(pin.uri, pin.name) for pin in pins] == [
        (song, "So What"),
        (album, "Kind of Blue"),
    ]
    assert not emulator.requests


async def test_without_a_chosen_playlist_it_is_told_where_to_choose(
    emulator: Emulator, link: Link, phone: Phone, press: Press
) -> None:
    """In the options of the account."""
    entry = await link()
    phone.play(find(emulator.world, "track", "So What")["uri"])
    await entry.runtime_data.playback.async_refresh()
    with pytest.raises(ServiceValidationError) as error:
        await press(SAVE)
    assert error.value.translation_key == "no_playlist_chosen"
    assert error.value.translation_placeholders == {"account": "Anna"}


@pytest.mark.parametrize(
    ("button", "path"), [(LIKE, "/me/library"), (SAVE, "/v1/playlists/")]
)
async def test_what_spotify_refuses_is_told(
    emulator: Emulator, song: str, press: Press, button: str, path: str
) -> None:
    """In words that say what can be done."""
    emulator.faults.add(Fault(path, status=429, retry_after=60, times=None))
    with pytest.raises(HomeAssistantError) as error:
        await press(button)
    assert error.value.translation_key == "rate_limited"


@pytest.mark.parametrize("button", BUTTONS)
async def test_nobody_presses_for_somebody_else(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    song: str,
    press: Press,
    hass_admin_user: MockUser,
    button: str,
) -> None:
    """Once an account is linked to somebody it is theirs; administrators may."""
    person = MockUser(id="somebody").add_to_hass(hass)
    person.mock_policy({"entities": True})
    household = anna.runtime_data.household
    settled = household.links.with_account(
        anna.entry_id, users=[hass_admin_user.id], areas=[], shared=False, default=False
    )
    household.async_set_links(settled)
    with pytest.raises(Unauthorized):
        await press(button, Context(user_id=person.id))
    assert not emulator.requests
    assert not household.pins
    await press(button, Context(user_id=hass_admin_user.id))
    await hass.async_block_till_done()
    assert emulator.requests or household.pins


@pytest.mark.parametrize(
    ("features", "there"),
    [
        ([Feature.CONTROL], {PIN}),
        ([Feature.CONTROL, Feature.LIBRARY], {PIN, LIKE, SYNC}),
        ([Feature.CONTROL, Feature.PLAYLISTS], {PIN, SAVE}),
    ],
)
async def test_buttons_are_there_for_what_was_granted(
    hass: HomeAssistant, link: Link, features: list[Feature], there: set[str]
) -> None:
    """The others could do nothing."""
    await link(features=features)
    assert set(hass.states.async_entity_ids(BUTTON)) == there
