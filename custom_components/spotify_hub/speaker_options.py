"""The options of speakers: which are shown, and what holds for one of them."""

from collections.abc import Mapping
from typing import Any

from homeassistant.components.media_player import DOMAIN as MEDIA_PLAYER
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .const import (
    CONF_ALLOWED,
    CONF_FALLBACK,
    CONF_HIDDEN,
    CONF_HIDDEN_TYPES,
    CONF_LINKED,
    CONF_MAX_VOLUME,
    CONF_MIN_VOLUME,
    CONF_NEW_SPEAKERS,
    CONF_SHOWN,
    CONF_SPEAKER,
    DOMAIN,
)
from .household_speakers import HouseholdSpeakers
from .options_of_account import AccountOptions
from .speaker_book import Speaker, SpeakerSettings, folded
from .speaker_rules import SpeakerRules

_SHOW, _HIDE = "show", "hide"
_BY_RULES, _ALWAYS, _NEVER = "by_rules", "always", "never"
_CHOSEN = {_BY_RULES: None, _ALWAYS: True, _NEVER: False}
_PERCENT = NumberSelector(
    NumberSelectorConfig(
        min=0,
        max=100,
        step=1,
        unit_of_measurement="%",
        mode=NumberSelectorMode.SLIDER,
    )
)
_PATTERNS = TextSelector(TextSelectorConfig(multiple=True))


