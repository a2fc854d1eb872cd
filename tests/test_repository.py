"""The repository is what Home Assistant's hassfest and HACS ask for."""

import re
import struct
from typing import Any

from awesomeversion import AwesomeVersion
import pytest

from tests.project import (
    INTEGRATION,
    ROOT,
    committed_files,
    literals,
    load_json,
    load_yaml,
    names,
)

MANIFEST = load_json(INTEGRATION / "manifest.json")
ENGLISH = load_json(INTEGRATION / "translations" / "en.json")
ICONS = load_json(INTEGRATION / "icons.json")
SERVICES = load_yaml(INTEGRATION / "services.yaml")

TIERS = {
    "bronze": names("""action-setup appropriate-polling brands common-modules
        config-flow-test-coverage config-flow dependency-transparency docs-actions
        docs-triggers docs-conditions docs-high-level-description
        docs-installation-instructions docs-removal-instructions entity-event-setup
        entity-unique-id has-entity-name runtime-data test-before-configure
        test-before-setup unique-config-entry"""),
    "silver": names("""action-exceptions config-entry-unloading
        docs-configuration-parameters docs-installation-parameters
        entity-unavailable integration-owner log-when-unavailable parallel-updates
        reauthentication-flow test-coverage"""),
    "gold": names("""devices diagnostics discovery discovery-update-info docs-data-update
        docs-examples docs-known-limitations docs-supported-devices
        docs-supported-functions docs-troubleshooting docs-use-cases
        dynamic-devices stale-devices entity-category entity-device-class
        entity-disabled-by-default entity-translations exception-translations
        icon-translations reconfiguration-flow repair-issues"""),
    "platinum": names("async-dependency inject-websession strict-typing"),
}
ALL_RULES = [rule for rules in TIERS.values() for rule in rules]
HACS_KEYS = {
    "content_in_root",
    "country",
    "filename",
    "hacs",
    "hide_default_branch",
    "homeassistant",
    "name",
    "persistent_directory",
    "render_readme",
    "zip_release",
}
UNWANTED = {
    "a download address": re.compile(
        r"files\.pythonhosted\.org|pypi\.org/simple|/releases/download/"
        r"|deb\.debian\.org|registry\.npmjs\.org|--(?:extra-)?index-url|--find-links"
    ),
    "a path of one machine": re.compile(r"(?<![\w.~}])/(?:root|work|home/\w+)/"),
}


def test_manifest_has_the_keys_in_order() -> None:
    """Hassfest wants domain and name first, the rest by alphabet."""
    first, second, *rest = MANIFEST
    assert (first, second) == ("domain", "name")
    assert rest == sorted(rest)
    assert MANIFEST.keys() >= {
        "codeowners",
        "config_flow",
        "documentation",
        "integration_type",
        "iot_class",
        "issue_tracker",
        "requirements",
        "version",
    }


def test_manifest_says_what_is_so() -> None:
    """Its values fit the rest of the repository."""
    assert MANIFEST["domain"] == INTEGRATION.name
    assert MANIFEST["config_flow"] is True
    assert "application_credentials" in MANIFEST["dependencies"]
    assert all(owner.startswith("@") for owner in MANIFEST["codeowners"])
    for page in ("documentation", "issue_tracker"):
        assert MANIFEST[page].startswith("https://github.com/")
    assert AwesomeVersion(MANIFEST["version"]).valid
    project = (ROOT / "pyproject.toml").read_text()
    assert f'version = "{MANIFEST["version"]}"' in project


def test_requirements_hold_what_is_developed_with() -> None:
    """Each required range contains the version that the tests run with."""
    pinned = dict(
        re.findall(
            r"^([\w.-]+)==(\S+)",
            (ROOT / "requirements" / "dev.txt").read_text().lower(),
            re.MULTILINE,
        )
    )
    for requirement in MANIFEST["requirements"]:
        found = re.match(r"([\w.-]+)>=([\d.]+),<([\d.]+)$", requirement)
        assert found, requirement
        name, low, high = found.groups()
        version = AwesomeVersion(pinned[name.lower()])
        assert AwesomeVersion(low) <= version < AwesomeVersion(high)


def test_hacs_can_install_it() -> None:
    """HACS knows no other keys, and one integration to a repository."""
    hacs = load_json(ROOT / "hacs.json")
    assert hacs.keys() <= HACS_KEYS
    assert hacs["name"] == MANIFEST["name"]
    assert hacs.get("zip_release", False) is ("filename" in hacs)
    assert AwesomeVersion(hacs["homeassistant"]).valid
    folders = [path.name for path in INTEGRATION.parent.iterdir() if path.is_dir()]
    assert [name for name in folders if name != "__pycache__"] == [INTEGRATION.name]
    assert (ROOT / "README.md").exists()
    assert "MIT License" in (ROOT / "LICENSE").read_text()


@pytest.mark.parametrize("scheme", ["", "dark_"])
def test_brand_images_have_their_sizes(scheme: str) -> None:
    """Icons are squares of 256, logos 128 to 256 high; @2x is twice that."""
    icon = _png_size(f"{scheme}icon.png")
    assert icon == (256, 256)
    assert _png_size(f"{scheme}icon@2x.png") == (512, 512)
    width, height = _png_size(f"{scheme}logo.png")
    assert 128 <= min(width, height) <= 256
    assert _png_size(f"{scheme}logo@2x.png") == (2 * width, 2 * height)


