"""Actions: saving, removing, following, and asking what is there."""

from collections.abc import Collection
from typing import Any

from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..account.library import FOLLOWED, KINDS, LibraryChange, savable
from ..api.models import Episode
from ..api.scopes import Feature
from ..api.uri import SpotifyUri, UriType
from ..failures import invalid
from . import library_lists
from .action import Action, Call, require
from .fields import ATTR_DRY_RUN, ATTR_ITEMS, DRY_RUN, TEXTS

_LOCAL = "spotify:local:"
_ITEMS: dict[vol.Marker, Any] = {vol.Optional(ATTR_ITEMS): TEXTS}


async def _save(call: Call) -> JsonObjectType:
    uris = await _items(call)
    return _answer(await call.account.library.save(call.caller, uris, check=True))


async def _remove(call: Call) -> JsonObjectType:
    return await _removed(call, await _items(call))


async def _check(call: Call) -> JsonObjectType:
    found = await call.account.library.contains(await _items(call))
    return {"items": dict(found), "all": all(found.values())}


async def _follow(call: Call) -> JsonObjectType:
    uris = await _followed(call)
    return _answer(await call.account.library.save(call.caller, uris, check=True))


async def _unfollow(call: Call) -> JsonObjectType:
    return await _removed(call, await _followed(call))


async def _removed(call: Call, uris: tuple[str, ...]) -> JsonObjectType:
    dry_run = call.data[ATTR_DRY_RUN]
    change = await call.account.library.remove(
        call.caller, uris, check=True, dry_run=dry_run
    )
    return {"dry_run": dry_run, **_answer(change)}


async def _items(call: Call) -> tuple[str, ...]:
    """Return what is named, or else what plays."""
    if ATTR_ITEMS in call.data:
        return await _named(call, KINDS)
    return (savable(call.account.items.playing()),)


async def _followed(call: Call) -> tuple[str, ...]:
    """Return who or what is named, or else the artists of what plays."""
    if ATTR_ITEMS in call.data:
        return await _named(call, FOLLOWED)
    item = call.account.items.playing()
    if isinstance(item, Episode):
        uris = [item.show.uri] if item.show else []
    else:
        uris = [artist.uri for artist in item.artists if artist.uri]
    if not uris:
        raise invalid("nobody_to_follow", item=item.name)
    return tuple(uris)


async def _named(call: Call, kinds: Collection[UriType]) -> tuple[str, ...]:
    texts: list[str] = call.data[ATTR_ITEMS]
    local = [text for text in texts if text.strip().lower().startswith(_LOCAL)]
    if local:
        raise invalid("not_savable", items=", ".join(local))
    found: tuple[SpotifyUri, ...] = await call.account.items.uris(texts, kinds)
    if any(uri.type is UriType.PLAYLIST for uri in found):
        require(call.hass, call.entry, Feature.PLAYLISTS)
    return tuple(map(str, found))


def _answer(change: LibraryChange) -> JsonObjectType:
    return {
        "count": len(change.uris),
        "uris": list(change.uris),
        "skipped": list(change.skipped),
        "checked": change.checked,
    }


ACTIONS: tuple[Action, ...] = (
    Action(name="save_to_library", run=_save, fields=_ITEMS, feature=Feature.LIBRARY),
    Action(
        name="remove_from_library",
        run=_remove,
        fields={**_ITEMS, **DRY_RUN},
        feature=Feature.LIBRARY,
    ),
    Action(
        name="check_library",
        run=_check,
        fields=_ITEMS,
        feature=Feature.LIBRARY,
        only_answers=True,
    ),
    Action(name="follow", run=_follow, fields=_ITEMS, feature=Feature.LIBRARY),
    Action(
        name="unfollow",
        run=_unfollow,
        fields={**_ITEMS, **DRY_RUN},
        feature=Feature.LIBRARY,
    ),
    *library_lists.ACTIONS,
)
