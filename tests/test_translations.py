"""The texts are complete, used, and of the form that Home Assistant asks for."""

import ast
from collections.abc import Iterator
import re
from string import Formatter
from typing import Any

from homeassistant.const import Platform
import pytest

from custom_components.spotify_hub.api.errors import (
    OutageError,
    RateLimitedError,
    SpotifyApiError,
)
from tests.project import INTEGRATION, literals, load_json, load_yaml, names, nodes

LANGUAGES = sorted(path.stem for path in (INTEGRATION / "translations").glob("*.json"))
ENGLISH = load_json(INTEGRATION / "translations" / "en.json")

# Names that are Home Assistant's, not ours.
STRUCTURE = set(
    names("""abort application_credentials conditions config config_subentries create_entry
    data data_description default description device entity entry_type error event_type exceptions
    fields fix_flow info initiate_flow issues menu_option_descriptions menu_options message
    name options progress sections
    selector services state state_attributes step system_health title triggers
    unit_of_measurement""")
)
INHERITED = set(
    names("implementation missing_configuration off on pick_implementation user")
)
SHARED_ABORTS = {"reauth_successful", "reconfigure_successful", "unknown"}


def texts(language: str) -> dict[str, str]:
    """Return a language's texts by dotted key."""
    return dict(_leaves(load_json(INTEGRATION / "translations" / f"{language}.json")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_have_the_right_form(language: str) -> None:
    """What hassfest refuses is not there: HTML, addresses, references, quotes."""
    for key, text in texts(language).items():
        assert text, key
        assert text == text.strip(), key
        assert not re.search(r"<[a-zA-Z/!]", text), key
        assert "://" not in text, key
        assert "[%key:" not in text, key
        assert not re.search(r"'\{|\}'", text), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_say_the_same(language: str) -> None:
    """Every language has every text, with the same placeholders."""
    english, other = texts("en"), texts(language)
    assert other.keys() == english.keys()
    for key, text in english.items():
        assert _placeholders(other[key]) == _placeholders(text), key


def test_every_text_is_used() -> None:
    """Each name that a text hangs on stands in the code."""
    used = literals() | INHERITED | {platform.value for platform in Platform}
    used |= {
        node.name.removeprefix("async_step_")
        for node in nodes()
        if isinstance(node, ast.AsyncFunctionDef)
    }
    for file in ("services.yaml", "triggers.yaml", "conditions.yaml"):
        used |= set(_keys(load_yaml(INTEGRATION / file)))
    assert set(_keys(ENGLISH)) - STRUCTURE - used == set()


def test_every_key_has_a_text() -> None:
    """Each translation key that the code names has a text."""
    known = {
        *ENGLISH["exceptions"],
        *ENGLISH.get("issues", {}),
        *ENGLISH.get("selector", {}),
        *ENGLISH.get("device", {}),
        *(key for entities in ENGLISH["entity"].values() for key in entities),
    }
    named = {key for key, _ in _named_keys()} | set(_class_keys())
    assert named
    assert named - known == set()


def test_every_failure_has_a_text() -> None:
    """Each error of the API package can be told to a person, with what it knows."""
    for error in _errors():
        text = ENGLISH["exceptions"][error.key]["message"]
        told = {"detail"}
        if issubclass(error, RateLimitedError | OutageError):
            told.add("until")
        assert _placeholders(text) <= told, error


def test_every_placeholder_is_given() -> None:
    """An exception's text refers to nothing but what the code hands over."""
    for key, given in _named_keys():
        if given is not None and key in ENGLISH["exceptions"]:
            text = ENGLISH["exceptions"][key]["message"]
            assert _placeholders(text) == given, key


def test_every_step_and_reason_has_a_text() -> None:
    """Forms and endings of the flows can be read."""
    flows = [ENGLISH["config"], ENGLISH["options"]]
    steps = {step for flow in flows for step in flow["step"]}
    repairs = [issue.get("fix_flow", {}) for issue in ENGLISH["issues"].values()]
    reasons = {
        reason for flow in (*flows, *repairs) for reason in flow.get("abort", {})
    }
    assert set(_constants("async_show_form", "step_id")) <= steps
    assert set(_constants("async_abort", "reason")) <= reasons | SHARED_ABORTS


def test_every_field_is_explained() -> None:
    """A field of a form has a label and a description."""
    for flow in (ENGLISH["config"], ENGLISH["options"]):
        for name, step in flow["step"].items():
            for part in (step, *step.get("sections", {}).values()):
                labels, described = (
                    part.get("data", {}),
                    part.get("data_description", {}),
                )
                assert labels.keys() == described.keys(), name


def _leaves(tree: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _keys(tree: dict[str, Any]) -> Iterator[str]:
    for key, value in tree.items():
        yield key
        if isinstance(value, dict):
            yield from _keys(value)


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _errors(
    kind: type[SpotifyApiError] = SpotifyApiError,
) -> Iterator[type[SpotifyApiError]]:
    yield kind
    for subclass in kind.__subclasses__():
        yield from _errors(subclass)


def _calls() -> Iterator[ast.Call]:
    return (node for node in nodes() if isinstance(node, ast.Call))


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _constants(function: str, keyword: str) -> Iterator[str]:
    """Go through the constants given to a function under a keyword."""
    for call in _calls():
        for given in call.keywords if _called(call) == function else []:
            match given:
                case ast.keyword(arg=name, value=ast.Constant(value=str(value))):
                    if name == keyword:
                        yield value


def _wrappers() -> set[str]:
    """Return the functions that take a translation key as their first argument."""
    return {
        node.name
        for node in nodes()
        if isinstance(node, ast.FunctionDef) and node.args.args
        for call in ast.walk(node)
        if isinstance(call, ast.keyword)
        and call.arg == "translation_key"
        and isinstance(call.value, ast.Name)
        and call.value.id == node.args.args[0].arg
    }


def _named_keys() -> Iterator[tuple[str, set[str] | None]]:
    """Go through the keys named in calls, with the placeholders where they show."""
    wrappers = _wrappers()
    for call in _calls():
        keywords = {given.arg: given.value for given in call.keywords if given.arg}
        match keywords.get("translation_key"), keywords.get("translation_placeholders"):
            case ast.Constant(value=str(key)), None:
                yield key, None
            case ast.Constant(value=str(key)), ast.Dict(keys=given):
                yield key, {str(ast.literal_eval(name)) for name in given if name}
            case ast.Constant(value=str(key)), _:
                yield key, None
        if _called(call) in wrappers and call.args:
            match call.args[0]:
                case ast.Constant(value=str(key)):
                    whole = len(keywords) == len(call.keywords)
                    yield key, set(keywords) if whole else None


def _class_keys() -> Iterator[str]:
    """Go through the keys that entity classes carry."""
    for node in nodes():
        match node:
            case ast.Assign(
                targets=[ast.Name(id="_attr_translation_key")],
                value=ast.Constant(value=str(key)),
            ):
                yield key
