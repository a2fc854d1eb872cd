"""What somebody has to mend, in Home Assistant's list of repairs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .account import SpotifyHubConfigEntry
from .api.errors import (
    AppOwnerNotPremiumError,
    NotOnAllowListError,
    QuotaExceededError,
    ScopeMissingError,
    SpotifyApiError,
)
from .const import CONF_AUTHORIZED_AT, DOMAIN
from .favorites.status import Vanished
from .sign_in import sign_in_ends

FAVORITES_VANISHED = "favorites_vanished"
SIGN_IN_ENDING = "sign_in_ending"
WARN_AHEAD = timedelta(days=14)
_WATCHED: HassKey[set[str]] = HassKey(f"{DOMAIN}.failed_starts")
_DASHBOARD = "https://developer.spotify.com/dashboard"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """How an issue is shown, and what withdraws it besides the end of its account."""

    severity: ir.IssueSeverity = ir.IssueSeverity.ERROR
    fixable: bool = False
    learn_more: str | None = None
    over_with_success: bool = False
    """The next answer that is no error withdraws it."""

    over_with_sign_in: bool = False
    """Only a new sign-in withdraws it; it outlives restarts until then."""

    over_when_mended: bool = False
    """Only its being mended withdraws it; it outlives restarts until then."""

    @property
    def lasts(self) -> bool:
        """Tell whether it outlives the account's being unloaded."""
        return self.over_with_sign_in or self.over_when_mended


# By the key of the error that opens them.
_RULES: Mapping[str, _Rule] = {
    AppOwnerNotPremiumError.key: _Rule(over_with_success=True),
    NotOnAllowListError.key: _Rule(over_with_success=True, learn_more=_DASHBOARD),
    QuotaExceededError.key: _Rule(severity=ir.IssueSeverity.WARNING),
    ScopeMissingError.key: _Rule(fixable=True, over_with_sign_in=True),
    FAVORITES_VANISHED: _Rule(
        severity=ir.IssueSeverity.WARNING, fixable=True, over_when_mended=True
    ),
    SIGN_IN_ENDING: _Rule(severity=ir.IssueSeverity.WARNING, fixable=True),
}


class AccountIssues:
    """Opens the issues of one loaded account, and withdraws them when they are over."""

    def __init__(self, hass: HomeAssistant, entry: SpotifyHubConfigEntry) -> None:
        """Watch an account that has just been set up."""
        self._hass = hass
        self._entry = entry
        self._monitor = entry.runtime_data.monitor
        self._favorites = entry.runtime_data.favorites
        self._vanished: Vanished | None = None

    @callback
    def async_start(self) -> None:
        """Watch until the account is unloaded."""
        if any(outcome.result == "ok" for outcome in self._monitor.outcomes):
            self._async_hear(None)
        self._async_check_scopes()
        self._async_check_quota()
        self._async_check_sign_in()
        self._async_check_favorites()
        for stop in (
            self._async_stop,
            self._monitor.async_add_outcome_listener(self._async_hear),
            self._monitor.async_add_listener(self._async_check_quota),
            self._favorites.async_add_listener(self._async_check_favorites),
            async_track_time_interval(
                self._hass,
                self._async_check_sign_in,
                timedelta(days=1),
                cancel_on_shutdown=True,
            ),
        ):
            self._entry.async_on_unload(stop)

    @callback
    def _async_hear(self, error: SpotifyApiError | None) -> None:
        """Hear what became of a request."""
        match error:
            case None:
                for key, rule in _RULES.items():
                    if rule.over_with_success:
                        _async_withdraw(self._hass, self._entry.entry_id, key)
            case QuotaExceededError():
                self._async_check_quota()
            case _:
                async_open_issue(self._hass, self._entry, error.key)

    @callback
    def _async_check_quota(self) -> None:
        """See whether a quota is used up: another account may have used it, or a restart passed."""
        key = QuotaExceededError.key
        if (until := self._monitor.quota_until) is None:
            _async_withdraw(self._hass, self._entry.entry_id, key)
        else:
            text = f"{dt_util.as_local(until):%Y-%m-%d %H:%M}"
            async_open_issue(self._hass, self._entry, key, until=text)

    @callback
    def _async_check_sign_in(self, _now: datetime | None = None) -> None:
        """See whether the sign-in will end soon."""
        ends = sign_in_ends(self._entry)
        if dt_util.utcnow() < ends - WARN_AHEAD:
            _async_withdraw(self._hass, self._entry.entry_id, SIGN_IN_ENDING)
        else:
            text = f"{dt_util.as_local(ends):%Y-%m-%d}"
            async_open_issue(self._hass, self._entry, SIGN_IN_ENDING, until=text)

    @callback
    def _async_check_favorites(self) -> None:
        """See whether much of Liked Songs has vanished, or is back."""
        vanished = self._favorites.record.vanished
        if vanished is None:
            _async_withdraw(self._hass, self._entry.entry_id, FAVORITES_VANISHED)
        elif vanished != self._vanished:
            if self._vanished is not None:
                # Whoever has ignored the one has not seen the other.
                _async_withdraw(self._hass, self._entry.entry_id, FAVORITES_VANISHED)
            async_open_vanished(self._hass, self._entry)
        self._vanished = vanished

    @callback
    def _async_check_scopes(self) -> None:
        """See whether somebody has signed in since a scope was missing."""
        for key, rule in _RULES.items():
            issue = ir.async_get(self._hass).async_get_issue(
                DOMAIN, _issue_id(self._entry.entry_id, key)
            )
            if rule.over_with_sign_in and issue and issue.data != _data(self._entry):
                _async_withdraw(self._hass, self._entry.entry_id, key)

    @callback
    def _async_stop(self) -> None:
        _async_withdraw_passing(self._hass, self._entry.entry_id)


