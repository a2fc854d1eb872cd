"""What somebody has to mend stands among the repairs, for as long as it is so."""

from datetime import timedelta

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest

from custom_components.spotify_hub.api.scopes import Feature, scopes_of
from custom_components.spotify_hub.const import DOMAIN
from custom_components.spotify_hub.issues import WARN_AHEAD
from custom_components.spotify_hub.sign_in import sign_in_ends
from tests.emulator import Emulator, Fault
from tests.emulator.faults import QUOTA_EXCEEDED

from .conftest import AccountEntry, Later, Link

NOT_ALLOWED = "User not registered in the Developer Dashboard"
OWNER_WITHOUT_PREMIUM = "Active premium subscription required for the owner of the app."

pytestmark = pytest.mark.usefixtures("freezer")


def issue(hass: HomeAssistant, entry: AccountEntry, key: str) -> ir.IssueEntry | None:
    """Return an issue of the account, if it is open."""
    return ir.async_get(hass).async_get_issue(DOMAIN, f"{key}_{entry.entry_id}")


def open_issues(hass: HomeAssistant) -> set[str | None]:
    """Return the kinds of the issues that are open."""
    return {
        one.translation_key
        for (domain, _), one in ir.async_get(hass).issues.items()
        if domain == DOMAIN and one.active
    }


async def refused(entry: AccountEntry) -> None:
    """Let Spotify refuse a command."""
    with pytest.raises(HomeAssistantError):
        await entry.runtime_data.player.set_volume(0.5)


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (NOT_ALLOWED, "not_on_allow_list"),
        (OWNER_WITHOUT_PREMIUM, "app_owner_not_premium"),
    ],
)
async def test_what_a_person_has_to_mend_is_withdrawn_with_the_next_success(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    later: Later,
    body: str,
    key: str,
) -> None:
    """Another failure withdraws nothing."""
    assert not open_issues(hass)
    emulator.faults.add(Fault("/me/player", status=403, body=body, times=None))
    await later(61)
    found = issue(hass, anna, key)
    assert found is not None
    assert not found.is_fixable
    assert found.severity is ir.IssueSeverity.ERROR
    assert found.translation_placeholders == {"account": "Anna"}

    emulator.faults.clear()
    emulator.faults.add(Fault("/me/player", status=503, times=None))
    await later(121)
    assert open_issues(hass) == {key}
    emulator.faults.clear()
    await later(121)
    assert not open_issues(hass)


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (NOT_ALLOWED, "not_on_allow_list"),
        (OWNER_WITHOUT_PREMIUM, "app_owner_not_premium"),
    ],
)
async def test_it_is_told_of_an_account_that_can_not_be_set_up(
    hass: HomeAssistant,
    emulator: Emulator,
    link: Link,
    later: Later,
    body: str,
    key: str,
) -> None:
    """Until it can."""
    emulator.faults.add(Fault("/me/player", status=403, body=body, times=None))
    entry = await link()
    state: ConfigEntryState = entry.state
    assert state is ConfigEntryState.SETUP_RETRY
    assert open_issues(hass) == {key}
    emulator.faults.clear()
    await later(60)
    assert hass.config_entries.async_loaded_entries(DOMAIN) == [entry]
    assert not open_issues(hass)


async def test_it_is_told_no_more_when_the_account_is_disabled(
    hass: HomeAssistant, emulator: Emulator, link: Link
) -> None:
    """Who gives up is not reminded of it."""
    emulator.faults.add(Fault("/me/player", status=403, body=NOT_ALLOWED, times=None))
    entry = await link()
    await hass.config_entries.async_reload(entry.entry_id)
    assert open_issues(hass) == {"not_on_allow_list"}
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    assert not open_issues(hass)


