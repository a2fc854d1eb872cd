"""The action that answers questions about the history, one of many by its name."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType, JsonValueType
import voluptuous as vol

from ..account.history import HistoryOperations
from ..account.periods import Span
from ..archive.statistics import days, habits, tops
from ..archive.statistics.days import Unit
from ..archive.statistics.scope import Amount
from ..archive.statistics.tops import By, Top
from ..callers import async_account_for
from ..failures import invalid
from .action import Action, Call
from .fields import ATTR_LIMIT
from .history_answers import (
    album_answer,
    amount_answer,
    artist_answer,
    context_answer,
    iso,
    item_answer,
    seconds,
    speaker_answer,
)
from .history_fields import ATTR_ITEM, TIME, check_time, limit, span_in

ATTR_BY: Final = "by"
ATTR_COMPARE_WITH: Final = "compare_with"
ATTR_QUESTION: Final = "question"

_ENTRIES: Final = 10


class Question(StrEnum):
    """What can be asked."""

    TOP_TRACKS = "top_tracks"
    TOP_ARTISTS = "top_artists"
    TOP_ALBUMS = "top_albums"
    TOP_SHOWS = "top_shows"
    TOP_EPISODES = "top_episodes"
    TOTAL = "total"
    PER_DAY = "per_day"
    PER_WEEK = "per_week"
    PER_MONTH = "per_month"
    PER_YEAR = "per_year"
    HEAT_MAP = "heat_map"
    DISCOVERIES = "discoveries"
    STREAKS = "streaks"
    SESSIONS = "sessions"
    SKIP_RATE = "skip_rate"
    BY_SPEAKER = "by_speaker"
    BY_CONTEXT = "by_context"
    FIRST_AND_LAST = "first_and_last"
    COMPARISON = "comparison"
    COMPLETENESS = "completeness"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question's particulars; `by` is None where nobody said what comes first."""

    history: HistoryOperations
    span: Span
    limit: int
    by: By | None
    item: str | None
    other: HistoryOperations | None


type _Answer = Callable[[_Asked], Awaitable[JsonObjectType]]


def _first[T](
    question: Callable[..., list[Top[T]]], phrase: Callable[[T], JsonObjectType]
) -> _Answer:
    """Return what answers with what was listened to most."""

    async def answer(asked: _Asked) -> JsonObjectType:
        how = {} if asked.by is None else {"by": asked.by}
        history = asked.history
        found = await history.ask(question, asked.span, limit=asked.limit, **how)
        return _tops(found, phrase)

    return answer


def _tops[T](
    found: list[Top[T]], phrase: Callable[[T], JsonObjectType]
) -> JsonObjectType:
    return {
        "items": [{**phrase(top.what), **amount_answer(top.amount)} for top in found]
    }


def _per(unit: Unit) -> _Answer:
    """Return what answers with how much was listened in each stretch of time."""

    async def answer(asked: _Asked) -> JsonObjectType:
        history = asked.history
        found = await history.ask(days.per_unit, asked.span, history.zone, unit)
        return {
            "items": [
                {"start": one.start.isoformat(), **amount_answer(one.amount)}
                for one in found
            ]
        }

    return answer


async def _total(asked: _Asked) -> JsonObjectType:
    amount = await asked.history.ask(days.amount, asked.span)
    return {
        **amount_answer(amount),
        "skip_rate": amount.skips / amount.starts if amount.starts else None,
        "discovered": await asked.history.ask(habits.discovered, asked.span),
    }


async def _heat_map(asked: _Asked) -> JsonObjectType:
    week = await asked.history.ask(days.heat_map, asked.span, asked.history.zone)
    return {
        "plays": [[hour.plays for hour in day] for day in week],
        "listened": [[seconds(hour.listened_ms) for hour in day] for day in week],
    }


async def _discoveries(asked: _Asked) -> JsonObjectType:
    found = await asked.history.ask(habits.discoveries, asked.span, asked.limit)
    return {
        "total": await asked.history.ask(habits.discovered, asked.span),
        "items": [
            {**item_answer(one.item), "first_played": iso(one.first)} for one in found
        ],
    }


async def _streaks(asked: _Asked) -> JsonObjectType:
    found = await asked.history.ask(days.streaks, asked.span, asked.history.zone)
    return {
        "total": len(found),
        "items": [
            {
                "first": one.first.isoformat(),
                "last": one.last.isoformat(),
                "days": one.days,
            }
            for one in found[: asked.limit]
        ],
    }


async def _sessions(asked: _Asked) -> JsonObjectType:
    found = await asked.history.ask(habits.sessions, asked.span, asked.limit)
    return {
        "total": found.count,
        "listened": seconds(found.listened_ms),
        "items": [
            {
                "started": iso(one.started),
                "ended": iso(one.ended),
                "starts": one.starts,
                "listened": seconds(one.listened_ms),
            }
            for one in found.longest
        ],
    }


