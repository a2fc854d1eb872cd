"""Options of speakers: which are shown, and what is set for one of them."""

from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Any

from homeassistant.components.media_player import (
    ATTR_MEDIA_CONTENT_ID,
    ATTR_MEDIA_CONTENT_TYPE,
    DOMAIN as MEDIA_PLAYER,
    SERVICE_PLAY_MEDIA,
)
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import area_registry as ar, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import get_schema_suggested_value

from custom_components.spotify_hub.const import DOMAIN
from custom_components.spotify_hub.household_speakers import HouseholdSpeakers
from custom_components.spotify_hub.speaker_book import (
    AS_THEY_COME,
    Speaker,
    SpeakerSettings,
    find,
)
from custom_components.spotify_hub.speaker_devices import (
    async_area_of,
    async_device_of,
    async_player_of,
)
from tests.emulator import Emulator
from tests.emulator.data import find as found
from tests.emulator.world import Device

from .conftest import AccountEntry, open_options

RULES: dict[str, Any] = {
    "new_speakers": "show",
    "hidden_types": [],
    "hidden": [],
    "allowed": [],
}
SETTINGS: dict[str, Any] = {"min_volume": 0, "max_volume": 100, "shown": "by_rules"}
BATHROOM = "Bathroom"

type Save = Callable[..., Awaitable[ConfigFlowResult]]


@pytest.fixture
def speakers(anna: AccountEntry) -> HouseholdSpeakers:
    """Return the speakers of Anna's household."""
    return anna.runtime_data.household.speakers


@pytest.fixture
def set_rules(hass: HomeAssistant, anna: AccountEntry) -> Save:
    """Say which speakers are shown; what is not said is left as it comes."""

    async def run(**said: Any) -> ConfigFlowResult:
        form = await open_options(hass, anna, "speakers")
        assert form["type"] is FlowResultType.FORM
        return await submit(hass, form, RULES | said)

    return run


@pytest.fixture
def open_settings(
    hass: HomeAssistant, anna: AccountEntry, speakers: HouseholdSpeakers
) -> Callable[[str], Awaitable[ConfigFlowResult]]:
    """Choose a speaker by its name."""

    async def run(name: str) -> ConfigFlowResult:
        form = await open_options(hass, anna, "speaker")
        assert form["type"] is FlowResultType.FORM
        return await submit(hass, form, {"speaker": named(speakers, name).id})

    return run


@pytest.fixture
def set_up(
    hass: HomeAssistant, open_settings: Callable[[str], Awaitable[ConfigFlowResult]]
) -> Save:
    """Set something for a speaker of this name."""

    async def run(name: str, **said: Any) -> ConfigFlowResult:
        return await submit(hass, await open_settings(name), SETTINGS | said)

    return run


async def submit(
    hass: HomeAssistant, form: ConfigFlowResult, data: dict[str, Any]
) -> ConfigFlowResult:
    """Send a form, and wait for what follows from it."""
    result = await hass.config_entries.options.async_configure(form["flow_id"], data)
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


def named(speakers: HouseholdSpeakers, name: str) -> Speaker:
    """Return the only speaker of this name."""
    (speaker,) = find(speakers.book, name)
    return speaker


def suggested(form: ConfigFlowResult, field: str) -> Any:
    """Return what a form suggests."""
    assert form["data_schema"] is not None
    return get_schema_suggested_value(form["data_schema"].schema, field)


def players(hass: HomeAssistant, speakers: HouseholdSpeakers) -> set[str]:
    """Return the names of the speakers that have a player."""
    return {
        one.name
        for one in speakers.book.speakers.values()
        if async_player_of(hass, one.id)
    }


async def appear(anna: AccountEntry, emulator: Emulator, name: str) -> None:
    """Switch a speaker on that nobody has seen before."""
    device = Device("b" * 40, name)
    emulator.phone("anna").appear(device)
    await anna.runtime_data.speakers.async_refresh()
    await anna.runtime_data.household.hass.async_block_till_done()


async def test_the_options_are_four(hass: HomeAssistant, anna: AccountEntry) -> None:
    """The account's own, what holds for the speakers of all, and for the history."""
    menu = await hass.config_entries.options.async_init(anna.entry_id)
    assert menu["type"] is FlowResultType.MENU
    assert menu["menu_options"] == ["preferences", "speakers", "speaker", "history"]


