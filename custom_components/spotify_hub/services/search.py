"""Actions: search."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..account.search import MOST, Scope
from ..api.catalogue import LARGEST_SEARCH_PAGE, SearchType
from ..api.scopes import Feature
from ..api.uri import UriType
from ..failures import invalid
from .action import Action, Call, require
from .answers import hit_answer
from .fields import ATTR_LIMIT, ATTR_MEDIA_TYPE, whole

ATTR_QUERY: Final = "query"
ATTR_SCOPE: Final = "scope"


def _check(data: Mapping[str, Any]) -> None:
    if not data[ATTR_QUERY].strip():
        raise invalid("empty_query")


async def _search(call: Call) -> JsonObjectType:
    kinds = [UriType(kind) for kind in call.data.get(ATTR_MEDIA_TYPE, ())]
    scope = call.data[ATTR_SCOPE]
    if scope is Scope.OWN and (not kinds or UriType.PLAYLIST in kinds):
        require(call.hass, call.entry, Feature.PLAYLISTS)
    found = await call.account.search.find(
        call.data[ATTR_QUERY],
        kinds=kinds,
        scope=scope,
        total=call.data[ATTR_LIMIT],
    )
    return {
        "results": {
            f"{kind}s": [hit_answer(hit) for hit in hits]
            for kind, hits in found.hits.items()
        },
        "best": hit_answer(found.best) if found.best else None,
    }


ACTIONS: tuple[Action, ...] = (
    Action(
        name="search",
        run=_search,
        fields={
            vol.Required(ATTR_QUERY): cv.string,
            vol.Optional(ATTR_MEDIA_TYPE): vol.All(
                cv.ensure_list, [vol.In([one.value for one in SearchType])]
            ),
            vol.Optional(ATTR_SCOPE, default=Scope.BOTH): vol.Coerce(Scope),
            vol.Optional(ATTR_LIMIT, default=LARGEST_SEARCH_PAGE): vol.All(
                whole, vol.Range(min=1, max=MOST)
            ),
        },
        only_answers=True,
        check=_check,
    ),
)
