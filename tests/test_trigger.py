"""Triggers in real automations, set off by the phone."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import CONF_ENTITY_ID
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import trigger
from homeassistant.setup import async_setup_component
import pytest

from custom_components.spotify_hub.account.happenings import What
from tests.conftest import AccountEntry, EntryFor, Later, Link, enter_credentials
from tests.emulator import Emulator
from tests.emulator.data import find
from tests.emulator.phone import Phone
from tests.project import INTEGRATION, load_json, load_yaml


@pytest.fixture(autouse=True)
def _still(freezer: FrozenDateTimeFactory) -> None:
    """Let time pass only by hand."""


@pytest.fixture
def phone(emulator: Emulator) -> Phone:
    """Anna's phone."""
    return emulator.phone("anna")


@pytest.fixture
def album(emulator: Emulator) -> str:
    """An album."""
    return str(find(emulator.world, "album", "Kind of Blue")["uri"])


async def automate(hass: HomeAssistant, kind: str, **options: Any) -> None:
    """Set an automation up that hands on all that the trigger tells."""
    assert await async_setup_component(
        hass,
        "automation",
        {
            "automation": {
                "alias": kind,
                "triggers": {"trigger": f"spotify_hub.{kind}", "options": options},
                "actions": {
                    "action": "test.automation",
                    "data": {"told": "{{ trigger }}"},
                },
            }
        },
    )
    await hass.async_block_till_done()


def told(calls: list[ServiceCall]) -> list[dict[str, Any]]:
    """Return what the automations were told since this was last asked."""
    news = [dict(call.data["told"]) for call in calls]
    calls.clear()
    return news


async def test_the_next_track_on_the_phone_runs_an_automation(
    hass: HomeAssistant,
    service_calls: list[ServiceCall],
    phone: Phone,
    album: str,
    link: Link,
    later: Later,
) -> None:
    """With the track, where it plays, and whose account it is."""
    phone.play(album, "Kitchen")
    entry = await link()
    await automate(hass, "track_changed")
    phone.next()
    await later(29)
    (news,) = told(service_calls)
    assert news["platform"] == "spotify_hub.track_changed"
    assert news["description"] == "track changed on Anna"
    assert news["id"] == "0"
    assert news["name"] == "Freddie Freeloader"
    assert news["previous_name"] == "So What"
    assert news["speaker"] == "Kitchen"
    assert news["account"] == entry.title
    assert news["config_entry_id"] == entry.entry_id


@pytest.mark.parametrize("kind", ["liked", "unliked"])
async def test_a_mark_runs_an_automation(
    hass: HomeAssistant,
    service_calls: list[ServiceCall],
    phone: Phone,
    album: str,
    link: Link,
    kind: str,
) -> None:
    """Whoever changed it from here."""
    phone.play(album, "Kitchen")
    entry = await link()
    await hass.async_block_till_done(wait_background_tasks=True)
    await automate(hass, kind)
    likes = entry.runtime_data.likes
    uri = entry.runtime_data.playback.data.item_uri
    assert uri is not None
    likes.async_note({uri: kind != "liked"})
    told(service_calls)
    likes.async_note({uri: kind == "liked"})
    await hass.async_block_till_done()
    assert [news["uri"] for news in told(service_calls)] == [uri]


@pytest.mark.parametrize(
    ("kind", "doings"),
    [
        ("context_changed", [("play", "an artist")]),
        ("speaker_changed", [("transfer", "another speaker")]),
        ("skipped", [("next",)]),
        ("playback_ended", [("pause",)]),
        ("playback_started", [("pause",), ("resume",)]),
    ],
)
async def test_every_kind_runs_an_automation(
    hass: HomeAssistant,
    service_calls: list[ServiceCall],
    phone: Phone,
    emulator: Emulator,
    album: str,
    link: Link,
    later: Later,
    kind: str,
    doings: list[tuple[str, ...]],
) -> None:
    """Each of its own trigger, once."""
    phone.play(album, "Kitchen")
    await link()
    await automate(hass, kind)
    artist = str(find(emulator.world, "artist", "Miles Davis")["uri"])
    speaker = next(
        device.name for device in phone.player.devices if device.name != "Kitchen"
    )
    names = {"an artist": artist, "another speaker": speaker}
    for doing, *what in doings:
        assert told(service_calls) == []
        getattr(phone, doing)(*(names[name] for name in what))
        await later(61)
    assert [news["platform"] for news in told(service_calls)] == [f"spotify_hub.{kind}"]


