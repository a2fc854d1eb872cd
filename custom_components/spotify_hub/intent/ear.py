"""What is said in the house, as far as it is for us: one registration for all of it."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from hassil.intents import Intents
from hassil.recognize import RecognizeResult, recognize_best
from homeassistant.components.conversation import ConversationInput
from homeassistant.components.conversation.agent_manager import get_agent_manager
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
)
from homeassistant.core import CALLBACK_TYPE, Event, HassJob, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    intent,
)
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later

from ..account import SpotifyHubConfigEntry
from ..const import DOMAIN
from ..speaker_devices import async_area_of
from .failure import NOT_UNDERSTOOD
from .grammar import ITEM, intents, own_sentences, usable
from .language import Language, Pattern, closest
from .names import Names, spoken_names
from .phrasing import say

# Seconds in which several names may change.
SETTLED = 1.0
# Registries whose changes may be of rooms and speakers in them.
_PLACES = (
    ar.EVENT_AREA_REGISTRY_UPDATED,
    dr.EVENT_DEVICE_REGISTRY_UPDATED,
    er.EVENT_ENTITY_REGISTRY_UPDATED,
)


class Grammar:
    """One language's sentences, with the names of the house."""

    def __init__(self, language: Language, names: Names) -> None:
        """Take sentences apart by the names that are known."""
        self.intents = Intents.from_dict(intents(language, names))
        known = spoken_names(names, language.manner.conjunction)
        self.patterns = usable(language, known, language.rules)

    def take_apart(self, text: str) -> tuple[Pattern, dict[str, Any]] | None:
        """Return what was said by which pattern, and what it names."""
        found = recognize_best(text, self.intents)
        if found is None:
            return None
        pattern = self.patterns[int(found.intent.name)]
        values = {name: _value(slot.value) for name, slot in found.entities.items()}
        return pattern, {**pattern.slots, **values, **_whole_item(text, found)}


