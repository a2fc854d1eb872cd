"""One run: reading the lists, copying them if they changed, and seeing what differs."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
import hashlib

from ..api.errors import BadRequestError
from ..api.paging import LARGEST_PAGE
from .alike import differ, loses, only_in
from .diff import is_much
from .entries import (
    Key,
    Kind,
    Song,
    flag_of,
    flagged,
    flags_by_uri,
    key_of,
    keys_of,
)
from .progress import Progress
from .reading import Heard, ListReader, PlaylistsReader
from .snapshot import Saved, Snapshot, SnapshotError, day_of, name_of
from .source import Source
from .status import Record, Vanished
from .store import KEPT_DAYS, SnapshotFolder
from .threads import InThread, in_full

# A list that fitted at each run is read whole all the same.
WHOLE_EVERY = timedelta(days=7)
# Within this time what vanished first is what is offered back.
ONE_MISHAP = timedelta(days=7)

# Is handed all lists after a run, and when it began: what was changed before that is in
# them. What it raises is lost, so it deals with that itself.
type Tell = Callable[[Snapshot, datetime], Awaitable[None]]


async def tell_nobody(_snapshot: Snapshot, _began: datetime) -> None:
    """Keep it to the copies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is copied, for which country, and for how many days by the day."""

    kinds: tuple[Kind, ...] = (Kind.TRACKS,)
    market: str | None = None
    keep_days: int = KEPT_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What came of a run: `changed` says whether a copy was written."""

    record: Record
    changed: bool
    added: tuple[Song, ...] = ()
    removed: tuple[Song, ...] = ()