@callback
def async_open_for_failed_start(
    hass: HomeAssistant, entry: ConfigEntry, key: str | None
) -> None:
    """Open the issue of an account that could not be set up, while that is tried again."""
    async_open_issue(hass, entry, key)
    watched = hass.data.setdefault(_WATCHED, set())
    if entry.entry_id in watched:
        return
    watched.add(entry.entry_id)

    @callback
    def given_up() -> None:
        """Withdraw it when somebody disables the account instead."""
        if entry.state is ConfigEntryState.NOT_LOADED:
            _async_withdraw_passing(hass, entry.entry_id)

    entry.async_on_state_change(given_up)


@callback
def async_open_issue(
    hass: HomeAssistant, entry: ConfigEntry, key: str | None, **values: str
) -> None:
    """Open the issue of this key, if there is one for somebody to mend."""
    if key is None or (rule := _RULES.get(key)) is None:
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(entry.entry_id, key),
        data={**_data(entry), **values},
        is_fixable=rule.fixable,
        is_persistent=rule.lasts,
        learn_more_url=rule.learn_more,
        severity=rule.severity,
        translation_key=key,
        translation_placeholders={"account": entry.title, **values},
    )


@callback
def async_open_vanished(hass: HomeAssistant, entry: SpotifyHubConfigEntry) -> None:
    """Offer to put back what has vanished from Liked Songs, if something has."""
    if (vanished := entry.runtime_data.favorites.record.vanished) is not None:
        async_open_issue(
            hass,
            entry,
            FAVORITES_VANISHED,
            snapshot=vanished.snapshot,
            count=str(vanished.count),
            total=str(vanished.of),
        )


@callback
def async_withdraw_issues(hass: HomeAssistant, entry_id: str) -> None:
    """Withdraw every issue of an account that is removed."""
    for key in _RULES:
        _async_withdraw(hass, entry_id, key)


@callback
def _async_withdraw_passing(hass: HomeAssistant, entry_id: str) -> None:
    """Withdraw what holds only while the account is there."""
    for key, rule in _RULES.items():
        if not rule.lasts:
            _async_withdraw(hass, entry_id, key)


@callback
def _async_withdraw(hass: HomeAssistant, entry_id: str, key: str) -> None:
    ir.async_delete_issue(hass, DOMAIN, _issue_id(entry_id, key))


def _issue_id(entry_id: str, key: str) -> str:
    return f"{key}_{entry_id}"


def _data(entry: ConfigEntry) -> dict[str, str | int | float | None]:
    """Return what the fix flow needs, and which sign-in the issue is about."""
    return {
        "entry_id": entry.entry_id,
        CONF_AUTHORIZED_AT: entry.data[CONF_AUTHORIZED_AT],
    }