class Ear:
    """Hears sentences of ours while an account is there, in all languages at once."""

    def __init__(self, hass: HomeAssistant, languages: Mapping[str, Language]) -> None:
        """Hear these languages."""
        self._hass = hass
        self._languages = languages
        self._followed: dict[str, tuple[CALLBACK_TYPE, ...]] = {}
        self._names: Names | None = None
        self._grammars: dict[str, Grammar] = {}
        self._unregister: CALLBACK_TYPE | None = None
        self._settling: CALLBACK_TYPE | None = None

    @callback
    def async_start(self) -> None:
        """Begin with the accounts that are there; others are heard of."""
        async_dispatcher_connect(
            self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._async_entry_changed
        )
        for event in _PLACES:
            self._hass.bus.async_listen(event, self._async_place_changed)
        self._async_follow_accounts()

    @callback
    def _async_entry_changed(
        self, _change: ConfigEntryChange, entry: ConfigEntry
    ) -> None:
        if entry.domain == DOMAIN:
            self._async_follow_accounts()

    @callback
    def _async_place_changed(self, _event: Event[Any]) -> None:
        if self._followed:
            self._async_settle()

    @callback
    def _async_follow_accounts(self) -> None:
        """Follow the accounts that are loaded now; the first and the last count at once."""
        loaded = {entry.entry_id: entry for entry in self._loaded()}
        for gone in self._followed.keys() - loaded.keys():
            for stop in self._followed.pop(gone):
                stop()
        for come in loaded.keys() - self._followed.keys():
            self._followed[come] = self._follow(loaded[come])
        if self._unregister is None or not loaded:
            self._async_learn()
        else:
            self._async_settle()

    def _follow(self, entry: SpotifyHubConfigEntry) -> tuple[CALLBACK_TYPE, ...]:
        # One of its own, for what is told twice is listed once.
        account, changed = entry.runtime_data, partial(self._async_settle)
        return (
            account.playlist_names.async_add_listener(changed),
            account.household.speakers.async_add_listener(changed),
            account.household.async_add_pin_listener(changed),
        )

    @callback
    def _async_settle(self) -> None:
        """Learn the names soon, when all have changed that are about to."""
        if self._settling is None:
            job = HassJob(self._async_learn, cancel_on_shutdown=True)
            self._settling = async_call_later(self._hass, SETTLED, job)

    @callback
    def _async_learn(self, _now: datetime | None = None) -> None:
        """Hear by the names that are known now, if they are others than before."""
        if self._settling is not None:
            self._settling()
            self._settling = None
        names = self._known() if self._followed else None
        if names == self._names:
            return
        self._names = names
        self._grammars = {}
        if self._unregister is not None:
            self._unregister()
            self._unregister = None
        if names is not None:
            sentences = [
                sentence
                for language in self._languages.values()
                for sentence in own_sentences(language, names)
            ]
            self._unregister = get_agent_manager(self._hass).register_trigger(
                [*dict.fromkeys(sentences)], self._async_hear
            )

    def _loaded(self) -> list[SpotifyHubConfigEntry]:
        return self._hass.config_entries.async_loaded_entries(DOMAIN)

    def _known(self) -> Names:
        """Return what is called how in this house."""
        found = Names()
        for entry in self._loaded():
            account = entry.runtime_data
            found += Names(
                account=(entry.title,),
                speaker=self._speakers_and_rooms(entry),
                playlist=account.playlist_names.known,
                pin=tuple(name for pin in account.pins.all for name in pin.names),
            )
        return found

    def _speakers_and_rooms(self, entry: SpotifyHubConfigEntry) -> tuple[str, ...]:
        speakers = entry.runtime_data.household.speakers
        shown = [
            speaker
            for speaker in speakers.book.speakers.values()
            if speakers.is_shown(speaker)
        ]
        areas = {async_area_of(self._hass, speaker) for speaker in shown}
        rooms = [
            name
            for area in ar.async_get(self._hass).async_list_areas()
            if area.id in areas
            for name in (area.name, *map(str, sorted(map(str, area.aliases))))
        ]
        return (*(speaker.name for speaker in shown), *rooms)

    async def _async_hear(
        self, heard: ConversationInput, _result: RecognizeResult
    ) -> str:
        """Do what was said, and return what to say; a failure is an answer too.

        An error raised here would be silent where an assistant is behind.
        """
        language, understood = self._take_apart(heard)
        if understood is None:
            return say(language.manner, language.failures[NOT_UNDERSTOOD], {})
        pattern, slots = understood
        try:
            response = await intent.async_handle(
                self._hass,
                DOMAIN,
                pattern.intent,
                {
                    name: {"value": value}
                    for name, value in slots.items()
                    if value is not None
                },
                heard.text,
                heard.context,
                language.code,
                assistant="conversation",
                device_id=heard.device_id,
                satellite_id=heard.satellite_id,
                conversation_agent_id=heard.agent_id,
            )
        except HomeAssistantError as err:
            return str(err)
        return str(response.speech["plain"]["speech"])

    def _take_apart(
        self, heard: ConversationInput
    ) -> tuple[Language, tuple[Pattern, dict[str, Any]] | None]:
        """Return what was said, in the language that is spoken here or another."""
        spoken = closest(self._languages, heard.language)
        others = (one for one in self._languages.values() if one is not spoken)
        for language in (spoken, *others):
            understood = self._grammar(language).take_apart(heard.text)
            if understood is not None:
                return language, understood
        return spoken, None

    def _grammar(self, language: Language) -> Grammar:
        if language.code not in self._grammars:
            names = self._names or Names()
            self._grammars[language.code] = Grammar(language, names)
        return self._grammars[language.code]


def _whole_item(text: str, found: RecognizeResult) -> dict[str, Any]:
    """Return the item with the word that it begins within, if it does.

    The recognizer takes the "song" of "songbird" for what kind of thing it is.
    """
    item = found.entities.get(ITEM)
    if item is None or item.text_span is None:
        return {}
    start, end = item.text_span
    whole = start
    while whole and text[whole - 1].isalnum() and text[start].isalnum():
        whole -= 1
    if whole == start:
        return {}
    cut = (
        name
        for name, slot in found.entities.items()
        if slot.text_span is not None and whole <= slot.text_span[0] < start
    )
    return {**dict.fromkeys(cut), ITEM: text[whole:end]}


def _value(value: Any) -> Any:
    """Return what was named; numbers in digits are told as fractions."""
    return int(value) if isinstance(value, float) else value