async def test_a_spent_quota_is_told_until_its_time(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """At once, with the time, and to every account that shares it."""
    fault = Fault("/volume$", status=429, body=QUOTA_EXCEEDED, retry_after=7200)
    emulator.faults.add(fault)
    await refused(anna)
    found = issue(hass, anna, "quota_exceeded")
    assert found is not None
    assert found.translation_placeholders is not None
    ends = dt_util.as_local(dt_util.utcnow() + timedelta(seconds=7201))
    assert found.translation_placeholders["until"] == f"{ends:%Y-%m-%d %H:%M}"
    await later(7190)
    assert open_issues(hass) == {"quota_exceeded"}
    await later(10)
    assert not open_issues(hass)


async def test_a_spent_quota_is_told_to_who_shares_it_and_after_a_reload(
    hass: HomeAssistant, emulator: Emulator, link: Link, later: Later
) -> None:
    """The household remembers the deadline."""
    anna, ben = await link("anna"), await link("ben")
    fault = Fault("/volume$", status=429, body=QUOTA_EXCEEDED, retry_after=7200)
    emulator.faults.add(fault)
    await refused(anna)
    await later(121)
    await later(1)
    assert issue(hass, ben, "quota_exceeded")

    assert await hass.config_entries.async_unload(anna.entry_id)
    assert issue(hass, anna, "quota_exceeded") is None
    assert issue(hass, ben, "quota_exceeded")
    assert await hass.config_entries.async_setup(anna.entry_id)
    assert issue(hass, anna, "quota_exceeded")


async def test_a_missing_scope_is_told_until_somebody_signs_in(
    hass: HomeAssistant, emulator: Emulator, link: Link
) -> None:
    """Neither a success nor a reload adds a scope."""
    entry = await link(features=[Feature.CONTROL])
    body = {"error": {"status": 403, "message": "Insufficient client scope"}}
    emulator.faults.add(Fault("/volume$", status=403, body=body))
    await refused(entry)
    found = issue(hass, entry, "scope_missing")
    assert found is not None
    assert found.is_fixable
    assert found.is_persistent
    await entry.runtime_data.playback.async_refresh()
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert open_issues(hass) == {"scope_missing"}

    token = emulator.grant("anna", scopes_of(Feature))
    now = dt_util.utcnow().timestamp()
    token |= {"expires_at": now + 3600}
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "token": token, "authorized_at": now + 1}
    )
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert not open_issues(hass)


async def test_the_end_of_a_sign_in_is_told_two_weeks_before(
    hass: HomeAssistant, emulator: Emulator, link: Link, later: Later
) -> None:
    """Seen by a daily look, and at the start; over after signing in again."""
    almost = dt_util.utcnow() - timedelta(days=166)
    entry = await link(authorized_at=almost.timestamp())
    ends = sign_in_ends(entry)
    days = (ends - WARN_AHEAD - dt_util.utcnow()).days
    assert days in {0, 1, 2, 3, 4}
    assert not open_issues(hass)
    for _ in range(days + 2):
        await later(24 * 3600)
    found = issue(hass, entry, "sign_in_ending")
    assert found is not None
    assert found.is_fixable
    assert found.severity is ir.IssueSeverity.WARNING
    assert found.translation_placeholders == {
        "account": "Anna",
        "until": f"{dt_util.as_local(ends):%Y-%m-%d}",
    }
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert open_issues(hass) == {"sign_in_ending"}

    renewed = {**entry.data, "authorized_at": dt_util.utcnow().timestamp()}
    hass.config_entries.async_update_entry(entry, data=renewed)
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert not open_issues(hass)


async def test_a_removed_account_leaves_no_issue(
    hass: HomeAssistant, emulator: Emulator, link: Link
) -> None:
    """Not even one that outlives restarts."""
    entry = await link(authorized_at=0)
    emulator.faults.add(Fault("/volume$", status=401, body="Permissions missing"))
    await refused(entry)
    assert open_issues(hass) == {"scope_missing", "sign_in_ending"}
    assert await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert not open_issues(hass)
