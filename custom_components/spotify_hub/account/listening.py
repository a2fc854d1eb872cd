"""What an account listens to, made out from one look at it after the other.

Decisions only. A listening goes on while the same item plays or is paused; what is
played again from its beginning, once it is over, is another one. What was heard is
what the position tells: pauses, and what was jumped over, are left out. A private
session is not looked at: it ends what was listened to before, and what plays on when
it is over begins then.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from ..api.models import Device, Playback, Repeat
from ..archive.records import Album, Artist, Context, Item, Kind, Speaker
from ..playback_state import PlaybackState
from .sightings import item_of

type SpeakerOf = Callable[[Device], Speaker | None]

# Spotify's longest crossfade, and a second of imprecision.
NEARLY_OVER = 13_000
# How far positions and clocks may be apart.
IMPRECISION = 2_000
# So long a pause is told of, though it may yet end; after so long it is the end.
LONG_PAUSE = timedelta(minutes=30)
LONGEST_PAUSE = timedelta(hours=12)

# Why a listening ended, in Spotify's words.
FINISHED = "trackdone"
FORWARD = "fwdbtn"
BACK = "backbtn"
ELSEWHERE = "endplay"

_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Listening:
    """One listening under way, as it was at the latest look at it.

    `heard_ms` was heard from `started` to `until`, which are None while that is
    nothing. It was handed over `kept` times, with `kept_ms` heard at the last time.
    """

    item: Item
    at: datetime
    position_ms: int
    playing: bool
    heard_ms: int = 0
    started: datetime | None = None
    until: datetime | None = None
    speaker: Speaker | None = None
    context: Context | None = None
    shuffle: bool | None = None
    kept: int = 0
    kept_ms: int = 0

    @property
    def left_ms(self) -> int | None:
        """Return what is left of the item; None where its length is unknown."""
        length = self.item.duration_ms
        return None if length is None else max(0, length - self.position_ms)


@dataclass(frozen=True, slots=True)
class Watched:
    """What is known after a look: what goes on, and the item before it.

    `at` is when the look was; what plays can't have begun before it, unless it is
    the first. `hidden` says that it was at a private session.
    """

    listening: Listening | None = None
    at: datetime | None = None
    hidden: bool = False
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A listening to be kept: it is over, or may yet go on.

    `skipped` and `reason` are None as far as nothing of the kind was seen.
    """

    listening: Listening
    is_over: bool = True
    skipped: bool | None = None
    reason: str | None = None


def watch(
    watched: Watched, look: PlaybackState, speaker_of: SpeakerOf
) -> tuple[Watched, list[Heard]]:
    """Return what is known after another look, and what is to be kept because of it."""
    found: list[Heard] = []
    old = watched.listening
    if old is not None and _is_abandoned(old, look.at):
        found += _ended(old, ELSEWHERE, skipped=False)
        old = replace(old, heard_ms=0, started=None, until=None, kept=0, kept_ms=0)
        watched = replace(watched, listening=old)
    playback = look.playback
    if _is_private(playback):
        found += _ended(old) if old else []
        return Watched(at=look.at, hidden=True), found
    item = item_of(playback.item) if playback else None
    if playback is None or (playback.item is None and not playback.is_playing):
        after = _silence(watched, look.at, found)
    elif playback.item is None:
        # Between two items Spotify knows none for a moment.
        return watched, found
    elif old is not None and item is not None and item.uri == old.item.uri:
        after = _goes_on(watched, old, playback, look.at, speaker_of, found)
    else:
        before = watched.before
        if old is not None:
            found += _left(old, watched, playback, look.at, speaker_of)
            before = old.item.uri
        new = _begun(watched, item, playback, look.at, speaker_of) if item else None
        after = Watched(new, look.at, before=before)
    return put_aside(after, found, look.at - LONG_PAUSE)


