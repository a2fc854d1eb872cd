"""The switch that likes what plays."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

from homeassistant.components.switch import DOMAIN as SWITCH
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN, EntityCategory
from homeassistant.core import (
    Context,
    Event,
    EventStateChangedData,
    HomeAssistant,
    callback,
)
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceNotSupported,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    label_registry as lr,
)
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.spotify_hub.api.scopes import Feature
from tests.emulator import Emulator, Fault
from tests.emulator.data import find
from tests.emulator.phone import Phone

from .conftest import AccountEntry, Later, Link

LIKED = "switch.spotify_anna_liked"
BACKGROUND = "switch.spotify_anna_background_work"
LIBRARY = "/me/library$"

type Notice = Callable[[], Awaitable[None]]
type Call = Callable[..., Coroutine[Any, Any, None]]


@pytest.fixture
def phone(emulator: Emulator) -> Phone:
    """Anna's phone."""
    return emulator.phone("anna")


@pytest.fixture
def notice(hass: HomeAssistant, anna: AccountEntry) -> Notice:
    """Poll, and wait for what that leads to."""

    async def run() -> None:
        await anna.runtime_data.playback.async_refresh()
        await hass.async_block_till_done(wait_background_tasks=True)

    return run


@pytest.fixture
async def song(emulator: Emulator, phone: Phone, notice: Notice) -> str:
    """A track that plays, and is liked."""
    uri: str = find(emulator.world, "track", "So What")["uri"]
    phone.like(uri)
    phone.play(uri)
    await notice()
    emulator.forget_requests()
    return uri


@pytest.fixture
def call(hass: HomeAssistant) -> Call:
    """Call an action of switches."""

    async def run(action: str, context: Context | None = None, **data: Any) -> None:
        target = data or {"entity_id": LIKED}
        await hass.services.async_call(
            SWITCH, action, target, blocking=True, context=context
        )

    return run


def liked(emulator: Emulator, uri: str) -> bool:
    """Tell whether Spotify has it among Liked Songs."""
    return uri in emulator.world.users["anna"].saved["track"]


def refused(emulator: Emulator) -> list[int]:
    """Return the statuses of what the emulator refused."""
    return [one.status for one in emulator.requests if one.status >= 400]


@pytest.mark.parametrize("what", ["nothing", "advert", "local file"])
async def test_it_knows_nothing_while_nothing_can_be_liked(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    phone: Phone,
    notice: Notice,
    call: Call,
    what: str,
) -> None:
    """Turning it then is an error, and asks nothing of Spotify."""
    local = {
        "type": "track",
        "uri": "spotify:local:Grandpa:Tapes:Waltz:183",
        "id": None,
        "name": "Waltz",
        "is_local": True,
        "duration_ms": 183_000,
        "artists": [{"id": None, "uri": None, "name": "Grandpa"}],
    }
    if what != "nothing":
        phone.resume()
    if what == "advert":
        phone.play_ad()
    if what == "local file":
        phone.play_local(local)
    await notice()
    assert hass.states.is_state(LIKED, STATE_UNKNOWN)
    emulator.forget_requests()
    for action in ("turn_on", "turn_off"):
        with pytest.raises(ServiceValidationError) as error:
            await call(action)
        key = "not_savable" if what == "local file" else "nothing_playing"
        assert error.value.translation_key == key
    assert hass.states.is_state(LIKED, STATE_UNKNOWN)
    assert not emulator.requests


async def test_it_shows_and_sets_whether_the_song_is_liked(
    hass: HomeAssistant, emulator: Emulator, song: str, call: Call
) -> None:
    """A request each; what is known is not asked for."""
    entity = er.async_get(hass).async_get(LIKED)
    assert entity is not None
    assert entity.entity_category is EntityCategory.CONFIG
    for action, state in (
        ("turn_off", "off"),
        ("turn_on", "on"),
        ("toggle", "off"),
        ("toggle", "on"),
    ):
        await call(action)
        assert hass.states.is_state(LIKED, state)
        assert liked(emulator, song) is (state == "on")
    methods = [one.method for one in emulator.requests]
    assert methods == ["DELETE", "PUT", "DELETE", "PUT"]
    assert not refused(emulator)


