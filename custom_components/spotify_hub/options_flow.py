"""The preferences of an account, and its place in the household."""

from asyncio import timeout
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.data_entry_flow import SectionConfig, section
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.selector import (
    AreaSelector,
    AreaSelectorConfig,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from .account import SpotifyAccount
from .account.playlists.names import playlist_uri
from .api.errors import SpotifyApiError
from .api.scopes import Feature
from .const import (
    CONF_AREAS,
    CONF_DEFAULT,
    CONF_DEFAULT_SPEAKER,
    CONF_FEATURES,
    CONF_HOUSEHOLD,
    CONF_QUICK_IDLE_POLLING,
    CONF_SAME_DEVELOPER,
    CONF_SAVE_TO_PLAYLIST,
    CONF_SHARED,
    CONF_USERS,
    DOMAIN,
    LOGGER,
)
from .history_options import HistoryOptions
from .speaker_options import SpeakerOptions, speaker_selector

# Playlists that are offered, and seconds that the form waits for them.
_MOST = 200
_PATIENCE = 8


class SpotifyHubOptionsFlow(SpeakerOptions, HistoryOptions):
    """Asks for the preferences of one account."""

    async def async_step_init(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what the options are about; all but one need a loaded account."""
        if self._account is None:
            return await self.async_step_preferences()
        steps = ["preferences", "speakers", "speaker", "history"]
        return self.async_show_menu(step_id="init", menu_options=steps)

    async def async_step_preferences(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show and store the preferences; what is said of others goes to the household."""
        errors: dict[str, str] = {}
        if user_input is not None:
            if _is_playlist(user_input.get(CONF_SAVE_TO_PLAYLIST)):
                return self._async_store(user_input)
            errors[CONF_SAVE_TO_PLAYLIST] = "not_a_playlist"
        return self.async_show_form(
            step_id="preferences",
            data_schema=self.add_suggested_values_to_schema(
                await self._async_schema(),
                self._suggested_preferences if user_input is None else user_input,
            ),
            errors=errors,
        )

    @property
    def _suggested_preferences(self) -> dict[str, Any]:
        """Return what was chosen, as far as it can be chosen still."""
        chosen = dict(self.config_entry.options)
        speakers = self._speakers
        known = speakers.book.speakers if speakers else {}
        if chosen.get(CONF_DEFAULT_SPEAKER) not in known:
            chosen.pop(CONF_DEFAULT_SPEAKER, None)
        return chosen

    def _async_store(self, user_input: dict[str, Any]) -> ConfigFlowResult:
        entry = self.config_entry
        same = user_input.pop(CONF_SAME_DEVELOPER, [])
        belongs = user_input.pop(CONF_HOUSEHOLD, None)
        if (account := self._account) is not None:
            if same:
                account.household.async_share_book(entry.entry_id, same)
            if belongs is not None:
                links = account.household.links.with_account(entry.entry_id, **belongs)
                account.household.async_set_links(links)
        kept = dict(entry.options)
        if self._knows_playlists:
            # Left empty, it is not chosen any more.
            kept.pop(CONF_SAVE_TO_PLAYLIST, None)
        if self._speakers is not None:
            kept.pop(CONF_DEFAULT_SPEAKER, None)
        return self.async_create_entry(data=kept | user_input)

    async def _async_schema(self) -> vol.Schema:
        entry = self.config_entry
        quick = bool(entry.options.get(CONF_QUICK_IDLE_POLLING))
        fields: dict[vol.Marker, Any] = {
            vol.Required(CONF_QUICK_IDLE_POLLING, default=quick): bool
        }
        if (speakers := self._speakers) is not None:
            fields[vol.Optional(CONF_DEFAULT_SPEAKER)] = speaker_selector(speakers)
        if self._knows_playlists:
            fields[vol.Optional(CONF_SAVE_TO_PLAYLIST)] = SelectSelector(
                SelectSelectorConfig(
                    options=await self._async_playlists(),
                    custom_value=True,
                    mode=SelectSelectorMode.DROPDOWN,
                )
            )
        if others := self._accounts_of_other_apps():
            fields[vol.Optional(CONF_SAME_DEVELOPER, default=[])] = SelectSelector(
                SelectSelectorConfig(options=others, multiple=True)
            )
        if (account := self._account) is not None:
            fields[vol.Optional(CONF_HOUSEHOLD)] = section(
                await self._async_household(account), SectionConfig(collapsed=True)
            )
        return vol.Schema(fields)

    async def _async_household(self, account: SpotifyAccount) -> vol.Schema:
        """Return the form of who and what belongs to the account, as it is settled."""
        links, entry_id = account.household.links, self.config_entry.entry_id
        users = [
            SelectOptionDict(value=user.id, label=user.name or user.id)
            for user in await self.hass.auth.async_get_users()
            if not user.system_generated
        ]
        known = {user["value"] for user in users}
        linked = [user for user in links.users_of(entry_id) if user in known]
        return vol.Schema(
            {
                vol.Optional(CONF_USERS, default=linked): SelectSelector(
                    SelectSelectorConfig(
                        options=users, multiple=True, mode=SelectSelectorMode.DROPDOWN
                    )
                ),
                vol.Optional(
                    CONF_AREAS, default=links.areas_of(entry_id)
                ): AreaSelector(AreaSelectorConfig(multiple=True)),
                vol.Required(CONF_SHARED, default=entry_id in links.shared): bool,
                vol.Required(CONF_DEFAULT, default=links.default == entry_id): bool,
            }
        )

    async def _async_playlists(self) -> list[SelectOptionDict]:
        """Return the playlists that can be added to, as far as Spotify tells them soon."""
        if (account := self._account) is None:
            return []
        try:
            async with timeout(_PATIENCE):
                playlists, _ = await account.playlists.mine(limit=_MOST)
        except (SpotifyApiError, TimeoutError) as err:
            LOGGER.debug("The playlists of %s can't be had: %r", account.user_id, err)
            return []
        return [
            SelectOptionDict(value=one.uri, label=one.name)
            for one in playlists
            if one.owner_id in {None, account.user_id} or one.collaborative
        ]

    @property
    def _knows_playlists(self) -> bool:
        return Feature.PLAYLISTS in self.config_entry.data[CONF_FEATURES]

    def _accounts_of_other_apps(self) -> list[SelectOptionDict]:
        """Return the accounts whose quota is counted apart from this one's."""
        if (account := self._account) is None:
            return []
        counted_apart = account.household.accounts_on_other_books(
            self.config_entry.entry_id
        )
        return [
            SelectOptionDict(value=entry.entry_id, label=entry.title)
            for entry in self.hass.config_entries.async_loaded_entries(DOMAIN)
            if entry.entry_id in counted_apart
        ]


def _is_playlist(text: str | None) -> bool:
    """Tell whether it may be a playlist: anything but the address of something else."""
    try:
        playlist_uri(text or "")
    except ServiceValidationError:
        return False
    return True
