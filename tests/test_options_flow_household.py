"""Options that are not only the account's own: its playlist, and the household."""

from collections.abc import Awaitable, Callable
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.spotify_hub import options_flow
from custom_components.spotify_hub.api.scopes import Feature
from tests.emulator import Emulator, Fault
from tests.emulator.data import find, playlist_named
from tests.emulator.records.mixtapes import DJ

from .conftest import AccountEntry, Link, open_options

QUICK = {"quick_idle_polling": False}

type Open = Callable[[AccountEntry], Awaitable[ConfigFlowResult]]
type Save = Callable[..., Awaitable[ConfigFlowResult]]


@pytest.fixture
def form(hass: HomeAssistant) -> Open:
    """Open the form of an account's options."""

    async def run(entry: AccountEntry) -> ConfigFlowResult:
        result = await open_options(hass, entry)
        assert result["type"] is FlowResultType.FORM
        assert result["data_schema"] is not None
        return result

    return run


@pytest.fixture
def save(hass: HomeAssistant, form: Open) -> Save:
    """Open the form, fill it in and send it."""

    async def run(entry: AccountEntry, **data: Any) -> ConfigFlowResult:
        result = await form(entry)
        result = await hass.config_entries.options.async_configure(
            result["flow_id"], QUICK | data
        )
        await hass.async_block_till_done(wait_background_tasks=True)
        return result

    return run


def household(result: ConfigFlowResult) -> dict[str, Any]:
    """Return what the section shows."""
    assert result["data_schema"] is not None
    shown: dict[str, Any] = result["data_schema"].schema["household"].schema({})
    return shown


def options_of(result: ConfigFlowResult, field: str) -> dict[str, str]:
    """Return what can be chosen: labels by value."""
    schema = result["data_schema"]
    assert schema is not None
    fields = schema.schema
    selector = fields.get(field) or fields["household"].schema.schema[field]
    return {one["value"]: one["label"] for one in selector.config["options"]}


async def test_playlists_that_can_be_added_to_are_offered(
    emulator: Emulator, anna: AccountEntry, form: Open
) -> None:
    """The account's own and collaborative ones; 50 come with each request."""
    emulator.forget_requests()
    offered = options_of(await form(anna), "save_to_playlist")
    own = {
        mix.uri: mix.name
        for mix in emulator.world.playlists.values()
        if mix.owner == "anna"
    }
    assert offered.items() >= own.items()
    assert f"spotify:playlist:{DJ}" not in offered
    assert playlist_named(emulator.world, "Ben's Nineties").uri not in offered
    assert len(emulator.requests) == 2


@pytest.mark.parametrize("status", [401, 403, 429, 500])
async def test_spotify_need_not_answer(
    emulator: Emulator, anna: AccountEntry, form: Open, status: int
) -> None:
    """The form is there without a list; a playlist can be named."""
    emulator.faults.add(Fault("/me/playlists", status=status, times=None))
    assert options_of(await form(anna), "save_to_playlist") == {}