class SpeakerOptions(AccountOptions):
    """The steps that set what the household keeps of its speakers; it applies at once."""

    _chosen: str

    @property
    def _speakers(self) -> HouseholdSpeakers | None:
        account = self._account
        return account.household.speakers if account else None

    async def async_step_speakers(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which speakers are shown."""
        if (speakers := self._speakers) is None:
            return self.async_abort(reason="not_loaded")
        if user_input is not None:
            speakers.async_set_rules(_rules(user_input, speakers.rules))
            return self.async_create_entry(data=dict(self.config_entry.options))
        rules = speakers.rules
        types = {one.type for one in speakers.book.speakers.values()}
        schema = vol.Schema(
            {
                vol.Required(
                    CONF_NEW_SPEAKERS,
                    default=_SHOW if rules.new_hidden_since is None else _HIDE,
                ): _select([_SHOW, _HIDE], CONF_NEW_SPEAKERS),
                vol.Optional(
                    CONF_HIDDEN_TYPES, default=sorted(rules.hidden_types)
                ): SelectSelector(
                    SelectSelectorConfig(
                        options=sorted(types | rules.hidden_types),
                        multiple=True,
                        custom_value=True,
                        mode=SelectSelectorMode.DROPDOWN,
                    )
                ),
                vol.Optional(CONF_HIDDEN, default=list(rules.hidden)): _PATTERNS,
                vol.Optional(CONF_ALLOWED, default=list(rules.allowed)): _PATTERNS,
            }
        )
        return self.async_show_form(step_id="speakers", data_schema=schema)

    async def async_step_speaker(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which speaker something is to be set for."""
        if (speakers := self._speakers) is None:
            return self.async_abort(reason="not_loaded")
        if not speakers.book.speakers:
            return self.async_abort(reason="no_speakers")
        if user_input is not None:
            self._chosen = user_input[CONF_SPEAKER]
            return await self.async_step_speaker_settings()
        schema = vol.Schema({vol.Required(CONF_SPEAKER): speaker_selector(speakers)})
        return self.async_show_form(step_id="speaker", data_schema=schema)

    async def async_step_speaker_settings(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what holds for the chosen speaker."""
        if (speakers := self._speakers) is None:
            return self.async_abort(reason="not_loaded")
        if (speaker := speakers.book.speakers.get(self._chosen)) is None:
            return self.async_abort(reason="speaker_removed")
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                speakers.async_configure(speaker.id, _settings(user_input))
            except KeyError:
                return self.async_abort(reason="speaker_removed")
            except ValueError:
                errors[CONF_MIN_VOLUME] = "no_volume_left"
            else:
                return self.async_create_entry(data=dict(self.config_entry.options))
        return self.async_show_form(
            step_id="speaker_settings",
            data_schema=self.add_suggested_values_to_schema(
                self._settings_schema(speakers, speaker),
                user_input or self._suggested(speakers, speaker),
            ),
            errors=errors,
            description_placeholders={"speaker": speaker.name},
        )

    def _settings_schema(
        self, speakers: HouseholdSpeakers, speaker: Speaker
    ) -> vol.Schema:
        return vol.Schema(
            {
                vol.Optional(CONF_LINKED): EntitySelector(
                    EntitySelectorConfig(
                        domain=MEDIA_PLAYER, exclude_entities=self._own_players()
                    )
                ),
                vol.Required(CONF_MIN_VOLUME): _PERCENT,
                vol.Required(CONF_MAX_VOLUME): _PERCENT,
                vol.Optional(CONF_FALLBACK): speaker_selector(speakers, but=speaker.id),
                vol.Required(CONF_SHOWN): _select(list(_CHOSEN), CONF_SHOWN),
            }
        )

    def _suggested(
        self, speakers: HouseholdSpeakers, speaker: Speaker
    ) -> dict[str, Any]:
        """Return what is set; as long as nothing is, a player of equal name as linked."""
        settings = speakers.book.settings_of(speaker.id)
        untouched = speaker.id not in speakers.book.settings
        return {
            CONF_LINKED: self._namesake(speaker) if untouched else settings.linked,
            CONF_MIN_VOLUME: round(settings.min_volume * 100),
            CONF_MAX_VOLUME: round(settings.max_volume * 100),
            CONF_FALLBACK: settings.fallback,
            CONF_SHOWN: next(
                name for name, chosen in _CHOSEN.items() if chosen is settings.shown
            ),
        }

    def _namesake(self, speaker: Speaker) -> str | None:
        """Return the only player of another integration that is called like a speaker."""
        own = set(self._own_players())
        alike = [
            state.entity_id
            for state in self.hass.states.async_all(MEDIA_PLAYER)
            if state.entity_id not in own and folded(state.name) == folded(speaker.name)
        ]
        return alike[0] if len(alike) == 1 else None

    def _own_players(self) -> list[str]:
        registry = er.async_get(self.hass)
        return [
            entity.entity_id
            for entity in registry.entities.values()
            if entity.platform == DOMAIN and entity.domain == MEDIA_PLAYER
        ]


def speaker_selector(
    speakers: HouseholdSpeakers, *, but: str | None = None
) -> SelectSelector:
    """Return the choice of a speaker of the book, by its id."""
    options = [
        SelectOptionDict(value=one.id, label=f"{one.name} ({one.type})")
        for one in speakers.book.speakers.values()
        if one.id != but
    ]
    return SelectSelector(
        SelectSelectorConfig(
            options=options, mode=SelectSelectorMode.DROPDOWN, sort=True
        )
    )


def _select(options: list[str], key: str) -> SelectSelector:
    return SelectSelector(SelectSelectorConfig(options=options, translation_key=key))


def _rules(data: Mapping[str, Any], former: SpeakerRules) -> SpeakerRules:
    since = None
    if data[CONF_NEW_SPEAKERS] == _HIDE:
        since = former.new_hidden_since or dt_util.utcnow().timestamp()
    return SpeakerRules(
        hidden_types=frozenset(data[CONF_HIDDEN_TYPES]),
        hidden=tuple(filter(None, map(str.strip, data[CONF_HIDDEN]))),
        allowed=tuple(filter(None, map(str.strip, data[CONF_ALLOWED]))),
        new_hidden_since=since,
    )


def _settings(data: Mapping[str, Any]) -> SpeakerSettings:
    return SpeakerSettings(
        linked=data.get(CONF_LINKED),
        min_volume=data[CONF_MIN_VOLUME] / 100,
        max_volume=data[CONF_MAX_VOLUME] / 100,
        fallback=data.get(CONF_FALLBACK),
        shown=_CHOSEN[data[CONF_SHOWN]],
    )
