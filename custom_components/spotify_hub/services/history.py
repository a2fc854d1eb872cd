"""Actions: the plays of an account: asking for them, taking them out, deleting them."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..account.history_export import Form, export_at_once, export_to_file
from ..api.uri import InvalidUriError, parse_uri
from ..archive.plays import Asked, Place
from ..callers import async_check_ownership
from ..failures import invalid
from ..paths import allowed_path
from .action import Action, Call
from .fields import ATTR_DRY_RUN, ATTR_LIMIT, ATTR_SPEAKER, DRY_RUN, LONGEST, whole
from .history_answers import iso, play_answer
from .history_fields import (
    ATTR_END,
    ATTR_ITEM,
    ATTR_PERIOD,
    ATTR_START,
    TIME,
    check_time,
    limit,
    span_in,
)

ATTR_ALBUM: Final = "album"
ATTR_ARTIST: Final = "artist"
ATTR_CONTEXT: Final = "context"
ATTR_FORMAT: Final = "format"
ATTR_MIN_LISTENED: Final = "min_listened"
ATTR_OVERWRITE: Final = "overwrite"
ATTR_PAGE: Final = "page"
ATTR_PATH: Final = "path"
ATTR_SHOW: Final = "show"

_PLAYS: Final = 50
_TEXT: Final = vol.All(cv.string, str.strip, vol.Length(min=1))


def _page(value: Any) -> Place:
    """Return where an earlier answer ended."""
    try:
        place = Place(*(int(part) for part in cv.string(value).split(".")))
    except (TypeError, ValueError) as err:
        raise vol.Invalid("expected what an answer gave as next_page") from err
    if any(abs(part) >= 1 << 63 for part in place):
        raise vol.Invalid("expected what an answer gave as next_page")
    return place


async def _get_plays(call: Call) -> JsonObjectType:
    history, data = call.account.history, call.data
    since, until = span_in(data, history)
    item, seconds = data.get(ATTR_ITEM), data.get(ATTR_MIN_LISTENED)
    asked = Asked(
        since=since,
        until=until,
        item=await history.item(item) if item else None,
        **{
            what: _uri_or_name(data[what])
            for what in (ATTR_ARTIST, ATTR_ALBUM, ATTR_SHOW, ATTR_CONTEXT)
            if what in data
        },
        speakers=_speakers(call),
        min_listened_ms=None if seconds is None else seconds * 1000,
    )
    page = await history.plays(asked, data[ATTR_LIMIT], data.get(ATTR_PAGE))
    return {
        "returned": len(page.plays),
        "next_page": ".".join(map(str, page.next)) if page.next else None,
        "items": [play_answer(play) for play in page.plays],
    }


def _uri_or_name(text: str) -> str:
    """Return what is a link or a URI as Spotify writes it, and anything else as it is."""
    try:
        return str(parse_uri(text))
    except InvalidUriError:
        return text


def _speakers(call: Call) -> tuple[str, ...] | None:
    """Return the speakers that are meant; one that the book has forgotten by its name."""
    if (text := call.data.get(ATTR_SPEAKER)) is None:
        return None
    known = (speaker.id for speaker in call.account.own_speakers.async_find(text))
    return (text, *known)


async def _export_history(call: Call) -> JsonObjectType:
    history, data = call.account.history, call.data
    asked, form = Asked(None, *span_in(data, history)), data[ATTR_FORMAT]
    if (text := data.get(ATTR_PATH)) is None:
        return {"content": await export_at_once(history, asked, form)}
    path = await call.hass.async_add_executor_job(allowed_path, call.hass, text)
    plays = await export_to_file(
        call.hass, history, asked, form, path, overwrite=data[ATTR_OVERWRITE]
    )
    return {"path": str(path), "plays": plays}


async def _delete_history(call: Call) -> JsonObjectType:
    await async_check_ownership(call.hass, call.caller.context, call.entry)
    history, data = call.account.history, call.data
    item, dry_run = data.get(ATTR_ITEM), data[ATTR_DRY_RUN]
    deleted = await history.delete(
        span_in(data, history),
        await history.item(item) if item else None,
        dry_run=dry_run,
    )
    return {
        "dry_run": dry_run,
        "deleted": deleted.plays,
        "first": iso(deleted.first),
        "last": iso(deleted.last),
    }


def _check_deletion(data: Mapping[str, Any]) -> None:
    check_time(data)
    if not data.keys() & {ATTR_END, ATTR_ITEM, ATTR_PERIOD, ATTR_START}:
        raise invalid("delete_what")


ACTIONS: tuple[Action, ...] = (
    Action(
        name="get_plays",
        run=_get_plays,
        check=check_time,
        only_answers=True,
        fields={
            **TIME,
            **{
                vol.Optional(what): _TEXT
                for what in (
                    ATTR_ITEM,
                    ATTR_ARTIST,
                    ATTR_ALBUM,
                    ATTR_SHOW,
                    ATTR_SPEAKER,
                    ATTR_CONTEXT,
                )
            },
            vol.Optional(ATTR_MIN_LISTENED): vol.All(
                whole, vol.Range(min=0, max=LONGEST)
            ),
            **limit(_PLAYS),
            vol.Optional(ATTR_PAGE): _page,
        },
    ),
    Action(
        name="export_history",
        run=_export_history,
        check=check_time,
        fields={
            vol.Optional(ATTR_PATH): _TEXT,
            vol.Optional(ATTR_FORMAT, default=Form.JSON_LINES.value): vol.Coerce(Form),
            **TIME,
            vol.Optional(ATTR_OVERWRITE, default=False): cv.boolean,
        },
    ),
    Action(
        name="delete_history",
        run=_delete_history,
        check=_check_deletion,
        fields={**TIME, vol.Optional(ATTR_ITEM): _TEXT, **DRY_RUN},
    ),
)