async def test_the_form_does_not_wait_long_for_spotify(
    emulator: Emulator,
    anna: AccountEntry,
    form: Open,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A stalled answer leaves it without a list."""
    monkeypatch.setattr(options_flow, "_PATIENCE", 0.1)
    emulator.faults.add(Fault("/me/playlists", stall=True, times=None))
    assert options_of(await form(anna), "save_to_playlist") == {}


@pytest.mark.parametrize(
    "wrong",
    ["spotify:album:" + "0" * 22, "https://example.com/a", "spotify:playlist:1"],
)
async def test_what_is_no_playlist_is_refused(
    hass: HomeAssistant, anna: AccountEntry, save: Save, wrong: str
) -> None:
    """The form is shown again, with what was entered."""
    result = await save(anna, save_to_playlist=wrong)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"save_to_playlist": "not_a_playlist"}
    assert result["data_schema"] is not None
    marker = next(
        key for key in result["data_schema"].schema if key == "save_to_playlist"
    )
    assert marker.description == {"suggested_value": wrong}
    assert anna.options == {}
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], QUICK | {"save_to_playlist": "Workout 2026"}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert anna.options == QUICK | {"save_to_playlist": "Workout 2026"}


async def test_the_button_adds_to_what_was_chosen(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, save: Save, form: Open
) -> None:
    """Left empty, it is chosen no more."""
    workout = playlist_named(emulator.world, "Workout 2026")
    await save(anna, save_to_playlist=workout.uri)
    assert anna.options == QUICK | {"save_to_playlist": workout.uri}
    result = await form(anna)
    assert result["data_schema"] is not None
    marker = next(
        key for key in result["data_schema"].schema if key == "save_to_playlist"
    )
    assert marker.description == {"suggested_value": workout.uri}
    track = find(emulator.world, "track", "So What")["uri"]
    emulator.phone("anna").play(track)
    await anna.runtime_data.playback.async_refresh()
    await hass.services.async_call(
        "button",
        "press",
        {"entity_id": "button.spotify_anna_save_to_playlist"},
        blocking=True,
    )
    assert track in [entry.uri for entry in workout.entries]
    await save(anna)
    assert anna.options == QUICK


async def test_a_playlist_outlasts_its_feature(
    anna: AccountEntry, link: Link, form: Open, save: Save
) -> None:
    """What was not asked for stays as it was."""
    ben = await link(
        "ben",
        features=[Feature.CONTROL],
        options={"save_to_playlist": "Mix"},
    )
    result = await form(ben)
    assert result["data_schema"] is not None
    assert "save_to_playlist" not in result["data_schema"].schema
    await save(ben)
    assert ben.options == QUICK | {"save_to_playlist": "Mix"}


async def test_people_and_rooms_are_linked_at_once(
    hass: HomeAssistant, anna: AccountEntry, link: Link, form: Open, save: Save
) -> None:
    """Nothing of it is the entry's; nothing is loaded anew for it."""
    ben = await link("ben")
    await save(anna)
    await save(ben)
    person = MockUser(id="person", name="Person").add_to_hass(hass)
    other = MockUser(id="other", name="Other").add_to_hass(hass)
    MockUser(id="robot", name="Robot", system_generated=True).add_to_hass(hass)
    result = await form(anna)
    assert household(result) == {
        "users": [],
        "areas": [],
        "shared": False,
        "default": False,
    }
    offered = options_of(result, "users")
    assert offered.items() >= {"person": "Person", "other": "Other"}.items()
    assert "robot" not in offered
    account = anna.runtime_data
    settled = {
        "users": [person.id, other.id],
        "areas": ["kitchen"],
        "shared": True,
        "default": True,
    }
    await save(anna, household=settled)
    assert anna.options == QUICK
    assert anna.runtime_data is account
    links = account.household.links
    assert links.users == {"person": anna.entry_id, "other": anna.entry_id}
    assert links.areas == {"kitchen": anna.entry_id}
    assert links.shared == {anna.entry_id}
    assert links.default == anna.entry_id
    assert household(await form(anna)) == settled

    await save(
        ben,
        household={
            "users": [other.id],
            "areas": ["kitchen", "bath"],
            "shared": False,
            "default": True,
        },
    )
    assert household(await form(anna)) == {
        "users": [person.id],
        "areas": [],
        "shared": True,
        "default": False,
    }
    assert not account.household.links.may_use(person.id, ben.entry_id)


async def test_a_form_without_the_section_changes_no_links(
    anna: AccountEntry, save: Save
) -> None:
    """Emptied, it does."""
    await save(anna, household={"users": [], "areas": ["kitchen"], "default": True})
    links = anna.runtime_data.household.links
    assert links.default == anna.entry_id
    await save(anna)
    assert anna.runtime_data.household.links == links
    await save(anna, household={"areas": [], "shared": False, "default": False})
    assert not anna.runtime_data.household.links.areas
    assert anna.runtime_data.household.links.default is None


async def test_links_outlive_a_reload(
    hass: HomeAssistant, anna: AccountEntry, save: Save
) -> None:
    """Those that were made together with an option that reloads the account too."""
    account = anna.runtime_data
    await save(anna, quick_idle_polling=True, household={"areas": ["kitchen"]})
    assert anna.runtime_data is not account
    assert anna.runtime_data.household.links.areas == {"kitchen": anna.entry_id}


@pytest.mark.parametrize("users", [["robot"], ["nobody"]])
async def test_only_people_can_be_linked(
    hass: HomeAssistant, anna: AccountEntry, save: Save, users: list[str]
) -> None:
    """Neither Home Assistant's own users, nor such as it does not have."""
    MockUser(id="robot", system_generated=True).add_to_hass(hass)
    with pytest.raises(InvalidData):
        await save(anna, household={"users": users})
    assert not anna.runtime_data.household.links.users


async def test_a_user_who_is_gone_does_not_hinder(
    anna: AccountEntry, form: Open, save: Save
) -> None:
    """The link goes with the next change."""
    links = anna.runtime_data.household.links.with_account(
        anna.entry_id, users=["gone"], areas=[], shared=False, default=False
    )
    anna.runtime_data.household.async_set_links(links)
    assert household(await form(anna))["users"] == []
    await save(anna, household={})
    assert not anna.runtime_data.household.links.users