@pytest.mark.parametrize(
    ("said", "hidden"),
    [
        ({"hidden_types": ["TV"]}, {"Living Room TV"}),
        ({"hidden_types": ["TV", "Speaker"]}, {"Living Room TV", "Kitchen"}),
        ({"hidden": ["liv*"]}, {"Living Room TV"}),
        ({"hidden": [" kitchen ", "  "]}, {"Kitchen"}),
        ({"hidden": ["*"], "allowed": ["kit*"]}, {"Living Room TV"}),
        ({"hidden_types": ["TV"], "allowed": ["Living Room *"]}, set()),
    ],
)
async def test_rules_hide_speakers_at_once(
    hass: HomeAssistant,
    anna: AccountEntry,
    speakers: HouseholdSpeakers,
    set_rules: Save,
    said: dict[str, Any],
    hidden: set[str],
) -> None:
    """Their devices go, and they are no sources; without them they come back."""
    both = {"Kitchen", "Living Room TV"}
    before = {name: async_player_of(hass, named(speakers, name).id) for name in both}
    result = await set_rules(**said)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert players(hass, speakers) & both == both - hidden
    assert not hidden & anna.runtime_data.player.sources.keys()
    for name in hidden:
        assert async_device_of(hass, named(speakers, name)) is None
    await set_rules()
    after = {name: async_player_of(hass, named(speakers, name).id) for name in both}
    assert after == before
    for entity_id in after.values():
        assert hass.states.get(entity_id or "") is not None


async def test_rules_are_shown_as_they_were_set(
    hass: HomeAssistant, anna: AccountEntry, set_rules: Save
) -> None:
    """Also for another account: they are the household's. Nothing is reloaded."""
    account = anna.runtime_data
    said = {
        "new_speakers": "hide",
        "hidden_types": ["TV"],
        "hidden": ["Web Player*"],
        "allowed": ["Kitchen"],
    }
    await set_rules(**said)
    form = await open_options(hass, anna, "speakers")
    assert form["data_schema"] is not None
    assert form["data_schema"]({}) == said
    assert anna.runtime_data is account


async def test_a_new_speaker_is_hidden_until_it_is_allowed(
    hass: HomeAssistant,
    anna: AccountEntry,
    emulator: Emulator,
    speakers: HouseholdSpeakers,
    set_rules: Save,
) -> None:
    """What was there before stays; allowing takes no reload."""
    account, before = anna.runtime_data, players(hass, speakers)
    await set_rules(new_speakers="hide")
    since = speakers.rules.new_hidden_since
    await appear(anna, emulator, BATHROOM)
    assert players(hass, speakers) == before
    assert BATHROOM not in account.player.sources
    await set_rules(new_speakers="hide", allowed=["bath*"])
    # Saving it again must not make old what came up meanwhile.
    assert speakers.rules.new_hidden_since == since
    assert players(hass, speakers) == {*before, BATHROOM}
    assert BATHROOM in account.player.sources
    player = async_player_of(hass, named(speakers, BATHROOM).id)
    assert hass.states.get(player or "") is not None
    assert anna.runtime_data is account


async def test_a_new_speaker_is_allowed_by_itself(
    hass: HomeAssistant,
    anna: AccountEntry,
    emulator: Emulator,
    speakers: HouseholdSpeakers,
    set_rules: Save,
    set_up: Save,
) -> None:
    """Hidden ones are among those that something can be set for."""
    await set_rules(new_speakers="hide")
    await appear(anna, emulator, BATHROOM)
    await set_up(BATHROOM, shown="always")
    assert BATHROOM in players(hass, speakers)
    await set_up(BATHROOM, shown="by_rules")
    assert BATHROOM not in players(hass, speakers)


