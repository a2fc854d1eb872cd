"""Sentences as Home Assistant's recognizer takes them, with the names of a household.

Home Assistant itself is told only what is ours: there a name is one of those that
are known, and a number is anything. What was said is then taken apart by the same
sentences with lists of names and numbers.
"""

from collections.abc import Iterable, Iterator, Mapping
import re
from typing import Any, Final

from ..account.moments import YEARS
from .language import Language, Pattern
from .names import LISTS, Names, SpokenNames, spoken_names

# What is free to be anything.
ITEM: Final = "item"
# Numbers, from and to.
NUMBERS: Final[Mapping[str, tuple[int, int]]] = {
    "hour": (0, 24),
    "hours": (1, 12),
    "minute": (0, 59),
    "minutes": (1, 180),
    "seconds": (1, 300),
}
# What is said alike in every language.
COMMON: Final[Mapping[str, Mapping[str, Any]]] = {
    "year": {str(year): year for year in YEARS}
}
# The rule for a time of day; there are too many ways to write one.
TIME: Final = "time"
# A rule, whether or not it stands in parentheses; what it says always does.
_RULE = re.compile(r"\(<(\w+)>\)|<(\w+)>")
_LIST = re.compile(r"\{(\w+)\}")


def own_sentences(language: Language, names: Names) -> Iterator[str]:
    """Go through all sentences that are ours, for a conversation trigger.

    Home Assistant reads them again whenever any trigger's have changed, while it is
    asked something: no list stands in more of them than it must.
    """
    known = spoken_names(names, language.manner.conjunction)
    freely = {**language.rules, TIME: f"{{{TIME}}}"}
    patterns = usable(language, known, freely)
    for text in merged(pattern.text for pattern in patterns):
        yield _LIST.sub(lambda found: _alternatives(found[1], language, known), text)


def intents(language: Language, names: Names) -> dict[str, Any]:
    """Return the definitions by which a sentence of ours is taken apart.

    Each pattern is an intent of its own, named by its number among the usable ones.
    """
    known = spoken_names(names, language.manner.conjunction)
    words: dict[str, Mapping[str, Any]] = {
        **{kind: known.of(kind) for kind in LISTS},
        **COMMON,
        **language.lists,
    }
    return {
        "language": language.code,
        "intents": {
            str(number): {"data": [{"sentences": [one.text]}]}
            for number, one in enumerate(usable(language, known, language.rules))
        },
        "lists": {
            **{
                name: {"values": [{"in": said, "out": out} for said, out in of.items()]}
                for name, of in words.items()
                if of
            },
            **{
                name: {"range": {"from": least, "to": most}}
                for name, (least, most) in NUMBERS.items()
            },
            ITEM: {"wildcard": True},
        },
    }


def usable(
    language: Language, known: SpokenNames, rules: Mapping[str, str]
) -> list[Pattern]:
    """Return what can be said at all, with its rules written out.

    What needs a name of which there is none can't be.
    """
    missing = {kind for kind in LISTS if not known.of(kind)}
    found: list[Pattern] = []
    for pattern in language.patterns:
        text = without_optional(expanded(pattern.text, rules), missing)
        if missing.isdisjoint(_LIST.findall(text)):
            found.append(Pattern(pattern.intent, text, pattern.slots))
    return found


def expanded(text: str, rules: Mapping[str, str]) -> str:
    """Return a sentence with the rules that it refers to written out.

    Raises:
        KeyError: there is no such rule.
    """
    while _RULE.search(text):
        text = _RULE.sub(lambda found: f"({rules[found[1] or found[2]]})", text)
    return text


def merged(texts: Iterable[str]) -> Iterator[str]:
    """Go through sentences; those that go on alike from their first list on are one."""
    beginnings: dict[str, dict[str, None]] = {}
    for text in texts:
        beginning, rest = _at_first_list(text)
        beginnings.setdefault(rest, {})[beginning] = None
    for rest, ways in beginnings.items():
        if rest and len(ways) > 1 and "" not in ways:
            yield f"({'|'.join(ways)}) {rest}"
        else:
            yield from (f"{way} {rest}".strip() for way in ways)


def _at_first_list(text: str) -> tuple[str, str]:
    """Return what a sentence says before the part with its first list, and the rest."""
    parts = [""]
    depth = 0
    for sign in text:
        depth += (sign in "([") - (sign in ")]")
        if sign == " " and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    first = next(
        (number for number, part in enumerate(parts) if "{" in part), len(parts)
    )
    return " ".join(parts[:first]), " ".join(parts[first:])


def without_optional(text: str, missing: set[str]) -> str:
    """Return a sentence without optional parts that need a list which is missing."""
    parts: list[str] = [""]
    for sign in text:
        if sign == "[":
            parts.append("")
        elif sign == "]" and len(parts) > 1:
            part = parts.pop()
            if missing.isdisjoint(_LIST.findall(part)):
                parts[-1] += f"[{part}]"
        else:
            parts[-1] += sign
    return "".join(parts)


def _alternatives(name: str, language: Language, known: SpokenNames) -> str:
    words = known.of(name) or language.lists.get(name) or COMMON.get(name)
    return f"({'|'.join(words)})" if words else f"{{{name}}}"