class FavoritesSync:
    """Copies the lists of one account; one run at a time."""

    def __init__(
        self,
        source: Source,
        folder: SnapshotFolder,
        in_thread: InThread,
        *,
        now: Callable[[], datetime],
        heard: Heard,
        tell: Tell = tell_nobody,
    ) -> None:
        """Read by `source` into `folder`; `heard` follows a run.

        `tell` is handed all lists after each run that succeeded.
        """
        self._source = source
        self._folder = folder
        self._in_thread = in_thread
        self._now = now
        self._heard = heard
        self._tell = tell
        self._progress = Progress(folder.path)

    async def run(self, settings: Settings) -> Finished:
        """Bring the copies up to date.

        One that was ended goes on where it was. What fails leaves all copies as they
        are.

        Raises:
            SpotifyApiError: Spotify refused, or the list changes all the time.
            OSError: the copies can't be written.
        """
        began = self._now()
        record = replace(await self._do(self._folder.record), began=began)
        await self._do(self._folder.keep, record)
        await self._do(self._progress.load)
        base = await self._do(self._folder.latest)
        before = base[1] if base else None
        lists: dict[Kind, Saved] = {}
        for kind in settings.kinds:
            known = before.lists.get(kind) if before else None
            if kind is Kind.PLAYLISTS:
                lists[kind] = await self._playlists().read(known)
            elif kind is Kind.TRACKS:
                lists[kind], record = await self._liked(before, known, record, settings)
            else:
                reader = self._reader(kind)
                found = await reader.renewed(known) if known else None
                lists[kind] = found or await reader.whole()
        snapshot = Snapshot(
            taken_at=self._now(),
            market=settings.market,
            looked_at=record.looked_at if settings.market else None,
            lists=lists,
        )
        finished = await self._do(self._store, base, snapshot, record, settings)
        await self._tell(snapshot, began)
        return finished

    async def _liked(
        self,
        before: Snapshot | None,
        known: Saved | None,
        record: Record,
        settings: Settings,
    ) -> tuple[Saved, Record]:
        """Return Liked Songs, with what is known of where they play."""
        reader, market, now = self._reader(Kind.TRACKS), settings.market, self._now()
        flags: Mapping[str, bool] = {}
        if before and known and market is not None and before.market == market:
            flags = await self._do(flags_by_uri, known.lines)
        looked = market is not None and record.looked_for == market
        look_due = market is not None and (
            not looked or _is_over(record.looked_at, now)
        )
        # A look goes through the whole list too.
        whole = record.whole_at is None or (
            not look_due and _is_over(record.whole_at, now)
        )
        saved: Saved | None = None
        if known is not None and not whole and Kind.TRACKS not in self._progress.walks:
            saved = await reader.renewed(known)
        if fresh := saved is None:
            saved, record = await reader.whole(), replace(record, whole_at=now)
        told = Saved(await self._do(_told, saved.lines, flags), saved.total)
        if market is not None and look_due and not fresh:
            return await self._look(told, market, record)
        return told, record

    async def _look(
        self, saved: Saved, market: str, record: Record
    ) -> tuple[Saved, Record]:
        """See which songs play in a country; nothing else is taken from that answer.

        With a market Spotify may put other versions in the place of songs, without
        telling apps made since 2026 which they stand for.
        """
        now, progress = self._now(), self._progress
        of = hashlib.sha256(b"\n".join(saved.lines)).hexdigest()
        looked = replace(record, looked_at=now, looked_for=market)
        keys = await self._do(keys_of, saved.lines, Kind.TRACKS)
        while (at := self._looked_to(market, of)) < len(keys):
            try:
                page = await self._source.page(Kind.TRACKS, at, market)
            except BadRequestError:
                # Spotify knows no such country.
                return saved, looked
            part = [key_of(raw, Kind.TRACKS) for raw in page.items]
            if page.total != saved.total or not _same_dates(
                part, keys[at : at + LARGEST_PAGE]
            ):
                # It has changed under the look, or unseen before.
                return saved, replace(looked, whole_at=None)
            flags = [flag_of(raw) for raw in page.items]
            await in_full(self._in_thread, progress.looked, market, of, flags)
            self._heard(Kind.TRACKS, self._looked_to(market, of), len(keys))
        look = progress.look
        flags = look.flags if look and keys else []
        told = await self._do(flagged, saved.lines, flags)
        return Saved(told, saved.total), replace(looked, whole_at=now)

    def _looked_to(self, market: str, of: str) -> int:
        look = self._progress.look
        fits = look is not None and (look.market, look.of) == (market, of)
        return len(look.flags) if look is not None and fits else 0

    def _store(
        self,
        base: tuple[str, Snapshot] | None,
        snapshot: Snapshot,
        record: Record,
        settings: Settings,
    ) -> Finished:
        """Write what changed, and remember what became of the run; in a thread."""
        new, old = snapshot.liked.lines, base[1].liked.lines if base else ()
        added, removed = only_in(new, old), only_in(old, new)
        names = self._folder.names()
        changed = base is None or names[:1] != [base[0]] or differ(base[1], snapshot)
        name, since = (base[0] if base else None), record.unchanged_since
        spared = name
        if changed:
            today = name_of(snapshot)
            aside = base is None or base[0] != today or loses(base[1], snapshot)
            name, earlier = self._folder.write(snapshot, aside=aside)
            if base and base[0] == name:
                spared = earlier or name
            since = snapshot.taken_at
        vanished = self._vanished(record.vanished, new)
        if base and spared and is_much(len(removed), len(old)):
            recent = (
                vanished and _day(vanished.snapshot) >= snapshot.taken_at - ONE_MISHAP
            )
            if not recent:
                vanished = Vanished(spared, len(removed), len(old))
        kept = replace(
            record,
            succeeded=self._now(),
            unchanged_since=since or snapshot.taken_at,
            snapshot=name,
            total=len(new),
            added=len(added) if base else 0,
            removed=len(removed),
            reason=None,
            vanished=vanished,
        )
        self._folder.keep(kept)
        self._progress.clear()
        self._folder.thin(
            snapshot.taken_at.astimezone(UTC).date(),
            settings.keep_days,
            [vanished.snapshot] if vanished else (),
        )
        return Finished(
            record=kept,
            changed=changed,
            added=added if base else (),
            removed=removed,
        )

    def _vanished(
        self, vanished: Vanished | None, new: Sequence[bytes]
    ) -> Vanished | None:
        """Return what vanished earlier, unless it is back or can't be had any more."""
        if vanished is None:
            return None
        try:
            then = self._folder.read(vanished.snapshot).liked.lines
        except SnapshotError:
            return None
        return vanished if is_much(len(only_in(then, new)), len(then)) else None

    def _reader(self, kind: Kind) -> ListReader:
        return ListReader(
            self._source, kind, self._progress, self._in_thread, self._heard
        )

    def _playlists(self) -> PlaylistsReader:
        return PlaylistsReader(
            self._source, self._progress, self._in_thread, self._heard
        )

    async def _do[T](self, function: Callable[..., T], *args: object) -> T:
        return await in_full(self._in_thread, function, *args)


def _is_over(at: datetime | None, now: datetime) -> bool:
    # A clock that was set back must not put it off.
    return at is None or not timedelta(0) <= now - at < WHOLE_EVERY


def _told(lines: Sequence[bytes], flags: Mapping[str, bool]) -> list[bytes]:
    """Return songs with what is known of where they play."""
    keys = keys_of(lines, Kind.TRACKS)
    return flagged(lines, [flags.get(uri) for _, uri in keys])


def _same_dates(part: Sequence[Key], expected: Sequence[Key]) -> bool:
    """Tell whether a page is the one expected, whatever versions stand in it."""
    return [at for at, _ in part] == [at for at, _ in expected]


def _day(name: str) -> datetime:
    day = day_of(name)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