async def test_a_speaker_is_never_shown_whatever_the_rules_say(
    hass: HomeAssistant,
    speakers: HouseholdSpeakers,
    set_rules: Save,
    set_up: Save,
) -> None:
    """Its device goes; it comes back under its former entity id."""
    player = async_player_of(hass, named(speakers, "Kitchen").id)
    await set_up("Kitchen", shown="never")
    await set_rules(allowed=["Kitchen"])
    assert "Kitchen" not in players(hass, speakers)
    assert async_device_of(hass, named(speakers, "Kitchen")) is None
    await set_up("Kitchen", shown="always")
    assert async_player_of(hass, named(speakers, "Kitchen").id) == player


async def test_a_player_of_the_same_name_is_suggested(
    hass: HomeAssistant, speakers: HouseholdSpeakers, open_settings: Any
) -> None:
    """As long as nothing was set, and if it is the only one; ours are not offered."""
    hass.states.async_set("media_player.sonos", "idle", {"friendly_name": "KITCHEN"})
    form = await open_settings("Kitchen")
    assert suggested(form, "linked") == "media_player.sonos"
    assert form["description_placeholders"] == {"speaker": "Kitchen"}
    assert form["data_schema"] is not None
    offered = form["data_schema"].schema["linked"].config
    ours = {
        entity.entity_id
        for entity in er.async_get(hass).entities.values()
        if entity.platform == "spotify_hub" and entity.domain == MEDIA_PLAYER
    }
    assert set(offered["exclude_entities"]) == ours
    hass.states.async_set("media_player.cast", "idle", {"friendly_name": "kitchen"})
    assert suggested(await open_settings("Kitchen"), "linked") is None
    assert speakers.book.settings_of(named(speakers, "Kitchen").id) == AS_THEY_COME


async def test_a_link_that_was_left_out_is_not_suggested_again(
    hass: HomeAssistant, open_settings: Any, set_up: Save
) -> None:
    """Or whoever sets a volume later would link what they had not wanted linked."""
    hass.states.async_set("media_player.sonos", "idle", {"friendly_name": "Kitchen"})
    await set_up("Kitchen", max_volume=80)
    assert suggested(await open_settings("Kitchen"), "linked") is None


async def test_what_was_set_is_kept_and_shown(
    speakers: HouseholdSpeakers, open_settings: Any, set_up: Save
) -> None:
    """In percent, with the other speaker by its id."""
    television = named(speakers, "Living Room TV").id
    said = {
        "linked": "media_player.sonos",
        "min_volume": 10,
        "max_volume": 60,
        "fallback": television,
        "shown": "always",
    }
    result = await set_up("Kitchen", **said)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert speakers.book.settings_of(named(speakers, "Kitchen").id) == SpeakerSettings(
        linked="media_player.sonos",
        min_volume=0.1,
        max_volume=0.6,
        fallback=television,
        shown=True,
    )
    form = await open_settings("Kitchen")
    assert {field: suggested(form, field) for field in said} == said
    await set_up("Kitchen")
    assert not speakers.book.settings


async def test_bounds_that_leave_no_volume_are_refused(
    hass: HomeAssistant, speakers: HouseholdSpeakers, set_up: Save
) -> None:
    """The form stays as it was filled in."""
    form = await set_up("Kitchen", min_volume=70, max_volume=30)
    assert form["type"] is FlowResultType.FORM
    assert form["errors"] == {"min_volume": "no_volume_left"}
    assert suggested(form, "min_volume") == 70
    assert not speakers.book.settings
    result = await submit(hass, form, {**SETTINGS, "min_volume": 30, "max_volume": 70})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_nothing_is_louder_than_is_allowed(
    hass: HomeAssistant,
    emulator: Emulator,
    speakers: HouseholdSpeakers,
    set_up: Save,
) -> None:
    """By the player's own action."""
    await set_up("Kitchen", max_volume=50)
    player = async_player_of(hass, named(speakers, "Kitchen").id)
    await hass.services.async_call(
        MEDIA_PLAYER,
        "volume_set",
        {ATTR_ENTITY_ID: player, "volume_level": 0.9},
        blocking=True,
    )
    kitchen = emulator.world.users["anna"].player.devices[0]
    assert (kitchen.name, kitchen.volume_percent) == ("Kitchen", 50)


