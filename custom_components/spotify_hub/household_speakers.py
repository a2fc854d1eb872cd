"""The speakers of a household: who sees them, who plays on them, what was set."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import UnsupportedStorageVersionError
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from .api.models import Device
from .const import CONF_DEFAULT_SPEAKER, DOMAIN, LOGGER
from .coordinator import PlaybackCoordinator, SpeakersCoordinator
from .playback_state import PlaybackState
from .speaker_book import (
    Book,
    Speaker,
    SpeakerSettings,
    configured,
    dump,
    forgotten,
    load,
    of_device,
    seen,
    taken_over,
    without_account,
    without_stale,
)
from .speaker_devices import async_hand_on, async_place
from .speaker_rules import SpeakerRules, load as load_rules

STORAGE_VERSION = 1
# Seconds until what changed is written, and until mere sightings are.
SAVE_DELAY = 5.0
SAVE_SIGHTINGS_DELAY = 1800.0
# Seconds after which the speakers of an account that is not loaded go to another.
TAKE_OVER_AFTER = 600.0


@dataclass(frozen=True, slots=True)
class _Member:
    playback: PlaybackCoordinator
    speakers: SpeakersCoordinator
    stop: tuple[CALLBACK_TYPE, ...]


class HouseholdSpeakers:
    """Keeps the book of speakers from what all loaded accounts see."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with an empty book."""
        self._hass = hass
        self.book = Book()
        self.rules = SpeakerRules()
        # When accounts were last loaded; those that never were, not since the start.
        self._parted: dict[str, float] = {}
        self._began = hass.loop.time()
        # The account that played on a speaker last.
        self._last_on: dict[str, str] = {}
        self._looking: dict[PlaybackCoordinator, asyncio.Task[None]] = {}
        self._members: dict[str, _Member] = {}
        self._listeners: set[Callable[[], None]] = set()
        self._save_to_come = False
        self._store: Store[dict[str, Any]] = Store(
            hass, STORAGE_VERSION, f"{DOMAIN}.speakers", private=True
        )

    async def async_load(self) -> None:
        """Read the book; one that can't be read is begun anew."""
        try:
            data = await self._store.async_load()
            if data is not None:
                self.book = load(data["book"])
                # Stores written before there were rules lack them.
                self.rules = load_rules(
                    {**SpeakerRules().dump(), **data.get("rules", {})}
                )
        except (
            LookupError,
            TypeError,
            UnsupportedStorageVersionError,
            ValueError,
        ) as err:
            LOGGER.warning("What %s kept can't be read: %r", self._store.key, err)

    async def async_close(self) -> None:
        """Write what is to be kept."""
        await self._store.async_save(self._dump())

    @callback
    def async_join(
        self,
        entry_id: str,
        playback: PlaybackCoordinator,
        speakers: SpeakersCoordinator,
    ) -> CALLBACK_TYPE:
        """Watch an account's speakers and playback until the returned call."""
        self._members[entry_id] = _Member(
            playback,
            speakers,
            (
                speakers.async_add_listener(partial(self._async_see, entry_id)),
                # A look that finds nothing new is one all the same.
                playback.async_add_look_listener(partial(self._async_see, entry_id)),
                playback.async_add_listener(self.async_tell),
            ),
        )
        self._async_see(entry_id)
        return partial(self._async_part, entry_id)

    @callback
    def async_forget_account(self, entry_id: str, heirs: Iterable[str]) -> None:
        """Hand the speakers of an account that is removed on to one of the heirs."""
        self._async_hand_over(without_account(self.book, entry_id, heirs))

    @callback
    def async_set_rules(self, rules: SpeakerRules) -> None:
        """Settle which speakers are shown."""
        self.rules = rules
        self._async_save(SAVE_DELAY)
        self.async_tell()

    def is_shown(self, speaker: Speaker) -> bool:
        """Tell whether a speaker has a player, and stands among the sources."""
        return self.rules.shows(speaker, self.book.settings_of(speaker.id).shown)

    @callback
    def async_configure(self, speaker_id: str, settings: SpeakerSettings) -> None:
        """Keep what somebody set for a speaker.

        Raises:
            KeyError, ValueError: see `configured`.
        """
        self._async_change(configured(self.book, speaker_id, settings))
        if settings.linked:
            async_place(self._hass, self.book.speakers[speaker_id], settings.linked)

    @callback
    def async_forget(self, speaker_id: str) -> None:
        """Forget a speaker that somebody removed; seen again it is a new one."""
        self._async_change(forgotten(self.book, speaker_id))

    @callback
    def async_add_listener(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call `listener` whenever the book, or what plays on a speaker, may have changed."""
        self._listeners.add(listener)
        return partial(self._listeners.discard, listener)

    def of_device(self, entry_id: str, device: Device | None) -> Speaker | None:
        """Return the speaker that a device which an account sees is."""
        return of_device(self.book, entry_id, device) if device else None

    def device(self, speaker_id: str, entry_id: str) -> Device | None:
        """Return a speaker as an account sees it now, if it does."""
        if (member := self._members.get(entry_id)) is None:
            return None
        active = member.playback.data.playback
        listed = (*(member.speakers.data or ()), active.device if active else None)
        return next(
            (
                device
                for device in listed
                if (speaker := self.of_device(entry_id, device)) is not None
                and speaker.id == speaker_id
            ),
            None,
        )

    def seen_device(self, speaker_id: str) -> Device | None:
        """Return a speaker as any account sees it now; None while none does."""
        seen = (self.device(speaker_id, member) for member in self._members)
        return next((device for device in seen if device is not None), None)

    def is_seen(self, speaker_id: str) -> bool:
        """Tell whether an account sees the speaker now."""
        return self.seen_device(speaker_id) is not None

    def is_answering(self, speaker_id: str) -> bool:
        """Tell whether an account can answer commands to a speaker."""
        return any(one.playback.answering for one in self._witnesses(speaker_id))

    async def async_look(self, speaker_id: str) -> None:
        """Ask what plays on a speaker: everybody who has seen it, at once.

        All speakers of a room ask together; an account answers them once.
        """
        await asyncio.gather(*map(self._async_look_once, self._witnesses(speaker_id)))

    async def _async_look_once(self, member: _Member) -> None:
        task = self._looking.get(member.playback)
        if task is None:
            task = self._hass.async_create_task(member.playback.async_refresh())
            self._looking[member.playback] = task
            task.add_done_callback(lambda _: self._looking.pop(member.playback))
        # Whoever gives up waiting does not end it for the others.
        await asyncio.shield(task)

    def _witnesses(self, speaker_id: str) -> list[_Member]:
        """Return the accounts that have seen a speaker; all, if they are gone."""
        speaker = self.book.speakers.get(speaker_id)
        seen = speaker.seen if speaker else {}
        members = [self._members[one] for one in seen if one in self._members]
        return members or [*self._members.values()]

    def playing_on(self, speaker_id: str) -> str | None:
        """Return the account that plays on a speaker, or is paused there; the latest to begin."""
        there = [
            (member.playback.data.is_playing, member.playback.data.since, entry_id)
            for entry_id, member in self._members.items()
            if self._is_active_on(entry_id, member, speaker_id)
        ]
        return max(there)[2] if there else None

    def playback_on(self, speaker_id: str) -> PlaybackState | None:
        """Return what plays on a speaker, or is paused there."""
        entry_id = self.playing_on(speaker_id)
        return self._members[entry_id].playback.data if entry_id else None

    @callback
    def async_nudge(self, speaker_id: str) -> None:
        """Let one account look what plays on a speaker: who plays there, or did last."""
        entry_id = self.playing_on(speaker_id) or self._last_on.get(speaker_id)
        owner = self.book.speakers[speaker_id].owner
        for likely in (entry_id, owner, *self._members):
            if likely in self._members:
                self._members[likely].playback.async_nudge()
                return

    @callback
    def async_tell(self) -> None:
        """Let whoever shows speakers look again."""
        for listener in list(self._listeners):
            listener()

    def _is_active_on(self, entry_id: str, member: _Member, speaker_id: str) -> bool:
        playback = member.playback.data.playback
        speaker = self.of_device(entry_id, playback.device if playback else None)
        return speaker is not None and speaker.id == speaker_id

    @callback
    def _async_part(self, entry_id: str) -> None:
        for stop in self._members.pop(entry_id).stop:
            stop()
        self._parted[entry_id] = self._hass.loop.time()
        self.async_tell()

    @callback
    def _async_see(self, entry_id: str) -> None:
        """Enter what an account sees into the book."""
        member = self._members[entry_id]
        listed = list(member.speakers.data or ())
        # What is only expected has not been seen.
        state = member.playback.seen or member.playback.data
        active = state.playback.device if state.playback else None
        if active is not None and all(active.id != device.id for device in listed):
            listed.append(active)
        if (on := self.of_device(entry_id, active)) is not None:
            self._last_on[on.id] = entry_id
        now = dt_util.utcnow().timestamp()
        book = seen(self.book, entry_id, listed, now, lambda: uuid4().hex)
        book = without_stale(book, now, defaults=self._defaults())
        for speaker in book.speakers.values():
            if speaker.seen.get(entry_id) == now and self._is_orphan(speaker):
                book = taken_over(book, speaker.id, entry_id)
        self._async_hand_over(book)

    def _defaults(self) -> list[str]:
        """Return the speakers that accounts start on without a name."""
        chosen = (
            entry.options.get(CONF_DEFAULT_SPEAKER)
            for entry in self._hass.config_entries.async_entries(DOMAIN)
        )
        return [speaker for speaker in chosen if speaker]

    def _is_orphan(self, speaker: Speaker) -> bool:
        """Tell whether a speaker's account has not been loaded for long."""
        if speaker.owner is None or speaker.owner in self._members:
            return False
        gone_since = self._parted.get(speaker.owner, self._began)
        return self._hass.loop.time() - gone_since >= TAKE_OVER_AFTER

    @callback
    def _async_hand_over(self, book: Book) -> None:
        """Change the book; devices follow their speakers to the accounts that own them now."""
        for former in self.book.speakers.values():
            speaker = book.speakers.get(former.id)
            if speaker is None or speaker.owner in {None, former.owner}:
                continue
            async_hand_on(self._hass, former, speaker.owner)
        self._async_change(book)

    @callback
    def _async_change(self, book: Book) -> None:
        known = self.book.speakers.keys() == book.speakers.keys()
        same = known and self.book.settings == book.settings
        self.book = book
        self._async_save(SAVE_SIGHTINGS_DELAY if same else SAVE_DELAY)
        self.async_tell()

    @callback
    def _async_save(self, delay: float) -> None:
        if delay == SAVE_SIGHTINGS_DELAY and self._save_to_come:
            # A later save would only put off the one to come.
            return
        self._save_to_come = True
        self._store.async_delay_save(self._dump, delay)

    def _dump(self) -> dict[str, Any]:
        self._save_to_come = False
        return {"book": dump(self.book), "rules": self.rules.dump()}