async def _skip_rate(asked: _Asked) -> JsonObjectType:
    return {"skip_rate": await asked.history.ask(days.skip_rate, asked.span)}


async def _by_speaker(asked: _Asked) -> JsonObjectType:
    found = await asked.history.ask(habits.by_speaker, asked.span)
    return _tops(found[: asked.limit], speaker_answer)


async def _by_context(asked: _Asked) -> JsonObjectType:
    found = await asked.history.ask(habits.by_context, asked.span, asked.limit)
    return _tops(found, context_answer)


async def _first_and_last(asked: _Asked) -> JsonObjectType:
    if asked.item is None:
        raise invalid("question_needs_item")
    uri = await asked.history.item(asked.item)
    found = await asked.history.ask(habits.first_and_last, asked.span, uri)
    if found is None:
        return {"first": None, "last": None, **amount_answer(Amount())}
    return {
        "first": iso(found.first),
        "last": iso(found.last),
        **amount_answer(found.amount),
    }


async def _comparison(asked: _Asked) -> JsonObjectType:
    if asked.other is None:
        raise invalid("question_needs_account")
    found = await asked.history.compare(asked.other, asked.span, asked.limit)
    return {
        "likeness": found.likeness,
        "works": found.one_works,
        "other_works": found.other_works,
        "shared_works": found.shared_works,
        "items": [
            {
                **item_answer(one.item),
                "one": amount_answer(one.one),
                "other": amount_answer(one.other),
            }
            for one in found.shared
        ],
    }


async def _completeness(asked: _Asked) -> JsonObjectType:
    history = asked.history
    found = await history.ask(days.completeness, asked.span, history.zone)
    return {
        "items": [
            {"start": one.day.isoformat(), "complete": one.complete} for one in found
        ],
        "gaps": [
            {"start": iso(gap.since), "end": iso(gap.until)}
            for gap in await history.gaps(asked.span)
        ],
    }


ANSWERS: Final[Mapping[Question, _Answer]] = {
    Question.TOP_TRACKS: _first(tops.top_tracks, item_answer),
    Question.TOP_ARTISTS: _first(tops.top_artists, artist_answer),
    Question.TOP_ALBUMS: _first(
        tops.top_albums, lambda album: album_answer(album, "album")
    ),
    Question.TOP_SHOWS: _first(tops.top_shows, lambda show: album_answer(show, "show")),
    Question.TOP_EPISODES: _first(tops.top_episodes, item_answer),
    Question.TOTAL: _total,
    Question.PER_DAY: _per(Unit.DAY),
    Question.PER_WEEK: _per(Unit.WEEK),
    Question.PER_MONTH: _per(Unit.MONTH),
    Question.PER_YEAR: _per(Unit.YEAR),
    Question.HEAT_MAP: _heat_map,
    Question.DISCOVERIES: _discoveries,
    Question.STREAKS: _streaks,
    Question.SESSIONS: _sessions,
    Question.SKIP_RATE: _skip_rate,
    Question.BY_SPEAKER: _by_speaker,
    Question.BY_CONTEXT: _by_context,
    Question.FIRST_AND_LAST: _first_and_last,
    Question.COMPARISON: _comparison,
    Question.COMPLETENESS: _completeness,
}


async def _get_statistics(call: Call) -> JsonObjectType:
    data, history = call.data, call.account.history
    question: Question = data[ATTR_QUESTION]
    span = span_in(data, history)
    answer = await ANSWERS[question](
        _Asked(
            history,
            span,
            data[ATTR_LIMIT],
            data.get(ATTR_BY),
            data.get(ATTR_ITEM),
            await _other(call),
        )
    )
    about: dict[str, JsonValueType] = {
        "question": question.value,
        "start": iso(span.since),
        "end": iso(span.until),
    }
    return {**about, **answer}


async def _other(call: Call) -> HistoryOperations | None:
    """Return the history to compare with; the caller must be allowed to know it too."""
    if (entry_id := call.data.get(ATTR_COMPARE_WITH)) is None:
        return None
    context = call.caller.context
    entry = await async_account_for(call.hass, context, entry_id=entry_id)
    return entry.runtime_data.history


ACTIONS: tuple[Action, ...] = (
    Action(
        name="get_statistics",
        run=_get_statistics,
        check=check_time,
        only_answers=True,
        fields={
            vol.Required(ATTR_QUESTION): vol.Coerce(Question),
            **TIME,
            vol.Optional(ATTR_BY): vol.Coerce(By),
            **limit(_ENTRIES),
            vol.Optional(ATTR_ITEM): vol.All(cv.string, str.strip, vol.Length(min=1)),
            vol.Optional(ATTR_COMPARE_WITH): str,
        },
    ),
)
