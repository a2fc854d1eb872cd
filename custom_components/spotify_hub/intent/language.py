"""A language's file of sentences: what may be said, and what is answered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from homeassistant.util.yaml import load_yaml_dict

from .phrasing import Manner, Template, template

SENTENCES = Path(__file__).parent.parent / "sentences"
ENGLISH = "en"
PREFIX = "SpotifyHub"


@dataclass(frozen=True, slots=True)
class Pattern:
    """What may be said, with `{lists}` and `<rules>`, and the intent that it means.

    `slots` are values that go without saying.
    """

    intent: str
    text: str
    slots: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Language:
    """What stands in the file of one language.

    `lists` are words and what they mean. `answers` and `failures` are by key; a
    failure's is that of the error's translation.
    """

    code: str
    manner: Manner
    patterns: Sequence[Pattern]
    rules: Mapping[str, str]
    lists: Mapping[str, Mapping[str, Any]]
    answers: Mapping[str, Template]
    failures: Mapping[str, Template]


def load_languages(folder: Path = SENTENCES) -> dict[str, Language]:
    """Read every language there is, by its code; to be called in an executor."""
    return {
        path.stem: read(path.stem, load_yaml_dict(path))
        for path in sorted(folder.glob("*.yaml"))
    }


def read(code: str, data: Mapping[str, Any]) -> Language:
    """Return what a file says.

    Raises:
        KeyError, TypeError, ValueError: it is not of the form that docs/voice.md tells.
    """
    return Language(
        code=code,
        manner=Manner(
            conjunction=data["and"],
            one=frozenset(data["one"]),
            units={
                unit: (str(forms[0]), str(forms[1]))
                for unit, forms in data["units"].items()
            },
            time=data["time"],
        ),
        patterns=tuple(_patterns(data["intents"])),
        rules=dict(data.get("rules", {})),
        lists={
            name: {str(said): meant for said, meant in words.items()}
            for name, words in data.get("lists", {}).items()
        },
        answers={key: template(text) for key, text in data["answers"].items()},
        failures={key: template(text) for key, text in data["failures"].items()},
    )


def closest(languages: Mapping[str, Language], wanted: str) -> Language:
    """Return a language, or English where there is none such: "de" is meant by "de-AT"."""
    return languages.get(wanted.split("-", maxsplit=1)[0].lower(), languages[ENGLISH])


def _patterns(intents: Mapping[str, Any]) -> Iterator[Pattern]:
    for name, blocks in intents.items():
        for block in blocks:
            if isinstance(block, str):
                yield Pattern(PREFIX + name, block)
                continue
            for text in block["sentences"]:
                yield Pattern(PREFIX + name, text, dict(block["slots"]))
