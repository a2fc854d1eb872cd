"""Two players of one box in one room: voice can't tell them apart, or commands both."""

from dataclasses import dataclass
from typing import Any

from homeassistant.components.homeassistant import exposed_entities
from homeassistant.components.homeassistant.const import DATA_EXPOSED_ENTITIES
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)

from .const import DOMAIN
from .household_speakers import HouseholdSpeakers
from .speaker_devices import area_of_entity, async_player_of

ISSUE = "two_players"
# The assistant that Home Assistant's own sentences belong to.
ASSISTANT = "conversation"


@dataclass(frozen=True, slots=True)
class DoubledPlayer:
    """Our player of a speaker and the one it is linked to, both exposed in one area."""

    speaker_id: str
    speaker: str
    own: str
    linked: str
    area: str


@callback
def async_doubled(
    hass: HomeAssistant, speakers: HouseholdSpeakers
) -> list[DoubledPlayer]:
    """Return the speakers that voice meets twice in their rooms."""
    areas, found = ar.async_get(hass), []
    for speaker_id, settings in speakers.book.settings.items():
        own, linked = async_player_of(hass, speaker_id), settings.linked
        if own is None or linked is None:
            continue
        where = area_of_entity(hass, own)
        area = areas.async_get_area(where) if where else None
        if area is None or area_of_entity(hass, linked) != where:
            continue
        if _is_exposed(hass, own) and _is_exposed(hass, linked):
            name = speakers.book.speakers[speaker_id].name
            found.append(DoubledPlayer(speaker_id, name, own, linked, area.name))
    return found


class DoubledPlayers:
    """Opens an issue for each doubled player, and withdraws it when there is but one."""

    def __init__(self, hass: HomeAssistant, speakers: HouseholdSpeakers) -> None:
        """Watch the speakers of a household."""
        self._hass = hass
        self._speakers = speakers
        self._open: dict[str, DoubledPlayer] = {}
        self._stops: list[CALLBACK_TYPE] = []

    @callback
    def async_start(self) -> None:
        """Watch links, areas and exposure; to be called once."""
        self._stops = [
            self._speakers.async_add_listener(self._async_check),
            self._hass.bus.async_listen(
                er.EVENT_ENTITY_REGISTRY_UPDATED, self._async_hear
            ),
            self._hass.bus.async_listen(
                dr.EVENT_DEVICE_REGISTRY_UPDATED, self._async_hear
            ),
        ]
        if DATA_EXPOSED_ENTITIES in self._hass.data:
            self._stops.append(
                exposed_entities.async_listen_entity_updates(
                    self._hass, ASSISTANT, self._async_check
                )
            )

    @callback
    def async_stop(self) -> None:
        """Watch no more."""
        while self._stops:
            self._stops.pop()()
        for speaker_id in self._open:
            ir.async_delete_issue(self._hass, DOMAIN, f"{ISSUE}_{speaker_id}")
        self._open.clear()

    @callback
    def _async_hear(self, _event: Event[Any]) -> None:
        self._async_check()

    @callback
    def _async_check(self) -> None:
        doubled = {
            one.speaker_id: one for one in async_doubled(self._hass, self._speakers)
        }
        for gone in self._open.keys() - doubled.keys():
            ir.async_delete_issue(self._hass, DOMAIN, f"{ISSUE}_{gone}")
        for speaker_id, one in doubled.items():
            if self._open.get(speaker_id) == one:
                continue
            ir.async_create_issue(
                self._hass,
                DOMAIN,
                f"{ISSUE}_{speaker_id}",
                data={"own": one.own, "linked": one.linked},
                is_fixable=True,
                severity=ir.IssueSeverity.WARNING,
                translation_key=ISSUE,
                translation_placeholders={
                    "speaker": one.speaker,
                    "own": one.own,
                    "linked": one.linked,
                    "area": one.area,
                },
            )
        self._open = doubled


def _is_exposed(hass: HomeAssistant, entity_id: str) -> bool:
    if DATA_EXPOSED_ENTITIES not in hass.data:
        return False
    entity = er.async_get(hass).async_get(entity_id)
    if entity is not None and (entity.disabled_by or entity.hidden_by):
        return False
    return exposed_entities.async_should_expose(hass, ASSISTANT, entity_id)