@pytest.mark.parametrize("shown", ["on", "off"])
async def test_turning_it_round_never_trusts_an_old_mark(
    hass: HomeAssistant,
    emulator: Emulator,
    song: str,
    phone: Phone,
    call: Call,
    later: Later,
    shown: str,
) -> None:
    """It was changed on the phone meanwhile; two calls at once still turn it twice."""
    if shown == "off":
        await call("turn_off")
    (phone.unlike if shown == "on" else phone.like)(song)
    await later(61)
    assert hass.states.is_state(LIKED, shown)
    emulator.forget_requests()
    await call("toggle")
    assert liked(emulator, song) is (shown == "on")
    assert hass.states.is_state(LIKED, shown)
    assert len(emulator.calls(path="contains")) == 1
    await later(61)
    await asyncio.gather(call("toggle"), call("toggle"))
    assert liked(emulator, song) is (shown == "on")
    assert len(emulator.calls("PUT")) + len(emulator.calls("DELETE")) == 3


async def test_what_can_not_be_asked_is_not_turned_round(
    hass: HomeAssistant, emulator: Emulator, song: str, call: Call, later: Later
) -> None:
    """Nobody knows into what."""
    await later(61)
    emulator.faults.add(Fault("contains", status=403, times=None))
    with pytest.raises(HomeAssistantError):
        await call("toggle")
    assert liked(emulator, song)
    assert hass.states.is_state(LIKED, "on")


