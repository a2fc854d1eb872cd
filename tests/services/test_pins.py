"""Pins, by actions."""

from collections.abc import Callable, Coroutine
from typing import Any

from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
import pytest
from pytest_homeassistant_custom_component.common import MockUser
import voluptuous as vol

from custom_components.spotify_hub.const import DOMAIN
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator
from tests.emulator.data import find, playlist_named
from tests.emulator.records.mixtapes import DJ

HIDDEN = f"spotify:playlist:{DJ}"

type Call = Callable[..., Coroutine[Any, Any, Any]]


@pytest.fixture
def call(hass: HomeAssistant, anna: AccountEntry, emulator: Emulator) -> Call:
    """Call an action, and return its answer; only what that asks is looked at."""
    emulator.forget_requests()

    async def run(action: str, context: Context | None = None, **data: Any) -> Any:
        return await hass.services.async_call(
            DOMAIN, action, data, blocking=True, return_response=True, context=context
        )

    return run


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"item": " ", "name": "Sport"}, "no_items"),
        ({"item": "spotify:local:a:b:c:1", "name": "Tape"}, "not_a_spotify_link"),
        ({"item": "spotify:user:ben", "name": "Ben"}, "wrong_kind"),
        ({"item": HIDDEN}, "pin_without_name"),
        ({"item": HIDDEN, "name": "DJ", "image": "cover.jpg"}, "pin_image_unusable"),
        ({}, "nothing_playing"),
        ({"name": "What plays"}, "nothing_playing"),
    ],
)
async def test_what_can_not_be_pinned_is_told(
    emulator: Emulator, call: Call, data: dict[str, Any], key: str
) -> None:
    """Nothing is pinned then, and Spotify is not asked."""
    with pytest.raises(ServiceValidationError) as refused:
        await call("pin", **data)
    assert refused.value.translation_key == key
    assert await call("get_pins") == {"pins": []}
    assert not emulator.requests


async def test_what_is_named_is_pinned(emulator: Emulator, call: Call) -> None:
    """It is looked for once, and never again."""
    album = find(emulator.world, "album", "Kind of Blue")["uri"]
    answer = await call("pin", item="the album Kind of Blue", name="Evening")
    assert (answer["uri"], answer["name"]) == (album, "Evening")
    assert len(emulator.calls("GET", "/search$")) == 1
    workout = playlist_named(emulator.world, "Workout 2026")
    answer = await call("pin", item="workout 2026", name="Sport")
    assert answer["uri"] == workout.uri
    emulator.forget_requests()
    answer = await call("pin", item="Evening", aliases=["tonight"])
    assert (answer["uri"], answer["name"]) == (album, "Evening")
    assert answer["aliases"] == ["tonight"]
    assert not emulator.requests
    with pytest.raises(ServiceValidationError) as refused:
        await call("pin", item="zzyzx qwortle", name="Nothing")
    assert refused.value.translation_key == "nothing_named"


async def test_a_field_that_is_not_known_is_refused(call: Call) -> None:
    """As by every action."""
    with pytest.raises(vol.Invalid):
        await call("pin", item=HIDDEN, nmae="DJ")
    with pytest.raises(vol.Invalid):
        await call("unpin")


async def test_a_playlist_that_spotify_hides_is_pinned(
    emulator: Emulator, call: Call
) -> None:
    """Nothing is asked of Spotify: it would deny that there is such a playlist."""
    answer = await call(
        "pin",
        item=f"https://open.spotify.com/intl-de/playlist/{DJ}?si=abc",
        name="DJ",
        image="/local/dj.png",
        aliases=["my dj", "the dj"],
    )
    assert answer == {
        "type": "playlist",
        "uri": HIDDEN,
        "name": "DJ",
        "aliases": ["my dj", "the dj"],
        "image": "/local/dj.png",
        "household": False,
    }
    assert await call("get_pins") == {"pins": [answer]}
    assert await call("unpin", item="My DJ") == answer
    assert await call("get_pins") == {"pins": []}
    with pytest.raises(ServiceValidationError) as refused:
        await call("unpin", item="My DJ")
    assert refused.value.translation_key == "pin_not_found"
    assert not emulator.requests


async def test_a_name_belongs_to_one_thing(emulator: Emulator, call: Call) -> None:
    """The error tells which."""
    album = find(emulator.world, "album", "Kind of Blue")["uri"]
    await call("pin", item=album, name="Evening")
    with pytest.raises(ServiceValidationError) as refused:
        await call("pin", item=HIDDEN, name="DJ", aliases=["evening"])
    assert refused.value.translation_key == "pin_name_taken"
    assert refused.value.translation_placeholders == {
        "name": "evening",
        "other": f"Evening ({album})",
    }


async def test_what_is_playing_is_pinned(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, call: Call
) -> None:
    """By its playlist, whose name is known because it plays."""
    workout = playlist_named(emulator.world, "Workout 2026")
    emulator.phone("anna").play(workout.uri)
    await anna.runtime_data.playback.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    emulator.forget_requests()
    answer = await call("pin", aliases=["sport"])
    assert (answer["uri"], answer["name"]) == (workout.uri, "Workout 2026")
    assert answer["image"].startswith("http")
    answer = await call("pin", name="Sweat", household=True)
    assert answer["household"] is True
    assert not emulator.requests


async def test_whoever_may_use_an_account_pins_for_the_household(
    hass: HomeAssistant,
    call: Call,
    anna: AccountEntry,
    link: Link,
    hass_admin_user: MockUser,
) -> None:
    """But not by an account that is somebody else's."""
    ben = await link("ben")
    household = anna.runtime_data.household
    person = MockUser(id="ben's user").add_to_hass(hass)
    settled = household.links.with_account(
        ben.entry_id, users=[person.id], areas=[], shared=False, default=False
    ).with_account(
        anna.entry_id,
        users=[hass_admin_user.id],
        areas=[],
        shared=False,
        default=False,
    )
    household.async_set_links(settled)
    context = Context(user_id=person.id)
    with pytest.raises(Unauthorized):
        await call(
            "pin",
            context,
            item=HIDDEN,
            name="DJ",
            household=True,
            **{ATTR_CONFIG_ENTRY_ID: anna.entry_id},
        )
    assert not household.pins
    pin = await call("pin", context, item=HIDDEN, name="DJ", household=True)
    administrator = Context(user_id=hass_admin_user.id)
    assert await call("get_pins", administrator) == {"pins": [pin]}
    await call("pin", context, item="spotify:collection", name="Hearts")
    assert await call("get_pins", administrator) == {"pins": [pin]}