def put_aside(
    watched: Watched, found: list[Heard], since: datetime | None = None
) -> tuple[Watched, list[Heard]]:
    """Hand over what was heard so far, if it was not yet: all, or if paused `since` then."""
    one = watched.listening
    if one is None or one.heard_ms <= one.kept_ms or one.until is None:
        return watched, found
    if since is not None and (one.playing or one.until > since):
        return watched, found
    kept = replace(one, kept=one.kept + 1, kept_ms=one.heard_ms)
    return replace(watched, listening=kept), [*found, Heard(one, is_over=False)]


def dump(watched: Watched) -> dict[str, Any] | None:
    """Return a listening under way in a form that can be stored; None for none."""
    if (one := watched.listening) is None:
        return None
    data = asdict(one)
    for name in ("at", "started", "until"):
        data[name] = data[name] and data[name].isoformat()
    return data


def load(data: Mapping[str, Any]) -> Watched:
    """Return what was dumped.

    Raises:
        LookupError, TypeError, ValueError: it is none.
    """
    moments = {
        name: datetime.fromisoformat(data[name]) if data[name] else None
        for name in ("started", "until")
    }
    item = data["item"]
    at = datetime.fromisoformat(data["at"])
    speaker, context, album = data["speaker"], data["context"], item["album"]
    listening = Listening(
        **{
            **data,
            **moments,
            "at": at,
            "item": Item(
                **{
                    **item,
                    "kind": Kind(item["kind"]),
                    "artists": tuple(Artist(**one) for one in item["artists"]),
                    "album": album and Album(**album),
                }
            ),
            "speaker": speaker and Speaker(**speaker),
            "context": context and Context(**context),
        }
    )
    return Watched(listening, at)


def _is_private(playback: Playback | None) -> bool:
    return bool(playback and playback.device and playback.device.is_private_session)


def _is_abandoned(old: Listening, now: datetime) -> bool:
    """Tell whether something was paused for so long that it goes on no more."""
    return not old.playing and old.until is not None and now - old.until > LONGEST_PAUSE


def _silence(watched: Watched, now: datetime, found: list[Heard]) -> Watched:
    """See that nothing plays any more: it ended by itself, or was stopped."""
    old = watched.listening
    if old is None or not old.playing:
        return replace(watched, at=now, hidden=False)
    left = old.left_ms
    if left is not None and left <= _between(old.at, now):
        found += _ended(
            _heard(old, left, old.at + left * _MILLISECOND), FINISHED, skipped=False
        )
        return Watched(at=now, before=old.item.uri)
    # How far it came meanwhile shows if it goes on.
    return replace(watched, listening=replace(old, playing=False), at=now)


def _goes_on(
    watched: Watched,
    old: Listening,
    playback: Playback,
    now: datetime,
    speaker_of: SpeakerOf,
    found: list[Heard],
) -> Watched:
    """See the same item as before: further on, paused, somewhere else, or once more."""
    elapsed = _between(old.at, now)
    position = _position(playback, old.position_ms + (elapsed if old.playing else 0))
    if (
        old.playing
        and (left := _left_if_again(old, playback, position, elapsed)) is not None
    ):
        over = _heard(old, left, old.at + left * _MILLISECOND)
        found += _ended(over, FINISHED, skipped=False)
        new = _begun(watched, old.item, playback, now, speaker_of)
        return Watched(new, now, before=old.item.uri)
    gained = _gained(old, position, elapsed, playing=playback.is_playing)
    until = now if playback.is_playing else old.at + gained * _MILLISECOND
    one = replace(
        _heard(old, gained, until),
        at=now,
        position_ms=position,
        playing=playback.is_playing,
        speaker=old.speaker or _speaker(playback, speaker_of),
    )
    if not one.playing and one.left_ms is not None and one.left_ms <= IMPRECISION:
        found += _ended(one, FINISHED, skipped=False)
        return Watched(at=now, before=one.item.uri)
    return replace(watched, listening=one, at=now, hidden=False)


