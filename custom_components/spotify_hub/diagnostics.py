"""What helps to find a fault: shapes, kinds and counts, nothing of what people hear."""

from collections import Counter
from dataclasses import asdict
import time
from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .account import SpotifyAccount, SpotifyHubConfigEntry
from .account.jobs import BackgroundJob
from .account.monitor import AccountMonitor, Outcome
from .api.models import Device, Playback
from .archive_health import async_health
from .const import (
    CONF_ACCOUNT_ID,
    CONF_AUTHORIZED_AT,
    CONF_SAVE_TO_PLAYLIST,
    CONF_USER_ID,
)
from .coordinator import SpotifyCoordinator
from .household_archive import HouseholdArchive
from .household_speakers import HouseholdSpeakers
from .sign_in import async_failures, sign_in_ends

# The implementation is named after the client id.
_TO_REDACT = {
    CONF_ACCOUNT_ID,
    CONF_SAVE_TO_PLAYLIST,
    CONF_USER_ID,
    "auth_implementation",
    "title",
    "token",
    "unique_id",
}
_DAY = 24 * 3600


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: SpotifyHubConfigEntry
) -> dict[str, Any]:
    """Return diagnostics of one account."""
    account = entry.runtime_data
    return {
        "entry": async_redact_data(entry.as_dict(), _TO_REDACT),
        "sign_in": _sign_in(entry),
        "household": _household(account, entry.entry_id),
        "history": await _history(account.household.history),
        # Without an account, so those of all accounts.
        "failed_sign_ins": [asdict(failed) for failed in async_failures(hass)],
        "api": _api(account.monitor, entry.entry_id),
        "breaker": {
            "closed": account.breaker.opens_again is None,
            "lets_through_in": account.breaker.opens_again,
        },
        "outcomes": [_outcome(outcome) for outcome in account.monitor.outcomes],
        "commands_today": {
            "tried": dict(account.monitor.commands.tried),
            "failed": dict(account.monitor.commands.failed),
        },
        "background": {
            "paused": account.household.is_background_paused(entry.entry_id),
            "jobs": [
                _job(job) for job in (*account.keeping.jobs, account.favorites.job)
            ],
        },
        "favorites": await _favorites(account),
        "known_to_lack_premium": account.premium.lacking,
        "playback": _polling(account.playback)
        | {"shown": _playback(account.playback.data.playback)},
        "speakers": _polling(account.speakers)
        | {"listed": [_device(device) for device in account.speakers.data or ()]},
    }


def _household(account: SpotifyAccount, entry_id: str) -> dict[str, Any]:
    """Return how the account stands in its household; nobody's name, no place's."""
    links = account.household.links
    return {
        "people": len(links.users_of(entry_id)),
        "areas": len(links.areas_of(entry_id)),
        "shared": entry_id in links.shared,
        "default": links.default == entry_id,
        "pins": len(account.pins.all),
        "speakers": _speaker_book(account.household.speakers),
    }


def _speaker_book(speakers: HouseholdSpeakers) -> dict[str, Any]:
    """Return what kinds of speakers are known, and what was set; no names."""
    book = speakers.book
    known = book.speakers.values()
    return {
        "types": Counter(one.type for one in known),
        "seen_now": sum(speakers.is_seen(one.id) for one in known),
        "shown": sum(map(speakers.is_shown, known)),
        "restricted": sum(one.restricted for one in known),
        "linked": sum(one.linked is not None for one in book.settings.values()),
        "new_ones_hidden": speakers.rules.new_hidden_since is not None,
    }


async def _history(history: HouseholdArchive) -> dict[str, Any]:
    """Return how the archive stands, and how much it holds; not where it is."""
    return asdict(await async_health(history))


def _sign_in(entry: SpotifyHubConfigEntry) -> dict[str, Any]:
    """Return what the tokens are good for, and how old the sign-in is."""
    token = entry.data["token"]
    now = time.time()
    return {
        "scopes": sorted((token.get("scope") or "").split()),
        "has_refresh_token": bool(token.get("refresh_token")),
        "expires_in": round(token["expires_at"] - now),
        "ends": sign_in_ends(entry),
        "days_since_consent": int((now - entry.data[CONF_AUTHORIZED_AT]) // _DAY),
        "account_id_known": bool(entry.data.get(CONF_ACCOUNT_ID)),
    }


def _api(monitor: AccountMonitor, entry_id: str) -> dict[str, Any]:
    """Return how the account stands, and the book in which its requests are counted."""
    book, now = monitor.book, monitor.now
    by_all = book.counts.by_family(now)
    by_this = book.counts.by_family(now, entry_id)
    return {
        "health": monitor.health,
        "resumes_at": monitor.resumes_at,
        "last_error": monitor.last_error and _outcome(monitor.last_error),
        "requests_in_30_seconds_at_most": book.ceiling(now),
        "families": {
            family: {
                "this_account": by_this.get(family, 0),
                "all_accounts": count,
                "budget": book.budget(family),
            }
            for family, count in by_all.items()
        },
        "deadlines": [
            {
                "family": family,
                "seconds_left": round(closed.until - now),
                "quota": closed.quota,
            }
            for family, closed in monitor.deadlines.items()
        ],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return asdict(outcome) | {"lane": outcome.lane.name.lower()}


def _job(job: BackgroundJob) -> dict[str, Any]:
    """Return what became of a kind of background work, and when it runs again."""
    duration = job.last_duration
    return {
        "name": job.name,
        "last_run": job.last_run,
        "last_result": job.last_result,
        "last_duration": None if duration is None else duration.total_seconds(),
        "next_run": job.next_run,
    }


async def _favorites(account: SpotifyAccount) -> dict[str, Any]:
    """Return how the copies of Liked Songs stand; no song."""
    favorites = account.favorites
    record = asdict(favorites.record)
    record.pop("vanished")
    return record | {
        "state": favorites.state,
        "kinds": favorites.settings.kinds,
        "market_known": favorites.settings.market is not None,
        "snapshots": await account.snapshots.names(),
        "much_vanished": favorites.record.vanished is not None,
    }


def _polling(coordinator: SpotifyCoordinator[Any]) -> dict[str, Any]:
    """Return how often Spotify is asked, and what went wrong last."""
    interval, trouble = coordinator.update_interval, coordinator.trouble
    return {
        "last_update_success": coordinator.last_update_success,
        "interval": interval.total_seconds() if interval else None,
        "trouble": trouble
        and {
            "error": type(trouble.error).__name__,
            "since_seconds": round((dt_util.utcnow() - trouble.since).total_seconds()),
        },
    }


def _playback(playback: Playback | None) -> dict[str, Any] | None:
    """Return what kind of thing plays, and how."""
    if playback is None:
        return None
    return {
        "is_playing": playback.is_playing,
        "item": type(playback.item).__name__ if playback.item else None,
        "context": playback.context.type if playback.context else None,
        "has_progress": playback.progress_ms is not None,
        "shuffle": playback.shuffle,
        "smart_shuffle": playback.smart_shuffle,
        "repeat": playback.repeat,
        "disallows": sorted(playback.disallows),
        "device": _device(playback.device) if playback.device else None,
    }


def _device(device: Device) -> dict[str, Any]:
    """Return a device without its name and id."""
    return {
        "type": device.type,
        "has_id": device.id is not None,
        "is_active": device.is_active,
        "is_private_session": device.is_private_session,
        "is_restricted": device.is_restricted,
        "volume_known": device.volume_percent is not None,
        "supports_volume": device.supports_volume,
    }