async def test_a_speaker_is_not_its_own_fallback(
    hass: HomeAssistant, speakers: HouseholdSpeakers, open_settings: Any
) -> None:
    """It is not offered, nor taken."""
    form = await open_settings("Kitchen")
    own = named(speakers, "Kitchen").id
    offered = form["data_schema"].schema["fallback"].config["options"]
    assert own not in {one["value"] for one in offered}
    with pytest.raises(InvalidData):
        await submit(hass, form, SETTINGS | {"fallback": own})


async def test_music_starts_on_the_fallback_speaker(
    hass: HomeAssistant,
    emulator: Emulator,
    speakers: HouseholdSpeakers,
    set_up: Save,
    freezer: object,
) -> None:
    """When the one that was meant can't be reached."""
    await set_up("Kitchen", fallback=named(speakers, "Living Room TV").id)
    phone = emulator.phone("anna")
    phone.vanish("Kitchen")
    await play(hass, emulator, async_player_of(hass, named(speakers, "Kitchen").id))
    assert phone.player.active is not None
    assert phone.player.active.name == "Living Room TV"
    assert phone.player.is_playing


@pytest.mark.parametrize(
    ("said", "plays_on"),
    [
        ({}, "Living Room TV"),
        ({"fallback_speaker": 'Office <Desk> & "Co"'}, 'Office <Desk> & "Co"'),
        ({"fallback_speaker": "Kitchen"}, None),
    ],
)
async def test_who_names_a_fallback_speaker_means_that_one(
    hass: HomeAssistant,
    emulator: Emulator,
    speakers: HouseholdSpeakers,
    set_up: Save,
    freezer: object,
    said: dict[str, str],
    plays_on: str | None,
) -> None:
    """Whatever is set; naming the speaker itself means none."""
    await set_up("Kitchen", fallback=named(speakers, "Living Room TV").id)
    phone = emulator.phone("anna")
    phone.vanish("Kitchen")
    wanted = {
        "uri": found(emulator.world, "album", "Kind of Blue")["uri"],
        "speaker": "Kitchen",
        **said,
    }
    with nullcontext() if plays_on else pytest.raises(ServiceValidationError):
        await hass.services.async_call(DOMAIN, "play", wanted, blocking=True)
    active = phone.player.active
    assert (active.name if active else None) == plays_on


async def test_the_area_of_a_linked_player_is_taken_over(
    hass: HomeAssistant, speakers: HouseholdSpeakers, set_up: Save
) -> None:
    """By a speaker that stands nowhere; one that stands somewhere stays there."""
    areas, registry = ar.async_get(hass), er.async_get(hass)
    cooking, cellar = areas.async_create("Cooking"), areas.async_create("Cellar")
    sonos = registry.async_get_or_create(MEDIA_PLAYER, "test", "sonos").entity_id
    registry.async_update_entity(sonos, name="Sonos", area_id=cooking.id)
    await set_up("Kitchen", linked=sonos)
    assert async_area_of(hass, named(speakers, "Kitchen")) == cooking.id
    registry.async_update_entity(sonos, area_id=cellar.id)
    await set_up("Kitchen", linked=sonos, max_volume=90)
    assert async_area_of(hass, named(speakers, "Kitchen")) == cooking.id


async def test_a_new_speaker_comes_up_where_its_linked_player_is(
    hass: HomeAssistant,
    anna: AccountEntry,
    emulator: Emulator,
    speakers: HouseholdSpeakers,
    set_rules: Save,
    set_up: Save,
) -> None:
    """Linked before it was allowed."""
    cooking, registry = ar.async_get(hass).async_create("Cooking"), er.async_get(hass)
    sonos = registry.async_get_or_create(MEDIA_PLAYER, "test", "sonos").entity_id
    registry.async_update_entity(sonos, name="Sonos", area_id=cooking.id)
    await set_rules(new_speakers="hide")
    await appear(anna, emulator, BATHROOM)
    await set_up(BATHROOM, linked=sonos)
    assert BATHROOM not in players(hass, speakers)
    await set_rules()
    assert async_area_of(hass, named(speakers, BATHROOM)) == cooking.id