def _left_if_again(
    old: Listening, playback: Playback, position: int, elapsed: int
) -> int | None:
    """Return what was left of an item that ended since, and has begun once more."""
    if (left := old.left_ms) is None:
        return None
    repeats = playback.repeat is Repeat.TRACK
    slack = NEARLY_OVER if repeats else IMPRECISION
    spare = elapsed - left - position
    went_back = position < old.position_ms
    again = spare >= -slack and (went_back or (repeats and spare <= slack))
    return left if again else None


def _gained(old: Listening, position: int, elapsed: int, *, playing: bool) -> int:
    """Return how much was heard between two looks at the same item."""
    moved = position - old.position_ms
    if not old.playing and not playing:
        return 0
    if 0 <= moved <= elapsed + IMPRECISION:
        return moved
    if old.playing and playing:
        # It was jumped within, which takes no time.
        return elapsed
    return elapsed if moved > 0 else min(elapsed, position)


def _left(
    old: Listening,
    watched: Watched,
    playback: Playback,
    now: datetime,
    speaker_of: SpeakerOf,
) -> list[Heard]:
    """See something else play: how far did the item before it come, and why not further?"""
    left, elapsed = old.left_ms, _between(old.at, now)
    gained = 0
    if old.playing:
        gained = elapsed - min(_position(playback, 0), elapsed)
        gained = gained if left is None else min(gained, left)
    one = _heard(old, gained, old.at + gained * _MILLISECOND)
    if left is None:
        return _ended(one)
    if left - gained <= (NEARLY_OVER if old.playing else IMPRECISION):
        return _ended(one, FINISHED, skipped=False)
    same_place = (
        old.playing
        and old.context == _context(playback)
        and old.speaker == _speaker(playback, speaker_of)
        and item_of(playback.item) is not None
    )
    if not same_place:
        return _ended(one, ELSEWHERE, skipped=False)
    item = playback.item
    back = item is not None and item.uri == watched.before
    return _ended(one, BACK if back else FORWARD, skipped=True)


def _begun(
    watched: Watched,
    item: Item,
    playback: Playback,
    now: datetime,
    speaker_of: SpeakerOf,
) -> Listening:
    """See an item for the first time: it began since the look before, if there was one."""
    position = _position(playback, 0)
    heard = 0
    if watched.at is None:
        # Its beginning was not seen, and only a track is rarely begun midway.
        if playback.is_playing and item.kind is Kind.TRACK:
            heard = position
    elif not watched.hidden:
        elapsed = _between(watched.at, now)
        was_playing = watched.listening is not None and watched.listening.playing
        if playback.is_playing or (was_playing and position <= elapsed):
            heard = min(position, elapsed)
    return Listening(
        item,
        now,
        position,
        playback.is_playing,
        heard,
        now - heard * _MILLISECOND if heard else None,
        now if heard else None,
        _speaker(playback, speaker_of),
        _context(playback),
        playback.shuffle,
    )


def _heard(one: Listening, gained: int, until: datetime) -> Listening:
    """Return a listening with more heard, until then."""
    if gained <= 0:
        return one
    started = one.started or until - gained * _MILLISECOND
    return replace(one, heard_ms=one.heard_ms + gained, started=started, until=until)


def _ended(
    one: Listening, reason: str | None = None, *, skipped: bool | None = None
) -> list[Heard]:
    """Return a listening that is over, if anything was heard of it."""
    return [Heard(one, True, skipped, reason)] if one.heard_ms else []


def _position(playback: Playback, unknown: int) -> int:
    position = playback.progress_ms
    return unknown if position is None else position


def _speaker(playback: Playback, speaker_of: SpeakerOf) -> Speaker | None:
    return speaker_of(playback.device) if playback.device else None


def _context(playback: Playback) -> Context | None:
    return Context(playback.context.uri) if playback.context else None


def _between(before: datetime, after: datetime) -> int:
    return max(0, (after - before) // _MILLISECOND)
