"""Sentences made from the templates of a language: Home Assistant's, or ours."""

from collections.abc import Iterator, Mapping, Sequence
from random import Random

from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    Sentence,
    TextChunk,
)
from hassil.intents import Intents, RangeSlotList, SlotList, TextSlotList
from home_assistant_intents import get_intents

# How often each template is filled in, each time otherwise.
TIMES = 4
# What Home Assistant knows of a house, or takes as it comes.
FILLINGS: Mapping[str, Sequence[str]] = {
    "area": ("Kitchen", "Living room", "Küche", "Bedroom"),
    "conversation_command": ("turn off the lights", "open the garage door"),
    "floor": ("upstairs", "first floor"),
    "item": ("milk", "two eggs", "batteries"),
    "message": ("dinner is ready", "come here please"),
    "name": ("Kitchen lights", "Spotify Anna", "Kitchen", "TV", "Sonos", "shuffle"),
    "response": ("good morning",),
    "search_query": ("jazz", "queen", "so what by miles davis", "the next episode"),
    "timer_command": ("turn off the lights",),
    "zone": ("home", "work", "school"),
    "todo_list_item": ("milk", "workout", "call anna"),
    "shopping_list_item": ("milk", "eggs"),
    "timer_name": ("pizza", "sleep", "music"),
}


def of_home_assistant(language: str) -> Iterator[tuple[str, str]]:
    """Go through what Home Assistant understands by itself; each with its intent."""
    data = get_intents(language)
    assert data is not None
    return made_from(Intents.from_dict(dict(data)))


def made_from(intents: Intents, times: int = TIMES) -> Iterator[tuple[str, str]]:
    """Go through sentences of each template, with the name of its intent.

    They are the same every time.
    """
    rng = Random(intents.language)
    for name, intent in intents.intents.items():
        for block in intent.data:
            rules = {**intents.expansion_rules, **block.expansion_rules}
            lists = {**intents.slot_lists, **block.slot_lists}
            for sentence in block.sentences:
                for _ in range(times):
                    text = _filled(sentence.expression, lists, rules, rng)
                    yield name, " ".join(text.split())


def _filled(
    part: Expression,
    lists: Mapping[str, SlotList],
    rules: Mapping[str, Sentence],
    rng: Random,
) -> str:
    match part:
        case TextChunk():
            return part.original_text
        case RuleReference():
            return _filled(rules[part.rule_name].expression, lists, rules, rng)
        case ListReference():
            return _named(part, lists, rules, rng)
        case Alternative():
            return _filled(rng.choice(part.items), lists, rules, rng)
        case Permutation():
            items = rng.sample(part.items, len(part.items))
            return " ".join(_filled(item, lists, rules, rng) for item in items)
        case Group():
            return "".join(_filled(item, lists, rules, rng) for item in part.items)
    raise TypeError(part)


def _named(
    part: ListReference,
    lists: Mapping[str, SlotList],
    rules: Mapping[str, Sentence],
    rng: Random,
) -> str:
    values = lists.get(part.list_name)
    text: str
    match values:
        case TextSlotList() if values.values:
            text = _filled(rng.choice(values.values).text_in, lists, rules, rng)
        case RangeSlotList():
            text = str(rng.randrange(values.start, values.stop + 1, values.step))
        case _ if part.is_inline_range:
            text = str(rng.randint(1, 50))
        case _:
            text = rng.choice(FILLINGS[part.list_name])
    return f"{part.prefix or ''}{text}{part.suffix or ''}"