async def test_it_follows_what_plays(
    hass: HomeAssistant,
    emulator: Emulator,
    song: str,
    phone: Phone,
    notice: Notice,
) -> None:
    """Another song, another mark; paused it is the same song."""
    assert hass.states.is_state(LIKED, "on")
    phone.pause()
    await notice()
    assert hass.states.is_state(LIKED, "on")
    other: str = find(emulator.world, "track", "Airbag")["uri"]
    phone.unlike(other)
    phone.play(other)
    await notice()
    assert hass.states.is_state(LIKED, "off")
    phone.sleep()
    await notice()
    assert hass.states.is_state(LIKED, STATE_UNKNOWN)
    assert len(emulator.calls(path="contains")) == 1


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (Fault(LIBRARY, status=403, times=None), "forbidden"),
        (Fault(LIBRARY, status=429, retry_after=60, times=None), "rate_limited"),
        (Fault(LIBRARY, status=500, times=None), "server_fault"),
        (Fault(LIBRARY, reset=True, times=None), "unreachable"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_refusal_turns_it_back_and_is_told(
    hass: HomeAssistant,
    emulator: Emulator,
    song: str,
    call: Call,
    fault: Fault,
    key: str,
) -> None:
    """It was shown as turned meanwhile."""
    states: list[str] = []

    @callback
    def see(event: Event[EventStateChangedData]) -> None:
        assert event.data["new_state"] is not None
        states.append(event.data["new_state"].state)

    async_track_state_change_event(hass, LIKED, see)
    emulator.faults.add(fault)
    with pytest.raises(HomeAssistantError) as error:
        await call("turn_off")
    assert error.value.translation_key == key
    await hass.async_block_till_done()
    assert states == ["off", "on"]
    assert liked(emulator, song)


async def test_it_turns_at_once(
    hass: HomeAssistant, emulator: Emulator, song: str, call: Call
) -> None:
    """Spotify takes its time; two turns in a row arrive in their order."""
    emulator.faults.add(Fault(LIBRARY, method="DELETE", status=None, delay=0.3))
    off = hass.async_create_task(call("turn_off"))
    await asyncio.sleep(0.05)
    assert hass.states.is_state(LIKED, "off")
    on = hass.async_create_task(call("turn_on"))
    await asyncio.sleep(0.05)
    assert hass.states.is_state(LIKED, "on")
    await asyncio.gather(off, on)
    assert hass.states.is_state(LIKED, "on")
    assert [one.method for one in emulator.requests] == ["DELETE", "PUT"]
    assert liked(emulator, song)


async def test_another_song_does_not_take_over_what_was_expected(
    hass: HomeAssistant,
    emulator: Emulator,
    song: str,
    phone: Phone,
    anna: AccountEntry,
    call: Call,
) -> None:
    """What was playing when it was turned is meant."""
    other: str = find(emulator.world, "track", "Airbag")["uri"]
    phone.like(other)
    emulator.faults.add(Fault(LIBRARY, method="DELETE", status=None, delay=0.3))
    turning = hass.async_create_task(call("turn_off"))
    await asyncio.sleep(0.05)
    phone.play(other)
    await anna.runtime_data.playback.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    await turning
    assert hass.states.is_state(LIKED, "on")
    assert liked(emulator, other)
    assert not liked(emulator, song)


@pytest.mark.parametrize("action", ["turn_off", "toggle"])
@pytest.mark.parametrize("name", ["all", "ALL"])
async def test_turning_off_all_switches_unlikes_nothing(
    hass: HomeAssistant,
    emulator: Emulator,
    song: str,
    call: Call,
    action: str,
    name: str,
) -> None:
    """Other switches are turned as ever."""
    assert hass.states.is_state(BACKGROUND, "on")
    await call(action, entity_id=name)
    assert hass.states.is_state(BACKGROUND, "off")
    assert hass.states.is_state(LIKED, "on")
    assert liked(emulator, song)
    assert not emulator.requests
    await call("turn_off")
    assert not liked(emulator, song)


async def test_a_person_may_name_all_switches_too(
    hass: HomeAssistant, song: str, emulator: Emulator, call: Call
) -> None:
    """Whoever calls: no administrator, and calls that are not waited for."""
    person = MockUser(id="somebody").add_to_hass(hass)
    person.mock_policy({"entities": True})
    context = Context(user_id=person.id)
    await hass.services.async_call(
        SWITCH, "turn_off", {"entity_id": "all"}, blocking=False, context=context
    )
    await hass.async_block_till_done()
    assert hass.states.is_state(BACKGROUND, "off")
    assert liked(emulator, song)


async def test_a_script_that_goes_on_to_name_it_means_it(
    hass: HomeAssistant, emulator: Emulator, song: str
) -> None:
    """All its steps have the same context."""
    steps = [
        {"action": "switch.turn_off", "target": {"entity_id": "all"}},
        {"action": "switch.turn_on", "target": {"entity_id": BACKGROUND}},
    ]
    named = {"action": "switch.turn_off", "target": {"entity_id": [BACKGROUND, LIKED]}}
    assert await async_setup_component(
        hass,
        "script",
        {
            "script": {
                "leave": {"sequence": [*steps, *steps]},
                "go": {"sequence": [*steps, named]},
                "back": {"sequence": [named, *steps]},
            }
        },
    )
    await hass.services.async_call("script", "leave", blocking=True)
    assert liked(emulator, song)
    await hass.services.async_call("script", "go", blocking=True)
    assert not liked(emulator, song)
    emulator.forget_requests()
    await hass.services.async_call("script", "back", blocking=True)
    assert len(emulator.requests) == 1


async def test_naming_another_switch_meanwhile_changes_nothing(
    hass: HomeAssistant, emulator: Emulator, song: str
) -> None:
    """A script's next step may be on its way before the first is carried out."""
    context = Context()
    for action, name in (("turn_off", "all"), ("turn_on", BACKGROUND)):
        await hass.services.async_call(
            SWITCH, action, {"entity_id": name}, blocking=False, context=context
        )
    await hass.async_block_till_done()
    assert liked(emulator, song)


async def test_naming_it_in_one_text_with_others_means_it(
    hass: HomeAssistant, emulator: Emulator, song: str, call: Call
) -> None:
    """Home Assistant takes entities in one text, with commas between."""
    context = Context()
    await call("turn_off", context, entity_id="all")
    assert liked(emulator, song)
    await call("turn_off", context, entity_id=f"{BACKGROUND}, {LIKED.upper()}")
    assert not liked(emulator, song)


@pytest.mark.parametrize("domain", [SWITCH, "homeassistant"])
@pytest.mark.parametrize("target", ["area", "device", "label", "floor's area"])
async def test_places_and_devices_do_not_reach_it(
    hass: HomeAssistant, emulator: Emulator, song: str, domain: str, target: str
) -> None:
    """Home Assistant leaves configuration entities out, were they put there by hand."""
    assert await async_setup_component(hass, "homeassistant", {})
    devices, entities = dr.async_get(hass), er.async_get(hass)
    area = ar.async_get(hass).async_create("Kitchen")
    label = lr.async_get(hass).async_create("Everything")
    entity = entities.async_get(LIKED)
    assert entity is not None
    assert entity.device_id is not None
    devices.async_update_device(entity.device_id, labels={label.label_id})
    if target == "floor's area":
        devices.async_update_device(entity.device_id, area_id=area.id)
    else:
        entities.async_update_entity(LIKED, area_id=area.id)
    named = {
        "area": {"area_id": area.id},
        "floor's area": {"area_id": area.id},
        "device": {"device_id": entity.device_id},
        "label": {"label_id": label.label_id},
    }[target]
    # The player, which is reached, can't be turned off.
    with suppress(ServiceNotSupported):
        await hass.services.async_call(domain, "turn_off", named, blocking=True)
    assert hass.states.is_state(LIKED, "on")
    assert liked(emulator, song)


async def test_a_person_can_not_turn_somebody_elses(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    song: str,
    call: Call,
    hass_admin_user: MockUser,
) -> None:
    """Once an account is linked to somebody it is theirs; administrators may."""
    person = MockUser(id="somebody").add_to_hass(hass)
    person.mock_policy({"entities": True})
    household = anna.runtime_data.household
    await call("turn_on", Context(user_id=person.id))
    household.async_set_links(
        household.links.with_account(
            anna.entry_id,
            users=[hass_admin_user.id],
            areas=[],
            shared=False,
            default=False,
        )
    )
    with pytest.raises(Unauthorized):
        await call("turn_off", Context(user_id=person.id))
    assert hass.states.is_state(LIKED, "on")
    assert liked(emulator, song)
    await call("turn_off", Context(user_id=hass_admin_user.id))
    assert not liked(emulator, song)


async def test_it_is_not_there_without_the_library(
    hass: HomeAssistant, link: Link
) -> None:
    """Spotify would refuse; the switch of background work is there."""
    await link(features=[Feature.CONTROL, Feature.HISTORY, Feature.PLAYLISTS])
    assert hass.states.get(LIKED) is None
    assert hass.states.get(BACKGROUND) is not None


async def test_what_an_action_saves_shows(
    hass: HomeAssistant, emulator: Emulator, song: str
) -> None:
    """The switch asks nothing of its own; the action looks what it changes."""
    await hass.services.async_call(
        "spotify_hub", "remove_from_library", {"items": [song]}, blocking=True
    )
    assert hass.states.is_state(LIKED, "off")
    assert len(emulator.calls("GET")) == 1


@pytest.mark.usefixtures("freezer")
async def test_it_answers_through_an_outage(
    hass: HomeAssistant, emulator: Emulator, song: str, call: Call, later: Later
) -> None:
    """Five minutes long; then, or without a sign-in, it is unavailable."""
    emulator.faults.add(Fault("/v1/", status=503, times=None))
    await later(61)
    with pytest.raises(HomeAssistantError):
        await call("turn_off")
    assert hass.states.is_state(LIKED, "on")
    for _ in range(12):
        await later(61)
    assert hass.states.is_state(LIKED, STATE_UNAVAILABLE)