async def test_a_trigger_hears_every_account_or_the_one_it_names(
    hass: HomeAssistant,
    service_calls: list[ServiceCall],
    emulator: Emulator,
    album: str,
    link: Link,
    later: Later,
) -> None:
    """Two people of a household listen."""
    await link("anna")
    ben = await link("ben")
    await automate(hass, "playback_started", config_entry_id=ben.entry_id)
    for user in ("anna", "ben"):
        emulator.phone(user).play(album)
    await later(121)
    assert [news["account"] for news in told(service_calls)] == [ben.title]


async def test_a_trigger_without_an_account_hears_all(
    hass: HomeAssistant,
    service_calls: list[ServiceCall],
    emulator: Emulator,
    album: str,
    link: Link,
    later: Later,
) -> None:
    """It says whose it was."""
    entries = [await link("anna"), await link("ben")]
    await automate(hass, "playback_started")
    for user in ("anna", "ben"):
        emulator.phone(user).play(album)
    await later(121)
    assert {news["config_entry_id"] for news in told(service_calls)} == {
        entry.entry_id for entry in entries
    }


async def test_a_trigger_can_be_there_before_the_account(
    hass: HomeAssistant,
    service_calls: list[ServiceCall],
    phone: Phone,
    album: str,
    entry_for: EntryFor,
    later: Later,
) -> None:
    """Automations start while accounts are still being set up."""
    await enter_credentials(hass)
    entry = entry_for()
    await automate(hass, "track_changed", config_entry_id=entry.entry_id)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    phone.play(album, "Kitchen")
    await later(121)
    assert [news["name"] for news in told(service_calls)] == ["So What"]


async def test_a_trigger_outlives_a_reload(
    hass: HomeAssistant,
    service_calls: list[ServiceCall],
    phone: Phone,
    album: str,
    link: Link,
    later: Later,
) -> None:
    """It hears the account again, once, and nothing of the reload itself."""
    phone.play(album, "Kitchen")
    entry = await link()
    await automate(hass, "track_changed", config_entry_id=entry.entry_id)
    for _ in range(2):
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done()
    assert told(service_calls) == []
    phone.next()
    await later(29)
    assert len(told(service_calls)) == 1


async def test_an_automation_that_is_turned_off_hears_no_more(
    hass: HomeAssistant,
    service_calls: list[ServiceCall],
    phone: Phone,
    album: str,
    link: Link,
    later: Later,
) -> None:
    """Its trigger is detached."""
    phone.play(album, "Kitchen")
    await link()
    await automate(hass, "track_changed")
    await hass.services.async_call(
        "automation",
        "turn_off",
        {CONF_ENTITY_ID: "automation.track_changed"},
        blocking=True,
    )
    service_calls.clear()
    phone.next()
    await later(29)
    assert service_calls == []


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"config_entry_id": "nobody"}, "no Spotify account with the id nobody"),
        ({"account": "Anna"}, "account"),
    ],
)
async def test_what_could_never_fire_is_refused(
    hass: HomeAssistant,
    anna: AccountEntry,
    caplog: pytest.LogCaptureFixture,
    options: dict[str, str],
    reason: str,
) -> None:
    """An account that is not linked, an option that does not exist."""
    await automate(hass, "track_changed", **options)
    state = hass.states.get("automation.track_changed")
    assert state is not None
    assert state.state == "unavailable"
    assert reason in caplog.text


async def test_triggers_can_be_picked_in_the_editor(
    hass: HomeAssistant, anna: AccountEntry
) -> None:
    """Home Assistant reads the description of each."""
    assert await async_setup_component(hass, "automation", {})
    descriptions = await trigger.async_get_all_descriptions(hass)
    assert {name for name in descriptions if name.startswith("spotify_hub.")} == {
        f"spotify_hub.{what}" for what in What
    }
    described = descriptions["spotify_hub.skipped"]
    assert described is not None
    assert described["fields"]["config_entry_id"]["selector"] == {
        "config_entry": {"integration": "spotify_hub"}
    }


def test_every_trigger_has_texts_and_an_icon() -> None:
    """For the trigger and each of its fields."""
    english = load_json(INTEGRATION / "translations" / "en.json")
    texts, icons = (
        english["triggers"],
        load_json(INTEGRATION / "icons.json")["triggers"],
    )
    described = {
        name: described
        for name, described in load_yaml(INTEGRATION / "triggers.yaml").items()
        if not name.startswith(".")
    }
    kinds = {what.value for what in What}
    assert texts.keys() == icons.keys() == described.keys() == kinds
    for name, text in texts.items():
        assert text["name"]
        assert text["description"].endswith(".")
        assert icons[name]["trigger"].startswith("mdi:")
        assert text["fields"].keys() == described[name]["fields"].keys()
    events = english["entity"]["event"]["playback"]["state_attributes"]["event_type"]
    assert events["state"].keys() == kinds
