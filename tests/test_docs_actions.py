"""What docs/actions.md and docs/triggers.md say is so, and their examples work."""

from collections.abc import Iterator
from pathlib import Path
import re
from typing import Any, Final, cast

from homeassistant.components.automation.config import async_validate_config_item
from homeassistant.core import HomeAssistant, SupportsResponse
from homeassistant.helpers.template import Template
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import parse_yaml
import pytest

from custom_components.spotify_hub import logbook
from custom_components.spotify_hub.account.changes import Door
from custom_components.spotify_hub.account.happenings import What
from custom_components.spotify_hub.account.recent import EVENT_GAP
from custom_components.spotify_hub.account.told import nameless, told
from custom_components.spotify_hub.const import DOMAIN
from custom_components.spotify_hub.household_import import EVENT_IMPORT
from custom_components.spotify_hub.import_job import Status
from custom_components.spotify_hub.playback_state import PlaybackState
from custom_components.spotify_hub.services import SUBJECTS
from tests.conftest import AccountEntry
from tests.project import INTEGRATION, ROOT, load_yaml

DOCS: Final = ROOT / "docs"
ACCOUNT: Final = "config_entry_id"
# The account in examples whose triggers name one.
SOME_ACCOUNT: Final = "01JD9Q4ZK8WJ3V5N2T7R6MABCD"
SERVICES: Final = load_yaml(INTEGRATION / "services.yaml")
TRIGGERS: Final = [
    name for name in load_yaml(INTEGRATION / "triggers.yaml") if name[0] != "."
]
CHECKS: Final = {
    action.name: action.check for subject in SUBJECTS for action in subject.ACTIONS
}

type Data = dict[str, Any]


def text_of(page: str) -> str:
    """Return a page of the documents."""
    return (DOCS / f"{page}.md").read_text()