def test_quality_scale_answers_every_rule() -> None:
    """Every rule is done, to do, or exempt for a reason."""
    rules = load_yaml(INTEGRATION / "quality_scale.yaml")["rules"]
    assert sorted(rules) == sorted(ALL_RULES)
    for rule, answer in rules.items():
        status = _status(answer)
        assert status in {"done", "todo", "exempt"}, rule
        if status == "exempt":
            assert answer["comment"], rule


def test_quality_scale_is_reached_where_claimed() -> None:
    """No rule of the declared tier, or of one below, is left to do."""
    rules = load_yaml(INTEGRATION / "quality_scale.yaml")["rules"]
    tiers = list(TIERS)
    if (claimed := MANIFEST.get("quality_scale")) is None:
        return
    for tier in tiers[: tiers.index(claimed) + 1]:
        left = [rule for rule in TIERS[tier] if _status(rules[rule]) == "todo"]
        assert not left, tier


@pytest.mark.parametrize(
    ("rule", "file", "evidence"),
    [
        ("config-entry-unloading", "__init__.py", "async def async_unload_entry"),
        ("config-flow", "config_flow.py", "AbstractOAuth2FlowHandler, domain=DOMAIN"),
        ("diagnostics", "diagnostics.py", "async_get_config_entry_diagnostics"),
        ("has-entity-name", "entity.py", "_attr_has_entity_name = True"),
        ("parallel-updates", "media_player/__init__.py", "PARALLEL_UPDATES = 0"),
        ("reauthentication-flow", "config_flow.py", "def async_step_reauth("),
        ("reconfiguration-flow", "config_flow.py", "def async_step_reconfigure("),
        ("repair-issues", "repairs.py", "async_create_fix_flow"),
        ("runtime-data", "__init__.py", "entry.runtime_data = "),
    ],
)
def test_quality_scale_is_true(rule: str, file: str, evidence: str) -> None:
    """What is called done is in the code, as hassfest would look it up."""
    rules = load_yaml(INTEGRATION / "quality_scale.yaml")["rules"]
    if _status(rules[rule]) == "done":
        assert evidence in (INTEGRATION / file).read_text()


def test_every_platform_says_how_many_updates_run() -> None:
    """PARALLEL_UPDATES stands in each platform."""
    platforms = set(ENGLISH["entity"]) & {
        path.stem for path in INTEGRATION.glob("*.py")
    }
    for platform in platforms:
        assert "PARALLEL_UPDATES = " in (INTEGRATION / f"{platform}.py").read_text()


def test_icons_belong_to_something() -> None:
    """Each entity, attribute and action with an icon has a text too."""
    for platform, entities in ICONS.get("entity", {}).items():
        for key, icons in entities.items():
            texts = ENGLISH["entity"][platform][key]
            assert icons["default"].startswith("mdi:")
            _within(icons.get("state", {}), texts.get("state", {}))
            attributes = icons.get("state_attributes", {})
            _within(attributes, texts.get("state_attributes", {}))
    _within(ICONS.get("services", {}), SERVICES)
    _within(ICONS.get("triggers", {}), load_yaml(INTEGRATION / "triggers.yaml"))


def test_actions_are_described() -> None:
    """Every action, field and section has name, description and icon."""
    texts = ENGLISH.get("services", {})
    assert texts.keys() == SERVICES.keys()
    assert ICONS.get("services", {}).keys() == SERVICES.keys()
    assert SERVICES.keys() <= literals()
    for action, described in SERVICES.items():
        text = texts[action]
        assert text["name"]
        assert text["description"]
        fields, sections = _fields(described or {})
        assert text.get("fields", {}).keys() == fields
        assert all(field["name"] for field in text.get("fields", {}).values())
        assert all(field["description"] for field in text.get("fields", {}).values())
        assert text.get("sections", {}).keys() == sections


def test_workflows_are_pinned() -> None:
    """What runs on GitHub is named by its commit, and may do no more than needed."""
    for path in (ROOT / ".github" / "workflows").glob("*.yaml"):
        text = path.read_text()
        assert "\npermissions: {}\n" in text
        for action in re.findall(r"uses: (\S+)", text):
            assert re.search(r"@[0-9a-f]{40}$", action), action


@pytest.mark.parametrize("what", UNWANTED)
def test_nothing_unwanted_is_committed(what: str) -> None:
    """No file says where packages were downloaded from, or where it was written."""
    found = [
        str(path.relative_to(ROOT))
        for path in committed_files()
        if path.name != "test_repository.py"
        and UNWANTED[what].search(path.read_text(errors="ignore"))
    ]
    assert not found


def _png_size(name: str) -> tuple[int, int]:
    head = (INTEGRATION / "brand" / name).read_bytes()[:24]
    assert head.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", head[16:])
    return width, height


def _status(answer: str | dict[str, str]) -> str:
    return answer if isinstance(answer, str) else answer["status"]


def _within(inner: dict[str, Any], outer: dict[str, Any]) -> None:
    assert inner.keys() <= outer.keys()


def _fields(action: dict[str, Any]) -> tuple[set[str], set[str]]:
    """Return the names of an action's fields, and of the sections some are in."""
    fields: set[str] = set()
    sections: set[str] = set()
    for name, field in action.get("fields", {}).items():
        if "fields" in field:
            sections.add(name)
            fields |= field["fields"].keys()
        else:
            fields.add(name)
    return fields, sections
