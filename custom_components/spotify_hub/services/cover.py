"""The action that gives a playlist a cover."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.importlib import async_import_module
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..account.cover import jpeg_for_cover
from ..api.scopes import Feature
from ..failures import invalid
from ..paths import allowed_path
from .action import Action, Call
from .fields import ATTR_PLAYLIST, PLAYLIST

ATTR_ENTITY: Final = "entity"
ATTR_PATH: Final = "path"
# Bytes of a file or picture beyond which it is not read.
LARGEST_FILE: Final = 20 * 1024 * 1024


def _check(data: Mapping[str, Any]) -> None:
    if bool(data.get(ATTR_PATH)) is bool(data.get(ATTR_ENTITY)):
        raise invalid("path_or_entity")


async def _set_playlist_cover(call: Call) -> JsonObjectType:
    if path := call.data.get(ATTR_PATH):
        picture = await call.hass.async_add_executor_job(_read, call.hass, path)
    else:
        picture = await _picture_of(call, call.data[ATTR_ENTITY])
    jpeg = await call.hass.async_add_executor_job(jpeg_for_cover, picture)
    playlist = await call.account.playlists.set_cover(
        call.caller, call.data[ATTR_PLAYLIST], jpeg
    )
    return {"playlist": playlist.name, "uri": playlist.uri, "size": len(jpeg)}


def _read(hass: HomeAssistant, text: str) -> bytes:
    """Return what is in a file, if it lies where Home Assistant may read."""
    try:
        path = allowed_path(hass, text)
        if not path.is_file():
            raise invalid("cover_file_missing", path=text)
        with path.open("rb") as file:
            picture = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as err:
        raise invalid("cover_file_missing", path=text) from err
    _check_size(picture)
    return picture


async def _picture_of(call: Call, entity_id: str) -> bytes:
    """Return the picture that a camera or image entity shows."""
    await _check_may_see(call, entity_id)
    domain = entity_id.partition(".")[0]
    state = call.hass.states.get(entity_id)
    if state is None or domain not in call.hass.config.components:
        raise invalid("cover_entity_unknown", entity=entity_id)
    if state.state == STATE_UNAVAILABLE:
        raise invalid("cover_entity_unavailable", entity=entity_id)
    # Loaded only where it is in use: importing cameras loads libraries.
    component = await async_import_module(
        call.hass, f"homeassistant.components.{domain}"
    )
    try:
        picture: bytes = (await component.async_get_image(call.hass, entity_id)).content
    except HomeAssistantError as err:
        raise invalid("cover_entity_unavailable", entity=entity_id) from err
    _check_size(picture)
    return picture


async def _check_may_see(call: Call, entity_id: str) -> None:
    """See to it that nobody publishes what Home Assistant does not show them."""
    user_id = call.caller.context.user_id
    user = await call.hass.auth.async_get_user(user_id) if user_id else None
    if user and not user.permissions.check_entity(entity_id, POLICY_READ):
        raise Unauthorized(
            context=call.caller.context, entity_id=entity_id, permission=POLICY_READ
        )


def _check_size(picture: bytes) -> None:
    if len(picture) > LARGEST_FILE:
        raise invalid("cover_file_too_large", most=str(LARGEST_FILE // 1024**2))


ACTIONS = (
    Action(
        name="set_playlist_cover",
        run=_set_playlist_cover,
        check=_check,
        feature=Feature.PLAYLISTS,
        fields={
            **PLAYLIST,
            vol.Optional(ATTR_PATH): cv.string,
            vol.Optional(ATTR_ENTITY): vol.All(
                cv.entity_domain(["camera", "image"]), cv.string
            ),
        },
    ),
)