async def play(hass: HomeAssistant, emulator: Emulator, player: str | None) -> None:
    """Play an album by an action."""
    await hass.services.async_call(
        MEDIA_PLAYER,
        SERVICE_PLAY_MEDIA,
        {
            ATTR_ENTITY_ID: player,
            ATTR_MEDIA_CONTENT_TYPE: "album",
            ATTR_MEDIA_CONTENT_ID: found(emulator.world, "album", "Kind of Blue")[
                "uri"
            ],
        },
        blocking=True,
    )


async def test_music_without_a_speaker_starts_on_the_default_one(
    hass: HomeAssistant, anna: AccountEntry, emulator: Emulator, freezer: object
) -> None:
    """Chosen among the account's preferences; left empty it is none any more."""
    speakers = anna.runtime_data.household.speakers
    television = named(speakers, "Living Room TV").id
    form = await open_options(hass, anna)
    await submit(
        hass, form, {"quick_idle_polling": False, "default_speaker": television}
    )
    assert anna.options["default_speaker"] == television
    await play(hass, emulator, "media_player.spotify_anna")
    phone = emulator.phone("anna")
    assert phone.player.active is not None
    assert phone.player.active.name == "Living Room TV"
    form = await open_options(hass, anna)
    assert suggested(form, "default_speaker") == television
    await submit(hass, form, {"quick_idle_polling": False})
    assert "default_speaker" not in anna.options


async def test_a_default_speaker_that_was_forgotten_is_in_nobodys_way(
    hass: HomeAssistant, anna: AccountEntry
) -> None:
    """The form does not suggest what it would not take."""
    hass.config_entries.async_update_entry(anna, options={"default_speaker": "gone"})
    form = await open_options(hass, anna)
    assert suggested(form, "default_speaker") is None


async def test_a_default_speaker_is_not_forgotten(
    hass: HomeAssistant,
    anna: AccountEntry,
    emulator: Emulator,
    speakers: HouseholdSpeakers,
    later: Callable[[float], Awaitable[None]],
) -> None:
    """However long it is off: somebody chose it. Others are gone after 30 days."""
    television = named(speakers, "Living Room TV").id
    hass.config_entries.async_update_entry(
        anna, options={"default_speaker": television}
    )
    for name in ("Living Room TV", "Kitchen"):
        emulator.phone("anna").vanish(name)
    await anna.runtime_data.speakers.async_refresh()
    await later(31 * 86_400)
    await anna.runtime_data.playback.async_refresh()
    assert television in speakers.book.speakers
    assert not find(speakers.book, "Kitchen")


@pytest.mark.parametrize("step", ["speakers", "speaker"])
async def test_an_account_that_is_not_loaded_knows_no_speakers(
    hass: HomeAssistant, anna: AccountEntry, step: str
) -> None:
    """Not even when it was unloaded while somebody looked at the menu."""
    flow = hass.config_entries.options
    menu = await flow.async_init(anna.entry_id)
    await hass.config_entries.async_unload(anna.entry_id)
    result = await flow.async_configure(menu["flow_id"], {"next_step_id": step})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "not_loaded"


async def test_a_form_that_is_sent_too_late_says_so(
    hass: HomeAssistant, anna: AccountEntry, open_settings: Any
) -> None:
    """The account was unloaded while somebody filled it in."""
    form = await open_settings("Kitchen")
    await hass.config_entries.async_unload(anna.entry_id)
    result = await submit(hass, form, SETTINGS)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "not_loaded"


@pytest.mark.parametrize("gone", ["Kitchen", "Living Room TV"])
async def test_a_speaker_that_was_removed_meanwhile_can_be_set_nothing(
    hass: HomeAssistant, speakers: HouseholdSpeakers, open_settings: Any, gone: str
) -> None:
    """Neither itself nor as the one to fall back to."""
    form = await open_settings("Kitchen")
    television = named(speakers, "Living Room TV").id
    speakers.async_forget(named(speakers, gone).id)
    result = await submit(hass, form, SETTINGS | {"fallback": television})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "speaker_removed"
    assert not speakers.book.settings


async def test_a_household_without_speakers_says_so(
    hass: HomeAssistant, anna: AccountEntry, speakers: HouseholdSpeakers
) -> None:
    """Instead of an empty list."""
    for speaker in list(speakers.book.speakers):
        speakers.async_forget(speaker)
    result = await open_options(hass, anna, "speaker")
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "no_speakers"
