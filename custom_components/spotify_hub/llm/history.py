"""Tools: questions about what was listened to."""

from typing import Any, Final

from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..account.periods import Period
from ..services import history, history_statistics
from ..services.fields import ATTR_LIMIT, ATTR_SPEAKER
from ..services.history import ATTR_ARTIST
from ..services.history_fields import ATTR_END, ATTR_ITEM, ATTR_PERIOD, ATTR_START
from ..services.history_statistics import ATTR_QUESTION, Question
from .brief import local, minutes, thing, without
from .tool import READS_HERE, Offer, action_of

_FEW: Final = 10
_MOST: Final = 30
# What has a short answer.
_QUESTIONS: Final = (
    Question.TOTAL,
    Question.TOP_TRACKS,
    Question.TOP_ARTISTS,
    Question.TOP_ALBUMS,
    Question.TOP_SHOWS,
    Question.TOP_EPISODES,
    Question.DISCOVERIES,
    Question.PER_MONTH,
    Question.PER_YEAR,
    Question.BY_SPEAKER,
    Question.BY_CONTEXT,
    Question.SKIP_RATE,
    Question.FIRST_AND_LAST,
)
_WRITTEN: Final = "as 2026-10-31 or 2026-10-31T08:00, instead of period"
_WHEN: Final[dict[vol.Marker, Any]] = {
    vol.Optional(ATTR_PERIOD, description="Which time; all of it without"): vol.In(
        [period.value for period in Period]
    ),
    vol.Optional(ATTR_START, description=f"From when on, {_WRITTEN}"): cv.string,
    vol.Optional(
        ATTR_END, description=f"Until when, a day to its end, {_WRITTEN}"
    ): cv.string,
}


def _limit(args: dict[str, Any]) -> dict[str, Any]:
    return {ATTR_LIMIT: _FEW} | args


_HOW_MANY: Final[dict[vol.Marker, Any]] = {
    vol.Optional(ATTR_LIMIT, description=f"How many entries, {_FEW} without"): vol.All(
        vol.Coerce(int), vol.Range(min=1, max=_MOST)
    )
}


def _plays(answer: JsonObjectType) -> JsonObjectType:
    items: Any = answer["items"]
    return {
        "plays": [
            without(
                {
                    **thing(one),
                    "at": local(one["played_at"]),
                    "minutes": minutes(one["listened"]),
                    "skipped": one["skipped"] or None,
                    "speaker": one["speaker"],
                    "from": (one["context"] or {}).get("name"),
                },
                (),
            )
            for one in items
        ],
        "there_are_more": answer["next_page"] is not None,
    }


def _statistics(answer: JsonObjectType) -> JsonObjectType:
    items: Any = answer.get("items")
    told = _counted(answer)
    for bound in (ATTR_START, ATTR_END, "first", "last"):
        if bound in told:
            told[bound] = local(told[bound])
    if not items:
        return told
    # Months and years have no limit of their own; they are told the latest last.
    told["items"] = [_counted(one) for one in items[-_MOST:]]
    left_out = len(items) - _MOST
    return told | ({"earlier_left_out": left_out} if left_out > 0 else {})


def _counted(answer: JsonObjectType) -> JsonObjectType:
    """Return an entry with its amounts in minutes."""
    told: JsonObjectType = {
        **answer,
        **thing(answer),
        "minutes": minutes(answer.get("listened")),
    }
    return without(told, ("album_uri", "duration", "listened", "show_uri"))


OFFERS: Final = (
    Offer(
        name="plays",
        title="What was played",
        description=(
            "Tells what the user listened to on Spotify at a time, the latest first: "
            "such as what did I play on Sunday morning. Times are local."
        ),
        action=action_of(history.ACTIONS, "get_plays"),
        annotations=READS_HERE,
        parameters={
            **_WHEN,
            vol.Optional(ATTR_ARTIST, description="Only of this artist"): cv.string,
            vol.Optional(ATTR_ITEM, description="Only this song or episode"): cv.string,
            vol.Optional(ATTR_SPEAKER, description="Only on this speaker"): cv.string,
            **_HOW_MANY,
        },
        data=_limit,
        brief=_plays,
    ),
    Offer(
        name="statistics",
        title="Listening statistics",
        description=(
            "Answers a question about how much and what the user listened to on "
            "Spotify. To compare two times, such as this year with last year, call it "
            "for each. first_and_last needs item."
        ),
        action=action_of(history_statistics.ACTIONS, "get_statistics"),
        annotations=READS_HERE,
        parameters={
            vol.Required(ATTR_QUESTION, description="What is asked"): vol.In(
                [question.value for question in _QUESTIONS]
            ),
            **_WHEN,
            vol.Optional(ATTR_ITEM, description="Name of a song or episode"): cv.string,
            **_HOW_MANY,
        },
        data=_limit,
        brief=_statistics,
    ),
)