def sections(page: str) -> dict[str, str]:
    """Return what stands below each heading of a page."""
    parts = re.split(r"^#+ (.+)\n", text_of(page), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def section(page: str, name: str) -> str:
    """Return what stands below the heading of an action or a trigger."""
    return sections(page).get(f"`{DOMAIN}.{name}`", "")


def examples(text: str) -> list[Data]:
    """Return the automations in a text."""
    blocks = re.findall(r"^```yaml\n(.+?)^```$", text, re.MULTILINE | re.DOTALL)
    return [cast("Data", parse_yaml(block)) for block in blocks]


def rows(text: str) -> list[list[str]]:
    """Return the cells of a text's tables, without their heads."""
    lines = re.findall(r"^\| (`.+) \|$", text, re.MULTILINE)
    return [[cell.strip() for cell in re.split(r" ?\| ?", line)] for line in lines]


def keys(text: str) -> set[str]:
    """Return the keys that a text's tables explain."""
    return {key for row in rows(text) for key in re.findall(r"`(\w+)`", row[0])}


def calls(step: Any) -> Iterator[Data]:
    """Go through the calls of our actions, however deep in a script."""
    match step:
        case list():
            for one in step:
                yield from calls(one)
        case dict():
            if str(step.get("action")).startswith(f"{DOMAIN}."):
                yield step
            for one in step.values():
                yield from calls(one)


def plain(value: Any, example: Any) -> Any:
    """Return a value without templates, which only tell when they run."""
    if isinstance(value, list):
        return [plain(one, "Kind of Blue") for one in value]
    return example if isinstance(value, str) and "{{" in value else value


def templates(value: Any) -> Iterator[str]:
    """Go through the templates of an automation."""
    match value:
        case list():
            for one in value:
                yield from templates(one)
        case dict():
            for one in value.values():
                yield from templates(one)
        case str() if "{{" in value:
            yield value


@pytest.mark.parametrize("name", SERVICES)
def test_every_action_has_an_example(name: str) -> None:
    """One, which calls it."""
    (automation,) = examples(section("actions", name))
    assert f"{DOMAIN}.{name}" in [call["action"] for call in calls(automation)]


def test_nothing_else_is_explained() -> None:
    """What is gone from the integration is gone from its documents."""
    for page, names in (("actions", [*SERVICES]), ("triggers", TRIGGERS)):
        found = [name for name in sections(page) if name.startswith(f"`{DOMAIN}.")]
        assert sorted(found) == sorted(f"`{DOMAIN}.{name}`" for name in names)


@pytest.mark.parametrize("name", SERVICES)
def test_every_field_of_an_action_is_explained(name: str) -> None:
    """And whether it is required, and what it is without being given."""
    fields = {**SERVICES[name]["fields"]}
    # Explained once for all of them.
    fields.pop(ACCOUNT)
    told = {row[0].strip("`"): row for row in rows(section("actions", name))}
    assert told.keys() == fields.keys()
    assert fields or "No fields of its own." in section("actions", name)
    for field, (_, required, default, meaning) in told.items():
        assert required == ("yes" if fields[field].get("required") else "no")
        wanted = fields[field].get("default")
        text = str(wanted).lower() if isinstance(wanted, bool) else str(wanted)
        assert default == ("" if wanted is None else f"`{text}`"), field
        assert meaning
        for option in options_of(fields[field]):
            assert f"`{option}`" in meaning, (field, option)


def options_of(field: Data) -> list[str]:
    """Return what can be chosen for a field."""
    select = field["selector"].get("select") or {}
    return [str(option) for option in select.get("options", ())]


@pytest.mark.parametrize("name", TRIGGERS)
def test_every_trigger_has_an_example(name: str) -> None:
    """One, which it sets off."""
    (automation,) = examples(section("triggers", name))
    (trigger,) = automation["triggers"]
    assert trigger["trigger"] == f"{DOMAIN}.{name}"


def test_the_options_of_triggers_are_explained() -> None:
    """They are the same for all."""
    explained = {row[0].strip("`") for row in rows(sections("triggers")["Triggers"])}
    described = load_yaml(INTEGRATION / "triggers.yaml")
    for name in TRIGGERS:
        assert described[name]["fields"].keys() == explained


def test_what_triggers_tell_is_explained() -> None:
    """Every key, and no other."""
    now = dt_util.utcnow()
    look = PlaybackState(playback=None, at=now, since=now)
    explained = keys(sections("triggers")["What every trigger tells"])
    assert explained == {*told(look, nameless), "account", ACCOUNT}


def test_events_are_explained() -> None:
    """Kinds of happenings, of changes, and the doors by which those come."""
    entity = sections("triggers")["The event entity"]
    assert all(f"`{what.value}`" in entity for what in What)
    event = sections("triggers")[f"The event `{DOMAIN}_changed`"]
    assert keys(event) >= {*logbook._WORDS, "change", "door", "user_id", "count"}
    assert all(f"`{door.value}`" in event for door in Door)
    gap = sections("triggers")[f"The event `{EVENT_GAP}`"]
    assert keys(gap) == {"account", ACCOUNT, "since", "until"}
    imported = sections("triggers")[f"The event `{EVENT_IMPORT}`"]
    assert keys(imported) >= {"status", "reason", "file", "done", "total", "added"}
    assert all(f"`{status.value}`" in imported for status in Status)


@pytest.mark.parametrize(
    "page",
    [
        *(
            DOCS / f"{one}.md"
            for one in (
                "actions",
                "archive",
                "favorites",
                "triggers",
                "guide",
                "history",
                "import",
            )
        )
    ],
)
def test_links_lead_somewhere(page: Path) -> None:
    """To a heading that there is."""
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        there = page.parent / file if file else page
        assert there.exists(), target
        if anchor:
            heads = re.findall(r"^#+ (.+)$", there.read_text(), re.MULTILINE)
            assert anchor in map(_anchor, heads), target


def _anchor(heading: str) -> str:
    """Return what GitHub calls a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", ["actions", "triggers"])
async def test_examples_are_valid_automations(
    hass: HomeAssistant, anna: AccountEntry, page: str
) -> None:
    """Home Assistant takes them, and so does each action that they call."""
    assert await async_setup_component(hass, "automation", {})
    text = text_of(page).replace(SOME_ACCOUNT, anna.entry_id)
    for automation in examples(text):
        name = automation["alias"]
        for template in templates(automation):
            Template(template, hass).ensure_valid()
        assert await async_validate_config_item(hass, name, automation), name
        for call in calls(automation):
            check_call(hass, call)


def check_call(hass: HomeAssistant, call: Data) -> None:
    """See to it that an action would take what it is called with."""
    action = call["action"].removeprefix(f"{DOMAIN}.")
    fields = SERVICES[action]["fields"]
    data = call.get("data", {})
    assert data.keys() <= fields.keys(), call
    service = hass.services.async_services_for_domain(DOMAIN)[action]
    assert service.schema is not None
    checked = service.schema(
        {key: plain(value, fields[key]["example"]) for key, value in data.items()}
    )
    if (check := CHECKS[action]) is not None:
        check(checked)
    if service.supports_response is SupportsResponse.ONLY:
        assert "response_variable" in call, call
