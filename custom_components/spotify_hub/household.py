"""What the accounts of a household share: ledger, speakers, history, and a memory."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import UnsupportedStorageVersionError
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from . import alarms, links, pins, sleep_timers
from .alarms import Alarm, Alarms
from .api.ledger import Ledger, LedgerGate
from .const import DOMAIN, LOGGER
from .doubled_players import DoubledPlayers
from .household_archive import HouseholdArchive
from .household_import import HouseholdImport
from .household_speakers import HouseholdSpeakers
from .household_statistics import HouseholdStatistics
from .linked_players import LinkedPlayers
from .links import Links
from .pins import Pins
from .sleep_timers import SleepTimer, SleepTimers
from .speaker_book import Book

STORAGE_VERSION = 1
# Seconds until what was learnt is written, and until mere counts are.
SAVE_DELAY = 5.0
SAVE_COUNTS_DELAY = 900.0

# Whom the requests of a sign-in are counted for, until there is an entry.
LINKING = "linking"

_DATA: HassKey[Household] = HassKey(DOMAIN)


@dataclass(frozen=True, slots=True)
class Member:
    """An account of the household: `owner` is the client id that its requests count for."""

    entry_id: str
    owner: str


class Household:
    """Made by the first account that is set up, closed by the last one that goes."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin without members."""
        self.hass = hass
        self.ledger = Ledger(
            hass.loop.time, self._async_save_soon, self._async_save_counts
        )
        self._members: dict[str, Member] = {}
        self._paused: set[str] = set()
        self.links = Links()
        self.speakers = HouseholdSpeakers(hass)
        self.linked = LinkedPlayers(hass, self.speakers)
        self._doubled = DoubledPlayers(hass, self.speakers)
        self.pins: Pins = ()
        self.sleep_timers: SleepTimers = {}
        self.alarms: Alarms = ()
        self._pin_listeners: set[Callable[[], None]] = set()
        self.history = HouseholdArchive(hass)
        self.imports = HouseholdImport(hass, self.history)
        self._statistics = HouseholdStatistics(hass, self.history)
        self._store: Store[dict[str, Any]] = Store(
            hass, STORAGE_VERSION, f"{DOMAIN}.household", private=True
        )
        # Home Assistant writes a save that is still to come when it stops.
        self._save_to_come = False
        self._closing = asyncio.Lock()
        self._loading = hass.async_create_task(self._async_load(), "load household")

    async def async_ready(self) -> None:
        """Wait until what was kept has been read."""
        await self._loading

    async def async_join(self, entry_id: str, owner: str) -> None:
        """Take an account in, when what was kept has been read."""
        await self._loading
        self._members[entry_id] = Member(entry_id, owner)
        self._statistics.async_start()
        self.imports.async_resume()

    async def async_leave(self, entry_id: str) -> None:
        """Let an account go; the last one closes the household."""
        member = self._members.pop(entry_id, None)
        if member is not None:
            self.ledger.desk(member.owner).forget(entry_id)
        if not self._members:
            await self._async_close()

    async def async_forget(self, entry_id: str) -> None:
        """Forget what was set for an account; closes a household without accounts."""
        await self._loading
        self._paused.discard(entry_id)
        self.links = self.links.without_account(entry_id)
        self.pins = pins.without_account(self.pins, entry_id)
        self.alarms = alarms.without_account(self.alarms, entry_id)
        self.async_set_sleep_timer(entry_id, None)
        others = self.hass.config_entries.async_entries(DOMAIN, include_ignore=False)
        # Those that are loaded come first.
        heirs = [*self._members, *(entry.entry_id for entry in others)]
        self.speakers.async_forget_account(entry_id, heirs)
        self.history.memory.async_forget_account(entry_id)
        await self.imports.async_forget_account(entry_id)
        await self.async_leave(entry_id)

    def accounts_on_book(self, entry_id: str) -> int:
        """Return how many loaded accounts share the quota of this one, itself included."""
        owner = self._members[entry_id].owner
        return sum(
            self.ledger.share_book(owner, member.owner)
            for member in self._members.values()
        )

    def accounts_on_other_books(self, entry_id: str) -> list[str]:
        """Return the entries whose requests are counted apart from this one's."""
        owner = self._members[entry_id].owner
        return [
            other.entry_id
            for other in self._members.values()
            if not self.ledger.share_book(owner, other.owner)
        ]

    @callback
    def async_share_book(self, entry_id: str, others: Iterable[str]) -> None:
        """Count these accounts' requests together: one developer owns their apps."""
        for other in others:
            self.ledger.join(self._members[entry_id].owner, self._members[other].owner)

    def is_background_paused(self, entry_id: str) -> bool:
        """Return whether somebody switched this account's background work off."""
        return entry_id in self._paused

    @callback
    def async_pause_background(self, entry_id: str, *, paused: bool) -> None:
        """Switch an account's background work off or on; restarts do not change it."""
        if paused:
            self._paused.add(entry_id)
        else:
            self._paused.discard(entry_id)
        self._async_save_soon()

    @callback
    def async_set_links(self, settled: Links) -> None:
        """Settle who and what belongs to which account."""
        self.links = settled
        self._async_save_soon()

    @callback
    def async_set_pins(self, pinned: Pins) -> None:
        """Keep other pins."""
        self.pins = pinned
        self._async_save_soon()
        for listener in tuple(self._pin_listeners):
            listener()

    @callback
    def async_add_pin_listener(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call `listener` whenever there are other pins."""
        self._pin_listeners.add(listener)
        return partial(self._pin_listeners.discard, listener)

    @callback
    def async_set_sleep_timer(self, entry_id: str, timer: SleepTimer | None) -> None:
        """Keep when an account's music shall end; None is not at all."""
        others = {one: at for one, at in self.sleep_timers.items() if one != entry_id}
        self.sleep_timers = others if timer is None else {**others, entry_id: timer}
        self._async_save_soon()

    @callback
    def async_set_alarm(self, alarm: Alarm) -> None:
        """Keep when somebody is to be woken."""
        self.alarms = alarms.with_alarm(self.alarms, alarm)
        self._async_save_soon()

    @callback
    def async_remove_alarms(self, gone: Iterable[Alarm]) -> None:
        """Forget alarms that rang, or shall not."""
        rest = set(gone)
        self.alarms = tuple(one for one in self.alarms if one not in rest)
        self._async_save_soon()

    async def _async_load(self) -> None:
        """Read what was kept; deadlines go on where they were.

        What can't be read is forgotten: it is not worth an account that won't start.
        """
        await self.speakers.async_load()
        await self.history.memory.async_load()
        await self.imports.async_load()
        await self._statistics.async_load()
        self.linked.async_start()
        self._doubled.async_start()
        try:
            stored = await self._store.async_load()
            if stored is None:
                return
            # Stores written before there were such things lack them.
            without = {
                "alarms": [],
                "links": Links().dump(),
                "pins": [],
                "sleep_timers": {},
            }
            data = {**without, **stored}
            aged = dt_util.utcnow().timestamp() - data["saved_at"]
            # A clock that was set back must not make a deadline longer than it was.
            self.ledger.load(data["ledger"], max(0.0, aged))
            self._paused = set(data["background_paused"])
            self.links = links.load(data["links"])
            self.pins = pins.load(data["pins"])
            self.sleep_timers = sleep_timers.load(data["sleep_timers"])
            self.alarms = alarms.load(data["alarms"])
        except (
            AttributeError,
            LookupError,
            TypeError,
            UnsupportedStorageVersionError,
            ValueError,
        ) as err:
            LOGGER.warning("What %s kept can't be read: %r", self._store.key, err)

    def _dump(self) -> dict[str, Any]:
        self._save_to_come = False
        return {
            "saved_at": dt_util.utcnow().timestamp(),
            "alarms": alarms.dump(self.alarms),
            "ledger": self.ledger.dump(),
            "background_paused": sorted(self._paused),
            "links": self.links.dump(),
            "pins": pins.dump(self.pins),
            "sleep_timers": sleep_timers.dump(self.sleep_timers),
        }

    @callback
    def _async_save_soon(self) -> None:
        if not self._members:
            # A late answer; what it taught goes with the household.
            return
        self._save_to_come = True
        self._store.async_delay_save(self._dump, SAVE_DELAY)

    @callback
    def _async_save_counts(self) -> None:
        # A later save would only put off the one to come.
        if self._members and not self._save_to_come:
            self._save_to_come = True
            self._store.async_delay_save(self._dump, SAVE_COUNTS_DELAY)

    async def async_release_history(self) -> None:
        """Let the archive be written on, and close what stayed only for its sake."""
        await self._loading
        await self.history.async_release()
        if not self._members:
            await self._async_close()

    async def _async_close(self) -> None:
        async with self._closing:
            if self._members or self.hass.data.get(_DATA) is not self:
                return
            await self._store.async_save(self._dump())
            await self.speakers.async_close()
            await self.imports.async_close()
            await self._statistics.async_close()
            await self.history.async_close()
            # An account that was set up meanwhile has joined this very household.
            if self._members:
                self.imports.async_resume()
                self._statistics.async_start()
            elif not self.history.is_held:
                self.ledger.close()
                self.linked.async_stop()
                self._doubled.async_stop()
                self.hass.data.pop(_DATA, None)


@callback
def async_get_household(hass: HomeAssistant) -> Household:
    """Return the household, making it for the first account."""
    if _DATA not in hass.data:
        hass.data[_DATA] = Household(hass)
    return hass.data[_DATA]


@callback
def async_get_links(hass: HomeAssistant) -> Links:
    """Return what the household has settled; nothing while no account is loaded."""
    return hass.data[_DATA].links if _DATA in hass.data else Links()


@callback
def async_get_book(hass: HomeAssistant) -> Book:
    """Return the book of speakers; an empty one while no account is loaded."""
    return hass.data[_DATA].speakers.book if _DATA in hass.data else Book()


@callback
def async_get_history(hass: HomeAssistant) -> HouseholdArchive | None:
    """Return the household's archive; None while no account is loaded."""
    return hass.data[_DATA].history if _DATA in hass.data else None


async def async_hold_history(hass: HomeAssistant) -> None:
    """Let the archive be copied: all is in its file, and nothing is written meanwhile.

    The household stays until it is released, so that whoever comes meanwhile waits too.
    """
    await async_get_household(hass).history.async_hold()


async def async_release_history(hass: HomeAssistant) -> None:
    """Let the archive be written on."""
    if _DATA in hass.data:
        await hass.data[_DATA].async_release_history()


@asynccontextmanager
async def linking_gate(hass: HomeAssistant, owner: str) -> AsyncIterator[LedgerGate]:
    """Lend the gate to a sign-in that has no entry yet: deadlines hold for it too."""
    household = async_get_household(hass)
    await household.async_ready()
    try:
        yield LedgerGate(household.ledger, owner, LINKING)
    finally:
        await household.async_leave(LINKING)


async def async_forget_account(hass: HomeAssistant, entry_id: str) -> None:
    """Forget what was set for an account that is removed for good."""
    household = async_get_household(hass)
    await household.async_forget(entry_id)
